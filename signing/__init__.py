"""Digital signatures in PDF and CMS: prepare, embed, verify. A library that knows nothing of its user."""
