"""The administrative documents of Decree 30/2020/NĐ-CP, Article 7, and the copies of Article 3, as data.

Abbreviations as in Annex III of the decree; they are case-sensitive (CT is a directive, CTr a programme;
TTr a submission, TT a circular). A công văn and a thư công have none: their symbol starts with the agency.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind of document. `code` is our stable key; `abbreviation` is empty where the law gives none."""

    code: str
    abbreviation: str
    name_vi: str
    name_en: str

    @property
    def named(self) -> bool:
        """Is the kind written above the subject (quyết định, báo cáo…), unlike on a công văn?"""
        return bool(self.abbreviation)


TYPES: tuple[DocumentType, ...] = (
    DocumentType("resolution", "NQ", "Nghị quyết", "Resolution"),
    DocumentType("decision", "QĐ", "Quyết định", "Decision"),
    DocumentType("directive", "CT", "Chỉ thị", "Directive"),
    DocumentType("regulation", "QC", "Quy chế", "Regulation"),
    DocumentType("rule", "QyĐ", "Quy định", "Rule"),
    DocumentType("communique", "TC", "Thông cáo", "Communiqué"),
    DocumentType("notice", "TB", "Thông báo", "Notice"),
    DocumentType("guideline", "HD", "Hướng dẫn", "Guideline"),
    DocumentType("programme", "CTr", "Chương trình", "Programme"),
    DocumentType("plan", "KH", "Kế hoạch", "Plan"),
    DocumentType("option", "PA", "Phương án", "Option paper"),
    DocumentType("scheme", "ĐA", "Đề án", "Scheme"),
    DocumentType("project", "DA", "Dự án", "Project"),
    DocumentType("report", "BC", "Báo cáo", "Report"),
    DocumentType("minutes", "BB", "Biên bản", "Minutes"),
    DocumentType("submission", "TTr", "Tờ trình", "Submission"),
    DocumentType("contract", "HĐ", "Hợp đồng", "Contract"),
    DocumentType("letter", "", "Công văn", "Official letter"),
    DocumentType("telegram", "CĐ", "Công điện", "Official telegram"),
    DocumentType("memorandum", "BGN", "Bản ghi nhớ", "Memorandum"),
    DocumentType("agreement", "BTT", "Bản thỏa thuận", "Agreement"),
    DocumentType("authorisation", "GUQ", "Giấy ủy quyền", "Letter of authorisation"),
    DocumentType("invitation", "GM", "Giấy mời", "Invitation"),
    DocumentType("introduction", "GGT", "Giấy giới thiệu", "Letter of introduction"),
    DocumentType("leave_permit", "GNP", "Giấy nghỉ phép", "Leave permit"),
    DocumentType("sending_slip", "PG", "Phiếu gửi", "Sending slip"),
    DocumentType("transfer_slip", "PC", "Phiếu chuyển", "Transfer slip"),
    DocumentType("advice_slip", "PB", "Phiếu báo", "Advice slip"),
    DocumentType("public_letter", "", "Thư công", "Public letter"),
)

COPIES: tuple[DocumentType, ...] = (
    DocumentType("true_copy", "SY", "Sao y", "True copy"),
    DocumentType("extract", "TrS", "Trích sao", "Extract"),
    DocumentType("recopy", "SL", "Sao lục", "Copy of a true copy"),
)

LETTER = "letter"
"""Code of the công văn."""

BY_CODE = {kind.code: kind for kind in (*TYPES, *COPIES)}
BY_ABBREVIATION = {kind.abbreviation: kind for kind in (*TYPES, *COPIES) if kind.abbreviation}
