"""Documents between the agencies of this installation: sent, acknowledged, taken back, replaced."""
