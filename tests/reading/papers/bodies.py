"""The words between subject and signature. They are full of other papers' numbers, days and persons."""

from __future__ import annotations

import datetime as dt
from random import Random

from tests.reading.papers.agencies import Agency
from tests.reading.papers.model import Grid, Words
from tests.reading.papers.people import COMMUNES, PROVINCES, earlier, name, short, spoken

LAWS = (
    "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    "Luật Ngân sách nhà nước ngày 25 tháng 6 năm 2025",
    "Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư",
    "Luật Giao dịch điện tử ngày 22 tháng 6 năm 2023", "Luật Lưu trữ ngày 21 tháng 6 năm 2024",
    "Nghị định số 23/2025/NĐ-CP ngày 21 tháng 02 năm 2025 của Chính phủ quy định về chữ ký điện tử",
    "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022", "Luật Phòng, chống thiên tai ngày 19 tháng 6 năm 2013",
    "Nghị quyết số 202/2025/QH15 ngày 12 tháng 6 năm 2025 của Quốc hội về việc sắp xếp đơn vị hành chính cấp tỉnh",
)  # fmt: skip
TASKS = (
    "Chủ trì, phối hợp với các cơ quan, đơn vị liên quan tổ chức triển khai {topic}; định kỳ báo cáo kết quả trước "
    "ngày "
    "25 hằng tháng.",
    "Tiếp tục đẩy mạnh tuyên truyền, phổ biến đến cán bộ, công chức và Nhân dân về {topic} bằng nhiều hình thức "
    "phù hợp.",
    "Rà soát, cập nhật đầy đủ hồ sơ, số liệu; bảo đảm chính xác, thống nhất và đúng thời hạn quy định.",
    "Khẩn trương hoàn thành việc rà soát, không để xảy ra tình trạng hỏa tốc, nước đến chân mới nhảy.",
    "Bố trí kinh phí từ nguồn ngân sách được giao và các nguồn hợp pháp khác theo quy định của pháp luật hiện "
    "hành.",
    "Giao Văn phòng theo dõi, đôn đốc việc thực hiện; kịp thời tham mưu tháo gỡ khó khăn, vướng mắc phát sinh.",
    "Kiểm tra, giám sát việc chấp hành; xử lý nghiêm các tổ chức, cá nhân vi phạm theo đúng thẩm quyền.",
    "Thường xuyên kiểm tra các khu vực xung yếu, chuẩn bị lực lượng, phương tiện theo phương châm “4 tại chỗ”.",
    "Tổng hợp kết quả gửi về Sở Nội vụ trước ngày {later} để tổng hợp, báo cáo Ủy ban nhân dân tỉnh theo quy định.",
    "Phát huy vai trò của Mặt trận Tổ quốc và các đoàn thể trong vận động, giám sát thực hiện {topic}.",
    "Niêm yết công khai tại trụ sở và đăng tải trên Trang thông tin điện tử để tổ chức, cá nhân biết, thực hiện.",
    "Phân công cán bộ đầu mối (ông {name}, số điện thoại 0987.654.321) để trao đổi, phối hợp trong quá trình thực "
    "hiện.",
    "Lồng ghép nội dung {topic} vào sinh hoạt thôn, bản, tổ dân phố; biểu dương những cách làm hay, mô hình hiệu "
    "quả.",
    "Đối với những nội dung vượt thẩm quyền, báo cáo bằng văn bản để được xem xét, cho ý kiến chỉ đạo trước ngày "
    "{later}.",
    "Thực hiện nghiêm chế độ trực ban 24/24 giờ; báo cáo ngay khi có tình huống khẩn cấp, đột xuất xảy ra trên địa "
    "bàn.",
    "Đưa kết quả thực hiện vào tiêu chí đánh giá, xếp loại cán bộ, công chức và tập thể hằng năm.",
    "Hoàn thành việc cập nhật {a} hồ sơ còn lại lên hệ thống; kiểm tra, đối chiếu với sổ theo dõi bản giấy.",
)
RESULTS = (
    "Trong kỳ đã tiếp nhận {a} hồ sơ, giải quyết {b} hồ sơ, trong đó trước hạn và đúng hạn đạt 98,5%; {c} hồ sơ "
    "đang "
    "giải quyết trong hạn.",
    "Đã ban hành {c} văn bản chỉ đạo, tổ chức {c} lớp tập huấn với {a} lượt người tham gia, vượt kế hoạch đề ra.",
    "Công tác phối hợp giữa các phòng, ban có chuyển biến tích cực, tuy nhiên một số nội dung về {topic} còn chậm.",
    "Nguyên nhân chủ yếu do khối lượng công việc lớn sau khi sắp xếp đơn vị hành chính, nhân lực còn thiếu và yếu.",
    "Tỷ lệ văn bản đi được ký số đạt 100% (trừ văn bản mật), trong đó {b} văn bản do lãnh đạo ký trên thiết bị di "
    "động.",
    "Kinh phí đã giải ngân {b} triệu đồng, đạt {c}% kế hoạch; phần còn lại sẽ hoàn thành trước ngày {later}.",
    "Đã tổ chức {c} đợt kiểm tra, phát hiện {c} trường hợp vi phạm, xử phạt hành chính {b} triệu đồng.",
    "Hạ tầng, trang thiết bị phục vụ {topic} được quan tâm đầu tư nhưng chưa đồng bộ giữa các thôn, bản.",
    "Một số cán bộ còn lúng túng khi sử dụng phần mềm; {a} hồ sơ phải bổ sung thành phần, chủ yếu lĩnh vực đất "
    "đai.",
    "Thực hiện ý kiến của đồng chí {name}, các đơn vị đã khắc phục xong {c}/{c} tồn tại được chỉ ra sau kiểm tra.",
)
HEADINGS = (
    "I. MỤC ĐÍCH, YÊU CẦU", "II. NỘI DUNG THỰC HIỆN", "III. KẾT QUẢ ĐẠT ĐƯỢC",
    "IV. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
    "V. PHƯƠNG HƯỚNG, NHIỆM VỤ", "VI. TỔ CHỨC THỰC HIỆN", "VII. KIẾN NGHỊ, ĐỀ XUẤT", "VIII. KINH PHÍ",
)  # fmt: skip


