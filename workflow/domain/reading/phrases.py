"""Words of the administration as they are written, for mending scans: tables, no rules.

Each phrase has letters that make no other usual phrase with other marks.
"""

from __future__ import annotations

from workflow.domain.reading.tables import listed

PHRASES = listed("""
    cộng hòa xã hội chủ nghĩa | chủ nghĩa việt nam | độc lập | tự do | hạnh phúc | đảng cộng sản
    cộng sản việt nam | ủy ban nhân dân | hội đồng nhân dân | nhân dân xã | nhân dân phường | nhân dân tỉnh
    nhân dân huyện | nhân dân thành phố | nhân dân thị trấn | nhân dân quận | đa khoa tỉnh | đa khoa huyện
    ủy tỉnh | ủy xã | tỉnh ủy | thành ủy | huyện ủy | đảng ủy | đảng bộ | tòa án nhân dân | viện kiểm sát
    kiểm sát nhân dân | công an tỉnh | công an xã | văn phòng chính phủ | thủ tướng chính phủ | chính phủ
    văn phòng | sở nội vụ | bộ nội vụ | phòng nội vụ | sở tài chính | bộ tài chính | sở tư pháp | bộ tư pháp
    sở y tế | bộ y tế | sở xây dựng | bộ xây dựng | sở công thương | bộ công thương | nông nghiệp | môi trường
    giáo dục | đào tạo | khoa học | công nghệ | văn hóa | thể thao | du lịch | dân tộc | tôn giáo | thanh tra
    kế hoạch | đầu tư | ngoại vụ | quốc phòng | quân sự | giao thông | vận tải | thông tin | truyền thông
    lao động | thương binh | xã hội | tài nguyên | ban quản lý | ban tổ chức | ban tuyên giáo | ban dân vận
    ban nội chính | ban kiểm tra | ủy ban kiểm tra | ban chấp hành | ban thường vụ | ban chỉ đạo | ban chỉ huy
    ban bí thư | bộ chính trị | trung tâm | phục vụ hành chính công | hành chính công | hành chính | phục vụ
    công ty | cổ phần | trách nhiệm hữu hạn | xây dựng | thương mại | dịch vụ | tổng công ty | điện lực
    chi nhánh | tập đoàn | xí nghiệp | doanh nghiệp | hợp tác xã | bệnh viện | đa khoa | trường đại học
    đại học | cao đẳng | trường tiểu học | tiểu học | mầm non | trung học cơ sở | trung học phổ thông
    học viện | kho bạc nhà nước | bảo hiểm xã hội | ngân hàng | chi cục | tổng cục | lưu trữ nhà nước
    văn thư | lưu trữ | cục thuế | hải quan | mặt trận tổ quốc | tổ quốc việt nam | liên đoàn lao động
    hội nông dân | hội phụ nữ | hội liên hiệp phụ nữ | cựu chiến binh | đoàn thanh niên | thanh niên | phụ nữ
    công đoàn | việt nam | thành phố | thị trấn | thị xã | quyết định | thông báo | báo cáo | tờ trình
    chỉ thị | nghị quyết | hướng dẫn | chương trình | phương án | đề án | dự án | giấy mời | công điện
    biên bản | quy chế | quy định | giấy ủy quyền | ủy quyền | phiếu chuyển | phiếu gửi | giấy giới thiệu
    hợp đồng | thông cáo | kính gửi | nơi nhận | như trên | căn cứ | thực hiện | trả lời | phúc đáp | đề nghị
    yêu cầu | về việc | công văn | văn bản | chủ tịch | phó chủ tịch | giám đốc | phó giám đốc | bộ trưởng
    thứ trưởng | cục trưởng | hiệu trưởng | chánh án | chánh văn phòng | phó chánh văn phòng | bí thư
    phó bí thư | trưởng ban | phó trưởng ban | trưởng phòng | phó trưởng phòng | chủ nhiệm | phó chủ nhiệm
    viện trưởng | chi cục trưởng | phó hiệu trưởng | thủ tướng | tổng giám đốc | phó tổng giám đốc
    thượng khẩn | hỏa tốc | hẹn giờ | tối mật | tuyệt mật | kinh tế | chuyển đổi số | chuyển đổi | chỉ đạo
    kiểm tra | giám sát | triển khai | tăng cường | rà soát | kết quả | giải quyết | thủ tục | tình hình
    nhiệm vụ | phát triển | công tác | cải cách | tổng kết | phương hướng | trọng tâm | năm học
    thực hiện nhiệm vụ | tuyển dụng | viên chức | công chức | cán bộ | tiếp công dân | công dân | quốc kỳ
    nghỉ lễ | quốc khánh | tết nguyên đán | giỗ tổ | thành lập | bổ nhiệm | chức vụ | lãnh đạo | quản lý
    ban hành | tiếp nhận | xử lý | phát hành | điện tử | phê duyệt | lựa chọn | nhà thầu | hạng mục
    công trình | công nhận | đánh giá | xếp loại | chất lượng | thiên tai | phòng chống | tìm kiếm | cứu nạn
    cứu hộ | mưa lũ | bão số | biện pháp | chữ ký số | cơ quan | nhà nước | tham gia | bồi dưỡng | nghiệp vụ
    góp ý | dự thảo | làm việc | hỗ trợ | kinh phí | sửa chữa | trụ sở | chấn chỉnh | kỷ luật | kỷ cương
    tuyên truyền | kỷ niệm | ngày thành lập ngành | kiến nghị | khiếu nại | tố cáo | phản ánh | địa bàn
    cung cấp | số liệu | ý kiến | sắp xếp | đơn vị | sự nghiệp | công lập | trang thiết bị | thiết bị | số hóa
    hồ sơ | giai đoạn | quyết toán | ngân sách | dự toán | mua sắm | tài sản | mức thu | lệ phí | chủ trương
    thông qua | đường giao thông | đề xuất | bảo đảm | trật tự | an toàn | an ninh | đẩy mạnh | phong trào
    thi đua | khen thưởng | đại hội | nhiệm kỳ | chi bộ | chế độ | hành động | ứng phó | bảo vệ | hồ đập
    mùa mưa | tổ chức | hội nghị | cuộc họp | phiên thứ | tập trung | đê điều | chấp hành | pháp luật
    sử dụng | tài khoản | chủ tài khoản | chủ trì | phối hợp | liên quan | thời gian | địa điểm | thành phần
    hoàn thành | hàng năm | định kỳ | đột xuất | nâng cao | hiệu quả | giảm nghèo | bền vững | nông thôn mới
    xây dựng nông thôn | đất đai | giải phóng mặt bằng | bồi thường | tái định cư | dân số | trẻ em | y tế
    dịch bệnh | vệ sinh | thực phẩm | cháy rừng | cháy nổ | chữa cháy | phòng cháy | tai nạn | quy hoạch
    kế hoạch hóa | đầu tư công | giải ngân | doanh thu | hóa đơn | phụ cấp | tiền lương | bảo hiểm | hưu trí
    tuyển sinh | tốt nghiệp | kỳ thi | học sinh | sinh viên | giáo viên | nhà giáo | cơ sở vật chất | thư viện
    khai giảng | điều động | luân chuyển | miễn nhiệm | nghỉ hưu | thôi việc | tạm đình chỉ | phân công
    ủy viên | thành viên | kiện toàn | giới thiệu | xác nhận | đính chính | thay thế | thu hồi | bãi bỏ
    sửa đổi | bổ sung | điều chỉnh | gia hạn | đôn đốc | khắc phục | tồn tại | hạn chế | vi phạm | xử phạt
    cưỡng chế | thanh toán | nghiệm thu | bàn giao | đấu giá | đấu thầu | tiết kiệm | lãng phí | tham nhũng
    tiêu cực | minh bạch | công khai | dân chủ | cơ sở | chính sách | người có công | hộ nghèo | vay vốn
    tín dụng | thị trường | giá cả | xuất khẩu | nhập khẩu | sản xuất | kinh doanh | tiêu dùng | sáng tạo
    đổi mới | đột phá | nghiên cứu | ứng dụng | cơ sở dữ liệu | dữ liệu | định danh | xác thực | dịch vụ công
    trực tuyến | một cửa | liên thông | bưu chính | viễn thông | mạng xã hội | an ninh mạng
    """)

PROVINCES = listed("""
    hà nội | hải phòng | đà nẵng | cần thơ | hồ chí minh | an giang | bà rịa | vũng tàu | bắc giang | bắc kạn
    bạc liêu | bắc ninh | bến tre | bình định | bình dương | bình phước | bình thuận | cà mau | cao bằng
    đắk lắk | đắk nông | điện biên | đồng nai | đồng tháp | gia lai | hà giang | hà nam | hà tĩnh | hải dương
    hậu giang | hòa bình | hưng yên | khánh hòa | kiên giang | kon tum | lai châu | lâm đồng | lạng sơn
    lào cai | long an | nam định | nghệ an | ninh bình | ninh thuận | phú thọ | phú yên | quảng bình
    quảng nam | quảng ngãi | quảng ninh | quảng trị | sóc trăng | sơn la | tây ninh | thái bình | thái nguyên
    thanh hóa | tiền giang | trà vinh | tuyên quang | vĩnh long | vĩnh phúc | yên bái
    """)
"""Before and after 1 July 2025."""
