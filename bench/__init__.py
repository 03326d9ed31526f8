"""Benchmarks: `python -m bench NAME --json`; ratios from interleaved runs, never part of the tests."""
