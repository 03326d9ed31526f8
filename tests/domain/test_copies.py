"""Rules of certified copies: which may be made, their pages, what a scan is worth, their words."""

from __future__ import annotations

import pytest

from workflow.domain import copies
from workflow.domain.copies import Action, Form, Medium, Picture, Scanned, State
from workflow.domain.errors import BadInput, Refused, WrongState

D, P = Medium.DIGITAL, Medium.PAPER
A4 = (595.3, 841.9)


def test_article_25_as_a_table() -> None:
    """Every form with every pair of media: made here, left to the copier, or the original is sent."""
    told = {}
    for form in Form:
        for source in Medium:
            for target in Medium:
                try:
                    copies.demand_way(form, source, target)
                    told[form, source, target] = ""
                except Refused as refused:
                    told[form, source, target] = refused.code
    send, copier = "copy_send_the_original", "copy_on_the_copier"
    assert told == {
        (Form.TRUE_COPY, D, D): send, (Form.TRUE_COPY, D, P): "", (Form.TRUE_COPY, P, D): "",
        (Form.TRUE_COPY, P, P): copier, (Form.RECOPY, D, D): send, (Form.RECOPY, D, P): "",
        (Form.RECOPY, P, D): "", (Form.RECOPY, P, P): copier, (Form.EXTRACT, D, D): "", (Form.EXTRACT, D, P): "",
        (Form.EXTRACT, P, D): "", (Form.EXTRACT, P, P): copier,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "pages"),
    [("1-3, 5", (1, 2, 3, 5)), ("5;1", (1, 5)), (" 2 – 4 ", (2, 3, 4)), ("2,2-3", (2, 3)), ("", (1, 2, 3, 4, 5))],
)
def test_pages_as_people_write_them(text: str, pages: tuple[int, ...]) -> None:
    """Each once, in the order of the paper; what is read is written the same way."""
    assert copies.read_pages(text, count=5) == pages
    assert copies.read_pages(copies.pages_text(pages), count=5) == pages


@pytest.mark.parametrize(
    ("text", "code"),
    [("6", "beyond"), ("4-9", "beyond"), ("0", "unreadable"), ("3-1", "unreadable"), ("một", "unreadable")],
)
def test_pages_that_are_none(text: str, code: str) -> None:
    """Beyond the file, or no numbers."""
    with pytest.raises(BadInput, match=f"copy_pages_{code}"):
        copies.read_pages(text, count=5)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Scanned(*A4, (Picture(1.0, 200, 24),)), ""),
        (Scanned(841.9, 595.3, (Picture(0.98, 199.3, 24),)), ""),
        (Scanned(*A4, (Picture(0.98, 200, 24), Picture(0.1, 72, 1))), "copy_painted"),
        (Scanned(*A4, (Picture(1.0, 200, 24),), others=1), "copy_painted"),
        (Scanned(*A4, (Picture(1.0, 200, 24),), others=3, unseen=3), ""),
        (Scanned(*A4, (Picture(1.0, 200, 24),), others=4, unseen=3), "copy_painted"),
        (Scanned(*A4, (Picture(1.0, 150, 24),), others=3, unseen=3), "copy_dpi"),
        (Scanned(*A4, (), others=3, unseen=3), "copy_not_scanned"),
        (Scanned(*A4, (Picture(0.2, 300, 24),)), "copy_not_scanned"),
        (Scanned(*A4, ()), "copy_not_scanned"),
        (Scanned(*A4, (Picture(1.0, 197, 24),)), "copy_dpi"),
        (Scanned(*A4, (Picture(1.0, 300, 8),)), "copy_grey"),
        (Scanned(714, 1010, (Picture(1.0, 300, 24),)), "copy_scale"),
    ],
)
def test_what_a_scan_is_worth(page: Scanned, code: str) -> None:
    """Annex I, part II: colour, 200 dpi, its own size."""
    good = Scanned(*A4, (Picture(1.0, 300, 24),))
    if not code:
        copies.demand_scan([good, page])
        return
    with pytest.raises(BadInput, match=code) as refused:
        copies.demand_scan([good, page])
    assert refused.value.details["page"] == 2


def test_words_and_their_place() -> None:
    """Form, agency, moment; four lines stay in the margin of 20 mm."""
    time = "2026-11-23T12:00:00+07:00"
    long = "Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh Lam Giang"
    assert copies.seal_words(Form.EXTRACT, "UBND xã Đồng Tâm", time) == (
        "TRÍCH SAO", "UBND xã Đồng Tâm", f"Thời gian ký: {time}",
    )  # fmt: skip
    lines = copies.seal_words(Form.TRUE_COPY, long, time)
    assert len(lines) == 4
    left, bottom, right, top = copies.copy_box(*A4, lines=4)
    assert A4[1] - bottom < 20 / 25.4 * 72
    assert (top < A4[1], right < A4[0], left > A4[0] / 2) == (True, True, True)
    assert copies.compose(7, Form.RECOPY, issuer="UBND") == "07/SL-UBND"


def test_a_digital_copy_is_sealed_and_a_printed_one_given_out() -> None:
    """Each kind has its own last act, and a closed copy none."""
    copies.demand_step(Action.SEAL, State.NUMBERED, D)
    copies.demand_step(Action.GIVE_OUT, State.NUMBERED, P)
    for action, state, medium in (
        (Action.SEAL, State.NUMBERED, P), (Action.GIVE_OUT, State.NUMBERED, D), (Action.SEAL, State.APPROVED, D),
        (Action.CANCEL, State.CANCELLED, D), (Action.CANCEL, State.DECLINED, D), (Action.NUMBER, State.ASKED, D),
    ):  # fmt: skip
        with pytest.raises(WrongState):
            copies.demand_step(action, state, medium)
