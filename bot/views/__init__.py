"""Pure functions from data to Block Kit, and the dataclasses that answers parse into."""
