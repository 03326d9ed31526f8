"""The certificate behind the signature: rogue authorities, dates, usage, revocation; whole files and lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from signing.prepare import der
from signing.prepare.cms import attribute
from signing.testing.attacks.case import Case, Difference, Question, bad, good
from signing.testing.attacks.keys import rsa_key
from signing.testing.attacks.letter import signed
from signing.testing.attacks.office import AT, CLERK, DAY, FOUNDED, HOUR, ISSUED, SIGNED, Office
from signing.testing.attacks.recipe import Recipe
from signing.testing.attacks.stamps import timestamped
from signing.testing.attacks.updates import with_store
from signing.testing.authority import Authority
from signing.testing.certificates import Defect
from signing.testing.identity import Identity
from signing.testing.keys import KeyKind, key
from signing.testing.revocation import CrlOptions, Revoked
from signing.testing.subjects import ISSUER, LEADER, Subject

REVOCATION_ARCHIVE = "1.2.840.113583.1.1.8"
Ask = Callable[[Office], Question]


def _leaf(*defects: Defect, **more: object) -> Callable[[Office], bytes]:
    return lambda office: signed(office, who=office.person(*defects, **more)).data  # type: ignore[arg-type]


def _with(crl: Callable[[Office], bytes], *, at: datetime = AT) -> Ask:
    """The authorities' lists, and this one from the issuing authority."""
    return lambda office: Question(crls=(*office.authority_crls, crl(office)), at=at)


def _below(office: Office, issuer: Callable[[Office], Authority]) -> bytes:
    return signed(office, who=office.person(by=issuer(office))).data


def _asking(issuer: Callable[[Office], Authority]) -> Ask:
    """The lists of the authority that this case has made."""

    def ask(office: Office) -> Question:
        made = issuer(office)
        return Question(crls=(*office.authority_crls, made.crl(this_update=AT - HOUR)))

    return ask


def _issuer(*defects: Defect, path_length: int | None = 0) -> Callable[[Office], Authority]:
    subject = Subject(common_name=f"CA {'-'.join(defects)}", organisation=ISSUER.organisation)
    return lambda office: office.root.subordinate(
        subject, now=FOUNDED + DAY, defects=defects, path_length=path_length
    )


def _too_deep(office: Office) -> Authority:
    """An authority below one that may have none below it."""
    subject = Subject(common_name="CA cấp ba", organisation=ISSUER.organisation)
    return office.issuer.subordinate(subject, now=FOUNDED + DAY)


def _by_a_person(office: Office) -> Authority:
    """A clerk's certificate that issues."""
    identity = office.issuer.issue(CLERK, now=ISSUED - DAY, private=key(KeyKind.P256, "clerk issues"))
    return Authority(identity=identity)


def _self_signed(office: Office) -> bytes:
    """The leader's name, title and numbers, signed by nobody but itself."""
    own = Authority.root(LEADER, now=ISSUED, private=rsa_key("stranger"))
    return signed(office, who=own.identity).data


def _rogue(office: Office, *, with_root: bool) -> bytes:
    who = office.person(by=office.rogue_issuer)
    chain = who.chain_der if with_root else who.chain_der[:1]
    recipe = Recipe(certificates=lambda identity: (identity.der, *chain))
    return signed(office, who=who, way=recipe.way()).data


def _rogue_signed_by_name(office: Office) -> bytes:
    """An issuing authority of the true name, with a key of its own, that the true root never saw."""
    fake = office.rogue.subordinate(now=FOUNDED + DAY, private=key(KeyKind.P256, "rogue issuer"))
    who = Identity(
        certificate=office.person(by=fake).certificate,
        key=rsa_key("leader"),
        chain=(office.issuer.certificate, office.root.certificate),
    )
    return signed(office, who=who).data


def _listed(at: datetime, *, reason: str = "keyCompromise", this_update: datetime = AT - HOUR) -> Ask:
    """The leader's certificate stands in the list, revoked at this time."""
    return _with(lambda office: office.issuer_crl(this_update, Revoked(office.leader.serial, at, reason)))


