"""Who may sign (Decree 30/2020, Article 13): a table for each rule, and random offices that find no way around."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.counts import times
from workflow.domain.mandates import (
    STANDING,
    Asked,
    Basis,
    Entitlement,
    Legal,
    Mandate,
    Reason,
    Rule,
    explain,
    form_of,
    may_sign,
)
from workflow.domain.people import CAPACITIES, Capacity, Post, Role

DAY = dt.date(2026, 11, 23)
NOON = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
LONG_AGO = NOON - dt.timedelta(days=400)
SINCE = dt.date(2025, 7, 1)
AGENCY, OFFICE, ECONOMY = 1, 2, 3

LEADER = Post(1, 11, AGENCY, AGENCY, Role.LEADER, "Chủ tịch", SINCE)
DEPUTY = Post(2, 12, AGENCY, AGENCY, Role.DEPUTY, "Phó Chủ tịch", SINCE)
CHIEF = Post(3, 13, OFFICE, AGENCY, Role.UNIT_HEAD, "Chánh Văn phòng", SINCE)
SECOND = Post(4, 14, OFFICE, AGENCY, Role.UNIT_HEAD, "Phó Chánh Văn phòng", SINCE)
ELSEWHERE = Post(5, 15, ECONOMY, AGENCY, Role.UNIT_HEAD, "Trưởng phòng", SINCE)
FOREIGN = Post(6, 16, 9, 9, Role.LEADER, "Chủ tịch", SINCE)
CLERK = Post(7, 17, OFFICE, AGENCY, Role.CLERK, "Văn thư", SINCE)
POSTS = (LEADER, DEPUTY, CHIEF, SECOND, ELSEWHERE, FOREIGN, CLERK)

LEGAL = Legal(symbol="12/QĐ-UBND", day=dt.date(2026, 1, 5), title="Quyết định phân công")
ASKED = Asked(agency_id=AGENCY, type_code="invitation", organ="UBND", units=frozenset({OFFICE}), day=DAY, at=NOON)


def mandate(post: Post, capacity: Capacity, **changed: object) -> Mandate:
    """One that holds on `DAY` for invitations of the office."""
    whole = Mandate(
        id=1, post_id=post.id, agency_id=AGENCY, capacity=capacity, valid_from=dt.date(2026, 1, 5),
        valid_to=dt.date(2026, 12, 31), granted_at=NOON - dt.timedelta(days=300), legal=LEGAL,
        source=LEADER if capacity in {Capacity.KT, Capacity.TL, Capacity.TUQ} else None,
        types=frozenset({"invitation", "letter"}), unit_id=post.unit_id,
    )  # fmt: skip
    return replace(whole, **changed)  # type: ignore[arg-type]


def answer(post: Post, capacity: Capacity, *mandates: Mandate, **changed: object) -> Entitlement:
    asked = replace(ASKED, **changed)  # type: ignore[arg-type]
    return may_sign(post.person_id, POSTS, mandates, asked, capacity=capacity)


@pytest.mark.parametrize(
    ("post", "capacity", "reasons"),
    [
        (LEADER, Capacity.HEAD, ()),
        (LEADER, Capacity.TM, ()),
        (LEADER, Capacity.Q, (Reason.NO_MANDATE,)),
        (LEADER, Capacity.KT, (Reason.CAPACITY_NOT_OPEN, Reason.NO_MANDATE)),
        (DEPUTY, Capacity.KT, ()),
        (DEPUTY, Capacity.TM, ()),
        (DEPUTY, Capacity.HEAD, (Reason.CAPACITY_NOT_OPEN, Reason.NO_MANDATE)),
        (CHIEF, Capacity.TL, (Reason.NO_MANDATE,)),
        (CHIEF, Capacity.TUQ, (Reason.NO_MANDATE,)),
        (CHIEF, Capacity.TM, (Reason.NO_MANDATE,)),
        (CLERK, Capacity.TL, (Reason.CAPACITY_NOT_OPEN, Reason.NO_MANDATE)),
        (FOREIGN, Capacity.HEAD, (Reason.OTHER_AGENCY,)),
    ],
)
def test_what_a_post_gives_by_itself(post: Post, capacity: Capacity, reasons: tuple[Reason, ...]) -> None:
    """13.1 and 13.2: the head and, for the head, the deputies; nobody else without a mandate."""
    said = answer(post, capacity)
    assert said.reasons == reasons
    assert said.basis is (Basis.APPOINTMENT if not reasons else None)


@pytest.mark.parametrize(
    ("post", "capacity"),
    [
        (CHIEF, Capacity.TL), (CHIEF, Capacity.TUQ), (CHIEF, Capacity.TM), (DEPUTY, Capacity.KT),
        (DEPUTY, Capacity.Q), (DEPUTY, Capacity.TM), (LEADER, Capacity.Q), (LEADER, Capacity.HEAD),
    ],
)  # fmt: skip
def test_a_mandate_lets_its_holder_sign_what_it_covers(post: Post, capacity: Capacity) -> None:
    """Each capacity that a post may be given, with the mandate named in the answer."""
    given_one = mandate(post, capacity)
    said = answer(post, capacity, given_one)
    assert (said.allowed, said.mandate, said.basis) == (True, given_one, Basis.MANDATE)


PASSED = mandate(SECOND, Capacity.TL, source=CHIEF, parent=mandate(CHIEF, Capacity.TL))

FAULTS = [
    (
        "KT outside the fields assigned",
        DEPUTY,
        mandate(DEPUTY, Capacity.KT, units=frozenset({ECONOMY})),
        Reason.UNIT_OUTSIDE,
    ),
    (
        "KT of another kind",
        DEPUTY,
        mandate(DEPUTY, Capacity.KT, types=frozenset({"decision"})),
        Reason.TYPE_OUTSIDE,
    ),
    (
        "KT for another organ",
        DEPUTY,
        mandate(DEPUTY, Capacity.KT, organs=frozenset({"HĐND"})),
        Reason.ORGAN_OUTSIDE,
    ),
    ("KT from a deputy", DEPUTY, mandate(DEPUTY, Capacity.KT, source=CHIEF), Reason.WRONG_SOURCE),
    ("KT from a foreign head", DEPUTY, mandate(DEPUTY, Capacity.KT, source=FOREIGN), Reason.WRONG_SOURCE),
    ("TL without kinds", CHIEF, mandate(CHIEF, Capacity.TL, types=frozenset()), Reason.NOT_LIMITED),
    ("TUQ without an end", CHIEF, mandate(CHIEF, Capacity.TUQ, valid_to=None), Reason.NOT_LIMITED),
    ("TUQ without content", CHIEF, mandate(CHIEF, Capacity.TUQ, types=frozenset()), Reason.NOT_LIMITED),
    (
        "TUQ without a document",
        CHIEF,
        mandate(CHIEF, Capacity.TUQ, legal=Legal(symbol=" ", day=DAY)),
        Reason.NO_LEGAL_BASIS,
    ),
    (
        "TUQ of an undated document",
        CHIEF,
        mandate(CHIEF, Capacity.TUQ, legal=Legal(symbol="1/GUQ", day=None)),
        Reason.NO_LEGAL_BASIS,
    ),
    ("TUQ from a delegate", ELSEWHERE, mandate(ELSEWHERE, Capacity.TUQ, source=CHIEF), Reason.WRONG_SOURCE),
    ("TUQ passed on", SECOND, replace(PASSED, capacity=Capacity.TUQ), Reason.PASSED_ON),
    ("TL made of a TUQ", SECOND, replace(PASSED, parent=mandate(CHIEF, Capacity.TUQ)), Reason.PASSED_ON),
    (
        "TL passed on twice",
        SECOND,
        replace(PASSED, parent=replace(PASSED, post_id=CHIEF.id, source=LEADER)),
        Reason.PASSED_ON,
    ),
    (
        "TL passed out of the unit",
        ELSEWHERE,
        replace(PASSED, post_id=ELSEWHERE.id, unit_id=ECONOMY),
        Reason.WRONG_SOURCE,
    ),
    ("before it begins", CHIEF, mandate(CHIEF, Capacity.TL, valid_from=dt.date(2026, 11, 24)), Reason.NOT_BEGUN),
    ("after its end", CHIEF, mandate(CHIEF, Capacity.TL, valid_to=dt.date(2026, 11, 22)), Reason.ENDED),
    ("after it was revoked", CHIEF, mandate(CHIEF, Capacity.TL, revoked_at=NOON), Reason.REVOKED),
    (
        "put on record later",
        CHIEF,
        mandate(CHIEF, Capacity.TL, granted_at=NOON + dt.timedelta(minutes=1)),
        Reason.NOT_RECORDED_YET,
    ),
    (
        "an order that ended ends what was passed on",
        SECOND,
        replace(PASSED, parent=mandate(CHIEF, Capacity.TL, valid_to=dt.date(2026, 11, 1))),
        Reason.ENDED,
    ),
    (
        "an order passed on is no wider",
        SECOND,
        replace(PASSED, parent=mandate(CHIEF, Capacity.TL, types=frozenset({"letter"}))),
        Reason.TYPE_OUTSIDE,
    ),
    ("an acting head in somebody's name", DEPUTY, mandate(DEPUTY, Capacity.Q, source=LEADER), Reason.WRONG_SOURCE),
]


@pytest.mark.parametrize(("post", "one", "reason"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_each_rule_refuses_for_its_own_reason(post: Post, one: Mandate, reason: Reason) -> None:
    """One thing wrong, and exactly that is said."""
    said = answer(post, one.capacity, one)
    assert said.reasons == (reason,)
    assert not said.allowed


def test_an_order_may_be_passed_on_once_inside_the_unit() -> None:
    """13.4: the head of a unit passes an order to their own deputy."""
    assert answer(SECOND, Capacity.TL, PASSED).allowed


def test_an_assignment_replaces_what_the_appointment_gives_for_good() -> None:
    """A deputy with fields signs in those only, and when the assignment has ended nothing widens again."""
    fields = mandate(DEPUTY, Capacity.KT, types=frozenset({"letter"}))
    assert answer(DEPUTY, Capacity.KT, fields, type_code="letter").allowed
    assert answer(DEPUTY, Capacity.KT, fields, type_code="decision").reasons == (Reason.TYPE_OUTSIDE,)
    assert answer(DEPUTY, Capacity.TM, fields, type_code="letter").reasons == (Reason.ASSIGNMENT_ON_RECORD,)
    over = replace(fields, valid_to=dt.date(2026, 6, 30))
    assert answer(DEPUTY, Capacity.KT, over, type_code="letter").reasons == (Reason.ENDED,)


def test_an_acting_head_signs_as_such_only() -> None:
    """Q. on record takes the head's own signature away, also afterwards."""
    acting = mandate(LEADER, Capacity.Q, types=frozenset())
    assert answer(LEADER, Capacity.Q, acting).allowed
    assert answer(LEADER, Capacity.HEAD, acting).reasons == (Reason.ASSIGNMENT_ON_RECORD,)


