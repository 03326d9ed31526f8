"""The report on the results (Báo cáo kết quả kiểm tra): an outgoing draft with what the team has on record.

From then on it is a draft like any other: its words are changed, reviewed, signed and issued.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from workflow.adapters.blobs import Blobs
from workflow.domain.calendar import office_time
from workflow.domain.inspections import Act, CommitmentKind, CommitmentState, FindingState, Tally
from workflow.domain.outgoing import State
from workflow.domain.people import Actor
from workflow.domain.permissions import Permission, Scope, demand
from workflow.domain.rates import percent
from workflow.services.documents import writing
from workflow.services.documents.drafting import DraftFacts, create_once
from workflow.services.inspections.ground import begin, tell
from workflow.services.journal import local_day
from workflow.store import inspection_work as store
from workflow.store import inspections
from workflow.store.inspection_work import Narrowed
from workflow.store.models import Inspection, Outgoing
from workflow.store.session import UnitOfWork

FINDING_STATES = {
    FindingState.OPEN: "chưa khắc phục", FindingState.CORRECTED: "đã khắc phục, chờ chấp nhận",
    FindingState.ACCEPTED: "đã khắc phục",
}  # fmt: skip
PROMISE_STATES = {
    CommitmentState.OPEN: "chưa báo kết quả", CommitmentState.DONE: "đã thực hiện",
    CommitmentState.NOT_DONE: "chưa thực hiện",
}  # fmt: skip


def draft(uow: UnitOfWork, actor: Actor, *, inspection_id: int, form: str, now: dt.datetime) -> Outgoing:
    """Open the draft, or answer the one there is; its words come by `give_words`. By a member, in their post."""
    demand(actor, Permission.DRAFT_DOCUMENT)
    row, _standings = begin(uow, actor, inspection_id, Act.REPORT, now=now)
    before = uow.session.get(Outgoing, row.report_id) if row.report_id is not None else None
    if before is not None and before.state != State.CANCELLED:
        return before
    subject = f"Báo cáo kết quả kiểm tra theo Quyết định số {row.decision_symbol}"
    facts = DraftFacts(type_code="report", subject=subject, recipients=row.decision_agency)
    made, _fresh = create_once(uow, actor, facts=facts, form=form, now=now)
    row.report_id = made.id
    uow.flush()
    tell(uow, actor, row.id, "inspection:report:drafted", {"outgoing": made.id}, now=now)
    return made


def give_words(
    uow: UnitOfWork, actor: Actor, scope: Scope, *, inspection_id: int, outgoing_id: int, blobs: Blobs,
    now: dt.datetime,
) -> Outgoing:  # fmt: skip
    """Set the draft from what is on record now."""
    row = inspections.find(actor, uow.session, inspection_id, today=local_day(now))
    basis, body = words_of(uow, row, now=now)
    return writing.write(
        uow, actor, scope, document_id=outgoing_id, version=1, basis=basis, body=body, template="built:inspection",
        blobs=blobs, now=now,
    )  # fmt: skip


def words_of(uow: UnitOfWork, row: Inspection, *, now: dt.datetime) -> tuple[str, str]:
    """(legal basis, body): lines that begin with a bar are rows of a table."""
    tallies = store.tallies(uow.session, row.id)
    decision = _plain(
        f"Quyết định số {row.decision_symbol} ngày {row.decision_day:%d/%m/%Y} của {row.decision_agency}"
    )
    lines = [
        f"Thực hiện {decision}, Đoàn kiểm tra báo cáo kết quả kiểm tra như sau (số liệu tính đến "
        f"{office_time(now):%H:%M %d/%m/%Y}).",
        "I. PHẠM VI KIỂM TRA",
        f"Mục đích: {_plain(row.purpose)}. "
        f"Thời kỳ kiểm tra: từ {row.period_from:%d/%m/%Y} đến {row.period_to:%d/%m/%Y}. "
        f"Thời gian kiểm tra: từ {row.first_day:%d/%m/%Y} đến {row.last_day:%d/%m/%Y}.",
        f"Số đơn vị đã kiểm tra: {said(tallies['units'])}.",
        _row("Đơn vị", "Ngày kiểm tra"),
        *(
            _row(unit.name, f"{one.inspected_on:%d/%m/%Y}" if one.inspected_on else "chưa kiểm tra")
            for one, unit in inspections.units_of(uow.session, row.id)
        ),
        *_samples(uow, row), *_findings(uow, row, today=local_day(now)), *_promises(uow, row, tallies),
        "V. ĐỀ NGHỊ",
        "Đề nghị các đơn vị được kiểm tra khắc phục đúng thời hạn và báo cáo kết quả trên hệ thống.",
    ]  # fmt: skip
    return f"Căn cứ {decision};", "\n".join(lines)


def said(one: Tally) -> str:
    """`10/13 (76,92 %)`, rounded half up; the bare numbers where nothing counts."""
    rate: Decimal | None = percent(one.done, one.whole)
    return f"{one.done}/{one.whole}" + (f" ({str(rate).replace('.', ',')} %)" if rate is not None else "")


def _samples(uow: UnitOfWork, row: Inspection) -> Sequence[str]:
    found = store.samples(uow.session, row.id)
    if not found:
        return ["II. MẪU KIỂM TRA", "Đoàn không rút mẫu ngẫu nhiên."]
    kinds = {"outgoing": "văn bản đi", "incoming": "văn bản đến"}
    return [
        "II. MẪU KIỂM TRA",
        "Mẫu được rút theo SHA-256 của mã khởi tạo (seed), dấu xuống dòng và mã văn bản; lấy các văn bản đầu tiên. "
        "Ai có danh sách và mã khởi tạo đều rút lại được đúng mẫu này.",
        "Mã khởi tạo do phần mềm rút hoặc do thành viên chọn; danh sách được rút nhiều lần thì ghi rõ lần thứ mấy.",
        _row("Phạm vi", "Tổng số", "Cỡ mẫu", "Mã khởi tạo", "Lần rút", "SHA-256 của danh sách"),
        *(
            _row(
                f"{kinds[one.kind]}, {one.first:%d/%m/%Y} – {one.last:%d/%m/%Y}", str(one.population),
                f"{one.size}{' mỗi đơn vị' if one.per_unit else ''}",
                f"{one.seed} ({'phần mềm rút' if one.seed_drawn else 'thành viên chọn'})",
                f"{turn}/{turns}", one.list_hash[:16] + "…",
            )
            for one, turn, turns in store.turns([one for one, _who in reversed(found)])
        ),
    ]  # fmt: skip


def _findings(uow: UnitOfWork, row: Inspection, *, today: dt.date) -> Sequence[str]:
    found = store.findings(uow.session, row.id, wanted=Narrowed())
    counts = store.standing(uow.session, row.id, today=today)
    if not found:
        return ["III. KIẾN NGHỊ", "Không có kiến nghị."]
    return [
        "III. KIẾN NGHỊ",
        f"Tổng số {counts.findings} kiến nghị: đã khắc phục và được chấp nhận {counts.accepted}, chờ chấp nhận "
        f"{counts.corrected}, chưa khắc phục {counts.open} (quá hạn {counts.late}).",
        _row("STT", "Đơn vị", "Nội dung sai phạm", "Căn cứ", "Yêu cầu khắc phục", "Thời hạn", "Tình trạng"),
        *(
            _row(
                str(one.number), unit, one.wrong + _papers(one.documents), one.basis, one.demand,
                f"{one.due_on:%d/%m/%Y}", FINDING_STATES[FindingState(one.state)],
            )
            for one, unit in found
        ),
    ]  # fmt: skip


def _papers(documents: Sequence[dict[str, str]]) -> str:
    return f" ({'; '.join(one['name'] for one in documents)})" if documents else ""


def _promises(uow: UnitOfWork, row: Inspection, tallies: dict[str, Tally]) -> Sequence[str]:
    made = ["IV. CAM KẾT VÀ NHIỆM VỤ THEO KẾ HOẠCH"]
    if tallies["plan"].whole:
        made.append(f"Nhiệm vụ theo kế hoạch đã thực hiện: {said(tallies['plan'])}.")
    found = store.commitments(uow.session, row.id, wanted=Narrowed(kind=CommitmentKind.COMMITMENT))
    if not found:
        return [*made, "Không có cam kết."]
    return [
        *made,
        f"Cam kết đã thực hiện: {said(tallies['commitment'])}.",
        _row("STT", "Đơn vị", "Nội dung cam kết", "Thời hạn", "Kết quả", "Lý do"),
        *(
            _row(str(one.number), unit, one.words, f"{one.due_on:%d/%m/%Y}",
                 PROMISE_STATES[CommitmentState(one.state)], one.reason)
            for one, unit in found
        ),
    ]  # fmt: skip


def _row(*cells: str) -> str:
    """One line of a table."""
    return "| " + " | ".join(_plain(cell) for cell in cells)


def _plain(words: str) -> str:
    """People's words in one line, without what would read as another cell or a place of a template."""
    return " ".join(words.replace("|", "/").replace("{{", "{ {").replace("}}", "} }").split())
