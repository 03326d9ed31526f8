"""The signature's block, the recipients beside it, and a paper copy's block under both."""

from __future__ import annotations

import datetime as dt

from tests.reading.papers.case import Case
from tests.reading.papers.model import Columns, Gap, Picture, Words
from tests.reading.papers.people import COMMUNES, name, short, spoken

DEGREES = ("ThS. ", "TS. ", "Đại tá ", "BS.CKII ")


def authority(case: Case) -> tuple[str, ...]:
    """The lines over the signature: TM., KT., TL., TUQ., Q., or the head's title alone."""
    agency, roll = case.agency, case.rng.random()
    for_all = f"{'T/M' if case.style == 'party' else 'TM.'} {agency.collective}"
    if agency.chiefs and roll < 0.12:
        chief = case.rng.choice(agency.chiefs)
        return (
            (f"TL. {agency.head}", f"KT. {chief}", f"PHÓ {chief}") if roll < 0.04 else (f"TL. {agency.head}", chief)
        )
    if agency.chiefs and roll < 0.16:
        return f"TUQ. {agency.head}", case.rng.choice(agency.chiefs)
    if agency.short == "HĐND":
        return (for_all, agency.deputy) if roll > 0.7 else (agency.head,)
    if case.style == "party" and agency.collective:
        return for_all, agency.head if roll < 0.6 else agency.deputy
    if roll < 0.2 and not agency.collective:
        return (f"Q. {agency.head}",)
    if roll < 0.55:
        lines = (f"KT. {agency.head}", agency.deputy)
    else:
        lines = (agency.head,)
    return (for_all, *lines) if agency.collective and case.chance(0.7) else lines


def hand(case: Case, text: str) -> Gap:
    """Room for the signature: pictures of handwriting and of a seal with `text`, if any; or empty."""
    roll = case.rng.random()
    if roll < 0.15:
        return Gap(case.rng.choice((18, 22)))
    at = case.rng.randrange(10_000)
    left = case.rng.uniform(26, 34)
    pictures = [Picture(f"hand:{at}", left, 1, 30, 17)]
    if text and roll > 0.35:
        pictures.append(Picture(f"seal:{text}", left - 25, case.rng.uniform(-10, -5), 34, 34))
    return Gap(case.rng.choice((22, 25)), tuple(pictures))


def _address(short: str) -> str:
    bare = short.lower().replace("đ", "d").replace("ư", "u")
    return f"vanthu.{''.join(letter for letter in bare if letter.isascii())}@example.vn"


def proof(case: Case, signer: str) -> list[Words | Gap]:
    """What a signing program writes instead of, or beside, a handwriting."""
    moment = f"{case.date:%d-%m-%Y} {case.rng.randint(7, 17):02d}:{case.rng.randint(0, 59):02d}:09 +07:00"
    who = case.rng.choice((case.agency.called, signer, signer))
    lines = (f"Ký bởi: {who}", f"Email: {_address(case.agency.short)}", f"Cơ quan: {case.agency.called}",
             f"Ngày ký: {moment}")  # fmt: skip
    keep = lines if case.chance(0.6) else (lines[0], lines[3])
    colour = case.rng.choice(("#c8102e", "#1a3fa0", "#006633"))
    return [Gap(4), *(Words(text=line, size=8, colour=colour, indent=14) for line in keep), Gap(4)]


def block(case: Case, titles: tuple[str, ...], signer: str, seal: str | None = None) -> list[Words | Gap]:
    """Titles, signature, name, centred in a cell. `seal`: whose, where it is not the agency's; empty for none."""
    made: list[Words | Gap] = [Words(text=line, size=13.5, bold=True, align="center") for line in titles]
    roll = case.rng.random()
    if roll < 0.22 and seal is None:
        made += proof(case, signer)
    elif roll < 0.28:
        made += [Gap(6), Words(text="(Đã ký)", italic=True, align="center", size=13), Gap(6)]
    else:
        made.append(hand(case, case.agency.called if seal is None else seal))
    shown = signer
    if case.layout in {"ministry", "school", "council"} and case.chance(0.15):
        shown = case.rng.choice(DEGREES) + signer
    made.append(Words(text=shown, size=14, bold=True, align="center"))
    return made


