"""Issued at one agency, there at the other: all facts, one blob, the verdict, acknowledgements, exactly once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from tests.support.exchange import Between
from tests.support.office import Office
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import BadInput, Conflict, NotFound, WrongState
from workflow.domain.outgoing import Action, Urgency
from workflow.services import intake
from workflow.services.documents import acts
from workflow.services.incoming import registering, working
from workflow.services.journal import verify_subject
from workflow.store import exchange as store
from workflow.store import incoming
from workflow.store import intake as received
from workflow.store.models import Delivery, Incoming, TrustRoot
from workflow.store.session import unit_of_work


def test_a_signed_document_is_there_at_once(office: Office, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """All facts filled, the very blob, the verdict ready, registered in one act; judged again it is the same."""
    papers, post = papers_of(office, open_blobs(str(tmp_path))), Between(office)
    document = papers.sealed(to=(office.units["far"],), urgency=Urgency.URGENT)
    papers.do(acts.issue, "clerk", document_id=document, version=None, blobs=papers.blobs)
    sent, row = papers.row(document), post.arrived(document)
    assert sent.recipients == "Ủy ban nhân dân xã Yên Viễn\nCác thôn"
    assert (row.issuer, row.issuer_agency_id) == ("Ủy ban nhân dân xã Đồng Tâm", office.units["commune"])
    assert (row.symbol, row.issued_on, row.type_code, row.subject) == (
        sent.symbol, papers.now.date(), sent.type_code, sent.subject,
    )  # fmt: skip
    assert (row.signer, row.signer_title, row.urgency) == ("Nguyễn Thị Lan", "Chủ tịch", "urgent")
    assert (row.state, row.source, row.conclusion, row.pages) == ("arrived", "exchange", "passed", sent.pages)
    with unit_of_work(office.engine) as uow:
        ((file, taken),) = incoming.files_of(uow.session, row.id)
        assert file.sha256 == sent.file_sha256
        assert taken is not None
        assert (taken.agency_id, taken.conclusion) == (office.units["far"], "passed")
        for subject in (f"incoming:{row.id}", f"intake:{taken.id}", f"outgoing:{document}"):
            assert verify_subject(uow, subject).holds
    papers.do(intake.recheck, "far_clerk", intake_id=taken.id, blobs=papers.blobs)
    with unit_of_work(office.engine) as uow:
        assert len(received.verdicts_of(uow.session, taken.id)) == 1
    done = post.do("far_clerk", registering.register, incoming_id=row.id, version=row.version)
    assert (done.state, done.number) == ("registered", 1)
    assert post.codes(document) == ["01", "03"]
    assert post.notices("far_clerk") == [f"Văn bản mới đến (khẩn): {sent.symbol}, Ủy ban nhân dân xã Đồng Tâm"]


def test_an_agency_with_other_roots_has_its_own_verdict(office: Office, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The root is believed at the commune only: the neighbour is told so, before the write; without looking ahead
    nothing is issued."""
    papers, post = papers_of(office, open_blobs(str(tmp_path))), Between(office)
    document = papers.sealed(to=(office.units["far"],))
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.scalars(select(TrustRoot)).one().scope = [office.units["commune"]]
        uow.commit()
    with pytest.raises(Exception, match="recipients_judged"):
        papers.act("clerk", document, Action.ISSUE)
    papers.do(acts.issue, "clerk", document_id=document, version=None, blobs=papers.blobs)
    row = post.arrived(document)
    assert row.conclusion == "indeterminate"
    with pytest.raises(Exception, match="verdict_answered"):
        post.do("far_clerk", registering.register, incoming_id=row.id, version=row.version)


def test_the_sender_hears_of_each_step(post: Between) -> None:
    """01 03 04 05 06, each once, whoever acts; going back is told too; the receiver's words stay inside."""
    document = post.sent()
    assert post.delivery(document).status == "01"
    row = post.started(document)
    assert post.codes(document) == ["01", "03", "04", "05"]
    row = post.do(
        "far_drafter", working.finish, incoming_id=row.id, version=row.version, result="settled", words="Nội bộ"
    )
    row = post.do("far_clerk", working.act, incoming_id=row.id, version=row.version, action="file")
    assert post.codes(document) == ["01", "03", "04", "05", "06"]
    row = post.do("far_clerk", working.act, incoming_id=row.id, version=row.version, action="reopen", remark="Sót")
    post.do("far_leader", working.act, incoming_id=row.id, version=row.version, action="reopen", remark="Sót")
    assert post.words(document)[-1] == ("04", "")
    assert post.delivery(document).status == "04"


