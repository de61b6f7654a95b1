"""The HTTP side: health now, the API of the paging family later; signed Slack requests too."""
