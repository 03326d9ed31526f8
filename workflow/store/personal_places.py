"""Every place where the database refers to a person, and the class of personal data under which an export lists it.

`tests/fences/test_personal_places.py` compares this with the tables: a new column that leads to a person is
somewhere here, or the fence says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Date, DateTime, Table, func, or_, select
from sqlalchemy.orm import Session

from workflow.domain.personal_data import Class
from workflow.store.base import Base
from workflow.store.models import Account, InspectionMember, LoginSession, PostRow

DETAILED = frozenset(
    {
        "account.person_id", "api_token.account_id", "certificate.person_id", "device_day.person_id",
        "invitation.account_id", "login_session.account_id", "login_session.inspection_member_id",
        "login_session.post_id", "look.person_id", "notice_choice.person_id", "number_look.about_id",
        "outbox.person_id", "outgoing.drafter_id", "outgoing.signer_id", "passkey.account_id", "post.person_id",
        "phone_code.person_id", "push_device.person_id", "push_device.session_id", "saved_view.person_id",
        "erasure.person_id",
    }
)  # fmt: skip
"""Listed with columns of their own (`store.personal`); what hangs on a login or a telephone comes with it."""

PLACES: Mapping[Class, tuple[str, ...]] = {
    Class.ABSENCES: ("absence", "absence_end"),
    Class.MANDATES: ("mandate", "mandate_end"),
    Class.ARRIVALS: (
        "extension_request", "incoming", "incoming_explanation", "incoming_extension", "incoming_file",
        "incoming_history", "incoming_part", "incoming_pause", "incoming_urging", "intake", "phrase", "reply",
    ),
    Class.COPIES: ("certified_copy", "copy_signer", "unit_copy"),
    Class.WORK: (
        "attachment", "attachment_seal", "bulk_run", "co_signer", "correction", "delivery_status", "dispatch",
        "draft_comment", "draft_text", "file_version", "history", "opinion", "opinion_request", "outgoing",
        "proposal_agreement", "register_number", "signature", "signing_obstacle", "signing_session",
        "submission_slip",
    ),
    Class.REMOTE_ACTS: ("remote_request",),
    Class.DOSSIERS: (
        "archive_transfer", "dossier", "dossier_document", "dossier_history", "file_plan", "plan_entry",
    ),
    Class.INSPECTIONS: (
        "anomaly_remark", "commitment", "finding", "inspection", "inspection_look", "inspection_member",
        "inspection_sample", "standing_look",
    ),
    Class.FIGURES: (
        "bundle_order", "entered_figure", "entered_indicator", "figure_adjustment", "figure_target", "frozen_month",
        "report_reader", "unit_month",
    ),
    Class.OFFICE: (
        "access_review", "algorithm_sunset", "api_token", "certificate", "draft_template", "erasure", "handover",
        "import_run", "invitation", "job_control", "job_run", "number_look", "organ", "outside_office",
        "recipient_group", "series", "trust_change", "trust_root",
    ),
    Class.ACTS: ("journal",),
}  # fmt: skip
"""Tables by class: in each of them all columns that lead to a person but those of `DETAILED`."""

SAID: Mapping[str, tuple[str, ...]] = {
    "absence": ("first_day", "last_day", "acts", "reason"),
    "mandate": ("capacity", "legal_symbol", "valid_from", "valid_to"),
    "phrase": ("words",),
    "journal": ("subject", "tag", "address"),
    "number_look": ("kind", "purpose"),
    "inspection_member": ("first_day", "last_day"),
}
"""What is told of a row besides where it is, when it was and as what it names the person. What is in papers is not:
it belongs to the office."""

NO_PAPERS = frozenset({"absence", "absence_end", "mandate", "mandate_end", "phrase"})
"""Of these an administrator's export tells everything: they name no paper."""

NAMES = ("kept_in", "at", "named_as", "key", "said")
TARGETS = frozenset({"person", "account", "post", "login_session", "inspection_member"})
"""Tables whose rows belong to one person: what refers to one of them refers to the person."""

