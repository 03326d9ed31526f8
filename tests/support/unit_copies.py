"""Copies for units inside the agency, and who receives them."""

from __future__ import annotations

from typing import Any

from tests.support.exchange import Between
from workflow.store import unit_copies as store
from workflow.store.session import unit_of_work

ALL = store.Filter()


def ready(post: Between, *units: str, **changes: Any) -> int:
    """A paper that is to be issued to some units of the commune."""
    made = post.ready(**changes)
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        store.put(uow.session, made, [post.office.units[name] for name in units])
        uow.commit()
    return made


def got(post: Between, who: str) -> list[tuple[int, str, bool]]:
    """(document, unit, whether it was seen) of what somebody receives; the count says the same."""
    with unit_of_work(post.office.engine) as uow:
        rows = store.page(post.scope(who), uow.session, wanted=ALL)
        assert store.count(post.scope(who), uow.session, wanted=ALL) == len(rows)
        unseen = [copy for copy, _unit, _document in rows if copy.seen_at is None]
        assert store.unseen(post.scope(who), uow.session) == len(unseen)
        return [(document.id, unit, copy.seen_at is not None) for copy, unit, document in rows]


def copy_of(post: Between, document: int, who: str = "clerk") -> Any:
    """The one copy as the sender sees it."""
    with unit_of_work(post.office.engine) as uow:
        ((copy, _unit, _seen_by),) = store.of_document(post.scope(who), uow.session, document)
        return copy


def look(post: Between, document: int, who: str) -> None:
    """Somebody who receives for the named unit opened it."""
    copy = copy_of(post, document)
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        person = post.office.posts[who].person_id
        store.record_first_look(uow.session, copy.id, person_id=person, now=post.now)
        uow.commit()
