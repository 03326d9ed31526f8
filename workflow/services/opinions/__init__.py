"""Opinions asked for and given on drafts, initials of coordinating units, and the submission slip made of them."""
