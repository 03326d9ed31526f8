"""From bytes to a verdict, in numbered steps."""
