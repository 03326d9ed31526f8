"""Registers of outgoing documents: numbers that are held and cancelled, years that are closed, organs that own them."""
