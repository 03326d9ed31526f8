"""The words of the `.po` files, without compiled catalogues: screens and notices read the same ones.

Message ids are English plain text. The files lie beside the screens, `workflow/web/translations/<locale>/`; English
needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

VIETNAMESE = "vi"
ENGLISH = "en"
LOCALES = (VIETNAMESE, ENGLISH)
"""The first is used when in doubt."""

FOLDER = Path(__file__).parents[1] / "web" / "translations"


@dataclass(slots=True)
class Catalogue:
    """The messages of one language. Vietnamese has one form for every number.

    An id that two files translate differently keeps its first translation and is noted in `clashes`, which the
    fence test wants empty.
    """

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    clashes: list[str] = field(default_factory=list)

    def read(self, path: Path, locale: str) -> None:
        """Add one file."""
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=locale, abort_invalid=True)
        for message in catalogue:
            if not message.id or message.fuzzy:
                continue
            key, text = _first(message.id), _first(message.string)
            if text:
                self._add((message.context or "", key), text, path)

    def _add(self, key: tuple[str, str], text: str, path: Path) -> None:
        if self.texts.setdefault(key, text) != text:
            self.clashes.append(f"{path.name}: {key[1]!r} is {self.texts[key]!r} already, not {text!r}")


def _first(forms: str | Sequence[str] | None) -> str:
    """The only form of a text, or the singular of one that has two."""
    return forms if isinstance(forms, str) else (forms or [""])[0]


def load(folder: Path = FOLDER) -> dict[str, Catalogue]:
    """One catalogue a language."""
    found = {locale: Catalogue() for locale in LOCALES}
    for locale, catalogue in found.items():
        for path in sorted((folder / locale).glob("*.po")):
            catalogue.read(path, locale)
    return found


@cache
def of_feature(name: str, locale: str) -> Catalogue:
    """One file only, read once: what a clock or a command needs, which show no screens."""
    made = Catalogue()
    path = FOLDER / locale / f"{name}.po"
    if path.exists():
        made.read(path, locale)
    return made
