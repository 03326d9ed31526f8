"""A report upward as an auditor gets it: two closed months of a quarter, one of them corrected before the report
was drafted and once more after it; and what somebody may do to its bundle.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support import bundles, months
from tests.support.anchored import anchor
from tests.support.bundles import Apart
from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.domain.indicators import Key, Place, Population
from workflow.domain.outgoing import Action
from workflow.domain.people import SYSTEM_ACTOR
from workflow.domain.periods import parse
from workflow.domain.permissions import Scope
from workflow.services import journal
from workflow.services.documents import numbers
from workflow.services.figures import recounting, upward
from workflow.services.figures.reported import reported
from workflow.services.proving import reports
from workflow.store import documents
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
OCTOBER, CLOSED = NOON - 40 * DAY, dt.datetime(2026, 12, 3, tzinfo=dt.UTC)
QUARTER = "2026-Q4"


@dataclass(frozen=True)
class World:
    """The bundle of the report, what it is checked by, the documents that it counts, and the report's own."""

    bundle: Path
    roots: Path
    root: Path
    papers: Papers
    counted: tuple[int, ...]
    report: int
    other: int
    """A report of November alone, drafted and not issued."""


def world(papers: Papers, folder: Path) -> World:
    """October: one issued, one waiting. November: two issued, one waiting. December is open."""
    agency = papers.office.units["commune"]
    papers.now = OCTOBER - DAY
    papers.draft()  # of before, and not touched since
    anchor(papers.office.engine, "h0", now=papers.now)
    papers.now = OCTOBER
    papers.keys.publish(at=OCTOBER - HOUR)
    papers.awaiting()
    counted = [papers.issued()]
    papers.now = NOON
    counted += [papers.issued(), papers.issued()]
    papers.awaiting()
    papers.now = CLOSED
    papers.keys.publish(at=CLOSED)
    for month in ("2026-10", "2026-11"):
        months.close(papers.office.engine, agency, parse(month), now=CLOSED)
    undecide(papers, counted[1], now=CLOSED + 20 * HOUR)
    papers.now = CLOSED + 40 * HOUR
    papers.keys.publish(at=papers.now - HOUR)
    other = drafted(papers, "2026-11")
    report = drafted(papers, QUARTER)
    issue(papers, report)
    papers.now += HOUR
    papers.keys.publish(at=papers.now)
    undecide(papers, counted[1], counted[2], now=papers.now + HOUR)
    anchor(papers.office.engine, "h1", now=papers.now + 2 * HOUR)
    bundle = bundles.written(papers, taken(papers, report), folder / "report.zip")
    roots = bundles.pem(folder / "roots.pem", papers.keys.root.der)
    root = bundles.outside(papers, folder / "root.json")
    return World(bundle, roots, root, papers, tuple(counted), report, other)


def taken(papers: Papers, report: int) -> reports.Contents:
    """As the clerk takes it."""
    made: reports.Contents = papers.do(
        reports.of_report, "clerk", agency_id=papers.office.units["commune"], document_id=report,
        reader=papers.office.scope("clerk"),
    )  # fmt: skip
    return made


def drafted(papers: Papers, key: str) -> int:
    """A report with its words, in the drafter's hand."""
    agency = papers.office.units["commune"]
    with unit_of_work(papers.office.engine) as uow:
        report = reported(uow, Scope(agency_ids=(agency,)), key=key, agency_id=agency, now=papers.now)
    row: Outgoing = papers.do(
        upward.open_draft, "drafter", scoped=False, report=report, signer=papers.office.posts["leader"].id,
        recipients="Sở Nội vụ",
    )  # fmt: skip
    papers.do(upward.write_draft, "drafter", document_id=row.id, report=report, blobs=papers.blobs)
    return int(row.id)


def issue(papers: Papers, document: int) -> None:
    """The way of every document."""
    papers.act("drafter", document, Action.SUBMIT)
    papers.act("head", document, Action.APPROVE)
    papers.confirm_format(document, accepted=True)
    papers.sign("leader", "leader", papers.keys.held["leader"], document)
    papers.do(numbers.number, "clerk", document_id=document, version=None)
    papers.sign("clerk", "number", papers.keys.held["commune"], document)
    papers.seal(document)
    papers.act("clerk", document, Action.ISSUE)


def undecide(papers: Papers, *counted: int, now: dt.datetime) -> None:
    """Newer evidence leaves the seals of some November documents open; the nightly recount corrects the month."""
    engine, agency = papers.office.engine, papers.office.units["commune"]
    with unit_of_work(engine) as uow:
        uow.begin_write()
        row = documents.for_jobs(uow.session, counted[-1], reason="a test")
        journal.record_document(
            uow, row, tag="document:signature:rechecked", facts={}, actor=SYSTEM_ACTOR, now=now
        )  # fmt: skip
        uow.commit()
    with unit_of_work(engine) as uow:
        waiting = [one for one in recounting.due(uow) if one.month == "2026-11" and one.agency_id == agency]
        live = months.month_of(papers.office, "2026-11", now=CLOSED)
        found: dict[Key, Place] = {
            key: Place(place.unit, place.person, "passed.indeterminate")
            if key[0] is Population.ISSUED and key[1] in counted
            else place
            for key, place in live.items()
        }
        made = recounting.recount(uow, frozen_id=waiting[0].id, found=found, counted_at=now, now=now)
        assert (made.adjustments, made.drifts) == (1, 0), made
        uow.commit()


def _numbers(**more: object) -> Callable[[Apart], object]:
    return lambda held: held.manifest["figure"].update(more)


def _counts(**more: int) -> Callable[[Apart], object]:
    return lambda held: held.manifest["figure"]["counts"].update(more)


def _report(held: Apart) -> dict[str, object]:
    return next(one for one in held.manifest["items"] if one["population"] == "report")


