"""The sandbox, tested over real sockets with the real SDK on the other side."""
