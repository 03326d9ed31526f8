"""The letter of apology for a late answer, drafted from the case: fixed words, the facts of the case in place.

Set by the letter template. The clauses follow what offices owe a citizen or organisation whose paper was late for
reasons of the office's own: what was late and by how much, why, when it was or will be settled, and the apology.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.adapters.render.letters import Letter, Part, Rendered, render_letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of a late document. `cause`: the accepted explanation; `settled_on`: None while open;
    `subject`: empty where it must not be told.
    """

    agency: str
    parent: str
    sender: str
    symbol: str
    sent_on: dt.date | None
    subject: str
    received_on: dt.date
    number: str
    due_on: dt.date
    days_late: int
    cause: str
    letter_subject: str
    settled_on: dt.date | None
    unit_abbreviation: str


def render_apology(case: Case, *, made_at: dt.datetime) -> Rendered:
    """Set the letter."""
    return render_letter(apology_letter(case), made_at=made_at)


def apology_letter(case: Case) -> Letter:
    """Its words."""
    paper = f"văn bản {f'số {case.symbol} ' if case.symbol else ''}"
    paper += f"ngày {case.sent_on:%d/%m/%Y} " if case.sent_on else ""
    about = f"về việc: {case.subject} " if case.subject else ""
    opening = (
        f"Ngày {case.received_on:%d/%m/%Y}, {case.agency} tiếp nhận {paper}của {case.sender} "
        f"{about}(số đến {case.number}). Thời hạn giải quyết là ngày {case.due_on:%d/%m/%Y}."
    )
    settled = (
        f"Văn bản đã được giải quyết xong ngày {case.settled_on:%d/%m/%Y}, chậm {case.days_late} ngày làm việc."
        if case.settled_on
        else f"Đến nay văn bản chưa được giải quyết xong, đã chậm {case.days_late} ngày làm việc. "
        "Chúng tôi đang khẩn trương hoàn thành và sẽ trả lời ngay khi có kết quả."
    )
    return Letter(
        agency=case.agency, parent=case.parent, subject=case.letter_subject, addressees=(case.sender,),
        parts=(
            Part(opening), Part(settled), Part(f"Nguyên nhân chậm thuộc về cơ quan chúng tôi: {case.cause}"),
            Part(
                f"{case.agency} nhận trách nhiệm về việc chậm trễ nêu trên, trân trọng xin lỗi {case.sender} và đã "
                "yêu cầu bộ phận liên quan rút kinh nghiệm, không để tái diễn."
            ),
            Part(f"Rất mong nhận được sự thông cảm của {case.sender}./."),
        ),
        recipients=("Như trên", f"Lưu: VT, {case.unit_abbreviation}"),
    )  # fmt: skip