def trap(rng: Random, date: dt.date) -> str:
    """Another paper's type, number, day and agency."""
    kind, symbol, whose = rng.choice((
        ("Quyết định", "QĐ-UBND", f"UBND tỉnh {rng.choice(PROVINCES)}"), ("Công văn", "UBND-VP",
            f"UBND xã {rng.choice(COMMUNES)}"),
        ("Kế hoạch", "KH-UBND", "Ủy ban nhân dân tỉnh"), ("Tờ trình", "TTr-PKT", "Phòng Kinh tế"),
        ("Công văn", "SNV-CCVC", "Sở Nội vụ"), ("Thông báo", "TB-VP", "Văn phòng Ủy ban nhân dân tỉnh"),
        ("Chỉ thị", "CT-TTg", "Thủ tướng Chính phủ"), ("Công điện", "CĐ-TTg", "Thủ tướng Chính phủ"),
        ("Công văn", "BNV-VTLTNN", "Bộ Nội vụ"), ("Văn bản", "UBND-KT",
            f"Ủy ban nhân dân tỉnh {rng.choice(PROVINCES)}"),
    ))  # fmt: skip
    before = earlier(rng, date)
    day = f"ngày {spoken(before)}" if rng.random() < 0.5 else f"ngày {short(before)}"
    return f"{kind} số {rng.randint(1, 3200):02d}/{symbol} {day} của {whose}"


def bases(rng: Random, agency: Agency, date: dt.date, topic: str, *, italic: bool = True) -> list[Words]:
    """The Căn cứ lines, and the proposal."""
    lines = [f"Căn cứ {law};" for law in rng.sample(LAWS, rng.randint(2, 4))]
    lines += [f"Căn cứ {trap(rng, date)} về {topic};" for _ in range(rng.randint(1, 2))]
    who = rng.choice(("Theo đề nghị của Trưởng phòng Kinh tế", "Xét đề nghị của Chánh Văn phòng"))
    lines.append(f"{who} tại Tờ trình số {rng.randint(2, 150):02d}/TTr-PKT ngày {spoken(earlier(rng, date, 12))}.")
    return [Words(text=line, italic=italic, align="justify", indent=12.7, after=3) for line in lines]


