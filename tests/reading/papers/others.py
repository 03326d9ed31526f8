"""Layouts beside the everyday: councils, the Party, schools, firms, forms, minutes, papers of two sides."""

from __future__ import annotations

from tests.reading.papers import offices
from tests.reading.papers.bodies import bases, chapters, numbered, text_of, trap
from tests.reading.papers.case import Case
from tests.reading.papers.foot import authority, block, foot, foot_of_two
from tests.reading.papers.head import head, matter, nation, pins, titled, urgency
from tests.reading.papers.model import Columns, Gap, Words
from tests.reading.papers.people import COMMUNES, PROVINCES, earlier, name, short, spoken


def council(case: Case) -> None:
    """A resolution of the People's Council: the session, the vote, its day of passing."""
    if case.kind == "letter":
        offices.letter(case)
        return
    head(case)
    titled(case)
    about = offices.topic(case)
    case.add(Words(text=case.agency.joined.upper(), bold=True, align="center"),
             Words(text=f"KHÓA XII, KỲ HỌP THỨ {case.rng.choice(('NHẤT', '5', 'MƯỜI HAI'))}", bold=True,
                 align="center", after=6))  # fmt: skip
    case.add(*bases(case.rng, case.agency, case.date, about))
    case.add(Words(text="QUYẾT NGHỊ:", bold=True, align="center", before=6, after=6))
    for at in range(1, case.rng.randint(3, 5)):
        case.add(text_of(f" Thông qua nội dung {about}:", lead=f"Điều {at}."))
        case.add(*numbered(case.rng, case.date, about, case.rng.randint(1, 3)))
    case.add(text_of(f"Nghị quyết này đã được {case.agency.called} khóa XII, kỳ họp thứ 5 thông qua ngày "
                     f"{spoken(earlier(case.rng, case.date, 6))} và có hiệu lực từ ngày thông qua./."))  # fmt: skip
    foot(case)


def party(case: Case) -> None:
    """The Party's head matter, numbers and T/M; a công văn's subject stands under the number too."""
    if case.kind == "letter":
        offices.letter(case)
        return
    head(case)
    titled(case)
    about = offices.topic(case)
    if case.kind == "decision":
        case.add(
            *bases(case.rng, case.agency, case.date, about), Words(text="QUYẾT ĐỊNH", bold=True, align="center")
        )
        case.add(*(text_of(f" {line.text[3:]}", lead=f"Điều {at}.")
                   for at, line in enumerate(numbered(case.rng, case.date, about, 3), 1)))  # fmt: skip
    else:
        case.add(text_of(f"Thực hiện {trap(case.rng, case.date)}; {case.agency.called} triển khai như sau:"))
        case.add(*chapters(case.rng, case.date, about, case.rng.choice((2, 3, 4))))
    foot(case)


def school(case: Case) -> None:
    """A school's letters, notices, plans, with shorter words."""
    {"letter": offices.letter, "decision": offices.decision, "report": offices.report, "plan": offices.plan}.get(
        case.kind, offices.notice
    )(case)


OFFERS = (
    "đề nghị thanh toán khối lượng hoàn thành đợt 2 công trình trường THCS xã {commune}",
    "thông báo tạm ngừng cung cấp điện để sửa chữa, bảo dưỡng lưới điện khu vực xã {commune}",
    "xin cấp phép đào đường, vỉa hè phục vụ thi công tuyến ống cấp nước sạch đoạn qua trung tâm xã {commune}",
    "chào giá dịch vụ thu gom, vận chuyển, xử lý rác thải sinh hoạt năm 2026",
    "mời dự lễ khởi công",
    "phúc đáp Công văn số {other}/UBND-KT về tiến độ dự án khu dân cư {commune}",
    "đề nghị xác nhận công nợ",
)
WANTS = (
    "Hiện nay, đơn vị đang thi công hạng mục thoát nước theo {trap}; khối lượng hoàn thành đạt {a}% kế hoạch.",
    "Kính đề nghị Quý cơ quan xem xét, tạo điều kiện về mặt bằng, thời gian thi công trước ngày {later}.",
    "Đơn vị cam kết bảo đảm chất lượng, an toàn lao động và vệ sinh môi trường trong suốt quá trình thực hiện.",
    "Hồ sơ gửi kèm gồm: bản sao Giấy chứng nhận đăng ký doanh nghiệp số 2900123456 cấp ngày {before}; dự toán chi "
    "tiết.",
    "Mọi thông tin xin liên hệ ông {name}, điện thoại 0912.345.678 để được giải đáp.",
    "Thời gian ngừng cung cấp dịch vụ dự kiến từ 07h30 đến 16h00 ngày {later}; kính mong khách hàng thông cảm.",
)


