"""Taking in: a file that came becomes a document that waits to be received; papers are written down, files added.

    brought → inspected, read, judged (jail, no write) → kept with its row in one act → a scan read later, by a job

The verdict is there before anybody can register (Decree 30/2020, Art. 21.2a). A file that the agency has already
makes no second row. Nothing of a received file is ever written to.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workflow.adapters.blobs import Blobs
from workflow.domain.errors import BadInput
from workflow.domain.incoming import Source, State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.text import clean
from workflow.services import intake
from workflow.services.incoming import arriving, being_read, registering
from workflow.services.incoming.arriving import Facts, GivenFile
from workflow.services.incoming.being_read import facts_of_reading, line
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.incoming.what_came import Inspected, ReadText, asked, inspect, propose
from workflow.services.intake import JudgedFile
from workflow.store import arrivals
from workflow.store import incoming as store
from workflow.store.models import Incoming
from workflow.store.session import UnitOfWork

SIGNATURE_ENDINGS = (".p7s", ".p7m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A file as somebody brought it. `content`: the file that a detached signature (`data`) is about."""

    data: bytes
    filename: str
    content: bytes | None = None
    content_name: str = ""

    @property
    def paper(self) -> tuple[bytes, str]:
        """What is read and shown: the content, where the signature lies beside it."""
        return (self.data, self.filename) if self.content is None else (self.content, self.content_name)

    @property
    def key(self) -> str:
        """The same file has the same one."""
        made = hashlib.sha256(self.data)
        if self.content is not None:
            made.update(hashlib.sha256(self.content).digest())
        return made.hexdigest()


@dataclass(frozen=True, slots=True)
class Taken:
    """A document and whether this file made it; else it was here before."""

    document: Incoming
    fresh: bool


def pair(files: Iterable[tuple[str, bytes]]) -> list[Brought]:
    """Put a `.p7s` beside the file it is named after (`a.pdf.p7s`, or `a.p7s` with one `a.…`); order is kept."""
    listed = list(files)
    contents = [place for place, (name, _data) in enumerate(listed) if not _is_signature(name)]
    taken: dict[int, int] = {}
    for place, (name, _data) in enumerate(listed):
        if _is_signature(name):
            free = (one for one in contents if one not in taken.values())
            for found in (one for one in free if _named_after(name, listed[one][0])):
                taken[place] = found
                break
    beside = set(taken.values())
    return [
        Brought(data=data, filename=name)
        if place not in taken
        else Brought(
            data=data, filename=name, content=listed[taken[place]][1], content_name=listed[taken[place]][0]
        )
        for place, (name, data) in enumerate(listed)
        if place not in beside
    ]


def _is_signature(name: str) -> bool:
    return name.lower().endswith(SIGNATURE_ENDINGS)


def _named_after(signature: str, name: str) -> bool:
    base = signature.lower().rpartition(".")[0]
    return name.lower() == base or name.lower().rpartition(".")[0] == base


def take_in(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, main: Brought, source: Source, blobs: Blobs, now: dt.datetime,
    attachments: Sequence[Brought] = (), note: str = "",
) -> Taken:  # fmt: skip
    """A new arrival from a file and what came with it. Raises `BadInput` (`intake_empty`, `intake_agency`)."""
    demand(actor, Permission.RECEIVE_DOCUMENT)
    if actor.agency_id is None or actor.agency_id not in scope.agency_ids:
        raise BadInput("intake_agency")
    agency = actor.agency_id
    if (before := _here_before(uow, scope, agency, main)) is not None:
        return Taken(before, fresh=False)
    looked = [_looked_at(uow, actor, scope, one, blobs=blobs, now=now) for one in (main, *attachments)]
    read = propose(uow, main.paper[0], media_type=looked[0][0].media_type)
    kinds = ("main", *("attachment" for _one in attachments))
    uow.begin_write()
    given = [
        _kept(uow, actor, scope, one, found, kind=kind, source=source, now=now)
        for one, found, kind in zip((main, *attachments), looked, kinds, strict=True)
    ]
    paper = given[0].received.intake
    sha256 = paper.content_sha256 or paper.sha256
    read = asked(uow, read, sha256, now=now)
    facts = replace(facts_of_reading(uow, read, now=now), note=line(note)[:500])
    document, fresh = arriving.arrive(
        uow, actor, agency_id=agency, facts=facts, source=source, now=now, files=given, once_key=main.key,
        proposals=read.proposals, reading=read.state,
    )  # fmt: skip
    if fresh:
        being_read.note_new(uow, document, read, sha256=sha256, now=now)
    return Taken(document, fresh)


