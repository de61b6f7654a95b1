"""Measured figures, for the README's table: `make bench`."""
