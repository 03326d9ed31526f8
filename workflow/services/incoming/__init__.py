"""Incoming documents: arrival, register, direction, work, deadlines."""
