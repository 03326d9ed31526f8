"""Search looks through the newest documents first, in windows: what it finds is what a plain loop finds."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.office import Office
from tests.support.shelf import shelve
from workflow.domain.permissions import Scope
from workflow.domain.search import read_query
from workflow.store import incoming, search
from workflow.store.models import Incoming, SearchText
from workflow.store.session import unit_of_work


@pytest.fixture
def shelf(office: Office) -> Office:
    """Sixty documents: with pages of two the first window is too narrow, and the next one is opened."""
    shelve(office, 60)
    return office


def walked(scope: Scope, session: Any, words: str) -> list[int]:
    """Every page of two, one after the other: keys of search, the newest first."""
    asked, found, after = read_query(words)[0], [], None
    while rows := search.found(scope, session, asked, narrowed=search.Narrowed(), after=after, limit=2):
        found += [row.id for row in rows[:2]]
        after = found[-1]
        if len(rows) <= 2:
            break
    return found


def test_every_match_once_and_newest_first(shelf: Office) -> None:
    """A word of all, of a few, of one in the middle, of none; a whole agency and a unit."""
    with unit_of_work(shelf.engine) as uow:
        for who in ("clerk", "head"):
            scope = shelf.scope(who)
            within = set(uow.session.scalars(select(Incoming.id).where(incoming.within(scope))))
            texts = [
                (row.id, row.text)
                for row in uow.session.execute(
                    select(SearchText.id, SearchText.text, SearchText.document_id).order_by(SearchText.id.desc())
                )
                if row.document_id in within
            ]
            for words, fits in (
                ("Việc số", lambda text: True), ("7/SNV", lambda text: text.startswith("7/SNV")),
                ("việc số 29", lambda text: text.split("\n")[1] == "Việc số 29"),
                ("không ai viết", lambda text: False),
            ):  # fmt: skip
                expected = [key for key, text in texts if fits(text)]
                assert walked(scope, uow.session, words) == expected, (who, words)
                count = search.count(scope, uow.session, read_query(words)[0], narrowed=search.Narrowed(), cap=5)
                assert count == min(6, len(expected)), (who, words)
