"""An office with as many documents as asked for, inserted in bulk, and a clerk who is logged in."""

from __future__ import annotations

import datetime as dt
import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench import arrivals
from workflow.domain.outgoing import Medium, State, Urgency
from workflow.domain.people import Role
from workflow.domain.text import fold
from workflow.services.installation import seed_reference
from workflow.services.logins import digest
from workflow.store import migrate
from workflow.store.models import Account, ApiToken, LoginSession, Outgoing, Person, PostRow, Unit
from workflow.store.session import UnitOfWork, make_engine, unit_of_work

AGENCIES = 10
PARTS = ("Văn phòng HĐND và UBND", "Phòng Kinh tế", "Phòng Văn hóa – Xã hội", "Trung tâm Phục vụ hành chính công")
OPEN_SHARE = 0.14
"""Of the newest documents that is how many still wait for somebody."""
BATCH = 5_000

_HOUR = dt.timedelta(hours=1)
_OPEN = (State.DRAFT, State.IN_REVIEW, State.FORMAT_CHECK, State.AWAITING_SIGNATURE, State.SIGNED, State.NUMBERED)
_SUBJECTS = (
    "V/v tăng cường công tác phòng cháy, chữa cháy và cứu nạn, cứu hộ trên địa bàn xã",
    "V/v rà soát hộ nghèo, hộ cận nghèo theo chuẩn nghèo đa chiều năm {n}",
    "Về việc phê duyệt kế hoạch sử dụng đất và danh mục công trình, dự án {n}",
    "Báo cáo kết quả thực hiện nhiệm vụ phát triển kinh tế – xã hội tháng {m}",
    "Giấy mời họp giao ban tuần {n} về tiến độ giải ngân vốn đầu tư công",
    "Thông báo kết luận của Chủ tịch UBND xã tại buổi tiếp công dân định kỳ tháng {m}",
)
_TYPES = ("letter", "decision", "report", "notice", "invitation", "plan")
_FAMILIES = ("Nguyễn Thị", "Trần Văn", "Lê Hoàng", "Phạm Minh", "Vũ Đức", "Đặng Thu")
_GIVEN = ("Lan Hương", "Quốc Việt", "Khánh Linh", "Đức Anh", "Ngọc Ánh")


@dataclass(frozen=True, slots=True)
class Clerk:
    """The keys to the clerk's browser and program."""

    cookie: str
    token: str


@dataclass(frozen=True, slots=True)
class _Agency:
    unit_id: int
    part_ids: tuple[int, ...]
    posts: dict[Role, tuple[int, int]]
    """Role → (post, person)."""


def build(database_url: str, *, documents: int, now: dt.datetime, incoming: int = 0) -> Clerk:
    """Migrate, fill, log the first agency's clerk in. The same on every run but for the secrets.

    `incoming`: so many incoming documents besides, and everything ready for search.
    """
    migrate.upgrade(database_url)
    engine = make_engine(database_url)
    chance = random.Random(2026)
    try:
        with unit_of_work(engine) as uow:
            uow.begin_write()
            seed_reference(uow)
            agencies = [_agency(uow, number, chance) for number in range(AGENCIES)]
            clerk = _clerk(uow, agencies[0], now)
            for batch in _batches(agencies, documents, chance=chance, now=now):
                uow.session.execute(insert(Outgoing), batch)
            uow.commit()
        if incoming:
            with unit_of_work(engine) as uow:
                uow.begin_write()
                places = [(agency.unit_id, agency.part_ids) for agency in agencies]
                arrivals.fill(uow, places, documents=incoming, now=now)
                arrivals.index(uow, now=now)
        with engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
    finally:
        engine.dispose()
    return clerk


def database_size(path: Path) -> int:
    """Megabytes of a database file."""
    return path.stat().st_size // 1024**2


