"""Documents signed by another program (pyHanko) and brought back: what is taken, and everything that is not."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import Engine, select

from signing.testing import Identity, Revoked
from tests.support import elsewhere, engines
from tests.support.office import NOON, build
from tests.support.papers import Papers, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.cosigning import Part, Wanted
from workflow.domain.errors import Conflict, NotFound, WorkflowError
from workflow.domain.key_holders import Control, KeyHolder
from workflow.domain.outgoing import Action, State
from workflow.services import signing
from workflow.services.documents import cosigning, numbers
from workflow.services.signing import returning
from workflow.store.models import Journal, Signature, SigningItem, VerdictRow
from workflow.store.session import unit_of_work


@dataclass(slots=True)
class Counter:
    """Gives files away and takes them back."""

    papers: Papers

    def sent(self, document_id: int) -> bytes:
        """The file as another program gets it."""
        return self.papers.blobs.get(str(self.papers.row(document_id).file_sha256))

    def opened(self, identity: Identity, who: str = "leader", purpose: str = "leader") -> str:
        token: str = self.papers.do(
            signing.open_session, who, scoped=False, purpose=purpose, login_session_id=None,
            certificate=identity.der, key_holder=KeyHolder.UPLOADED,
        )  # fmt: skip
        return token

    def bring(
        self, document_id: int, data: bytes, *, who: str = "leader", purpose: str = "leader",
        identity: Identity | None = None, token: str = "",
    ) -> signing.Outcome:  # fmt: skip
        """As the page of brought-back files does it, with the certificate that is in the file."""
        papers = self.papers
        with unit_of_work(papers.office.engine) as uow:
            scope, actor = papers.office.scope(who), papers.office.actor(who)
            seen = returning.inspect(
                uow, actor, scope, purpose=purpose, data=data, among=[document_id], blobs=papers.blobs
            )
            der = identity.der if identity else returning.signer(uow, actor, seen, purpose=purpose).der
        if not token:
            token = papers.do(
                signing.open_session, who, scoped=False, purpose=purpose, login_session_id=None, certificate=der,
                key_holder=KeyHolder.UPLOADED,
            )  # fmt: skip
            papers.do(
                returning.offer, who, session=token, login_session_id=None, document_id=document_id,
                version=papers.row(document_id, who).version,
            )  # fmt: skip
        outcome: signing.Outcome = papers.do(
            returning.take_back, who, session=token, login_session_id=None, inspected=seen, blobs=papers.blobs
        )
        return outcome

    def refused(self, document_id: int, data: bytes, **named: object) -> str:
        """The code; nothing changed, and the document can still be signed."""
        before = self.papers.row(document_id)
        with pytest.raises(WorkflowError) as told:
            self.bring(document_id, data, **named)  # type: ignore[arg-type]
        after = self.papers.row(document_id)
        assert (after.state, after.version, after.file_sha256) == (before.state, before.version, before.file_sha256)
        return told.value.code


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """What is asked of the database here is asked on both in the tests of signing."""
    with engines.lent(sqlite_url, durable=False) as made:
        yield made


@pytest.fixture
def counter(engine: Engine, tmp_path: Path) -> Counter:
    return Counter(papers_of(build(engine), open_blobs(str(tmp_path / "blobs"))))


def _leader(counter: Counter) -> Identity:
    return counter.papers.keys.held["leader"]


@pytest.mark.parametrize("legacy", [False, True], ids=["PAdES", "adbe.pkcs7.detached"])
def test_what_another_program_signed_is_taken(counter: Counter, legacy: bool) -> None:
    """Same transition, verdict and journal as any signature, with who held the key; the road goes on from there."""
    document_id = counter.papers.awaiting()
    data = elsewhere.sign_elsewhere(
        counter.sent(document_id), _leader(counter), legacy=legacy,
        words="" if legacy else "Ky boi: Nguyen Thi Lan",
    )  # fmt: skip
    outcome = counter.bring(document_id, data)
    assert (outcome.conclusion, outcome.again) == ("passed", False)
    row = counter.papers.row(document_id)
    assert (row.state, row.leader_verdict, counter.sent(document_id)) == (State.SIGNED, "passed", data)
    with unit_of_work(counter.papers.office.engine) as uow:
        made = uow.session.scalars(select(Signature)).one()
        told = uow.session.scalars(select(Journal).where(Journal.subject == f"outgoing:{document_id}")).all()
        assert uow.session.scalars(select(VerdictRow)).one().conclusion == "passed"
    assert (made.key_holder, made.control) == (KeyHolder.UPLOADED, Control.UNKNOWN)
    assert made.act_id is not None
    assert '"key_holder":"uploaded"' in told[-1].body
    assert '"drawn":"outside"' in told[-1].body
    counter.papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    agency = counter.papers.keys.held["commune"]
    assert counter.papers.sign("clerk", "number", agency, document_id).conclusion == "passed"
    assert counter.papers.sign("clerk", "seal", agency, document_id).conclusion == "passed"


def test_who_signs_before_the_signer_by_another_program(counter: Counter) -> None:
    """Each in their own field and in their turn, which the server holds; then the signer."""
    papers, people = counter.papers, {"head": "initials-1", "deputy": "cosigner-1"}
    papers.keys.issue("head")
    papers.keys.enrol("head")
    papers.keys.publish(at=papers.now - dt.timedelta(hours=6))
    document_id = papers.draft()
    posts = {who: papers.office.posts[who].id for who in people}
    wanted = (
        Wanted(post_id=posts["head"], part=Part.INITIALS, turn=1),
        Wanted(post_id=posts["deputy"], part=Part.COSIGNER, turn=2),
    )
    papers.do(cosigning.choose, "drafter", document_id=document_id, wanted=wanted, blobs=papers.blobs,
              version=papers.row(document_id, "drafter").version)  # fmt: skip
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)

    def made(who: str, field: str) -> bytes:
        return elsewhere.sign_elsewhere(counter.sent(document_id), papers.keys.held[who], field)

    def refused(who: str, data: bytes) -> str:
        return counter.refused(document_id, data, who=who, purpose="cosign")

    assert refused("deputy", made("deputy", "cosigner-1")) == "cosigners_turn"
    assert refused("head", made("head", "cosigner-1")) == "returned_wrong_field"
    assert refused("head", made("deputy", "initials-1")) == "certificate_of_somebody_else"
    assert refused("clerk", made("head", "initials-1")) == "cosigners_turn"
    early = made("head", "initials-1")
    for who, field in people.items():
        outcome = counter.bring(document_id, made(who, field), who=who, purpose="cosign")
        assert outcome.conclusion == "passed"
    assert refused("head", early) == "returned_other_bytes"
    assert counter.bring(document_id, made("leader", "leader")).conclusion == "passed"
    assert papers.row(document_id).state == State.SIGNED
    with unit_of_work(papers.office.engine) as uow:
        rows = uow.session.scalars(select(Signature).order_by(Signature.id)).all()
    assert [row.field for row in rows] == ["initials-1", "cosigner-1", "leader"]


def _other_draft(counter: Counter, data: bytes) -> bytes:
    other = counter.papers.awaiting(subject="V/v việc khác")
    return elsewhere.sign_elsewhere(counter.sent(other), _leader(counter))


def _saved_anew(data: bytes, **how: pikepdf.Encryption) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, **how)
    return out.getvalue()


def _encrypted(data: bytes) -> bytes:
    return _saved_anew(data, encryption=pikepdf.Encryption(owner="a", user=""))


SIGN = elsewhere.sign_elsewhere
NEW = elsewhere.SigFieldSpec
ATTACKS: dict[str, tuple[Callable[[Counter, bytes, Identity], bytes], str]] = {
    "unsigned": (lambda c, sent, key: sent, "returned_unsigned"),
    "changed, not signed": (lambda c, sent, key: elsewhere.with_information(sent), "returned_unsigned"),
    "one byte before": (
        lambda c, sent, key: SIGN(sent, key).replace(b"%PDF-1.7", b"%PDF-1.6", 1), "returned_other_bytes",
    ),
    "saved anew, then signed": (lambda c, sent, key: SIGN(_saved_anew(sent), key), "returned_other_bytes"),
    "another document": (lambda c, sent, key: _other_draft(c, sent), "returned_other_bytes"),
    "encrypted": (lambda c, sent, key: _encrypted(SIGN(sent, key)), "returned_other_bytes"),
    "polyglot before": (lambda c, sent, key: b"GIF89a" + SIGN(sent, key), "returned_not_a_pdf"),
    "polyglot behind": (lambda c, sent, key: SIGN(sent, key) + b"PK\x03\x04" + bytes(40), "returned_changed_after"),
    "not a PDF": (lambda c, sent, key: b"\x00" * 4000, "returned_not_a_pdf"),
    "cut off": (lambda c, sent, key: SIGN(sent, key)[:-300], "returned_changed_after"),
    "two signatures": (
        lambda c, sent, key: SIGN(SIGN(sent, key), key, "other", new_field=NEW("other", on_page=0)),
        "returned_wrong_field",
    ),
    "the clerk's field too": (lambda c, sent, key: SIGN(SIGN(sent, key), key, "number"), "returned_wrong_field"),
    "in the clerk's field": (lambda c, sent, key: SIGN(sent, key, "number"), "returned_wrong_field"),
    "in a field of its own": (
        lambda c, sent, key: SIGN(sent, key, "own", new_field=NEW("own", on_page=0, box=(9, 9, 99, 60))),
        "returned_wrong_field",
    ),
    "box moved": (lambda c, sent, key: SIGN(elsewhere.with_box_moved(sent), key), "returned_field_changed"),
    "field added": (lambda c, sent, key: SIGN(elsewhere.with_field(sent), key), "returned_field_added"),
    "note added": (lambda c, sent, key: SIGN(elsewhere.with_note(sent), key), "returned_notes_added"),
    "words added": (lambda c, sent, key: SIGN(elsewhere.with_words(sent), key), "returned_content_changed"),
    "certified": (lambda c, sent, key: SIGN(sent, key, certify=True), "returned_locked"),
    "a later revision": (
        lambda c, sent, key: elsewhere.with_information(SIGN(sent, key)), "returned_changed_after",
    ),
    "signature's bytes spoilt": (lambda c, sent, key: _spoilt(SIGN(sent, key)), "returned_failed"),
    "nine megabytes more": (lambda c, sent, key: SIGN(sent, key) + bytes(9 << 20), "returned_too_large"),
    "a clock of two years ago": (
        lambda c, sent, key: SIGN(sent, key, at=NOON - dt.timedelta(days=700)), "returned_time",
    ),
    "a clock two days ahead": (
        lambda c, sent, key: SIGN(sent, key, at=NOON + dt.timedelta(days=2)), "returned_time",
    ),
    "stranger's key": (
        lambda c, sent, key: SIGN(sent, c.papers.keys.issue("drafter")), "certificate_not_enrolled",
    ),
    "the deputy's key": (
        lambda c, sent, key: SIGN(sent, c.papers.keys.held["deputy"]), "certificate_of_somebody_else",
    ),
    "the agency's key": (
        lambda c, sent, key: SIGN(sent, c.papers.keys.held["commune"]), "certificate_of_somebody_else",
    ),
}  # fmt: skip


def _spoilt(data: bytes) -> bytes:
    """One digit near the end of the CMS, which is the signature's own value."""
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    at = start + len(data[start : data.index(b">", start)].rstrip(b"0")) - 20
    return data[:at] + (b"0" if data[at : at + 1] != b"0" else b"1") + data[at + 1 :]


