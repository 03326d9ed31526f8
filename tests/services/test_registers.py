"""Held, cancelled and late numbers, wrong ones, closed years, a year that rolls over while people work."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import Engine, select, update

from tests.support.office import Office
from tests.support.registers import Papers
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused
from workflow.domain.outgoing import State
from workflow.services.documents import symbols
from workflow.services.documents.acts import act
from workflow.services.documents.numbers import give_up
from workflow.services.journal import verify_subject
from workflow.services.registers.holding import Hold, cancel, hold
from workflow.services.registers.years import close_year, reopen_year
from workflow.store.models import Journal, Outgoing, RegisterNumber
from workflow.store.session import unit_of_work

TODAY = dt.date(2026, 11, 23)
LAST_EVENING = dt.datetime(2026, 12, 31, 9, 30, tzinfo=dt.UTC)
NEW_YEAR = dt.datetime(2027, 1, 4, 2, tzinfo=dt.UTC)
"""Thursday 31 December 2026 at 16:30, Monday 4 January 2027 at 9:00, in the office."""


@pytest.fixture
def papers(office: Office) -> Papers:
    """Signed papers on the clerk's desk."""
    return Papers(office)


def _hold(papers: Papers, *, until: dt.date = TODAY, who: str = "clerk", **changes: object) -> RegisterNumber:
    wish = Hold(reason="Nghị quyết kỳ họp", person_id=papers.office.posts["drafter"].person_id, until=until)
    given = {"register_id": papers.register(), "wish": wish, **changes}
    row: RegisterNumber = papers.do(hold, who, **given)
    return row


def test_a_held_number_waits_for_its_document(papers: Papers) -> None:
    """The next paper gets the number behind it; the one it was held for gets it, whenever it comes."""
    held = _hold(papers)
    assert papers.number().symbol == "02/UBND-KT"
    papers.now += dt.timedelta(days=3)
    late = papers.number(held_id=held.id)
    assert (late.symbol, symbols.dated(late)) == ("01/UBND-KT", TODAY + dt.timedelta(days=3))
    assert papers.lines() == [(2026, 1, "used", "01/UBND-KT"), (2026, 2, "used", "02/UBND-KT")]
    with pytest.raises(Refused, match="number_used") as again:
        papers.number(held_id=held.id)
    assert again.value.details["symbol"] == "01/UBND-KT"


def test_a_cancelled_number_is_never_given_again(papers: Papers) -> None:
    """It stays in the register, the next number is another, and who asks for it reads who, when and why."""
    held = _hold(papers)
    papers.do(cancel, number_id=held.id, reason="Kỳ họp hoãn")
    assert papers.number().number == 2
    paper = papers.signed()
    for again in (
        lambda: papers.number(paper, held_id=held.id),
        lambda: papers.do(cancel, number_id=held.id, reason="x"),
    ):
        with pytest.raises(Refused, match="number_cancelled") as refused:
            again()
        assert refused.value.details == {
            "number": "01", "year": 2026, "who": "Hoàng Thị Mai", "when": "23/11/2026", "reason": "Kỳ họp hoãn",
        }  # fmt: skip
    assert papers.lines()[0] == (2026, 1, "cancelled", "")
    with unit_of_work(papers.office.engine) as uow:
        subject = f"register:{papers.register()}"
        tags = uow.session.scalars(select(Journal.tag).where(Journal.subject == subject).order_by(Journal.ordinal))
        assert list(tags) == ["register:number:held", "register:number:cancelled"]
        assert verify_subject(uow, subject).holds


