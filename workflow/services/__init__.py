"""Use cases: one function is one thing an actor does."""
