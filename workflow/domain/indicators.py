"""Indicators as data: what each figure of a month counts, over which documents, and how a rate is made of counts.

A month of an agency is a set of facts. A fact says of one thing (a document, an explanation, a leader), once in
each population, where it stood: with which unit and person, and as what. Every figure is a number of facts, so that
it leads to its list, and two counts of the same month are compared fact by fact. Rates are made of counts only,
never of other rates.

Whoever changes what anything here means gives `VERSION` a new name; a frozen month keeps the one it was counted by.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from workflow.domain.earlier_definitions import EARLIER
from workflow.domain.errors import NotFound
from workflow.domain.journal import canonical_json
from workflow.domain.people import Capacity
from workflow.domain.rates import Check, percent

VERSION = "2026-12"
FIRST_VERSION = "2026-11"


class Population(StrEnum):
    """What is counted. Of the incoming ones `key` is the document's, of explanations the explanation's, of leaders
    the person's."""

    ISSUED = "issued"
    """Outgoing documents issued in the month, by what the newest verdicts say of their signatures."""
    UNSIGNED = "unsigned"
    """Outgoing documents that waited for a signature when the month ended."""
    RECEIVED = "received"
    """Incoming documents registered in the month: they come to the agency, no unit has them yet."""
    CARRIED = "carried"
    """Registered before the month and still open when it began."""
    FINISHED = "finished"
    """Done in the month, by the unit that led them."""
    ENDED = "ended"
    """Registered ones that were returned or recalled in the month, without having been done."""
    OPEN = "open"
    """Registered ones still open when the month ended, with whoever had them then."""
    DEMANDED = "demanded"
    GIVEN = "given"
    ACCEPTED = "accepted"
    UNEXPLAINED = "unexplained"
    """Explanations demanded and not accepted when the month ended."""
    LEADERS = "leaders"
    """Leaders and their deputies in post when the month ended."""
    SIGNED_AS = "signed_as"
    """Issued documents by the capacity in which they were signed."""
    LEADER_KIND = "leader_kind"
    """Issued documents with a leader's signature, by the kind of its certificate."""
    SEAL_KIND = "seal_kind"
    """The same of the agency's signature."""
    TIMED = "timed"
    """Digital signatures given in the month, the document's last: the value is how many working minutes it had
    waited for it. By whoever gave it."""
    BACKLOG = "backlog"
    """Of what waited for a signature when the month ended: waiting for longer than the agency's working hours."""
    APOLOGIES = "apologies"
    """Documents of citizens and organisations, their lateness accepted as the office's own fault in the month."""
    UNAPOLOGISED = "unapologised"
    """The same, accepted at any time, without an issued letter of apology when the month ended."""
    EXPLAINED = "explained"
    """Explanations demanded in the month and accepted by its end: a part of the demanded ones."""
    ENTERED = "entered"
    """Figures that people entered with their source, for periods that end in the month (`domain.entered`)."""


SINCE: Mapping[str, frozenset[Population]] = {
    FIRST_VERSION: frozenset(
        {
            Population.ISSUED, Population.UNSIGNED, Population.RECEIVED, Population.CARRIED, Population.FINISHED,
            Population.ENDED, Population.OPEN, Population.DEMANDED, Population.GIVEN, Population.ACCEPTED,
            Population.UNEXPLAINED, Population.LEADERS,
        }
    ),
}  # fmt: skip
"""What older versions counted: the rest was not counted then, which is not nothing."""


def populations_of(version: str) -> frozenset[Population]:
    """What a month counted by a version has facts of."""
    return SINCE.get(version, frozenset(Population))


COUNTED = "counted"
"""The value in populations that have only one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing stood: `unit` may be the agency itself; `person` is None where nobody is named."""

    unit: int
    person: int | None
    value: str


Key = tuple[Population, int]
Facts = Mapping[Key, Place]
"""A month of an agency."""

DIGITAL = tuple(f"{leader}.{seal}" for leader in Check for seal in Check)
SECRET, EXEMPT, INK = "secret", "exempt", "ink"
STANDINGS = (*DIGITAL, INK, EXEMPT, SECRET)