def test_who_may_hold_and_how(papers: Papers) -> None:
    """The agency's clerk, with a reason, for somebody of the agency, in a register of what goes out."""
    office = papers.office
    for who in ("drafter", "leader", "inspector", "admin"):
        with pytest.raises(NotPermitted):
            _hold(papers, who=who)
    with pytest.raises(NotFound, match="register_not_found"):
        _hold(papers, who="far_clerk", wish=Hold(reason="x", until=TODAY,
                                                 person_id=office.posts["far_drafter"].person_id))  # fmt: skip
    with pytest.raises(BadInput, match="held_for_outsider"):
        _hold(papers, wish=Hold(reason="x", until=TODAY, person_id=office.posts["far_drafter"].person_id))
    with pytest.raises(BadInput, match="reason_needed"):
        _hold(papers, wish=Hold(reason=" ", until=TODAY, person_id=office.posts["drafter"].person_id))
    with pytest.raises(Refused, match="register_of_another"):
        _hold(papers, register_id=papers.register("den"))
    held = _hold(papers)
    with pytest.raises(Refused, match="held_already"):
        _hold(papers)
    with pytest.raises(NotFound, match="number_not_found"):
        papers.do(cancel, "far_clerk", number_id=held.id, reason="x")
    decision = papers.signed(type_code="decision")
    with pytest.raises(Refused, match="held_elsewhere"):
        papers.number(decision, held_id=held.id)
    assert papers.lines() == [(2026, 1, "held", "")]


def test_a_wrong_number_is_given_up(papers: Papers) -> None:
    """The number is cancelled under the symbol it had, the document is numbered anew, issued ones keep theirs."""
    wrong = papers.number()
    with pytest.raises(BadInput, match="reason_needed"):
        papers.do(give_up, document_id=wrong.id, version=None, reason="")
    again = papers.do(give_up, document_id=wrong.id, version=None, reason="Vào nhầm sổ")
    assert (again.state, again.symbol, again.number, again.register_id) == (State.SIGNED, "", None, None)
    papers.do(_retype, document_id=wrong.id)
    right = papers.number(wrong.id)
    assert right.symbol == "01/QĐ-UBND"
    assert papers.lines() == [(2026, 1, "cancelled", "01/UBND-KT")]
    assert papers.lines("qd") == [(2026, 1, "used", "01/QĐ-UBND")]
    assert papers.number().symbol == "02/UBND-KT"
    assert _kept(papers, wrong.id) == {
        "type_code": "letter", "subject": "V/v thử", "recipients": "", "medium": "ink", "secret": False,
        "unit_name": "Phòng Kinh tế", "drafter": papers.office.names["drafter"],
        "signer": papers.office.names["leader"],
    }  # fmt: skip
    hidden = papers.number(papers.signed(secret=True, subject="Chuyện kín"))
    papers.do(give_up, document_id=hidden.id, version=None, reason="x")
    assert [_kept(papers, hidden.id)[name] for name in ("secret", "subject")] == [True, ""]
    secret = papers.number(papers.signed(secret=True))
    papers.do(act, document_id=secret.id, action="issue", version=None)
    with pytest.raises(Refused, match="wrong_state"):
        papers.do(give_up, document_id=secret.id, version=None, reason="x")


def _kept(papers: Papers, document_id: int) -> dict[str, object]:
    """The line of the number that a document gave up."""
    with unit_of_work(papers.office.engine) as uow:
        query = select(RegisterNumber).where(
            RegisterNumber.document_id == document_id, RegisterNumber.status == "cancelled"
        )
        return uow.session.scalars(query).one().entry or {}


def _retype(uow, _actor, _scope, *, document_id: int, now: dt.datetime) -> None:  # type: ignore[no-untyped-def]
    uow.begin_write()
    uow.session.execute(update(Outgoing).where(Outgoing.id == document_id).values(type_code="decision"))


def test_secret_papers_have_their_own_series(papers: Papers) -> None:
    """Metadata only, in the register of secret papers; the open one has no gap from them."""
    secret = papers.number(papers.signed(secret=True))
    assert (secret.number, secret.register_id) == (1, papers.register("mat"))
    assert papers.number().number == 1


