"""Everything over the body: head matter, number and date, the marks stamped there, the type's name and subject."""

from __future__ import annotations

import datetime as dt

from tests.reading.papers.case import Case
from tests.reading.papers.model import Columns as Cols
from tests.reading.papers.model import Element, Frame, Gap, Pin, Words
from tests.reading.papers.people import COMMUNES, PROVINCES, short

MARKS = {"urgent": ("KHẨN", 22), "very_urgent": ("THƯỢNG KHẨN", 42), "flash": ("HỎA TỐC", 32)}
"""Words and width in millimetres (Decree 30/2020, Annex I: 20, 40, 30 by 8)."""
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTOES = ("Độc lập - Tự do - Hạnh phúc",) * 6 + ("Độc lập – Tự do – Hạnh phúc", "Độc Lập - Tự Do - Hạnh Phúc")


def matter(case: Case) -> list[Words]:
    """The left cell: superior plain, agency bold with a short line under it."""
    rng, agency = case.rng, case.agency
    size = rng.choice((12, 13, 13))
    bold_over = case.style == "company"
    made = [Words(text=line, size=size, align="center", bold=bold_over) for line in agency.superior]
    made += [Words(text=line, size=size, bold=True, align="center") for line in agency.lines[:-1]]
    made.append(Words(text=agency.lines[-1], size=size, bold=True, align="center",
                      rule=0 if case.style == "party" else rng.choice((0.3, 0.4, 0.5))))  # fmt: skip
    if case.style == "party":
        made.append(Words(text="*", size=size, align="center"))
    return made


def nation(case: Case) -> list[Words]:
    """The right cell: the state's name and motto, or the Party's."""
    if case.style == "party":
        return [
            Words(
                text="ĐẢNG CỘNG SẢN VIỆT NAM", size=case.rng.choice((14, 15)), bold=True, align="center", rule=0.7
            )
        ]
    return [
        Words(text=NATION, size=12 if case.page.left + case.page.right > 45 else 12.5, bold=True, align="center"),
        Words(text=case.rng.choice(MOTTOES), size=13, bold=True, align="center", rule=case.rng.choice((0.55, 0.6))),
    ]


def under_number(case: Case, *, about: bool) -> list[Words | Frame | Gap]:
    """Number, and a công văn's subject."""
    made: list[Words | Frame | Gap] = []
    if case.printed_number:
        made.append(Words(text=case.printed_number, size=13, align="center", before=4))
    if about and case.subject:
        lead = case.rng.choice(("V/v ",) * 7 + ("V/v: ", "Về việc ", "v/v ", "V/v  "))
        made.append(Words(text=lead + case.subject, size=12, align="center", before=3, after=2))
    return made


def urgency(case: Case) -> tuple[Gap, Frame]:
    """The drawn mark (cell 10b)."""
    words, width = MARKS[case.urgency]
    if words == "HỎA TỐC" and case.chance(0.3):
        words = "HOẢ TỐC"
    mark = (Words(text=words, size=case.rng.choice((13, 14)), bold=True, align="center", colour="#d0021b"),)
    return Gap(2.5), Frame(mark, width, "#d0021b")


def arrival(case: Case, arrived: dt.date) -> Frame:
    """The receiver's stamp; its number and day are not the paper's."""
    rng = case.rng
    who = rng.choice(
        (f"UBND XÃ {rng.choice(COMMUNES)}", f"SỞ NỘI VỤ {rng.choice(PROVINCES)}", "VĂN PHÒNG HĐND VÀ UBND")
    )
    lines = [Words(text=who.upper(), size=8.5, bold=True, align="center", colour="#b01030"),
             Words(text="ĐẾN", size=12, bold=True, align="center", colour="#b01030")]  # fmt: skip
    rest = (f"Số: {rng.randint(3, 9000)}", f"Ngày: {short(arrived)}", "Chuyển: ................",
            "Số và ký hiệu HS: ..........")  # fmt: skip
    lines += [Words(text=text, size=8.5, colour="#b01030") for text in rest]
    return Frame(tuple(lines), 48, "#b01030")