def letterhead(case: Case) -> None:
    """A firm's own head: its name across the page, address, telephone; no state's name."""
    rng, agency = case.rng, case.agency
    side = rng.choice(("center", "left"))
    lines = [
        Words(text=line, size=rng.choice((14, 15)), bold=True, align=side, colour="#0b3fa8")
        for line in agency.lines
    ]
    street = (
        f"Địa chỉ: số {rng.randint(2, 300)}, đường Lê Lợi, {agency.place}. MST: 29001{rng.randint(10000, 99999)}"
    )
    case.add(*lines, Words(text=street, size=11, align=side),
             Words(text=f"Điện thoại: 0238.3{rng.randint(100000, 999999)} - Fax: "
                        f"0238.3{rng.randint(100000, 999999)}",
                   size=11, align=side, rule=1.0, after=6))  # fmt: skip
    left: tuple[Words, ...] = (Words(text=case.printed_number, size=13),) if case.printed_number else ()
    case.add(Columns((left, (Words(text=case.printed_date, size=13, italic=True, align="right"),)), (0.45, 0.55)))
    if case.urgency != "normal":
        case.add(*urgency(case))
    pins(case)


def company(case: Case) -> None:
    """A firm writes as it likes: subject under the number, over the text after "Về việc:", or nowhere."""
    rng = case.rng
    way = rng.choice(("under", "over", "over", "over", "none"))
    case.subject = rng.choice(OFFERS).format(commune=rng.choice(COMMUNES), other=rng.randint(20, 900))
    if case.chance(0.25):
        case.without_number()
    own = way != "under" and not case.agency.superior and case.chance(0.6)
    letterhead(case) if own else head(case, about=way == "under")
    about = offices.topic(case)
    if way == "over" and case.subject:
        lead, bold = rng.choice(("Về việc: ", "V/v: ", "Về việc ")), case.chance(0.5)
        case.add(Words(text=lead + case.subject, bold=bold, italic=not bold, align="center", before=10))
    elif way == "none":
        case.subject = None
    who = rng.choice(("Ủy ban nhân dân tỉnh", f"Ủy ban nhân dân xã {rng.choice(COMMUNES)}", "Sở Nội vụ"))
    case.add(Words(text=f"Kính gửi: {who}", align="center", before=12, after=8, bold=case.chance(0.4)))
    case.add(text_of(f"Lời đầu tiên, {case.agency.called} xin gửi tới Quý cơ quan lời chào trân trọng. Căn cứ "
                     f"{trap(rng, case.date)} "
                     f"về {about}, chúng tôi xin trình bày một số nội dung như sau:"))  # fmt: skip
    for line in rng.sample(WANTS, rng.choice((2, 3, 4, 5))):
        case.add(text_of(line.format(trap=trap(rng, case.date), a=rng.randint(30, 90), name=name(rng),
            later=short(case.date.replace(day=28)),
                                     before=short(earlier(rng, case.date)))))  # fmt: skip
    case.add(text_of("Chúng tôi rất mong nhận được sự quan tâm của Quý cơ quan. Xin trân trọng cảm ơn!"))
    foot(case)


FORMS: dict[str, tuple[str, ...]] = {
    "introduction": ("{who} trân trọng giới thiệu:", "Ông (bà): {name}", "Chức vụ: Chuyên viên",
    "Được cử đến: {place}",
                     "Về việc: liên hệ công tác về {topic}", "Đề nghị Quý cơ quan tạo điều kiện để ông (bà) có tên "
                                                             "ở trên "
                     "hoàn thành nhiệm vụ. Giấy này có giá trị đến hết ngày {later}./."),
    "leave_permit": ("Xét Đơn đề nghị nghỉ phép ngày {before} của ông (bà) {name},", "{who} cấp cho:",
    "Ông (bà): {name}",
                     "Chức vụ: Công chức Văn phòng", "Được nghỉ phép năm 2026 trong thời gian 05 ngày, kể từ ngày "
                     "{later} tại tỉnh {home}.", "Số ngày nghỉ phép nêu trên được tính vào thời gian nghỉ hằng "
                                                 "năm./."),
    "sending_slip": ("{who} kính gửi kèm theo phiếu này các văn bản, tài liệu sau:", "1. {trap};", "2. {trap};",
                     "Tổng số: 02 văn bản.", "Sau khi nhận được, đề nghị {place} gửi lại phiếu này cho {who}./."),
    "transfer_slip": ("{who} có nhận được đơn của ông (bà) {name} ngày {before} về {topic}.",
                      "Sau khi xem xét, căn cứ {trap}, {who} kính chuyển đơn nêu trên đến {place} để xem xét, giải "
                      "quyết theo "
                      "thẩm quyền.", "Đề nghị thông báo kết quả trước ngày {later}./."),
    "advice_slip": ("Kính gửi: Ông (bà) {name}", "{who} đã nhận được hồ sơ của ông (bà) ngày {before} theo {trap}.",
                    "Mời ông (bà) đến Trung tâm Phục vụ hành chính công vào ngày {later} để bổ sung giấy tờ về "
                    "{topic}./."),
    "authorisation": ("Căn cứ {trap};", "Nay {who} ủy quyền cho:", "Ông (bà): {name}, Phó Chủ tịch",
                      "Được thay mặt giải quyết công việc thuộc lĩnh vực {topic} từ ngày {before} đến ngày "
                      "{later}.",
                      "Người được ủy quyền không được ủy quyền lại cho người khác./."),
}  # fmt: skip


