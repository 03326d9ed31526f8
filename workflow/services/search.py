"""Full-text search kept current: a document's row is written with every act on it, texts of files by a job.

Of a secret document only its facts are kept; it holds no file anyway.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.adapters import file_text
from workflow.adapters.blobs import BlobDamaged, BlobMissing, Blobs
from workflow.adapters.file_text import FileSays
from workflow.domain.permissions import Scope
from workflow.domain.search import PART, Asked, plain, read_query, words_of
from workflow.services.journal import local_day
from workflow.store import cosigning, reading, search_rows
from workflow.store import search as store
from workflow.store import search_sources as sources
from workflow.store.models import DocumentType, Incoming, Outgoing
from workflow.store.search import OUT, Narrowed
from workflow.store.search_rows import Entry
from workflow.store.search_sources import Source
from workflow.store.session import UnitOfWork

LONGEST_TEXT = 60_000
"""Characters kept of one document: facts first, then its own file, then what is attached."""
LEASE = dt.timedelta(minutes=10)
"""How long one document may take: a few files of at most half a minute each."""


def index(uow: UnitOfWork, kind: str, document: Outgoing | Incoming) -> None:
    """Write a document's row at the end of this act, in its transaction, from what the act leaves.

    To be called by whatever changes a document's facts, files, or whose it is.
    """
    document_id = document.id
    uow.before_commit(("search", kind, document_id), lambda: write(uow, kind, document_id))


def write(uow: UnitOfWork, kind: str, document_id: int) -> bool:
    """Write it now; whether it still waits for the text of a file."""
    uow.flush()
    found = uow.session.get(Outgoing, document_id) if kind == OUT else uow.session.get(Incoming, document_id)
    document: Outgoing | Incoming | None = found
    if document is None:
        return False
    facts, tags, day = _outgoing(uow, document) if isinstance(document, Outgoing) else _incoming(uow, document)
    gone = document.secret or document.state == "recalled"  # nobody reads what its sender took back (Art. 18.4b)
    files = [] if gone else sources.files_of(uow.session, kind, document_id)
    texts = sources.texts_of(uow.session, files, most=LONGEST_TEXT)
    text = "\n".join([*facts, *_said(files, texts)])[:LONGEST_TEXT]
    tags += [f"k{kind}", f"a{document.agency_id}", f"m{day:%Y%m}"]
    tags += [f"t{store.tag_of(document.type_code)}"] if document.type_code else []
    entry = Entry(
        kind=kind, document_id=document_id, agency_id=document.agency_id, day=day, text=text,
        words=words_of(text), tags=list(dict.fromkeys(tags)),
        waiting=any(one.sha256 not in texts for one in files),
    )  # fmt: skip
    search_rows.put(uow.session, entry)
    return entry.waiting


def _said(files: Sequence[Source], texts: Mapping[str, str]) -> list[str]:
    """The names of what is attached, so that a long text does not push them out; then what each file says, with the
    attachment that it stands in."""
    names = [plain(one.attached).replace("\n", " ") for one in files if one.attached]
    own = [texts[one.sha256] for one in files if not one.attached and texts.get(one.sha256)]
    beside = [texts.get(one.sha256, "") for one in files if one.attached]
    return [*names, *own, *(f"{PART}{name}\n{said}" for name, said in zip(names, beside, strict=True) if said)]


def _outgoing(uow: UnitOfWork, document: Outgoing) -> tuple[list[str], list[str], dt.date]:
    """Number and symbol, subject, then the rest of the facts; whose it is; its day."""
    kind, *people = sources.names_of(uow.session, document.id)
    facts = [document.symbol, document.subject, kind, document.recipients, *people, document.code]
    tags = [f"u{document.unit_id}", f"p{document.drafter_id}"]
    tags += [f"p{document.signer_id}"] if document.signer_id is not None else []
    tags += [f"p{person}" for person in cosigning.persons(uow.session, document.id)]
    tags += _numbers(document.number, document.symbol)
    return _lines(facts), tags, local_day(document.issued_at or document.created_at)


def _incoming(uow: UnitOfWork, document: Incoming) -> tuple[list[str], list[str], dt.date]:
    facts = [
        document.symbol, document.subject, _type(uow, document.type_code), document.issuer,
        f"{document.signer_title} {document.signer}", document.note, document.direction, document.result_words,
    ]  # fmt: skip
    tags: list[str] = []
    for unit_id, person_id in sources.parts_of(uow.session, document.id):
        tags += [f"u{unit_id}"] + ([f"p{person_id}"] if person_id is not None else [])
    tags += _numbers(document.number, document.symbol)
    return _lines(facts), tags, document.issued_on or local_day(document.arrived_at)


def _numbers(own: int | None, symbol: str) -> list[str]:
    """The number drawn here, and the one that the symbol begins with."""
    first = words_of(symbol.partition("/")[0])[:1]
    written = [word for word in first if word.isascii() and word.isdigit()]
    return [f"n{number}" for number in dict.fromkeys([*([str(own)] if own else []), *written])]


def _lines(facts: Sequence[str]) -> list[str]:
    """The first two always stand, however empty, so that a page can leave out what it shows itself."""
    lines = [plain(fact) for fact in facts]
    return [line.replace("\n", " ") for line in lines[:2]] + [line for line in lines[2:] if line]


def _type(uow: UnitOfWork, code: str | None) -> str:
    kind = uow.session.get(DocumentType, code) if code else None
    return kind.name_vi if kind is not None else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search came to: in which way the query was understood, its rows (perhaps one too many)."""

    asked: Asked
    rows: Sequence[Any]
    way: int
    """0 the strictest; more where that found nothing."""


