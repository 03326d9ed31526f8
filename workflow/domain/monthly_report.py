"""The monthly report that an agency sends upward: its words, made of the closed figures alone (Decree 30/2020, form
of a report). What offices write is Vietnamese on every screen, as with the templates.

Every rate stands beside its numerator and denominator; what cannot be known from figures is left open for the
drafter (causes, proposals).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow.domain.calendar import office_time
from workflow.domain.indicators import indicator
from workflow.domain.periods import Period
from workflow.domain.templates import UNKNOWN, row_of

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit and its columns."""

    name: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A closed month of an agency. `adjustments`: how many there were until the report was made; `total` and
    `units` have them in."""

    period: Period
    agency: str
    cut_off: dt.datetime
    digest: str
    adjustments: int
    total: Counts
    units: Sequence[UnitLine]


def subject(period: Period) -> str:
    """What the report is about."""
    return f"Tình hình ký số và xử lý văn bản {month_words(period)}"


def month_words(period: Period) -> str:
    """`tháng 10 năm 2026`."""
    return f"tháng {period.first.month:02d} năm {period.first.year}"


def body(month: Month) -> str:
    """The whole body, in the lines that `domain.templates.paragraphs` sets."""
    moment = f"{office_time(month.cut_off):%H:%M ngày %d/%m/%Y}"
    return "\n".join(
        (
            f"Thực hiện chế độ báo cáo định kỳ, {month.agency} báo cáo tình hình ký số và xử lý văn bản "
            f"{month_words(month.period)} (số liệu chốt lúc {moment}) như sau:",
            *_signing(month),
            *_incoming(month),
            *_lateness(month.total),
            "IV. NGUYÊN NHÂN, KIẾN NGHỊ",
            UNKNOWN,
            *_proof(month),
            f"Trên đây là báo cáo của {month.agency}./.",
        )
    )


def _signing(month: Month) -> list[str]:
    all_, left = month.total, month.total["exempt"] + month.total["secret"]
    return [
        "I. KÝ SỐ VĂN BẢN ĐI",
        f"1. Văn bản phát hành trong kỳ: {number(all_['issued'])}; tính tỷ lệ ký số: "
        f"{number(all_['sign_counted'])}; không tính: {number(left)} ({number(all_['secret'])} văn bản mật, "
        f"{number(all_['exempt'])} văn bản được miễn ký số).",
        f"2. Ký số đầy đủ: {share('sign_rate_docs', all_)}; có chữ ký số hợp lệ của lãnh đạo: "
        f"{share('sign_rate_leader', all_)}; có chữ ký số hợp lệ của cơ quan: {share('sign_rate_seal', all_)}.",
        f"3. Ký giấy: {number(all_['ink'])}; chữ ký số không hợp lệ: {number(all_['failed'])}; chưa đủ cơ sở xác "
        f"định: {number(all_['indeterminate'])}.",
        row_of("Đơn vị", "Phát hành", "Ký số đầy đủ", "Chỉ lãnh đạo", "Chỉ cơ quan", "Ký giấy", "Tỷ lệ (%)"),
        *_rows(month, ("issued", "fully_signed", "leader_only", "seal_only", "ink"), "sign_rate_docs"),
    ]  # fmt: skip


def _incoming(month: Month) -> list[str]:
    all_ = month.total
    return [
        "II. XỬ LÝ VĂN BẢN ĐẾN",
        f"1. Từ kỳ trước chuyển sang: {number(all_['carried'])}; tiếp nhận trong kỳ: "
        f"{number(all_['received'])}; đã giải quyết: {number(all_['finished'])}; trả lại, thu hồi: "
        f"{number(all_['ended'])}; đang giải quyết: {number(all_['open'])} (trong hạn "
        f"{number(all_['open_in_due'])}, quá hạn {number(all_['open_overdue'])}).",
        f"2. Giải quyết trước và đúng hạn: {share('on_time_docs', all_)} văn bản có thời hạn; trước hạn: "
        f"{share('before_due', all_)}; đúng hạn: {share('on_due', all_)}; quá hạn: {share('late_docs', all_)}.",
        row_of("Đơn vị", "Đã giải quyết (có hạn)", "Trước hạn", "Đúng hạn", "Quá hạn", "Tỷ lệ (%)"),
        *_rows(month, ("finished_dated", "before", "on", "late"), "on_time_docs"),
    ]


def _rows(month: Month, columns: Sequence[str], rate: str) -> list[str]:
    """Units with something in these columns, and the agency."""
    lines = [line for line in month.units if any(line.counts[name] for name in columns)]
    return [
        row_of(line.name, *(number(line.counts[name]) for name in columns), percent(rate, line.counts))
        for line in (*lines, UnitLine("Toàn cơ quan", month.total))
    ]


def _lateness(all_: Counts) -> list[str]:
    return [
        "III. GIẢI TRÌNH, TỒN ĐỌNG, CHỨNG THƯ CHỮ KÝ SỐ",
        f"1. Yêu cầu giải trình: {number(all_['demanded'])}; đã giải trình: {number(all_['given'])}; đã chấp nhận: "
        f"{number(all_['accepted'])}; chưa được chấp nhận đến cuối kỳ: {number(all_['unexplained'])}.",
        f"2. Văn bản đi chờ ký đến cuối kỳ: {number(all_['unsigned'])}.",
        f"3. Lãnh đạo có chứng thư chữ ký số còn hạn: {share('cert_coverage', all_)}.",
    ]


def _proof(month: Month) -> list[str]:
    later = f"; {number(month.adjustments)} điều chỉnh sau chốt đã tính vào báo cáo" if month.adjustments else ""
    return [f"Danh mục văn bản của số liệu chốt có mã SHA-256 {' '.join(_groups(month.digest))}{later}."]


def _groups(digest: str) -> list[str]:
    """So that it breaks at the end of a line, and is not taken for a number of somebody's paper."""
    return [digest[place : place + 8] for place in range(0, len(digest), 8)]


def share(name: str, counts: Counts) -> str:
    """`509/526 (96,77%)`."""
    one = indicator(name)
    found = one.percent(counts)
    told = f"{number(counts[one.numerator])}/{number(counts[one.denominator])}"
    return told if found is None else f"{told} ({str(found).replace('.', ',')}%)"


def percent(name: str, counts: Counts) -> str:
    """`96,77`; a dash where nothing counts."""
    found = indicator(name).percent(counts)
    return "–" if found is None else str(found).replace(".", ",")


def number(value: int) -> str:
    """`1.234`."""
    return f"{value:,}".replace(",", ".")
