"""Files people take away together, as one ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

CONTENT_TYPE = "application/zip"


def to_zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Names and contents as they are (PDF and XLSX are packed already). A second one of a name gets a number."""
    stream, taken = io.BytesIO(), set[str]()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            stem, dot, ending = name.rpartition(".")
            made, count = name, 1
            while made in taken:
                count += 1
                made = f"{stem} ({count}){dot}{ending}"
            taken.add(made)
            archive.writestr(zipfile.ZipInfo(made, (1980, 1, 1, 0, 0, 0)), data)
    return stream.getvalue()
