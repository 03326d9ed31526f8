"""Words in the reader's language, from the `.po` files, without compiled catalogues.

Message ids are English plain text, never markup. All `translations/<locale>/*.po` files of a language are read
into one catalogue when the application starts. Values are filled in by name (`_("Hello %(name)s", name=…)`)
and only then: a text without values may hold a bare percent sign.
"""

from __future__ import annotations

from flask import g

from workflow.adapters.catalogues import ENGLISH, LOCALES, VIETNAMESE, load

__all__ = [
    "CATALOGUES",
    "ENGLISH",
    "LOCALES",
    "N_",
    "VIETNAMESE",
    "_",
    "best_locale",
    "gettext",
    "locale",
    "ngettext",
    "pgettext",
]  # fmt: skip

CATALOGUES = load()


def locale() -> str:
    """The language of the present request; Vietnamese outside one."""
    here = g.get("current") if g else None
    return VIETNAMESE if here is None else str(here.locale)


def gettext(msgid: str, /, **values: object) -> str:
    """The text in the reader's language, values filled in."""
    text = CATALOGUES[locale()].texts.get(("", msgid), msgid)
    return text % values if values else text


def pgettext(context: str, msgid: str, /, **values: object) -> str:
    """The same for a word that needs its context (`state`, `role`) to be translated."""
    text = CATALOGUES[locale()].texts.get((context, msgid), msgid)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, /, **values: object) -> str:
    """The text for a number; `%(n)s` is filled in too."""
    fallback = singular if n == 1 else plural
    return CATALOGUES[locale()].texts.get(("", singular), fallback) % {"n": n, **values}


def N_(msgid: str) -> str:
    """Mark a text of a table for translation; it is translated where it is shown."""
    return msgid


_ = gettext


def best_locale(accept_language: str) -> str:
    """The first language of ours in an Accept-Language header by weight; Vietnamese when none is named."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language.split(",")[:20]):
        tag, _sep, weight = part.strip().partition(";q=")
        code = tag.split("-", 1)[0].strip().lower()
        if code in LOCALES:
            ranked.append((-_weight(weight), place, code))
    return min(ranked)[2] if ranked else VIETNAMESE


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
