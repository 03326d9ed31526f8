"""The report that an agency sends upward, of a month, a quarter, a half-year, a year or several months: its words,
made of closed figures alone (Decree 30/2020, form of a report). What offices write is Vietnamese on every screen,
as with the templates.

Every rate stands beside its numerator and denominator; months that nobody closed are named, not counted; what
cannot be known from figures is left open for the drafter (causes, proposals).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from workflow.domain.calendar import office_time
from workflow.domain.entered import met
from workflow.domain.indicators import INDICATORS, KINDS, SIDES, Indicator, indicator
from workflow.domain.periods import Kind, Period, month
from workflow.domain.signing_times import Waited, hours
from workflow.domain.templates import UNKNOWN, row_of

Counts = Mapping[str, int]
UNCOUNTED = "chưa thống kê"
"""In the place of a figure that a month was closed without."""
NO_RATE = "–"

NAMES: Mapping[str, str] = {
    "sign_rate_docs": "Ký số đầy đủ",
    "sign_rate_leader": "Có chữ ký số của lãnh đạo",
    "sign_rate_seal": "Có chữ ký số của cơ quan",
    "on_time_docs": "Giải quyết trước và đúng hạn",
    "before_due": "Giải quyết trước hạn",
    "on_due": "Giải quyết đúng hạn",
    "late_docs": "Giải quyết quá hạn",
    "cert_coverage": "Lãnh đạo có chứng thư còn hạn",
    "backlog_share": "Chờ ký quá thời gian quy định",
    "explained": "Giải trình được chấp nhận",
    "apologised": "Đã xin lỗi",
}
"""Indicators as reports call them; a test holds that each has its name."""
CERTIFICATES: Mapping[str, str] = {
    "public_service": "chuyên dùng công vụ",
    "public": "công cộng",
    "dedicated": "chuyên dùng",
    "foreign": "nước ngoài",
    "unknown": "chưa xác định loại",
}
NO_WAIT = Waited()


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit with everything below it, `depth` under the agency."""

    name: str
    counts: Counts
    depth: int = 0
    units: tuple[int, ...] = ()
    """It and everything below it."""


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A closed month that the report counts. `adjustments`: how many there were until the report was made; the
    figures have them in."""

    period: Period
    cut_off: dt.datetime
    digest: str
    adjustments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the words are made of. `missing`: months of the period that nobody closed. `before`: the figures of the
    period compared with, None where it is not closed as a whole."""

    period: Period
    agency: str
    months: Sequence[ClosedMonth]
    missing: Sequence[Period] = ()
    total: Counts
    units: Sequence[UnitLine]
    compared: Period
    before: Counts | None = None
    waited: Waited | None = NO_WAIT
    """None where a month was closed without it."""
    waited_before: Waited | None = NO_WAIT
    goals: Mapping[str, Decimal] = field(default_factory=dict)
    backlog_hours: int = 8

    @property
    def last(self) -> ClosedMonth:
        """What stands at the end is that of the last closed month."""
        return self.months[-1]


def subject(period: Period) -> str:
    """What the report is about."""
    return f"Tình hình ký số và xử lý văn bản {period_words(period)}"


def period_words(period: Period) -> str:
    """`tháng 10 năm 2026`, `quý III năm 2026`, `6 tháng đầu năm 2026`, `9 tháng đầu năm 2026`."""
    first, last = period.first, period.last
    match period.kind:
        case Kind.MONTH:
            return f"tháng {first.month:02d} năm {first.year}"
        case Kind.QUARTER:
            return f"quý {('I', 'II', 'III', 'IV')[(first.month - 1) // 3]} năm {first.year}"
        case Kind.HALF:
            return f"6 tháng {'đầu' if first.month == 1 else 'cuối'} năm {first.year}"
        case Kind.YEAR:
            return f"năm {first.year}"
        case Kind.SPAN:
            if first.month == 1 and first.year == last.year:
                return f"{last.month} tháng đầu năm {first.year}"
            return f"từ {period_words(month(first))} đến hết {period_words(month(last))}"


def body(report: Report) -> str:
    """The whole body, in the lines that `domain.templates.paragraphs` sets."""
    return "\n".join(
        (
            f"Thực hiện chế độ báo cáo định kỳ, {report.agency} báo cáo tình hình ký số và xử lý văn bản "
            f"{period_words(report.period)} ({_source(report)}) như sau:",
            *gap(report),
            *_signing(report),
            *_incoming(report),
            *_lateness(report),
            *_indicators(report),
            "V. NGUYÊN NHÂN, KIẾN NGHỊ",
            UNKNOWN,
            *_proof(report),
            f"Trên đây là báo cáo của {report.agency}./.",
        )
    )


def _source(report: Report) -> str:
    if report.period.kind is Kind.MONTH:
        return f"số liệu chốt lúc {office_time(report.last.cut_off):%H:%M ngày %d/%m/%Y}"
    return f"tổng hợp từ số liệu đã chốt của {_listed([one.period for one in report.months])}"


