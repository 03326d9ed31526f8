"""Proof bundles: what is taken along for a document, a figure or a month, written as one zip, and journalled."""
