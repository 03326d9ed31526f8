"""`trinhky audit`: the root to keep outside, and the whole journal worked out anew against it.

Exit codes of `verify`: 0 nothing contradicts, 1 something is wrong, 2 it could not be checked.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from workflow.commands.serve import settings_or_sentence
from workflow.domain.audit import (
    Answer,
    Audited,
    Flaw,
    Outside,
    firsts,
    read_outside,
    spelled,
    typed,
    write_outside,
)
from workflow.domain.errors import WorkflowError
from workflow.domain.journal import utc_text
from workflow.services import anchor_stamps, anchoring
from workflow.services.auditing import examine
from workflow.store.session import Engine, make_engine, unit_of_work

NOT_CHECKED = 2

SENTENCES = {
    Flaw.ENTRY_CHANGED: "an entry was changed",
    Flaw.ENTRY_MISSING: "an entry is missing, there twice, or in another place",
    Flaw.CHAIN_CUT: "the last entries are gone",
    Flaw.CHAIN_GONE: "the whole chain is gone",
    Flaw.CHAIN_REMADE: "the chain was made anew: an anchor saw another one",
    Flaw.HEAD_DIFFERS: "the document names another end of its chain",
    Flaw.DOCUMENT_GONE: "the document is gone, its journal is still there",
    Flaw.VERDICT_CHANGED: "a verdict that the journal names was replaced, changed or removed",
    Flaw.EVIDENCE_GONE: "a revocation list, an answer about a certificate or a root was removed or changed",
    Flaw.LENGTH_FELL: "an anchor has a shorter chain than the one before",
    Flaw.ROOT_DIFFERS: "the chains under the anchor do not make its root",
    Flaw.ANCHOR_CHANGED: "the anchor was changed, or does not follow the one before",
    Flaw.ANCHOR_MISSING: "the anchor is missing",
    Flaw.TOKEN_WRONG: "the timestamp is damaged, or is not the one of the anchor",
    Flaw.OUTSIDE_UNKNOWN: "the root kept outside is of an anchor that is not here",
    Flaw.OUTSIDE_DIFFERS: "the root kept outside is another one than the journal makes",
    Flaw.LEAF_DIFFERS: "the list kept outside has another end of this chain",
    Flaw.NODE_DIFFERS: "a sum kept for speed is wrong (the nightly pass works it out anew)",
    Flaw.MISSED: "an entry came so late that anchors passed it (the nightly pass takes it in)",
}


@click.group("audit")
def command() -> None:
    """The journal's root, and whether anybody made the journal anew."""


@command.command("root")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--anchor", "number", type=click.IntRange(min=1), help="Which one; default: the newest.")
@click.option("--leaves", is_flag=True, help="With the end of every chain: 150 bytes each; names what is changed.")
def root(file: Path | None, number: int | None, leaves: bool) -> None:
    """Write the root to FILE, or print it. Keep it where nobody of this machine can change it."""
    engine = make_engine(settings_or_sentence().database_url)
    try:
        with unit_of_work(engine) as uow:
            kept = anchoring.outside(uow, number=number, listed=leaves)
    finally:
        engine.dispose()
    told = write_outside(kept)
    if file is None:
        click.echo(told, nl=False)
        return
    file.write_text(told, encoding="utf-8")
    click.echo(f"anchor {kept.number}: {spelled(kept.digest)}")


@command.command("verify")
@click.option("--root", "files", multiple=True, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="A root that was kept outside; may be given several times.")  # fmt: skip
@click.option("--kept", "words", multiple=True, metavar="NUMBER:DIGEST", help="The same off a page or a mail.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def verify(files: tuple[Path, ...], words: tuple[str, ...], as_json: bool) -> None:
    """Work out every chain, head, root and timestamp from the rows, and compare with what was kept outside.

    Without a root from outside the best answer is "internally consistent". Reads only; the service may run.
    """
    try:
        outside = [*map(_read, files), *map(typed, words)]
    except (OSError, UnicodeDecodeError, WorkflowError) as error:
        click.echo(f"no root of a journal, or it was changed: {error}", err=True)
        raise SystemExit(NOT_CHECKED) from error
    engine = make_engine(settings_or_sentence().database_url)
    try:
        audited = _examined(engine, outside)
    finally:
        engine.dispose()
    click.echo(
        json.dumps(_told(audited, outside), ensure_ascii=False, indent=1) if as_json else _said(audited, outside)
    )
    raise SystemExit(1 if audited.answer is Answer.BROKEN else 0)


def _read(file: Path) -> Outside:
    return read_outside(file.read_text(encoding="utf-8"), name=file.name)


def _examined(engine: Engine, outside: Sequence[Outside]) -> Audited:
    with unit_of_work(engine) as uow:
        trust = anchor_stamps.trusted(uow)
    return examine(engine, outside=outside, check_token=anchor_stamps.checking(trust, at=dt.datetime.now(dt.UTC)))


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def _said(audited: Audited, outside: Sequence[Outside]) -> str:
    lines = [
        f"{_many(audited.entries, 'entry', 'entries')} in {_many(audited.chains, 'chain')}, "
        f"{_many(audited.anchors, 'anchor')}, "
        f"{_many(audited.stamped, 'timestamp')} by listed authorities"
    ]
    for flaw, first in firsts(audited.findings).items():
        place = f" ({first.detail})" if first.detail else ""
        lines.append(f"{first.what}{place}: {SENTENCES[flaw]}; of this kind: {audited.counts[flaw]:,}")
    if audited.open_entries:
        named = ", ".join(sorted(audited.open_chains)[:10])
        lines.append(f"not anchored yet: {audited.open_entries:,} entries, in {named}")
    if not audited.last_number:
        lines.append("there is no anchor yet")
    match audited.answer:
        case Answer.BROKEN:
            lines.append("NOT CONSISTENT")
        case Answer.PROVEN if audited.proven_to is not None:
            lines.append(f"proven unchanged up to anchor {audited.proven_to.number}; what is younger is consistent")
        case _:
            lines.append("internally consistent" + ("" if outside else "; no root from outside was given"))
    return "\n".join(lines)


def _told(audited: Audited, outside: Sequence[Outside]) -> dict[str, Any]:
    return {
        "answer": str(audited.answer),
        "chains": audited.chains,
        "entries": audited.entries,
        "anchors": audited.anchors,
        "last_anchor": audited.last_number,
        "last_anchor_at": utc_text(audited.last_at) if audited.last_at else None,
        "proven_to": audited.proven_to.number if audited.proven_to else None,
        "roots_given": [one.name for one in outside],
        "timestamps": audited.stamped,
        "not_anchored": audited.open_entries,
        "not_anchored_chains": sorted(audited.open_chains),
        "found": {str(flaw): count for flaw, count in audited.counts.items()},
        "first": [one.as_json() for one in firsts(audited.findings).values()],
        "findings": [one.as_json() for one in audited.findings],
    }