def standing(*, secret: bool, exempt: bool, ink: bool, leader: str, seal: str) -> str:
    """How an issued document is signed: `passed.missing`: the leader's signature passed, there is no seal."""
    if secret:
        return SECRET
    if exempt:
        return EXEMPT
    if ink:
        return INK
    return f"{_check(leader)}.{_check(seal)}"


def _check(word: str) -> Check:
    """A word that is no verdict never counts as signed."""
    return Check(word) if word in set(Check) else Check.MISSING


CAPACITIES = tuple(str(one) for one in Capacity)
PARTS = ("signed", "rest", INK, EXEMPT, SECRET)
"""How an issued document counts for whoever signed it: `rest` is digital without a valid leader's signature."""
KINDS = ("public_service", "public", "dedicated", "foreign", "unknown")
"""Of certificates, by the root their chain leads to (Law 20/2023, Art. 22), as it was listed at signing."""
SIDES = ("full", "alone", "failed", "undecided")
"""What became of a document with such a signature: fully signed, this one alone, invalid, undecided."""


def signed_as(capacity: str, value: str) -> str:
    """`kt.signed`: signed KT., with a valid leader's signature. `value`: its `standing`."""
    part = value if value in PARTS else ("signed" if value.startswith("passed.") else "rest")
    return f"{capacity if capacity in CAPACITIES else CAPACITIES[0]}.{part}"


def kind_of(kind: str, value: str) -> str:
    """`public.full`. What is of no listed kind is unknown."""
    two = set(value.split("."))
    side = "failed" if "failed" in two else "undecided" if "indeterminate" in two else "alone"
    return f"{kind if kind in KINDS else 'unknown'}.{'full' if two == {'passed'} else side}"


def finished(done: Any, due: Any, day_of: Callable[[Any], Any]) -> str:
    """`before` its day, `on` it, `late`, or `undated` where no deadline was given."""
    if due is None:
        return "undated"
    if done > due:
        return "late"
    return "before" if day_of(done) < day_of(due) else "on"


def still_open(due: Any, at: Any, *, paused: bool) -> str:
    """How an open document stood at a moment: `overdue` only where its clock ran."""
    if paused:
        return "paused"
    if due is None:
        return "undated"
    return "overdue" if due < at else "in_due"


@dataclass(frozen=True, slots=True)
class Count:
    """A column: facts of one population with one of these values; without any, whatever they are."""

    name: str
    population: Population
    values: frozenset[str]

    def takes(self, population: Population, value: str) -> bool:
        """Whether a fact is counted here."""
        return population is self.population and (not self.values or value in self.values)


def _count(name: str, population: Population, *values: str) -> Count:
    return Count(name, population, frozenset(values or (COUNTED,)))


def _where(wanted: Callable[[str, str], bool]) -> tuple[str, ...]:
    return tuple(value for value in DIGITAL if wanted(*value.split(".")))


def _by_capacity(capacity: str) -> tuple[Count, ...]:
    every = [f"{capacity}.{part}" for part in PARTS]
    return (
        _count(f"as_{capacity}", Population.SIGNED_AS, *every),
        _count(f"as_{capacity}_counted", Population.SIGNED_AS, *every[:3]),
        _count(f"as_{capacity}_signed", Population.SIGNED_AS, every[0]),
    )


def _by_kind(name: str, population: Population, kind: str) -> tuple[Count, ...]:
    return tuple(_count(f"{name}_{kind}_{side}", population, f"{kind}.{side}") for side in SIDES)


