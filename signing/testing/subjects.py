"""Subjects as Vietnamese certificates carry them: repeated UIDs with prefixes, title, commas inside names."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`uids` are written as they stand, e.g. `CCCD:001075000001`, `CMND:…`, `MST:0400260612`, `MNS:…`."""

    common_name: str
    title: str = ""
    organisation: str = ""
    unit: str = ""
    locality: str = ""
    province: str = ""
    email: str = ""
    uids: tuple[str, ...] = ()
    country: str = "VN"

    def name(self) -> x509.Name:
        """In the order that the public-service CA writes them: e-mail and UIDs first, country last."""
        pairs = [
            (NameOID.EMAIL_ADDRESS, self.email),
            *((NameOID.USER_ID, uid) for uid in self.uids),
            (NameOID.COMMON_NAME, self.common_name),
            (NameOID.TITLE, self.title),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, self.unit),
            (NameOID.ORGANIZATION_NAME, self.organisation),
            (NameOID.LOCALITY_NAME, self.locality),
            (NameOID.STATE_OR_PROVINCE_NAME, self.province),
            (NameOID.COUNTRY_NAME, self.country),
        ]
        return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs if value])


ROOT = Subject(common_name="Root CA thử nghiệm (không có giá trị pháp lý)", organisation="Trình Ký thử nghiệm")
ISSUER = Subject(common_name="CA thử nghiệm cơ quan nhà nước", organisation="Trình Ký thử nghiệm")
TSA_ROOT = Subject(common_name="Root TSA thử nghiệm", organisation="Trình Ký thử nghiệm")
TSA = Subject(common_name="TSA thử nghiệm", organisation="Trình Ký thử nghiệm")
RESPONDER = Subject(common_name="OCSP thử nghiệm", organisation="Trình Ký thử nghiệm")
LEADER = Subject(
    common_name="Nguyễn Văn Hiền",
    title="Chủ tịch",
    organisation="ỦY BAN NHÂN DÂN XÃ BẰNG ÁI",
    locality="Đà Nẵng",
    email="hiennv@danang.gov.vn",
    uids=("CCCD:001075000001", "MST:0400260612"),
)
AGENCY = Subject(
    common_name="Ủy ban nhân dân xã Bằng Ái",
    organisation="UBND TP ĐÀ NẴNG",
    locality="Đà Nẵng",
    email="xabangai@danang.gov.vn",
    uids=("MST:0400260612", "MNS:1047665"),
)
