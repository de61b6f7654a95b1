"""What people do in Slack: parse, one transaction, one service call, answer."""
