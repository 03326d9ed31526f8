"""Making signed files: normalised draft, field plan, two-phase signing with any key holder."""
