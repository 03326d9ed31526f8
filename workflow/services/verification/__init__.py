"""Verdicts after the first: what is asked of a file, when it is asked again, and why the answer changed."""
