"""Drafts that people are asked about, with words that break pages."""

from __future__ import annotations

from tests.support.live import Town
from tests.support.papers import letter
from tests.sweep.shown import shown_on
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.outgoing import Action
from workflow.services.documents import files
from workflow.services.opinions import answering, asking, slips
from workflow.services.opinions.asking import To
from workflow.store import opinions as store
from workflow.store.session import unit_of_work

ASKED_AGAIN = [
    *shown_on("/opinions/<int:request_id>", ("culture_head", "/opinions/{asked_again}")),
    *shown_on(
        "/opinions/<int:request_id>/changes",
        ("culture_head", "/opinions/{asked_again}/changes"),
        ("culture_head", "/opinions/{asked_initials}/changes", 404),
        ("far_leader", "/opinions/{asked_again}/changes", 404),
    ),
]


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
    places["asked_again"] = again(town, papers.draft(subject=unbroken), long=long)
    papers.do(asking.withdraw, "drafter", request_id=keys[3], reason=unbroken)
    papers.act("drafter", document, Action.SUBMIT)
    return places


def again(town: Town, document: int, *, long: str) -> int:
    """Initials with remarks of a unit, void by another file: the request that is open again."""
    papers, office = town.papers, town.office
    to = [To(kind=Kind.INITIALS, unit_id=office.units["culture"])]
    (row,) = papers.do(asking.ask, "drafter", document_id=document, to=to, question="", due_on=None)
    with unit_of_work(town.engine) as uow:
        file = store.draft_file(uow.session, document)
        assert file is not None
    papers.do(
        answering.answer, "culture_head", request_id=row.id, verdict=Verdict.AGREE_WITH_REMARKS, words=long,
        seen=file.sha256,
    )  # fmt: skip
    papers.do(
        files.upload_draft, "drafter", document_id=document, version=papers.row(document).version,
        data=letter("V/v phòng chống bão số 10"), filename="cv.pdf", blobs=papers.blobs,
    )  # fmt: skip
    return int(row.id)
