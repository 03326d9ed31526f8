"""Issuing sends what goes with a document, each file judged by the roots that its receiver believes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update

from tests.services.test_races import while_open
from tests.support.attached import annex, held, sheet
from tests.support.exchange import Between
from tests.support.office import NOON
from tests.support.papers import Papers
from tests.support.sheets import calculating
from workflow.domain.errors import Missing
from workflow.domain.outgoing import Action
from workflow.services.documents import acts
from workflow.store import incoming
from workflow.store.blobs import name as named
from workflow.store.models import Attachment, TrustRoot
from workflow.store.session import UnitOfWork, unit_of_work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_recipients_get_them_with_the_document(papers: Papers) -> None:
    """The very sealed files and the sheet, each judged by the roots that the receiver believes."""
    document = papers.sealed(to=(papers.office.units["far"],), attach=[("I.pdf", annex()), ("b.xlsx", sheet())])
    with pytest.raises(Missing, match="recipients_judged"):
        papers.act("clerk", document, Action.ISSUE)  # nobody looked at the sheet before
    papers.do(acts.issue, "clerk", document_id=document, version=None, blobs=papers.blobs)
    row = Between(papers.office).arrived(document)
    with unit_of_work(papers.office.engine) as uow:
        came = list(incoming.files_of(uow.session, row.id))
    assert [(file.kind, file.filename, taken and taken.conclusion) for file, taken in came] == [
        ("main", "01-UBND-KT.pdf", "passed"),
        ("attachment", "01-UBND-KT.kèm 1 I.pdf", "passed"),
        ("attachment", "01-UBND-KT.kèm 2 b.xlsx", "malformed"),
    ]
    assert [file.sha256 for file, _taken in came[1:]] == [one.sha256 for one in held(papers, document)]
    assert not row.quarantined, "the sheet was looked through when it was attached"
    assert [(file.quarantined, file.warnings) for file, _taken in came] == [
        (False, []),
        (False, []),
        (False, ["office_file"]),
    ]


def test_a_sheet_from_before_says_what_it_does(papers: Papers) -> None:
    """What inspection did not know when it was attached, it says to the receiver when it goes out."""
    far, fetching = papers.office.units["far"], calculating("WEBSERVICE(A2)")
    document = papers.sealed(to=(far,), attach=[("b.xlsx", sheet())])
    sha256 = papers.blobs.put(fetching)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        named(uow.session, sha256, size=len(fetching), media_type=XLSX, now=NOON)
        uow.session.execute(update(Attachment).values(sha256=sha256))
        uow.commit()
    papers.do(acts.issue, "clerk", document_id=document, version=None, blobs=papers.blobs)
    row = Between(papers.office).arrived(document)
    with unit_of_work(papers.office.engine) as uow:
        _own, (file, _taken) = incoming.files_of(uow.session, row.id)
    assert (file.sha256, list(file.warnings)) == (sha256, ["active_content", "office_file"])


def test_an_agency_with_other_roots_judges_them_itself(papers: Papers) -> None:
    """The root is believed at the commune only: the attachment's seal is not passed at the neighbour's."""
    document = papers.sealed(to=(papers.office.units["far"],), attach=[("I.pdf", annex())])
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(TrustRoot).values(scope=[papers.office.units["commune"]]))
        uow.commit()
    papers.do(acts.issue, "clerk", document_id=document, version=None, blobs=papers.blobs)
    row = Between(papers.office).arrived(document)
    with unit_of_work(papers.office.engine) as uow:
        conclusions = [taken.conclusion for _file, taken in incoming.files_of(uow.session, row.id) if taken]
    assert conclusions == ["indeterminate", "indeterminate"]


def test_two_issues_at_once_bring_the_same_sheets(papers: Papers) -> None:
    """Their order differs, the receiver is one: both arrive whole, and each file is held once."""
    sheets = [("a.xlsx", sheet()), ("b.pdf", annex())]
    far, scope, clerk = papers.office.units["far"], papers.office.scope("clerk"), papers.office.actor("clerk")
    first, second = (papers.sealed(to=(far,), attach=each) for each in (sheets, sheets[::-1]))

    def issue(document: int) -> Callable[[UnitOfWork], object]:
        return lambda uow: acts.issue(
            uow, clerk, scope, document_id=document, version=None, blobs=papers.blobs, now=papers.now
        )

    while_open(papers.office, issue(first), issue(second))
    with unit_of_work(papers.office.engine) as uow:
        came = [
            {taken.sha256: taken.id for _file, taken in incoming.files_of(uow.session, row.id) if taken}
            for row in (Between(papers.office).arrived(document) for document in (first, second))
        ]
        for document in (first, second):
            files = incoming.files_of(uow.session, Between(papers.office).arrived(document).id)
            assert [file.sha256 for file, _taken in files][1:] == [one.sha256 for one in held(papers, document)]
    one, other = came
    assert len(one) == len(other) == 3
    assert (
        {key: one[key] for key in one.keys() & other.keys()}
        == {key: other[key] for key in one.keys() & other.keys()}
        != {}
    )
