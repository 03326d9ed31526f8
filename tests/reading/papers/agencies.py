"""Who issues papers: the lines of the head matter, the symbol's abbreviation, its parts, who signs there."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.reading.papers.people import CITIES, COMMUNES, PROVINCES


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """`superior` and `lines` are what is printed; `parts`: drafting units in symbols; `place`: of the date line."""

    superior: tuple[str, ...] = ()
    lines: tuple[str, ...]
    short: str
    called: str
    """As running text names it."""
    parts: tuple[str, ...]
    place: str
    head: str
    deputy: str
    collective: str = ""
    """TM. in front of the head's title: the body that the head signs for."""
    chiefs: tuple[str, ...] = ()
    """Who may sign TL."""

    @property
    def joined(self) -> str:
        """The issuer as one line."""
        return " ".join(self.lines)


def _ward(rng: Random) -> tuple[str, str]:
    return rng.choice(("xã", "xã", "xã", "phường")), rng.choice(COMMUNES)


def _province(rng: Random) -> tuple[str, str]:
    return ("thành phố", rng.choice(CITIES)) if rng.random() < 0.2 else ("tỉnh", rng.choice(PROVINCES))


def _committee(rng: Random) -> str:
    """Both ways to set the accent occur, and the abbreviation only where it stands above somebody else."""
    return rng.choice(("ỦY BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN"))


def _upper(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line.upper() for line in lines)


def commune(rng: Random) -> Agency:
    """The People's Committee of a commune or ward."""
    level, place = _ward(rng)
    words = _committee(rng)
    lines = (words, f"{level} {place}".upper()) if rng.random() < 0.75 else (f"{words} {level} {place}".upper(),)
    superior: tuple[str, ...] = ()
    if rng.random() < 0.15:
        superior = (f"UBND TỈNH {rng.choice(PROVINCES)}".upper(),)
    return Agency(
        superior=superior, lines=lines, short="UBND", called=f"Ủy ban nhân dân {level} {place}",
        parts=("VP", "KT", "VHXH", "KTHT&ĐT", "TTPVHCC", "VP-NC", "TCKH"), place=place, head="CHỦ TỊCH",
        deputy="PHÓ CHỦ TỊCH", collective="ỦY BAN NHÂN DÂN", chiefs=("CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG KINH TẾ"),
    )  # fmt: skip


def provincial(rng: Random) -> Agency:
    """The People's Committee of a province."""
    level, place = _province(rng)
    return Agency(
        lines=(_committee(rng), f"{level} {place}".upper()), short="UBND",
        called=f"Ủy ban nhân dân {level} {place}", parts=("NC", "KT", "VX", "TH", "NNMT", "KGVX1"), place=place,
        head="CHỦ TỊCH", deputy="PHÓ CHỦ TỊCH", collective="ỦY BAN NHÂN DÂN", chiefs=("CHÁNH VĂN PHÒNG",),
    )  # fmt: skip


SECTORS = (
    (("Sở Nội vụ",), "SNV", ("VP", "TCBC", "CCVC", "VTLT")),
    (("Sở Y tế",), "SYT", ("NVY", "KHTC", "TTr", "VP")),
    (("Sở Nông nghiệp", "và Môi trường"), "SNNMT", ("TTBVTV", "QLĐĐ", "VP", "CCTL")),
    (("Sở Giáo dục", "và Đào tạo"), "SGDĐT", ("GDTrH", "VP", "QLCL", "TCCB")),
    (("Sở Khoa học và Công nghệ",), "SKHCN", ("CĐS", "VP", "QLKH")),
    (("Sở Tư pháp",), "STP", ("HCTP", "XDKT&TDTHPL", "VP")),
    (("Sở Văn hóa, Thể thao", "và Du lịch"), "SVHTTDL", ("QLDSVH", "VP", "QLTDTT")),
    (("Sở Tài chính",), "STC", ("QLNS", "VP", "TCĐT")),
)


