"""The catalogue of offices outside, and what units get inside their agency."""

from __future__ import annotations

from sqlalchemy import select

from tests.support.exchange import Between
from tests.support.former import workbook
from tests.support.live import Town
from tests.sweep.shown import Shown, shown_on
from workflow.domain.imports.headings import Kind
from workflow.domain.outgoing import Action
from workflow.domain.outside_offices import Office
from workflow.domain.people import Capacity
from workflow.domain.permissions import Scope
from workflow.services.documents import acts
from workflow.services.exchange import offices
from workflow.services.exchange.recalling import ask_recall
from workflow.services.imports import looking
from workflow.services.imports.looking import Upload
from workflow.store import unit_copies
from workflow.store.models import UnitCopy
from workflow.store.session import unit_of_work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LIST, _COPY = "/admin/offices", "/unit-copies/<int:copy_id>"

OFFICES: list[Shown] = [
    *shown_on(
        _LIST,
        ("clerk", _LIST),
        ("admin", f"{_LIST}?which=all&channel=post&sort=code"),
        ("far_clerk", _LIST),
        ("clerk", f"{_LIST}?q=kh%C3%B4ng-c%C3%B3"),
        ("drafter", _LIST, 403),
    ),
    *shown_on(
        f"{_LIST}/candidates",
        ("clerk", f"{_LIST}/candidates?taken=2"),
        ("clerk", f"{_LIST}/candidates?q=kh%C3%B4ng-c%C3%B3"),
        ("far_admin", f"{_LIST}/candidates"),
    ),
    *shown_on(f"{_LIST}/new", ("clerk", f"{_LIST}/new?name=B%C6%B0u"), ("clerk", f"{_LIST}/new", 422, True)),
    *shown_on(
        f"{_LIST}/<int:office_id>",
        ("clerk", f"{_LIST}/{{outside}}?done=kept"),
        ("clerk", f"{_LIST}/{{outside_merged}}"),
        ("admin", f"{_LIST}/{{outside_ended}}"),
        ("far_clerk", f"{_LIST}/{{outside}}", 404),
    ),
    *shown_on(f"{_LIST}/import", ("clerk", f"{_LIST}/import"), ("admin", f"{_LIST}/import", 422, True)),
    *shown_on(f"{_LIST}/import/<int:import_id>", ("clerk", f"{_LIST}/import/{{sheet_outside}}")),
    *shown_on(
        "/unit-copies",
        ("culture_head", "/unit-copies"),
        ("culture_head", "/unit-copies?q=kh%C3%B4ng-c%C3%B3&seen=yes"),
        ("drafter", "/unit-copies"),
        ("lone_drafter", "/unit-copies"),
        ("head", "/unit-copies?sort=unseen"),
        ("inspector", "/unit-copies"),
    ),
    *shown_on(
        _COPY,
        ("culture_head", "/unit-copies/{unit_copy}"),
        ("culture_head", "/unit-copies/{unit_copy_secret}"),
        ("drafter", "/unit-copies/{unit_copy}", 404),
        ("drafter", "/unit-copies/{unit_copy_staff}"),
        ("head", "/unit-copies/{unit_copy_gone}"),
    ),
]
NO_OFFICE_PAGES: dict[str, tuple[str, str, str]] = {
    f"{_LIST}/export.csv": ("clerk", f"{_LIST}/export.csv", "text/csv"),
    f"{_LIST}/export.xlsx": ("clerk", f"{_LIST}/export.xlsx", XLSX),
    f"{_LIST}/candidates.csv": ("clerk", f"{_LIST}/candidates.csv", "text/csv"),
    f"{_LIST}/candidates.xlsx": ("clerk", f"{_LIST}/candidates.xlsx", XLSX),
    f"{_LIST}/import/<int:import_id>/faults.xlsx": (
        "clerk", f"{_LIST}/import/{{sheet_outside}}/faults.xlsx", XLSX,
    ),
    f"{_LIST}/import/empty/<kind>.xlsx": ("clerk", f"{_LIST}/import/empty/outside.xlsx", XLSX),
    "/outgoing/groups.csv": ("drafter", "/outgoing/groups.csv", "text/csv"),
    "/outgoing/groups.xlsx": ("drafter", "/outgoing/groups.xlsx", XLSX),
    "/outgoing/deliveries/labels.pdf": ("clerk", "/outgoing/deliveries/labels.pdf", "application/pdf"),
    "/unit-copies/export.csv": ("culture_head", "/unit-copies/export.csv", "text/csv"),
    "/unit-copies/export.xlsx": ("culture_head", "/unit-copies/export.xlsx", XLSX),
    f"{_COPY}/content": ("culture_head", "/unit-copies/{unit_copy}/content", "application/pdf"),
    f"{_COPY}/pages/<int:number>.webp": (
        "culture_head", "/unit-copies/{unit_copy}/pages/1.webp", "image/webp",
    ),
    f"{_COPY}/attachments/<int:attachment_id>/content": (
        "culture_head", "/unit-copies/{unit_copy}/attachments/1/content", "text/html",
    ),
    f"{_COPY}/attachments/<int:attachment_id>/pages/<int:number>.webp": (
        "culture_head", "/unit-copies/{unit_copy}/attachments/1/pages/1.webp", "text/html",
    ),
    "/api/v1/documents/<int:document_id>/deliveries": (
        "", "/api/v1/documents/{issued}/deliveries", "application/problem+json",
    ),
}  # fmt: skip