def head(case: Case, *, about: bool = False, dated: bool = True) -> None:
    """Cells 1 to 5 (and 10b), as one pair of columns or two, with an arrival stamp in some."""
    share = case.rng.choice((0.4, 0.42, 0.44))
    widths = (share, 1 - share)
    left: list[Words | Frame | Gap] = under_number(case, about=about)
    right: list[Words | Frame | Gap] = []
    if dated:
        right.append(Words(text=case.printed_date, size=13, italic=case.chance(0.93), align="center", before=4))
    if case.urgency != "normal":
        (left if case.chance(0.8) else right).extend(urgency(case))
    if case.chance(0.03):  # a mark of circulation, in a frame like an urgency's
        mark = case.rng.choice(("LƯU HÀNH NỘI BỘ", "XEM XONG TRẢ LẠI"))
        left.extend((Gap(2.5), Frame((Words(text=mark, size=12, bold=True, align="center"),), 48, "#000000")))
    if case.layout != "party" and case.chance(0.16):
        stamp = arrival(case, case.date + dt.timedelta(days=case.rng.randint(0, 9)))
        (left if not about or case.chance(0.3) else right).extend((Gap(2), stamp))
    if case.chance(0.8):
        case.add(
            Cols((tuple(matter(case)), tuple(nation(case))), widths), Cols((tuple(left), tuple(right)), widths)
        )
    else:
        case.add(Cols(((*matter(case), *left), (*nation(case), *right)), widths))
    pins(case)


def pins(case: Case) -> None:
    """What electronic signatures and copies leave in the upper margin of page 1."""
    rng = case.rng
    moment = f"{short(case.date)} {rng.randint(7, 17):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d} +07:00"
    roll = rng.random()
    if roll < 0.12:
        lines: tuple[str, ...] = (f"Ký bởi: {case.agency.called}", f"Thời gian ký: {moment}")
    elif roll < 0.17:
        later = case.date + dt.timedelta(days=rng.randint(1, 20))
        lines = (f"SAO Y; Ủy ban nhân dân xã {rng.choice(COMMUNES)};", later.strftime("%d/%m/%Y 08:15:22 +07:00"))
    elif roll < 0.2:
        lines = ("Người ký: Văn thư", f"Cơ quan: {case.agency.called}", f"Ngày ký: {moment}")
    else:
        return
    colour = rng.choice(("#000000", "#c8102e", "#1a3fa0"))
    size = 10 if len(lines) == 2 else 8
    case.pins.append(Pin(tuple(Words(text=line, size=size, colour=colour) for line in lines), 118, 6, 88))


def titled(case: Case, title: str | None = None) -> None:
    """The type's name and, under it, the subject, centred, with a short line."""
    big = case.rng.choice((14, 14, 15, 16))
    case.add(Words(text=title or case.title, size=big, bold=True, align="center", before=14, after=2))
    if case.subject:
        case.add(Words(text=case.subject, size=14, bold=True, align="center", after=2, indent=0,
                       rule=case.rng.choice((0.2, 0.25, 0.3))))  # fmt: skip
    case.add(Gap(3))


def addressed(case: Case) -> None:
    """Kính gửi: one or several."""
    rng = case.rng
    all_of_them = ("Ủy ban nhân dân tỉnh", "Sở Nội vụ", "Các phòng, ban, đơn vị thuộc xã", "Công an xã",
        "Các thôn, bản",
                   f"Ủy ban nhân dân xã {rng.choice(COMMUNES)}", "Bộ Nội vụ", "Trường THCS Lê Lợi")  # fmt: skip
    some = rng.sample(all_of_them, rng.choice((1, 1, 2, 3)))
    if len(some) == 1:
        case.add(Words(text=f"Kính gửi: {some[0]}.", align="center", before=12, after=8))
        return
    case.add(Words(text="Kính gửi:", indent=35, before=12))
    case.add(*(Words(text=f"- {one}{';' if one != some[-1] else '.'}", indent=52) for one in some), Gap(2))


def attached(case: Case, title: str, *, sorts: tuple[Element, ...]) -> None:
    """An appendix on a page of its own, after the signature."""
    given = f"(Kèm theo {case.title.capitalize()} {case.quoted})"
    case.add(
        Words(text=title, bold=True, size=14, align="center", before=6),
        Words(text=given, italic=True, size=13, align="center", after=8), *sorts,
    )  # fmt: skip
