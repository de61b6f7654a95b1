"""The bot, tested over real sockets against the sandbox."""
