"""Reading forms out of pages."""

from __future__ import annotations

import re


def version_of(page: str) -> str:
    """The version of a document that the forms of a page carry."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found.group(1)
