"""Rows of units: each below one that is here or stands in the same sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.domain.imports.problems import Fault
from workflow.domain.imports.reading import Row, keys_by_words
from workflow.domain.people import UnitKind
from workflow.domain.text import fold

KINDS = keys_by_words(
    {
        UnitKind.AGENCY: ("cơ quan", "cơ quan, tổ chức", "tổ chức"),
        UnitKind.PART: (
            "đơn vị thuộc cơ quan", "bộ phận của cơ quan", "đơn vị", "phòng", "phòng ban", "bộ phận",
            "đơn vị trực thuộc",
        ),
    }
)  # fmt: skip
YES = frozenset({"co", "x", "dung", "1", "true", "yes", "la van phong"})


@dataclass(frozen=True, slots=True)
class Known:
    """A unit that is here already."""

    id: int
    code: str
    name: str


def read_unit(row: Row) -> dict[str, Any]:
    """A unit's founding and letterhead."""
    begin, end = row.day("from", required=True), row.day("until")
    if begin and end and end < begin:
        row.wrong("until", Fault.DATE_ORDER, before=f"{begin:%d/%m/%Y}")
    email = row.text("email")
    if email and not is_address(email):
        row.wrong("email", Fault.EMAIL_SHAPE, text=email)
    return {
        "code": row.text("code", required=True), "name": row.text("name", required=True),
        "abbreviation": row.text("abbreviation", required=True),
        "kind": row.choice("kind", KINDS, Fault.KIND_UNKNOWN, required=True),
        "parent": row.text("parent"), "place": row.text("place"), "superior": row.text("superior"),
        "head_title": row.text("head_title"), "email": email, "office": fold(row.text("office")) in YES,
        "from": begin.isoformat() if begin else None, "until": end.isoformat() if end else None,
        "basis": row.text("basis"),
    }  # fmt: skip


def link(
    rows: Sequence[tuple[Row, dict[str, Any]]], known: Sequence[Known], *, elsewhere: frozenset[str]
) -> list[int]:
    """Find each unit's place: the depth below what is here, 0 for units that are here already themselves.

    `elsewhere`: codes of units beyond the reader's reach. Notes codes that are taken, units above that nobody knows
    or whose row has a fault, and circles.
    """
    here = {unit.code: unit for unit in known}
    by_name = {fold(unit.name): unit.code for unit in known}
    first: dict[str, tuple[Row, dict[str, Any]]] = {}
    for row, content in rows:
        _claim(row, content, first, here, elsewhere)
    return [_depth(row, content, first, here, by_name) for row, content in rows]


def is_address(text: str) -> bool:
    """A mail address, as far as people mistype it."""
    name, _at, host = text.partition("@")
    return bool(name) and "." in host and " " not in text and "@" not in host


def _claim(
    row: Row, content: dict[str, Any], first: dict[str, tuple[Row, dict[str, Any]]], here: Mapping[str, Known],
    elsewhere: frozenset[str],
) -> None:  # fmt: skip
    code = content["code"]
    if code in first:
        row.wrong("code", Fault.TWICE_IN_FILE, row=first[code][0].number, text=code)
        return
    if code in elsewhere or (code in here and fold(here[code].name) != fold(content["name"])):
        row.wrong("code", Fault.CODE_TAKEN, text=code)
    if code:
        first[code] = (row, content)


def _depth(
    row: Row, content: dict[str, Any], first: Mapping[str, tuple[Row, dict[str, Any]]], here: Mapping[str, Known],
    by_name: Mapping[str, str],
) -> int:  # fmt: skip
    """How many rows of the sheet have to be taken in before this one."""
    if content["code"] in here:
        return 0
    if not content["parent"]:
        row.wrong("parent", Fault.MISSING)
    depth, current, passed = 1, content, {content["code"]}
    while (above := _code(current["parent"], first, here, by_name)) not in here:
        if above not in first:
            if current is content and content["parent"]:
                row.wrong("parent", Fault.PARENT_UNKNOWN, text=content["parent"])
            elif current is not content:
                row.wrong("parent", Fault.PARENT_BAD, row=first[current["code"]][0].number)
            return depth
        if above in passed:
            row.wrong("parent", Fault.PARENT_CIRCLE, text=above)
            return depth
        if first[above][0].problems:
            row.wrong("parent", Fault.PARENT_BAD, row=first[above][0].number)
        current = first[above][1]
        passed.add(above)
        depth += 1
    content["parent"] = _code(content["parent"], first, here, by_name)
    return depth


def _code(
    words: str,
    first: Mapping[str, tuple[Row, dict[str, Any]]],
    here: Mapping[str, Known],
    by_name: Mapping[str, str],
) -> str:
    """A unit above is named by its code, or by the name of one that is here."""
    return words if words in first or words in here else by_name.get(fold(words), words)
