"""Drafts that people are asked about, with words that break pages."""

from __future__ import annotations

from tests.support.live import Town
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.outgoing import Action
from workflow.services.opinions import answering, asking, slips
from workflow.services.opinions.asking import To
from workflow.store import opinions as store
from workflow.store.session import unit_of_work


def asked_about(town: Town, *, long: str, unbroken: str) -> dict[str, object]:
    """One still with its drafter, one in review whose coordinating unit is missing and one request taken back."""
    papers, office = town.papers, town.office
    to = [
        To(kind=Kind.INITIALS, unit_id=office.units["culture"]),
        To(kind=Kind.INITIALS, unit_id=office.units["office"]),
        To(post_id=office.posts["clerk"].id),
        To(unit_id=office.units["culture"]),
    ]
    places: dict[str, object] = {}
    for name in ("asked_draft", "asked_review"):
        document = papers.draft(subject=unbroken)
        rows = papers.do(
            asking.ask, "drafter", document_id=document, to=to, question=f"{long} {unbroken}",
            due_on=town.clock().date(),
        )  # fmt: skip
        places[name] = document
        keys = [row.id for row in rows]
    places |= {"asked_initials": keys[0], "asked_clerk": keys[2]}
    papers.do(slips.write_words, "drafter", document_id=document, basis=long, proposal=unbroken)
    with unit_of_work(town.engine) as uow:
        file = store.draft_file(uow.session, document)
        assert file is not None
    for key, who, verdict in ((keys[1], "chief", Verdict.AGREE), (keys[2], "clerk", Verdict.DISAGREE)):
        papers.do(
            answering.answer, who, request_id=key, verdict=verdict, words=f"{unbroken} {long}", seen=file.sha256
        )
    papers.do(asking.withdraw, "drafter", request_id=keys[3], reason=unbroken)
    papers.act("drafter", document, Action.SUBMIT)
    return places
