"""The one way a bootstrap step gives up."""

from __future__ import annotations


class Stop(Exception):
    """Not an error of the program: it cannot go on, and the message tells the person what to do."""
