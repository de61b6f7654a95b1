"""A dozen stories, told with real processes: `app.py` against the sandbox, over real sockets."""
