"""What `trinhky demo` says while it makes the province."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workflow.commands.demo import plain_lines, seed
from workflow.config import Settings
from workflow.demo import seed as seeding


def test_a_log_gets_a_line_for_each_tenth() -> None:
    """However many steps there are, and a tenth that is jumped over is not made up for."""
    said: list[str] = []
    tell = plain_lines(said.append)
    for percent in (0, 3, 9, 10, 11, 19, 20, 47, 48, 100):
        tell(percent)
    assert [line.rpartition(": ")[2] for line in said] == [
        "this takes some minutes", "10 %", "20 %", "40 %", "100 %",
    ]  # fmt: skip


def test_a_log_hears_of_each_phase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Founding and publishing take half a minute each: each says what happens as it begins."""

    def run(
        _settings: Settings, *, say: Callable[[str], None], progress: Callable[[int, int], None], **_: Any
    ) -> None:
        say("founding")
        progress(5, 10)
        say("publishing")

    monkeypatch.setattr(seeding, "run", run)
    settings = Settings(
        database_url="sqlite://", blob_url=str(tmp_path), base_url="http://localhost", secret_key="x", demo=True
    )
    seed(settings, dt.date(2026, 11, 23), stopped=lambda: False)
    assert [line.partition(": ")[2] for line in capsys.readouterr().out.splitlines()] == [
        "this takes some minutes", "founding …", "50 %", "publishing …",
    ]  # fmt: skip
