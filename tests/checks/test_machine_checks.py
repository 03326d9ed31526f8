"""What doctor says about the machine's optional parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.adapters import assets, ocr, office
from workflow.checks import Installation, Level, machine
from workflow.config import Settings

AT = Installation(settings=Settings(database_url="sqlite://", blob_url="/nowhere", secret_key="x"), environ={})


def test_the_reading_of_scans(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Fine with program and model; a sentence for what is missing."""
    (found,) = machine.scan_reading(AT)
    assert found.level is Level.FINE
    monkeypatch.setattr(ocr, "ocr_data_folder", lambda: tmp_path)
    (found,) = machine.scan_reading(AT)
    assert (found.level, "model is missing" in found.sentence) == (Level.WARN, True)
    monkeypatch.setattr(ocr, "installed", lambda: False)
    (found,) = machine.scan_reading(AT)
    assert (found.level, "tesserocr is not installed" in found.sentence) == (Level.WARN, True)


@pytest.mark.tools("soffice")
def test_word_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """To be without LibreOffice is no fault; one that cannot be closed in is not used, and that is told."""
    (found,) = machine.office_files(AT)
    assert (found.level, "by LibreOffice in the jail" in found.sentence) == (Level.FINE, True)
    monkeypatch.setattr(assets, "font_paths", lambda: ())
    (found,) = machine.office_files(AT)
    assert (found.level, "without Tinos" in found.sentence) == (Level.WARN, True)
    monkeypatch.setattr(office, "walled", lambda: False)
    (found,) = machine.office_files(AT)
    assert (found.level, "cannot close it in" in found.sentence) == (Level.WARN, True)
    assert not office.available()
    monkeypatch.setenv("PATH", "")
    (found,) = machine.office_files(AT)
    assert (found.level, "not installed" in found.sentence) == (Level.FINE, True)
