"""`trinhky symbol`: a number and symbol in its parts, as one line of JSON. It asks no database."""

from __future__ import annotations

import json
import os

import click

from workflow.domain.errors import BadInput
from workflow.domain.numbering import Symbol, normalise, parse


@click.command("symbol")
@click.argument("text")
def command(text: str) -> None:
    """Read TEXT, a number and symbol as people write them, and print its parts.

    `type` is the kind's abbreviation, empty for a công văn; `kind` says how the symbol is built: normative, law,
    typed or letter. A symbol that could be another kind's is read by its look, and a line on stderr says so.
    """
    text = os.fsencode(text).decode("utf-8", "replace")  # a shell that knows ASCII only passes bytes through
    try:
        found = parse(text)
    except BadInput as error:
        raise click.ClickException(_sentence(text)) from error
    click.echo(json.dumps(_parts(found), ensure_ascii=False).encode())  # bytes: UTF-8 whatever the terminal says
    if found.ambiguous:
        words = (
            f"{found} may also be an official letter of an office {found.abbreviation}: only its kind, kept "
            "beside the symbol, tells."
        )
        click.echo(words.encode(), err=True)


def _parts(found: Symbol) -> dict[str, object]:
    return {
        "number": found.number,
        "suffix": found.suffix,
        "year": found.year,
        "type": found.abbreviation,
        "agency": found.agency,
        "unit": found.unit,
        "kind": str(found.form),
        "normalised": str(found),
    }


def _sentence(text: str) -> str:
    try:
        shown = normalise(text)
    except BadInput:  # characters that no text holds
        shown = ascii(text)
    return f"{shown!r} is no number and symbol: write it like 15/QĐ-UBND, 15/UBND-VP or 12/2026/QĐ-UBND."
