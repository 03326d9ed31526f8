"""Agencies whose people move outgoing documents through the services, for the benchmark of transitions."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, func, insert, select

from bench.office import build
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.domain.outgoing import Action, State
from workflow.domain.people import Actor, Capacity, Post, Role
from workflow.domain.permissions import Scope, scope_of
from workflow.services.documents import acts, drafting, files, ink, numbers
from workflow.services.journal import local_day
from workflow.store import mandates
from workflow.store.models import Blob, FileText, FileVersion, History, Outgoing, PostRow, Register, Unit
from workflow.store.session import make_engine, unit_of_work

DOCUMENTS = 5_000
"""That lie in the tables already."""
NOW = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)

Act = Callable[[], Any]


def found(url: str) -> None:
    """Migrate and fill a database: ten agencies with registers, and documents of the months before."""
    build(url, documents=DOCUMENTS, now=NOW)
    engine = make_engine(url)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        for agency_id in uow.session.scalars(select(Unit.id).where(Unit.kind == "agency")).all():
            uow.add(
                Register(agency_id=agency_id, code="chung", name="Sổ văn bản đi"),
                Register(agency_id=agency_id, code="mat", name="Sổ văn bản mật", secret=True),
            )
        uow.commit()
    engine.dispose()


@dataclass(slots=True)
class Desks:
    """The people of one agency, and of the first one where everybody numbers in its register."""

    engine: Engine
    share: int
    own: dict[Role, Post]
    common: dict[Role, Post]
    blobs: Blobs
    serial: Iterator[int] = field(default_factory=itertools.count)

    @classmethod
    def of(cls, engine: Engine, share: int, files: Path) -> Desks:
        """Those of the agency with this place; `files`: the folder where what they upload is kept."""
        with unit_of_work(engine) as uow:
            agencies = uow.session.scalars(
                select(Unit.id).where(Unit.kind == "agency").order_by(Unit.id).limit(share + 1)
            ).all()
            people = [
                {
                    Role(row.role): mandates.as_post(row)
                    for row in uow.session.scalars(select(PostRow).where(PostRow.agency_id == agency))
                }
                for agency in (agencies[share], agencies[0])
            ]
        return cls(engine, share, *people, open_blobs(f"file://{files}"))

    def prepared(self, what: str, times: int) -> list[Act]:
        """Acts to be done one after the other; what they need is there when this returns."""
        if what == "insert":
            (key,) = self._rows(self.own, 1, state=State.DRAFT)
            return [self._line(key, ordinal) for ordinal in range(1, times + 1)]
        if what == "road":
            return [act for _ in range(times) for _name, act in (*self.by_facts(), *self.with_file())]
        posts = self.common if what == "hot" else self.own
        return [self._numbering(posts, key) for key in self._signed(posts, times)]

    def do(
        self, role: Role, service: Callable[..., Any], posts: dict[Role, Post] | None = None, **named: Any
    ) -> Any:
        """A service as somebody, and its commit."""
        post = (posts or self.own)[role]
        with unit_of_work(self.engine) as uow:
            result = service(uow, Actor.of(post, address="127.0.0.1"), _scope(post), now=NOW, **named)
            uow.commit()
            return result

    def _line(self, key: int, ordinal: int) -> Act:
        """The least that a transition leaves: one row, and its commit."""

        def write() -> None:
            with unit_of_work(self.engine) as uow:
                uow.begin_write()
                post = self.own[Role.CLERK]
                uow.add(
                    History(
                        document_id=key, ordinal=ordinal, at=NOW, action="return", from_state="draft",
                        to_state="draft", person_id=post.person_id, post_id=post.id, remark="một dòng",
                    )
                )  # fmt: skip
                uow.commit()

        return write

    def _act(self, role: Role, key: int, action: Action, remark: str = "") -> Act:
        return lambda: self.do(role, acts.act, document_id=key, action=action, version=None, remark=remark)

    def by_facts(self) -> list[tuple[str, Act]]:
        """A paper of which only the facts are held, from the desk of its drafter to the archive."""
        signer = self.own[Role.LEADER].id
        facts = drafting.DraftFacts(
            type_code="report", subject="V/v rà soát hộ nghèo theo chuẩn nghèo đa chiều", secret=True,
            signer_post_id=signer, recipients="Sở Nội vụ; Lưu: VT",
        )  # fmt: skip
        post = self.own[Role.DRAFTER]
        with unit_of_work(self.engine) as uow:
            key = drafting.create(uow, Actor.of(post, address="127.0.0.1"), facts=facts, now=NOW).id
            uow.commit()
        read = ink.InkSignature(
            signer_post_id=signer, capacity=Capacity.HEAD, signed_on=local_day(NOW), reason="Văn bản mật"
        )
        checked = {"document_id": key, "version": None, "blobs": self.blobs, "base_url": "http://127.0.0.1"}
        return [
            ("submit", self._act(Role.DRAFTER, key, Action.SUBMIT)),
            ("approve", self._act(Role.UNIT_HEAD, key, Action.APPROVE)),
            ("confirm_format", lambda: self.do(Role.CLERK, files.confirm_format, **checked)),
            ("record_ink",
             lambda: self.do(Role.CLERK, ink.record_ink, document_id=key, version=None, ink=read)),
            ("number", lambda: self.do(Role.CLERK, numbers.number, document_id=key, version=None)),
            ("issue", lambda: self.do(Role.CLERK, acts.issue, document_id=key, version=None, blobs=self.blobs)),
            ("file", self._act(Role.CLERK, key, Action.FILE)),
        ]  # fmt: skip

    def with_file(self) -> list[tuple[str, Act]]:
        """A draft with its file that goes up, comes back and goes up again."""
        (key,) = self._rows(self.own, 1, state=State.DRAFT)
        return [
            ("submit_with_file", self._act(Role.DRAFTER, key, Action.SUBMIT)),
            ("approve_with_file", self._act(Role.UNIT_HEAD, key, Action.APPROVE)),
            ("return_with_file", self._act(Role.CLERK, key, Action.RETURN, "Sai thể thức")),
            ("submit_again", self._act(Role.DRAFTER, key, Action.SUBMIT)),
        ]

    def _numbering(self, posts: dict[Role, Post], key: int) -> Act:
        return lambda: self.do(Role.CLERK, numbers.number, posts, document_id=key, version=None)

    def _signed(self, posts: dict[Role, Post], times: int) -> list[int]:
        return self._rows(posts, times, state=State.SIGNED, medium="ink", signed_at=NOW, signed_on=local_day(NOW))

    def _rows(self, posts: dict[Role, Post], times: int, **columns: Any) -> list[int]:
        """Letters with a file whose text is known, straight into the tables."""
        drafter, leader = posts[Role.DRAFTER], posts[Role.LEADER]
        with unit_of_work(self.engine) as uow:
            uow.begin_write()
            rows = [
                {
                    "code": f"W{self.share}-{next(self.serial)}-{time.monotonic_ns() % 10**9}"[:20],
                    "agency_id": drafter.agency_id, "unit_id": drafter.unit_id, "type_code": "letter",
                    "subject": "V/v tăng cường phòng cháy, chữa cháy trên địa bàn xã",
                    "subject_folded": "v/v tang cuong phong chay, chua chay tren dia ban xa",
                    "drafter_id": drafter.person_id, "drafter_post_id": drafter.id, "signer_id": leader.person_id,
                    "signer_post_id": leader.id, "state_since": NOW, "created_at": NOW, **columns,
                }
                for _ in range(times)
            ]  # fmt: skip
            keys = list(
                uow.session.scalars(insert(Outgoing).returning(Outgoing.id, sort_by_parameter_order=True), rows)
            )
            for key in keys:
                self._file(uow, key, drafter)
            uow.commit()
        return keys

    def _file(self, uow: Any, key: int, drafter: Post) -> None:
        sha256 = hashlib.sha256(f"{self.share}-{key}".encode()).hexdigest()
        uow.add(Blob(sha256=sha256, size=100_000, media_type=files.PDF, created_at=NOW))
        uow.flush()
        uow.add(
            FileVersion(
                document_id=key, ordinal=1, kind="draft", sha256=sha256, added_at=NOW,
                added_by_id=drafter.person_id,
            ),
            FileText(sha256=sha256, state="read", text=WORDS, pages=1, read_at=NOW),
        )  # fmt: skip
        uow.session.get_one(Outgoing, key).file_sha256 = sha256
        uow.flush()

    def counted(self) -> dict[str, int]:
        """Statements of each kind of act, BEGIN and COMMIT left out."""
        sent: list[str] = []
        event.listen(self.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
        numbers_of = {}
        for name, act in (*self.by_facts(), *self.with_file()):
            sent.clear()
            act()
            numbers_of[name] = len(sent)
        return numbers_of


WORDS = "Thực hiện chỉ đạo của tỉnh, xã yêu cầu các thôn trực 24/24 giờ và báo cáo kết quả trước ngày 30. " * 15
"""What stands in a letter of a page."""


def _scope(post: Post) -> Scope:
    return scope_of(post, units_below=())


def gaps(engine: Engine) -> list[str]:
    """Registers whose numbers do not run from 1 to the last: figures of such a run count for nothing."""
    with unit_of_work(engine) as uow:
        query = select(Outgoing.register_id, func.count(), func.max(Outgoing.number)).where(
            Outgoing.register_id.is_not(None)
        )
        rows = uow.session.execute(query.group_by(Outgoing.register_id))
        return [f"register {row[0]}: {row[1]} numbers up to {row[2]}" for row in rows if row[1] != row[2]]
