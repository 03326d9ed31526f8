"""Boxes stand where Decree 30/2020 wants them, on every kind of page, and a bad plan is refused."""

from __future__ import annotations

import dataclasses

import pytest

from signing.pdf import read
from signing.prepare import (
    BadPlan,
    Box,
    FieldKind,
    PageBox,
    PlannedField,
    add_fields,
    check_plan,
    number_cells,
    page_boxes,
    propose_plan,
)
from signing.testing.drawings import appearance
from tests.signing.prepare.conftest import Office

A4 = PageBox(1, 595.28, 841.89)
SIZES = {
    "A4": (595.28, 841.89),
    "A4 landscape": (841.89, 595.28),
    "A3": (841.89, 1190.55),
    "A5": (419.53, 595.28),
    "letter": (612.0, 792.0),
    "slip": (595.28, 150.0),
    "strip": (80.0, 2000.0),
    "inch": (72.0, 72.0),
    "poster": (5000.0, 5000.0),
}


def kind(plan: tuple[PlannedField, ...], wanted: FieldKind) -> PlannedField:
    return next(field for field in plan if field.kind is wanted)


def overlap(one: Box, other: Box) -> tuple[float, float]:
    """Width and height of what two boxes share."""
    return min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_proposed_plan_can_always_be_used(size: tuple[float, float]) -> None:
    """Inside the page, large enough to hold something, names unique: also on odd formats."""
    pages = [PageBox(1, *size), PageBox(2, *size)]
    plan = propose_plan(pages, cosigners=2, initials=2)
    big_enough = [field for field in plan if min(field.size) >= 6]
    check_plan(big_enough, pages)
    if min(size) > 200:
        assert big_enough == list(plan)


def test_cells_of_an_a4_letter_are_those_of_annex_i() -> None:
    """Number and date at the head of page 1; leader at the right end; margins of 30 and 15 mm kept."""
    plan = propose_plan([A4, dataclasses.replace(A4, number=2)])
    number, leader = kind(plan, FieldKind.NUMBER), kind(plan, FieldKind.LEADER)
    assert (number.page, leader.page) == (1, 2)
    assert number.box[0] == pytest.approx(85.04, abs=0.02)
    assert number.box[2] == pytest.approx(595.28 - 42.52, abs=0.02)
    assert number.box[1] > 841.89 * 0.8
    assert leader.box[0] > 595.28 / 2
    assert leader.box[3] < 841.89 / 3
    cells = number_cells(number)
    assert cells.number_width + cells.date_width == pytest.approx(number.size[0])
    assert cells.number_width < cells.date_width


def test_the_seal_covers_a_third_of_the_leaders_image_on_its_left() -> None:
    """Decree 30/2020, Annex I, and the seal keeps its real size of 36 mm."""
    plan = propose_plan([A4])
    seal, leader = kind(plan, FieldKind.SEAL), kind(plan, FieldKind.LEADER)
    width, _ = overlap(seal.box, leader.box)
    assert width / leader.size[0] == pytest.approx(1 / 3, abs=0.01)
    assert seal.box[0] < leader.box[0]
    assert seal.size == pytest.approx((102.05, 102.05), abs=0.05)


def test_only_the_seal_covers_another_box() -> None:
    """All other proposals leave each other free."""
    plan = [field for field in propose_plan([A4], cosigners=3, initials=3) if field.kind is not FieldKind.SEAL]
    for index, one in enumerate(plan):
        for other in plan[index + 1 :]:
            assert min(overlap(one.box, other.box)) <= 0, (one.name, other.name)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "a.b"}, "bad_name"),
        ({"name": "Số"}, "bad_name"),
        ({"name": ""}, "bad_name"),
        ({"page": 2}, "no_such_page"),
        ({"box": (500.0, 100.0, 700.0, 200.0)}, "box_outside_page"),
        ({"box": (-1.0, 100.0, 100.0, 200.0)}, "box_outside_page"),
        ({"box": (100.0, 100.0, 100.0, 200.0)}, "box_too_small"),
        ({"box": (200.0, 100.0, 100.0, 200.0)}, "box_too_small"),
        ({"box": (float("nan"), 100.0, 100.0, 200.0)}, "box_too_small"),
        ({"box": (0.0, 0.0, 595.0, 841.0)}, "box_too_large"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(change: dict[str, object], code: str) -> None:
    """Each reason has its code."""
    leader = kind(propose_plan([A4]), FieldKind.LEADER)
    with pytest.raises(BadPlan) as caught:
        check_plan([dataclasses.replace(leader, **change)], [A4])  # type: ignore[arg-type]
    assert caught.value.code == code


def test_two_fields_may_not_share_a_name() -> None:
    """Not even in different case."""
    leader = kind(propose_plan([A4]), FieldKind.LEADER)
    with pytest.raises(BadPlan, match="name_twice"):
        check_plan([leader, dataclasses.replace(leader, name="LEADER")], [A4])


def test_all_fields_stand_in_one_revision_and_are_empty(office: Office) -> None:
    """Exact names, planned rectangles, printed, on their page, none signed; the draft is untouched before it."""
    assert office.document.startswith(office.draft.data)
    file = read(office.document)
    assert len(file.revisions) == 2
    planned = {field.name: field for field in office.plan if field.is_signature}
    found = {field.name: field for field in file.signature_fields()}
    assert set(found) == set(planned)
    for name, field in found.items():
        assert field.value is None
        assert field.rect == planned[name].box
        assert field.node["F"] & 4
        assert field.node["P"] == file.pages()[planned[name].page - 1].ref
        assert field.ref in file.pages()[planned[name].page - 1].node["Annots"]
    assert file.acroform is not None
    assert file.acroform["SigFlags"] == 3
    assert page_boxes(office.document) == office.draft.pages


def test_fields_cannot_be_added_twice(office: Office) -> None:
    """A changed plan starts from the normalised file again."""
    with pytest.raises(BadPlan, match="fields_exist"):
        add_fields(office.document, office.plan)


def test_a_plan_without_footer_drawing_leaves_the_pages_content_alone(office: Office) -> None:
    """The footer box alone draws nothing."""
    plain = read(add_fields(office.draft.data, office.plan))
    before = read(office.draft.data)
    assert [page.node["Contents"] for page in plain.pages()] == [page.node["Contents"] for page in before.pages()]


def test_one_footer_drawing_serves_every_page(office: Office) -> None:
    """Boxes of one size share the form; two footers on a page are refused."""
    footer = kind(office.plan, FieldKind.FOOTER)
    second = dataclasses.replace(footer, name="Footer2", page=2)
    drawing = appearance("trang", footer.size)
    one = add_fields(office.draft.data, [footer], footer=drawing)
    both = add_fields(office.draft.data, [footer, second], footer=drawing)
    assert len(both) - len(one) < len(drawing) / 4
    with pytest.raises(BadPlan, match="two_footers"):
        add_fields(office.draft.data, [footer, dataclasses.replace(second, page=1)], footer=drawing)