def _drop_document(held: Apart) -> None:
    """An issued document with all that is said of it, and its journal."""
    gone = next(one for one in held.manifest["items"] if one["population"] == "issued")["subject"]
    held.manifest["items"] = [one for one in held.manifest["items"] if one["subject"] != gone]
    held.manifest["chains"].pop(gone)


def _another_file(held: Apart) -> None:
    """A truly signed file, of another document."""
    other = next(one for one in held.manifest["items"] if one["population"] == "issued" and one.get("files"))
    _report(held)["files"] = other["files"]


def _earlier_file(held: Apart) -> None:
    """The report as it was before the seal, which its journal names too."""
    name = str(_report(held)["files"][0])  # type: ignore[index]
    data = held.objects[name]
    entries = held.objects[held.manifest["chains"][_report(held)["subject"]]].split(b"\n")
    names = [json.loads(line)["facts"].get("file") for line in entries]
    cuts = [data[:end] for end in _ends(data) if end < len(data)]
    earlier = next(one for one in cuts if bundles.sha256(one) in names[:-1])
    held.replace(name, earlier)


def _ends(data: bytes) -> list[int]:
    return [at + len(b"%%EOF") + more for at in _all(data, b"%%EOF") for more in (0, 1, 2)]


def _all(data: bytes, what: bytes) -> list[int]:
    found, at = [], data.find(what)
    while at >= 0:
        found.append(at)
        at = data.find(what, at + 1)
    return found


def _another_report(held: Apart) -> None:
    """The entry of the report of November, under the quarter's figures."""
    figure = held.manifest["figure"]
    lines = held.objects[held.manifest["chains"][f"figures:{figure['agency']}"]].split(b"\n")
    tags = [json.loads(line) for line in lines]
    figure["entry"] = next(one["sequence"] for one in tags if one["facts"].get("month") == "2026-11"
                           and one["tag"] == upward.TAG)  # fmt: skip


def _rewrite_entry(held: Apart) -> None:
    """Better numbers in the journal's own entry, and in the manifest."""
    figure = held.manifest["figure"]
    name = held.manifest["chains"][f"figures:{figure['agency']}"]
    lines = held.objects[name].split(b"\n")
    entry = json.loads(lines[figure["entry"] - 1])
    entry["facts"]["counts"]["fully_signed"] = figure["counts"]["fully_signed"] = 3
    lines[figure["entry"] - 1] = json.dumps(
        entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()  # fmt: skip
    held.replace(name, b"\n".join(lines))


def _another_definition(held: Apart) -> None:
    """Signed by the leader alone counts as fully signed."""
    name = held.manifest["figure"]["definition"]
    meant = json.loads(held.objects[name])
    next(one for one in meant["counts"] if one[0] == "fully_signed")[2].append("passed.missing")
    held.replace(name, json.dumps(meant).encode())


def _swap_lists(held: Apart) -> None:
    one, two = held.manifest["figure"]["months"]
    one["frozen"], two["frozen"] = two["frozen"], one["frozen"]


def _stale_stock(held: Apart) -> None:
    """What waited at the end of October too, as if it still counted."""
    item = next(one for one in held.manifest["items"] if one["population"] == "unsigned")
    held.manifest["items"].append(item | {"month": "2026-10"})


def _another_unit(held: Apart) -> None:
    """The numbers of one line of the report for those of the whole."""
    figure = held.manifest["figure"]
    lines = held.objects[held.manifest["chains"][f"figures:{figure['agency']}"]].split(b"\n")
    said = json.loads(lines[figure["entry"] - 1])["facts"]
    line = next(one for one in said["units"] if one[2].get("issued"))
    figure["counts"] = dict.fromkeys(figure["counts"], 0) | line[2]


ATTACKS: dict[str, tuple[Callable[[Apart], object], set[str]]] = {
    "figure changed": (_counts(fully_signed=3), {"figure"}),
    "figure changed in the journal too": (_rewrite_entry, {"chain", "figure"}),
    "rate changed": (
        lambda held: held.manifest["figure"]["rates"].update(sign_rate_docs=[3, 3, "100.00"]), {"figure"}
    ),
    "rates left out": (_numbers(rates={}), {"figure"}),
    "document dropped": (_drop_document, {"omission"}),
    "item dropped": (lambda held: held.manifest["items"].pop(0), {"omission"}),
    "report file replaced": (_another_file, {"file"}),
    "report file of before the seal": (_earlier_file, {"file"}),
    "another period's report": (_another_report, {"figure"}),
    "another period's name": (_numbers(month="2026-11"), {"figure"}),
    "a month left out": (lambda held: held.manifest["figure"]["months"].pop(), {"figure"}),
    "a month's list for another's": (_swap_lists, {"figure"}),
    "what waited a month ago": (_stale_stock, {"omission"}),
    "of one unit alone": (lambda held: held.manifest["figure"].update(unit=1), {"figure"}),
    "counts of another unit": (_another_unit, {"figure"}),
    "definition changed": (_another_definition, {"figure"}),
    "correction left out": (
        lambda held: held.manifest["figure"]["months"][1].update(adjustments=""), {"figure"}
    ),
    "no report in it": (lambda held: held.manifest["items"].remove(_report(held)), {"figure"}),
    "another document for the report": (lambda held: _report(held).update(key=2, subject="outgoing:2"), {"figure"}),
    "the report's journal left out": (
        lambda held: held.manifest["chains"].pop(_report(held)["subject"]), {"item", "file"}
    ),
}  # fmt: skip
EMPTY: dict[str, Callable[[Apart], object]] = {
    "a report called a month": lambda held: held.manifest.update(kind="month"),
    "a report called a document": lambda held: held.manifest.update(kind="document"),
}
