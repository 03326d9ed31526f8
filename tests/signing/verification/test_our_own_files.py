"""Files as the product makes them: normalised letter, planned fields, drawn appearances, all key kinds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

import signing
from signing import jail
from signing.path.policy import DAILY
from signing.pdf import read
from signing.prepare import FieldKind, PlannedField, add_fields, normalise_in_jail, propose_plan
from signing.reasons import Conclusion, Reason
from signing.testing import AGENCY, LEADER, Identity, KeyKind, Profile, sign_document
from signing.testing.drawings import appearance, letter
from signing.testing.paper import Box, append, form
from tests.signing.verification.office import AT, ISSUED, NOW, Office

Made = tuple[bytes, tuple[PlannedField, ...]]


@pytest.fixture(scope="module", autouse=True)
def _jail_ends_with_the_tests() -> Iterator[None]:
    yield
    jail.close()


@pytest.fixture(scope="module")
def made() -> Made:
    """A letter of two pages with fields and footer, not signed."""
    draft = normalise_in_jail(letter(pages=2))
    plan = propose_plan(draft.pages, cosigners=1, initials=1)
    footer = next(field for field in plan if field.kind is FieldKind.FOOTER)
    return add_fields(draft.data, plan, footer=appearance("Mã tra cứu: K7QF-2M9X", footer.size)), plan


def _sign(made: Made, data: bytes, name: str, who: Identity) -> bytes:
    field = next(item for item in made[1] if item.name == name)
    drawing = appearance("Số: 15/UBND-VP", field.size)
    return sign_document(data, field=name, identity=who, at=NOW, appearance_pdf=drawing)


def _issue(made: Made, leader: Identity, agency: Identity) -> bytes:
    data = _sign(made, made[0], "Leader", leader)
    for name in ("Number", "Seal"):
        data = _sign(made, data, name, agency)
    return data


@pytest.mark.parametrize("kind", [KeyKind.RSA_2048, KeyKind.RSA_3072, KeyKind.P256, KeyKind.P384])
def test_issued_letter_passes(office: Office, made: Made, kind: KeyKind) -> None:
    """Leader, number and seal with drawn appearances, whatever key they have."""
    leader = office.issuer.issue(LEADER, now=ISSUED, kind=kind)
    agency = office.issuer.issue(AGENCY, Profile.ORGANISATION, now=ISSUED, kind=kind)
    verdict = office.judge(_issue(made, leader, agency), plan=made[1])
    assert (verdict.verdict, verdict.reasons, verdict.detail) == (Conclusion.PASSED, (), "")
    assert verdict.unsigned_fields == ("Cosigner1", "Initials1")
    assert {item.algorithms for item in verdict.signatures} == {"acceptable"}


def test_letter_without_a_plan_passes_too(office: Office, made: Made) -> None:
    """Anybody who was handed the file, with nothing but the roots and the lists."""
    verdict = office.judge(_issue(made, office.leader, office.agency), plan=None)
    assert (verdict.verdict, verdict.reason) == (Conclusion.PASSED, None)


def test_number_redrawn_without_a_key_fails(office: Office, made: Made) -> None:
    """The appearance of the number replaced after the seal: no key is needed for it, and it is found."""
    data = _issue(made, office.leader, office.agency)
    fields = {item.name: item for item in read(data).signature_fields()}
    other = fields["Number"].node["AP"]["N"].num
    verdict = office.judge(append(data, {other: form(100, 20)}), plan=made[1])
    assert (verdict.verdict, verdict.reason) == (Conclusion.FAILED, Reason.APPEARANCE_CHANGED)


def test_number_is_what_the_register_holds(office: Office, made: Made) -> None:
    """With the register's text: shown as it is, or another, or none that can be read."""
    data = _issue(made, office.leader, office.agency)
    right, wrong = {"Number": "Số: 15/UBND-VP"}, {"Number": "Số: 16/UBND-VP"}
    assert office.judge(data, plan=made[1], texts=right).verdict is Conclusion.PASSED
    other = office.judge(data, plan=made[1], texts=wrong)
    assert (other.verdict, other.reason) == (Conclusion.FAILED, Reason.TEXT_DIFFERS)
    hidden = office.judge(office.paper, plan=None, texts=right)
    assert hidden.verdict is Conclusion.UNSIGNED


def test_plan_of_another_document_fails(office: Office, made: Made) -> None:
    """The same names at other places."""
    shifted = tuple(Box(item.name, tuple(side + 20 for side in item.box)) for item in made[1])  # type: ignore[arg-type]
    data = _sign(made, made[0], "Leader", office.leader)
    assert office.judge(data, plan=shifted).reason is Reason.FIELD_MOVED


def test_leader_at_14_03_with_the_list_of_06_00(office: Office, made: Made) -> None:
    """Strict: provisional, try later. Daily: passed, and the age of the list is a remark of the verdict."""
    morning = office.issuer.crl(this_update=NOW - timedelta(hours=8))
    evidence = signing.Evidence(crls=(*office.root_lists(), morning), receipt=signing.Receipt(NOW))
    data = _sign(made, made[0], "Leader", office.leader)
    strict = office.judge(data, evidence=evidence, plan=made[1], at=NOW)
    daily = office.judge(data, evidence=evidence, plan=made[1], at=NOW, policy=DAILY)
    assert (strict.verdict, strict.reason) == (Conclusion.INDETERMINATE, Reason.REVOCATION_NOT_FRESH)
    assert (daily.verdict, daily.reason) == (Conclusion.PASSED, Reason.REVOCATION_WITHIN_GRACE)
    evening = evidence.plus(crls=(office.issuer.crl(this_update=AT),))
    settled = office.judge(data, evidence=evening, plan=made[1], at=AT)
    assert (settled.verdict, settled.reason) == (Conclusion.PASSED, None)
