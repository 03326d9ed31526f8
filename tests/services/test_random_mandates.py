"""Random mandates, posts, absences and handovers: nobody ever signs beyond capacity, scope or dates.

Judged by `tests.support.entitled`, which reads the rows and knows nothing of the rules' own code.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select

from tests.support import counts
from tests.support.by_key import sign_by_key
from tests.support.mandated import DAY, Bureau
from tests.support.office import NOON, Office, build
from workflow.domain.errors import NotPermitted
from workflow.domain.people import Capacity, Role
from workflow.domain.permissions import figures_scope
from workflow.services import authority, mandates
from workflow.services.authority import Entitled
from workflow.services.documents import drafting
from workflow.services.mandates import Grant
from workflow.store.models import MandateEnd, MandateRow, Outgoing, PostRow, Signature
from workflow.store.session import make_engine, unit_of_work

ACTS = ("grant", "grant", "forced", "forced", "mandated", "mandated", "temporary", "passed_on", "revoke", "appoint",
        "end_post", "hand_over", "leave", "draft", "draft", "sign", "sign", "sign", "sign_in_place", "record_ink",
        "record_ink", "later")  # fmt: skip

FIRST = ("mandated", "temporary", "passed_on")
BETWEEN = ("draft", "later", "later", "revoke", "revoke", "end_post", "hand_over", "leave")


class RandomMandates(RuleBasedStateMachine):
    """Hypothesis chooses what is tried next and with what; whatever comes of it, the right is asked of the rows."""

    template: Path
    folder: Path
    founded: Office | None = None
    signed = by_mandate = refused = without_right = 0

    def __init__(self) -> None:
        super().__init__()
        path = self.folder / "office.db"
        for left in self.folder.glob("office.db*"):
            left.unlink()
        path.write_bytes(self.template.read_bytes())
        self.engine = make_engine(f"sqlite:///{path}", durable=False)
        assert self.founded is not None
        self.bureau = Bureau(replace(self.founded, engine=self.engine))

    @rule(act=st.sampled_from(ACTS), pick=st.integers(0, 10**6))
    def attempt(self, act: str, pick: int) -> None:
        """Anything."""
        self.bureau.attempt(act, pick)

    @rule(
        first=st.sampled_from(FIRST), between=st.sampled_from(BETWEEN), act=st.sampled_from(("sign", "record_ink")),
        pick=st.integers(0, 10**6),
    )  # fmt: skip
    def all_the_way(self, first: str, between: str, act: str, pick: int) -> None:
        """A mandate, a draft and a signature in one go, so that enough is signed; and what may come in between."""
        for one in (first, between, act, "sign"):
            self.bureau.attempt(one, pick)

    @invariant()
    def everything_is_explained(self) -> None:
        """After every act; and who may sign what, asked of the rules and of the rows."""
        self.bureau.hold()
        self.bureau.ask()

    def teardown(self) -> None:
        """Count, and give the file back."""
        kind = type(self)
        kind.signed += len(self.bureau.signed)
        kind.by_mandate += self.bureau.by_mandate
        kind.refused += self.bureau.refused
        kind.without_right += self.bureau.without_right
        self.engine.dispose()


def founded(sqlite_template: Path, folder: Path) -> type[RandomMandates]:
    """The machine, with an office to start from."""
    template = folder / "founded.db"
    template.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{template}", durable=False)
    office = build(engine)
    Bureau(office).found()
    engine.dispose()
    with make_engine(f"sqlite:///{template}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kind = RandomMandates
    kind.template, kind.folder, kind.founded = template, folder, office
    kind.signed = kind.by_mandate = kind.refused = kind.without_right = 0
    return kind


@pytest.mark.soak
def test_nobody_signs_beyond_capacity_scope_or_dates(
    sqlite_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of everything that was signed, and at any later moment too."""
    kind = founded(sqlite_template, tmp_path)
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=counts.times(8, soak=600), stateful_step_count=counts.times(12, soak=60), deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    with capsys.disabled():
        told = f"{kind.signed} signed, {kind.by_mandate} by mandate, {kind.without_right} without a right"
        print(f"\nmandates: {told}, {kind.refused} refused in all")
    assert kind.refused > 0
    if counts.SOAK:  # a few lives may meet none; that a broken rule is found is another test's
        assert min(kind.by_mandate, kind.without_right) > 0


