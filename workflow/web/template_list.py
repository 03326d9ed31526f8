"""What the address of the list of draft templates says, and its rows: the office's own among those of the program.

The list goes on behind the last row's template, by key and not by count: a template that is added or put out of use
meanwhile moves no other. The database orders names by its own rules, the program's templates stand in no table, and
an office has some dozens: so the rows are put in order here, without their words, which only a page's rows get.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from workflow.domain.errors import NotFound
from workflow.domain.text import fold
from workflow.services.documents.templates import built_in
from workflow.store import drafting
from workflow.store import template_list as store
from workflow.store.document_list import PAGE
from workflow.web import plain_list
from workflow.web.context import Current
from workflow.web.i18n import N_
from workflow.web.plain_list import Asked
from workflow.web.row_keys import LARGEST
from workflow.web.types import type_names

PATH = "/admin/templates"
WHICH = {"": N_("in use"), "ended": N_("out of use"), "all": N_("all")}
SORTS = {"type": N_("by type"), "name": N_("by name"), "newest": N_("newest first")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A template in the list; `own` is its key where the office may put it out of use."""

    key: str
    type_code: str
    name: str
    basis: str = ""
    body: str = ""
    own: int | None = None
    ended: bool = False
    added_at: dt.datetime | None = None
    ordinal: int = 0
    """Among those that come with the program."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows and how many there are in all; `after`: behind which template they stand, empty on the first page;
    `onward`: the last of them where there is a next page."""

    rows: Sequence[Line]
    count: int
    after: str
    onward: str


def read(arguments: MultiDict[str, str]) -> Asked:
    """Filters and order of an address."""
    choices = {"which": frozenset(WHICH) - {""}, "type": frozenset(type_names())}
    return plain_list.read(arguments, sorts=SORTS, usual="type", choices=choices, words=("q",))


def page(here: Current, asked: Asked, after: str) -> Page:
    """The rows behind a template (`after`, its key); a key that is none here begins the list anew."""
    found, place = _ordered(here, asked), _named(here, after)
    rank = _ranks(asked.sort)
    behind = [one for one in found if rank(one) > rank(place)] if place else found
    shown = behind[:PAGE]
    onward = shown[-1].key if len(behind) > PAGE else ""
    return Page(_with_words(here, shown), len(found), place.key if place else "", onward)


def whole(here: Current, asked: Asked) -> Sequence[Line]:
    """Every row with its words, to take away."""
    return _with_words(here, _ordered(here, asked), every=True)


def _ordered(here: Current, asked: Asked) -> list[Line]:
    session, agency = here.uow.session, here.post.agency_id
    which, code, words = asked.value("which"), asked.value("type"), fold(asked.value("q"))
    in_use = {"": True, "ended": False}.get(which)
    found = [
        Line(key=f"own:{row.id}", type_code=row.type_code, name=row.name, own=row.id,
             ended=row.ended_at is not None, added_at=row.added_at)
        for row in store.rows(session, agency, in_use=in_use, type_code=code)
    ]  # fmt: skip
    if which != "ended":
        found += [one for one in _shipped() if code in {"", one.type_code}]
    if words:
        whole = _with_words(here, found, every=True)
        found = [one for one in whole if words in fold(f"{one.name}\n{one.basis}\n{one.body}")]
    return sorted(found, key=_ranks(asked.sort))


def _shipped() -> list[Line]:
    return [
        Line(key=one.key, type_code=one.type_code, name=one.name, basis=one.basis, body=one.body, ordinal=ordinal)
        for ordinal, one in enumerate(built_in())
    ]


def _with_words(here: Current, rows: Sequence[Line], *, every: bool = False) -> list[Line]:
    keys = [one.own for one in rows if one.own is not None and not one.body]
    said = store.words(here.uow.session, here.post.agency_id, keys=None if every else keys) if keys else {}
    return [
        replace(one, basis=said[one.own][0], body=said[one.own][1]) if one.own in said else one for one in rows
    ]  # fmt: skip


def _named(here: Current, key: str) -> Line | None:
    """A template by its key, in use or not: its words never change, so neither does its place."""
    if (number := _own_key(key)) is None:
        return next((one for one in _shipped() if one.key == key), None)
    try:
        row = drafting.template(here.uow.session, here.post.agency_id, number)
    except NotFound:
        return None
    return Line(key=key, type_code=row.type_code, name=row.name, own=row.id, added_at=row.added_at)


def _own_key(key: str) -> int | None:
    kind, _colon, number = key.partition(":")
    good = kind == "own" and number.isascii() and number.isdecimal() and len(number) < 17
    return int(number) if good and int(number) <= LARGEST else None


def _ranks(sort: str) -> Callable[[Line], tuple[Any, ...]]:
    """What a list is ordered by: no two templates have the same. Those that come with the program have no day: they
    stand behind the office's own."""
    places = {code: place for place, code in enumerate(type_names())}

    def rank(one: Line) -> tuple[Any, ...]:
        place, last = places.get(one.type_code, len(places)), (one.own is None, one.own or 0, one.ordinal)
        if sort == "newest":
            added = one.added_at.timestamp() if one.added_at else 0.0
            return (one.own is None, -added, -(one.own or 0), one.ordinal)
        name = fold(one.name)
        return (name, place, *last) if sort == "name" else (place, one.own is None, name, *last)

    return rank
