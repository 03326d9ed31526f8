"""Rows of offices outside: a catalogue of another system, or our own export with addresses filled in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workflow.domain.dispatch import MOST_ALIASES, Channel
from workflow.domain.imports.offices import YES
from workflow.domain.imports.problems import Fault
from workflow.domain.imports.reading import Row, keys_by_words
from workflow.domain.outside_offices import Office, fault_of, key_of, split_names
from workflow.domain.text import fold

CHANNELS = keys_by_words(
    {
        Channel.POST: ("qua bưu điện", "bưu điện", "bưu chính", "gửi bưu điện", "by post"),
        Channel.HAND: ("trao tay", "trực tiếp", "giao trực tiếp", "giao tay", "chuyển tay", "by hand"),
        Channel.MAIL: ("qua thư điện tử", "thư điện tử", "email", "e-mail", "by e-mail"),
    }
)
PLAIN = ("name", "short_name", "code", "address", "email", "channel", "note")
"""Fields of one text each."""
LINES = ("address", "note")
"""Those of several lines."""
_FIELD_OF = {
    "office_code": ("code", Fault.CODE_SHAPE), "office_email": ("email", Fault.EMAIL_SHAPE),
    "office_mail_needed": ("email", Fault.MAIL_NEEDED), "office_address_needed": ("address", Fault.ADDRESS_NEEDED),
}  # fmt: skip


def read_office(row: Row) -> dict[str, Any]:
    """An entry of the catalogue."""
    content = {
        "name": row.text("name", required=True), "short_name": row.text("short_name"),
        "aliases": list(split_names(row.text("aliases"))),
        "code": row.text("code").upper(), "address": row.text("address"), "email": row.text("email"),
        "channel": row.choice("channel", CHANNELS, Fault.CHANNEL_UNKNOWN), "note": row.text("note"),
        "ended": fold(row.text("ended")) in YES,
    }  # fmt: skip
    office = office_of(content)
    if len(office.aliases) > MOST_ALIASES:
        row.wrong("aliases", Fault.NAMES_MANY, limit=MOST_ALIASES, count=len(office.aliases))
    return content


def office_of(content: Mapping[str, Any]) -> Office:
    """What a row says, as the rules know it."""
    told = {name: content[name] for name in PLAIN}
    aliases = tuple(words for words in content["aliases"] if key_of(words) != key_of(content["name"]))
    return Office(**told, aliases=aliases)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the catalogue and whether it is out of use."""

    office: Office
    ended: bool = False


def wished(content: Mapping[str, Any], columns: Collection[str], standing: Entry | None) -> Entry:
    """The entry as a row wants it. What the sheet has no column for stays as it is: a sheet of names and addresses
    says nothing of codes, nor that an entry is in use again. An empty cell of a column that is there empties.
    """
    said = office_of(content)
    if standing is None:
        return Entry(said, bool(content["ended"]))
    stands = standing.office
    kept: dict[str, Any] = {name: getattr(stands, name) for name in PLAIN if name not in columns}
    for name in LINES:  # a cell has one line: lines that it says again stay as they are
        if flat(getattr(stands, name)) == getattr(said, name):
            kept[name] = getattr(stands, name)
    if "aliases" not in columns:  # a row that found its entry by another name takes none away
        names = (*stands.aliases, stands.name)
        kept["aliases"] = tuple(words for words in names if key_of(words) != key_of(said.name))
    ended = bool(content["ended"]) if "ended" in columns else standing.ended
    return Entry(replace(said, **kept), ended)


def judge(row: Row, wish: Office) -> None:
    """Note what the entry cannot be, with what stays of it."""
    if fault := fault_of(wish):
        name, said = _FIELD_OF[fault]
        row.wrong(name, said, text=str(getattr(wish, name)))


def changes(standing: Entry, wish: Entry) -> dict[str, list[str]]:
    """Field → what stands there and what is to stand there, of those that a row changes."""
    before, after = _told(standing), _told(wish)
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def _told(entry: Entry) -> dict[str, str]:
    told = {name: str(getattr(entry.office, name)) for name in PLAIN}
    return {**told, "aliases": "; ".join(entry.office.aliases), "ended": "yes" if entry.ended else ""}


def flat(text: str) -> str:
    """Several lines as the one of a cell."""
    return " ".join(text.split())


def place(rows: Sequence[tuple[Row, dict[str, Any]]], known: Mapping[str, int]) -> None:
    """Note rows that say one name twice, or whose names belong to several entries.

    `known`: key of a name → the entry that bears it. A row changes the entry that bears its own name; two rows that
    found one entry by two of its names would undo each other.
    """
    first: dict[str, int] = {}
    changed: dict[int, int] = {}
    for row, content in rows:
        names = office_of(content).names() if content["name"] else {}
        own = known.get(key_of(content["name"]))
        for key, words in names.items():
            field = "name" if key == key_of(content["name"]) else "aliases"
            if key in first:
                row.wrong(field, Fault.TWICE_IN_FILE, row=first[key], text=words)
            elif key in known and known[key] != own:
                row.wrong(field, Fault.NAME_TAKEN, text=words)
        for key in names:
            first.setdefault(key, row.number)
        if own is not None and changed.setdefault(own, row.number) != row.number:
            row.wrong("name", Fault.TWICE_IN_FILE, row=changed[own], text=content["name"])
