"""`trinhky proof` as a shell runs it: a bundle, the tools beside it, and that they fit together."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from signing.standalone import verify_bundle
from tests.support import bundles, engines
from tests.support.anchored import anchor
from tests.support.office import build
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.cli import main
from workflow.domain.audit import write_outside
from workflow.services import anchoring
from workflow.store.session import unit_of_work


def test_a_bundle_and_its_tools(sqlite_url: str, tmp_path: Path) -> None:
    """What the shell writes is checked by what the shell writes."""
    blobs, root = str(tmp_path / "b"), tmp_path / "root.json"
    with engines.lent(sqlite_url) as engine:
        papers = papers_of(build(engine), open_blobs(blobs))
        document = papers.issued()
        anchor(engine, "h1", now=papers.now)
        with unit_of_work(engine) as uow:
            root.write_text(write_outside(anchoring.outside(uow)))
    env = {"TRINHKY_DATABASE_URL": sqlite_url, "TRINHKY_BLOB_URL": blobs, "TRINHKY_SECRET_KEY": "k" * 40}

    def run(*words: str) -> tuple[int, str]:
        ran = CliRunner().invoke(main, ["proof", *words], env=env)
        return ran.exit_code, ran.output

    status, said = run("document", str(document), str(tmp_path / "d.zip"))
    assert (status, said.splitlines()[0]) == (
        0,
        f"{tmp_path / 'd.zip'}: 1 documents with files, 0 without, anchor 1",
    )
    assert run("tools", str(tmp_path / "tools"))[0] == 0
    for name in ("verify_bundle.py", "verify_bundle.html"):
        source = Path(verify_bundle.__file__).with_name(name)
        assert (tmp_path / "tools" / name).read_bytes() == source.read_bytes()
    found = bundles.python(tmp_path / "d.zip", tmp_path / "tools", root)
    assert found.status == 2  # a folder of roots holds roots alone
    found = bundles.python(tmp_path / "d.zip", tmp_path / "tools" / "roots.pem", root)
    assert (found.status, found.tally["cms"]) == (0, [3, 0, 0])
    assert run("document", "999", str(tmp_path / "n.zip"))[0] == 1
    assert run("month", "H99.01", "2026-11", str(tmp_path / "n.zip")) == (1, "Error: bundle_month_open\n")
    assert run("month", "H77", "2026-11", str(tmp_path / "n.zip"))[0] == 1
