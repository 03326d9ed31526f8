"""Timers: they decide when, the services decide what."""
