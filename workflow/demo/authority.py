"""The demo's certificate authority. Its keys come from public labels: it proves nothing outside the demo."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import ssl
import textwrap
from pathlib import Path

from signing.testing import Authority, Identity, Links, Profile, Revoked, Subject
from workflow.config import Settings
from workflow.demo.province import FOUNDED, Agency
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.signing import import_crl
from workflow.store.models import TrustRoot
from workflow.store.session import Engine, UnitOfWork, unit_of_work

START = dt.datetime.combine(FOUNDED, dt.time(1), tzinfo=dt.UTC)
PASSWORD = "trinhky-demo"  # noqa: S105  the demo says it on its own pages
ROOT = Subject(common_name="Gốc chứng thực Lam Giang (bản trình diễn)", organisation="Tỉnh Lam Giang (hư cấu)")
ISSUER = Subject(
    common_name="CA cơ quan nhà nước Lam Giang (bản trình diễn)", organisation="Tỉnh Lam Giang (hư cấu)"
)

TIMESTAMPS = Subject(
    common_name="Gốc dấu thời gian Lam Giang (bản trình diễn)", organisation="Tỉnh Lam Giang (hư cấu)"
)
STAMPER = Subject(common_name="TSA Lam Giang (bản trình diễn)", organisation="Tỉnh Lam Giang (hư cấu)")


def root() -> Authority:
    """The root; always the same."""
    return Authority.root(ROOT, now=START, links=Links())


def issuing() -> Authority:
    """The authority that issues to people and offices; always the same."""
    return root().subordinate(ISSUER, now=START)


def tsa_root() -> Authority:
    """The root of the timestamp authority; always the same."""
    return Authority.root(TIMESTAMPS, now=START)


def tsa() -> Identity:
    """What stamps."""
    return tsa_root().tsa(STAMPER, now=START)


def person(authority: Authority, agency: Agency, *, name: str, title: str, number: int, days: int) -> Identity:
    """A person's certificate with a masked-to-be citizen number, `days` long from the founding of the tier."""
    subject = Subject(
        common_name=name, title=title, organisation=agency.name, locality=agency.place, province="Lam Giang",
        uids=(f"CCCD:0990{number:08d}", "MST:9900000001"),
    )  # fmt: skip
    return authority.issue(subject, Profile.PERSON, now=START, days=days)


def organisation(authority: Authority, agency: Agency, *, number: int) -> Identity:
    """An agency's certificate for numbers and seals."""
    subject = Subject(
        common_name=agency.name, organisation="Tỉnh Lam Giang (hư cấu)", locality=agency.place,
        uids=(f"MST:99{number:08d}", f"MNS:9{number:06d}"),
    )  # fmt: skip
    return authority.issue(subject, Profile.ORGANISATION, now=START, days=3 * 365)


PERSON_CNF = b"""\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def for_openssl() -> dict[str, bytes]:
    """Files with which a visitor lets the authority issue to a key of openssl; `ca.key` is the secret one."""
    issuer = issuing()
    key = "\n".join(textwrap.wrap(base64.b64encode(issuer.identity.key_der).decode(), 64))
    return {
        "ca.key": f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n".encode(),
        "ca.pem": ssl.DER_cert_to_PEM_cert(issuer.der).encode(),
        "root.pem": "".join(ssl.DER_cert_to_PEM_cert(one.der) for one in (root(), tsa_root())).encode(),
        "person.cnf": PERSON_CNF,
    }


def folder(settings: Settings) -> Path:
    """Where the authority's files lie: beside the documents."""
    return Path(settings.blob_url).parent / "authority"


def list_root(uow: UnitOfWork, *, now: dt.datetime) -> None:
    """Trust the demo's roots, marked so that production refuses to serve with them."""
    for der, label, purposes in (
        (root().der, "Lam Giang (bản trình diễn)", ["person", "seal"]),
        (tsa_root().der, "Dấu thời gian Lam Giang (bản trình diễn)", ["tsa"]),
    ):
        uow.add(
            TrustRoot(
                sha256=hashlib.sha256(der).hexdigest(), der=der, label=label, kind="demo", purposes=purposes,
                added_at=now,
            )
        )  # fmt: skip


def publish(
    engine: Engine, *, at: dt.datetime, revoked: tuple[Revoked, ...] = (), folder: Path | None = None
) -> None:
    """The authorities' revocation lists as of a moment; entries that lie ahead of it are left out. `folder`: laid
    down there as well, for programs that know nothing of the database."""
    known = tuple(entry for entry in revoked if entry.at <= at)
    for name, authority, entries in (("root", root(), ()), ("ca", issuing(), known), ("tsa", tsa_root(), ())):
        der = authority.crl(this_update=at, next_update=at + dt.timedelta(days=2), number=int(at.timestamp()),
                            revoked=entries)  # fmt: skip
        with unit_of_work(engine) as uow:
            import_crl(uow, SYSTEM_ACTOR, der=der, issuer=authority.der, source="demo", now=at)
            uow.commit()
        if folder is not None:
            _lay_down(folder / f"{name}.crl", der)


def _lay_down(path: Path, data: bytes) -> None:
    """Whole or not at all: somebody may be reading the one before."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(data)
    fresh.replace(path)