def recipients(case: Case) -> list[Words]:
    """Nơi nhận, with a person's name in some."""
    rng = case.rng
    if case.layout == "company":
        lines = rng.sample(["Như trên", "HĐQT (b/c)", f"Ông {name(rng)} (p/h)", "Các phòng, ban"], 2)
        return [Words(text="Nơi nhận:", size=12, bold=True, italic=True), *(Words(text=f"- {line};",
            size=11) for line in lines),
                Words(text="- Lưu: VT.", size=11)]  # fmt: skip
    pool = ["Như trên", "Như Điều 3", "TT Đảng ủy, TT HĐND xã", "Chủ tịch, các PCT UBND", "Sở Nội vụ (b/c)",
            "Các thành viên UBND", f"Ông {name(rng)} (t/h)", "Cổng thông tin điện tử",
            "Ban Chỉ đạo tỉnh (để b/c)"]  # fmt: skip
    lines = [*rng.sample(pool, rng.randint(1, 4))]
    part = rng.choice([part for part in case.agency.parts if part] or ["HS"])
    last = f"Lưu: VT, {part}{rng.choice(('.', '.', ' (03b).'))}"
    made = [Words(text="Nơi nhận:", size=12, bold=True, italic=True)]
    return [*made, *(Words(text=f"- {line};", size=11) for line in lines), Words(text=f"- {last}", size=11)]


def foot(case: Case, titles: tuple[str, ...] | None = None) -> None:
    """Cells 7 and 9."""
    right = block(case, titles or authority(case), case.signer)
    case.add(Columns((tuple(recipients(case)), tuple(right)), (0.45, 0.55), before=10))
    if case.chance(0.04) and case.layout not in {"party", "company"}:
        copied(case)


Side = tuple[tuple[str, ...], str, str | None]
"""Titles, name, seal."""


def foot_of_two(case: Case, left: Side, right: Side) -> None:
    """Two signatures side by side, no recipients."""
    cells = tuple(tuple(block(case, titles, who, seal)) for titles, who, seal in (left, right))
    case.add(Columns(cells, (0.5, 0.5), before=12))


def copied(case: Case) -> None:
    """A paper copy's block (Decree 30/2020, Annex I part II): its number, day and signer are not the original's."""
    rng = case.rng
    place = rng.choice(COMMUNES)
    later = case.date + dt.timedelta(days=rng.randint(2, 30))
    form, mark = rng.choice((("SAO Y", "SY"), ("SAO LỤC", "SL"), ("TRÍCH SAO", "TrS")))
    left = (Words(text="ỦY BAN NHÂN DÂN", size=12, bold=True, align="center"),
            Words(text=f"XÃ {place}".upper(), size=12, bold=True, align="center", rule=0.3),
            Words(text=f"Số: {rng.randint(2, 90):02d}/{mark}-UBND", size=12, align="center"),
            Gap(6), Words(text="Nơi nhận:", size=11, bold=True, italic=True),
            Words(text=f"- Lưu: VT ({short(later)}).", size=10))  # fmt: skip
    right = (Words(text=form, size=14, bold=True, align="center"),
             Words(text=f"{place}, ngày {spoken(later)}", size=12, italic=True, align="center"),
             Words(text="TL. CHỦ TỊCH", size=12, bold=True, align="center"),
             Words(text="CHÁNH VĂN PHÒNG", size=12, bold=True, align="center"), Gap(12),
             Words(text=name(rng), size=12, bold=True, align="center"))  # fmt: skip
    case.add(Words(text="", rule=1.0, before=6, after=6), Columns((left, right), (0.42, 0.58)))
