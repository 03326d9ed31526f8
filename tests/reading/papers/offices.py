"""Layouts of the administration's everyday papers: letters, decisions, reports, plans, notices, invitations."""

from __future__ import annotations

from tests.reading.papers.bodies import (
    articles,
    bases,
    chapters,
    figures,
    numbered,
    opening,
    text_of,
    trap,
)
from tests.reading.papers.case import Case
from tests.reading.papers.foot import foot
from tests.reading.papers.head import addressed, attached, head, titled
from tests.reading.papers.model import Break, Gap, Words
from tests.reading.papers.people import name, short, spoken
from tests.reading.papers.subjects import topic_of

ENDINGS = (
    "Trên đây là ý kiến của {who}, đề nghị quý cơ quan quan tâm phối hợp thực hiện./.",
    "{who} yêu cầu các cơ quan, đơn vị khẩn trương triển khai thực hiện./.",
    "Mọi thông tin liên hệ ông {name}, điện thoại 0912.345.678 để được hướng dẫn. Trân trọng./.",
)


def topic(case: Case) -> str:
    """What the body speaks of."""
    return topic_of(case.subject or "", case.rng)


def length(case: Case) -> int:
    """Numbered paragraphs: a page, two, sometimes more."""
    return case.rng.choice((2, 3, 3, 4, 5, 9, 12, 30))


def letter(case: Case) -> None:
    """A công văn: the subject under the number."""
    head(case, about=True)
    addressed(case)
    about = topic(case)
    case.add(opening(case.rng, case.agency, case.date, about))
    case.add(*numbered(case.rng, case.date, about, length(case)))
    if case.chance(0.15):
        case.add(figures(case.rng, case.rng.randint(3, 7)), Gap(3))
    case.add(text_of(case.rng.choice(ENDINGS).format(who=case.agency.called, name=name(case.rng))))
    foot(case)
    if case.chance(0.1):
        case.add(Break())
        attached(case, "PHỤ LỤC", sorts=(figures(case.rng, 12),))


def decision(case: Case) -> None:
    """Bases, QUYẾT ĐỊNH:, articles."""
    head(case)
    titled(case)
    about = topic(case)
    who = f"{case.agency.head} {case.agency.joined}" if case.chance(0.5) else case.agency.joined
    case.add(Words(text=who.upper(), bold=True, align="center", after=6))
    case.add(*bases(case.rng, case.agency, case.date, about, italic=case.chance(0.85)))
    case.add(Words(text="QUYẾT ĐỊNH:", bold=True, align="center", before=6, after=6))
    case.add(*articles(case.rng, case.date, about, case.rng.choice((2, 3, 3, 4, 6)), case.agency, "Quyết định"))
    foot(case)


def normative(case: Case) -> None:
    """With the year in its symbol, and the regulation that it issues on pages of its own."""
    if case.kind == "decision":
        form = case.rng.choice(("Ban hành Quy chế phối hợp trong", "Về việc ban hành Quy chế phối hợp trong"))
        case.subject = f"{form} {topic(case)} trên địa bàn {case.agency.called.removeprefix('Ủy ban nhân dân ')}"
    head(case)
    titled(case)
    about = topic(case)
    case.add(*bases(case.rng, case.agency, case.date, about))
    order = "QUYẾT NGHỊ:" if case.kind == "resolution" else "QUYẾT ĐỊNH:"
    ground = (
        f"{case.agency.called} ban hành {case.title.capitalize()} {case.subject[:1].lower()}{case.subject[1:]}."
        if case.subject
        else ""
    )
    case.add(text_of(ground, italic=True), Words(text=order, bold=True, align="center", before=6, after=6))
    case.add(*articles(case.rng, case.date, about, 4, case.agency, case.title.capitalize()))
    foot(case)
    case.add(Break(), *_matter_again(case), Words(text="QUY CHẾ", bold=True, size=15, align="center", before=10))
    given = f"(Ban hành kèm theo {case.title.capitalize()} {case.quoted})"
    case.add(Words(text=f"Phối hợp trong {about}", bold=True, align="center", rule=0.2),
             Words(text=given, italic=True, align="center", before=4, after=8))  # fmt: skip
    chaptered(case, about, case.rng.choice((2, 3)))


def _matter_again(case: Case) -> list[Words]:
    return [Words(text=line, bold=True, size=13) for line in case.agency.lines]


def chaptered(case: Case, about: str, count: int) -> None:
    """Chương I, Điều 1 …"""
    at = 1
    for chapter in range(1, count + 1):
        roman = ("I", "II", "III", "IV")[chapter - 1]
        case.add(Words(text=f"Chương {roman}", bold=True, align="center", before=6),
                 Words(text=("QUY ĐỊNH CHUNG", "NỘI DUNG CỤ THỂ", "TỔ CHỨC THỰC HIỆN",
                     "ĐIỀU KHOẢN KHÁC")[chapter - 1],
                       bold=True, align="center", after=4))  # fmt: skip
        for _ in range(case.rng.randint(3, 4)):
            case.add(text_of(" Phạm vi và trách nhiệm", lead=f"Điều {at}."))
            case.add(*numbered(case.rng, case.date, about, case.rng.randint(2, 3)))
            at += 1


def regulation(case: Case) -> None:
    """Quy chế or quy định with a number of its own."""
    head(case)
    titled(case)
    about = topic(case)
    case.add(*bases(case.rng, case.agency, case.date, about))
    chaptered(case, about, 3)
    foot(case)


