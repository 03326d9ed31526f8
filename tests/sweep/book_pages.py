"""Registers of a year to take away, and sheets that are brought in."""

from __future__ import annotations

from tests.support.former import HEAD, good_line, workbook
from tests.support.live import Town
from tests.support.years import register_of
from tests.sweep.shown import Shown, shown_on
from workflow.domain.imports.headings import Kind
from workflow.services.imports import looking, taking
from workflow.services.imports.looking import Upload
from workflow.store.session import unit_of_work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET = "/register/import/<int:import_id>"

BOOKS: list[Shown] = [
    *shown_on(
        "/register/import",
        ("clerk", "/register/import"),
        ("clerk", "/register/import", 422, True),
        ("leader", "/register/import", 403),
    ),
    *shown_on(
        _SHEET,
        ("clerk", "/register/import/{sheet_checked}"),
        ("clerk", "/register/import/{sheet_done}?show=all"),
        ("clerk", "/register/import/{sheet_discarded}"),
        ("far_clerk", "/register/import/{sheet_done}", 404),
    ),
    *shown_on("/admin/import", ("admin", "/admin/import"), ("admin", "/admin/import", 422, True)),
    *shown_on("/admin/import/<int:import_id>", ("admin", "/admin/import/{sheet_units}")),
]
NO_BOOK_PAGES: dict[str, tuple[str, str, str]] = {
    "/register/volume.pdf": ("clerk", "/register/volume.pdf", "application/pdf"),
    "/outgoing/deliveries.csv": ("clerk", "/outgoing/deliveries.csv", "text/csv"),
    "/outgoing/deliveries.xlsx": ("clerk", "/outgoing/deliveries.xlsx", XLSX),
    "/register/export.xlsx": ("clerk", "/register/export.xlsx", XLSX),
    "/incoming/register/volume.pdf": ("clerk", "/incoming/register/volume.pdf", "application/pdf"),
    "/incoming/register.xlsx": ("clerk", "/incoming/register.xlsx", XLSX),
    "/incoming/register/follow-up/volume.pdf": (
        "clerk", "/incoming/register/follow-up/volume.pdf", "application/pdf",
    ),
    "/incoming/register/follow-up.xlsx": ("clerk", "/incoming/register/follow-up.xlsx", XLSX),
    "/register/import/<int:import_id>/faults.xlsx": (
        "clerk", "/register/import/{sheet_checked}/faults.xlsx", XLSX,
    ),
    "/register/import/empty/<kind>.xlsx": ("clerk", "/register/import/empty/outgoing.xlsx", XLSX),
    "/admin/import/<int:import_id>/faults.xlsx": ("admin", "/admin/import/{sheet_units}/faults.xlsx", XLSX),
    "/admin/import/empty/<kind>.xlsx": ("admin", "/admin/import/empty/units.xlsx", XLSX),
    "/admin/import/units.xlsx": ("admin", "/admin/import/units.xlsx", XLSX),
    "/admin/import/people.xlsx": ("admin", "/admin/import/people.xlsx", XLSX),
}  # fmt: skip


def brought_in(town: Town) -> dict[str, object]:
    """A sheet with faults, one that was taken in, one that was discarded, one of units."""
    lines = [good_line(number) for number in range(1, 9)]
    lines[2][1], lines[3][2], lines[4][3] = "<b>không số</b>", "31/02/2025", "Quyết định: " + "dài " * 600
    lines[6][0] = "khôngcókhoảngtrắng" * 12
    register = register_of(town.office, "qd")
    given = {"kind": Kind.OUTGOING, "register_id": register, "year": 2025, "data": workbook([HEAD, *lines])}
    places: dict[str, object] = {}
    for name in ("sheet_done", "sheet_discarded", "sheet_checked"):
        places[name] = key = _look(town, "clerk", Upload(filename=f"{'so-cu-' * 9}{name}.xlsx", **given))  # type: ignore[arg-type]
        if name != "sheet_checked":
            _end(town, key, discard=name == "sheet_discarded")
    units = workbook(
        [["Mã", "Tên đơn vị", "Viết tắt", "Loại", "Trực thuộc", "Từ ngày"],
         ["H99.01.9", "Tổ công nghệ số cộng đồng", "TCN", "phòng", "H99.01", "01/07/2025"],
         ["H99.01.8", "Tổ khác", "TK", "ban", "H99.77", "1/7/25"]]
    )  # fmt: skip
    places["sheet_units"] = _look(town, "admin", Upload(kind=Kind.UNITS, data=units, filename="don-vi.xlsx"))
    return places


def _look(town: Town, who: str, upload: Upload) -> int:
    office = town.office
    scope = office.scope("clerk")
    with unit_of_work(town.engine) as uow:
        made = looking.look(uow, office.actor(who), scope, upload=upload, now=town.clock())
        uow.commit()
    return made


def _end(town: Town, key: int, *, discard: bool) -> None:
    office, service = town.office, taking.discard if discard else taking.take_next
    with unit_of_work(town.engine) as uow:
        service(
            uow, office.actor("clerk"), office.scope("clerk"), import_id=key, kinds=tuple(Kind), now=town.clock()
        )
        uow.commit()
