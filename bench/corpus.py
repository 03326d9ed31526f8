"""A province's documents as rows of text: 500 units, 200,000 documents a year, the same on every run.

A size is a length of time: 100,000 documents are half a year, a million five years, five million twenty-five.
Half of them go out, half come in. About 14,000 are open at any size, those of the last weeks. Rows carry what
figures, lists and deadlines ask for: the document, its history, the entry of the journal that gave it its due
moment, and the counts of each closed month. There are no files, signatures, verdicts or rows of search.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workflow.domain.indicators import Population
from workflow.domain.journal import utc_text
from workflow.domain.periods import Period, month
from workflow.domain.text import fold

NOW = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)
A_YEAR = 200_000
OPEN = 14_000
AGENCIES, PARTS = 100, 4
"""With the agencies themselves 500 units."""
LATE_EVERY, INK_EVERY, LEADER_ONLY_EVERY, EXEMPT_EVERY = 31, 23, 17, 101
"""One in so many is finished late, signed in ink, without a seal, exempt. Primes: they fall on every unit."""
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_VIETNAM = dt.timedelta(hours=7)
_SUBJECT = "V/v rà soát hộ nghèo, hộ cận nghèo theo chuẩn nghèo đa chiều trên địa bàn"
_ISSUER = "Sở Nội vụ"

Place = tuple[int, int, int, int | None, str, str]
"""(months since year 0, agency, unit, person, population, value)."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency, its parts, and (post, person) of who signs, drafts and handles; a handler in each part."""

    id: int
    parts: tuple[int, ...]
    leaders: tuple[tuple[int, int], ...]
    drafter: tuple[int, int]
    handlers: tuple[int, ...]
    register_out: int
    register_in: int


@dataclass(frozen=True, slots=True)
class Table:
    """Where rows go, and which columns a row of text has, parted by tabs; `\\N` is nothing."""

    name: str
    columns: tuple[str, ...]


_OUT_SAME: Mapping[str, str] = {
    "type_code": "letter", "subject": _SUBJECT, "subject_folded": fold(_SUBJECT), "recipients": "",
    "urgency": "normal", "secret": "0", "version": "7", "capacity": "head", "skipped_review": "0",
    "exempt_reason": "", "pages": "1", "chain_length": "1", "chain_head": "0" * 64,
}  # fmt: skip
_OUT = (
    "id", "code", "agency_id", "unit_id", "medium", "state", "drafter_id", "drafter_post_id", "signer_id",
    "signer_post_id", "state_since", "step_due_at", "created_at", "signed_at", "numbered_at", "sealed_at",
    "issued_at", "closed_at", "number", "year", "symbol", "exempt_by_id", "leader_verdict", "seal_verdict",
    "register_id",
)  # fmt: skip
_IN_SAME: Mapping[str, str] = {
    "source": "paper", "medium": "paper", "issuer": _ISSUER, "issuer_folded": fold(_ISSUER),
    "issuer_kind": "agency", "type_code": "letter", "subject": _SUBJECT, "subject_folded": fold(_SUBJECT),
    "signer": "", "signer_title": "", "urgency": "normal", "secret": "0", "copies": "1", "pages": "1", "note": "",
    "version": "5", "conclusion": "", "verdict_reason": "", "quarantined": "0", "warnings": "[]", "reading": "none",
    "proposals": "[]", "at_office": "0", "proposal": "{}", "direction": "", "due_kind": "given", "due_term": "{}",
    "extensions": "0", "result_words": "", "recall_reason": "", "chain_length": "1", "chain_head": "0" * 64,
}  # fmt: skip
_IN = (
    "id", "agency_id", "symbol", "symbol_key", "state", "state_since", "arrived_at", "register_id", "year",
    "number", "registered_at", "directed_at", "lead_unit_id", "handler_id", "holder_id", "due_at", "first_due_at",
    "done_at", "result", "closed_at",
)  # fmt: skip
_LINE = ("ordinal", "at", "action", "from_state", "to_state", "person_id", "post_id", "remark", "held_minutes")

OUTGOING = Table("outgoing", (*_OUT, *_OUT_SAME))
INCOMING = Table("incoming", (*_IN, *_IN_SAME))
HISTORY = Table("history", ("document_id", *_LINE))
INCOMING_HISTORY = Table("incoming_history", ("incoming_id", *_LINE, "held_by", "held_by_id", "held_unit_id"))
JOURNAL = Table(
    "journal", ("subject", "ordinal", "at", "tag", "person_id", "address", "body", "previous", "digest")
)
TABLES = (OUTGOING, INCOMING, HISTORY, INCOMING_HISTORY, JOURNAL)
UNIT_MONTH = Table("unit_month", ("frozen_id", "unit_id", "person_id", "population", "value", "number"))
"""Counts of closed months; their keys come from the database."""