_P = Population
COUNTS: Mapping[str, Count] = {
    one.name: one
    for one in (
        _count("issued", _P.ISSUED, *STANDINGS),
        _count("sign_counted", _P.ISSUED, *DIGITAL, INK),
        _count("fully_signed", _P.ISSUED, "passed.passed"),
        _count("leader_only", _P.ISSUED, "passed.missing"),
        _count("seal_only", _P.ISSUED, "missing.passed"),
        _count("ink", _P.ISSUED, INK),
        _count("failed", _P.ISSUED, *_where(lambda *two: "failed" in two)),
        _count("indeterminate", _P.ISSUED, *_where(lambda *two: "failed" not in two and "indeterminate" in two)),
        _count("without", _P.ISSUED, "missing.missing"),
        _count("exempt", _P.ISSUED, EXEMPT),
        _count("secret", _P.ISSUED, SECRET),
        _count("leader_signed", _P.ISSUED, *_where(lambda leader, _seal: leader == "passed")),
        _count("seal_signed", _P.ISSUED, *_where(lambda _leader, seal: seal == "passed")),
        _count("unsigned", _P.UNSIGNED),
        _count("carried", _P.CARRIED),
        _count("received", _P.RECEIVED),
        _count("finished", _P.FINISHED, "before", "on", "late", "undated"),
        _count("finished_dated", _P.FINISHED, "before", "on", "late"),
        _count("in_time", _P.FINISHED, "before", "on"),
        _count("before", _P.FINISHED, "before"),
        _count("on", _P.FINISHED, "on"),
        _count("late", _P.FINISHED, "late"),
        _count("undated", _P.FINISHED, "undated"),
        _count("ended", _P.ENDED, "returned", "recalled"),
        _count("open", _P.OPEN, "in_due", "overdue", "paused", "undated"),
        _count("open_in_due", _P.OPEN, "in_due"),
        _count("open_overdue", _P.OPEN, "overdue"),
        _count("open_paused", _P.OPEN, "paused"),
        _count("open_undated", _P.OPEN, "undated"),
        _count("demanded", _P.DEMANDED),
        _count("given", _P.GIVEN),
        _count("accepted", _P.ACCEPTED),
        _count("unexplained", _P.UNEXPLAINED),
        _count("leaders", _P.LEADERS, "covered", "without"),
        _count("leaders_covered", _P.LEADERS, "covered"),
        *(one for capacity in CAPACITIES for one in _by_capacity(capacity)),
        *(one for kind in KINDS for one in _by_kind("leader", _P.LEADER_KIND, kind)),
        *(one for kind in KINDS for one in _by_kind("seal", _P.SEAL_KIND, kind)),
        Count("timed", _P.TIMED, frozenset()),
        _count("backlog", _P.BACKLOG),
        _count("apologies", _P.APOLOGIES, "made", "owed"),
        _count("apologised", _P.APOLOGIES, "made"),
        _count("unapologised", _P.UNAPOLOGISED),
        _count("explained", _P.EXPLAINED),
        Count("entered", _P.ENTERED, frozenset()),
    )
}
"""Every column by its name. `failed` outweighs `indeterminate`, and that a missing one, as in `domain.rates`."""


