"""By which way a message goes: the whole table, and what leaves with it."""

from __future__ import annotations

from itertools import product

import pytest

from workflow.domain.channels import (
    PUSHED_ALWAYS,
    Choice,
    Sort,
    Way,
    chosen,
    is_muted,
    leaving,
    mobile,
    parts_of,
    sort_of,
    ways,
)

TABLE = {
    # sort: (to somebody with everything, the same with the digest muted)
    Sort.URGENT: ("mail sms push", "mail sms push"),
    Sort.EXPLANATION: ("mail sms push", "mail sms push"),
    Sort.DIGEST: ("mail push", ""),
    Sort.REPORT: ("mail push", "mail push"),
    Sort.NOTICE: ("push", "push"),
}


NEVER_MUTED = {Sort.URGENT, Sort.EXPLANATION, Sort.REPORT}
"""Urgent items, explanations owed, a unit's report: whatever somebody chose."""


@pytest.mark.parametrize("sort", Sort)
def test_every_sort_and_every_choice(sort: Sort) -> None:
    """All thirty-two choices: nothing goes where nobody has an address, and only a digest is muted. Devices get
    what was chosen, and what is urgent or owed whatever was chosen."""
    for muted, mail, sms, push, all_of_it in product((False, True), repeat=5):
        pushed = chosen("digest report notice") if all_of_it else chosen("urgent nothing")
        found = ways(sort, Choice(muted_digest=muted, mail=mail, sms=sms, push=push, pushed=pushed))
        has = {Way.MAIL: mail, Way.SMS: sms, Way.PUSH: push and (all_of_it or sort in PUSHED_ALWAYS)}
        assert found == {way for way in map(Way, TABLE[sort][muted].split()) if has[way]}
        assert is_muted(sort, muted_digest=muted) == (muted and sort is Sort.DIGEST)
    assert (ways(sort, Choice(muted_digest=True, mail=True)) == {Way.MAIL}) == (sort in NEVER_MUTED)


@pytest.mark.parametrize(
    ("cause", "sort"),
    [("unsigned:2026-11-23:unit:5", Sort.REPORT), ("explanation:7:demanded:3:12", Sort.EXPLANATION),
     ("explanation:7:sent_back:5:12", Sort.EXPLANATION), ("explanation:7:given:4:1", Sort.NOTICE),
     ("explanation:chased:2026-11-23T09:00:8", Sort.EXPLANATION), ("escalation:2026-11-23T09:00:8", Sort.URGENT),
     ("urging:4", Sort.URGENT), ("digest:2026-11-23:8", Sort.DIGEST), ("handover:1:2", Sort.NOTICE),
     ("", Sort.NOTICE)],
)  # fmt: skip
def test_what_a_message_is_follows_from_its_cause(cause: str, sort: Sort) -> None:
    """An explanation is owed when it was demanded or sent back, not when it was given."""
    assert sort_of(cause) is sort


@pytest.mark.parametrize(
    "number",
    ["001099012345", "123456789", "001 099 012 345", "0912345678", "0912 345 678", "0912.345.678",
     "+84 912 345 678", "+84.912.345.678", "091.234.5678",
     "+84912345678", "84912345678", "0263.3822.345", "02633822345"],
)  # fmt: skip
def test_no_personal_number_leaves(number: str) -> None:
    """Identity papers and telephones, however they are written."""
    left = leaving(f"Gọi ông A ({number}), trước 17:00.")
    assert number not in left
    assert "".join(sign for sign in number if sign.isdigit())[:7] not in left
    assert left.startswith("Gọi ông A (")
    assert left.endswith("), trước 17:00.")


@pytest.mark.parametrize(
    "words",
    ["123/QĐ-UBND", "Số 1012/2026/NĐ-CP ngày 23/11/2026", "12:00 23/11/2026", "1.234.567.000 đồng",
     "84.500.000.000 đồng", "(841.234.567.000)", "100.000.000.000 đ",
     "- Việc\n  https://0912345678.vn/invitation/0912345678-001099012345",
     "000.00.12.H99", "Chưa ký 31, quá hạn 4", "https://vb.example.gov.vn/incoming/123456"],
)  # fmt: skip
def test_other_numbers_stay(words: str) -> None:
    """Symbols, dates, sums, organ codes."""
    assert leaving(words) == words


def test_only_a_line_that_is_nothing_but_a_link_is_left_alone() -> None:
    """What somebody writes beside one is masked as anywhere."""
    assert "001099012345" not in leaving("https://a.vn/1 CCCD 001099012345")


def test_mobile_numbers_and_parts() -> None:
    """As gateways want them; Vietnamese letters and pictures count as what they take in UCS-2."""
    assert {mobile(one) for one in ("0912 345 678", "+84912345678", "84-912-345-678")} == {"84912345678"}
    assert {mobile(one) for one in ("0263 3822 345", "12345", "", "0912 345 67x", "+1 912 345 678")} == {""}
    assert [parts_of(text) for text in ("", "ố" * 70, "ố" * 71, "ố" * 134, "ố" * 135, "😀" * 35, "😀" * 36)] == [
        1, 1, 2, 2, 3, 1, 2,
    ]  # fmt: skip
