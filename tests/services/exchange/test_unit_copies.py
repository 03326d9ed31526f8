"""Units inside the agency on either database: named on a draft, given at the issue, seen; closed to all others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.exchange import Between
from tests.support.office import NOON
from tests.support.unit_copies import ALL, copy_of, got, look, ready
from workflow.domain.errors import NotFound
from workflow.domain.outgoing import Action
from workflow.services import search
from workflow.services.documents import acts, drafting
from workflow.services.documents.drafting import DraftFacts
from workflow.services.exchange.recipients import with_names, without_names
from workflow.store import deliveries, documents
from workflow.store import unit_copies as store
from workflow.store.models import Journal, Outgoing, Unit, UnitSuccession
from workflow.store.search import Narrowed
from workflow.store.session import unit_of_work

OTHERS = ("head", "lone_drafter", "specialist", "chief", "leader", "admin", "inspector", "far_clerk", "far_drafter")


def test_nothing_before_the_issue(post: Between) -> None:
    """A wish opens nothing; the issue gives it to the head of that unit, with a notice, and to nobody else."""
    document = ready(post, "culture", recipients="Phòng Văn hóa – Xã hội\nSở Nội vụ\nLưu: VT")
    assert got(post, "culture_head") == []
    copy = copy_of(post, document)
    with unit_of_work(post.office.engine) as uow, pytest.raises(NotFound, match="unit_copy_not_found"):
        store.find(post.scope("culture_head"), uow.session, copy.id)
    post.issue(document)
    assert got(post, "culture_head") == [(document, "Phòng Văn hóa – Xã hội", False)]
    assert any("Văn bản gửi đơn vị" in words for words in post.notices("culture_head"))
    for who in OTHERS:
        assert got(post, who) == [], who
        with unit_of_work(post.office.engine) as uow, pytest.raises(NotFound):
            store.find(post.scope(who), uow.session, copy.id)
        assert not any("Văn bản gửi đơn vị" in words for words in post.notices(who)), who
    with unit_of_work(post.office.engine) as uow:
        rows = deliveries.dispatches_of(post.scope("clerk"), uow.session, document)
        assert [row.name for row in rows] == ["Sở Nội vụ"], "what a unit has needs no copy by hand"


def test_a_copy_opens_nothing_else(post: Between) -> None:
    """The document itself, its list, its search and its deliveries stay closed to the unit's head."""
    document = ready(post, "culture", subject="V/v phòng chống bão")
    post.issue(document)
    scope = post.scope("culture_head")
    with unit_of_work(post.office.engine) as uow:
        with pytest.raises(NotFound):
            documents.find(scope, uow.session, document)
        with pytest.raises(NotFound):
            documents.lock(scope, uow.session, document, version=None)
        assert len(documents.page(scope, uow.session, wanted=documents.Filter(), sort="newest")) == 0
        assert documents.count(scope, uow.session, wanted=documents.Filter(), cap=10) == 0
        assert store.of_document(scope, uow.session, document) == []
        assert deliveries.page(scope, uow.session, wanted=deliveries.Filter()) == []
        assert documents.history_of(uow.session, document), "there is something to hide"
        answer = search.search(uow, scope, "phòng chống bão", narrowed=Narrowed(), limit=10)
        assert answer is None or list(answer.rows) == []
    with pytest.raises(NotFound):
        post.do("culture_head", acts.act, document_id=document, action=Action.FILE, version=None)


def test_the_first_look_is_the_units(post: Between) -> None:
    """Who looked first stands for the sender, once; filters and orders of the list; both sides count it."""
    first, second = (
        ready(post, "culture", subject="V/v họp"),
        ready(post, "culture", "economy", subject="V/v lễ hội"),
    )
    for document in (first, second):
        post.issue(document)
    head = post.office.posts["culture_head"].person_id
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        copy = next(
            row for row in store.page(post.scope("culture_head"), uow.session, wanted=ALL) if row[2].id == first
        )
        for moment in (NOON - dt.timedelta(days=1), post.now, post.now + dt.timedelta(hours=1)):
            store.record_first_look(uow.session, copy[0].id, person_id=head, now=moment)
        uow.commit()
    assert copy_of(post, first).seen_at == post.now
    scope = post.scope("culture_head")
    with unit_of_work(post.office.engine) as uow:

        def shown(**given: Any) -> list[int]:
            sort = given.pop("sort", "newest")
            return [row[2].id for row in store.page(scope, uow.session, wanted=store.Filter(**given), sort=sort)]

        assert (shown(seen=True), shown(seen=False)) == ([first], [second])
        assert (shown(), shown(sort="oldest"), shown(sort="unseen")) == (
            [second, first], [first, second], [second, first],
        )  # fmt: skip
        assert (shown(words="%"), shown(words="_")) == ([], [])
        listed = deliveries.page(
            post.scope("clerk"), uow.session, wanted=deliveries.Filter(states=("seen", "unseen"))
        )
        assert sorted((row.name, row.state) for row in listed) == [
            ("Phòng Kinh tế", "unseen"), ("Phòng Văn hóa – Xã hội", "seen"), ("Phòng Văn hóa – Xã hội", "unseen"),
        ]  # fmt: skip
        assert [
            row.kind for row in deliveries.page(post.scope("clerk"), uow.session, wanted=deliveries.Filter())
        ] == ["unit"] * 3


