"""Tỉnh Lam Giang, which does not exist: two tiers since 1 July 2025, with what was there before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workflow.domain.people import Role

FOUNDED = dt.date(2025, 7, 1)
DISSOLVED = dt.date(2025, 6, 30)
BEFORE = dt.date(2015, 1, 1)
DECREE = "Nghị quyết 16xx/NQ-UBTVQH15 (hư cấu cho bản trình diễn)"
PROVINCE = "TỈNH LAM GIANG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """One person's place: unit within the agency ("" is the agency itself).

    `later`: came when every part got its head; takes a name from a row of its own, so that the others keep theirs.
    """

    key: str
    part: str
    role: Role
    title: str
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency with its parts and staff; `story` names what is special about it."""

    key: str
    code: str
    name: str
    abbreviation: str
    place: str
    superior: str
    head_title: str
    parts: tuple[tuple[str, str, str], ...]
    staff: tuple[Staff, ...]
    predecessors: tuple[str, ...] = ()
    story: str = ""
    server_seal: bool = False
    documents: int = 20


COMMUNE_PARTS = (
    ("vp", "Văn phòng HĐND và UBND", "VP"),
    ("kt", "Phòng Kinh tế", "KT"),
    ("vhxh", "Phòng Văn hóa – Xã hội", "VHXH"),
    ("hcc", "Trung tâm Phục vụ hành chính công", "TTHCC"),
)

COMMUNES = (
    # key, name, predecessors, story, documents
    ("dongtam", "xã Đồng Tâm", ("xã Đồng Lạc", "xã Tâm Hòa"), "tour", 34),
    ("yenvien", "xã Yên Viễn", ("xã Yên Thượng", "xã Yên Hạ", "xã Viễn Sơn"), "forty", 10),
    ("phuclam", "xã Phúc Lâm", ("xã Phúc An", "xã Lâm Thao"), "ink", 6),
    ("lamha", "phường Lam Hạ", ("phường Lam Đông", "xã Hạ Bằng"), "", 20),
    ("songcau", "xã Sông Cầu", ("xã Cầu Đông", "xã Cầu Tây"), "revoked", 16),
    ("tanlap", "xã Tân Lập", ("xã Tân An", "xã Lập Thạch"), "expiring", 16),
    ("minhkhai", "xã Minh Khai", ("xã Minh Tân", "xã Khai Thái", "xã Minh Đức"), "transferred", 16),
    ("hoabinh", "xã Hòa Bình", ("xã Hòa An", "xã Bình Minh"), "", 14),
    ("thanhson", "xã Thanh Sơn", ("xã Thanh Lâm", "xã Sơn Động"), "", 14),
    ("quangtrung", "xã Quang Trung", ("xã Quang Minh", "xã Trung Thành"), "deadlines", 14),
    ("vanphu", "xã Vạn Phú", ("xã Vạn Thắng", "xã Phú Lương"), "careless", 14),
    ("nasang", "xã Nà Sáng", ("xã Nà Hẩu", "xã Sáng Nhè"), "remote", 12),
)

DEPARTMENTS = (
    # key, name, abbreviation, story, documents
    ("snv", "Sở Nội vụ", "SNV", "", 14),
    ("stc", "Sở Tài chính", "STC", "", 16),
    ("sxd", "Sở Xây dựng", "SXD", "overdue", 16),
    ("snnmt", "Sở Nông nghiệp và Môi trường", "SNNMT", "", 14),
    ("skhcn", "Sở Khoa học và Công nghệ", "SKHCN", "", 14),
    ("sgddt", "Sở Giáo dục và Đào tạo", "SGDĐT", "", 14),
    ("syt", "Sở Y tế", "SYT", "", 14),
    ("svhttdl", "Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL", "", 12),
)

OFFICES = frozenset({"vp", "th"})
"""Parts that prepare the leader's directions on what arrives."""

CENTRE = "hcc"
"""The part of a commune that a vice chairman heads besides (Giám đốc Trung tâm Phục vụ hành chính công)."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A part of an agency in the work on what arrives: the keys of its head and of who handles, and whether it
    leads documents."""

    head: str
    handler: str
    leads: bool = True


_SEATS = {
    "commune": {"kt": Seat("head", "drafter"), "vhxh": Seat("head2", "specialist"),
                "vp": Seat("office", "office", False), CENTRE: Seat("centre", "centre", False)},
    "department": {"nv": Seat("head", "drafter"), "vp": Seat("office", "office", False)},
    "office": {"hc": Seat("head2", "clerk"), "th": Seat("head", "drafter")},
}  # fmt: skip


def seats(agency: Agency) -> dict[str, Seat]:
    """Who heads and handles in each part of an agency."""
    kind = "commune" if agency.abbreviation == "UBND" else "office" if agency.key == "vpub" else "department"
    return _SEATS[kind]


def head_of(agency: Agency) -> str:
    """The key of an agency's leader."""
    keys = {staff.key for staff in agency.staff}
    return next(key for key in ("chair", "director", "chief") if key in keys)


def chief_of_office(agency: Agency) -> str:
    """The key of the head of the part that prepares directions."""
    return next(seat.head for part, seat in seats(agency).items() if part in OFFICES)


