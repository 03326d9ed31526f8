"""Typed models and every SELECT."""
