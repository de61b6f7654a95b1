"""Configuration in a file: read, compared with what there is, applied, and written."""
