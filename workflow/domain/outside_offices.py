"""Offices outside this installation, as an agency knows them: names, codes, how a copy reaches them.

A name is one office's within an agency, whatever its case; accents count, since Tân An and Tấn An are two communes.
Codes follow Decision 20/2020/QĐ-TTg: groups of A–Z and 0–9, one for each level, at most 35 characters. The form of
before, `000.00.01.H01`, fits too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from workflow.domain.dispatch import MOST_ALIASES, NAME_LENGTH, Channel
from workflow.domain.errors import BadInput
from workflow.domain.imports.offices import is_address
from workflow.domain.text import clean

SHORT_LENGTH, CODE_LENGTH, ADDRESS_LENGTH, EMAIL_LENGTH, NOTE_LENGTH = 100, 35, 500, 200, 1000
_CODE = re.compile(r"[A-Z0-9]+(\.[A-Z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What is known of one. `aliases`: other names that papers bear; `channel`: how copies go there as a rule."""

    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    code: str = ""
    address: str = ""
    email: str = ""
    channel: str = ""
    note: str = ""

    def names(self) -> dict[str, str]:
        """Key → words of everything it is called, its name first."""
        found: dict[str, str] = {}
        for words in (self.name, self.short_name, *self.aliases):
            if words:
                found.setdefault(key_of(words), words)
        return found


def key_of(words: str) -> str:
    """What makes two ways of writing one name: no case, no space at the ends, one form of accents."""
    return unicodedata.normalize("NFC", " ".join(words.split()).casefold())[:NAME_LENGTH]


def split_names(text: str) -> tuple[str, ...]:
    """Other names, one a line or with semicolons between them, each once."""
    found = {key_of(words): words for part in re.split(r"[;\n]", text) if (words := clean(part))}
    return tuple(found.values())


def tidy(office: Office) -> Office:
    """The same, as it is stored.

    Raises `BadInput` with `office_name`, `office_name_long`, `office_code`, `office_email`, `office_mail_needed`,
    `office_address_needed`.
    """
    name = clean(office.name)
    if not name:
        raise BadInput("office_name")
    names = split_names("\n".join(office.aliases))
    aliases = tuple(words for words in names if key_of(words) != key_of(name))
    if any(len(words) > NAME_LENGTH for words in (name, *aliases)):
        raise BadInput("office_name_long", limit=NAME_LENGTH)
    made = Office(
        name=name, short_name=clean(office.short_name)[:SHORT_LENGTH], aliases=aliases,
        code=clean(office.code).upper(), address=clean(office.address, multiline=True)[:ADDRESS_LENGTH],
        email=clean(office.email)[:EMAIL_LENGTH], channel=office.channel,
        note=clean(office.note, multiline=True)[:NOTE_LENGTH],
    )  # fmt: skip
    if wrong := fault_of(made):
        raise BadInput(wrong, text=made.code if wrong == "office_code" else made.email)
    return made


def demand_few(office: Office) -> None:
    """Raises `BadInput("office_aliases")` for more other names than an entry may bear."""
    if (count := len(office.aliases)) > MOST_ALIASES:
        raise BadInput("office_aliases", limit=MOST_ALIASES, count=count)


def fault_of(office: Office) -> str:
    """What cannot be in code, address and channel, as a refusal's code; empty where nothing is wrong."""
    if office.code and not is_code(office.code):
        return "office_code"
    if office.email and not is_address(office.email):
        return "office_email"
    if office.channel == Channel.MAIL and not office.email:
        return "office_mail_needed"
    if office.channel == Channel.POST and not office.address:
        return "office_address_needed"
    return ""


def is_code(text: str) -> bool:
    """A code as the decision writes it."""
    return len(text) <= CODE_LENGTH and _CODE.fullmatch(text) is not None


def merged(stays: Office, goes: Office) -> Office:
    """Two entries of one office as one: every name stays known, what was empty is filled in."""
    known = stays.names()
    more = [words for key, words in goes.names().items() if key not in known]
    address, email = stays.address or goes.address, stays.email or goes.email
    aliases = (*stays.aliases, *split_names("\n".join(more)))
    return Office(
        name=stays.name, short_name=stays.short_name, aliases=aliases,
        code=stays.code or goes.code, address=address, email=email, channel=stays.channel or goes.channel,
        note="\n".join(part for part in (stays.note, goes.note) if part)[:NOTE_LENGTH],
    )  # fmt: skip
