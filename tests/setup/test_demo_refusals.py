"""What goes wrong at the start of the demo is told in one sentence, without a traceback."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import stat
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

from workflow import launch
from workflow.commands import demo
from workflow.config import Settings


def run(*arguments: str | Path | dt.date) -> Result:
    """The command as typed."""
    return CliRunner().invoke(demo.command, [str(one) for one in arguments])


@pytest.fixture
def seeding(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """A province of nothing; tells with which settings it was made."""
    calls: list[Settings] = []

    def make(settings: Settings, *, day: dt.date, fresh: bool, progress: object, say: object) -> None:
        calls.append(settings)

    module = ModuleType("workflow.demo.seed")
    module.run = make  # type: ignore[attr-defined]
    monkeypatch.setattr(demo.importlib, "import_module", lambda name: module)
    return calls


def test_a_busy_port_is_named_before_anything_is_made(tmp_path: Path) -> None:
    """With another one to try."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("--var", tmp_path / "var", "--port", port)
    assert result.exit_code == 1
    assert f"Port {port} cannot be used" in result.output
    assert f"PORT={port + 1}" in result.output
    assert not (tmp_path / "var" / "demo").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file in its place stops root as well."""
    (tmp_path / "var").write_text("")
    result = run("--var", tmp_path / "var", "--only-seed")
    assert result.exit_code == 1
    assert f"Cannot write in {tmp_path / 'var'}" in result.output


def test_a_second_demo_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    """The process that holds it is named."""
    with launch.lock(tmp_path):
        result = run("--var", tmp_path, "--only-seed")
    assert result.exit_code == 1
    assert f"already runs on {tmp_path} (process {os.getpid()})" in result.output


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    """Before anything is made."""
    result = run("--var", tmp_path, "--only-seed", "--day", "30/2")
    assert result.exit_code == 2
    assert "not a day like 2026-11-23" in result.output


@pytest.mark.parametrize("day", [demo.EARLIEST - dt.timedelta(days=1), demo.LATEST + dt.timedelta(days=1)], ids=str)
def test_a_day_out_of_reach_is_refused(tmp_path: Path, seeding: list[Settings], day: dt.date) -> None:
    """Before what is there is forgotten: the tiers are too young for six months, or the calendar ends."""
    assert run("--var", tmp_path, "--only-seed", "--day", demo.LATEST).exit_code == 0
    result = run("--var", tmp_path, "--only-seed", "--fresh", "--day", day)
    assert result.exit_code == 2
    assert f"from {demo.EARLIEST} to {demo.LATEST}, not {day}" in " ".join(result.output.split())
    assert len(seeding) == 1
    assert (tmp_path / "demo" / demo.SEEDED).exists()


def test_the_data_is_kept_and_fresh_forgets_it(tmp_path: Path, seeding: list[Settings]) -> None:
    """Seeded once; again only where asked for, or where seeding was cut short."""
    var = tmp_path / "Trình Ký"
    assert run("--var", var, "--only-seed").exit_code == 0
    assert run("--var", var, "--only-seed").exit_code == 0
    assert len(seeding) == 1
    assert run("--var", var, "--only-seed", "--fresh").exit_code == 0
    assert len(seeding) == 2
    (var / "demo" / demo.SEEDED).unlink()
    assert run("--var", var, "--only-seed").exit_code == 0
    assert len(seeding) == 3
    assert seeding[0].demo


def test_secrets_are_long_private_and_kept(tmp_path: Path) -> None:
    """Nobody else on the machine reads them, and a restart does not log everybody out."""
    first = launch.secrets_in(tmp_path)
    assert launch.secrets_in(tmp_path) == first == json.loads((tmp_path / "secrets.json").read_text())
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert all(len(value) >= 48 for value in first.values())


def test_the_seal_process_joins_where_the_demo_has_keys_for_it(tmp_path: Path) -> None:
    """Web and scheduler always; the web is not told where the keys are."""
    address = launch.Address("127.0.0.1", 8400)
    assert [child.name for child in launch.children(address, {})] == ["web", "scheduler"]
    with_keys = launch.children(address, {launch.SEAL_KEYS: str(tmp_path)})
    assert [child.name for child in with_keys] == ["web", "scheduler", "sealer"]
    assert [launch.SEAL_KEYS in child.environ for child in with_keys] == [False, False, True]


def test_a_deep_folder_gets_a_short_socket(tmp_path: Path) -> None:
    """Counted in bytes: Vietnamese letters take two or three."""
    assert demo.socket_path(Path("/srv/demo")) == Path("/srv/demo/seal.socket")
    deep = tmp_path / ("Trình Ký thử " * 8)
    place = demo.socket_path(deep)
    assert len(os.fsencode(place)) <= demo.LONGEST_SOCKET
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert demo.socket_path(deep) == place
    place.touch()
    demo.forget_socket(deep)
    assert not place.parent.exists()