_OUT_TAIL = "\t".join(_OUT_SAME.values())
_IN_TAIL = "\t".join(_IN_SAME.values())
_ZEROS = "0" * 64

Rows = dict[Table, list[str]]


@dataclass(slots=True)
class Province:
    """What is made of a number of documents. `figures`: the counts of closed months, as far as rows were made."""

    documents: int
    agencies: Sequence[Agency]
    figures: Counter[Place] = field(default_factory=Counter)

    @property
    def pairs(self) -> int:
        """One document of either kind."""
        return self.documents // 2

    @property
    def step(self) -> dt.timedelta:
        """Between a pair and the next."""
        return dt.timedelta(days=365.25) / (A_YEAR // 2)

    @property
    def began(self) -> dt.datetime:
        """When the first came."""
        return NOW - self.step * self.pairs

    def closed_months(self) -> list[Period]:
        """Every whole month before the running one."""
        found, one = [], month((NOW + _VIETNAM).date()).before
        while one.start >= self.began:
            found.append(one)
            one = one.before
        return found[::-1]

    def rows(self, first: int, last: int) -> Rows:
        """Those of the pairs `first` to `last`, both counted from 1."""
        made: Rows = {table: [] for table in TABLES}
        for number in range(first, last + 1):
            moment = NOW - self.step * (self.pairs - number)
            agency = self.agencies[number % AGENCIES]
            is_open = number > self.pairs - OPEN // 2
            self._out(made, number, agency, moment, is_open=is_open)
            self._in(made, number, agency, moment, is_open=is_open)
        return made

    def _out(self, made: Rows, number: int, agency: Agency, began: dt.datetime, *, is_open: bool) -> None:
        part = agency.parts[number // AGENCIES % PARTS]
        post, person = agency.leaders[number % 7 == 0]
        waits = began + 20 * _HOUR
        out = waits + (number % 40 + 1) * _HOUR
        is_open = is_open or out > NOW - _HOUR
        ink, exempt = number % INK_EVERY == 0, number % EXEMPT_EVERY == 0
        lone = not ink and number % LEADER_ONLY_EVERY == 0
        leader, seal = ("", "") if ink or is_open else ("passed", "" if lone else "passed")
        at = text_of(out)
        moments = "\\N\t\\N\t\\N\t\\N\t\\N" if is_open else f"{at}\t{at}\t{at}\t{at}\t{at}"
        numbered = (
            "\\N\t\\N\t" if is_open else f"{number // AGENCIES + 1}\t{(out + _VIETNAM).year}\t{number}/UBND-KT"
        )
        made[OUTGOING].append(
            f"{number}\tS{number:09d}\t{agency.id}\t{part}\t{'ink' if ink else 'digital'}\t"
            f"{'awaiting_signature' if is_open else 'filed'}\t{agency.drafter[1]}\t{agency.drafter[0]}\t"
            f"{person}\t{post}\t{text_of(waits if is_open else out)}\t"
            f"{text_of(waits + 2 * _DAY) if is_open else NOTHING}\t{text_of(began)}\t{moments}\t{numbered}\t"
            f"{agency.leaders[0][1] if exempt and not is_open else NOTHING}\t{leader}\t{seal}\t"
            f"{NOTHING if is_open else agency.register_out}\t{_OUT_TAIL}"
        )
        lines = made[HISTORY]
        lines.append(_line(number, 1, waits, "confirm_format", "format_check", "awaiting_signature", person, post))
        if not is_open:
            lines.append(_line(number, 2, out, "sign", "awaiting_signature", "signed", person, post))
            lines.append(_line(number, 3, out, "issue", "sealed", "issued", person, post))
            value = "exempt" if exempt else "ink" if ink else "passed.missing" if lone else "passed.passed"
            self._count(out, agency, part, person, Population.ISSUED, value)
        self._stock(waits, None if is_open else out, agency, part, person, Population.UNSIGNED, Population.UNSIGNED)

    def _in(self, made: Rows, number: int, agency: Agency, came: dt.datetime, *, is_open: bool) -> None:
        place = number // AGENCIES % PARTS
        part, handler = agency.parts[place], agency.handlers[place]
        due = came + 10 * _DAY
        done = due + 9 * _HOUR if number % LATE_EVERY == 0 else came + (number % 190 + 2) * _HOUR
        is_open = is_open or done > NOW - _HOUR
        at, end, limit = text_of(came), text_of(done), text_of(due)
        year, own = (came + _VIETNAM).year, number // AGENCIES + 1
        made[INCOMING].append(
            f"{number}\t{agency.id}\t{number}/SNV-TCBC\t{number}/snv-tcbc\t"
            f"{'in_progress' if is_open else 'filed'}\t{at if is_open else end}\t"
            f"{at}\t{agency.register_in}\t{year}\t{own}\t{at}\t{at}\t{part}\t{handler}\t"
            f"{handler if is_open else NOTHING}\t{limit}\t{limit}\t{NOTHING if is_open else end}\t"
            f"{'' if is_open else 'settled'}\t{NOTHING if is_open else end}\t{_IN_TAIL}"
        )
        lines, clerk = made[INCOMING_HISTORY], agency.drafter
        lines.append(_line(number, 1, came, "register", "checked", "registered", clerk[1], clerk[0]) + _HELD)
        lines.append(_line(number, 2, came, "direct", "registered", "in_progress", clerk[1], clerk[0]) + _HELD)
        if not is_open:
            held = f"\tspecialist\t{handler}\t{part}"
            lines.append(_line(number, 3, done, "finish", "in_progress", "done", handler, None) + held)
            value = "late" if done > due else "before" if _day(done) < _day(due) else "on"
            self._count(done, agency, part, handler, Population.FINISHED, value)
        made[JOURNAL].append(
            f"incoming:{number}\t1\t{at}\tdocument:incoming:direct\t{clerk[1]}\t\t{_body(due)}\t{_ZEROS}\t{_ZEROS}"
        )
        self._count(came, agency, agency.id, None, Population.RECEIVED, "counted")
        self._stock(came, None if is_open else done, agency, part, handler, Population.OPEN, Population.CARRIED,
                    due=due)  # fmt: skip

    def _count(self, at: dt.datetime, agency: Agency, unit: int, person: int | None, population: Population,
               value: str) -> None:  # fmt: skip
        self.figures[_month(at), agency.id, unit, person, str(population), value] += 1

    def _stock(
        self, since: dt.datetime, until: dt.datetime | None, agency: Agency, unit: int, person: int | None,
        population: Population, carried: Population, *, due: dt.datetime | None = None,
    ) -> None:  # fmt: skip
        """One that stood open at the end of a month, and was carried into the next."""
        first, last = _month(since), _month(until or NOW)
        for one in range(first, last):
            value = "counted"
            if due is not None:
                value = "overdue" if due < _end(one) else "in_due"
                self.figures[one + 1, agency.id, unit, person, str(carried), "counted"] += 1
            self.figures[one, agency.id, unit, person, str(population), value] += 1


NOTHING = "\\N"
_HELD = f"\toffice\t{NOTHING}\t{NOTHING}"


def text_of(moment: dt.datetime) -> str:
    """As SQLite keeps it, and PostgreSQL reads it with the time zone UTC."""
    return moment.isoformat(" ", "microseconds")[:26]


def _line(document: int, ordinal: int, at: dt.datetime, action: str, before: str, after: str, person: int,
          post: int | None) -> str:  # fmt: skip
    return f"{document}\t{ordinal}\t{text_of(at)}\t{action}\t{before}\t{after}\t{person}\t{post or NOTHING}\t\t0"


def _body(due: dt.datetime) -> str:
    return f'{{"facts":{{"due":"{utc_text(due)}"}}}}'


def _day(moment: dt.datetime) -> dt.date:
    return (moment + _VIETNAM).date()


def _month(moment: dt.datetime) -> int:
    day = moment + _VIETNAM
    return day.year * 12 + day.month - 1


def key_of(months: int) -> str:
    """`2026-11` of a number of months."""
    return f"{months // 12}-{months % 12 + 1:02d}"


def _end(months: int) -> dt.datetime:
    after = months + 1
    return dt.datetime(after // 12, after % 12 + 1, 1, tzinfo=dt.UTC) - _VIETNAM


def batches(pairs: int, size: int) -> Iterator[tuple[int, int]]:
    """(first, last) of each batch."""
    for first in range(1, pairs + 1, size):
        yield first, min(first + size - 1, pairs)
