"""`trinhky serve` and `trinhky doctor` say what is wrong and start nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workflow.cli import main


def run(command: str, **settings: str) -> Result:
    """With these settings and no others."""
    empty = dict.fromkeys(("TRINHKY_DATABASE_URL", "TRINHKY_BLOB_URL", "TRINHKY_SECRET_KEY"))
    given = {f"TRINHKY_{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(main, [command], env={**empty, **given})


@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_a_missing_setting_is_named(command: str) -> None:
    """By its variable."""
    result = run(command)
    assert result.exit_code == 1
    assert result.output == "Error: TRINHKY_DATABASE_URL is not set\n"


def test_a_number_that_is_none_is_told() -> None:
    """Without a traceback."""
    result = run("serve", database_url="x", blob_url="x", secret_key="x", proxy_hops="two")
    assert result.exit_code == 1
    assert "'two'" in result.output


def test_serve_names_every_unsafe_setting_at_once(tmp_path: Path, sqlite_url: str) -> None:
    """So that one try is enough."""
    tmp_path.chmod(0o700)
    result = run(
        "serve",
        database_url=sqlite_url,
        blob_url=str(tmp_path),
        secret_key="short",
        debug="1",
        demo="1",
        base_url="http://vanban.example",
    )
    assert result.exit_code == 1
    for about in ("secret", "debug", "demo", "address"):
        assert f"refuse: {about}: " in result.output
    assert "not started" in result.output


def test_doctor_lists_the_good_with_the_bad(tmp_path: Path, sqlite_url: str) -> None:
    """And exits 1 where the service would not start."""
    result = run("doctor", database_url=sqlite_url, blob_url=str(tmp_path), secret_key="short")
    assert result.exit_code == 1
    assert "✗ secret: " in result.output
    assert "✓ database: at revision " in result.output
    assert "✓ disk: " in result.output or "! disk: " in result.output
