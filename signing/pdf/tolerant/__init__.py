"""A tolerant PDF reader with a closed list of named leniencies: what it forgave stands in its notes.

It never repairs silently. For every state of the document that has an end of its own it knows what the
cross-reference chain says, and what a reader would find that goes through the bytes instead.
"""
