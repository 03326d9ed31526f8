"""What follows from a warning, and how a file can be shown."""

from __future__ import annotations

import pytest

from workflow.domain.file_warnings import (
    INFORMS,
    QUARANTINES,
    FileFacts,
    FileKind,
    FileWarning,
    Showing,
    quarantined,
    showing,
)


def test_every_warning_either_quarantines_or_informs() -> None:
    """What the issue names is quarantined: active content, office files, archives, encrypted ones."""
    assert set(FileWarning) == QUARANTINES | INFORMS
    assert not QUARANTINES & INFORMS
    named = {FileWarning.ACTIVE_CONTENT, FileWarning.OFFICE_FILE, FileWarning.ARCHIVE, FileWarning.ENCRYPTED}
    assert named | {FileWarning.INFECTED} < QUARANTINES


def test_stored_words_of_another_version_quarantine() -> None:
    """Not to know a word is no reason to trust a file."""
    assert quarantined(["restricted"]) is False
    assert quarantined(["restricted", "something_newer"]) is True
    assert quarantined([]) is False


@pytest.mark.parametrize(
    ("kind", "media_type", "warnings", "shown"),
    [
        ("pdf", "application/pdf", (), "pdf_pages"),
        ("pdf", "application/pdf", ("active_content",), "pdf_pages"),
        ("pdf", "application/pdf", ("encrypted",), "nothing"),
        ("image", "image/tiff", (), "image_pages"),
        ("image", "image/tiff", ("unreadable",), "nothing"),
        ("image", "image/svg+xml", ("web_page",), "nothing"),
        ("office", "application/msword", ("office_file",), "office_pages"),
        ("office", "application/msword", ("office_file", "active_content"), "nothing"),
        ("office", "application/msword", ("infected", "office_file"), "nothing"),
        ("office", "application/rtf", ("office_file",), "nothing"),
        ("archive", "application/zip", ("archive",), "nothing"),
        ("text", "text/plain", (), "text"),
        ("xml", "application/xml", ("active_content",), "text"),
        ("html", "text/html", ("web_page",), "nothing"),
    ],
)
def test_how_a_file_is_shown(kind: str, media_type: str, warnings: tuple[str, ...], shown: str) -> None:
    """As page images, as plain text, or not at all; what is stored says the same as what was found."""
    assert showing(FileKind(kind), media_type, warnings) == Showing(shown)
    found = FileFacts(kind=FileKind(kind), media_type=media_type, warnings=tuple(map(FileWarning, warnings)))
    assert FileFacts.from_json(found.to_json()) == found
    assert (found.showing, found.quarantined) == (shown, bool(warnings))