def test_what_ended_yesterday_still_explains_last_year() -> None:
    """The same row: yes for the day it held, no today, and a revocation counts from its moment."""
    one = mandate(CHIEF, Capacity.TL, valid_to=DAY - dt.timedelta(days=1), revoked_at=NOON)
    then = NOON - dt.timedelta(days=200)
    assert answer(CHIEF, Capacity.TL, one, day=then.date(), at=then).allowed
    assert answer(CHIEF, Capacity.TL, one).reasons == (Reason.ENDED, Reason.REVOKED)


def test_every_rule_is_in_the_explanation() -> None:
    """The screen shows all of them, held or not."""
    said = answer(CHIEF, Capacity.TL, mandate(CHIEF, Capacity.TL, revoked_at=NOON))
    assert [check.rule for check in said.checks] == list(Rule)
    assert {one.capacity for one in explain(CHIEF.person_id, POSTS, (), ASKED)} == set(Capacity)


def test_nobody_is_asked_about() -> None:
    """A person without a post, and a post of somebody else, get an answer too."""
    assert may_sign(99, POSTS, (), ASKED).reasons == (Reason.POST_NOT_HELD,)
    assert not may_sign(LEADER.person_id, POSTS, (), ASKED, post_id=DEPUTY.id).allowed


def test_standing_authority_is_open_to_its_post() -> None:
    """The two tables agree."""
    assert all(one.capacity in CAPACITIES[one.role] for one in STANDING)


