"""Evidence for a certificate, from the addresses in its chain."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

import signing
from signing.fetch import FetchReason, Gathered, gather
from signing.path.revocation import RevocationState
from signing.testing import AGENCY, ISSUER, LEADER, ROOT, Authority, Identity, Links, Subject
from tests.signing.fetch.servers import Server, answer, serving, with_
from tests.signing.verification.office import AT, ISSUED

EARLIER = ISSUED - timedelta(days=50)


@dataclass
class Office:
    """A root and an issuing authority that publish on a server of this machine."""

    server: Server
    root: Authority
    issuer: Authority
    leader: Identity

    def play(self, line: socket.socket, request: bytes) -> None:
        path = request.split(b" ")[1]
        fresh = AT - timedelta(hours=1)
        if path == b"/root.crl":
            answer(self.root.crl(this_update=fresh))(line, request)
        elif path == b"/issuer.crl":
            answer(self.issuer.crl(this_update=fresh))(line, request)
        elif path == b"/ocsp":
            answer(self.issuer.ocsp(self.leader.certificate, this_update=fresh))(line, request)
        elif path == b"/issuer.cer":
            answer(self.issuer.der)(line, request)
        else:
            answer(b"", status="404 Not Found")(line, request)


def links(server: Server, name: str, *, ocsp: bool = False) -> Links:
    return Links(
        crl=server.url(f"/{name}.crl"),
        ocsp=server.url("/ocsp") if ocsp else "",
        issuer=server.url(f"/{name}.cer"),
    )


@pytest.fixture
def office() -> Iterator[Office]:
    with serving(answer(b"")) as server:
        root = Authority.root(ROOT, now=EARLIER, links=links(server, "root"))
        issuer = root.subordinate(ISSUER, now=EARLIER, links=links(server, "issuer", ocsp=True))
        made = Office(server, root, issuer, issuer.issue(LEADER, now=ISSUED))
        server.script = made.play
        yield made


def ask(office: Office, who: Identity | None = None, **changes: object) -> Gathered:
    who = who or office.leader
    return gather(
        who.der,
        chain=who.chain_der,
        trust=signing.TrustStore.of(office.root.der),
        settings=with_(**changes),
        at=AT,
    )


def test_everything_the_chain_names_is_asked(office: Office) -> None:
    """Lists of both authorities, the responder, the issuer's certificate; then the certificate is proven good."""
    found = ask(office)
    assert [(item.kind, item.url.rpartition("/")[2]) for item in found.fetched] == [
        ("crl", "issuer.crl"),
        ("ocsp", "ocsp"),
        ("certificates", "issuer.cer"),
        ("crl", "root.crl"),
    ]
    assert [(item.reason, item.url.rpartition("/")[2]) for item in found.problems] == [
        (FetchReason.STATUS_REFUSED, "root.cer")
    ]
    result = signing.check_certificate(
        office.leader.der, trust=signing.TrustStore.of(office.root.der), evidence=found.evidence, at=AT
    )
    assert (result.verdict, result.revocation) == ("passed", RevocationState.GOOD)
    assert any(request.startswith(b"POST /ocsp ") for request in office.server.asked)


def test_nobody_is_asked_for_a_chain_that_leads_nowhere(office: Office) -> None:
    """Anybody can write an address into a certificate of their own, under any name."""
    rogue = Authority.root(Subject(common_name="Rogue"), now=EARLIER, links=links(office.server, "issuer"))
    for who in (rogue.issue(LEADER, now=ISSUED), office.leader):
        found = gather(
            who.der,
            chain=(),
            trust=signing.TrustStore.of(office.root.der),
            settings=with_(),
            at=AT,
        )
        assert [item.reason for item in found.problems] == [FetchReason.CHAIN_NOT_TRUSTED]
    without = gather(
        office.leader.der, chain=office.leader.chain_der, trust=signing.TrustStore(), settings=with_(), at=AT
    )
    assert [item.reason for item in without.problems] == [FetchReason.CHAIN_NOT_TRUSTED]
    assert office.server.asked == []


def test_addresses_of_hosts_that_are_not_listed_are_told_and_not_asked(office: Office) -> None:
    """An administrator sees which host is missing."""
    found = ask(office, hosts=frozenset())
    assert {item.reason for item in found.problems} == {FetchReason.HOST_NOT_LISTED}
    assert (found.fetched, office.server.asked) == ((), [])


def test_other_schemes_are_passed_over(office: Office) -> None:
    """LDAP stands beside HTTP in many certificates."""
    issuer = office.root.subordinate(
        Subject(common_name="CA LDAP"), now=EARLIER, links=Links(crl="ldap://ca.example.vn/cn=x")
    )
    found = ask(office, issuer.issue(AGENCY, now=ISSUED))
    assert [item.url.rpartition("/")[2] for item in found.fetched] == ["root.crl"]
    assert all("ldap" not in item.url for item in found.problems)


def test_one_question_asks_a_bounded_number_of_addresses(office: Office) -> None:
    """A chain may name hundreds."""
    found = ask(office, max_fetches=2)
    assert len(found.fetched) == 2
    assert found.problems[-1].reason is FetchReason.TOO_MANY
    assert len(office.server.asked) == 2


def test_a_refusing_responder_stops_nothing_else(office: Office) -> None:
    """OCSP `unauthorized` is an answer without an answer."""
    unauthorized = b"\x30\x03\x0a\x01\x06"

    def play(line: socket.socket, request: bytes) -> None:
        if request.startswith(b"POST"):
            answer(unauthorized)(line, request)
        else:
            office.play(line, request)

    office.server.script = play
    found = ask(office)
    assert FetchReason.RESPONDER_REFUSED in {item.reason for item in found.problems}
    assert {item.kind for item in found.fetched} == {"crl", "certificates"}