DISTRICT = ("dongson", "H99.90", "Ủy ban nhân dân huyện Đông Sơn")
"""Dissolved with its tier; every commune of today is its successor too."""


def agencies() -> tuple[Agency, ...]:
    """The provincial office, the departments, the communes; the root comes first."""
    return (_office(), *map(_department, range(len(DEPARTMENTS))), *map(_commune, range(len(COMMUNES))))


def _office() -> Agency:
    staff = (
        Staff(key="chief", part="", role=Role.LEADER, title="Chánh Văn phòng"),
        Staff(key="deputy", part="", role=Role.DEPUTY, title="Phó Chánh Văn phòng"),
        Staff(key="head", part="th", role=Role.UNIT_HEAD, title="Trưởng phòng"),
        Staff(key="drafter", part="th", role=Role.DRAFTER, title="Chuyên viên"),
        Staff(key="clerk", part="hc", role=Role.CLERK, title="Văn thư"),
        Staff(key="admin", part="", role=Role.ADMIN, title="Quản trị hệ thống"),
        Staff(key="inspector", part="", role=Role.INSPECTOR, title="Thanh tra viên"),
        Staff(key="admin2", part="hc", role=Role.ADMIN, title="Quản trị hệ thống"),
        Staff(key="head2", part="hc", role=Role.UNIT_HEAD, title="Trưởng phòng", later=True),
    )
    return Agency(
        key="vpub", code="H99.01", name="Văn phòng Ủy ban nhân dân tỉnh Lam Giang", abbreviation="VPUB",
        place="Lam Giang", superior="UBND TỈNH LAM GIANG", head_title="Chánh Văn phòng",
        parts=(("th", "Phòng Tổng hợp", "TH"), ("hc", "Phòng Hành chính – Tổ chức", "HC")), staff=staff,
        server_seal=True, documents=20,
    )  # fmt: skip


def _department(index: int) -> Agency:
    key, name, abbreviation, story, documents = DEPARTMENTS[index]
    staff = [
        Staff(key="director", part="", role=Role.LEADER, title="Giám đốc"),
        Staff(key="deputy", part="", role=Role.DEPUTY, title="Phó Giám đốc"),
        Staff(key="clerk", part="vp", role=Role.CLERK, title="Văn thư"),
    ]
    if story == "overdue":
        staff += [
            Staff(key="head", part="nv", role=Role.UNIT_HEAD, title="Trưởng phòng"),
            Staff(key="drafter", part="nv", role=Role.DRAFTER, title="Chuyên viên"),
        ]
    else:
        staff.append(Staff(key="head", part="nv", role=Role.UNIT_HEAD, title="Trưởng phòng", later=True))
    staff.append(Staff(key="office", part="vp", role=Role.UNIT_HEAD, title="Chánh Văn phòng", later=True))
    return Agency(
        key=key, code=f"H99.{index + 2:02d}", name=name, abbreviation=abbreviation, place="Lam Giang",
        superior="UBND TỈNH LAM GIANG", head_title="Giám đốc",
        parts=(("vp", "Văn phòng Sở", "VP"), ("nv", "Phòng Nghiệp vụ", "NV")), staff=tuple(staff), story=story,
        server_seal=index % 2 == 0, documents=documents,
    )  # fmt: skip


def _commune(index: int) -> Agency:
    key, name, predecessors, story, documents = COMMUNES[index]
    staff = [
        Staff(key="chair", part="", role=Role.LEADER, title="Chủ tịch"),
        Staff(key="deputy1", part="", role=Role.DEPUTY, title="Phó Chủ tịch"),
        Staff(key="deputy2", part="", role=Role.DEPUTY, title="Phó Chủ tịch"),
        Staff(key="clerk", part="vp", role=Role.CLERK, title="Văn thư"),
    ]
    if story in {"tour", "ink"}:
        staff += [
            Staff(key="drafter", part="kt", role=Role.DRAFTER, title="Chuyên viên"),
            Staff(key="head", part="kt", role=Role.UNIT_HEAD, title="Trưởng phòng"),
        ]
    else:
        staff.append(Staff(key="head", part="kt", role=Role.UNIT_HEAD, title="Trưởng phòng", later=True))
    if story == "tour":
        staff.append(Staff(key="admin", part="vp", role=Role.ADMIN, title="Quản trị"))
    staff += [
        Staff(key="office", part="vp", role=Role.UNIT_HEAD, title="Chánh Văn phòng", later=True),
        Staff(key="head2", part="vhxh", role=Role.UNIT_HEAD, title="Trưởng phòng", later=True),
        Staff(key="specialist", part="vhxh", role=Role.DRAFTER, title="Chuyên viên", later=True),
    ]
    return Agency(
        key=key, code=f"H99.{index + 20:02d}", name=f"Ủy ban nhân dân {name}", abbreviation="UBND",
        place=name.split(" ", 1)[1], superior=PROVINCE, head_title="Chủ tịch", parts=COMMUNE_PARTS,
        staff=tuple(staff), predecessors=predecessors, story=story, server_seal=index % 2 == 0, documents=documents,
    )  # fmt: skip
