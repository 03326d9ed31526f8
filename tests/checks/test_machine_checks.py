"""What doctor says about the machine's optional parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.adapters import ocr
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
