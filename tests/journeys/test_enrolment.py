"""A newcomer brings a key made with openssl: enrolled in the browser, confirmed by a second person, used."""

from __future__ import annotations

import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from playwright.sync_api import expect

from signing.testing import Profile, Subject
from tests.signer.key_files import Holder, by_openssl
from tests.support.keys import FOUNDED, Keys
from tests.support.live import Town, as_upload
from tests.support.papers import BASE, Papers
from tests.support.seats import Seats
from workflow.domain.outgoing import Action
from workflow.services.documents import files

pytestmark = [pytest.mark.browser, pytest.mark.tools("openssl")]

PASSWORD = "chìa khóa của tôi"
OFFICE = "Ủy ban nhân dân xã Yên Viễn"


def test_a_newcomer_enrols_a_key_and_signs(people: Seats, town: Town) -> None:
    """Nobody confirms their own key; once somebody else has, it signs."""
    file = as_upload("moi.p12", made_with_openssl(town.papers.keys, town.office.names["far_leader"]))
    newcomer = people.of("far_leader", width=390).go("/certificates")
    newcomer.follow("Enrol a certificate").press("Go on").choose_key(file, PASSWORD)
    newcomer.page.wait_for_url("**/certificates?done=enrolled")
    newcomer.reads("waits for confirmation")
    path = awaiting_far_away(town.papers)
    newcomer.go(f"/sign?documents={path.rpartition('/')[2]}")
    newcomer.reads("You have no confirmed certificate that is valid today.")
    second = people.of("far_admin", width=1280).go("/admin/certificates")
    expect(second.page.locator("main")).to_contain_text(OFFICE)
    second.press("Confirm").reads("The certificate is confirmed and may sign from now on.")
    newcomer.wide(1280).go(path).follow("Sign digitally")
    newcomer.choose_key(file, PASSWORD)
    newcomer.page.wait_for_url("**/sign/receipt*")
    newcomer.go(path)
    expect(newcomer.page.locator(".signature .status")).to_have_text(["Hợp lệ", "Có thẩm quyền ký vào ngày đó"])


def made_with_openssl(keys: Keys, name: str) -> bytes:
    """A P-384 key by `openssl genpkey`, a certificate of our authority, both in a .p12 by `openssl pkcs12`."""
    command = ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]
    pem = subprocess.run(command, capture_output=True, check=True).stdout
    key = load_pem_private_key(pem, None)
    identity = keys.issuing.issue(
        Subject(common_name=name, title="Chủ tịch", organisation=OFFICE), Profile.PERSON, now=FOUNDED,
        private=key,  # type: ignore[arg-type]
    )  # fmt: skip
    holder = Holder(key, identity.certificate, keys.issuing.certificate)  # type: ignore[arg-type]
    return by_openssl(holder, PASSWORD)


def awaiting_far_away(papers: Papers) -> str:
    """The neighbour's document before its chairman; they have no head of unit, so the review is skipped."""
    document_id = papers.draft(drafter="far_drafter", signer="far_leader")
    papers.act("far_drafter", document_id, Action.SUBMIT)
    papers.do(
        files.confirm_format, "far_clerk", document_id=document_id, version=None, blobs=papers.blobs, base_url=BASE
    )
    return f"/outgoing/{document_id}"
