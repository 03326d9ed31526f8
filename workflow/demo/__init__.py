"""The demo province; imported by the command line only."""
