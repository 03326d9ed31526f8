"""Registers of outgoing documents: numbers held and cancelled, years closed, organs that own them."""