def test_late_papers_of_december(papers: Papers) -> None:
    """With a reason, dated on the day of their signature, until the clerk closes the year; then never."""
    papers.now = LAST_EVENING
    first, late, later = papers.number(), papers.signed(), papers.signed()
    papers.now = NEW_YEAR
    assert papers.number().symbol == "01/UBND-KT"
    with pytest.raises(BadInput, match="late_reason_needed"):
        papers.number(late, year=2026)
    done = papers.number(late, year=2026, reason="Ký cuối giờ chiều 31/12")
    assert (done.number, done.year, symbols.dated(done)) == (2, 2026, dt.date(2026, 12, 31))
    with pytest.raises(Refused, match="year_not_open"):
        papers.number(papers.signed(), year=2026, reason="x")
    ledger = {"register_id": papers.register(), "year": 2026, "reason": "Hết năm, đã đối chiếu"}
    with pytest.raises(Refused, match="year_has_unissued") as open_ones:
        papers.do(close_year, **ledger)
    assert open_ones.value.details["count"] == 2
    for document in (first, done):
        papers.do(give_up, document_id=document.id, version=None, reason="Không ban hành")
    papers.do(close_year, **ledger)
    with pytest.raises(Refused, match="series_closed"):
        papers.number(later, year=2026, reason="x")
    with pytest.raises(NotPermitted):
        papers.do(reopen_year, **ledger)
    papers.do(reopen_year, "leader", **ledger)
    assert papers.number(later, year=2026, reason="Sót một văn bản").number == 3
    assert papers.lines() == [
        (2026, 1, "cancelled", "01/UBND-KT"), (2026, 2, "cancelled", "02/UBND-KT"), (2026, 3, "used", "03/UBND-KT"),
        (2027, 1, "used", "01/UBND-KT"),
    ]  # fmt: skip


def test_a_paper_signed_in_ink_counts_from_its_own_day(papers: Papers) -> None:
    """Signed by hand on 31 December, recorded in January: the day on the paper decides."""
    papers.now = NEW_YEAR
    paper = papers.signed(signed_on=dt.date(2026, 12, 31))
    done = papers.number(paper, year=2026, reason="Ký giấy ngày 31/12, nộp văn thư ngày 04/01")
    assert (done.symbol, done.year, symbols.dated(done)) == ("01/UBND-KT", 2026, dt.date(2026, 12, 31))


def test_a_year_with_held_numbers_is_not_closed(papers: Papers) -> None:
    """Each is used or cancelled first; the year that runs is not closed at all."""
    held = _hold(papers, until=dt.date(2026, 12, 20))
    ledger = {"register_id": papers.register(), "year": 2026, "reason": "Hết năm"}
    with pytest.raises(Refused, match="year_not_over"):
        papers.do(close_year, **ledger)
    papers.now = NEW_YEAR
    with pytest.raises(Refused, match="year_has_held"):
        papers.do(close_year, **ledger)
    papers.do(cancel, number_id=held.id, reason="Không dùng")
    papers.do(close_year, **ledger)


EACH = 12


def test_a_year_rolls_over_while_people_work(papers: Papers, engine: Engine) -> None:
    """Three at work around midnight, each act with its own moment: both years without a gap, each in its own."""
    midnight = dt.datetime(2026, 12, 31, 17, tzinfo=dt.UTC)
    papers.now = LAST_EVENING
    waiting = [papers.signed() for _ in range(3 * EACH)]
    failed: list[BaseException] = []

    def work(share: int) -> None:
        clerk = Papers(papers.office)
        for place, document_id in enumerate(waiting[share::3]):
            clerk.now = midnight + dt.timedelta(seconds=place - EACH // 2)
            try:
                if place % 4 == 3 and share == 0:
                    wish = Hold(reason=f"Giữ lần {place}", person_id=papers.office.posts["drafter"].person_id,
                                until=(clerk.now + dt.timedelta(hours=7)).date())  # fmt: skip
                    clerk.do(hold, register_id=papers.register(), wish=wish)
                clerk.number(document_id)
            except BaseException as error:
                failed.append(error)

    workers = [threading.Thread(target=work, args=(share,)) for share in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert failed == []
    found = papers.lines()
    for year in (2026, 2027):
        numbers = [number for each, number, _status, _symbol in found if each == year]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= 3 * EACH // 2
    with unit_of_work(engine) as uow:
        for document in uow.session.scalars(select(Outgoing)):
            assert document.numbered_at is not None
            assert document.year == (document.numbered_at + dt.timedelta(hours=7)).year
