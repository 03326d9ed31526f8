"""One office for the tests of making signatures: a small PKI, a normalised letter, its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest

from signing import jail
from signing.prepare import FieldKind, Normalised, PlannedField, add_fields, normalise_in_jail, propose_plan
from signing.testing import AGENCY, LEADER, Authority, Identity, KeyKind, Profile, sign_document
from signing.testing.drawings import appearance, letter

HANOI = timezone(timedelta(hours=7))
NUMBER_TEXT = "Số: 15/UBND-VP\nĐà Nẵng, ngày 22 tháng 11 năm 2026"


@dataclass(frozen=True, slots=True)
class Office:
    """Who signs, when, and what."""

    now: datetime
    root: Authority
    issuing: Authority
    leader: Identity
    agency: Identity
    draft: Normalised
    plan: tuple[PlannedField, ...]
    document: bytes

    def field(self, name: str) -> PlannedField:
        return next(field for field in self.plan if field.name == name)

    def sign(self, document: bytes, name: str, who: Identity, text: str, *, minutes: int = 0) -> bytes:
        """Sign with an appearance that says `text`."""
        drawing = appearance(text, self.field(name).size)
        at = self.now + timedelta(minutes=minutes)
        return sign_document(document, field=name, identity=who, at=at, appearance_pdf=drawing)

    def issued(self) -> bytes:
        """Leader, then number and date, then seal."""
        signed = self.sign(self.document, "Leader", self.leader, "Nguyễn Văn Hiền\nĐà Nẵng")
        numbered = self.sign(signed, "Number", self.agency, NUMBER_TEXT, minutes=5)
        return self.sign(numbered, "Seal", self.agency, "UBND XÃ BẰNG ÁI", minutes=6)


@pytest.fixture(scope="session", autouse=True)
def _jail_ends_with_the_tests() -> Iterator[None]:
    yield
    jail.close()


@pytest.fixture(scope="session")
def office() -> Office:
    now = datetime(2026, 11, 22, 16, 59, 49, tzinfo=HANOI)
    root = Authority.root(now=now - timedelta(days=400))
    issuing = root.subordinate(now=now - timedelta(days=300))
    month_ago = now - timedelta(days=30)
    draft = normalise_in_jail(letter(pages=2))
    plan = propose_plan(draft.pages, cosigners=1, initials=1)
    footer = next(field for field in plan if field.kind is FieldKind.FOOTER)
    return Office(
        now=now,
        root=root,
        issuing=issuing,
        leader=issuing.issue(LEADER, now=month_ago, kind=KeyKind.RSA_2048),
        agency=issuing.issue(AGENCY, Profile.ORGANISATION, now=month_ago),
        draft=draft,
        plan=plan,
        document=add_fields(draft.data, plan, footer=appearance("Mã tra cứu: K7QF-2M9X", footer.size)),
    )


@pytest.fixture(scope="session")
def issued(office: Office) -> bytes:
    return office.issued()