def test_a_clerk_in_a_unit_receives_for_it(post: Between) -> None:
    """The clerk sits in the office; what goes to the office is received by its head and by the clerk."""
    document = ready(post, "office")
    post.issue(document)
    assert got(post, "clerk") == got(post, "chief") == [(document, "Văn phòng HĐND và UBND", False)]


def drafted(post: Between, *, by: str = "drafter", to: Sequence[str] = (), **facts: Any) -> Outgoing:
    """A draft to some units."""
    post.now += dt.timedelta(minutes=1)
    with unit_of_work(post.office.engine) as uow:
        units = tuple(sorted(post.office.units[name] for name in to))
        given = DraftFacts(**{"type_code": "letter", "subject": "V/v họp", "units": units, **facts})
        made = drafting.create(uow, post.office.actor(by), facts=given, now=post.now)
        uow.commit()
        return made


def test_a_draft_names_its_own_units(post: Between) -> None:
    """As a line of their own unless the file copy names them; other agencies' parts and agencies are none."""
    made = drafted(post, to=("culture", "economy"), recipients="Sở Nội vụ\nLưu: VT, Phòng Kinh tế.")
    assert made.recipients.split("\n") == ["Phòng Văn hóa – Xã hội", "Sở Nội vụ", "Lưu: VT, Phòng Kinh tế."]
    with unit_of_work(post.office.engine) as uow:
        facts = DraftFacts(type_code="letter", subject="V/v họp", recipients="Sở Nội vụ")
        drafting.revise(
            uow, post.office.actor("drafter"), post.scope("drafter"), document_id=made.id, version=made.version,
            facts=facts, now=post.now,
        )  # fmt: skip
        uow.commit()
        assert store.named(uow.session, made.id) == []
    for wrong in ("far_office", "commune", "far"):
        with pytest.raises(NotFound, match="recipient_own_unit"):
            drafted(post, to=(wrong,))


def test_lines_stand_in_the_order_of_the_decree(post: Between) -> None:
    """After the references, above the file copy; a line typed with its dash names the unit as a tick does."""
    for typed, stands in (
        ("- Như trên;\n- Lưu: VT.", "- Như trên;\nPhòng Văn hóa – Xã hội\n- Lưu: VT."),
        ("Như Điều 3;\n- Sở Nội vụ;", "Như Điều 3;\nPhòng Văn hóa – Xã hội\n- Sở Nội vụ;"),
        ("- Phòng Văn hóa – Xã hội;\n- Lưu: VT.", "- Phòng Văn hóa – Xã hội;\n- Lưu: VT."),
        ("", "Phòng Văn hóa – Xã hội"),
    ):
        assert with_names(typed, ["Phòng Văn hóa – Xã hội"]) == stands
    assert without_names("- Phòng Văn hóa – Xã hội;\nSở Nội vụ", ["Phòng Văn hóa – Xã hội"]) == "Sở Nội vụ"
    made = drafted(post, to=("economy",), recipients="Như trên\nLưu: VT, Phòng Kinh tế và Hạ tầng.")
    assert made.recipients.split("\n")[1] == "Phòng Kinh tế", "another unit's name that begins so names it not"


def ended(post: Between, unit: str, *, successor: str | None = None) -> None:
    """A part ended yesterday."""
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Unit, post.office.units[unit])
        row.valid_to = NOON.date() - dt.timedelta(days=1)
        if successor:
            uow.add(UnitSuccession(predecessor_id=row.id, successor_id=post.office.units[successor],
                                   happened_on=NOON.date()))  # fmt: skip
        uow.commit()