def department(rng: Random) -> Agency:
    """A department of a province, with the superior above it."""
    level, place = _province(rng)
    lines, short, parts = rng.choice(SECTORS)
    over = (_committee(rng), f"{level} {place}".upper()) if rng.random() < 0.3 else ()
    over = over or (rng.choice((f"UBND {level} {place}", f"ỦY BAN NHÂN DÂN {level} {place}")).upper(),)
    return Agency(
        superior=over, lines=_upper(lines), short=short, called=" ".join(lines), parts=parts, place=place,
        head="GIÁM ĐỐC", deputy="PHÓ GIÁM ĐỐC", chiefs=("CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG KẾ HOẠCH - TÀI CHÍNH"),
    )  # fmt: skip


def division(rng: Random) -> Agency:
    """A division under a commune's committee."""
    level, place = _ward(rng)
    lines, short = rng.choice((
        (("Phòng Kinh tế",), "PKT"), (("Phòng Văn hóa - Xã hội",), "VHXH"), (("Văn phòng HĐND và UBND",), "VP"),
        (("Trung tâm Phục vụ", "hành chính công"), "TTPVHCC"),
        (("Phòng Kinh tế, Hạ tầng", "và Đô thị"), "KTHTĐT"),
    ))  # fmt: skip
    return Agency(
        superior=(f"UBND {level} {place}".upper(),), lines=_upper(lines), short=short, called=" ".join(lines),
        parts=("",), place=place, head="TRƯỞNG PHÒNG" if lines[0].startswith("Phòng") else "GIÁM ĐỐC",
        deputy="PHÓ TRƯỞNG PHÒNG" if lines[0].startswith("Phòng") else "PHÓ GIÁM ĐỐC",
    )  # fmt: skip


MINISTRIES = (
    (("Bộ Nội vụ",), "BNV", ("CCVC", "VP", "VTLTNN", "CQĐP")), (("Bộ Y tế",), "BYT", ("KCB", "PB", "VPB1")),
    (("Bộ Giáo dục và Đào tạo",), "BGDĐT", ("GDPT", "GDTrH", "VP")),
    (("Bộ Nông nghiệp", "và Môi trường"), "BNNMT", ("ĐĐ", "TTBVTV", "VP")),
    (("Bộ Khoa học và Công nghệ",), "BKHCN", ("CĐSQG", "VP", "NEAC")),
    (("Bộ Tư pháp",), "BTP", ("KTVB&QLXLVPHC", "HTQTCT")), (("Văn phòng Chính phủ",), "VPCP", ("KSTT", "KGVX",
    "TH")),
    (("Thanh tra Chính phủ",), "TTCP", ("KHTH", "C.IV")),
)  # fmt: skip


def ministry(rng: Random) -> Agency:
    """A ministry: nobody above it."""
    lines, short, parts = rng.choice(MINISTRIES)
    head, deputy = {"VPCP": ("BỘ TRƯỞNG, CHỦ NHIỆM", "PHÓ CHỦ NHIỆM"), "TTCP": ("TỔNG THANH TRA",
        "PHÓ TỔNG THANH TRA")}.get(
        short, ("BỘ TRƯỞNG", "THỨ TRƯỞNG")
    )  # fmt: skip
    return Agency(
        lines=_upper(lines), short=short, called=" ".join(lines), parts=parts, place="Hà Nội", head=head,
        deputy=deputy, chiefs=("CHÁNH VĂN PHÒNG", "VỤ TRƯỞNG VỤ PHÁP CHẾ", "CỤC TRƯỞNG"),
    )  # fmt: skip


def council(rng: Random) -> Agency:
    """The People's Council of a commune or province; its chair signs without KT."""
    level, place = _ward(rng) if rng.random() < 0.7 else _province(rng)
    return Agency(
        lines=("HỘI ĐỒNG NHÂN DÂN", f"{level} {place}".upper()), short="HĐND",
        called=f"Hội đồng nhân dân {level} {place}", parts=("TT", "VP", "KTNS"), place=place, head="CHỦ TỊCH",
        deputy="PHÓ CHỦ TỊCH", collective="THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN",
    )  # fmt: skip


