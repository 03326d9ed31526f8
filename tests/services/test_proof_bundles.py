"""Proof bundles: what is in them, and what they prove to somebody with nothing else of ours."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.support import bundles, engines, months
from tests.support.anchored import anchor
from tests.support.bundles import Apart, apart, changed
from tests.support.office import build
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain import freezing
from workflow.domain.errors import NotFound, Refused
from workflow.domain.indicators import COUNTS, FIRST_VERSION, SINCE, Place, Population, definition_digest
from workflow.domain.people import SYSTEM_ACTOR
from workflow.domain.periods import parse
from workflow.domain.permissions import Scope
from workflow.services import journal
from workflow.services.figures import closing, recounting
from workflow.services.figures.month_lists import Asked
from workflow.services.proving import making
from workflow.store import documents
from workflow.store.session import unit_of_work

HOUR, CLOSED = dt.timedelta(hours=1), dt.datetime(2026, 12, 3, tzinfo=dt.UTC)


def asked(papers: Papers, count: str = "", **more: int) -> Asked:
    return Asked(key="2026-11", agency_id=papers.office.units["commune"], count=count, **more)


def taken(papers: Papers, count: str = "") -> making.Contents:
    """A figure of the closed month, as the clerk takes it."""
    found: making.Contents = papers.do(
        making.of_figure, "clerk", asked=asked(papers, count), reader=papers.office.scope("clerk")
    )
    return found


def close(papers: Papers) -> None:
    months.close(papers.office.engine, papers.office.units["commune"], parse("2026-11"), now=CLOSED)


def test_a_document_then_its_month(papers: Papers, tmp_path: Path) -> None:
    """On both databases: the same state gives the same bytes; a young root is needed, an old one says so; a secret
    document has its leaf and standing and nothing else."""
    document = papers.issued()
    secret = papers.draft(secret=True, file=False, subject="Mật")
    with pytest.raises(Refused, match="bundle_no_anchor"):
        papers.do(making.of_document, "clerk", document_id=document)
    anchor(papers.office.engine, "h1", now=papers.now + HOUR)
    with pytest.raises(Refused, match="bundle_not_issued"):
        papers.do(making.of_document, "clerk", document_id=secret)
    with pytest.raises(Refused, match="bundle_month_open"):
        taken(papers)
    roots = bundles.pem(tmp_path / "roots.pem", papers.keys.root.der)
    old = bundles.outside(papers, tmp_path / "old.json")
    papers.now += 2 * HOUR
    before = bundles.written(
        papers, papers.do(making.of_document, "clerk", document_id=document), tmp_path / "1.zip"
    )
    found = bundles.python(before, roots, old)
    assert (found.status, found.wrong, found.tally["cms"]) == (0, set(), [3, 0, 0])
    assert found.tally["revocation"] == [0, 3, 0]  # the lists are from six hours before the signatures
    assert found.tally["standing"] == [0, 2, 0]
    papers.keys.publish(at=papers.now)
    one, two = (
        bundles.written(papers, papers.do(making.of_document, "clerk", document_id=document), tmp_path / name)
        for name in ("2.zip", "3.zip")
    )
    assert one.read_bytes() == two.read_bytes()
    assert bundles.python(one, roots, old).tally["standing"] == [2, 0, 0]
    told = apart(one).manifest
    assert [json.loads(line)[0] for line in told["leaves"][0]["leaf"]] == [f"outgoing:{document}"]
    assert b'["person:' not in one.read_bytes()  # nothing of anybody else's chain

    months.add_received(
        papers.office, months.received_row(papers.office, papers.now, done_at=papers.now + HOUR),
        months.received_row(papers.office, papers.now, done_at=papers.now + HOUR, secret=True),
    )  # fmt: skip
    close(papers)
    newest = anchor(papers.office.engine, "h2", now=CLOSED + HOUR)
    month = bundles.written(papers, taken(papers), tmp_path / "month.zip")
    late, early = (
        bundles.python(month, roots, root) for root in (bundles.outside(papers, tmp_path / "new.json"), old)
    )
    assert (late.status, late.wrong, late.unshown) == (0, set(), {"item", "omission"})  # secret ones, unseen
    assert (early.status, early.unshown) == (0, {"item", "omission", "root"})
    assert newest.number == json.loads(json.dumps(apart(month).manifest))["anchor"]
    told = apart(month).manifest["figure"]
    assert told["rates"]["sign_rate_docs"] == [1, 1, "100.00"]
    assert told["rates"]["on_time_docs"] == [2, 2, "100.00"]
    items = [one for one in apart(month).manifest["items"] if one["population"] == "finished"]
    assert [one["withheld"] for one in items] == ["", "secret"]
    assert f"outgoing:{secret}" not in apart(month).manifest["chains"]
    with pytest.raises(NotFound):
        papers.do(making.of_document, "far_drafter", document_id=document)


def test_a_month_of_an_earlier_definition(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, and checked, by what its figures meant when it was closed; today's columns are not in it."""
    with engines.lent(sqlite_url) as engine:
        papers = papers_of(build(engine), open_blobs(str(tmp_path / "blobs")))
        papers.issued()
        with monkeypatch.context() as then:
            then.setattr(freezing, "VERSION", FIRST_VERSION)
            then.setattr(freezing, "definition_digest", lambda: definition_digest(FIRST_VERSION))
            then.setattr(closing, "VERSION", FIRST_VERSION)
            facts = months.month_of(papers.office, "2026-11", now=CLOSED)
            old = {key: place for key, place in facts.items() if key[0] in SINCE[FIRST_VERSION]}
            with unit_of_work(engine) as uow:
                closing.close_for_job(
                    uow, agency_id=papers.office.units["commune"], what=parse("2026-11"), facts=old, now=CLOSED
                )
                uow.commit()
        anchor(engine, "h1", now=CLOSED + HOUR)
        papers.now = CLOSED + HOUR
        papers.keys.publish(at=CLOSED)
        whole = bundles.written(papers, taken(papers), tmp_path / "whole.zip")
        roots = bundles.pem(tmp_path / "roots.pem", papers.keys.root.der)
        checked = bundles.python(whole, roots, bundles.outside(papers, tmp_path / "root.json"))
        assert (checked.status, checked.wrong) == (0, set())
        told = apart(whole).manifest["figure"]
        assert (told["counts"]["issued"], "backlog" in told["counts"]) == (1, False)
        assert "explained" not in told["rates"]


