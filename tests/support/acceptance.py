"""The founding documents' acceptance tests (AT): which run on rows of documents, which on entered counts, and with
what. `docs/acceptance.md` is this table, written out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workflow.domain.entered import Shape
from workflow.domain.indicators import Better


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A count that an article printed, as it is entered, and what must come of it."""

    at: str
    name: str
    period: str
    figure: str
    shape: Shape = Shape.SHARE
    expected: Decimal | None = None
    decimals: int = 2
    parts: tuple[str, ...] = ()
    goal: str = ""
    met: bool | None = None
    better: Better = Better.HIGHER
    unclassified: int = 0


def _share(at: str, name: str, period: str, figure: str, expected: str, **more: object) -> Given:
    return Given(at=at, name=name, period=period, figure=figure, expected=Decimal(expected), **more)  # type: ignore[arg-type]


_Q1, _SPAN, _Y, _PARTS, _VALUE = "2024-Q1", "2024-01-01..2024-05-03", "2023", Shape.PARTS, Shape.VALUE

ENTERED: tuple[Given, ...] = (
    _share("03", "Hồ sơ có thành phần được số hóa", _Q1, "3350/3351", "99.97"),
    _share("03", "Hồ sơ số hóa đủ thành phần", _Q1, "3343/3351", "99.76"),
    _share("03", "Kết quả được số hóa", _Q1, "3294/3294", "100.00"),
    _share("04", "Trực tuyến cấp huyện", _SPAN, "645/645", "100.0", decimals=1),
    *(
        _share("04", f"Trực tuyến cấp xã, mẫu số {whole}", _SPAN, f"3555/{whole}", "88.9", decimals=1)
        for whole in (3997, 3999, 4001)
    ),
    _share("05", "Thủ tục cấp huyện theo mức", "2024", "111+150/261", "42.53", shape=_PARTS,
           parts=("toàn trình", "một phần")),
    _share("05", "Thủ tục cấp xã theo mức", "2024", "36+114/156", "23.08", shape=_PARTS,
           parts=("toàn trình", "một phần"), unclassified=6),
    _share("06", "Thủ tục theo mức độ", "2021", "128+75+75/278", "46.04", shape=_PARTS,
           parts=("mức 1–2", "mức 3", "mức 4")),
    _share("06", "Thủ tục theo cấp", "2021", "278+103/381", "72.97", shape=_PARTS, parts=("huyện", "xã")),
    _share("07", "Thủ tục đã rà soát, cắt giảm", "2021", "66/278", "23.74", goal="30", met=False),
    _share("07", "Dự kiến cắt giảm đến 2025, cấp huyện", "2025", "140/278", "50.36", goal="30", met=True),
    _share("07", "Dự kiến cắt giảm đến 2025, cả huyện", "2025", "140/381", "36.75", goal="30", met=True),
    _share("12", "Nhiệm vụ được giao", "2026-Q3", "39+94+0/133", "29.32", shape=_PARTS,
           parts=("hoàn thành", "trong hạn", "quá hạn")),
    _share("13", "Kế hoạch cải cách hành chính", _Y, "42/42", "100.00"),
    _share("13", "Cam kết đã thực hiện", _Y, "10/13", "76.92"),
    _share("13", "Đơn vị được kiểm tra", _Y, "6/9", "66.67"),
    _share("14", "Hài lòng của người dân", _Y, "97.75", "97.75", shape=_VALUE),
    _share("14", "Xếp hạng hài lòng", _Y, "r11/15", "11", shape=Shape.RANK, better=Better.LOWER),
    _share("15", "Xếp hạng PARINDEX", _Y, "r7~8", "7", shape=Shape.RANK, better=Better.LOWER),
    _share("16", "Giải quyết trước và đúng hạn", _Y, "525/526", "99.81", goal="98", met=True),
    _share("16", "Xin lỗi khi chậm do chủ quan", _Y, "8/9", "88.89", goal="100", met=False),
    _share("16", "Hồ sơ trực tuyến", _Y, "31/100", "31.00", goal="30", met=True),
    _share("16", "Hồ sơ trực tuyến, ngưỡng 50", _Y, "31/100", "31.00", goal="50", met=False),
    _share("16", "Qua bưu chính công ích", _Y, "10/100", "10.00", goal="10", met=True),
    _share("17", "Tiến độ giải quyết (chỉ số)", "2023-01-01..2023-09-30", "87.26", "87.26", shape=_VALUE, goal="98",
           met=False),
    _share("17", "Dịch vụ trực tuyến (chỉ số)", "2023-01-01..2023-09-30", "75.1", "75.10", shape=_VALUE),
    _share("17", "Công khai, minh bạch (chỉ số)", "2023-01-01..2023-09-30", "82.7", "82.70", shape=_VALUE),
    _share("17", "Hài lòng (chỉ số)", "2023-01-01..2023-09-30", "95.7", "95.70", shape=_VALUE),
    _share("18", "Hồ sơ một ngày ở bàn một cửa cấp xã", "2026-11", "50", "50", shape=_VALUE, decimals=0,
           goal="50", met=True),
)  # fmt: skip

ON_ROWS = {
    "01": "test_at_01_a_year_of_538_with_one_late",
    "02": "test_at_02_seven_months_without_anything_late",
    "08": "test_at_08_nine_overdue_documents_owe_nine_explanations",
    "09": "test_at_09_secret_and_exempt_stand_beside_a_full_rate",
    "10": "test_at_10_coverage_drops_when_a_certificate_ends",
    "11": "test_at_11_each_leader_by_what_they_signed",
}
"""Tests in `tests/services/figures/test_months_of_the_founding_documents.py`, through the queries of the pages."""


def table() -> str:
    """`docs/acceptance.md`."""
    lines = [
        "# Acceptance: the numbers of the founding documents",
        "",
        "Which acceptance test (AT) is counted from rows of documents, through the queries that the pages use, and",
        "which from counts that people enter, through the same indicator engine, closing and lists. Written out of",
        "`tests/support/acceptance.py`; a test compares the two.",
        "",
        "| AT | Counted from | Test or entered figure | Must come out as |",
        "|---|---|---|---|",
    ]
    numbers = sorted({*ON_ROWS, *(one.at for one in ENTERED)})
    for at in numbers:
        if at in ON_ROWS:
            lines.append(f"| {at} | rows of documents | `{ON_ROWS[at]}` | see the test |")
        lines += [f"| {one.at} | entered | {one.name}: `{one.figure}` ({one.period}) | {_told(one)} |"
                  for one in ENTERED if one.at == at]  # fmt: skip
    return "\n".join([*lines, ""])


def _told(one: Given) -> str:
    unit = " %" if one.shape in {Shape.SHARE, Shape.PARTS} else ""
    words = [f"{one.expected}{unit}"]
    if one.unclassified:
        words.append(f"{one.unclassified} unclassified")
    if one.goal:
        words.append(f"target {one.goal}{unit} {'met' if one.met else 'not met'}")
    return "; ".join(words)
