"""What can be wrong with a certificate and the chain above it."""

from __future__ import annotations

from workflow.web.i18n import N_
from workflow.web.reasons.meaning import (
    EXPERT,
    INTERMEDIATE,
    LIST_ROOT,
    NEW_CERTIFICATE,
    REFUSE,
    RESIGN,
    TIMESTAMP,
    WAIT,
    Meaning,
    Mender,
)

MEANINGS = {
    "certificate_unreadable": Meaning(
        N_("The certificate cannot be read."),
        N_("The certificate is damaged or was made by a faulty program."),
        Mender.AUTHORITY,
        NEW_CERTIFICATE,
    ),
    "no_trust_given": Meaning(
        N_("No trusted root is entered."),
        N_("Nobody has entered yet which authorities are trusted here."),
        Mender.ADMINISTRATOR,
        LIST_ROOT,
    ),
    "issuer_not_found": Meaning(
        N_("The issuer's certificate is missing."),
        N_(
            "The certificate of an authority between the signer and the root is neither in the file nor known here."
        ),
        Mender.ADMINISTRATOR,
        INTERMEDIATE,
    ),
    "root_not_trusted": Meaning(
        N_("The certificate leads to a root that is not listed."),
        N_("The authority is not one that this office trusts, or is a forgery under its name."),
        Mender.ADMINISTRATOR,
        LIST_ROOT,
    ),
    "root_not_for_purpose": Meaning(
        N_("The root is not listed for this purpose."),
        N_("The root is listed for another use, such as timestamps."),
        Mender.ADMINISTRATOR,
        LIST_ROOT,
    ),
    "root_retired": Meaning(
        N_("The root is no longer listed."),
        N_("Trust in the root ended before this signature is proven to exist."),
        Mender.SIGNER,
        RESIGN,
    ),
    "issuer_not_authority": Meaning(
        N_("The issuer may not issue certificates."),
        N_("A person's certificate was used to issue another one."),
        Mender.SENDER,
        REFUSE,
    ),
    "path_too_long": Meaning(
        N_("The chain is longer than the authority allows."),
        N_("An authority issued more levels below itself than it may."),
        Mender.AUTHORITY,
        NEW_CERTIFICATE,
    ),
    "path_constraint": Meaning(
        N_("The chain breaks a rule of the authority."),
        N_("The chain carries conditions that could not be judged."),
        Mender.ADMINISTRATOR,
        EXPERT,
    ),
    "unknown_critical_extension": Meaning(
        N_("The certificate holds a mandatory rule that is not known."),
        N_("Whoever does not understand the rule must not accept the certificate."),
        Mender.ADMINISTRATOR,
        EXPERT,
    ),
    "certificate_signature_wrong": Meaning(
        N_("A certificate of the chain is not signed by the issuer that it names."),
        N_("A certificate was forged, damaged, or names an issuer that did not make it."),
        Mender.SENDER,
        REFUSE,
    ),
    "chain_algorithm_weak": Meaning(
        N_("A certificate of the chain uses a weak algorithm."),
        N_("The certificate itself can be forged today."),
        Mender.AUTHORITY,
        NEW_CERTIFICATE,
    ),
    "chain_algorithm_unknown": Meaning(
        N_("A certificate of the chain uses an algorithm that cannot be checked here."),
        N_("The authority uses an algorithm that this program does not compute."),
        Mender.ADMINISTRATOR,
        EXPERT,
    ),
    "key_usage_wrong": Meaning(
        N_("The certificate is not for signing."),
        N_("The authority issued it for something else, such as encryption."),
        Mender.SIGNER,
        RESIGN,
    ),
    "extended_key_usage_wrong": Meaning(
        N_("The certificate is for another use."),
        N_("The authority issued it for websites, programs or the like."),
        Mender.SIGNER,
        RESIGN,
    ),
    "name_not_permitted": Meaning(
        N_("The certificate carries a name that its authority may not vouch for."),
        N_("The authority may vouch only for names of its own domain or organisation."),
        Mender.AUTHORITY,
        NEW_CERTIFICATE,
    ),
    "policy_not_met": Meaning(
        N_("The chain does not follow a certificate policy that is demanded."),
        N_("The certificates were issued under rules other than those demanded here."),
        Mender.AUTHORITY,
        NEW_CERTIFICATE,
    ),
    "not_yet_valid": Meaning(
        N_("The certificate was not valid yet."),
        N_("It was used before its first day, or a clock was wrong."),
        Mender.SIGNER,
        RESIGN,
    ),
    "expired": Meaning(
        N_("The certificate had expired."),
        N_("It was used after its last day."),
        Mender.SIGNER,
        RESIGN,
    ),
    "expired_no_proof": Meaning(
        N_("The certificate has expired, and nothing proves that the signature is older."),
        N_("The signature carries no timestamp, and was not received here in time."),
        Mender.SIGNER,
        TIMESTAMP,
    ),
    "revoked": Meaning(
        N_("The certificate was revoked."),
        N_("The authority withdrew the certificate before this signature, for instance because its key was lost."),
        Mender.SIGNER,
        RESIGN,
    ),
    "revoked_no_proof": Meaning(
        N_("The certificate is revoked, and nothing proves that the signature is older."),
        N_("The signature carries no timestamp, and was not received here before the revocation."),
        Mender.SIGNER,
        TIMESTAMP,
    ),
    "authority_revoked": Meaning(
        N_("An authority of the chain is revoked."),
        N_("The authority itself lost its standing; whether this happened before the signature is not proven."),
        Mender.SIGNER,
        TIMESTAMP,
    ),
    "chain_revoked": Meaning(
        N_("An authority of the chain was revoked before."),
        N_("The authority itself had lost its standing before."),
        Mender.SIGNER,
        RESIGN,
    ),
    "revocation_unknown": Meaning(
        N_("Whether the certificate is revoked is not known yet."),
        N_("No list and no answer of the authority about this certificate is at hand."),
        Mender.SYSTEM,
        WAIT,
    ),
    "revocation_not_fresh": Meaning(
        N_("The revocation list is older than the signature; a newer one will settle it."),
        N_("Only a list from after the signature proves that the certificate was good then."),
        Mender.SYSTEM,
        WAIT,
    ),
}