# random offices

days = st.dates(dt.date(2026, 6, 1), dt.date(2026, 7, 15))
moments = st.builds(
    lambda day, hour: dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC), days, st.integers(0, 16)
)
types = st.frozensets(st.sampled_from(["decision", "letter", "invitation"]), max_size=2)
organs = st.frozensets(st.sampled_from(["UBND", "HĐND"]), max_size=1)
units = st.frozensets(st.sampled_from([OFFICE, ECONOMY]), max_size=1)
roles = st.sampled_from([Role.LEADER, Role.DEPUTY, Role.UNIT_HEAD, Role.CLERK])


@st.composite
def offices(draw: st.DrawFn) -> tuple[list[Post], list[Mandate]]:
    """Posts of three people in two agencies, mandates of every kind, well and badly made, chains among them."""
    posts = []
    for key in range(1, draw(st.integers(2, 5)) + 1):
        agency = draw(st.sampled_from([AGENCY, AGENCY, 9]))
        unit = draw(st.sampled_from([agency, OFFICE, ECONOMY]))
        last = draw(st.none() | days)
        posts.append(Post(key, draw(st.integers(11, 13)), unit, agency, draw(roles), "", dt.date(2026, 6, 1), last))
    made: list[Mandate] = []
    for key in range(1, draw(st.integers(0, 6)) + 1):
        holder = draw(st.sampled_from(posts))
        parent = draw(st.none() | st.sampled_from(made)) if made else None
        made.append(
            Mandate(
                id=key, post_id=holder.id, agency_id=draw(st.sampled_from([holder.agency_id, AGENCY])),
                capacity=draw(st.sampled_from(list(Capacity))), valid_from=draw(days),
                valid_to=draw(st.none() | days), granted_at=draw(moments),
                legal=Legal(symbol=draw(st.sampled_from(["", "5/QĐ"])), day=draw(st.none() | days)),
                source=draw(st.none() | st.sampled_from(posts)), parent=parent, types=draw(types),
                units=draw(units), organs=draw(organs), unit_id=holder.unit_id,
                revoked_at=draw(st.none() | moments),
            )
        )  # fmt: skip
    return posts, made


