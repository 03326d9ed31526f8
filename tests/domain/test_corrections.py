"""The table of corrections against a grid that a clerk can read."""

from __future__ import annotations

import pytest

from workflow.domain.corrections import DRAFTED, Kind, Standing, demand, demand_form, form_of, open_to
from workflow.domain.errors import BadInput, NotPermitted, WrongState
from workflow.domain.people import Role

GRID = """
                unissued  in_force                       replaced  recalled
drafter         .         correct,amend,replace          .         replace
unit_head       .         correct,amend,replace          .         replace
clerk           .         correct,amend,replace,recall   recall    replace
leader          .         recall                         recall    .
deputy          .         recall                         recall    .
admin           .         .                              .         .
inspector       .         .                              .         .
system          .         .                              .         .
"""


def read() -> dict[tuple[Role, Standing], tuple[Kind, ...]]:
    """Who may begin what, as it stands in the grid."""
    head, *lines = GRID.strip().splitlines()
    columns = [Standing(word) for word in head.split()]
    made = {}
    for role, *cells in (line.split() for line in lines):
        for standing, cell in zip(columns, cells, strict=True):
            made[Role(role), standing] = () if cell == "." else tuple(Kind(word) for word in cell.split(","))
    return made


def test_the_whole_product() -> None:
    """Role × standing × kind: what the table opens, and nothing else; the rest is refused with a code."""
    grid = read()
    assert grid.keys() == {(role, standing) for role in Role for standing in Standing}
    codes = {
        Standing.UNISSUED: "correction_unissued", Standing.REPLACED: "correction_replaced",
        Standing.RECALLED: "correction_recalled",
    }  # fmt: skip
    for (role, standing), kinds in grid.items():
        assert open_to(role, standing) == kinds, (role, standing)
        for kind in set(Kind) - set(kinds):
            with pytest.raises((NotPermitted, WrongState)) as refused:
                demand(kind, standing, role=role)
            assert refused.value.code in {"role_may_not", codes.get(standing)}
        for kind in kinds:
            demand(kind, standing, role=role)


def test_form_follows_the_mistake() -> None:
    """A letter corrects whatever it is; a decision is amended and replaced by a decision (Art. 18.3)."""
    assert DRAFTED == (Kind.CORRECT, Kind.AMEND, Kind.REPLACE)
    for kind, good, bad, code in (
        (Kind.CORRECT, "letter", "decision", "correction_by_letter"),
        (Kind.AMEND, "decision", "letter", "correction_same_form"),
        (Kind.REPLACE, "decision", "letter", "correction_same_form"),
    ):
        assert form_of(kind, "decision") == good
        demand_form(kind, type_code=good, earlier="decision")
        with pytest.raises(BadInput, match=code):
            demand_form(kind, type_code=bad, earlier="decision")
    demand_form(Kind.RECALL, type_code="letter", earlier="decision")
