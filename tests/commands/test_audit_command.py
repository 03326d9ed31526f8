"""`trinhky audit` as a shell runs it: the root kept outside, the journal compared with it, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from tests.support import engines
from tests.support.anchored import anchor, owner, write
from tests.support.office import build
from workflow.cli import main
from workflow.commands.audit import SENTENCES
from workflow.domain.audit import Flaw


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> object:
    """In this process: what a shell would see, over two anchors and an entry after them."""
    with engines.lent(database_url) as engine:
        build(engine)
        write(engine, "unit:900", "unit:901")
        anchor(engine, "h1")
        write(engine, "unit:900")
        anchor(engine, "h2")
        write(engine, "unit:901")
    env = {
        "TRINHKY_DATABASE_URL": database_url, "TRINHKY_BLOB_URL": str(tmp_path / "b"),
        "TRINHKY_SECRET_KEY": "k" * 40,
    }  # fmt: skip
    return lambda *words: CliRunner().invoke(main, ["audit", *words], env=env)


def test_a_root_is_kept_and_compared(run, database_url: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Proven with it, consistent without; changed, the entry is named; a file that is none is not checked."""
    kept, whole = tmp_path / "goc.json", tmp_path / "goc-ds.json"
    said: Result = run("root", str(kept))
    assert said.output.startswith("anchor 2: ")
    assert run("root", str(whole), "--leaves", "--anchor", "1").exit_code == 0
    plain = run("verify")
    assert (plain.exit_code, plain.output.splitlines()[-1]) == (
        0, "internally consistent; no root from outside was given",
    )  # fmt: skip
    assert "not anchored yet: 1 entries, in unit:901" in plain.output
    assert "proven" not in plain.output
    good = run(
        "verify",
        "--root",
        str(kept),
        "--root",
        str(whole),
        "--kept",
        said.output.split()[1] + said.output.split()[2],
    )
    assert (good.exit_code, good.output.splitlines()[-1]) == (
        0, "proven unchanged up to anchor 2; what is younger is consistent",
    )  # fmt: skip
    with engines.lent(database_url) as engine, owner(engine) as connection:
        connection.execute(text("UPDATE journal SET body = replace(body, 'ghi', 'sửa') WHERE subject = 'unit:900'"))
    bad = run("verify", "--root", str(kept))
    assert bad.exit_code == 1
    assert "unit:900 (1): an entry was changed; of this kind: 1" in bad.output
    assert bad.output.splitlines()[-1] == "NOT CONSISTENT"
    told = json.loads(run("verify", "--json", "--root", str(kept)).output)
    assert (told["answer"], told["not_anchored"], told["first"]) == (
        "broken", 1, [{"flaw": "entry_changed", "what": "unit:900", "detail": "1"}],
    )  # fmt: skip
    kept.write_text(kept.read_text().replace('"count": ', '"count": 1'))
    for words in (("--root", str(kept)), ("--root", str(tmp_path / "none")), ("--kept", "2:abc")):
        assert run("verify", *words).exit_code == 2


def test_every_flaw_has_a_sentence() -> None:
    """For the shell too."""
    assert set(SENTENCES) == set(Flaw)
