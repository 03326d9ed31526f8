"""Backups: made, put back, tried out; and how the last ones went."""