def test_a_corrected_month_and_a_reader_of_a_part(sqlite_url: str, tmp_path: Path) -> None:
    """An adjustment is worked through; what the reader may not open is there with leaf and standing, and no more
    is said of it."""
    with engines.lent(sqlite_url) as engine:
        papers = papers_of(build(engine), open_blobs(str(tmp_path / "blobs")))
        document, _other = papers.issued(), papers.issued()
        close(papers)
        found = {
            key: Place(place.unit, place.person, "passed.indeterminate")
            if key == (Population.ISSUED, document)
            else place
            for key, place in months.month_of(papers.office, "2026-11", now=CLOSED).items()
        }
        papers.keys.publish(at=papers.now + HOUR)
        later = CLOSED + 20 * HOUR
        with unit_of_work(engine) as uow:
            uow.begin_write()
            row = documents.for_jobs(uow.session, document, reason="a test")
            journal.record_document(
                uow, row, tag="document:signature:rechecked", facts={}, actor=SYSTEM_ACTOR, now=later
            )  # fmt: skip
            uow.commit()
        with unit_of_work(engine) as uow:
            waiting = recounting.due(uow)[0]
            made = recounting.recount(uow, frozen_id=waiting.id, found=found, counted_at=later, now=later)
            assert (made.adjustments, made.drifts) == (1, 0)
            uow.commit()
        anchor(engine, "h1", now=later + HOUR)
        papers.now = later
        root = bundles.outside(papers, tmp_path / "root.json")
        roots = bundles.pem(tmp_path / "roots.pem", papers.keys.root.der)
        whole = bundles.written(papers, taken(papers), tmp_path / "whole.zip")
        checked = bundles.python(whole, roots, root)
        assert (checked.status, checked.wrong, checked.tally["standing"]) == (0, set(), [3, 0, 0])
        assert apart(whole).manifest["figure"]["rates"]["sign_rate_docs"] == [1, 2, "50.00"]

        def forget(held: Apart) -> None:
            held.manifest["figure"]["adjustments"] = ""

        assert bundles.python(changed(whole, tmp_path / "c.zip", forget), roots, root).wrong == {"figure"}
        kinds = {key[0]: place.value for key, place in found.items() if key[1] == document}
        for population in (Population.SIGNED_AS, Population.LEADER_KIND, Population.SEAL_KIND, Population.TIMED):
            values = {kinds[population]} if population is not Population.TIMED else set()
            count = next(
                name for name, one in COUNTS.items() if one.population is population and values <= {*one.values}
            )
            kind = bundles.written(papers, taken(papers, count), tmp_path / "kind.zip")
            assert [len(one["files"]) for one in apart(kind).manifest["items"]] == [1, 1], count
            checked = bundles.python(kind, roots, root)
            assert (checked.status, checked.wrong, checked.tally["cms"][0] > 0) == (0, set(), True), count
        part = papers.do(making.of_figure, "clerk", asked=asked(papers, "issued"), reader=Scope())
        narrow = bundles.written(papers, part, tmp_path / "part.zip")
        assert [one["withheld"] for one in apart(narrow).manifest["items"]] == ["scope", "scope"]
        assert set(apart(narrow).manifest["chains"]) == {f"figures:{papers.office.units['commune']}"}
        checked = bundles.python(narrow, roots, root)
        assert (checked.status, checked.tally["standing"], checked.tally["cms"]) == (0, [0, 3, 0], [0, 0, 0])
        assert (checked.tally["item"], checked.tally["omission"]) == (
            [0, 2, 0],
            [2, 2, 0],
        )  # listed as they were closed