@pytest.mark.soak
def test_a_random_year_gets_somewhere(engine: Engine) -> None:
    """The control, on both databases: such an office signs by appointment and by mandate, and refuses."""
    bureau = Bureau(build(engine))
    bureau.found()
    for pick in range(counts.times(6, soak=500)):
        for act in ("mandated", "draft", "sign", "sign", "record_ink", ACTS[pick % len(ACTS)]):
            bureau.attempt(act, pick)
        bureau.hold()
    assert bureau.by_mandate > 0
    assert bureau.refused > 0


def test_what_ended_yesterday_explains_last_years_signature(engine: Engine) -> None:
    """TUQ. until today, revoked TL., a post that ended: entitled then, not now; kept or worked out anew alike."""
    office = build(engine)
    posts, today = office.posts, NOON.date()
    last_day = today + 365 * DAY
    scope = figures_scope(posts["admin"], agencies_below=())
    given = Grant(
        post_id=posts["chief"].id, capacity=Capacity.TUQ, valid_from=today, valid_to=last_day,
        source_post_id=posts["leader"].id, types=("letter",), legal_symbol="15/GUQ-UBND", legal_day=today,
        reason="Ủy quyền",
    )  # fmt: skip
    with unit_of_work(engine) as uow:
        mandates.grant(uow, office.actor("admin"), scope, given=given, now=NOON)
        uow.commit()
    bureau = Bureau(office, now=NOON + dt.timedelta(minutes=1))
    first, second, third = (_drafted(bureau, name, way) for name, way in
                            (("chief", Capacity.TUQ), ("head", Capacity.TL), ("chief", Capacity.TUQ)))  # fmt: skip
    for name, document_id in (("chief", first), ("head", second)):
        with unit_of_work(engine) as uow:
            sign_by_key(uow, office.actor(name), office.scope(name), document_id, now=bureau.now)
            uow.commit()
    bureau.now = NOON + 366 * DAY
    with unit_of_work(engine) as uow:
        mandates.revoke(uow, office.actor("admin"), scope, mandate_id=1, reason="Quy chế mới", now=bureau.now)
        uow.session.get_one(PostRow, posts["leader"].id).valid_to = last_day
        uow.commit()
    with unit_of_work(engine) as uow:
        assert uow.session.get(MandateEnd, 1) is not None
        assert uow.session.scalars(select(MandateRow.valid_to).order_by(MandateRow.id.desc())).first() == last_day
    for forget in (False, True):
        if forget:
            _forget(engine)
        for document_id, capacity in ((first, "tuq"), (second, "tl")):
            with unit_of_work(engine) as uow:
                signature = uow.session.scalars(select(Signature).where(Signature.document_id == document_id)).one()
                found = authority.looked_up(uow, uow.session.get_one(Outgoing, document_id), signature)
            assert (found.answer, found.kept, found.capacity) == (Entitled.YES, not forget, capacity)
            assert found.day == today
    with unit_of_work(engine) as uow, pytest.raises(NotPermitted, match="authority_ended"):
        sign_by_key(uow, office.actor("chief"), office.scope("chief"), third, now=bureau.now)


def _drafted(bureau: Bureau, signer: str, capacity: Capacity) -> int:
    post = bureau.office.posts[signer]
    assert post.role is Role.UNIT_HEAD
    facts = drafting.DraftFacts(type_code="letter", subject="V/v thử", signer_post_id=post.id, capacity=capacity)
    with unit_of_work(bureau.office.engine) as uow:
        made = drafting.create(uow, bureau.office.actor("drafter"), facts=facts, now=bureau.now)
        uow.commit()
    bureau.lay_before(made.id)
    return made.id


def _forget(engine: Engine) -> None:
    """As signatures from before rights were kept."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for signature in uow.session.scalars(select(Signature)):
            signature.authority = None
        uow.commit()
