"""The retention table: rows, not code, since circulars change it. One table for the whole installation."""

from __future__ import annotations

import datetime as dt

from workflow.domain import retention
from workflow.domain.errors import BadInput, NotFound
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, demand
from workflow.domain.text import clean
from workflow.services.journal import record
from workflow.store import file_plans as store
from workflow.store.models import RetentionRule
from workflow.store.session import UnitOfWork

EXAMPLES = (
    ("Hồ sơ tổ chức bộ máy, thành lập, sáp nhập, giải thể đơn vị", retention.PERMANENT),
    ("Hồ sơ xây dựng, ban hành văn bản của cơ quan", retention.PERMANENT),
    ("Hồ sơ cán bộ, công chức", 70),
    ("Hồ sơ giải quyết khiếu nại, tố cáo", 20),
    ("Hồ sơ kiểm tra, giám sát", 10),
    ("Kế hoạch, báo cáo tháng, quý", 5),
    ("Công văn trao đổi thông thường", 2),
)
"""To show the form: the table of Circular 10/2022/TT-BNV was not read, so each is marked as an example."""

EXAMPLE_BASIS = "Ví dụ kèm phần mềm – chưa đối chiếu Thông tư 10/2022/TT-BNV"


def seed_examples(uow: UnitOfWork) -> None:
    """Put the examples into an empty table; what people wrote is left alone."""
    if store.retention_rules(uow.session, active=False):
        return
    for title, years in EXAMPLES:
        uow.add(RetentionRule(title=title, years=years, basis=EXAMPLE_BASIS, example=True))
    uow.flush()


def add_rule(
    uow: UnitOfWork, actor: Actor, *, title: str, years: int, basis: str, now: dt.datetime
) -> RetentionRule:
    """Add a line with where it is written. A title that was ended comes back with its new term.

    Raises `BadInput` (`retention_title`, `retention_years`).
    """
    demand(actor, Permission.MANAGE_RETENTION)
    words, source = clean(title), clean(basis)
    if not words or not source or len(words) > 300 or len(source) > 200:
        raise BadInput("retention_title")
    retention.demand_term(years)
    uow.begin_write()
    row = store.retention_rule(uow.session, title=words)
    if row is not None and row.active:
        raise BadInput("retention_title_taken")
    row = row or RetentionRule(title=words)
    row.years, row.basis, row.example, row.active = years, source, False, True
    uow.add(row)
    uow.flush()
    _note(uow, actor, row, "added", now=now)
    return row


def end_rule(uow: UnitOfWork, actor: Actor, *, rule_id: int, now: dt.datetime) -> RetentionRule:
    """Offer a line no longer; what was fixed by it stays as it is."""
    demand(actor, Permission.MANAGE_RETENTION)
    uow.begin_write()
    row = uow.session.get(RetentionRule, rule_id)
    if row is None or not row.active:
        raise NotFound("retention_rule_not_found")
    row.active = False
    uow.flush()
    _note(uow, actor, row, "ended", now=now)
    return row


def _note(uow: UnitOfWork, actor: Actor, row: RetentionRule, action: str, *, now: dt.datetime) -> None:
    facts: dict[str, object] = {"rule": row.id, "title": row.title, "years": row.years, "basis": row.basis}
    record(uow, subject="retention:table", tag=f"office:retention:{action}", facts=facts, actor=actor, now=now)
