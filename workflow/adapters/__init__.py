"""One file for each outside thing; no store, no services."""
