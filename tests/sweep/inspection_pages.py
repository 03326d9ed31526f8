"""An inspection with a sample, a finding and commitments, and one that concerns nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.inspecting import inspected
from tests.support.live import Town
from tests.sweep.shown import Shown, shown_on

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RULE, _ONE = "/inspections/<int:inspection_id>", "/inspections/{inspection}"

INSPECTIONS: list[Shown] = [
    *shown_on("/inspections", ("admin", "/inspections"), ("far_drafter", "/inspections")),
    *shown_on(
        "/inspections/standing",
        ("admin", "/inspections/standing?kind=document"),
        ("far_leader", "/inspections/standing"),
    ),
    *shown_on("/inspections/new", ("admin", "/inspections/new"), ("admin", "/inspections/new", 422, True)),
    *shown_on(_RULE, ("admin", _ONE), ("head", _ONE)),
    *shown_on(f"{_RULE}/looks", ("head", f"{_ONE}/looks")),
    *shown_on(f"{_RULE}/samples", ("chief", f"{_ONE}/samples")),
    *shown_on(f"{_RULE}/samples/<int:sample_id>", ("admin", f"{_ONE}/samples/{{inspection_sample}}")),
    *shown_on(f"{_RULE}/findings", ("head", f"{_ONE}/findings"), ("chief", f"{_ONE}/findings?state=late")),
    *shown_on(f"{_RULE}/commitments", ("chief", f"{_ONE}/commitments")),
]


def _tables(*paths: str) -> Iterable[tuple[str, tuple[str, str, str]]]:
    for path in paths:
        rule = path.replace("{inspection}", "<int:inspection_id>").replace("{inspection_sample}", "<int:sample_id>")
        for ending, kind in ((".csv", "text/csv"), (".xlsx", _SHEET)):
            yield f"{rule}{ending}", ("admin", f"{path}{ending}", kind)


NO_INSPECTION_PAGES = dict(
    _tables(
        "/inspections", "/inspections/standing", "/reports/entered", "/reports/indicators/targets",
        f"{_ONE}/looks", f"{_ONE}/findings", f"{_ONE}/commitments", f"{_ONE}/samples/{{inspection_sample}}",
        f"{_ONE}/samples/{{inspection_sample}}/population",
    )
)  # fmt: skip


def inspecting(town: Town, *, long: str) -> dict[str, object]:
    """The names that paths may use."""
    return inspected(town.office, words=long)