def test_whatever_else_was_done_is_refused_and_the_document_stays(counter: Counter) -> None:
    """Each by its own name; the twin without the fault is taken at the end, sent twice is taken once."""
    document_id = counter.papers.awaiting()
    sent, key = counter.sent(document_id), _leader(counter)
    found = {
        name: counter.refused(document_id, make(counter, sent, key)) for name, (make, _code) in ATTACKS.items()
    }
    assert found == {name: code for name, (_make, code) in ATTACKS.items()}
    token = counter.opened(key)
    counter.papers.do(
        returning.offer, "leader", session=token, login_session_id=None, document_id=document_id,
        version=counter.papers.row(document_id).version,
    )  # fmt: skip
    good = SIGN(sent, key)
    assert not counter.bring(document_id, good, token=token).again
    with unit_of_work(counter.papers.office.engine) as uow:
        scope = counter.papers.office.scope("leader")
        again = returning.known(uow, scope, data=good, among=[document_id])
        assert again is not None
        assert (again.conclusion, again.again) == ("passed", True)
        assert returning.known(uow, scope, data=sent, among=[document_id]) is None


def test_another_answer_after_one_was_accepted(counter: Counter) -> None:
    """The file has moved on: another signature over the old one belongs nowhere."""
    document_id = counter.papers.awaiting()
    sent, key = counter.sent(document_id), _leader(counter)
    counter.bring(document_id, SIGN(sent, key))
    later = SIGN(sent, key, at=NOON + dt.timedelta(seconds=5))
    assert counter.refused(document_id, later) == "returned_other_bytes"


