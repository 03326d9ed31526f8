"""A board ready for its page: each row with its name, its own page and where its numbers lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.boards import populations_of
from workflow.domain.indicators import COUNTS, INDICATORS, Indicator, Population
from workflow.domain.indicators import Whose as Persons
from workflow.domain.periods import Period
from workflow.services.figures.board_rows import Row
from workflow.services.figures.board_targets import Part, Target, Targets, part_of
from workflow.services.figures.boards import OF_PEOPLE, STOCK, TIMED, WAITING, Board
from workflow.web.board_address import PATH, Address, Whose
from workflow.web.i18n import _


class Whole(StrEnum):
    """Whose board it is."""

    AGENCIES = "agencies"
    AGENCY = "agency"
    UNIT = "unit"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A row: `link` is its own page (empty: it has none), `whose` what its lists are of (None: a sum of several
    agencies, whose rows have the lists), `targets` by indicator."""

    row: Row
    name: str
    link: str = ""
    whose: Whose | None = None
    targets: Mapping[str, Target]
    own: bool = False

    def documents(self, period: Period, count: str) -> str:
        """The list behind a number; empty where it is a sum."""
        return self.whose.documents(period, count) if self.whose else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a template draws."""

    whole: Whole
    address: Address
    board: Board
    total: Shown
    rows: tuple[Shown, ...]
    people: tuple[Shown, ...]
    holders: tuple[Shown, ...]
    groups: tuple[Shown, ...]
    several: bool
    """The reader sees several agencies."""

    @property
    def period(self) -> Period:
        """The period shown."""
        return self.address.asked.period

    @property
    def before(self) -> Period:
        """What it is compared with."""
        return self.address.asked.before

    @property
    def indicator(self) -> Indicator:
        """What rows are sorted by."""
        return self.board.indicator

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """What the whole shows: of many agencies the chosen one, of a person what is a person's."""
        if self.whole is Whole.AGENCIES:
            return (self.indicator,)
        if self.whole is Whole.PERSON:
            return tuple(one for one in INDICATORS if one.by_person)
        return INDICATORS

    @property
    def person_indicator(self) -> Indicator:
        """What signers are sorted by."""
        return of_persons(self.address, Persons.SIGNER)

    @property
    def holder_indicator(self) -> Indicator:
        """What those are sorted by who have incoming documents in hand."""
        return of_persons(self.address, Persons.HOLDER)

    @property
    def timed(self) -> tuple[Shown, ...]:
        """Rows with a time to sign: units, then signers; the whole last. Empty where nothing was signed."""
        rows = [shown for shown in (*self.rows, *self.people) if shown.row.waited and shown.row.waited.number]
        return (*rows, self.total) if self.total.row.waited and self.total.row.waited.number else ()

    @property
    def signing(self) -> bool:
        """Whether how documents were signed is among what was counted."""
        return any(
            COUNTS[one.denominator].population is Population.ISSUED for one in (*self.indicators, self.indicator)
        )

    @property
    def compared(self) -> tuple[Indicator, ...]:
        """What a comparison shows: everything that was counted."""
        return INDICATORS

    @property
    def choices(self) -> tuple[Shown, ...]:
        """Rows that may stand side by side."""
        return tuple(shown for shown in self.rows if not shown.row.direct)

    @property
    def counts(self) -> tuple[str, ...]:
        """Columns of a comparison: those of what boards count."""
        taken = populations_of(INDICATORS) | (WAITING if self.whole is Whole.AGENCIES else STOCK)
        return tuple(name for name, one in COUNTS.items() if one.population in taken)

    @property
    def populations(self) -> frozenset[Population]:
        """What the board itself shows figures of."""
        if self.whole is Whole.PERSON:
            return OF_PEOPLE | TIMED
        return populations_of(self.indicators) | (WAITING if self.whole is Whole.AGENCIES else STOCK | TIMED)

    @property
    def export(self) -> str:
        """Where its tables are taken from, without the ending."""
        return {
            Whole.UNIT: f"{PATH}/units/{self.total.row.id}", Whole.PERSON: f"{PATH}/people/{self.total.row.id}",
        }.get(self.whole, PATH) + "/figures"  # fmt: skip

    @property
    def targeted(self) -> bool:
        """Whether any row has a target for what is shown."""
        shown = {one.name for one in self.indicators} | {self.indicator.name}
        return any(shown & row.targets.keys() for row in (self.total, *self.rows))


def by_person(address: Address) -> Indicator:
    """The chosen indicator where it is one of persons, else the first that is."""
    return next((one for one in (address.indicator, *INDICATORS) if one.by_person), address.indicator)


def of_persons(address: Address, whose: Persons) -> Indicator:
    """The chosen indicator where it is one of such persons, else the first that is."""
    return next((one for one in (address.indicator, *INDICATORS) if one.person is whose), address.indicator)


def page(address: Address, found: Board, whole: Whole, *, several: bool, targets: Targets, own: int | None) -> Page:
    """Rows with their names and links."""
    return Page(
        whole=whole, address=address, board=found, total=_total(found.total, whole, targets, address),
        rows=tuple(_row(row, found, whole, targets, address) for row in found.rows),
        people=_persons(found.people, found, whole, address, own),
        holders=_persons(found.holders, found, whole, address, own),
        groups=tuple(
            Shown(row=row, name=row.name, link=address.below(row), targets=targets.get((Part.GROUP, row.id), {}))
            for row in found.groups
        ),
        several=several,
    )  # fmt: skip


def _persons(
    rows: tuple[Row, ...], found: Board, whole: Whole, address: Address, own: int | None
) -> tuple[Shown, ...]:
    return tuple(
        Shown(
            row=row, name=row.name, link=address.to(f"{PATH}/people/{row.id}", agency=row.agency),
            whose=_whose_person(found, whole, row), targets={}, own=row.id == own,
        )
        for row in rows
    )  # fmt: skip


def _whose_person(found: Board, whole: Whole, row: Row) -> Whose:
    unit = found.total.id if whole is Whole.UNIT else None
    return Whose(row.agency, unit_id=unit, person_id=row.id)


def _total(row: Row, whole: Whole, targets: Targets, address: Address) -> Shown:
    whose = {
        Whole.AGENCIES: None, Whole.AGENCY: Whose(row.agency),
        Whole.UNIT: Whose(row.agency, unit_id=row.id, alone=row.own is None),
        Whole.PERSON: Whose(row.agency, person_id=row.id),
    }[whole]  # fmt: skip
    return Shown(
        row=row, name=row.name or _("Together"), whose=whose, targets=targets.get((Part.TOTAL, row.id), {})
    )


def _row(row: Row, found: Board, whole: Whole, targets: Targets, address: Address) -> Shown:
    mine = targets.get((part_of(row), row.id), {})
    if whole is Whole.AGENCIES:
        return Shown(row=row, name=row.name, link=address.below(row), whose=Whose(row.agency), targets=mine)
    person = found.total.id if whole is Whole.PERSON else None
    whose = Whose(row.agency, unit_id=row.id, person_id=person, alone=row.own is None)
    if row.direct:
        whose = Whose(row.agency, unit_id=row.id, person_id=person, alone=True)
        return Shown(row=row, name=_("Directly, in no part of it"), whose=whose, targets=mine)
    link = address.to(f"{PATH}/units/{row.id}", agency=row.agency)
    return Shown(row=row, name=row.name, link=link, whose=whose, targets=mine)
