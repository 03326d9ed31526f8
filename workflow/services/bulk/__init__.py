"""Many at once: a run is ordered once, goes on in steps, and does to each document the very same single act."""