def gap(report: Report) -> list[str]:
    """That months are missing, in so many words; nothing where none is."""
    if not report.missing:
        return []
    named = _listed(report.missing)
    return [
        f"Số liệu chưa đủ kỳ báo cáo: {named} chưa chốt, không tính vào báo cáo này; số liệu cuối kỳ là số liệu "
        f"đến hết {period_words(report.last.period)}."
    ]


def _listed(periods: Sequence[Period]) -> str:
    """`tháng 10, 11, 12 năm 2026`."""
    years: dict[int, list[str]] = {}
    for one in periods:
        years.setdefault(one.first.year, []).append(f"{one.first.month:02d}")
    return "; ".join(f"tháng {', '.join(months)} năm {year}" for year, months in years.items())


def _signing(report: Report) -> list[str]:
    all_ = report.total
    return [
        "I. KÝ SỐ VĂN BẢN ĐI",
        f"1. Văn bản phát hành trong kỳ: {_n(all_, 'issued')}; tính tỷ lệ ký số: {_n(all_, 'sign_counted')}; "
        f"không tính: {_n(all_, 'secret')} văn bản mật, {_n(all_, 'exempt')} văn bản được miễn ký số.",
        f"2. Ký số đầy đủ: {share('sign_rate_docs', all_)}; có chữ ký số hợp lệ của lãnh đạo: "
        f"{share('sign_rate_leader', all_)}; có chữ ký số hợp lệ của cơ quan: {share('sign_rate_seal', all_)}.",
        f"3. Ký giấy: {_n(all_, 'ink')}; chữ ký số không hợp lệ: {_n(all_, 'failed')}; chưa đủ cơ sở xác định: "
        f"{_n(all_, 'indeterminate')}.",
        f"4. Theo loại chứng thư chữ ký số: của lãnh đạo: {_kinds('leader', all_)}; của cơ quan: "
        f"{_kinds('seal', all_)}.",
        f"5. Thời gian chờ ký: {waiting(report.waited)}{_waited_before(report)}.",
        row_of("Đơn vị", "Phát hành", "Ký số đầy đủ", "Chỉ lãnh đạo", "Chỉ cơ quan", "Ký giấy", "Tỷ lệ (%)"),
        *_rows(report, ("issued", "fully_signed", "leader_only", "seal_only", "ink"), "sign_rate_docs"),
    ]


def _kinds(whose: str, all_: Counts) -> str:
    found = {kind: kind_count(whose, kind, all_) for kind in KINDS}
    if None in found.values():
        return UNCOUNTED
    told = [f"{CERTIFICATES[kind]} {number(count)}" for kind, count in found.items() if count]
    return ", ".join(told) or "không có"


def kind_count(whose: str, kind: str, all_: Counts) -> int | None:
    """Documents with a certificate of a kind, whatever became of the signature; None where it was not counted."""
    found = [all_.get(f"{whose}_{kind}_{side}") for side in SIDES]
    return None if None in found else sum(one or 0 for one in found)


def waiting(waited: Waited | None) -> str:
    """Median and 90th percentile in working hours."""
    if waited is None:
        return UNCOUNTED
    if waited.median is None or waited.p90 is None:
        return "không có chữ ký số nào được tính"
    return (
        f"trung vị {_decimal(hours(waited.median))} giờ làm việc, phân vị 90 {_decimal(hours(waited.p90))} giờ làm "
        f"việc ({number(waited.number)} lượt ký số)"
    )


def _waited_before(report: Report) -> str:
    then = report.waited_before
    if report.before is None or then is None or then.median is None or then.p90 is None:
        return ""
    told = f"{_decimal(hours(then.median))} và {_decimal(hours(then.p90))}"
    return f"; {period_words(report.compared)}: {told} giờ"


def _incoming(report: Report) -> list[str]:
    all_ = report.total
    return [
        "II. XỬ LÝ VĂN BẢN ĐẾN",
        f"1. Từ kỳ trước chuyển sang: {_n(all_, 'carried')}; tiếp nhận trong kỳ: {_n(all_, 'received')}; đã giải "
        f"quyết: {_n(all_, 'finished')}; trả lại, thu hồi: {_n(all_, 'ended')}; đang giải quyết: "
        f"{_n(all_, 'open')} (trong hạn {_n(all_, 'open_in_due')}, quá hạn {_n(all_, 'open_overdue')}).",
        f"2. Giải quyết trước và đúng hạn: {share('on_time_docs', all_)} văn bản có thời hạn; trước hạn: "
        f"{share('before_due', all_)}; đúng hạn: {share('on_due', all_)}; quá hạn: {share('late_docs', all_)}.",
        row_of("Đơn vị", "Đã giải quyết (có hạn)", "Trước hạn", "Đúng hạn", "Quá hạn", "Tỷ lệ (%)"),
        *_rows(report, ("finished_dated", "before", "on", "late"), "on_time_docs"),
    ]


