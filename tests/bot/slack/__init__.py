"""How Slack is called and kept connected, against the sandbox."""
