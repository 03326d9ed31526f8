"""Units inside the agency on either database: named on a draft, given at the issue, seen; closed to all others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support.exchange import Between
from tests.support.office import NOON
from workflow.domain.corrections import Kind
from workflow.domain.errors import NotFound, WrongState
from workflow.domain.outgoing import Action
from workflow.services import search
from workflow.services.documents import acts, drafting
from workflow.services.documents.drafting import DraftFacts
from workflow.services.exchange.recalling import ask_recall, refuse_recall
from workflow.services.exchange.recipients import with_names, without_names
from workflow.store import deliveries, documents, fates
from workflow.store import unit_copies as store
from workflow.store.models import Journal, Outbox, Outgoing, Register, RegisterNumber, Unit, UnitSuccession
from workflow.store.search import Narrowed
from workflow.store.session import UnitOfWork, unit_of_work

ALL = store.Filter()
OTHERS = ("head", "lone_drafter", "specialist", "chief", "leader", "admin", "inspector", "far_clerk", "far_drafter")


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
        unseen = [copy for copy, _unit, _document in rows if copy.seen_at is None and copy.recalled_at is None]
        assert store.unseen(post.scope(who), uow.session) == len(unseen)
        return [(document.id, unit, copy.seen_at is not None) for copy, unit, document in rows]


def copy_of(post: Between, document: int, who: str = "clerk") -> Any:
    """The one copy as the sender sees it."""
    with unit_of_work(post.office.engine) as uow:
        ((copy, _unit, _seen_by),) = store.of_document(post.scope(who), uow.session, document)
        return copy


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


def test_a_recall_takes_copies_back(post: Between) -> None:
    """What went only to own units can be recalled too: once, with its reason; who receives hears of it."""
    document = ready(post, "culture", secret=False, state="sealed", sealed_at=post.now)
    post.issue(document)
    with unit_of_work(post.office.engine) as uow:
        assert store.recalled(uow.session, document) == {}
    assert post.do("clerk", ask_recall, document_id=document, reason="Sai căn cứ") == 1
    assert any("Nơi gửi đã thu hồi" in words for words in post.notices("culture_head"))
    assert not any("Nơi gửi đã thu hồi" in words for words in post.notices("head"))
    with unit_of_work(post.office.engine) as uow:
        assert '"reason":"Sai căn cứ"' in store.recalled(uow.session, document, 0)[document].body
    with pytest.raises(WrongState, match="recalled_already"):
        post.do("clerk", ask_recall, document_id=document, reason="Sai căn cứ")


def test_a_replacement_takes_copies_back(post: Between) -> None:
    """As it does with agencies: the copy counts as taken back from the issue of the later one on, and there is
    nothing left to recall inside; an amendment leaves it."""
    old = ready(post, "culture", secret=False, state="sealed", sealed_at=post.now)
    amended = ready(post, "culture", secret=False, state="sealed", sealed_at=post.now)
    for earlier, kind in ((old, Kind.REPLACE), (amended, Kind.AMEND)):
        post.issue(earlier)
        later = post.ready(secret=False, state="sealed", sealed_at=post.now)
        post.says(later, kind=kind, earlier_id=earlier, reason="Sai số liệu")
        with unit_of_work(post.office.engine) as uow:
            assert store.recalled(uow.session, old, amended).keys() == ({old} if earlier == amended else set())
        post.issue(later)
    with unit_of_work(post.office.engine) as uow:
        gone = store.recalled(uow.session, old, amended)
        told = uow.session.scalars(select(Outbox.body).where(Outbox.once_key.like("correction:%"))).all()
    assert gone.keys() == {old}
    assert sum("không sử dụng văn bản này nữa" in body for body in told) == 1
    with pytest.raises(WrongState, match="recalled_already"):
        post.do("clerk", ask_recall, document_id=old, reason="Sai căn cứ")


def test_why_a_secret_one_is_taken_back_stands_in_no_notice(post: Between) -> None:
    """Neither to the receiver and the own unit, nor in what its receiver answers the sender; of others it does."""
    for secret in (True, False):
        more = {} if secret else {"secret": False, "state": "sealed", "sealed_at": post.now}
        with unit_of_work(post.office.engine) as uow:
            before = uow.session.scalar(select(func.max(Outbox.id))) or 0
        document = post.ready("far", **more)
        with unit_of_work(post.office.engine) as uow:
            uow.begin_write()
            store.put(uow.session, document, [post.office.units["culture"]])
            uow.commit()
        post.issue(document)
        row = post.registered(document)
        post.do("clerk", ask_recall, document_id=document, reason="Lộ tên người")
        post.do("far_leader", refuse_recall, incoming_id=row.id, version=None, remark="Đã đọc tên")
        with unit_of_work(post.office.engine) as uow:
            bodies = uow.session.scalars(select(Outbox.body).where(Outbox.id > before)).all()
        said = [sum(words in body for body in bodies) for words in ("Lộ tên người", "Đã đọc tên")]
        assert [count > 0 for count in said] == [not secret] * 2, bodies


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


def test_what_became_of_it_is_told_to_the_unit(post: Between) -> None:
    """A later document that corrects it stands on the copy and in a notice, for who receives it alone."""
    earlier = ready(post, "culture", secret=False, state="sealed", sealed_at=post.now)
    post.issue(earlier)
    later = post.ready(secret=False, state="sealed", sealed_at=post.now, type_code="letter")
    post.says(later, kind=Kind.CORRECT, earlier_id=earlier, reason="Sai số")
    copy = copy_of(post, earlier)
    with unit_of_work(post.office.engine) as uow:
        assert store.marks(post.scope("culture_head"), uow.session, copy.id) == []
    post.issue(later)
    assert any("Đã được đính chính" in words for words in post.notices("culture_head"))
    with unit_of_work(post.office.engine) as uow:
        ((relation, by),) = store.marks(post.scope("culture_head"), uow.session, copy.id)
        assert (relation.reason, by.id) == ("Sai số", later)
        assert store.marks(post.scope("head"), uow.session, copy.id) == []


def look(post: Between, document: int, who: str) -> None:
    """Somebody who receives for the named unit opened it."""
    copy = copy_of(post, document)
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        person = post.office.posts[who].person_id
        store.record_first_look(uow.session, copy.id, person_id=person, now=post.now)
        uow.commit()


def numbered(uow: UnitOfWork, *documents: int) -> int:
    """Lines of the agency's register for papers that were made without one; the register's key."""
    register = uow.session.scalars(
        select(Register).where(Register.direction == "out").order_by(Register.id)
    ).first()
    assert register is not None
    uow.begin_write()
    uow.session.add_all(
        RegisterNumber(register_id=register.id, year=2026, number=place, document_id=key, drawn_at=NOON)
        for place, key in enumerate(documents, 1)
    )
    uow.flush()
    return register.id


def test_a_recall_stands_in_the_list_of_deliveries_and_in_the_register(post: Between) -> None:
    """A state of its own, seen or not, since the moment of the recall; a mark for the line of the register."""
    seen, unseen, other = (ready(post, "economy", secret=False, state="sealed", sealed_at=post.now)
                           for _number in range(3))  # fmt: skip
    for document in (seen, unseen, other):
        post.issue(document)
    look(post, seen, "head")
    taken = {}
    for document in (seen, unseen):
        post.do("clerk", ask_recall, document_id=document, reason="Sai căn cứ")
        taken[document] = post.now
    with unit_of_work(post.office.engine) as uow:

        def listed(who: str, *states: str) -> dict[int, Any]:
            wanted = deliveries.Filter(states=states)
            rows = deliveries.page(post.scope(who), uow.session, wanted=wanted)
            assert deliveries.count(post.scope(who), uow.session, wanted=wanted, cap=10) == len(rows)
            return {row.outgoing_id: row for row in rows}

        found = listed("clerk", "recalled")
        assert {key: row.since for key, row in found.items()} == taken
        assert set(listed("clerk", "seen", "unseen")) == {other}
        assert listed("far_clerk", "recalled") == {}
        mine, waiting = post.scope("head"), store.Filter(seen=False)
        assert [row[2].id for row in store.page(mine, uow.session, wanted=waiting)] == [other]
        assert store.count(mine, uow.session, wanted=waiting) == store.unseen(mine, uow.session) == 1
        first, *_rest = store.page(mine, uow.session, wanted=ALL, sort="unseen")
        assert first[2].id == other, "what was taken back waits for nobody's look"
        span: dict[str, Any] = {"register_id": numbered(uow, seen, unseen, other), "year": 2026}
        marked = fates.recalled_in(post.scope("clerk"), uow.session, **span)
        assert {row[0]: row[1] for row in marked} == taken
        assert list(fates.recalled_in(post.scope("far_clerk"), uow.session, **span)) == []
        assert list(fates.recalled_in(post.scope("clerk"), uow.session, **span, after=0, until=0)) == []


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