def _agency(uow: UnitOfWork, number: int, chance: random.Random) -> _Agency:
    since = dt.date(2025, 7, 1)
    top = Unit(code=f"H99.{number:02d}", name=f"Ủy ban nhân dân xã Số {number}", abbreviation="UBND", kind="agency",
               valid_from=since)  # fmt: skip
    uow.add(top)
    uow.flush()
    top.agency_id = top.id
    parts = [
        Unit(code=f"{top.code}.{place}", name=name, abbreviation=f"P{place}", kind="part", valid_from=since,
             parent_id=top.id, agency_id=top.id)
        for place, name in enumerate(PARTS)
    ]  # fmt: skip
    uow.add(*parts)
    uow.flush()
    posts: dict[Role, tuple[int, int]] = {}
    for role in (Role.LEADER, Role.DEPUTY, Role.CLERK, Role.UNIT_HEAD, Role.DRAFTER):
        person = Person(full_name=f"{chance.choice(_FAMILIES)} {chance.choice(_GIVEN)}")
        uow.add(person)
        uow.flush()
        unit = top if role in {Role.LEADER, Role.DEPUTY} else parts[0 if role is Role.CLERK else 1]
        post = PostRow(person_id=person.id, unit_id=unit.id, agency_id=top.id, role=role, title="Chức vụ",
                       valid_from=since)  # fmt: skip
        uow.add(post)
        uow.flush()
        posts[role] = (post.id, person.id)
    return _Agency(top.id, tuple(part.id for part in parts), posts)


def _clerk(uow: UnitOfWork, agency: _Agency, now: dt.datetime) -> Clerk:
    post_id, person_id = agency.posts[Role.CLERK]
    account = Account(person_id=person_id, username="clerk", language="vi", created_at=now)
    uow.add(account)
    uow.flush()
    clerk = Clerk(secrets.token_urlsafe(16), secrets.token_urlsafe(16))
    uow.add(
        LoginSession(
            id_hash=digest(clerk.cookie), account_id=account.id, post_id=post_id, created_at=now, seen_at=now,
            stepped_up_at=now, address="127.0.0.1", browser="bench",
        ),
        ApiToken(
            token_hash=digest(clerk.token), account_id=account.id, post_id=post_id, label="bench", created_at=now,
            expires_at=now + dt.timedelta(days=1),
        ),
    )  # fmt: skip
    return clerk


def _batches(
    agencies: list[_Agency], documents: int, *, chance: random.Random, now: dt.datetime
) -> Iterator[list[dict[str, Any]]]:
    made: list[dict[str, Any]] = []
    for number in range(1, documents + 1):
        age = (documents - number) / documents
        made.append(_document(agencies[number % AGENCIES], number, age=age, chance=chance, now=now))
        if len(made) == BATCH or number == documents:
            yield made
            made = []


def _document(
    agency: _Agency, number: int, *, age: float, chance: random.Random, now: dt.datetime
) -> dict[str, Any]:
    """`age` 0 is the newest, 1 half a year ago."""
    created = now - dt.timedelta(days=182 * age, hours=30)
    state = chance.choice(_OPEN) if age < OPEN_SHARE else chance.choice((State.ISSUED, State.FILED))
    drafter, signer = agency.posts[Role.DRAFTER], agency.posts[chance.choice((Role.LEADER, Role.DEPUTY))]
    subject = chance.choice(_SUBJECTS).format(n=number, m=created.month)
    signed = created + 20 * _HOUR if state in {State.SIGNED, State.NUMBERED, State.ISSUED, State.FILED} else None
    numbered = signed if state not in _OPEN or state is State.NUMBERED else None
    out = numbered + _HOUR if numbered and state not in _OPEN else None
    return {
        "code": f"B{number:09d}",
        "agency_id": agency.unit_id,
        "unit_id": chance.choice(agency.part_ids),
        "type_code": chance.choice(_TYPES),
        "subject": subject,
        "subject_folded": fold(subject),
        "recipients": "",
        "urgency": str(chance.choice((Urgency.NORMAL, Urgency.NORMAL, Urgency.NORMAL, Urgency.URGENT))),
        "secret": False,
        "medium": str(Medium.DIGITAL),
        "state": str(state),
        "version": 4,
        "drafter_id": drafter[1],
        "drafter_post_id": drafter[0],
        "signer_id": signer[1],
        "signer_post_id": signer[0],
        "capacity": "head",
        "skipped_review": False,
        "state_since": out or signed or created,
        "step_due_at": None if out else created + chance.randrange(20, 90) * _HOUR,
        "created_at": created,
        "signed_at": signed,
        "numbered_at": numbered,
        "sealed_at": out,
        "issued_at": out,
        "closed_at": out,
        "number": number if numbered else None,
        "year": created.year if numbered else None,
        "symbol": f"{number}/UBND-KT" if numbered else "",
        "exempt_reason": "",
        "exempt_by_id": None,
        "leader_verdict": "passed" if signed else "",
        "seal_verdict": "passed" if out else "",
        "pages": 1,
        "chain_length": 0,
        "chain_head": "",
    }
