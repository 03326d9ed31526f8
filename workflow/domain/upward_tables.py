"""The report upward as tables, with the head matter of the office that reports: what goes into XLSX and CSV. The
same figures as in its words (`domain.upward_report`), as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow.domain.indicators import INDICATORS, KINDS, indicator
from workflow.domain.signing_times import hours
from workflow.domain.upward_report import (
    CERTIFICATES,
    NAMES,
    Report,
    UnitLine,
    gap,
    judged,
    kind_count,
    period_words,
    subject,
)

Cell = str | int | Decimal | None
WHOLE = "Toàn cơ quan"

SIGNED = (
    ("issued", "Phát hành"), ("sign_counted", "Tính tỷ lệ"), ("fully_signed", "Ký số đầy đủ"),
    ("leader_only", "Chỉ lãnh đạo"), ("seal_only", "Chỉ cơ quan"), ("ink", "Ký giấy"), ("failed", "Không hợp lệ"),
    ("indeterminate", "Chưa đủ cơ sở"), ("exempt", "Miễn ký số"), ("secret", "Mật"),
)  # fmt: skip
ARRIVED = (
    ("carried", "Kỳ trước chuyển sang"), ("received", "Tiếp nhận"), ("finished", "Đã giải quyết"),
    ("before", "Trước hạn"), ("on", "Đúng hạn"), ("late", "Quá hạn"), ("undated", "Không có hạn"),
    ("ended", "Trả lại, thu hồi"), ("open", "Đang giải quyết"), ("open_overdue", "Đang quá hạn"),
)  # fmt: skip
OWED = (
    ("demanded", "Yêu cầu giải trình"), ("given", "Đã giải trình"), ("accepted", "Đã chấp nhận"),
    ("unexplained", "Chưa được chấp nhận"), ("apologies", "Phải xin lỗi"), ("apologised", "Đã xin lỗi"),
    ("unapologised", "Còn phải xin lỗi"), ("unsigned", "Chờ ký"), ("backlog", "Chờ ký quá thời gian"),
    ("leaders", "Lãnh đạo"), ("leaders_covered", "Có chứng thư còn hạn"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A part of the report."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def tables(report: Report) -> tuple[Table, ...]:
    """Every part: two by unit, what is owed, certificates and time, targets, the closed lists."""
    return (
        _by_unit(report, "Ký số văn bản đi", SIGNED, "sign_rate_docs"),
        _by_unit(report, "Văn bản đến", ARRIVED, "on_time_docs"),
        _by_unit(report, "Giải trình, xin lỗi, tồn đọng", OWED, ""),
        _certificates(report), _targets(report), _lists(report),
    )  # fmt: skip


def _by_unit(report: Report, title: str, columns: Sequence[tuple[str, str]], rate: str) -> Table:
    lines = [line for line in report.units if any(line.counts.get(name) for name, _words in columns)]
    rows: list[list[Cell]] = [
        [
            "– " * line.depth + line.name, *(line.counts.get(name) for name, _words in columns),
            *([indicator(rate).percent(line.counts)] if rate else []),
        ]
        for line in (*lines, UnitLine(WHOLE, report.total))
    ]  # fmt: skip
    return Table(title, ["Đơn vị", *(words for _name, words in columns), *(["Tỷ lệ (%)"] if rate else [])], rows)


def _certificates(report: Report) -> Table:
    rows: list[list[Cell]] = [
        [f"Chứng thư {CERTIFICATES[kind]}: {told}", kind_count(whose, kind, report.total), None]
        for whose, told in (("leader", "của lãnh đạo"), ("seal", "của cơ quan"))
        for kind in KINDS
    ]
    waited, then = report.waited, report.waited_before
    two = (waited, then if report.before is not None else None)
    rows.append(["Lượt ký số được tính thời gian", *(None if one is None else one.number for one in two)])
    for words, which in (("trung vị", "median"), ("phân vị 90", "p90")):
        minutes: list[int | None] = [None if one is None else getattr(one, which) for one in two]
        rows.append([f"Thời gian chờ ký, {words} (giờ làm việc)",
                     *(None if one is None else hours(one) for one in minutes)])  # fmt: skip
    return Table("Chứng thư, thời gian ký", ["Nội dung", "Trong kỳ", period_words(report.compared)], rows)


def _targets(report: Report) -> Table:
    rows: list[list[Cell]] = []
    for one in INDICATORS:
        now, goal = one.percent(report.total), report.goals.get(one.name)
        then = None if report.before is None else one.percent(report.before)
        rows.append(
            [
                NAMES[one.name], report.total.get(one.numerator), report.total.get(one.denominator), now, goal,
                judged(one, now, goal), then, None if now is None or then is None else now - then,
            ]
        )  # fmt: skip
    head = [
        "Chỉ tiêu", "Tử số", "Mẫu số", "Kết quả (%)", "Mục tiêu (%)", "Đánh giá",
        f"{period_words(report.compared)} (%)", "Tăng, giảm (điểm %)",
    ]  # fmt: skip
    return Table("Kết quả so với mục tiêu", head, rows)


def _lists(report: Report) -> Table:
    rows: list[list[Cell]] = [[period_words(one.period), one.adjustments, one.digest] for one in report.months]
    rows += [[period_words(one), None, "chưa chốt"] for one in report.missing]
    return Table("Số liệu chốt", ["Tháng", "Điều chỉnh sau chốt", "SHA-256 của danh mục"], rows)


def head_matter(report: Report, superior: str) -> list[list[Cell]]:
    """Who reports, under whom, what and of when; that months are missing."""
    missing: list[list[Cell]] = [[line] for line in gap(report)]
    return [
        [superior.upper(), "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        [report.agency.upper(), "", "", "Độc lập - Tự do - Hạnh phúc"],
        [],
        ["BIỂU SỐ LIỆU KÈM THEO BÁO CÁO"],
        [subject(report.period)],
        *missing,
        [],
    ]


def foot_matter(place: str) -> list[list[Cell]]:
    """Where the date, and those who made and sign it, are written."""
    return [["", "", "", f"{place}, ngày … tháng … năm …"], ["NGƯỜI LẬP BIỂU", "", "", "THỦ TRƯỞNG CƠ QUAN"]]


def as_lines(report: Report, superior: str) -> list[list[Cell]]:
    """Every figure on a line of its own: (part, unit or subject, figure, value); the head matter first."""
    found: list[list[Cell]] = [
        ["Cơ quan cấp trên", "", "", superior],
        ["Cơ quan báo cáo", "", "", report.agency],
        ["Báo cáo", "", "", subject(report.period)],
    ]
    found += [["Lưu ý", "", "", line] for line in gap(report)]
    for table in tables(report):
        for first, *rest in table.rows:
            found += [[table.title, first, name, cell] for name, cell in zip(table.head[1:], rest, strict=True)]
    return found
