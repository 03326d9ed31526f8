"""Dossiers: opened, filled, closed, handed to the archive."""
