"""Inspection teams: founding them, reading in one, samples, findings, commitments, the report on the results."""
