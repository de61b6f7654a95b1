"""What Slack is shown, without Slack."""
