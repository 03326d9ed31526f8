"""What people do with outgoing documents: draft, review, sign, number, seal, issue."""