def _rows(report: Report, columns: Sequence[str], rate: str) -> list[str]:
    """Units with something in these columns, and the agency. A part stands behind its whole, which has it in."""
    lines = [line for line in report.units if any(line.counts.get(name) for name in columns)]
    return [
        row_of("– " * line.depth + line.name, *(_n(line.counts, name) for name in columns),
               percent(rate, line.counts))
        for line in (*lines, UnitLine("Toàn cơ quan", report.total))
    ]  # fmt: skip


def _lateness(report: Report) -> list[str]:
    all_ = report.total
    return [
        "III. GIẢI TRÌNH, XIN LỖI, TỒN ĐỌNG, CHỨNG THƯ CHỮ KÝ SỐ",
        f"1. Yêu cầu giải trình: {_n(all_, 'demanded')}; đã giải trình: {_n(all_, 'given')}; đã chấp nhận: "
        f"{_n(all_, 'accepted')}; chưa được chấp nhận đến cuối kỳ: {_n(all_, 'unexplained')}.",
        f"2. Phải xin lỗi tổ chức, cá nhân trong kỳ: {_n(all_, 'apologies')}; đã xin lỗi: "
        f"{share('apologised', all_)}; chưa xin lỗi đến cuối kỳ: {_n(all_, 'unapologised')}.",
        f"3. Văn bản đi chờ ký đến cuối kỳ: {_n(all_, 'unsigned')}; chờ quá {number(report.backlog_hours)} giờ làm "
        f"việc: {_n(all_, 'backlog')}.",
        f"4. Lãnh đạo có chứng thư chữ ký số còn hạn: {share('cert_coverage', all_)}.",
    ]


def _indicators(report: Report) -> list[str]:
    """Each rate against its target and the period before."""
    then = "không so sánh, vì chưa chốt đủ" if report.before is None else "so sánh"
    return [
        "IV. KẾT QUẢ SO VỚI CHỈ TIÊU VÀ KỲ TRƯỚC",
        f"Kỳ so sánh: {period_words(report.compared)} ({then}).",
        row_of("Chỉ tiêu", "Kết quả (%)", "Mục tiêu (%)", "Đánh giá", "Kỳ trước (%)", "Tăng, giảm (điểm %)"),
        *(row_of(*indicator_cells(report, one)) for one in INDICATORS),
    ]


def indicator_cells(report: Report, one: Indicator) -> tuple[str, str, str, str, str, str]:
    """Name, rate, target, judgement, rate before, change."""
    now, goal = one.percent(report.total), report.goals.get(one.name)
    then = None if report.before is None else one.percent(report.before)
    moved = None if now is None or then is None else now - then
    return (
        NAMES[one.name], NO_RATE if now is None else _decimal(now), NO_RATE if goal is None else _decimal(goal),
        judged(one, now, goal), NO_RATE if then is None else _decimal(then),
        NO_RATE if moved is None else f"{'+' if moved > 0 else ''}{_decimal(moved)}",
    )  # fmt: skip


def judged(one: Indicator, now: Decimal | None, goal: Decimal | None) -> str:
    """`Đạt`, `Chưa đạt`, or why neither can be said."""
    if goal is None:
        return "Chưa giao"
    reached = met(now, goal, one.better)
    return "Chưa có số liệu" if reached is None else "Đạt" if reached else "Chưa đạt"


def _proof(report: Report) -> list[str]:
    """The lists that everything is counted from, a line a month."""
    return [
        f"Danh mục văn bản của số liệu chốt {period_words(one.period)} có mã SHA-256 "
        f"{' '.join(_groups(one.digest))}{_later(one)}."
        for one in report.months
    ]


def _later(one: ClosedMonth) -> str:
    return f"; {number(one.adjustments)} điều chỉnh sau chốt đã tính vào báo cáo" if one.adjustments else ""


def _groups(digest: str) -> list[str]:
    """So that it breaks at the end of a line, and is not taken for a number of somebody's paper."""
    return [digest[place : place + 8] for place in range(0, len(digest), 8)]


def share(name: str, counts: Counts) -> str:
    """`509/526 (96,77%)`."""
    one = indicator(name)
    if one.numerator not in counts or one.denominator not in counts:
        return UNCOUNTED
    found = one.percent(counts)
    told = f"{number(counts[one.numerator])}/{number(counts[one.denominator])}"
    return told if found is None else f"{told} ({_decimal(found)}%)"


def percent(name: str, counts: Counts) -> str:
    """`96,77`; a dash where nothing counts."""
    found = indicator(name).percent(counts)
    return NO_RATE if found is None else _decimal(found)


def _n(counts: Counts, name: str) -> str:
    return number(counts[name]) if name in counts else UNCOUNTED


def number(value: int) -> str:
    """`1.234`."""
    return f"{value:,}".replace(",", ".")


def _decimal(value: Decimal) -> str:
    return str(value).replace(".", ",")
