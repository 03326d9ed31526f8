"""Whether somebody was entitled to sign, worked out slowly from the rows by the words of Article 13 alone.

Written from Decree 30/2020/NĐ-CP, Article 13, and `docs/decisions/20-mandates.md`, on plain columns: it calls
nothing of `workflow.domain.mandates`, so that a mistake there is not repeated here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from workflow.store.models import MandateEnd, MandateRow, Organ, PostRow, Unit

Row = dict[str, Any]

OPEN = {"leader": {"head", "tm", "q"}, "deputy": {"kt", "tm", "q"}, "unit_head": {"tl", "tuq", "tm"}}
"""13.1 to 13.4: in which capacities the holder of a kind of post may be found at all."""

BY_APPOINTMENT = {
    ("leader", "head"): {"head", "q"},
    ("leader", "tm"): {"tm", "q"},
    ("deputy", "kt"): {"kt"},
    ("deputy", "tm"): {"tm", "kt"},
}
"""What needs no mandate, until one of these capacities was put on record for the post."""

FROM_A_HEAD = {"kt", "tl", "tuq"}

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who signed what, when: `day` on the paper, `at` the moment by which it counts."""

    document_id: int
    post_id: int
    capacity: str
    agency_id: int
    unit_id: int
    organ_id: int | None
    type_code: str
    day: dt.date
    at: dt.datetime


@dataclass(slots=True)
class Rows:
    """The tables as they stand, by key."""

    posts: dict[int, Row]
    units: dict[int, Row]
    organs: dict[int, Row]
    mandates: dict[int, Row]
    ends: dict[int, Row]

    @classmethod
    def read(cls, session: Session) -> Rows:
        """Everything, anew."""
        keyed = {"mandate_end": "mandate_id"}
        found = []
        for model in (PostRow, Unit, Organ, MandateRow, MandateEnd):
            table = model.__table__
            assert isinstance(table, Table)
            rows = [dict(row) for row in session.execute(select(table)).mappings()]
            found.append({row[keyed.get(table.name, "id")]: row for row in rows})
        return cls(*found)

    def entitled(self, one: Signed) -> bool:
        """Capacity, scope and dates together."""
        post = self.posts[one.post_id]
        if not _runs(post, one.day) or post["agency_id"] != one.agency_id:
            return False
        if one.capacity not in OPEN.get(post["role"], set()):
            return False
        own = [row for row in self.mandates.values() if row["post_id"] == one.post_id]
        if any(row["capacity"] == one.capacity and self._covers(row, one) for row in own):
            return True
        taken_by = BY_APPOINTMENT.get((post["role"], one.capacity))
        if taken_by is None:
            return False
        return not any(row["capacity"] in taken_by and row["granted_at"] <= one.at for row in own)

    def by_a_mandate(self, one: Signed) -> list[Row]:
        """The mandates that explain a signature."""
        return [
            row
            for row in self.mandates.values()
            if (row["post_id"], row["capacity"]) == (one.post_id, one.capacity) and self._covers(row, one)
        ]

    def edges(self, post_id: int) -> list[dt.datetime]:
        """Moments around which a right of a post begins or ends: noon of the day before, of the day and of the day
        after; and the very minute and the one before, where it is known."""
        own = [row for row in self.mandates.values() if row["post_id"] == post_id]
        line = [*own, *(self.mandates[row["parent_id"]] for row in own if row["parent_id"] is not None)]
        givers = [self.posts[row["source_post_id"]] for row in own if row["source_post_id"] is not None]
        dated = [row[name] for row in (*line, *givers, self.posts[post_id]) for name in ("valid_from", "valid_to")]
        days = {day + n * DAY for day in dated if day is not None for n in (-1, 0, 1)}
        known = [row["granted_at"] for row in line] + [
            self.ends[row["id"]]["at"] for row in line if row["id"] in self.ends
        ]
        noons = [dt.datetime.combine(day, dt.time(5), tzinfo=dt.UTC) for day in sorted(days)]
        return [*noons, *(at - n * MINUTE for at in sorted(known) for n in (0, 1))]

    def _covers(self, row: Row, one: Signed) -> bool:
        if not self._lawful(row) or not self._in_force(row, one) or not self._in_scope(row, one):
            return False
        if row["parent_id"] is None:
            return True
        order = self.mandates[row["parent_id"]]
        passer = self.posts[row["source_post_id"]]
        return self._in_force(order, one) and self._in_scope(order, one) and _runs(passer, one.day)

    def _lawful(self, row: Row) -> bool:
        """Written, by whom it must be, limited as it must be, passed on only where it may be."""
        if not row["legal_symbol"].strip() or row["legal_day"] is None:
            return False
        if row["capacity"] == "tuq" and (row["valid_to"] is None or not (row["type_codes"] or row["unit_ids"])):
            return False
        if row["capacity"] == "tl" and not row["type_codes"]:
            return False
        if row["capacity"] not in FROM_A_HEAD:
            return row["source_post_id"] is None and row["parent_id"] is None
        giver = self.posts.get(row["source_post_id"])
        if giver is None or giver["id"] == row["post_id"] or giver["agency_id"] != row["agency_id"]:
            return False
        if not _runs(giver, row["legal_day"]):
            return False
        if row["parent_id"] is None:
            return bool(giver["role"] == "leader")
        order, holder = self.mandates[row["parent_id"]], self.posts[row["post_id"]]
        if (row["capacity"], order["capacity"], order["parent_id"]) != ("tl", "tl", None):
            return False
        inside = (order["post_id"], holder["unit_id"]) == (giver["id"], giver["unit_id"])
        return inside and self._lawful(order)

    def _in_force(self, row: Row, one: Signed) -> bool:
        if row["granted_at"] > one.at or row["valid_from"] > one.day:
            return False
        if row["valid_to"] is not None and row["valid_to"] < one.day:
            return False
        end = self.ends.get(row["id"])
        return end is None or end["at"] > one.at

    def _in_scope(self, row: Row, one: Signed) -> bool:
        if row["type_codes"] and one.type_code not in row["type_codes"]:
            return False
        if row["unit_ids"] and not set(row["unit_ids"]) & self._up(one.unit_id):
            return False
        return not row["organs"] or self._organ(one) in row["organs"]

    def _up(self, unit_id: int) -> set[int]:
        found: set[int] = set()
        place: int | None = unit_id
        while place is not None and place not in found:
            found.add(place)
            unit = self.units[place]
            place = None if unit["id"] == unit["agency_id"] else unit["parent_id"]
        return found

    def _organ(self, one: Signed) -> str:
        """Of a document that has no number yet."""
        if one.organ_id is not None:
            return str(self.organs[one.organ_id]["code"])
        own = sorted(key for key, row in self.organs.items() if row["agency_id"] == one.agency_id and row["active"])
        return str(self.organs[own[0]]["code"] if own else self.units[one.agency_id]["abbreviation"])


def _runs(post: Row, day: dt.date) -> bool:
    return bool(post["valid_from"] <= day and (post["valid_to"] is None or day <= post["valid_to"]))