def slip(case: Case) -> None:
    """Forms: introduction, leave, sending, transfer, advice, authorisation."""
    head(case)
    titled(case)
    rng = case.rng
    person, about = name(rng), offices.topic(case)
    for line in FORMS[case.kind]:
        case.add(text_of(line.format(
            who=case.agency.called, name=person, topic=about, trap=trap(rng, case.date), before=short(earlier(rng,
                case.date, 20)),
            later=short(case.date.replace(day=28)), home=rng.choice(PROVINCES), place=rng.choice(("Sở Nội vụ",
                "Sở Tài chính", "Ủy ban nhân dân tỉnh")),
        )))  # fmt: skip
    if case.kind == "authorisation":
        titles = ("NGƯỜI ĐƯỢC ỦY QUYỀN",)
        foot_of_two(case, (titles, person, ""), (("NGƯỜI ỦY QUYỀN", case.agency.head), case.signer, None))
    elif case.kind == "sending_slip" and case.chance(0.5):
        foot(case)
        case.add(Words(text=f"……, ngày …… tháng …… năm {case.date.year}", italic=True, before=10),
                 Words(text="Người nhận (ký, ghi rõ họ tên)", size=12))  # fmt: skip
    else:
        foot(case)


def minutes(case: Case) -> None:
    """The form of the decree has no place-and-date line: then the opening sentence dates it."""
    line = case.chance(0.5)
    head(case, dated=line)
    titled(case)
    rng = case.rng
    hour = rng.choice(("08 giờ 00 phút", "14 giờ 30 phút", "7h30"))
    case.add(
        text_of(
            f"Hôm nay, vào lúc {hour}, ngày {spoken(case.date)}, tại trụ sở {case.agency.called}, tiến hành cuộc "
            f"họp."
        )
    )
    secretary = name(rng)
    case.add(text_of("", lead="I. Thành phần tham dự"), text_of(f"1. Chủ trì (chủ tọa): Ông (bà) {case.signer}"),
             text_of(f"2. Thư ký: Ông (bà) {secretary}"), text_of(f"3. Thành viên khác: Ông (bà) {name(rng)}, "
                                                                  f"{name(rng)}"))  # fmt: skip
    case.add(
        text_of("", lead="II. Nội dung"), *numbered(rng, case.date, offices.topic(case), rng.choice((3, 4, 8)))
    )
    case.add(
        text_of("Cuộc họp kết thúc vào 10 giờ 45 phút cùng ngày, biên bản đã được thông qua và nhất trí ký tên./.")
    )
    foot_of_two(case, (("THƯ KÝ",), secretary, ""), (("CHỦ TỌA",), case.signer, rng.choice((None, ""))))


def bilateral(case: Case) -> None:
    """Contracts, agreements, memoranda: the issuer is side A, at the left."""
    head(case)
    titled(case)
    rng, other = case.rng, name(case.rng)
    firm = rng.choice(("Công ty TNHH Môi trường Xanh", "Bưu điện tỉnh", "Công ty Cổ phần Công nghệ Sao Việt"))
    case.add(*bases(rng, case.agency, case.date, offices.topic(case)))
    case.add(text_of(f"Hôm nay, ngày {spoken(case.date)}, chúng tôi gồm:"))
    case.add(text_of(f" {case.agency.called}", lead="BÊN A:"),
        text_of(f"Đại diện: Ông (bà) {case.signer}, chức vụ: {case.agency.head.capitalize()}"),
             text_of(f" {firm}", lead="BÊN B:"),
             text_of(f"Đại diện: Ông (bà) {other}, chức vụ: Giám đốc"))  # fmt: skip
    case.add(*numbered(rng, case.date, offices.topic(case), rng.choice((4, 5, 9))))
    foot_of_two(
        case,
        (("ĐẠI DIỆN BÊN A", case.agency.head), case.signer, None),
        (("ĐẠI DIỆN BÊN B", "GIÁM ĐỐC"), other, firm),
    )


def public_letter(case: Case) -> None:
    """A thư công: no number; the day over the text or above the signature."""
    case.without_number()
    over = case.chance(0.5)
    if over:
        head(case)
    else:
        case.add(Columns((tuple(matter(case)), tuple(nation(case))), (0.42, 0.58)))
        pins(case)
    titled(case)
    case.add(text_of(f"Nhân dịp này, tôi gửi tới các đồng chí và Nhân dân lời chúc mừng tốt đẹp nhất. "
                     f"{case.agency.called} ghi "
                     f"nhận, đánh giá cao những kết quả đã đạt được trong {offices.topic(case)}."))  # fmt: skip
    case.add(text_of("Chúc các đồng chí mạnh khỏe, hạnh phúc và thành công!"), Gap(4))
    right: list[Words | Gap] = []
    if not over:
        right.append(Words(text=case.printed_date, italic=True, size=13, align="center", after=4))
    right += block(case, authority(case), case.signer)
    case.add(Columns(((), tuple(right)), (0.42, 0.58)))
