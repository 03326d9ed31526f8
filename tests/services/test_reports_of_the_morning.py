"""The morning report: what it counts, whom it tells, and that it comes out the same when made again later."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.support.office import NOON, Office
from tests.support.statements import statements
from workflow.domain.errors import NotFound, NotPermitted
from workflow.domain.outgoing import Action, Urgency
from workflow.domain.people import Capacity
from workflow.domain.permissions import figures_scope
from workflow.services import reports
from workflow.services.documents.acts import act
from workflow.services.documents.drafting import DraftFacts, create, revise
from workflow.services.documents.files import confirm_format
from workflow.services.documents.ink import InkSignature, record_ink
from workflow.store.models import Outbox, Report
from workflow.store.session import unit_of_work

HOUR = dt.timedelta(hours=1)
THURSDAY = NOON - dt.timedelta(days=4)
CUT_OFF = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)
"""Monday 23 November, 07:00 in the office."""


def _draft(office: Office, *, now: dt.datetime, **changes: object) -> int:
    facts = {
        "type_code": "letter", "subject": "V/v đón đoàn kiểm tra", "secret": True, "capacity": Capacity.KT,
        "signer_post_id": office.posts["deputy"].id, **changes,
    }  # fmt: skip
    with unit_of_work(office.engine) as uow:
        made = create(uow, office.actor("drafter"), facts=DraftFacts(**facts), now=now)  # type: ignore[arg-type]
        uow.commit()
        return made.id


def _act(office: Office, who: str, key: int, action: Action, *, now: dt.datetime, remark: str = "") -> None:
    with unit_of_work(office.engine) as uow:
        act(
            uow, office.actor(who), office.scope(who), document_id=key, action=action, version=None, now=now,
            remark=remark,
        )  # fmt: skip
        uow.commit()


def _to_signature(office: Office, key: int, *, now: dt.datetime) -> None:
    _act(office, "drafter", key, Action.SUBMIT, now=now)
    _act(office, "head", key, Action.APPROVE, now=now)
    with unit_of_work(office.engine) as uow:
        confirm_format(
            uow,
            office.actor("clerk"),
            office.scope("clerk"),
            document_id=key,
            version=None,
            now=now,
            blobs=None,
            base_url="http://127.0.0.1",
        )
        uow.commit()


def _ink(office: Office, key: int, *, now: dt.datetime) -> None:
    ink = InkSignature(
        signer_post_id=office.posts["leader"].id, capacity=Capacity.HEAD, signed_on=NOON.date(), reason="Ký giấy"
    )
    with unit_of_work(office.engine) as uow:
        record_ink(
            uow, office.actor("clerk"), office.scope("clerk"), document_id=key, version=None, ink=ink, now=now
        )
        uow.commit()


def _make(office: Office, *, now: dt.datetime = CUT_OFF, period: str = "2026-11-23") -> dict[str, int]:
    with unit_of_work(office.engine) as uow:
        made = reports.make_unsigned(uow, period=period, cut_off=CUT_OFF, now=now)
        uow.commit()
        return made


def _report(office: Office, unit: str) -> Report:
    with unit_of_work(office.engine) as uow:
        return uow.session.scalars(select(Report).where(Report.unit_id == office.units[unit])).one()


@pytest.fixture
def stock(office: Office) -> dict[str, int]:
    """One awaits the deputy since Thursday, one since just now, one sits with the drafter, one in review."""
    old = _draft(office, now=THURSDAY)
    _to_signature(office, old, now=THURSDAY)
    young = _draft(office, now=CUT_OFF - HOUR)
    _to_signature(office, young, now=CUT_OFF - HOUR)
    draft = _draft(office, now=THURSDAY)
    review = _draft(office, now=CUT_OFF - HOUR)
    _act(office, "drafter", review, Action.SUBMIT, now=CUT_OFF - HOUR)
    return {"old": old, "young": young, "draft": draft, "review": review}


def test_unsigned_by_signer_and_age_overdue_by_step_and_holder(office: Office, stock: dict[str, int]) -> None:
    """From Thursday noon to Monday 07:00 a document waits twelve office hours: more than a day, so overdue."""
    _make(office)
    content = _report(office, "economy").body
    deputy, drafter = office.posts["deputy"].person_id, office.posts["drafter"].person_id
    ages = {"within_a_day": 1, "to_three_days": 1, "to_five_days": 0, "older": 0}
    assert content["unsigned"] == {
        "total": 2,
        "by_signer": [{"signer": deputy, "total": 2, "ages": ages, "reasons": {"on_paper": 2}}],
        "reasons": {"on_paper": 2},
    }
    assert content["overdue"] == {
        "total": 2,
        "by_step": [
            {"state": "awaiting_signature", "holder": deputy, "total": 1},
            {"state": "draft", "holder": drafter, "total": 1},
        ],
    }
    assert content["open"] == 4
    assert content["soon"] == {"total": 2, "by_step": [
        {"state": "awaiting_signature", "holder": deputy, "total": 1},
        {"state": "in_review", "holder": None, "total": 1},
    ]}  # fmt: skip
    assert [line["document"] for line in content["items"]] == sorted(stock.values())


def test_a_part_counts_its_own_and_an_agency_everything(office: Office, stock: dict[str, int]) -> None:
    """The culture office has nothing, the commune what the economy office has, the neighbour nothing."""
    assert _make(office) == {"reports": 7, "open": 4, "messages": 4}
    totals = {unit: _report(office, unit).body["unsigned"]["total"] for unit in office.units}
    assert totals == {"commune": 2, "office": 0, "economy": 2, "culture": 0, "service": 0, "far": 0,
                      "far_office": 0}  # fmt: skip


def test_the_official_address_and_the_head_are_told(office: Office, stock: dict[str, int]) -> None:
    """One message per unit with something to tell, one notice for its head, in the words of the office."""
    _make(office)
    with unit_of_work(office.engine) as uow:
        told = list(uow.session.scalars(select(Outbox).order_by(Outbox.id)))
    assert [(one.channel, one.address, one.unit_id, one.person_id, one.state) for one in told] == [
        ("mail", "commune@example.gov.vn", office.units["commune"], None, "waiting"),
        ("app", "", office.units["commune"], office.posts["leader"].person_id, "sent"),
        ("mail", "economy@example.gov.vn", office.units["economy"], None, "waiting"),
        ("app", "", office.units["economy"], office.posts["head"].person_id, "sent"),
    ]
    assert told[2].subject == "Chưa ký 2, quá hạn 2: Phòng Kinh tế, 23/11/2026"
    assert "số liệu tính đến 07:00 ngày 23/11/2026" in told[2].body
    assert told[2].link == f"/reports/unsigned/{office.units['economy']}/2026-11-23"


def test_a_report_made_up_for_days_later_tells_nobody(office: Office, stock: dict[str, int]) -> None:
    """It is stored, and today's says more."""
    assert _make(office, now=CUT_OFF + dt.timedelta(days=2))["messages"] == 0