def report(case: Case) -> None:
    """Two to five pages with chapters and tables."""
    head(case)
    titled(case)
    if case.chance(0.3):
        addressed(case)
    about = topic(case)
    case.add(
        text_of(f"Thực hiện {trap(case.rng, case.date)} về {about}, {case.agency.called} báo cáo kết quả như sau:")
    )
    case.add(*chapters(case.rng, case.date, about, case.rng.choice((2, 3, 4, 8, 8))))
    if case.chance(0.6):
        case.add(figures(case.rng, case.rng.randint(4, 9)), Gap(2))
    case.add(text_of(f"Trên đây là báo cáo của {case.agency.called} về {about}./."))
    foot(case)
    if case.chance(0.3):
        case.add(Break())
        attached(case, "PHỤ LỤC SỐ LIỆU", sorts=(figures(case.rng, 15),))


def plan(case: Case) -> None:
    """Plans, programmes, schemes, projects, options: chapters, and an appendix after the signature's block."""
    head(case)
    titled(case)
    about = topic(case)
    case.add(text_of(f"Căn cứ {trap(case.rng, case.date)} về {about}, {case.agency.called} xây dựng "
                     f"{case.title.lower()} với các nội dung như sau:"))  # fmt: skip
    case.add(*chapters(case.rng, case.date, about, case.rng.choice((2, 3, 3, 4, 7))))
    case.add(text_of(f"Trên đây là {case.title.lower()} {about}, yêu cầu các đơn vị nghiêm túc thực hiện./."))
    foot(case)
    if case.chance(0.65):
        case.add(Break())
        attached(case, f"PHỤ LỤC {case.rng.choice(('', 'I', '01'))}".strip(), sorts=(figures(case.rng,
            case.rng.choice((10, 18))),
                 Gap(4), Words(text="Người lập biểu", bold=True, align="right"),
                 Gap(12), Words(text=name(case.rng), bold=True, align="right")))  # fmt: skip


def submission(case: Case) -> None:
    """To a higher body; the addressee under the subject."""
    head(case)
    titled(case)
    addressed(case)
    about = topic(case)
    case.add(*bases(case.rng, case.agency, case.date, about, italic=False))
    case.add(text_of(f"{case.agency.called} kính trình xem xét các nội dung sau:"))
    case.add(*chapters(case.rng, case.date, about, case.rng.choice((1, 2))))
    case.add(text_of("Kính đề nghị xem xét, quyết định./."))
    foot(case)


def notice(case: Case) -> None:
    """Notices, communiqués, guidelines, directives."""
    head(case)
    titled(case)
    about = topic(case)
    if case.kind == "notice" and case.chance(0.3):
        case.add(text_of(f"Ngày {spoken(case.date.replace(day=1))}, tại trụ sở cơ quan, đồng chí {name(case.rng)} "
                         f"đã chủ trì cuộc họp về "
                         f"{about}. Sau khi nghe báo cáo, đồng chí kết luận:"))  # fmt: skip
    else:
        case.add(opening(case.rng, case.agency, case.date, about))
    case.add(*numbered(case.rng, case.date, about, case.rng.choice((3, 4, 5, 11))))
    end = "yêu cầu các đơn vị nghiêm túc thực hiện" if case.kind == "directive" else "thông báo để các đơn vị biết"
    case.add(text_of(f"{case.agency.called} {end}./."))
    foot(case)


def invitation(case: Case) -> None:
    """Who, what, when, where; the day of the meeting is not the paper's."""
    head(case)
    titled(case)
    rng = case.rng
    when = case.date.replace(day=28)
    case.add(text_of(f"{case.agency.called} trân trọng kính mời: Ông (bà) {name(rng)}, Chủ tịch UBND xã"))
    case.add(text_of(f"Tới dự: {case.subject}."), text_of(f"Chủ trì: Đồng chí {name(rng)}."))
    case.add(text_of(f"Thời gian: {rng.choice(('08 giờ 00', '7h30', '14 giờ'))}, ngày {short(when)} (thứ Sáu)."))
    case.add(
        text_of("Địa điểm: Hội trường tầng 2, trụ sở cơ quan."), text_of("Đề nghị đại biểu đến dự đúng giờ./.")
    )
    if case.chance(0.4):
        case.add(text_of(f"Ghi chú: đại biểu mang theo tài liệu gửi kèm {trap(rng, case.date)}.", italic=True))
    foot(case)


def telegram(case: Case) -> None:
    """Công điện: who wires, to whom."""
    head(case)
    titled(case)
    about = topic(case)
    who = f"{case.agency.head} {case.agency.joined}".replace("ỦY BAN NHÂN DÂN", "UBND").upper()
    case.add(Words(text=f"{who} điện:", bold=case.chance(0.7), align="center", before=4, after=4))
    case.add(*(Words(text=f"- {one};", indent=30) for one in ("Thủ trưởng các sở, ban, ngành",
        "Chủ tịch UBND các xã, phường",
                                                             "Các đơn vị quản lý hồ chứa")), Gap(3))  # fmt: skip
    case.add(text_of(f"Tiếp theo {trap(case.rng, case.date)}, để {about}, yêu cầu:"))
    case.add(*numbered(case.rng, case.date, about, case.rng.choice((3, 4, 5))))
    case.add(text_of("Nhận được công điện khẩn này, yêu cầu triển khai ngay./."))
    foot(case)
