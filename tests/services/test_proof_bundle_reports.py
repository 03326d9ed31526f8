"""Bundles of reports upward: each number of the report from its closed months, its file from its own journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.standalone import verify_bundle
from tests.support import bundles, outside, report_bundles
from tests.support.bundles import apart, changed
from tests.support.office import build
from tests.support.papers import papers_of
from tests.support.report_bundles import ATTACKS, EMPTY, QUARTER, World
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import NotFound, Refused
from workflow.domain.permissions import Scope
from workflow.services.figures.month_lists import Asked
from workflow.services.proving import making, reports
from workflow.store.session import make_engine


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("report")
    (folder / "t.db").write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{folder / 't.db'}")
    yield report_bundles.world(papers_of(build(engine), open_blobs(str(folder / "blobs"))), folder)
    engine.dispose()


def test_every_number_of_the_report_is_counted_again(world: World) -> None:
    """Two months, what happened added up and what stood at the end once; as corrected when it was drafted, not as
    corrected since; the report's own signatures; each line of a unit."""
    found = bundles.python(world.bundle, world.roots, world.root)
    assert (found.status, found.wrong, found.notes) == (0, set(), [])
    about = [tuple(one) for one in found.about]
    assert about[:7] == [
        about[0], ("months, not closed", "2026-10 2026-11, 2026-12"), ("kind", "report"), ("agency", about[3][1]),
        ("month", QUARTER), ("count", ""), ("unit", "None"),
    ]  # fmt: skip
    told = apart(world.bundle).manifest
    counts = told["figure"]["counts"]
    assert (counts["issued"], counts["fully_signed"], counts["unsigned"]) == (3, 2, 2)
    assert {("issued", "3"), ("sign_rate_docs", "2/3 = 66.67"), ("unsigned", "2")} <= set(about)
    (report,) = [one for one in told["items"] if one["population"] == "report"]
    assert (report["key"], report["standing"], len(report["files"])) == (world.report, "passed.passed", 1)
    assert (f"outgoing:{world.report}", report["files"][0]) in [(name, what.strip()) for name, what in about]
    assert found.tally["standing"] == [7, 0, 0]  # three leaders' and two seals' of those counted, two of the report
    assert found.tally["figure"][0] > 2 * len(counts)
    made = report_bundles.taken(world.papers, world.report)
    again = bundles.written(world.papers, made, world.bundle.with_name("2.zip"))
    assert again.read_bytes() == world.bundle.read_bytes()


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_on_a_report(world: World, tmp_path: Path, name: str) -> None:
    """Each is wrong, and said to be in its own place."""
    change, expected = ATTACKS[name]
    found = bundles.python(changed(world.bundle, tmp_path / "c.zip", change), world.roots, world.root)
    assert found.status == 1
    assert expected <= found.wrong, found.notes


def test_a_report_called_otherwise_is_no_bundle(world: World, tmp_path: Path) -> None:
    """What it is follows from what is in it."""
    for change in EMPTY.values():
        assert bundles.python(changed(world.bundle, tmp_path / "c.zip", change), world.roots).status == 2


@pytest.mark.browser
def test_the_page_says_the_same_of_reports(world: World, tmp_path: Path) -> None:
    """Offline, in a browser: the same counts and the same words about the report and each attack on it."""
    files = {"as it is": world.bundle}
    for name, (change, _wrong) in ATTACKS.items():
        files[name] = changed(world.bundle, tmp_path / f"attack {name}.zip", change)
    for name, empty in EMPTY.items():
        files[name] = changed(world.bundle, tmp_path / f"empty {name}.zip", empty)
    with bundles.page(world.roots, world.root) as page:
        for name, file in files.items():
            there, here = page.check(file), bundles.python(file, world.roots, world.root)
            assert (name, there.status, there.tally) == (name, here.status, here.tally)
            assert (name, there.about) == (name, here.about)


@pytest.mark.browser
def test_each_kind_at_home(world: World, tmp_path: Path) -> None:
    """A document, a figure, a month and a report, each in a clean venv where no socket can be opened, and in a
    browser without a network, by the one file each: nothing wrong, and the same said."""
    papers, agency = world.papers, world.papers.office.units["commune"]
    kinds = {"report": world.bundle}
    alone = papers.do(making.of_document, "clerk", document_id=world.counted[0])
    kinds["document"] = bundles.written(papers, alone, tmp_path / "document.zip")
    for name, count in (("figure", "fully_signed"), ("month", "")):
        asked = Asked(key="2026-10", agency_id=agency, count=count)
        made = papers.do(making.of_figure, "clerk", asked=asked, reader=papers.office.scope("clerk"))
        kinds[name] = bundles.written(papers, made, tmp_path / f"{name}.zip")
    home = outside.machine(tmp_path / "home")
    assert home.reaches("cryptography", "workflow", "signing") == (["cryptography"], "no network here")
    program = Path(verify_bundle.__file__)
    with bundles.page(world.roots, world.root) as page:
        for kind, bundle in kinds.items():
            here, there = home.check(program, bundle, world.roots, world.root), page.check(bundle)
            assert (kind, here.status, here.wrong) == (kind, 0, set())
            assert (kind, there.status, there.tally) == (kind, 0, here.tally)
            assert (kind, there.about) == (kind, here.about)
            assert apart(bundle).manifest["kind"] == kind


def test_who_gets_none(world: World) -> None:
    """Of a draft there is none; of what is no report neither; who may not read the report finds nothing."""
    papers, agency = world.papers, world.papers.office.units["commune"]
    with pytest.raises(Refused, match="bundle_not_issued"):
        report_bundles.taken(papers, world.other)
    with pytest.raises(NotFound, match="report_not_found"):
        report_bundles.taken(papers, world.counted[0])
    with pytest.raises(NotFound):
        papers.do(reports.of_report, "clerk", agency_id=agency, document_id=world.report, reader=Scope())
