"""Documents in every state, made by the services themselves, with real PDFs and real signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from signing.testing import Identity
from tests.support.keys import Keys, founded
from tests.support.laid import laid
from tests.support.office import NOON, Office
from workflow.adapters.blobs import Blobs
from workflow.adapters.render import Letter, Part, render_letter
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.services import signing
from workflow.services.documents import acts, attachments, drafting, files, ink, numbers
from workflow.store import attachments as attached_to
from workflow.store import documents as store
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

BASE = "http://localhost"


@lru_cache(maxsize=8)
def letter(subject: str = "V/v phòng chống bão số 9") -> bytes:
    """A one-page letter as offices write them."""
    made = render_letter(
        Letter(
            agency="ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM", parent="", subject=subject,
            parts=(Part("Thực hiện chỉ đạo của tỉnh, xã Đồng Tâm yêu cầu các thôn trực 24/24 giờ."),),
            recipients=("Như trên", "Lưu: VT"), addressees=("Các thôn",),
        ),
        made_at=NOON,
    )  # fmt: skip
    return made.pdf


@dataclass(slots=True)
class Papers:
    """One office at one moment (`now` may be moved); every verb is a unit of work of its own."""

    office: Office
    blobs: Blobs
    keys: Keys
    now: dt.datetime = NOON

    def do(self, service: Callable[..., Any], who: str, *, scoped: bool = True, **named: Any) -> Any:
        """Call a service as somebody and commit."""
        with unit_of_work(self.office.engine) as uow:
            given = (self.office.actor(who), self.office.scope(who)) if scoped else (self.office.actor(who),)
            result = service(uow, *given, now=self.now, **named)
            uow.commit()
            return result

    def row(self, document_id: int, who: str = "clerk") -> Outgoing:
        """The document as it stands."""
        with unit_of_work(self.office.engine) as uow:
            return store.find(self.office.scope(who), uow.session, document_id)

    def draft(
        self, *, drafter: str = "drafter", signer: str = "leader", capacity: Capacity = Capacity.HEAD,
        file: bool = True, attach: Sequence[tuple[str, bytes]] = (), **facts: Any,
    ) -> int:  # fmt: skip
        """A draft, with its file unless `file=False`, and what is attached to it: (file name, bytes)."""
        given = {"type_code": "letter", "subject": "V/v phòng chống bão số 9", "recipients": "Các thôn"} | facts
        made = self.do(
            drafting.create, drafter, scoped=False,
            facts=drafting.DraftFacts(signer_post_id=self.office.posts[signer].id, capacity=capacity, **given),
        )  # fmt: skip
        if file:
            self.do(files.upload_draft, drafter, document_id=made.id, version=1, data=letter(), filename="cv.pdf",
                    blobs=self.blobs)  # fmt: skip
        for name, data in attach:
            self.attach(made.id, name, data, drafter=drafter)
        return int(made.id)

    def attach(self, document_id: int, filename: str, data: bytes, *, drafter: str = "drafter") -> int:
        """One more file that goes with a draft; its key."""
        row, _new = self.do(
            attachments.add, drafter, document_id=document_id, version=self.row(document_id, drafter).version,
            data=data, filename=filename, blobs=self.blobs,
        )  # fmt: skip
        return int(row.id)

    def act(self, who: str, document_id: int, action: Action, remark: str = "") -> Outgoing:
        """A plain action."""
        result: Outgoing = self.do(
            acts.act, who, document_id=document_id, action=action, version=None, remark=remark
        )
        return result

    def in_review(self, **facts: Any) -> int:
        """Before the head of the unit."""
        document_id = self.draft(**facts)
        self.act(facts.get("drafter", "drafter"), document_id, Action.SUBMIT)
        return document_id

    def format_check(self, **facts: Any) -> int:
        """Before the clerk."""
        document_id = self.in_review(**facts)
        self.act("head", document_id, Action.APPROVE)
        return document_id

    def awaiting(self, **facts: Any) -> int:
        """On its signer's desk."""
        document_id = self.format_check(**facts)
        self.confirm_format(document_id)
        return document_id

    def confirm_format(self, document_id: int, *, accepted: bool = False) -> None:
        """The clerk's check, which makes the file that is signed; `accepted`: what differs stays as typed."""
        self.do(
            files.confirm_format, "clerk", document_id=document_id, version=None, blobs=self.blobs, base_url=BASE,
            accepted=accepted,
        )  # fmt: skip

    def signed(self, **facts: Any) -> int:
        """Signed digitally by its signer, to be numbered."""
        document_id = self.awaiting(**facts)
        who = facts.get("signer", "leader")
        self.sign(who, "leader", self.keys.held[who], document_id)
        return document_id

    def inked(self, **facts: Any) -> int:
        """Signed in ink, to be numbered."""
        document_id = self.awaiting(**facts)
        read = ink.InkSignature(
            signer_post_id=self.office.posts["leader"].id, capacity=Capacity.HEAD,
            signed_on=self.now.date(), reason="Lãnh đạo đi cơ sở, chưa có thiết bị ký",
        )  # fmt: skip
        self.do(ink.record_ink, "clerk", document_id=document_id, version=None, ink=read)
        return document_id

    def numbered(self, **facts: Any) -> int:
        """Entered in the register; the number does not stand on the paper yet."""
        document_id = self.signed(**facts)
        self.do(numbers.number, "clerk", document_id=document_id, version=None)
        return document_id

    def number_signed(self, **facts: Any) -> int:
        """Ready for the seal."""
        document_id = self.numbered(**facts)
        self.sign("clerk", "number", self.keys.held["commune"], document_id)
        return document_id

    def sealed(self, **facts: Any) -> int:
        """Ready to be issued."""
        document_id = self.number_signed(**facts)
        self.seal(document_id)
        return document_id

    def seal(self, document_id: int) -> None:
        """What is attached first, then the document."""
        with unit_of_work(self.office.engine) as uow:
            attached = attached_to.unsealed(uow.session, document_id)
        for one in (*attached, None):
            self.sign("clerk", "seal", self.keys.held["commune"], document_id, one)

    def issued(self, **facts: Any) -> int:
        """Out of the house."""
        document_id = self.sealed(**facts)
        self.act("clerk", document_id, Action.ISSUE)
        return document_id

    def sign(
        self, who: str, purpose: str, identity: Identity, document_id: int, attachment_id: int | None = None
    ) -> signing.Outcome:
        """Both phases with a key in hand."""
        token = self.do(signing.open_session, who, scoped=False, purpose=purpose, login_session_id=None,
                        certificate=identity.der)  # fmt: skip
        item = self.do(
            signing.prepare, who, session=token, login_session_id=None, document_id=document_id,
            version=self.row(document_id, who).version, blobs=self.blobs, attachment_id=attachment_id,
        )  # fmt: skip
        outcome: signing.Outcome = self.do(
            signing.finish, who, session=token, login_session_id=None, document_id=document_id,
            signature=identity.sign(item.to_be_signed, raw=True), blobs=self.blobs, attachment_id=attachment_id,
        )  # fmt: skip
        return outcome


def papers_of(office: Office, blobs: Blobs, *, now: dt.datetime = NOON) -> Papers:
    """The office with keys for the leader, the deputy and the agency, and revocation lists of this morning."""
    first = laid(office.engine, ("keys", now), lambda: enrolled(office, now))
    return Papers(office, blobs, Keys(office, first.root, first.issuing, dict(first.held)), now)


def enrolled(office: Office, now: dt.datetime) -> Keys:
    """As the program writes them; `papers_of` where only the rows matter."""
    keys = founded(office)
    for name in ("leader", "deputy", "commune"):
        keys.issue(name)
        keys.enrol(name)
    keys.publish(at=now - dt.timedelta(hours=6))
    return keys
