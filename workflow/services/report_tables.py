"""The tables of a stored morning report, from its body and its words alone: the same on paper, in a spreadsheet, as
CSV, and the same again later.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain import incoming
from workflow.domain.backlog import Age
from workflow.domain.incoming import Holder
from workflow.domain.outgoing import State, holder_role
from workflow.domain.people import Role
from workflow.domain.unsigned_reasons import Reason
from workflow.services.report_bodies import version_of
from workflow.services.report_texts import WHEN, Words
from workflow.services.report_words import LISTED, read_again
from workflow.store.models import Report
from workflow.store.session import UnitOfWork

Cell = str | int | dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A stored report, ready to be set. `subjects`: whoever gets it may read them, and who owes an explanation."""

    unit_id: int
    period: str
    cut_off: dt.datetime
    made_at: dt.datetime
    digest: str
    content: Mapping[str, Any]
    words: Mapping[str, Any]
    subjects: bool = False

    @property
    def version(self) -> int:
        """The form of its body."""
        return version_of(self.content)

    @property
    def filename(self) -> str:
        """Without its ending."""
        period = "".join(sign if sign.isalnum() else "-" for sign in self.period)
        return f"unsigned-{self.unit_id}-{period}"


def paper_of(uow: UnitOfWork, row: Report, *, subjects: bool) -> Paper:
    """A stored report with its words; those of one that has none are read as things are called now."""
    words = row.words or read_again(uow, row.unit_id, row.body)
    return Paper(
        unit_id=row.unit_id, period=row.period, cut_off=row.cut_off, made_at=row.made_at, digest=row.digest,
        content=row.body, words=words, subjects=subjects,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table. `widths`: shares on paper; `rights`: columns of numbers; `whole`: how many lines there are."""

    heading: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    rights: frozenset[int] = frozenset()
    whole: int = 0


def figures(paper: Paper, say: Words) -> list[tuple[str, int]]:
    """(what, how many), the totals of the report."""
    content = paper.content
    found = [
        (say("Waiting for a signature"), content["unsigned"]["total"]),
        (say("Outgoing overdue"), content["overdue"]["total"]),
    ]
    if paper.version > 1:
        arrivals, parts, owed = content["incoming"], content["parts"], content["explanations"]
        found += [
            (say("Outgoing due soon"), content["soon"]["total"]),
            (say("Incoming overdue"), arrivals["overdue"]["total"]),
            (say("Incoming due soon"), arrivals["soon"]["total"]),
            (say("Parts overdue"), parts["overdue"]["total"]),
            (say("Parts due soon"), parts["soon"]["total"]),
            (say("Explanations owed"), owed["total"]),
            (say("Explanations late"), owed["late"]),
        ]
    return found


def summaries(paper: Paper, say: Words) -> list[Table]:
    """Signers by age, reasons, steps and holders."""
    made = [_by_signer(paper, say)]
    if paper.version > 1:
        made.append(_reasons(paper, say))
    made.append(_steps(paper, say))
    return [table for table in made if table.rows]


def lists(paper: Paper, say: Words) -> list[Table]:
    """Every line that the figures count, up to `LISTED` a list."""
    made = [_outgoing(paper, say)]
    if paper.version > 1:
        made += [_arrivals(paper, say), _parts(paper, say), _owed(paper, say)]
    return [table for table in made if table.rows]


def _name(paper: Paper, key: int | None) -> str:
    return "" if key is None else paper.words["people"].get(str(key), "")


def _unit(paper: Paper, key: int | None) -> str:
    return "" if key is None else paper.words["units"].get(str(key), "")


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _by_signer(paper: Paper, say: Words) -> Table:
    head = (say("Signer"), say("Documents"), *(say.of(age) for age in Age))
    rows = [
        (_name(paper, line["signer"]), line["total"], *(line["ages"][str(age)] for age in list(Age)))
        for line in paper.content["unsigned"]["by_signer"]
    ]
    return _table(say("By signer and time waited"), head, rows, (5, 2, 2, 2, 2, 2), rights=range(1, 6))


def _reasons(paper: Paper, say: Words) -> Table:
    """Each reason of each signer, in the order of the reasons."""
    rows = [
        (say.of(reason), _name(paper, line["signer"]), line["reasons"][str(reason)])
        for reason in Reason
        for line in paper.content["unsigned"]["by_signer"]
        if line["reasons"].get(str(reason))
    ]
    head = (say("Reason"), say("Signer"), say("Documents"))
    return _table(say("By reason"), head, rows, (5, 4, 2), rights=[2])


def _steps(paper: Paper, say: Words) -> Table:
    """Overdue and due soon beside each other, outgoing documents first."""
    content = paper.content
    counted: defaultdict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, part in enumerate(("overdue", "soon")):
        for line in content.get(part, {}).get("by_step", ()):
            key = (say("Outgoing"), *_outgoing_step(paper, line, say))
            counted[key][place] += line["total"]
        if paper.version == 1:
            continue
        for line in content["incoming"][part]["by"]:
            counted[(say("Incoming"), *_arrival_step(paper, line, say))][place] += line["total"]
        for line in content["parts"][part]["by"]:
            holder = _name(paper, line["holder"]) or _unit(paper, line["unit"])
            counted[say("Part of a document"), "", holder][place] += line["total"]
    order = {say("Outgoing"): 0, say("Incoming"): 1, say("Part of a document"): 2}
    rows = [
        (*key, *two)
        for key, two in sorted(counted.items(), key=lambda one: (order[one[0][0]], -one[1][0], -one[1][1], one[0]))
    ]
    head = (say("Kind"), say("Step"), say("Waits for"), say("Overdue"), say("Due soon"))
    return _table(say("By step and holder"), head, rows, (3, 4, 5, 2, 2), rights=[3, 4])


def _outgoing_step(paper: Paper, line: Mapping[str, Any], say: Words) -> tuple[str, str]:
    state = State(line["state"])
    return say.of(state), _name(paper, line["holder"]) or _role(holder_role(state), say)


def _role(role: Role | None, say: Words) -> str:
    return say.of(role) if role else ""


def _arrival_step(paper: Paper, line: Mapping[str, Any], say: Words) -> tuple[str, str]:
    held_by = say.of(Holder(line["held_by"])) if line["held_by"] else ""
    return say.of(incoming.State(line["state"])), _name(paper, line["holder"]) or held_by


def _outgoing(paper: Paper, say: Words) -> Table:
    items = paper.content["items"]
    rows = [
        (
            number, *_out(paper, line["document"], say), *_outgoing_step(paper, line, say),
            waited(line["minutes"], say), _moment(line["due"]), _when(line, say),
            say.of(Reason(line["reason"])) if line.get("reason") else "",
        )
        for number, line in enumerate(items[:LISTED], 1)
    ]  # fmt: skip
    head = (
        say("No."), say("Document"), say("Subject"), say("Step"), say("Waits for"), say("Waited"),
        say("Due"), say("State"), say("Reason"),
    )  # fmt: skip
    return _table(
        say("Outgoing documents"), head, rows, (1, 4, 7, 3, 4, 3, 3, 2.6, 4), rights=[0], whole=len(items)
    )


def _when(line: Mapping[str, Any], say: Words) -> str:
    if line["overdue"]:
        return say(WHEN["overdue"])
    return say(WHEN["soon"]) if line.get("soon") else ""


def _out(paper: Paper, key: int, say: Words) -> tuple[str, str]:
    told = paper.words["out"].get(str(key), {})
    title = " ".join(part for part in (told.get("type", ""), told.get("symbol") or told.get("code", "")) if part)
    return title, _subject(paper, told, say)


def _subject(paper: Paper, told: Mapping[str, str], say: Words) -> str:
    if told.get("secret"):
        return say("Secret document")
    return told.get("subject", "") if paper.subjects else ""


def _in(paper: Paper, key: int, say: Words) -> tuple[str, str]:
    told = paper.words["in"].get(str(key), {})
    issuer = told.get("issuer", "") if paper.subjects else ""
    title = " · ".join(part for part in (told.get("number", ""), told.get("symbol", ""), issuer) if part)
    return title, _subject(paper, told, say)


def _arrivals(paper: Paper, say: Words) -> Table:
    items = paper.content["arrivals"]
    rows = [
        (
            number, *_in(paper, line["document"], say), *_arrival_step(paper, line, say),
            _unit(paper, line["unit"]), _moment(line["since"]), _moment(line["due"]), say(WHEN[line["when"]]),
        )
        for number, line in enumerate(items[:LISTED], 1)
    ]  # fmt: skip
    head = (
        say("No."), say("Document"), say("Subject"), say("Step"), say("Waits for"), say("Unit"),
        say("Since"), say("Due"), say("State"),
    )  # fmt: skip
    return _table(
        say("Incoming documents"), head, rows, (1, 4, 7, 3, 4, 4, 3, 3, 2.6), rights=[0], whole=len(items)
    )


def _parts(paper: Paper, say: Words) -> Table:
    items = paper.content["parts"]["items"]
    rows = [
        (
            number, *_in(paper, line["document"], say), _unit(paper, line["unit"]), _name(paper, line["holder"]),
            _moment(line["due"]), say(WHEN[line["when"]]),
        )
        for number, line in enumerate(items[:LISTED], 1)
    ]  # fmt: skip
    head = (
        say("No."), say("Document"), say("Subject"), say("Unit"), say("Person"), say("Due"),
        say("State"),
    )  # fmt: skip
    return _table(say("Coordinating parts"), head, rows, (1, 4, 7, 5, 4, 3, 2.6), rights=[0], whole=len(items))


def _owed(paper: Paper, say: Words) -> Table:
    """Who is asked why something is late stands only where the documents themselves may be opened."""
    items = paper.content["explanations"]["items"]
    rows = [
        (
            number, *_in(paper, line["document"], say), _unit(paper, line["unit"]),
            _name(paper, line["person"]) if paper.subjects else "", _moment(line["due"]),
            say("Late") if line["late"] else "",
        )
        for number, line in enumerate(items[:LISTED], 1)
    ]  # fmt: skip
    head = (
        say("No."), say("Document"), say("Subject"), say("Unit"), say("Person"), say("Due"),
        say("State"),
    )  # fmt: skip
    return _table(say("Explanations owed"), head, rows, (1, 4, 7, 5, 4, 3, 2.6), rights=[0], whole=len(items))


def _table(
    heading: str, head: Sequence[str], rows: Sequence[tuple[Any, ...]], widths: Sequence[float], *,
    rights: Iterable[int] = (), whole: int | None = None,
) -> Table:  # fmt: skip
    return Table(
        heading=heading, head=tuple(head), rows=tuple(rows), widths=tuple(widths), rights=frozenset(rights),
        whole=len(rows) if whole is None else whole,
    )  # fmt: skip


def waited(minutes: int, say: Words) -> str:
    """`3 ngày 4 giờ`: office time, eight hours a day."""
    days, rest = divmod(minutes, 8 * 60)
    if days:
        return say("%(days)s d %(hours)s h", days=days, hours=rest // 60)
    return say("%(hours)s h %(minutes)s min", hours=rest // 60, minutes=rest % 60)


def flat(paper: Paper, say: Words) -> tuple[tuple[str, ...], Iterator[tuple[Cell, ...]]]:
    """All lists as one table, for CSV."""
    tables = lists(paper, say)
    wanted = (
        say("Document"), say("Subject"), say("Step"), say("Waits for"), say("Unit"), say("Person"),
        say("Since"), say("Waited"), say("Due"), say("State"), say("Reason"),
    )  # fmt: skip

    def rows() -> Iterator[tuple[Cell, ...]]:
        for table in tables:
            places = {name: place for place, name in enumerate(table.head)}
            for row in table.rows:
                yield (table.heading, *(row[places[name]] if name in places else "" for name in wanted))

    return (say("Kind"), *wanted), rows()
