"""What the two programs that check bundles know of populations and of signature schemes, without a bundle."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from signing.standalone import verify_bundle
from signing.testing import Authority, CrlOptions, Identity, KeyKind, Links, Profile, Subject
from signing.testing import messages as made
from signing.testing.messages import MessageDefect
from tests.support import bundles
from tests.support.keys import FOUNDED
from workflow.domain.boards import NATURES, Nature
from workflow.domain.indicators import Population
from workflow.services.proving import making

SCRIPT = Path(verify_bundle.__file__)


def test_populations_are_of_the_chains_that_both_programs_demand() -> None:
    """A new population needs its line in both."""
    page = SCRIPT.with_suffix(".html").read_text()
    for population in Population:
        subject = making.subject_of(population, 7)
        kinds = verify_bundle.SUBJECTS[subject.partition(":")[0]]
        assert population in kinds.split()
        assert f"'{kinds}'" in page


def test_what_is_added_up_in_a_report_is_what_boards_add_up() -> None:
    """Both programs know which populations stand at the beginning or the end of a period."""
    stands = [one for one, nature in NATURES.items() if nature is not Nature.FLOW]
    assert {*verify_bundle.STANDS} == {*stands}
    assert [one for one in stands if NATURES[one] is Nature.START] == verify_bundle.STANDS[:1]
    page = SCRIPT.with_suffix(".html").read_text()
    assert f"const STANDS = {verify_bundle.STANDS!r};" in page


@pytest.mark.browser
def test_pss_holds_with_its_own_salt_and_mask_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RSASSA-PSS in both programs: right, of other content, with a bit changed, without salt, masked with SHA-1."""
    root = Authority.root(Subject(common_name="R"), now=FOUNDED)
    signer = root.issue(Subject(common_name="S"), Profile.PERSON, now=FOUNDED, kind=KeyKind.RSA_2048)
    bad = [
        made.message(signer, b"content", defect=one)
        for one in (MessageDefect.PSS_WITHOUT_SALT, MessageDefect.PSS_MASK_SHA1)
    ]
    monkeypatch.setattr(made, "_sign", with_pss)
    right = made.message(signer, b"content")
    changed = made.message(signer, b"content", defect=MessageDefect.FLIPPED_BIT)
    asked = [(right, b"content"), (right, b"other"), (changed, b"content"), *((one, b"content") for one in bad)]
    with bundles.page(bundles.pem(tmp_path / "r.pem", root.der)) as page:
        there = [page.tab.evaluate(HOLDS, [one.hex(), content.hex()]) for one, content in asked]
    assert there == [holds(one, content) for one, content in asked] == [True, False, False, False, False]


@pytest.mark.browser
def test_only_the_list_of_the_own_part_and_of_a_strong_key_counts(tmp_path: Path) -> None:
    """In both programs: a whole list, the own part's, another part's, one under a weak key; a weak authority."""
    at = FOUNDED + dt.timedelta(days=1)
    root = Authority.root(Subject(common_name="R"), now=FOUNDED, links=Links(crl="http://r.test/1"))
    signer = root.issue(Subject(common_name="S"), Profile.PERSON, now=FOUNDED)
    weak = Authority.root(Subject(common_name="W"), now=FOUNDED, kind=KeyKind.RSA_1024)
    under = weak.issue(Subject(common_name="U"), Profile.PERSON, now=FOUNDED)
    asked = [
        (root, signer, root.crl(this_update=at, options=CrlOptions(point=point)))
        for point in ("", "http://r.test/1", "http://r.test/2")
    ] + [(weak, under, weak.crl(this_update=at))]
    moment = at.timestamp() * 1000
    with bundles.page(bundles.pem(tmp_path / "r.pem", root.der)) as page:
        there = [
            page.tab.evaluate(TOLD, [issuer.der.hex(), one.der.hex(), crl.hex(), moment])
            for issuer, one, crl in asked
        ]
    here = []
    for issuer, one, crl in asked:
        trust = verify_bundle.Trust([issuer.certificate])
        trust.crls = [x509.load_der_x509_crl(crl)]
        path = trust.path(one.certificate, at)
        here.append([trust.revocation([one.certificate, issuer.certificate], at), len(path or [])])
    assert there == here == [[0, 2], [0, 2], [1, 2], [1, 0]]


TOLD = """async ([issuer, one, crl, at]) => {
  const [above, below] = [issuer, one].map((der) => certificate(unhex(der))), trust = new Trust([above]);
  trust.crls.push(revocationList(unhex(crl)));
  return [await trust.revocation([below, above], at), (await trust.path(below, at) || []).length];
}"""
HOLDS = "([one, content]) => cms(unhex(one), unhex(content)).then(() => true, () => false)"


def holds(message: bytes, content: bytes) -> bool:
    try:
        verify_bundle.Cms(message, content)
    except verify_bundle.BROKEN:
        return False
    return True


def with_pss(identity: Identity, data: bytes, **_more: object) -> tuple[bytes, bytes]:
    """As `signing.testing` signs, by the other scheme."""
    assert isinstance(identity.key, rsa.RSAPrivateKey)
    scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    named = made._pss(made.digest_algorithm(made.HashFunction.SHA256), salt=32)
    return named, identity.key.sign(data, scheme, hashes.SHA256())
