"""Rows of offices outside: a catalogue of another system, or our own export with addresses filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    if fault := fault_of(office):
        name, said = _FIELD_OF[fault]
        row.wrong(name, said, text=str(content[name]))
    return content


def office_of(content: Mapping[str, Any]) -> Office:
    """What a row says, as the rules know it."""
    told = {key: value for key, value in content.items() if key not in {"ended", "aliases"}}
    aliases = tuple(words for words in content["aliases"] if key_of(words) != key_of(content["name"]))
    return Office(**told, aliases=aliases)


def place(rows: Sequence[tuple[Row, dict[str, Any]]], known: Mapping[str, int]) -> None:
    """Note rows that say one name twice, or whose names belong to several entries.

    `known`: key of a name → the entry that bears it. A row changes the entry that bears its own name.
    """
    first: dict[str, int] = {}
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
