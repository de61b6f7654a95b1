"""The command line, a surface beside Slack and HTTP: what people type on the bot's own machine."""