def _both(*orders: str) -> Ask:
    """An old list in which the certificate is good, and the newest, in which it is revoked."""

    def ask(office: Office) -> Question:
        old = office.issuer_crl(SIGNED - HOUR)
        new = office.issuer_crl(AT - HOUR, Revoked(office.leader.serial, SIGNED - DAY, "keyCompromise"), number=2)
        return Question(crls=(*office.authority_crls, *({"old": old, "new": new}[one] for one in orders)))

    return ask


def _embedded_old_good(office: Office) -> bytes:
    """The file carries a list from before the revocation; the verifier has the newer one."""
    old = office.issuer_crl(SIGNED + timedelta(minutes=30))
    return with_store(signed(office), office, crls=(old, *office.authority_crls)).data


def _embedded_old_answer(office: Office) -> bytes:
    """The same with an OCSP answer inside the CMS."""
    answer = office.issuer.ocsp(office.leader.certificate, this_update=SIGNED - HOUR, next_update=SIGNED + DAY)
    archive = attribute(REVOCATION_ARCHIVE, der.sequence(der.explicit(1, der.sequence(answer))))
    recipe = Recipe(attributes=lambda who, three: [*three, archive])
    return signed(office, way=recipe.way()).data


def _answered(office: Office, responder: Identity) -> bytes:
    """A good answer from after the signature, carried in the CMS, by this responder."""
    answer = office.issuer.ocsp(
        office.leader.certificate, this_update=AT - HOUR, next_update=AT + DAY, responder=responder
    )
    archive = attribute(REVOCATION_ARCHIVE, der.sequence(der.explicit(1, der.sequence(answer))))
    recipe = Recipe(attributes=lambda who, three: [*three, archive])
    return signed(office, way=recipe.way()).data


def _options(**options: object) -> Ask:
    chosen = CrlOptions(**options)  # type: ignore[arg-type]
    return _with(lambda office: office.issuer.crl(this_update=AT - HOUR, options=chosen))


def _delta_revokes(office: Office) -> Question:
    """The base says good, the delta that belongs to it says revoked."""
    base = office.issuer.crl(this_update=AT - 2 * HOUR, number=5)
    delta = office.issuer.crl(
        this_update=AT - HOUR,
        number=6,
        revoked=(Revoked(office.leader.serial, SIGNED - DAY, "keyCompromise"),),
        options=CrlOptions(delta_of=5),
    )
    return Question(crls=(*office.authority_crls, base, delta))


def _only_delta(office: Office) -> Question:
    delta = office.issuer.crl(this_update=AT - HOUR, number=6, options=CrlOptions(delta_of=5))
    return Question(crls=(*office.authority_crls, delta))


def _flipped(office: Office) -> bytes:
    raw = office.fresh_crl
    return raw[:-1] + bytes([raw[-1] ^ 1])


def _no_lists(office: Office) -> Question:
    return Question(crls=())


def _authority_revoked(office: Office) -> Question:
    entry = Revoked(office.issuer.identity.serial, SIGNED - 10 * DAY, "cACompromise")
    root_list = office.root.crl(this_update=AT - HOUR, next_update=AT + 90 * DAY, revoked=(entry,), number=9)
    return Question(crls=(root_list, *office.authority_crls, office.fresh_crl))


def _only_tsa_root(office: Office) -> Question:
    return Question(roots=(office.tsa_root.der,))


def _no_roots(office: Office) -> Question:
    return Question(roots=())


def _long_after(office: Office) -> Question:
    """Two years on: the certificate has expired, nothing proves when it signed."""
    later = SIGNED + timedelta(days=1500)
    lists = (
        office.issuer_crl(later - HOUR),
        office.root.crl(this_update=later - DAY, next_update=later + 90 * DAY),
    )
    return Question(crls=lists, at=later)


def _short_lived(office: Office) -> bytes:
    return signed(office, who=office.person(now=ISSUED, days=30 + 1)).data


@dataclass(frozen=True, slots=True)
class _Lists:
    """Lists that expire-later cases need."""

    at: datetime

    def __call__(self, office: Office) -> Question:
        month = 30 * DAY
        lists = (
            office.root.crl(this_update=self.at - DAY, next_update=self.at + month),
            office.tsa_root.crl(this_update=self.at - HOUR, next_update=self.at + month),
            office.issuer_crl(self.at - HOUR),
        )
        return Question(crls=lists, at=self.at)


def _honest(office: Office) -> bytes:
    return signed(office).data


