"""Rules, plain Python, standard library only: no clock, no session, no Flask."""