def search(
    uow: UnitOfWork, scope: Scope, words: str, *, narrowed: Narrowed, after: int | None = None, limit: int,
    way: int | None = None,
) -> Answer | None:  # fmt: skip
    """The newest documents within a scope, by the strictest way of reading the words that finds any.

    `way`: how the page before read them. None where nothing was typed that could be looked for.
    """
    ways = read_query(words)
    tried = [number for number in range(len(ways)) if way is None or number == min(way, len(ways) - 1)]
    answer: Answer | None = None
    for number in tried:
        rows = store.found(scope, uow.session, ways[number], narrowed=narrowed, after=after, limit=limit)
        answer = Answer(ways[number], rows, number)
        if rows:
            break
    return answer


def next_waiting(uow: UnitOfWork, *, now: dt.datetime, limit: int) -> list[tuple[int, str, int]]:
    """(key, kind, document) of rows that wait, for a job that takes each before it works on it."""
    return [(row[0], row[1], row[2]) for row in search_rows.waiting(uow.session, now=now, limit=limit)]


def take(uow: UnitOfWork, key: int, *, now: dt.datetime) -> bool:
    """Say that this process works on a row; False where another one does or has done. The door commits."""
    uow.begin_write()
    return search_rows.take(uow.session, key, now=now, until=now + LEASE)


def unread_files(uow: UnitOfWork, kind: str, document_id: int) -> list[str]:
    """Files of a document whose text is not known yet."""
    return sources.unread(uow.session, sources.files_of(uow.session, kind, document_id))


def read_file(uow: UnitOfWork, sha256: str, *, blobs: Blobs, now: dt.datetime) -> str:
    """Read one file in the jail and keep what it says; the state it was found in. Pages that only OCR can read are
    asked for (`services.scans`), which lets the document wait once more when they were read."""
    try:
        data = uow.compute(blobs.get, sha256)
    except (BlobMissing, BlobDamaged):
        says = FileSays("lost")
    else:
        says = uow.compute(file_text.read, data)
    uow.begin_write()
    if says.bare:  # before the text, in the order of whoever finishes a reading: else the two could wait crosswise
        reading.ask(uow.session, sha256, facts=False, now=now)
    sources.keep_text(
        uow.session, sha256, state=says.state, text=plain(says.text()), pages=len(says.texts), now=now
    )  # fmt: skip
    return says.state


def finish(uow: UnitOfWork, kind: str, document_id: int) -> None:
    """Write a document's row after its files were read; a file that came meanwhile lets it wait on."""
    uow.begin_write()
    write(uow, kind, document_id)


def rebuild(uow: UnitOfWork) -> int:
    """Let every document wait for its row to be written anew; how many there are."""
    uow.begin_write()
    return search_rows.let_all_wait(uow.session)


def write_some(
    uow: UnitOfWork, *, now: dt.datetime, limit: int, before: int | None = None
) -> tuple[int, int | None]:
    """Write rows that wait, the newest first, with what is known of their files, in one transaction: (how many,
    where to go on). Those whose files were not read go on waiting for the job."""
    uow.begin_write()
    batch = search_rows.waiting(uow.session, now=now, limit=limit, before=before)
    for _key, kind, document_id in batch:
        write(uow, kind, document_id)
    uow.session.expunge_all()
    return len(batch), batch[-1][0] if batch else None