class Better(StrEnum):
    """Which way a rate is good."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Whose(StrEnum):
    """Of whom a figure of persons is."""

    SIGNER = "signer"
    """Whoever signed the document, deputies included."""
    HOLDER = "holder"
    """Whoever had it in hand: who finished it, or has it still open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A rate: one count of another, in percent, half up. `excluded`: counts left out of the denominator, shown."""

    name: str
    numerator: str
    denominator: str
    excluded: tuple[str, ...] = ()
    better: Better = Better.HIGHER
    decimals: int = 2
    person: Whose | None = None

    @property
    def by_person(self) -> bool:
        """Whether it is also a figure of persons."""
        return self.person is not None

    def percent(self, figures: Mapping[str, int]) -> Decimal | None:
        """The rate of a row of counts; None where nothing counts, or where a count is not known."""
        part, whole = figures.get(self.numerator), figures.get(self.denominator)
        return None if part is None or whole is None else percent(part, whole, decimals=self.decimals)


_LEFT_OUT = ("exempt", "secret")

INDICATORS: tuple[Indicator, ...] = (
    Indicator(name="sign_rate_docs", numerator="fully_signed", denominator="sign_counted", excluded=_LEFT_OUT),
    Indicator(name="sign_rate_leader", numerator="leader_signed", denominator="sign_counted", excluded=_LEFT_OUT,
              person=Whose.SIGNER),
    Indicator(name="sign_rate_seal", numerator="seal_signed", denominator="sign_counted", excluded=_LEFT_OUT),
    Indicator(name="on_time_docs", numerator="in_time", denominator="finished_dated", excluded=("undated",),
              person=Whose.HOLDER),
    Indicator(name="before_due", numerator="before", denominator="finished_dated", excluded=("undated",)),
    Indicator(name="on_due", numerator="on", denominator="finished_dated", excluded=("undated",),
              better=Better.NEITHER),
    Indicator(name="late_docs", numerator="late", denominator="finished_dated", excluded=("undated",),
              better=Better.LOWER),
    Indicator(name="cert_coverage", numerator="leaders_covered", denominator="leaders"),
    Indicator(name="backlog_share", numerator="backlog", denominator="unsigned", better=Better.LOWER),
    Indicator(name="explained", numerator="explained", denominator="demanded"),
    Indicator(name="apologised", numerator="apologised", denominator="apologies"),
)  # fmt: skip


def indicator(name: str) -> Indicator:
    """An indicator by its name."""
    for one in INDICATORS:
        if one.name == name:
            return one
    raise NotFound("figure_not_found")


Tally = Counter[tuple[int, int | None, Population, str]]
"""How many facts of a unit and person have a population and value: what the rows of a frozen month hold."""


def tally(facts: Facts) -> Tally:
    """Facts as rows of counts."""
    return Counter(
        (place.unit, place.person, population, place.value) for (population, _key), place in facts.items()
    )


def _takers() -> tuple[dict[tuple[Population, str], list[str]], dict[Population, list[str]]]:
    exact: dict[tuple[Population, str], list[str]] = {}
    whole: dict[Population, list[str]] = {}
    for count in COUNTS.values():
        for value in count.values:
            exact.setdefault((count.population, value), []).append(count.name)
        if not count.values:
            whole.setdefault(count.population, []).append(count.name)
    return exact, whole


_EXACT, _WHOLE = _takers()


def figures(rows: Tally) -> dict[str, int]:
    """Every column over these rows."""
    found = dict.fromkeys(COUNTS, 0)
    for (_unit, _person, population, value), number in rows.items():
        for name in (*_EXACT.get((population, value), ()), *_WHOLE.get(population, ())):
            found[name] += number
    return found


def by_unit(rows: Tally) -> dict[int, dict[str, int]]:
    """Every column of each unit."""
    return _split(rows, lambda row: row[0])


def by_person(rows: Tally) -> dict[int, dict[str, int]]:
    """Every column of each person who is named."""
    found = _split(rows, lambda row: row[1] or 0)
    found.pop(0, None)
    return found


def _split(rows: Tally, key: Callable[[tuple[Any, ...]], int]) -> dict[int, dict[str, int]]:
    parts: dict[int, Tally] = {}
    for row, number in rows.items():
        parts.setdefault(key(row), Counter())[row] += number
    return {one: figures(part) for one, part in parts.items()}


def counted(facts: Facts, count: Count, *, unit: int | None = None, person: int | None = None) -> list[int]:
    """The keys behind a figure, in order."""
    return sorted(
        key
        for (population, key), place in facts.items()
        if count.takes(population, place.value)
        and (unit is None or place.unit == unit)
        and (person is None or place.person == person)
    )


def definition(version: str = VERSION) -> dict[str, Any]:
    """Everything above as plain data: what a frozen month was counted by. `version`: also an earlier one."""
    if version != VERSION:
        if version not in EARLIER:
            raise NotFound("figure_not_found")
        return dict(EARLIER[version])
    return {
        "version": VERSION,
        "kinds": list(KINDS),
        "percentiles": "nearest rank",
        "counts": [[one.name, str(one.population), sorted(one.values)] for one in COUNTS.values()],
        "indicators": [
            [one.name, one.numerator, one.denominator, list(one.excluded), str(one.better), one.decimals]
            for one in INDICATORS
        ],
    }


def definition_digest(version: str = VERSION) -> str:
    """Its SHA-256; a test holds it, so that a change without a new version is seen."""
    return hashlib.sha256(canonical_json(definition(version))).hexdigest()
