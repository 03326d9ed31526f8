"""Telling of lateness, level by level: an agency's hours, who sits where, the run."""
