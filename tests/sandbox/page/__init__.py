"""The server's side of the page, over its real WebSocket."""