def _here_before(uow: UnitOfWork, scope: Scope, agency: int, main: Brought) -> Incoming | None:
    made = store.once(uow.session, agency, once_key=main.key)
    return made if made is not None else arrivals.holding(
        scope, uow.session, agency_id=agency, sha256=hashlib.sha256(main.data).hexdigest(),
        content_sha256=hashlib.sha256(main.content).hexdigest() if main.content is not None else "",
    )  # fmt: skip


_Looked = tuple[Inspected, JudgedFile]


def _looked_at(
    uow: UnitOfWork, actor: Actor, scope: Scope, brought: Brought, *, blobs: Blobs, now: dt.datetime
) -> _Looked:
    data, name = brought.paper
    if not brought.data or not data:
        raise BadInput("intake_empty")
    judged = intake.judge(
        uow,
        actor,
        scope,
        data=brought.data,
        filename=brought.filename,
        content=brought.content,
        blobs=blobs,
        now=now,
    )
    return inspect(uow, data, filename=name), judged


def _kept(
    uow: UnitOfWork, actor: Actor, scope: Scope, brought: Brought, looked: _Looked, *, kind: str, source: Source,
    now: dt.datetime,
) -> GivenFile:  # fmt: skip
    found, judged = looked
    return GivenFile(
        received=intake.keep(uow, actor, scope, judged=judged, source=str(source), now=now), kind=kind,
        media_type=found.media_type, pages=found.pages, quarantined=found.quarantined, warnings=found.warnings,
        content_name=_plain_name(brought.content_name),
    )  # fmt: skip


def _plain_name(name: str) -> str:
    return clean("".join(sign if sign.isprintable() else " " for sign in name))[-200:]


def add_file(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, incoming_id: int, version: int | None, brought: Brought,
    kind: str, blobs: Blobs, now: dt.datetime,
) -> Taken:  # fmt: skip
    """A scan, an envelope or an attachment for a document that is here. The same file again changes nothing.

    A scan of a paper is read too, and what it says compared with the register (`services.incoming.being_read`).
    """
    document = store.find(scope, uow.session, incoming_id)
    if document.secret:
        raise BadInput("secret_content_refused")
    if _has(uow, incoming_id, brought):
        return Taken(document, fresh=False)
    looked = _looked_at(uow, actor, scope, brought, blobs=blobs, now=now)
    read = propose(uow, brought.paper[0], media_type=looked[0].media_type) if kind == "scan" else ReadText()
    uow.begin_write()
    document = store.lock(scope, uow.session, incoming_id, version=version)
    given = _kept(uow, actor, scope, brought, looked, kind=kind, source=Source.SCAN, now=now)
    document = arriving.attach(uow, actor, scope, incoming_id=document.id, version=version, given=given, now=now)
    held = [file for file, _intake in store.files_of(uow.session, document.id)]
    if not any(file.kind == "main" for file in held):  # else the document speaks for itself
        scan = max((file for file in held if file.kind == kind), key=lambda file: file.ordinal)
        read = asked(uow, read, scan.sha256, now=now)
        being_read.note(uow, actor, document, read, ordinal=scan.ordinal, sha256=scan.sha256, now=now)
    return Taken(document, fresh=True)


def _has(uow: UnitOfWork, incoming_id: int, brought: Brought) -> bool:
    digest = hashlib.sha256(brought.data).hexdigest()
    return any(file.sha256 == digest for file, _intake in store.files_of(uow.session, incoming_id))


def write_down(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, facts: Facts, form: str, register: bool, now: dt.datetime,
    due: DueChoice | None = None,
) -> Taken:  # fmt: skip
    """A paper: its facts, and its number at once where `register`; a scan may come later. `form`: its one name."""
    demand(actor, Permission.RECEIVE_DOCUMENT)
    if actor.agency_id is None or actor.agency_id not in scope.agency_ids:
        raise BadInput("intake_agency")
    document, fresh = arriving.arrive(
        uow, actor, agency_id=actor.agency_id, facts=facts, source=Source.PAPER, now=now,
        once_key=paper_key(actor.person_id, form),
    )  # fmt: skip
    if register and document.state == State.ARRIVED:
        document = registering.register(uow, actor, scope, incoming_id=document.id, version=None, now=now, due=due)
        return Taken(document, fresh=True)
    return Taken(document, fresh=fresh)


def paper_key(person_id: int | None, form: str) -> str:
    """What one form of one person makes once."""
    return hashlib.sha256(f"paper:{person_id}:{form}".encode("utf-8", "surrogatepass")).hexdigest()
