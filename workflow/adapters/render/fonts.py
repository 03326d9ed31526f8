"""The TTF files that the asset build left for us; none is fine, typst then uses its own serif."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def font_files() -> Sequence[Path]:
    """Files or folders of fonts."""
    return ()
