"""What a stored morning report holds: figures and everything they count, by keys, in a form that has a version.

A report is made again in the form it was stored in, so that reports of an older version still compare. Only keys
and moments stand in a body: names and subjects change, and are kept beside it (`services.report_words`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.arrivals_backlog import when
from workflow.domain.backlog import Age, Item, Summary, summary
from workflow.domain.journal import utc_text
from workflow.domain.unsigned_reasons import Reason
from workflow.services.report_arrivals import ArrivalStock

UNSIGNED = "unsigned"
VERSION = 2
"""Of new bodies. 1 knew no reasons, nothing that is due soon, nothing of incoming documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Everything open at a cut-off, or what of it one unit counts."""

    cut_off: dt.datetime
    soon_until: dt.datetime
    items: tuple[Item, ...]
    arrivals: ArrivalStock


def per_unit(units: Iterable[int], stock: Stock) -> dict[int, Stock]:
    """The stock of each of these units, in one pass over it: a part counts what it drafted, leads, contributes to
    and explains, an agency everything in it."""
    wanted = set(units)
    piles: dict[int, tuple[list[Any], ...]] = {unit: ([], [], [], []) for unit in wanted}
    arrivals = stock.arrivals
    kinds: tuple[Sequence[Any], ...] = (stock.items, arrivals.documents, arrivals.parts, arrivals.owed)
    for place, every in enumerate(kinds):
        for one in every:
            for owner in {one.unit, one.agency} & wanted:
                piles[owner][place].append(one)
    return {
        unit: Stock(
            cut_off=stock.cut_off, soon_until=stock.soon_until, items=tuple(items),
            arrivals=ArrivalStock(tuple(documents), tuple(parts), tuple(owed)),
        )
        for unit, (items, documents, parts, owed) in piles.items()
    }  # fmt: skip


def body(unit_id: int, stock: Stock, *, version: int = VERSION) -> dict[str, Any]:
    """A report's content in one of its forms."""
    return _first(unit_id, stock) if version == 1 else _second(unit_id, stock)


def version_of(content: Mapping[str, Any]) -> int:
    """In which form a stored body is."""
    return int(content.get("version", 1))


def _first(unit_id: int, stock: Stock) -> dict[str, Any]:
    counted = summary(stock.items)
    return {
        "kind": UNSIGNED,
        "unit": unit_id,
        "cut_off": utc_text(stock.cut_off),
        "open": len(stock.items),
        "unsigned": {"total": counted.unsigned_total, "by_signer": _by_signer(counted)},
        "overdue": {"total": counted.overdue_total, "by_step": _by_step(counted.overdue)},
        "items": [_line(one) for one in stock.items if one.unsigned or one.overdue],
    }


def _second(unit_id: int, stock: Stock) -> dict[str, Any]:
    counted = summary(stock.items)
    signers = _by_signer(counted)
    for line in signers:
        line["reasons"] = {
            str(reason): counted.reasons[line["signer"], reason]
            for reason in Reason
            if counted.reasons.get((line["signer"], reason))
        }
    reasons: Counter[str] = Counter()
    for (_signer, reason), number in counted.reasons.items():
        reasons[str(reason)] += number
    arrivals = _arrivals(stock)
    parts = [_part(one, stock) for one in stock.arrivals.parts]
    owed = [_owed(one, stock) for one in stock.arrivals.owed]
    return {
        "kind": UNSIGNED,
        "version": 2,
        "unit": unit_id,
        "cut_off": utc_text(stock.cut_off),
        "soon_until": utc_text(stock.soon_until),
        "open": len(stock.items),
        "unsigned": {"total": counted.unsigned_total, "by_signer": signers, "reasons": dict(reasons)},
        "overdue": {"total": counted.overdue_total, "by_step": _by_step(counted.overdue)},
        "soon": {"total": counted.soon_total, "by_step": _by_step(counted.soon)},
        "items": [
            {**_line(one), "soon": one.soon, "reason": str(one.reason) if one.reason else None}
            for one in stock.items
            if one.unsigned or one.overdue or one.soon
        ],
        "incoming": {
            "open": len(stock.arrivals.documents),
            "overdue": _counted(arrivals, "overdue", ("state", "held_by", "holder")),
            "of_document": sum(line["document_overdue"] for line in arrivals),
            "soon": _counted(arrivals, "soon", ("state", "held_by", "holder")),
        },
        "arrivals": [line for line in arrivals if line["when"]],
        "parts": {
            "overdue": _counted(parts, "overdue", ("unit", "holder")),
            "soon": _counted(parts, "soon", ("unit", "holder")),
            "items": [line for line in parts if line["when"]],
        },
        "explanations": {
            "total": len(owed),
            "late": sum(line["late"] for line in owed),
            "by_person": _counted([{**line, "when": "owed"} for line in owed], "owed", ("person",))["by"],
            "items": owed,
        },
    }


