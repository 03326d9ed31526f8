"""Timestamps and lasting proof for what was issued, added by the clock."""