def test_declined_with_a_reason(post: Between) -> None:
    """The reason goes back whole, clerk and drafter are told; taken back by the clerk, it has arrived again."""
    document = post.sent()
    row = post.arrived(document)
    with pytest.raises(BadInput, match="reason_needed"):
        post.do("far_clerk", registering.decline, incoming_id=row.id, version=row.version, remark=" ")
    with pytest.raises(BadInput, match="exchange_reason_too_long"):
        post.do("far_clerk", registering.decline, incoming_id=row.id, version=row.version, remark="x" * 1001)
    why = "Gửi nhầm nơi nhận, " + "x" * 900
    row = post.do("far_clerk", registering.decline, incoming_id=row.id, version=row.version, remark=why)
    assert post.words(document) == [("01", ""), ("02", why)]
    for name in ("clerk", "drafter"):
        assert [line.split(":")[0] for line in post.notices(name)] == ["Từ chối tiếp nhận"]
    post.do("far_clerk", working.act, incoming_id=row.id, version=row.version, action="withdraw", remark="Đúng")
    assert post.codes(document) == ["01", "02", "01"]


def test_a_secret_paper_travels_by_its_facts_alone(post: Between) -> None:
    """No file; the paper follows and is registered in the secret register."""
    document = post.sent()
    row = post.arrived(document)
    assert (row.secret, row.medium, row.conclusion) == (True, "paper", "")
    with unit_of_work(post.office.engine) as uow:
        assert not incoming.files_of(uow.session, row.id)
    assert post.registered(document).number == 1


def test_issuing_twice_delivers_once(post: Between) -> None:
    """At the same moment and one after the other."""
    document, heard = post.ready("far"), []

    def issue() -> None:
        try:
            Between(post.office).issue(document)
            heard.append("done")
        except (WrongState, Conflict) as refused:
            heard.append(refused.code)

    threads = [threading.Thread(target=issue) for _number in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(heard) == ["done", "wrong_state", "wrong_state"]
    with unit_of_work(post.office.engine) as uow:
        for table in (Delivery, Incoming):
            assert uow.session.scalar(select(func.count()).select_from(table)) == 1
    assert post.codes(document) == ["01"]


def test_two_clerks_at_once(post: Between) -> None:
    """One registers, one declines what both had open: one act, one word to the sender."""
    document = post.sent()
    row, heard = post.arrived(document), []

    def take(service, **given) -> None:  # type: ignore[no-untyped-def]
        try:
            Between(post.office).do("far_clerk", service, incoming_id=row.id, version=row.version, **given)
            heard.append("done")
        except Conflict as stale:
            heard.append(stale.code)

    threads = [
        threading.Thread(target=take, args=(registering.register,)),
        threading.Thread(target=take, args=(registering.decline,), kwargs={"remark": "Gửi nhầm"}),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(heard) == ["done", "stale"]
    assert post.codes(document) in (["01", "03"], ["01", "02"])


def test_nobody_sees_what_passes_between_others(post: Between) -> None:
    """The sender does not reach the receiver's row, the receiver not the sender's paper, a third one neither."""
    document = post.sent()
    row = post.arrived(document)
    with unit_of_work(post.office.engine) as uow:
        session = uow.session
        for name in ("clerk", "leader", "drafter"):
            assert len(store.deliveries_of(post.scope(name), session, document)) == 1
            assert store.came_by_exchange(post.scope(name), session, row.id) is None
            with pytest.raises(NotFound):
                incoming.find(post.scope(name), session, row.id)
        for name in ("far_clerk", "far_leader", "lone_drafter", "admin"):
            assert not store.deliveries_of(post.scope(name), session, document)
            assert not store.statuses_of(post.scope(name), session, document)
        assert store.came_by_exchange(post.scope("far_clerk"), session, row.id) is not None
        assert store.came_by_exchange(post.scope("far_drafter"), session, row.id) is None


def test_a_recipient_dissolved_since(post: Between) -> None:
    """Who alone took over gets it, once; where nobody did, nothing is sent and the others have theirs."""
    post.agencies(3)
    document = post.ready("x0", "x1", "x2", "far")
    post.dissolve("x0", successor="x2")
    post.dissolve("x1")
    post.issue(document)
    with unit_of_work(post.office.engine) as uow:
        names = [name for _one, name in store.deliveries_of(post.scope("clerk"), uow.session, document)]
    assert names == ["Ủy ban nhân dân xã Yên Viễn", "Ủy ban nhân dân xã x2"]


def test_thirty_agencies_are_one_transaction(post: Between) -> None:
    """All of them or, where the act fails, none."""
    document = post.ready(*post.agencies(30))
    with unit_of_work(post.office.engine) as uow:
        acts.act(uow, post.office.actor("clerk"), post.scope("clerk"), document_id=document, action=Action.ISSUE,
                 version=None, now=post.now)  # fmt: skip
        uow.rollback()
        assert uow.session.scalar(select(func.count()).select_from(Delivery)) == 0
    post.issue(document)
    with unit_of_work(post.office.engine) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Delivery)) == 30
