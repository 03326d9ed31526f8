"""What can be wrong with a cell. The sentences for people stand in the web; a code never changes its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """Every reason for which a row is not taken in."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    FORMULA = "formula"
    CELL_ERROR = "cell_error"
    """`#N/A`, `#REF!`: the spreadsheet itself did not know."""
    DATE_UNREADABLE = "date_unreadable"
    DATE_SHORT_YEAR = "date_short_year"
    DATE_FUTURE = "date_future"
    DATE_OTHER_YEAR = "date_other_year"
    DATE_ORDER = "date_order"
    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_ZERO = "number_zero"
    NUMBER_TOO_LARGE = "number_too_large"
    NUMBER_JUMPS = "number_jumps"
    """Far above every number before it in a year that still goes on: new numbers would go on from there."""
    NUMBER_DIFFERS = "number_differs"
    """The column of numbers says another number than the symbol."""
    SYMBOL_UNREADABLE = "symbol_unreadable"
    SYMBOL_OTHER_YEAR = "symbol_other_year"
    TYPE_UNKNOWN = "type_unknown"
    TYPE_DIFFERS = "type_differs"
    """The symbol is of another type than the column says."""
    COPIES_UNREADABLE = "copies_unreadable"
    STATUS_UNKNOWN = "status_unknown"
    REASON_MISSING = "reason_missing"
    HELD_PAST = "held_past"
    """Held in a year that is over: nobody could use the number any more, or let it go."""
    SECRET = "secret"  # noqa: S105  a level, not a password
    TWICE_IN_FILE = "twice_in_file"
    NUMBER_TAKEN = "number_taken"
    KIND_UNKNOWN = "kind_unknown"
    CODE_TAKEN = "code_taken"
    PARENT_UNKNOWN = "parent_unknown"
    PARENT_BAD = "parent_bad"
    """The unit above stands in the same sheet, in a row with a fault."""
    PARENT_CIRCLE = "parent_circle"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_AMBIGUOUS = "unit_ambiguous"
    ROLE_UNKNOWN = "role_unknown"
    EMAIL_SHAPE = "email_shape"
    LOGIN_SHAPE = "login_shape"
    LOGIN_TAKEN = "login_taken"
    CODE_SHAPE = "code_shape"
    CHANNEL_UNKNOWN = "channel_unknown"
    MAIL_NEEDED = "mail_needed"
    ADDRESS_NEEDED = "address_needed"
    NAME_TAKEN = "name_taken"
    NAMES_MANY = "names_many"
    REFUSED = "refused"
    """A service refused it while it was taken in; `code` of the facts says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: in which of our fields, what, and what has to be known to say it."""

    field: str
    fault: Fault
    facts: Mapping[str, str | int] = made(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {"field": self.field, "fault": str(self.fault), "facts": dict(self.facts)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Problem:
        """The other way."""
        return cls(told["field"], Fault(told["fault"]), told["facts"])