def party(rng: Random) -> Agency:
    """A party committee of a commune, or an agency of a provincial one."""
    level, place = _ward(rng)
    province = rng.choice(PROVINCES)
    if rng.random() < 0.7:
        return Agency(
            superior=(rng.choice((f"ĐẢNG BỘ TỈNH {province}", f"TỈNH ỦY {province}")).upper(),),
            lines=(f"ĐẢNG ỦY {level} {place}".upper(),), short="ĐU", called=f"Đảng ủy {level} {place}", parts=("",),
            place=place, head="BÍ THƯ", deputy="PHÓ BÍ THƯ", collective="BAN THƯỜNG VỤ",
        )  # fmt: skip
    return Agency(
        superior=(f"TỈNH ỦY {province}".upper(),), lines=("BAN TỔ CHỨC",), short="BTCTU",
            called="Ban Tổ chức Tỉnh ủy",
        parts=("",), place=province, head="TRƯỞNG BAN", deputy="PHÓ TRƯỞNG BAN",
    )  # fmt: skip


def school(rng: Random) -> Agency:
    """A school, under a commune or a department."""
    _, place = _ward(rng)
    level, short = rng.choice((("TIỂU HỌC", "TH"), ("THCS", "THCS"), ("THPT", "THPT"), ("MẦM NON", "MN")))
    patron = rng.choice(("NGUYỄN DU", "LÊ LỢI", "KIM ĐỒNG", "PHAN BỘI CHÂU", "HOA SEN", "NGUYỄN THỊ MINH KHAI"))
    over = f"UBND XÃ {place}" if short != "THPT" else f"SỞ GDĐT {rng.choice(PROVINCES)}"
    spoken = level if len(level) == 4 else level.capitalize()
    tail = "".join(word[0] for word in patron.split())
    return Agency(
        superior=(over.upper(),), lines=(f"TRƯỜNG {level} {patron}",), short=f"{short}{tail}",
        called=f"Trường {spoken} {patron.title()}", parts=("VP", "CM"), place=place, head="HIỆU TRƯỞNG",
        deputy="PHÓ HIỆU TRƯỞNG",
    )  # fmt: skip


COMPANIES = (
    (
        ("CÔNG TY CỔ PHẦN XÂY DỰNG", "VÀ THƯƠNG MẠI HOÀNG LONG"),
        "HL",
        "Công ty CP Xây dựng và Thương mại Hoàng Long",
    ),
    (("CÔNG TY TNHH MÔI TRƯỜNG XANH",), "MTX", "Công ty TNHH Môi trường Xanh"),
    (("CÔNG TY ĐIỆN LỰC",), "PC", "Công ty Điện lực"),
    (("CÔNG TY TNHH MỘT THÀNH VIÊN", "CẤP NƯỚC MIỀN TRUNG"), "CNMT", "Công ty TNHH MTV Cấp nước Miền Trung"),
    (("HỢP TÁC XÃ DỊCH VỤ", "NÔNG NGHIỆP TÂN TIẾN"), "HTX", "Hợp tác xã Tân Tiến"),
)


def company(rng: Random) -> Agency:
    """A firm from outside the administration."""
    lines, short, called = rng.choice(COMPANIES)
    place = rng.choice(COMMUNES + PROVINCES)
    if lines[-1] == "CÔNG TY ĐIỆN LỰC":
        lines = (f"CÔNG TY ĐIỆN LỰC {rng.choice(PROVINCES)}".upper(),)
    return Agency(
        superior=("TẬP ĐOÀN ĐIỆN LỰC VIỆT NAM",) if short == "PC" else (), lines=lines, short=short,
        called=called, parts=("KD", "HC", "KT"), place=place, head="GIÁM ĐỐC", deputy="PHÓ GIÁM ĐỐC",
    )  # fmt: skip
