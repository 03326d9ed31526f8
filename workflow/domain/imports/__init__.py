"""Registers, units and people from former systems: what a sheet's headings mean, and what is wrong with a row.

Pure rules on words: reading a file is an adapter's work, knowing what is here already a query's.
"""
