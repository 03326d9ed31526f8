"""XML read as events, without entities: whoever declares one in an office file means no good."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

Begin = Callable[[str, dict[str, str]], None]


class Declared(Exception):
    """An entity was declared: a bomb, or a door to other files."""


def events(data: bytes, begin: Begin, text: Callable[[str], None] | None = None) -> None:
    """Call `begin` for every element, by its local name, and `text` for what stands between.

    Raises `expat.ExpatError` where it is no XML, `Declared` where an entity is declared.
    """
    parser = expat.ParserCreate(namespace_separator=None)
    parser.StartElementHandler = lambda name, attributes: begin(_local(name), _locals(attributes))
    parser.EntityDeclHandler = _declared
    if text is not None:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


def _declared(*_what: object) -> None:
    raise Declared


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _locals(attributes: dict[str, str]) -> dict[str, str]:
    return {_local(name): value for name, value in attributes.items()}