def test_certificates_that_may_not_sign(counter: Counter) -> None:
    """Revoked since this morning, and expired: looked up before anything else is believed."""
    document_id = counter.papers.awaiting()
    key, papers = _leader(counter), counter.papers
    data = SIGN(counter.sent(document_id), key)
    noon = papers.now
    papers.now = dt.datetime.fromtimestamp(key.certificate.not_valid_after_utc.timestamp(), dt.UTC) + dt.timedelta(
        1
    )
    assert counter.refused(document_id, data) == "certificate_expired"
    papers.now = noon
    gone = Revoked(key.serial, noon - dt.timedelta(hours=2))
    papers.keys.publish(at=noon - dt.timedelta(hours=1), revoked=(gone,))
    assert counter.refused(document_id, data) == "certificate_revoked"


def test_without_a_fresh_list_it_waits(counter: Counter) -> None:
    """Only the list is missing: kept as it came, settled by the clock like every other."""
    document_id = counter.papers.awaiting()
    papers = counter.papers
    papers.now = NOON + dt.timedelta(days=9)
    data = SIGN(counter.sent(document_id), _leader(counter), at=papers.now)
    assert counter.bring(document_id, data).conclusion == "indeterminate"
    papers.keys.publish(at=papers.now + dt.timedelta(hours=1))
    papers.now += dt.timedelta(hours=2)
    with unit_of_work(papers.office.engine) as uow:
        [(session_id, _document, field)] = signing.settle(uow)
        outcome = signing.settle_one(
            uow, session_id=session_id, document_id=document_id, field=field, blobs=papers.blobs, now=papers.now
        )
        uow.commit()
    assert outcome.conclusion == "passed"
    assert papers.row(document_id).state == State.SIGNED
    with unit_of_work(papers.office.engine) as uow:  # in the jail by both readings, as when it came
        assert json.loads(uow.session.scalars(select(SigningItem.verdict)).one())["basis"] == "both"