def sent_about(town: Town, *, long: str, unbroken: str) -> dict[str, object]:
    """Offices of every kind, a sheet with faults, and two documents that a unit got, one of them a secret one."""
    places = _offices(town, long=long, unbroken=unbroken)
    places["unit_copy"] = _given(town, town.papers.sealed())
    post = Between(town.office, town.clock())
    places["unit_copy_secret"] = _given(town, post.ready(recipients=f"Sở Nội vụ\n{unbroken}\n{long[:300]}"))
    places |= _received(town, unbroken=unbroken)
    exempt = town.papers.awaiting(subject=f"Họp {unbroken[:200]}", signer="deputy", capacity=Capacity.KT)
    town.papers.act("clerk", exempt, Action.REQUEST_EXEMPTION, long[:480])
    return places


def _received(town: Town, *, unbroken: str) -> dict[str, object]:
    """What the economy unit has received: one that its staff read, one that was taken back."""
    read, gone = (town.papers.sealed(subject=f"V/v {words}") for words in ("họp giao ban", unbroken[:200]))
    copies = {"unit_copy_staff": _given(town, read, "economy"), "unit_copy_gone": _given(town, gone, "economy")}
    person = town.office.posts["head"].person_id
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        for key in copies.values():
            unit_copies.record_first_look(uow.session, key, person_id=person, now=town.clock())
        uow.commit()
    town.papers.do(ask_recall, "clerk", document_id=gone, reason=f"Sai căn cứ {unbroken[:300]}")
    return {**copies, "unit_gone": gone}


def _offices(town: Town, *, long: str, unbroken: str) -> dict[str, object]:
    with unit_of_work(town.engine) as uow:
        clerk, now = town.office.actor("clerk"), town.clock()

        def keep(**given: object) -> int:
            wish = Office(**given)  # type: ignore[arg-type]
            return offices.keep(uow, clerk, office_id=None, wish=wish, now=now).id

        kept = keep(
            name="Sở Nội vụ", short_name="SNV", aliases=(long[:300], "Sở Nội vụ tỉnh"), code="H49.1",
            address=f"{unbroken[:200]}\nsố 1, đường Lê Lợi", email="vt.snv@example.gov.vn", channel="post",
            note=long,
        )  # fmt: skip
        double, ended = keep(name="Sở NV"), keep(name=unbroken[:300])
        offices.merge(uow, clerk, stays_id=kept, goes_id=double, now=now)
        offices.put_in_use(uow, clerk, office_id=ended, in_use=False, now=now)
        uow.commit()
    sheet = workbook(
        [
            ["Tên cơ quan", "Mã", "Cách gửi"],
            ["Sở Y tế", "H49.9", ""],
            ["Sở <b>", "H49/8", "bồ câu"],
            ["Sở Nội vụ", "H49.2", ""],
            [long, "", ""],
        ]
    )
    upload = Upload(kind=Kind.OUTSIDE, data=sheet, filename="co-quan.xlsx")
    with unit_of_work(town.engine) as uow:
        scope = Scope(agency_ids=(town.office.units["commune"],))
        looked = looking.look(uow, town.office.actor("clerk"), scope, upload=upload, now=town.clock())
        uow.commit()
    return {"outside": kept, "outside_merged": double, "outside_ended": ended, "sheet_outside": looked}


def _given(town: Town, document: int, unit: str = "culture") -> int:
    """Issued to a unit; the key of its copy."""
    office = town.office
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        unit_copies.put(uow.session, document, [office.units[unit]])
        uow.commit()
    town.papers.do(acts.issue, "clerk", document_id=document, version=None, blobs=town.papers.blobs)
    with unit_of_work(town.engine) as uow:
        return uow.session.scalars(select(UnitCopy.id).where(UnitCopy.outgoing_id == document)).one()
