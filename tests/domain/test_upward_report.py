"""The words of a report upward: every indicator has its name, what was not counted is not nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from workflow.domain.indicators import COUNTS, INDICATORS, KINDS
from workflow.domain.periods import month, parse
from workflow.domain.signing_times import Waited
from workflow.domain.upward_report import CERTIFICATES, NAMES, ClosedMonth, Report, body, period_words
from workflow.domain.upward_tables import as_lines


def report(**changes: Any) -> Report:
    found = {"issued": 10, "sign_counted": 8, "fully_signed": 7, "unsigned": 4, "backlog": 1, "apologies": 2}
    kinds = {"leader_public_service_full": 6, "leader_public_failed": 1, "apologised": 1, "unapologised": 1}
    total = dict.fromkeys(COUNTS, 0) | found | kinds
    closed = ClosedMonth(month(dt.date(2026, 9, 1)), dt.datetime(2026, 10, 3, tzinfo=dt.UTC), "ab" * 32, 2)
    made = Report(
        period=parse("2026-Q3"), agency="UBND xã A", months=[closed], total=total, units=(),
        compared=parse("2026-Q2"), before=total | {"fully_signed": 4}, waited=Waited(9, 93, 600),
        waited_before=Waited(3, 60, 120), goals={"sign_rate_docs": Decimal(85)},
    )  # fmt: skip
    return replace(made, **changes)


def test_every_indicator_and_kind_has_its_words() -> None:
    """A new one stands in no report under a code."""
    assert {one.name for one in INDICATORS} == set(NAMES)
    assert set(KINDS) == set(CERTIFICATES)


def test_the_text_tells_kinds_time_backlog_apologies_and_targets() -> None:
    """Each with its number; the change against the period before in points."""
    text = body(report())
    for words in (
        "của lãnh đạo: chuyên dùng công vụ 6, công cộng 1; của cơ quan: không có",
        "trung vị 1,6 giờ làm việc, phân vị 90 10,0 giờ làm việc (9 lượt ký số); quý II năm 2026: 1,0 và 2,0 giờ",
        "chờ quá 8 giờ làm việc: 1", "Phải xin lỗi tổ chức, cá nhân trong kỳ: 2; đã xin lỗi: 1/2 (50,00%)",
        "| Ký số đầy đủ | 87,50 | 85 | Đạt | 50,00 | +37,50 |", "2 điều chỉnh sau chốt",
    ):  # fmt: skip
        assert words in text, words
    assert "chưa chốt, không tính" not in text


def test_what_a_month_was_closed_without_is_not_nothing() -> None:
    """An older definition counted no apologies: the report does not say 0."""
    lacking = {name: number for name, number in report().total.items() if "apolog" not in name}
    text = body(report(total=lacking))
    assert "Phải xin lỗi tổ chức, cá nhân trong kỳ: chưa thống kê; đã xin lỗi: chưa thống kê" in text
    lines = as_lines(report(total=lacking), "UBND tỉnh B")
    assert [line[3] for line in lines if line[1:3] == ["Toàn cơ quan", "Phải xin lỗi"]] == [None]


def test_missing_months_are_named() -> None:
    """In the words and in the tables."""
    made = report(missing=[month(dt.date(2026, 7, 1)), month(dt.date(2026, 8, 1))], before=None)
    said = (
        "tháng 07, 08 năm 2026 chưa chốt, không tính vào báo cáo này; số liệu cuối kỳ là số liệu đến hết tháng 09"
    )
    assert said in body(made)
    assert any(line[0] == "Lưu ý" and said in str(line[3]) for line in as_lines(made, ""))
    assert "| Ký số đầy đủ | 87,50 | 85 | Đạt | – | – |" in body(made)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2026-H1", "6 tháng đầu năm 2026"), ("2026-H2", "6 tháng cuối năm 2026"), ("2026-Q4", "quý IV năm 2026"),
        ("2026-01-01..2026-09-30", "9 tháng đầu năm 2026"), ("2026", "năm 2026"),
        ("2026-03-01..2026-05-31", "từ tháng 03 năm 2026 đến hết tháng 05 năm 2026"),
    ],
)  # fmt: skip
def test_periods_are_called_as_offices_call_them(key: str, words: str) -> None:
    """A key names one period, whose key it is."""
    assert (period_words(parse(key)), parse(key).key) == (words, key)
