"""A reply proposed from its words, linked, and closing what it answers when it is issued."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.arrivals import LETTER, Arrivals
from tests.support.exchange import Between
from tests.support.office import NOON, Office
from tests.support.papers import letter, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.errors import NotFound, NotPermitted, WrongState
from workflow.services import replies
from workflow.services.documents import drafting, files
from workflow.services.documents.drafting import DraftFacts
from workflow.services.incoming import working
from workflow.store import documents, incoming
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work

SUBJECT = "V/v trả lời Công văn số 412/SNV-TCBC ngày 20/11/2026 của Sở Nội vụ"


def draft(post: Between, subject: str = SUBJECT, who: str = "drafter") -> int:
    """A draft of the economy unit."""
    with unit_of_work(post.office.engine) as uow:
        made = drafting.create(
            uow, post.office.actor(who), facts=DraftFacts(type_code="letter", subject=subject), now=post.now
        )
        uow.commit()
        return made.id


def proposed(post: Between, document: int, who: str = "drafter") -> list[int]:
    """What is proposed to somebody."""
    with unit_of_work(post.office.engine) as uow:
        row = documents.find(post.scope(who), uow.session, document)
        return [one.id for one in replies.proposals(uow, post.scope(who), row)]


def test_words_propose_what_lies_in_reach(post: Between) -> None:
    """By number and date, of the reader's own scope only; refused, it is not proposed again; linked neither."""
    arrivals = Arrivals(post.office)
    assigned, other_day = arrivals.directed(), arrivals.directed(
        facts=replace(LETTER, issued_on=dt.date(2026, 11, 19))
    )  # fmt: skip
    unreached = arrivals.registered()
    document = draft(post)
    assert proposed(post, document) == [assigned.id]
    assert proposed(post, document, "clerk") == [unreached.id, assigned.id]
    assert proposed(post, draft(post, "V/v phúc đáp Công văn số 0412 / SNV – TCBC")) == [other_day.id, assigned.id]
    assert proposed(post, draft(post, "V/v thực hiện Công văn số 412/SNV-TCBC")) == []
    post.do("drafter", replies.unlink, document_id=document, incoming_id=assigned.id)
    assert proposed(post, document) == []
    post.do("drafter", replies.link, document_id=document, incoming_id=assigned.id)
    post.do("drafter", replies.link, document_id=document, incoming_id=assigned.id)
    assert proposed(post, document) == []


def test_who_may_link(post: Between) -> None:
    """The drafter what they reach, the clerk too; nobody else, nothing foreign, nothing once issued."""
    arrivals = Arrivals(post.office)
    unreached, reached = arrivals.registered(), arrivals.directed()
    foreign = arrivals.registered(clerk="far_clerk")
    document = draft(post)
    for who, row, error in (
        ("drafter", unreached, NotFound), ("clerk", foreign, NotFound), ("head", reached, NotPermitted),
        ("far_clerk", foreign, NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            post.do(who, replies.link, document_id=document, incoming_id=row.id)
    post.do("clerk", replies.link, document_id=document, incoming_id=unreached.id)
    issued = post.sent()
    with pytest.raises(WrongState, match="links_fixed"):
        post.do("clerk", replies.link, document_id=issued, incoming_id=reached.id)


def test_issued_it_closes_what_it_answers_and_the_asker_hears_so(post: Between) -> None:
    """The neighbour asks, the commune answers: done by the symbol of the reply, 06 back, those done before stay."""
    asked = post.sent("commune", sender="far")
    row, done = post.registered(asked, "commune"), Arrivals(post.office).registered()
    kept = Arrivals(post.office).registered()
    post.now = NOON + dt.timedelta(hours=2)
    post.do("clerk", working.close, incoming_id=done.id, version=None)
    reply = post.ready("far")
    with post.drafting(reply):
        for one in (row, done):
            post.do("clerk", replies.link, document_id=reply, incoming_id=one.id)
        post.do("clerk", replies.link, document_id=reply, incoming_id=kept.id, closes=False)
    post.issue(reply)
    with unit_of_work(post.office.engine) as uow:
        symbol = uow.session.get_one(Outgoing, reply).symbol
        found = incoming.find(post.scope("clerk"), uow.session, row.id)
        assert (found.state, found.result, found.result_words) == ("done", "answered", symbol)
        (*_before, (line, name)) = incoming.history_of(uow.session, row.id)
        assert (line.action, line.remark, name) == ("answer", symbol, None)
        assert incoming.find(post.scope("clerk"), uow.session, done.id).result == "no_answer_needed"
        assert incoming.find(post.scope("clerk"), uow.session, kept.id).state == "registered"
    assert post.codes(asked, "commune") == ["01", "03", "06"]


def test_the_file_proposes_what_its_subject_does_not_say(office: Office, tmp_path: Path) -> None:
    """Read when it is uploaded: the words under the title of the paper, in whatever lines they are set."""
    papers, arrived = papers_of(office, open_blobs(str(tmp_path))), Arrivals(office).directed()
    document = papers.draft(file=False, subject="V/v biên chế")
    papers.do(
        files.upload_draft, "drafter", document_id=document, version=1, data=letter(SUBJECT), filename="cv.pdf",
        blobs=papers.blobs,
    )  # fmt: skip
    mentions = papers.row(document).mentions or []
    assert {"symbol": "412/SNV-TCBC", "day": "2026-11-20"} in mentions, "though its line ends in the hyphen"
    assert proposed(Between(office), document) == [arrived.id]
