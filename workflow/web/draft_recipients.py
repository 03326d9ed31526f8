"""The recipients of a draft on its form: agencies here and own units to tick, lines for all others, groups and the
catalogue to fill them from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request

from workflow.domain.dispatch import NAME_LENGTH, is_file_copy, outside_of
from workflow.domain.outside_offices import key_of
from workflow.domain.text import clean
from workflow.services.exchange import grouping, offices
from workflow.services.exchange.recipients import free_text, without_names
from workflow.store import deliveries, outside_offices, recipient_groups, unit_copies
from workflow.store import exchange as store
from workflow.store.models import Outgoing, Unit
from workflow.web.context import Current, current
from workflow.web.forms import Form
from workflow.web.i18n import _
from workflow.web.schemas.exchange import chosen_keys

TICKED = ("to", "units")
"""Fields of boxes: agencies of this installation, parts of the own one."""


def read(form: Form) -> None:
    """What was ticked goes into a form that was read."""
    for name in TICKED:
        form.data[name], wrong = chosen_keys(request.form.getlist(name))
        form.values[name] = joined(form.data[name])
        if wrong:
            form.errors[name] = _(wrong)


def joined(keys: Iterable[int]) -> str:
    """Keys as a form's value holds them."""
    return " ".join(str(key) for key in keys)


def facts_of(form: Form) -> dict[str, Any]:
    """The recipients as a draft's facts: what is ticked stands in no line."""
    ticked = [name for field in TICKED for name in names_of(form.data[field])]
    return {
        "recipients": without_names(form.data["recipients"], ticked), "to": form.data["to"],
        "units": form.data["units"],
    }  # fmt: skip


def stored(document: Outgoing) -> dict[str, Any]:
    """The same of a stored draft."""
    session = current().uow.session
    return {
        "recipients": free_text(current().uow, document), "to": to_of(document),
        "units": tuple(unit.id for unit in unit_copies.named(session, document.id)),
    }  # fmt: skip


def values_of(document: Outgoing) -> dict[str, str]:
    """The same as values of the form."""
    known = stored(document)
    return {"recipients": known["recipients"], **{name: joined(known[name]) for name in TICKED}}


def to_of(document: Outgoing) -> tuple[int, ...]:
    """The agencies that a stored draft goes to."""
    return tuple(unit.id for unit in store.recipients_of(current().uow.session, document.id))


def names_of(keys: Collection[int]) -> list[str]:
    """The names of some agencies or units; keys of nothing have none."""
    return [unit.name for unit in _units(current(), keys)]


def _units(here: Current, keys: Collection[int]) -> list[Unit]:
    """Agencies, and parts of the own one: other agencies' parts are nobody's recipients."""
    found = (here.uow.session.get(Unit, key) for key in sorted(keys))
    return [one for one in found if one is not None and (one.kind == "agency" or one.agency_id == here.agency_id)]


def beside(here: Current, form: Form, document: Outgoing | None) -> dict[str, object]:
    """What the form offers: every agency and own unit, those ticked first, groups, names of offices outside."""
    session, agency = here.uow.session, here.agency_id or 0
    rows = {
        "to": [(key, name) for key, name in store.agencies(session, on=here.today, without=agency)],
        "units": [(row.id, row.name) for row in unit_copies.units(session, agency, on=here.today)],
    }
    chosen = {name: {int(key) for key in form.values.get(name, "").split()} for name in TICKED}
    if document is not None:  # what was dissolved since it was chosen stays until somebody unticks it
        for name in TICKED:
            gone = chosen[name] - {key for key, _name in rows[name]}
            rows[name] += [(unit.id, unit.name) for unit in _units(here, gone)]
    listed = outside_offices.offices(session, agency, in_use_only=True)
    names = outside_offices.keys(session, agency)
    known = [name for name in deliveries.known_offices(here.scope, session) if key_of(name) not in names]
    return {
        "agencies": sorted(rows["to"], key=lambda row: row[0] not in chosen["to"]),
        "own_units": sorted(rows["units"], key=lambda row: row[0] not in chosen["units"]),
        "chosen": chosen["to"], "chosen_units": chosen["units"],
        "groups": recipient_groups.groups(session, agency, in_use_only=True),
        "known": [(one.name, "; ".join(filter(None, (one.short_name, one.code)))) for one in listed]
        + [(name, "") for name in known],
    }  # fmt: skip


@dataclass(slots=True)
class Added:
    """What “Add to the recipients” did: who was added, who stood there already, who is offered no more."""

    added: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    unknown: str = ""
    """The name that was written, where nothing within reach knows it: perhaps a slip of the pen."""


def fill(here: Current, form: Form, asked: Mapping[str, str], *, into: str = "recipients") -> Added:
    """Add to a form the members of a group of one's agency, or an office by one of its names; each once. `into`:
    the field of lines."""
    agency, told = here.agency_id or 0, Added()
    keys: set[int] = set()
    names: list[str] = []
    if (group := asked.get("fill_group", "")).isascii() and group.isdecimal() and len(group) < 16:
        members = grouping.filled(here.uow, agency, group_id=int(group), on=here.today)
        keys, names, told.ended = set(members.here), list(members.others), list(members.ended)
    if name := clean(asked.get("fill_name", ""))[:NAME_LENGTH]:
        same = [
            key for key, words in store.agencies(here.uow.session, on=here.today, without=agency) if words == name
        ]
        keys |= set(same)
        if not same:
            names.append(proper := offices.proper(here.uow, agency, name))
            told.unknown = "" if _known(here, agency, proper) else proper
    _tick(form, keys, told)
    _write(form, names, told, into)
    return told


def _known(here: Current, agency: int, name: str) -> bool:
    """Whether the catalogue has an office of this name, or a document went to one before."""
    sent = {key_of(one) for one in deliveries.known_offices(here.scope, here.uow.session)}
    return key_of(name) in outside_offices.keys(here.uow.session, agency) | sent


def _tick(form: Form, keys: set[int], told: Added) -> None:
    held = {int(key) for key in form.values["to"].split()}
    told.added += names_of(keys - held)
    told.there += names_of(keys & held)
    form.values["to"] = joined(sorted(held | keys))


def _write(form: Form, names: list[str], told: Added, into: str) -> None:
    text = form.values[into].replace("\r", "")
    there = {key_of(name) for name in outside_of(text)}
    new = {key_of(name): name for name in names if key_of(name) not in there}
    told.added += new.values()
    told.there += [name for name in names if key_of(name) in there]
    form.values[into] = _below(text, list(new.values()))


def _below(text: str, names: list[str]) -> str:
    """New lines stand where people write the next one: under the last recipient, above the file copies."""
    lines = text.split("\n") if text else []
    end = next((at for at, line in enumerate(lines) if is_file_copy(line)), len(lines))
    while end and not lines[end - 1].strip():
        end -= 1
    return "\n".join([*lines[:end], *names, *lines[end:]])