def test_an_act_of_raw_signatures_takes_no_file(counter: Counter) -> None:
    """And nobody takes a file back into another one's act, or after a quarter of an hour."""
    document_id = counter.papers.awaiting()
    key, papers = _leader(counter), counter.papers
    data = SIGN(counter.sent(document_id), key)
    raw = papers.do(
        signing.open_session, "leader", scoped=False, purpose="leader", login_session_id=None, certificate=key.der
    )
    assert counter.refused(document_id, data, token=raw) == "key_not_held_there"
    mine = counter.opened(key)
    with pytest.raises(NotFound, match="signing_item_not_found"):
        counter.bring(document_id, data, token=mine)
    papers.do(returning.offer, "leader", session=mine, login_session_id=None, document_id=document_id,
              version=papers.row(document_id).version)  # fmt: skip
    with pytest.raises(NotFound, match="signing_session_not_found"):
        papers.do(
            returning.offer, "deputy", session=mine, login_session_id=None, document_id=document_id, version=1
        )
    papers.now += dt.timedelta(minutes=16)
    assert counter.refused(document_id, data, token=mine) == "signing_session_expired"
    papers.now -= dt.timedelta(minutes=16)
    with pytest.raises(Conflict, match="stale"):
        papers.do(
            returning.offer, "leader", session=mine, login_session_id=None, document_id=document_id, version=1
        )


def test_a_withdrawn_signature_does_not_come_back_in_its_file(counter: Counter) -> None:
    """The signer took it back; the same bytes are no new signature, another one is."""
    document_id = counter.papers.awaiting()
    sent, key = counter.sent(document_id), _leader(counter)
    data = SIGN(sent, key)
    counter.bring(document_id, data)
    counter.papers.act("leader", document_id, Action.WITHDRAW_SIGNATURE, remark="nhầm")
    assert counter.refused(document_id, data) == "returned_withdrawn"
    assert counter.bring(document_id, SIGN(sent, key, at=NOON + dt.timedelta(seconds=9))).conclusion == "passed"