def opening(rng: Random, agency: Agency, date: dt.date, topic: str) -> Words:
    """The first sentence of a công văn: what it answers or carries out."""
    text = rng.choice((
        f"Trả lời {trap(rng, date)} về {topic}, {agency.called} có ý kiến như sau:",
        f"Thực hiện {trap(rng, date)} về việc tăng cường {topic}; {agency.called} yêu cầu các đơn vị triển khai "
        f"một số "
        f"nội dung sau:",
        f"{agency.called} nhận được {trap(rng, date)} đề nghị phối hợp {topic}. Sau khi nghiên cứu, "
        f"{agency.called} "
        f"trao đổi như sau:",
        f"Ngày {spoken(earlier(rng, date, 20))}, {agency.called} nhận được {trap(rng, date)}. Để bảo đảm tiến độ "
        f"{topic}, đề nghị quý cơ quan quan tâm một số nội dung:",
    ))  # fmt: skip
    return text_of(text)


def text_of(text: str, **more: object) -> Words:
    """A paragraph of running text."""
    given = {"align": "justify", "indent": 12.7, "after": 4} | more
    return Words(text=text, **given)  # type: ignore[arg-type]


def sentence(rng: Random, date: dt.date, topic: str, pool: tuple[str, ...] = TASKS) -> str:
    """One sentence with figures of its own."""
    return rng.choice(pool).format(topic=topic, later=short(date + dt.timedelta(days=rng.randint(5, 60))),
        name=name(rng),
                                   a=rng.randint(120, 900), b=rng.randint(60, 119), c=rng.randint(2,
                                       30))  # fmt: skip


def sentences(rng: Random, date: dt.date, topic: str, count: int, pool: tuple[str, ...] = TASKS) -> list[str]:
    """Different ones, as far as the pool goes."""
    order: list[str] = []
    while len(order) < count:
        order += rng.sample(pool, len(pool))
    return [sentence(rng, date, topic, (one,)) for one in order[:count]]


def numbered(rng: Random, date: dt.date, topic: str, count: int, pool: tuple[str, ...] = TASKS) -> list[Words]:
    """1. 2. 3."""
    return [text_of(f"{at}. {text}") for at, text in enumerate(sentences(rng, date, topic, count, pool), 1)]


def articles(rng: Random, date: dt.date, topic: str, count: int, agency: Agency, title: str) -> list[Words]:
    """Điều 1. … Điều n."""
    made = [
        text_of(f" {text}", lead=f"Điều {at}.") for at, text in enumerate(sentences(rng, date, topic, count - 1), 1)
    ]
    made.append(text_of(
        f" Chánh Văn phòng, Trưởng các phòng, ban thuộc {agency.called} và các tổ chức, cá nhân có liên quan chịu "
        f"trách "
        f"nhiệm thi hành {title} này kể từ ngày ký./.", lead=f"Điều {count}."))  # fmt: skip
    return made


def chapters(rng: Random, date: dt.date, topic: str, count: int) -> list[Words]:
    """Headings, each with results and tasks under it; about 12 lines each."""
    made: list[Words] = []
    done, tasks = (iter(sentences(rng, date, topic, 5 * count, pool)) for pool in (RESULTS, TASKS))
    for heading in HEADINGS[:count]:
        made.append(text_of(heading, bold=True, before=4))
        made += [text_of(f"{at}. {next(done)} {next(tasks)}") for at in range(1, rng.randint(3, 5) + 1)]
    return made


def figures(rng: Random, rows: int) -> Grid:
    """A table of units and counts."""
    head = ("STT", "Đơn vị", "Số hồ sơ", "Đúng hạn", "Ghi chú")
    units = rng.sample(COMMUNES, min(rows, len(COMMUNES)))
    body = tuple(
        (str(at), f"Thôn {unit}", str(rng.randint(5, 400)), f"{rng.randint(90, 99)},{rng.randint(0, 9)}%",
         rng.choice(("", "", f"QĐ số {rng.randint(2, 90)}/QĐ-UBND")))
        for at, unit in enumerate(units, 1)
    )  # fmt: skip
    return Grid(head, body, (0.08, 0.34, 0.16, 0.16, 0.26))
