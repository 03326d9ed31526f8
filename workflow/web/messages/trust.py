"""Messages about roots and revocation lists."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "crl_unreadable": Message(
        N_("This is no revocation list."), NOTHING_CHANGED, N_("Take the .crl file that the authority publishes.")
    ),
    "crl_signature": Message(
        N_("The list was not signed by the authority it names."),
        NOTHING_CHANGED,
        N_("Fetch it again from the authority itself."),
    ),
    "crl_issuer": Message(
        N_("The authority “%(name)s” is not known here."),
        NOTHING_CHANGED,
        N_("List its root first, or enrol a certificate whose chain names it."),
    ),
    "sunset_algorithm": Message(N_("This algorithm is not in the list."), NOTHING_CHANGED),
    "sunset_past": Message(
        N_("This day is past or today."),
        NOTHING_CHANGED,
        N_("Choose a day to come: what was decided stays decided."),
    ),
    "sunset_listed_already": Message(
        N_("A day is listed for this algorithm already."), NOTHING_CHANGED, N_("Have that one taken away first.")
    ),
    "sunset_decided_already": Message(N_("This day is in force already."), NOTHING_CHANGED),
    "policy_unknown": Message(N_("There is no such policy."), NOTHING_CHANGED),
    "policy_unchanged": Message(
        N_("This policy is in force already."), NOTHING_CHANGED, N_("Choose the other one, or go back.")
    ),
    "root_file": Message(
        N_("This file does not hold exactly one certificate."),
        NOTHING_CHANGED,
        N_("Take the root's own .cer, .crt or .pem file, without its intermediate certificates."),
    ),
    "fingerprint_length": Message(
        N_("A SHA-256 fingerprint has 64 digits; %(typed)s were typed."),
        NOTHING_CHANGED,
        N_("Type it from the paper once more, and choose the file again where one was asked for."),
    ),
    "fingerprint_differs": Message(
        N_("What was typed is not the fingerprint of this certificate."),
        NOTHING_CHANGED,
        N_(
            "Compare digit by digit. If the paper really says this, the file is another certificate: do not use it."
        ),
    ),
    "root_no_authority": Message(
        N_("The certificate of “%(name)s” is not that of an authority: it may not issue certificates."),
        NOTHING_CHANGED,
        N_("Take the certificate of the root itself."),
    ),
    "root_not_self_signed": Message(
        N_("The certificate of “%(name)s” was issued by another authority, so it is no root."),
        NOTHING_CHANGED,
        N_("Take the certificate at the upper end of its chain."),
    ),
    "root_key_weak": Message(
        N_("The key of “%(name)s” is too weak: RSA needs 2048 bits, or a named curve of 256."),
        NOTHING_CHANGED,
        N_("Ask the authority for its present root."),
    ),
    "root_listed_already": Message(
        N_("This root is listed already."), NOTHING_CHANGED, N_("Amend the listed one instead.")
    ),
    "root_unchanged": Message(
        N_("Nothing differs from what is listed."), NOTHING_CHANGED, N_("Change something, or go back.")
    ),
    "root_purposes": Message(N_("Choose at least one purpose."), NOTHING_CHANGED),
    "root_kind": Message(N_("There is no such kind of root."), NOTHING_CHANGED),
    "root_scope": Message(
        N_("One of these agencies does not exist."), NOTHING_CHANGED, N_("Choose from the list.")
    ),
    "root_not_found": Message(
        N_("This root is not listed (any more)."), NOTHING_CHANGED, N_("Go back to the list of roots.")
    ),
    "trust_change_not_found": Message(N_("There is no such change."), "", N_("Go back to the list of roots.")),
    "trust_change_waits_already": Message(
        N_("A change of the same thing waits already."),
        NOTHING_CHANGED,
        N_("Have it decided or taken back first."),
    ),
    "trust_second_person": Message(
        N_("Who proposed a change may not decide on it."), NOTHING_CHANGED, N_("Ask another administrator.")
    ),
    "trust_not_proposer": Message(
        N_("Only who proposed a change can take it back."), NOTHING_CHANGED, N_("Refuse it instead, with a reason.")
    ),
    "trust_report_missing": Message(
        N_("The report is not complete yet."), NOTHING_CHANGED, N_("Wait for it, then decide.")
    ),
    "trust_report_stale": Message(
        N_("The list of roots was changed after this report was made."),
        NOTHING_CHANGED,
        N_("The report is being made anew; look at it, then decide."),
    ),
    "trust_change_decided": Message(
        N_("This change was decided or taken back meanwhile."), NOTHING_CHANGED, N_("Load the page again.")
    ),
    "trust_count_overtaken": Message(
        N_("Another process counts this change already."), NOTHING_CHANGED, N_("Wait a little.")
    ),
}
