"""CMS signatures: reading, attributes, algorithms. Knows nothing of verdicts."""
