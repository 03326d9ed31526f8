"""Bringing in registers, units and people: look through a sheet first, then take its good rows in by batches."""
