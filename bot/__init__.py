"""Everything Slack: listeners that parse and answer, pure views, Slack as a way to reach people."""
