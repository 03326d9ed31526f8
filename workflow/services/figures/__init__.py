"""Figures of months: counted live, closed, counted again, shown."""