def noted(post: Between, document: int) -> dict[str, Any]:
    """What the journal says of the units at the issue."""
    with unit_of_work(post.office.engine) as uow:
        query = select(Journal.body).where(
            Journal.subject == f"outgoing:{document}", Journal.tag == "document:outgoing:units_given"
        )
        facts = json.loads(uow.session.scalars(query).one())["facts"]
    return {name: facts[name] for name in ("named", "given", "replaced", "by_hand")}


def test_units_that_ended(post: Between) -> None:
    """Who alone took over has it, once; where nobody did a copy goes by hand."""
    moved = ready(post, "service", recipients="Trung tâm Dịch vụ công")
    doubled = ready(post, "service", "culture", recipients="Trung tâm Dịch vụ công\nPhòng Văn hóa – Xã hội")
    ended(post, "service", successor="culture")
    for document in (moved, doubled):
        post.issue(document)
    assert sorted(key for key, _unit, _seen in got(post, "culture_head")) == [moved, doubled]
    lost = ready(post, "economy", recipients="Phòng Kinh tế")
    ended(post, "economy")
    post.issue(lost)
    assert copy_of(post, lost).given_at is None
    units = post.office.units
    service, culture, economy = units["service"], units["culture"], units["economy"]
    assert [noted(post, document) for document in (moved, doubled, lost)] == [
        {"named": [service], "given": [culture], "replaced": [[service, culture]], "by_hand": []},
        {"named": sorted([culture, service]), "given": [culture], "replaced": [[service, culture]], "by_hand": []},
        {"named": [economy], "given": [], "replaced": [], "by_hand": [economy]},
    ]
    with unit_of_work(post.office.engine) as uow:
        names = [row.name for row in deliveries.dispatches_of(post.scope("clerk"), uow.session, lost)]
        assert names == ["Phòng Kinh tế"]
        for document in (moved, doubled):
            assert deliveries.dispatches_of(post.scope("clerk"), uow.session, document) == []


def test_staff_read_what_their_unit_received(post: Between) -> None:
    """Once its head has opened it: the copy, no secret one; other units' staff see, count and find none."""
    document = ready(post, "economy", secret=False, state="sealed", sealed_at=post.now, subject="V/v bão")
    hidden = ready(post, "economy", subject="V/v chuyện mật")
    lower = ready(post, "culture", secret=False, state="sealed", sealed_at=post.now)
    for key in (document, hidden, lower):
        post.issue(key)
    staff, strangers = ("drafter", "specialist"), ("lone_drafter", "far_drafter", "leader", "inspector", "admin")
    for who in (*staff, *strangers):
        assert got(post, who) == [], f"{who}: nobody has received it yet"
    copies = {key: copy_of(post, key).id for key in (document, hidden, lower)}
    for key, head in ((document, "head"), (hidden, "head"), (lower, "culture_head")):
        look(post, key, head)
    for who in staff:
        assert got(post, who) == [(document, "Phòng Kinh tế", True)], who
    for who in strangers:
        assert got(post, who) == [], who
    with unit_of_work(post.office.engine) as uow:
        for who in staff:
            scope = post.scope(who)
            assert store.find(scope, uow.session, copies[document])[2].id == document
            assert [name for _key, name in store.receiving(scope, uow.session)] == ["Phòng Kinh tế"]
            for key in (hidden, lower):
                with pytest.raises(NotFound, match="unit_copy_not_found"):
                    store.find(scope, uow.session, copies[key])
        for who in strangers:
            assert list(store.receiving(post.scope(who), uow.session)) == []
            with pytest.raises(NotFound, match="unit_copy_not_found"):
                store.find(post.scope(who), uow.session, copies[document])
            assert list(store.marks(post.scope(who), uow.session, copies[document])) == []


def test_staff_find_nothing_by_words_of_what_is_not_theirs(post: Between) -> None:
    """The list's words find a secret one and another unit's as little as there were none."""
    for unit, secret in (("economy", True), ("culture", False)):
        given = {} if secret else {"secret": False, "state": "sealed", "sealed_at": post.now}
        document = ready(post, unit, subject="V/v lũ quét", **given)
        post.issue(document)
        look(post, document, "head" if unit == "economy" else "culture_head")
    with unit_of_work(post.office.engine) as uow:
        for wanted in (store.Filter(words="lũ quét"), store.Filter(seen=True), store.Filter(words="UBND")):
            assert list(store.page(post.scope("drafter"), uow.session, wanted=wanted)) == []
            assert store.count(post.scope("drafter"), uow.session, wanted=wanted) == 0
            assert store.count(post.scope("culture_head"), uow.session, wanted=wanted) == 1