questions = st.builds(
    lambda at, kind, organ, unit: Asked(
        agency_id=AGENCY, type_code=kind, organ=organ, units=frozenset({unit}), day=at.date(), at=at
    ),
    moments, st.sampled_from(["decision", "letter", "invitation"]), st.sampled_from(["UBND", "HĐND"]),
    st.sampled_from([OFFICE, ECONOMY]),
)  # fmt: skip


@settings(max_examples=times(200, soak=20_000), deadline=None)
@given(offices(), questions)
def test_nobody_ever_signs_beyond_capacity_scope_or_dates(
    office: tuple[list[Post], list[Mandate]], asked: Asked
) -> None:
    """Whatever is allowed satisfies the law said again in other words; no chain gives anybody anything more."""
    posts, mandates = office
    for person in (11, 12, 13):
        for said in explain(person, posts, mandates, asked):
            if not said.allowed:
                assert said.reasons
                continue
            post = next(one for one in posts if one.id == said.post_id)
            assert post.person_id == person
            assert post.agency_id == asked.agency_id
            assert post.valid_from <= asked.day <= (post.valid_to or asked.day)
            assert said.capacity in CAPACITIES[post.role]
            if said.mandate is None:
                assert said.capacity in {
                    Role.LEADER: {Capacity.HEAD, Capacity.TM}, Role.DEPUTY: {Capacity.KT, Capacity.TM}
                }[post.role]  # fmt: skip
                continue
            _covered(said.mandate, said, asked, posts)


def _covered(one: Mandate, said: Entitlement, asked: Asked, posts: list[Post]) -> None:
    assert (one.post_id, one.capacity) == (said.post_id, said.capacity)
    assert one.legal.symbol
    line = [one, *([one.parent] if one.parent else [])]
    for link in line:
        assert link.valid_from <= asked.day <= (link.valid_to or asked.day)
        assert link.granted_at <= asked.at
        assert link.revoked_at is None or link.revoked_at > asked.at
        assert not link.types or asked.type_code in link.types
        assert not link.organs or asked.organ in link.organs
        assert not link.units or asked.units & link.units
        assert link.parent is None or link is one
    if one.capacity in {Capacity.KT, Capacity.TUQ}:
        assert one.parent is None
        assert one.source is not None
        assert one.source.role is Role.LEADER
    if one.capacity is Capacity.TUQ:
        assert one.valid_to is not None
        assert one.types or one.units
    if one.parent is not None:
        assert {link.capacity for link in line} == {Capacity.TL}
        assert one.parent.source is not None
        assert one.parent.source.role is Role.LEADER
        given_by = next(post for post in posts if post.id == one.parent.post_id)
        assert given_by.unit_id == one.unit_id


@settings(max_examples=times(100, soak=10_000), deadline=None)
@given(offices(), questions, st.integers(1, 400))
def test_later_days_change_nothing_about_earlier_ones(
    office: tuple[list[Post], list[Mandate]], asked: Asked, later: int
) -> None:
    """Revoking everything afterwards, and recording new mandates, leaves each answer about a past day as it was."""
    posts, mandates = office
    after = asked.at + dt.timedelta(days=later)
    ended = [one if one.revoked_at is not None else replace(one, revoked_at=after) for one in mandates]
    ended = [
        replace(one, parent=next(link for link in ended if link.id == one.parent.id)) if one.parent else one
        for one in ended
    ]
    fresh = [replace(one, id=one.id + 100, granted_at=after, revoked_at=None) for one in mandates]
    for person in (11, 12, 13):
        before = [(one.allowed, one.capacity) for one in explain(person, posts, mandates, asked)]
        assert [(one.allowed, one.capacity) for one in explain(person, posts, [*ended, *fresh], asked)] == before


def test_the_form_of_a_mandate_is_asked_alone_when_it_is_granted() -> None:
    """Every rule of form, and nothing about a document."""
    rules = (Rule.LEGAL_BASIS, Rule.RIGHT_SOURCE, Rule.NOT_PASSED_ON, Rule.LIMITED)
    assert tuple(check.rule for check in form_of(PASSED)) == rules
    assert all(check.holds for check in form_of(PASSED))