_SAME = {"twin": "plain/one-signature", "differs": Difference.NOTHING}
_OTHER = {"twin": "plain/one-signature"}
_REVOKED_AFTER = _listed(SIGNED + 2 * HOUR)

GOOD: tuple[Case, ...] = (
    good(
        "path/another-was-revoked",
        "somebody else stands in the list",
        _honest,
        ask=_with(lambda office: office.issuer_crl(AT - HOUR, Revoked(office.clerk.serial, SIGNED - DAY))),
    ),
    good("path/only-users-list", "a list about users only (IDP)", _honest, ask=_options(only_user=True)),
    good(
        "path/revoked-after-timestamp",
        "revoked after a timestamp had proven the signature",
        timestamped,
        ask=_REVOKED_AFTER,
    ),
    good(
        "path/expired-after-timestamp",
        "expired since; a timestamp proves that it was valid",
        lambda office: timestamped(office, who=office.person(now=ISSUED, days=31)),
        ask=_Lists(SIGNED + 12 * HOUR),
    ),
    good(
        "path/old-list-beside-new",
        "an older list beside the newest one",
        _honest,
        ask=lambda office: Question(
            crls=(office.issuer_crl(SIGNED - 3 * DAY), *office.authority_crls, office.fresh_crl)
        ),
    ),
    good(
        "path/delegated-answer",
        "an OCSP answer by a delegated responder, carried in the CMS",
        lambda office: _answered(office, office.issuer.responder(now=ISSUED)),
        ask=lambda office: Question(crls=office.authority_crls),
    ),
)