def test_made_again_after_everything_moved_it_is_the_same(office: Office, stock: dict[str, int]) -> None:
    """Signed, returned, revised, cancelled, newly drafted since: as of the cut-off nothing changed."""
    _make(office)
    later = CUT_OFF + 3 * HOUR
    _ink(office, stock["old"], now=later)  # the leader signs, not the deputy who was named
    _act(office, "deputy", stock["young"], Action.RETURN, now=later, remark="Sai căn cứ")
    _act(office, "drafter", stock["young"], Action.CANCEL, now=later, remark="Không cần nữa")
    _revise(office, stock["draft"], now=later)
    _act(office, "head", stock["review"], Action.APPROVE, now=later)
    _draft(office, now=later)
    scope = figures_scope(office.posts["leader"], agencies_below=())
    with unit_of_work(office.engine) as uow:
        for unit in ("commune", "economy", "culture"):
            again = reports.make_again(uow, office.actor("leader"), scope, report_id=_report(office, unit).id)
            assert again.content == _report(office, unit).body
            assert again.same


def _revise(office: Office, key: int, *, now: dt.datetime) -> None:
    facts = DraftFacts(
        type_code="letter", subject="V/v khác", secret=True, capacity=Capacity.HEAD, urgency=Urgency.FLASH,
        signer_post_id=office.posts["leader"].id, due_at=now + dt.timedelta(days=9),
    )  # fmt: skip
    with unit_of_work(office.engine) as uow:
        revise(
            uow, office.actor("drafter"), office.scope("drafter"), document_id=key, version=1, facts=facts, now=now
        )
        uow.commit()


def test_made_late_it_is_what_it_would_have_been(office: Office, stock: dict[str, int]) -> None:
    """A scheduler that stood still makes the same report as one that was on time."""
    with unit_of_work(office.engine) as uow:
        on_time = reports.stock(uow, CUT_OFF)
    _ink(office, stock["old"], now=CUT_OFF + HOUR)
    _act(office, "drafter", stock["draft"], Action.SUBMIT, now=CUT_OFF + HOUR)
    with unit_of_work(office.engine) as uow:
        assert reports.stock(uow, CUT_OFF) == on_time


def test_a_changed_report_is_found(office: Office, stock: dict[str, int]) -> None:
    """Somebody edits a stored figure: made again it is not the same."""
    _make(office)
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        row = uow.session.scalars(select(Report).where(Report.unit_id == office.units["economy"])).one()
        row.body = {**row.body, "unsigned": {**row.body["unsigned"], "total": 0}}
        uow.commit()
    scope = figures_scope(office.posts["leader"], agencies_below=())
    with unit_of_work(office.engine) as uow:
        assert not reports.make_again(uow, office.actor("leader"), scope, report_id=row.id).same


def test_foreign_reports_are_not_found(office: Office, stock: dict[str, int]) -> None:
    """Another agency's report is as good as none; a drafter may see none at all."""
    _make(office)
    key = _report(office, "economy").id
    foreign = figures_scope(office.posts["far_leader"], agencies_below=())
    with unit_of_work(office.engine) as uow:
        with pytest.raises(NotFound):
            reports.make_again(uow, office.actor("far_leader"), foreign, report_id=key)
        with pytest.raises(NotPermitted):
            reports.make_again(uow, office.actor("drafter"), foreign, report_id=key)


def test_the_number_of_queries_does_not_grow(office: Office) -> None:
    """Three open documents or thirty, moved since or not: the same queries."""
    counts = []
    for amount in (3, 30):
        for _document in range(amount):
            key = _draft(office, now=THURSDAY)
            _act(office, "drafter", key, Action.SUBMIT, now=CUT_OFF + HOUR)
        with unit_of_work(office.engine) as uow, statements(office.engine) as sent:
            found = reports.stock(uow, CUT_OFF)
        counts.append((len(sent), len(found.items)))
    assert [number for _queries, number in counts] == [3, 33]
    assert counts[0][0] == counts[1][0] < 20
