"""A page that names a key loads what listens to it."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "workflow" / "web" / "templates"


def test_pages_with_keys_load_their_script() -> None:
    """Macros are left out: the pages that use them are looked at themselves by the sweep and the journeys."""
    pages = [path for path in TEMPLATES.rglob("*.html") if 'data-key="' in path.read_text("utf-8")]
    whole = [path for path in pages if "{% extends" in path.read_text("utf-8")]
    deaf = [path.name for path in whole if "documents/keys.js" not in path.read_text("utf-8")]
    assert len(whole) > 15
    assert deaf == []
