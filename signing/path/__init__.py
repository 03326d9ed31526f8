"""Certificates: chains to a listed root, revocation, timestamps, trust and policy. No network, no clock."""
