"""The morning report's reasons from what the tables hold, and that later facts do not change them."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.backlog import Open
from workflow.domain.keeping import RULES, Trace
from workflow.domain.outgoing import State
from workflow.domain.unsigned_reasons import Reason
from workflow.services.housekeeping import clear_rows
from workflow.services.keeping import whole_since
from workflow.services.report_reasons import reasons
from workflow.store.models import (
    AbsenceRow,
    Blob,
    Certificate,
    Look,
    MandateRow,
    Opinion,
    OpinionRequest,
    PostRow,
    SigningItem,
    SigningSession,
)
from workflow.store.session import UnitOfWork, unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SINCE, CUT_OFF = NOON - 3 * DAY, NOON - 2 * HOUR
AFTER = CUT_OFF + HOUR
NAMES = ("plain", "seen", "seen_before", "dropped", "failed", "provisional", "asked", "answered", "initials",
         "secret", "expired", "away", "none", "in_another", "in_neither", "left")  # fmt: skip
SIGNERS = {"expired": "deputy", "away": "head", "none": "culture_head", "in_another": "chief",
           "in_neither": "clerk", "left": "lone_drafter"}  # fmt: skip


def _facts(uow: UnitOfWork, office: Office, keys: dict[str, int]) -> None:
    """What lay in the tables at the cut-off. The leader has a valid certificate and is there."""
    posts, file = office.posts, "a" * 64
    leader = posts["leader"]
    uow.add(Blob(sha256=file, size=1, media_type="application/pdf", created_at=SINCE))
    uow.add(_certificate(office, "deputy", CUT_OFF - DAY))
    for name in ("leader", "head", "chief", "clerk", "lone_drafter"):
        uow.add(_certificate(office, name, NOON + 99 * DAY))
    for name, at in (("seen", CUT_OFF - HOUR), ("seen_before", SINCE - 2 * DAY)):
        uow.add(Look(document_id=keys[name], person_id=leader.person_id, day=at.date().isoformat(), first_at=at))
    for name, kind, unit in (("asked", "opinion", "culture"), ("answered", "opinion", "culture"),
                             ("initials", "initials", "culture")):  # fmt: skip
        request = OpinionRequest(
            document_id=keys[name], agency_id=office.units["commune"], kind=kind, unit_id=office.units[unit],
            asked_at=SINCE, asked_by_id=posts["drafter"].person_id, file_sha256=file,
        )  # fmt: skip
        uow.add(request)
        uow.flush()
        if name != "initials":
            uow.add(_answer(office, request, CUT_OFF - HOUR if name == "answered" else AFTER))
    more = [_second_post(uow, office, name) for name in ("chief", "clerk")]
    uow.session.get_one(PostRow, posts["lone_drafter"].id).valid_to = (CUT_OFF - DAY).date()
    away = [posts[name].id for name in ("head", "chief", "clerk", "lone_drafter")]
    uow.add(*(_absence(office, post) for post in (*away, more[1])))
    uow.flush()


def _second_post(uow: UnitOfWork, office: Office, name: str) -> int:
    post = PostRow(
        person_id=office.posts[name].person_id, unit_id=office.units["service"], agency_id=office.units["commune"],
        role="unit_head", title="Kiêm nhiệm", valid_from=SINCE.date(),
    )  # fmt: skip
    uow.add(post)
    uow.flush()
    return post.id


def _absence(office: Office, post: int) -> AbsenceRow:
    return AbsenceRow(
        agency_id=office.units["commune"], post_id=post, deputy_post_id=office.posts["specialist"].id,
        first_day=CUT_OFF.date(), last_day=CUT_OFF.date(), acts="reading", made_at=SINCE,
        made_by_id=office.posts["admin"].person_id,
    )  # fmt: skip


def _certificate(office: Office, name: str, ends: dt.datetime) -> Certificate:
    person, admin = office.posts[name].person_id, office.posts["admin"].person_id
    return Certificate(
        person_id=person, sha256=hashlib.sha256(name.encode()).hexdigest(), der=b"", subject_name="",
        issuer_name="", serial="1", not_before=NOON - 99 * DAY, not_after=ends, key_kind="p256", status="confirmed",
        enrolled_by_id=person, enrolled_at=NOON - 90 * DAY, confirmed_by_id=admin, confirmed_at=NOON - 80 * DAY,
    )  # fmt: skip


def _answer(office: Office, request: OpinionRequest, at: dt.datetime) -> Opinion:
    post = office.posts["culture_head"]
    return Opinion(
        request_id=request.id, ordinal=1, at=at, person_id=post.person_id, post_id=post.id, verdict="agree",
        file_sha256="a" * 64, file_ordinal=1,
    )  # fmt: skip


def _trial(uow: UnitOfWork, office: Office, key: int, *, began: dt.datetime, **item: Any) -> None:
    leader, serial = office.posts["leader"], hashlib.sha256(f"{key}{began}".encode()).hexdigest()
    certificate = uow.session.query(Certificate).filter_by(person_id=leader.person_id).one()
    opened = SigningSession(
        id_hash=serial, person_id=leader.person_id, post_id=leader.id, certificate_id=certificate.id,
        purpose="leader", created_at=began, expires_at=began + HOUR / 4,
    )  # fmt: skip
    uow.add(opened)
    uow.flush()
    uow.add(
        SigningItem(
            session_id=opened.id, document_id=key, document_version=1, field="leader", base_sha256="a" * 64,
            prepared_sha256="a" * 64, to_be_signed=b"", claimed_at=began, **item,
        )
    )  # fmt: skip
    uow.flush()


@pytest.fixture
def keys(office: Office) -> dict[str, int]:
    """Sixteen documents before their signers since three days, each with its own trouble."""
    waiting = {
        "state": "awaiting_signature", "state_since": SINCE, "signed_at": None, "numbered_at": None,
        "sealed_at": None, "issued_at": SINCE, "closed_at": None, "number": None, "year": None, "symbol": "",
    }  # fmt: skip
    rows = []
    for name in NAMES:
        row = issued_row(office, signer=SIGNERS.get(name, "leader"), **waiting, secret=name == "secret")
        rows.append({**row, "issued_at": None})
    made = dict(zip(NAMES, add_issued(office, *rows), strict=True))
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        _facts(uow, office, made)
        _trial(uow, office, made["dropped"], began=CUT_OFF - HOUR, status="prepared")
        _trial(uow, office, made["failed"], began=CUT_OFF - 2 * HOUR, status="superseded",
               received_at=CUT_OFF - 2 * HOUR, finished_at=CUT_OFF - HOUR)  # fmt: skip
        _trial(uow, office, made["provisional"], began=CUT_OFF - HOUR, status="pending", received_at=CUT_OFF - HOUR)
        uow.commit()
    return made


def _reasons(office: Office, keys: dict[str, int]) -> dict[str, Reason]:
    found = [
        Open(
            document=key, agency=1, unit=2, state=State.AWAITING_SIGNATURE, drafter=1, due=None, since=SINCE,
            signer=office.posts[SIGNERS.get(name, "leader")].person_id, secret=name == "secret",
        )
        for name, key in keys.items()
    ]  # fmt: skip
    with unit_of_work(office.engine) as uow:
        said = reasons(uow, found, cut_off=CUT_OFF)
    return {name: said[key] for name, key in keys.items()}


def test_each_reason_from_its_rows_and_later_rows_change_none(office: Office, keys: dict[str, int]) -> None:
    """Opened, answered, tried, confirmed and deputised after the cut-off: as of it nothing is different."""
    expected = {
        "plain": Reason.NOT_OPENED, "seen": Reason.OPENED, "seen_before": Reason.NOT_OPENED,
        "dropped": Reason.ATTEMPT_DROPPED, "failed": Reason.ATTEMPT_FAILED, "provisional": Reason.PROVISIONAL,
        "asked": Reason.OPINIONS, "answered": Reason.NOT_OPENED, "initials": Reason.INITIALS,
        "secret": Reason.ON_PAPER, "expired": Reason.CERTIFICATE_EXPIRED, "away": Reason.SIGNER_AWAY,
        "none": Reason.NO_CERTIFICATE, "in_another": Reason.NOT_OPENED, "in_neither": Reason.SIGNER_AWAY,
        "left": Reason.NOT_OPENED,
    }  # fmt: skip
    assert _reasons(office, keys) == expected
    leader, posts = office.posts["leader"].person_id, office.posts
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        day = AFTER.date().isoformat()
        uow.add(Look(document_id=keys["plain"], person_id=leader, day=day, first_at=AFTER))
        _trial(uow, office, keys["seen"], began=AFTER, status="pending", received_at=AFTER)
        request = uow.session.query(OpinionRequest).filter_by(kind="initials").one()
        request.withdrawn_at, request.withdrawn_reason, request.withdrawn_by_id = AFTER, "Thôi", leader
        for one in uow.session.query(Certificate):
            one.status, one.retired_at = "retired", AFTER
        item = uow.session.query(SigningItem).filter_by(document_id=keys["provisional"]).one()
        item.status, item.finished_at = "superseded", AFTER
        mandate = {
            "agency_id": office.units["commune"], "post_id": posts["specialist"].id, "capacity": "tuq",
            "source_post_id": posts["head"].id, "valid_from": SINCE.date(), "valid_to": NOON.date(),
            "legal_symbol": "12/GUQ", "legal_day": SINCE.date(), "reason": "Đi công tác", "granted_at": AFTER,
            "granted_by_id": posts["admin"].person_id,
        }  # fmt: skip
        uow.add(MandateRow(**mandate))
        uow.commit()
    assert _reasons(office, keys) == expected


def test_a_report_of_cleared_looks_says_so(office: Office, keys: dict[str, int]) -> None:
    """Made again after the night cleared the looks: what was opened, and what was not, is both unknown, never "not
    opened"; other reasons stand. What came to its signer after the cleared days is judged as before."""
    before = _reasons(office, keys)
    assert before["seen"] is Reason.OPENED
    days = RULES[Trace.LOOKS].days
    with unit_of_work(office.engine) as uow:
        counts = clear_rows(uow, now=SINCE + days * DAY, frequent_jobs=())
        uow.commit()
        assert (counts["looks"], whole_since(uow, Trace.LOOKS)) == (1, SINCE.date())
    assert _reasons(office, keys) == before, "one look of the days before is gone, and no paper is that old"
    with unit_of_work(office.engine) as uow:
        counts = clear_rows(uow, now=CUT_OFF + (days + 2) * DAY, frequent_jobs=())
        uow.commit()
        assert counts["looks"] == 1
    after = _reasons(office, keys)
    plain = {Reason.OPENED, Reason.NOT_OPENED}
    assert {name: one for name, one in after.items() if one is Reason.LOOKS_CLEARED}.keys() == {
        name for name, one in before.items() if one in plain
    }
    assert {name: one for name, one in after.items() if before[name] not in plain} == {
        name: one for name, one in before.items() if one not in plain
    }
