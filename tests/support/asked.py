"""Drafts that people are asked about: acts of `services.opinions` by short names, on texts that cost no PDF."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.support.office import NOON, Office
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.people import Actor
from workflow.services.documents import acts, drafting, files
from workflow.services.opinions import answering, asking
from workflow.services.opinions.asking import To
from workflow.store import opinions as store
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work


@dataclass(slots=True)
class Asking:
    """One office; every verb is a unit of work of its own."""

    office: Office
    now: dt.datetime = NOON

    def do(self, service: Callable[..., Any], who: str, *, actor: Actor | None = None, **named: Any) -> Any:
        """Call a service as somebody and commit."""
        with unit_of_work(self.office.engine) as uow:
            doer = actor or self.office.actor(who)
            result = service(uow, doer, self.office.scope(who), now=self.now, **named)
            uow.commit()
            return result

    def draft(self, *, text: str = "first", **facts: Any) -> int:
        """A draft of the economy unit with a text."""
        given = {"type_code": "letter", "subject": "V/v phòng chống bão số 9", "recipients": "Các thôn"} | facts
        signer = self.office.posts["leader"].id
        with unit_of_work(self.office.engine) as uow:
            made = drafting.create(
                uow, self.office.actor("drafter"), facts=drafting.DraftFacts(signer_post_id=signer, **given),
                now=self.now,
            )  # fmt: skip
            uow.commit()
        self.text(made.id, text)
        return int(made.id)

    def text(self, document_id: int, text: str) -> str:
        """Another file, by its hash only: nobody opens it here."""
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        with unit_of_work(self.office.engine) as uow:
            uow.begin_write()
            document = uow.session.get_one(Outgoing, document_id)
            files.keep(uow, sha256=sha256, size=1, now=self.now)
            files.add_version(
                uow, document, kind="draft", sha256=sha256, actor=self.office.actor("drafter"), now=self.now
            )
            document.file_sha256, document.pages = sha256, 1
            uow.commit()
        return sha256

    def act(self, who: str, document_id: int, action: Any, remark: str = "") -> Any:
        """A plain action on the document."""
        return self.do(acts.act, who, document_id=document_id, action=action, version=None, remark=remark)

    def ask(self, document_id: int, *to: str, who: str = "drafter", due: dt.date | None = None) -> list[int]:
        """Ask: `culture!` for the initials of a unit, `culture` for a unit's opinion, `clerk@` for a person's."""
        office = self.office
        wanted = [
            To(kind=Kind.INITIALS, unit_id=office.units[name[:-1]])
            if name.endswith("!")
            else To(post_id=office.posts[name[:-1]].id)
            if name.endswith("@")
            else To(unit_id=office.units[name])
            for name in to
        ]
        rows = self.do(asking.ask, who, document_id=document_id, to=wanted, question="Nội dung mục 2?", due_on=due)
        return [row.id for row in rows]

    def answer(
        self, request_id: int, who: str, verdict: Verdict = Verdict.AGREE, words: str = "", *,
        seen: str | None = None, actor: Actor | None = None,
    ) -> Any:  # fmt: skip
        """Answer on the present text, unless `seen` names another."""
        with unit_of_work(self.office.engine) as uow:
            scope = self.office.scope(who)
            _asked, document = store.find(scope, uow.session, request_id)
            present = seen or store.present_text(uow.session, document.id) or ""
        return self.do(
            answering.answer, who, actor=actor, request_id=request_id, verdict=verdict, words=words, seen=present
        )

    def in_place(self, who: str, of: str) -> Actor:
        """What a door builds for somebody at another's desk."""
        there = self.office.actor(of)
        mine, theirs = self.office.posts[who].person_id, self.office.posts[of].person_id
        return replace(there, person_id=mine, in_place_of=theirs)