IN_WORDS = frozenset(
    {
        "bulk_item.content",
        "frozen_month.body",
        "handover.body",
        "history.remark",
        "incoming.signer",
        "incoming_history.remark",
        "journal.body",
        "outbox.body",
        "outbox.subject",
        "register_number.entry",
        "report.body",
        "report.words",
        "search_text.text",
        "submission_slip.body",
        "verdict.body",
        "file_text.text",
        "certificate.subject_name",
        "dossier_history.remark",
        "outbox.params",
    }
)
"""Texts in which a person may be named besides, as it was typed or printed: papers, slips, registers, reports and
histories. They are records of the office; an export names these kinds and does not look through them."""


def references(table: Table) -> Iterator[tuple[str, str]]:
    """(column, table that it leads to) of all that lead from a table to a person."""
    for column in table.columns:
        for key in column.foreign_keys:
            if key.column.table.name in TARGETS:
                yield column.name, key.column.table.name


def listed(
    session: Session, kind: Class, person_id: int, *, own: bool, most: int
) -> tuple[tuple[str, ...], list[list[Any]], int]:
    """(names of the columns, at most so many lines, how many there are) of one class. Not one's `own`: without what
    tells of papers."""
    names = NAMES if own or set(PLACES[kind]) <= NO_PAPERS else NAMES[:3]
    lines: list[list[Any]] = []
    count = 0
    for name in PLACES[kind]:
        found, more = _of_table(session, Base.metadata.tables[name], person_id, most=most - len(lines))
        lines += [line[: len(names)] for line in found]
        count += more
    return names, lines, count


def _of_table(session: Session, table: Table, person_id: int, *, most: int) -> tuple[list[list[Any]], int]:
    roles = {
        column: _theirs(table.c[column], target, person_id)
        for column, target in references(table)
        if f"{table.name}.{column}" not in DETAILED
    }
    keys, at = list(table.primary_key.columns), _moment(table)
    said = [table.c[one] for one in SAID.get(table.name, ())]
    marks = [one.label(f"as_{name}") for name, one in roles.items()]
    query = select(*keys, *([] if at is None else [at]), *said, *marks).where(or_(*roles.values())).order_by(*keys)
    rows = session.execute(query.limit(most + 1)).all()
    lines = [_line(table, list(row), len(keys), at is not None, list(roles)) for row in rows[:most]]
    if len(rows) <= most:
        return lines, len(rows)
    return lines, session.scalar(select(func.count()).select_from(table).where(or_(*roles.values()))) or 0


def _theirs(column: Column[Any], target: str, person_id: int) -> ColumnElement[bool]:
    account = select(Account.id).where(Account.person_id == person_id)
    belongs: dict[str, Any] = {
        "account": account,
        "post": select(PostRow.id).where(PostRow.person_id == person_id),
        "login_session": select(LoginSession.id).where(LoginSession.account_id.in_(account)),
        "inspection_member": select(InspectionMember.id).where(InspectionMember.person_id == person_id),
    }
    return column == person_id if target == "person" else column.in_(belongs[target])


def _moment(table: Table) -> Column[Any] | None:
    """When it was: the first moment that a row tells, else its first day."""
    for wanted in (DateTime, Date):
        for column in table.columns:
            if isinstance(getattr(column.type, "impl", column.type), wanted):
                return column
    return None


def _line(table: Table, values: list[Any], keys: int, dated: bool, roles: list[str]) -> list[Any]:
    key, rest = "-".join(map(str, values[:keys])), values[keys:]
    at = rest.pop(0) if dated else None
    said = SAID.get(table.name, ())
    told = "; ".join(f"{name}: {value}" for name, value in zip(said, rest, strict=False) if value not in (None, ""))
    marks = zip(roles, rest[len(said) :], strict=True)
    named = ", ".join(name.removesuffix("_id") for name, true in marks if true)
    return [table.name, at, named, key, told]