def _arrivals(stock: Stock) -> list[dict[str, Any]]:
    return [
        {
            "document": one.document, "state": str(one.state), "unit": one.unit,
            "held_by": str(one.held_by) if one.held_by else None, "holder": one.holder,
            "since": utc_text(one.since),
            "due": utc_text(one.due) if one.due else None,
            "own_due": utc_text(one.own_due) if one.own_due else None,
            "document_overdue": one.own_due is not None and stock.cut_off > one.own_due,
            "when": when(one.due, cut_off=stock.cut_off, soon_until=stock.soon_until),
        }
        for one in stock.arrivals.documents
    ]  # fmt: skip


def _part(one: Any, stock: Stock) -> dict[str, Any]:
    return {
        "part": one.part, "document": one.document, "unit": one.unit, "holder": one.holder,
        "due": utc_text(one.due), "when": when(one.due, cut_off=stock.cut_off, soon_until=stock.soon_until),
    }  # fmt: skip


def _owed(one: Any, stock: Stock) -> dict[str, Any]:
    return {
        "explanation": one.explanation, "document": one.document, "unit": one.unit, "person": one.person,
        "due": utc_text(one.due), "late": stock.cut_off > one.due,
    }  # fmt: skip


def _counted(lines: Sequence[Mapping[str, Any]], which: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """How many, and how many for each combination of some keys, the most first."""
    found: Counter[tuple[Any, ...]] = Counter(
        tuple(line[key] for key in keys) for line in lines if line["when"] == which
    )
    by = [{**dict(zip(keys, combined, strict=True)), "total": number} for combined, number in found.items()]
    return {"total": sum(found.values()), "by": sorted(by, key=lambda one: (-int(one["total"]), str(one)))}


def _by_signer(counted: Summary) -> list[dict[str, Any]]:
    """The signer with most first."""
    signers: defaultdict[int | None, dict[str, int]] = defaultdict(lambda: dict.fromkeys(map(str, Age), 0))
    for (signer, group), number in counted.unsigned.items():
        signers[signer][str(group)] += number
    lines: list[dict[str, Any]] = [
        {"signer": signer, "total": sum(ages.values()), "ages": ages} for signer, ages in signers.items()
    ]
    return sorted(lines, key=lambda line: (-int(line["total"]), str(line["signer"])))


def _by_step(counted: Mapping[Any, int]) -> list[dict[str, Any]]:
    lines = [
        {"state": str(state), "holder": holder, "total": number} for (state, holder), number in counted.items()
    ]
    return sorted(lines, key=lambda line: (-int(str(line["total"])), str(line["state"]), str(line["holder"])))


def _line(one: Item) -> dict[str, Any]:
    return {
        "document": one.document,
        "state": str(one.state),
        "signer": one.signer,
        "holder": one.holder,
        "since": utc_text(one.since),
        "due": utc_text(one.due) if one.due else None,
        "minutes": one.minutes,
        "overdue": one.overdue,
    }


def tells(content: Mapping[str, Any]) -> bool:
    """Whether there is anything to tell a unit."""
    if version_of(content) == 1:
        return bool(content["items"])
    return bool(
        content["items"] or content["arrivals"] or content["parts"]["items"] or content["explanations"]["items"]
    )