BAD: tuple[Case, ...] = (
    bad("path/self-signed", "the leader's names in a certificate that signed itself", _self_signed, **_OTHER),
    bad(
        "path/rogue-root-inside",
        "an authority of the same name, its root in the file",
        lambda office: _rogue(office, with_root=True),
        **_OTHER,
    ),
    bad(
        "path/rogue-root-left-out",
        "the same with its root left out",
        lambda office: _rogue(office, with_root=False),
        **_OTHER,
    ),
    bad(
        "path/rogue-issuer-same-name",
        "an issuer of the true name that the true root never saw",
        _rogue_signed_by_name,
        **_OTHER,
    ),
    bad("path/other-roots-listed", "a root for timestamps only is listed", _honest, ask=_only_tsa_root, **_SAME),
    bad("path/no-root-listed", "no root is listed", _honest, ask=_no_roots, **_SAME).about(
        path=("incomplete", "untrusted"), integrity="intact"
    ),
    bad("path/expired-before", "expired before it signed", _leaf(Defect.EXPIRED, now=SIGNED), **_OTHER),
    bad("path/not-yet-valid", "not valid yet when it signed", _leaf(Defect.NOT_YET_VALID, now=AT + HOUR), **_OTHER),
    bad(
        "path/expired-since",
        "expired since, without any proof that it signed before",
        _short_lived,
        ask=_long_after,
        **_OTHER,
    ),
    bad("path/key-encipherment", "a certificate for encryption", _leaf(Defect.WRONG_USAGE), **_OTHER),
    bad("path/web-server", "a certificate for web servers", _leaf(Defect.WRONG_PURPOSE), **_OTHER),
    bad("path/forged", "the authority's signature on the certificate is wrong", _leaf(Defect.FORGED), **_OTHER),
    bad(
        "path/unknown-critical", "a critical extension that nobody knows", _leaf(Defect.UNKNOWN_CRITICAL), **_OTHER
    ),
    bad("path/certificate-by-sha1", "the certificate was signed with SHA-1", _leaf(Defect.SHA1), **_OTHER),
    *(
        bad(
            f"path/{name}",
            says,
            partial(_below, issuer=issuer),
            ask=_asking(issuer),
            **_OTHER,
        )
        for name, says, issuer in (
            ("issuer-not-authority", "an issuer that is no authority", _issuer(Defect.NOT_A_CA)),
            ("issuer-without-usage", "an issuer that may not sign certificates", _issuer(Defect.NO_CERT_SIGN)),
            ("issuer-forged", "the root's signature on the issuer is wrong", _issuer(Defect.FORGED)),
            (
                "issuer-unknown-critical",
                "an issuer with a critical extension that nobody knows",
                _issuer(Defect.UNKNOWN_CRITICAL),
            ),
            ("issuer-expired", "an issuer that had expired", _issuer(Defect.EXPIRED)),
            ("too-deep", "an authority below one that may have none", _too_deep),
            ("issued-by-a-person", "issued by a person's certificate", _by_a_person),
        )
    ),
    bad("path/revoked-before", "revoked before it signed", _honest, ask=_listed(SIGNED - DAY), **_SAME).about(
        revocation="revoked", integrity="intact"
    ),
    bad(
        "path/revoked-after",
        "revoked since, without any proof that it signed before",
        _honest,
        ask=_REVOKED_AFTER,
        **_SAME,
    ).about(revocation="revoked", integrity="intact"),
    bad(
        "path/revoked-without-reason",
        "revoked before, no reason given",
        _honest,
        ask=_listed(SIGNED - DAY, reason=""),
        **_SAME,
    ),
    bad(
        "path/on-hold",
        "on hold when it signed",
        _honest,
        ask=_listed(SIGNED - DAY, reason="certificateHold"),
        **_SAME,
    ),
    bad(
        "path/revoked-old-list-first",
        "an old list says good, the newest revoked",
        _honest,
        ask=_both("old", "new"),
        **_SAME,
    ),
    bad(
        "path/revoked-old-list-last",
        "the same, handed over in the other order",
        _honest,
        ask=_both("new", "old"),
        **_SAME,
    ),
    bad(
        "path/revoked-by-delta", "the base list says good, its delta revoked", _honest, ask=_delta_revokes, **_SAME
    ),
    bad(
        "path/embedded-old-good",
        "the file carries an old good list, the newest says revoked",
        _embedded_old_good,
        ask=_listed(SIGNED - DAY),
        twin="update/evidence",
    ),
    bad(
        "path/embedded-old-answer",
        "the CMS carries an old good answer, the newest list says revoked",
        _embedded_old_answer,
        ask=_listed(SIGNED - DAY),
        **_OTHER,
    ),
    bad("path/authority-revoked", "the issuing authority was revoked", _honest, ask=_authority_revoked, **_SAME),
    bad("path/no-lists", "nothing is known about revocation", _honest, ask=_no_lists, **_SAME).about(
        revocation=("unknown", "not_checked"), integrity="intact"
    ),
    bad(
        "path/list-before-signature",
        "the newest list is older than the signature",
        _honest,
        ask=_with(lambda office: office.issuer_crl(SIGNED - HOUR)),
        **_SAME,
    ),
    bad(
        "path/list-out-of-date",
        "the list ended before the signature",
        _honest,
        ask=_with(lambda office: office.issuer_crl(SIGNED - 20 * DAY)),
        **_SAME,
    ),
    bad(
        "path/list-of-another-issuer",
        "the list of another authority",
        _honest,
        ask=_with(lambda office: office.tsa_root.crl(this_update=AT - HOUR)),
        **_SAME,
    ),
    bad(
        "path/list-by-namesake",
        "the list of an authority of the same name and another key",
        _honest,
        ask=_with(lambda office: office.rogue_issuer.crl(this_update=AT - HOUR)),
        **_SAME,
    ),
    bad("path/list-forged", "the list's signature is wrong", _honest, ask=_with(_flipped), **_SAME),
    bad(
        "path/list-about-authorities",
        "a list about authorities only (IDP)",
        _honest,
        ask=_options(only_ca=True),
        **_SAME,
    ),
    bad(
        "path/list-of-another-place",
        "a list for another distribution point (IDP)",
        _honest,
        ask=_options(point="http://crl.example.vn/other.crl"),
        **_SAME,
    ),
    bad("path/only-a-delta", "a delta list without its base", _honest, ask=_only_delta, **_SAME),
    bad(
        "path/answer-by-stranger",
        "an OCSP answer by somebody without the right",
        lambda office: _answered(office, office.clerk),
        ask=lambda office: Question(crls=office.authority_crls),
        **_OTHER,
    ),
    bad(
        "path/answer-by-rogue",
        "an OCSP answer by a rogue's responder",
        lambda office: _answered(office, office.rogue_issuer.responder(now=ISSUED)),
        ask=lambda office: Question(crls=office.authority_crls),
        **_OTHER,
    ),
)

CASES = (*GOOD, *BAD)
