"""One page of the sweep, in one condition."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """One page in one condition.

    `who`: short name of a member of the office, empty for a stranger; those of the neighbour (`far_`) have no
    documents. `path`: may name places of the furnished town in braces. `submit`: the page's own form is sent as
    it stands, past the browser's checks, and the answer is what is looked at.
    """

    rule: str
    who: str
    path: str
    status: int = 200
    submit: bool = False

    @property
    def name(self) -> str:
        """For the report and the screenshot."""
        return f"{self.who or 'stranger'} {self.path}{' submitted' if self.submit else ''}"


def shown_on(
    rule: str, *conditions: tuple[str, str] | tuple[str, str, int] | tuple[str, str, int, bool]
) -> list[Shown]:
    return [Shown(rule, *condition) for condition in conditions]
