"""What can be wrong with a signature itself, or with its timestamp."""

from __future__ import annotations

from workflow.web.i18n import N_
from workflow.web.reasons.meaning import (
    EXPERT,
    GIVE_FILE,
    LIST_ROOT,
    REFUSE,
    RESIGN,
    RESIGN_PROGRAM,
    TIMESTAMP,
    Meaning,
    Mender,
)

MEANINGS = {
    "cms_unreadable": Meaning(
        N_("The signature's structure cannot be read."),
        N_("The signature was damaged or written by a faulty program."),
        Mender.SENDER,
        REFUSE,
    ),
    "format_not_supported": Meaning(
        N_("This kind of signature cannot be judged here."),
        N_("It follows an old or foreign standard."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "signature_malformed": Meaning(
        N_("What stands in the place of a signature is none."),
        N_("A signature field holds something that programs may skip in silence."),
        Mender.SENDER,
        REFUSE,
    ),
    "padding_not_zero": Meaning(
        N_("Something is hidden behind the signature."),
        N_("Bytes that nobody signed stand behind the signature."),
        Mender.SENDER,
        REFUSE,
    ),
    "several_signers": Meaning(
        N_("The signature names several signers."),
        N_("One signature of a document may have one signer only, so that nobody is taken for another."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "content_attached": Meaning(
        N_("The signature carries content of its own."),
        N_("It may be a signature over something else, moved into this file."),
        Mender.SENDER,
        REFUSE,
    ),
    "signed_attributes_missing": Meaning(
        N_("The signature lacks its signed attributes."),
        N_("Without them a signature can be moved to another document."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "content_is_attributes": Meaning(
        N_("The content is a part of another signature, passed off as a document."),
        N_("A genuine signature was taken from elsewhere and given a content that its signer never saw."),
        Mender.SENDER,
        REFUSE,
    ),
    "content_missing": Meaning(
        N_("The signed file was not given."),
        N_("The signature stands in a file of its own; without the signed file it proves nothing."),
        Mender.READER,
        GIVE_FILE,
    ),
    "attribute_doubled": Meaning(
        N_("An attribute stands twice."),
        N_("Two programs could read two different values."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "content_type_wrong": Meaning(
        N_("The signature is for another kind of content."),
        N_("It was made for something else than a document, such as a timestamp."),
        Mender.SENDER,
        REFUSE,
    ),
    "digest_missing": Meaning(
        N_("The signature lacks the digest of the content."),
        N_("Nothing ties the signature to this content."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "digest_mismatch": Meaning(
        N_("The content was changed after it was signed."),
        N_("What is in the file is not what was signed: it was edited, damaged, or belongs to another signature."),
        Mender.SENDER,
        REFUSE,
    ),
    "algorithms_disagree": Meaning(
        N_("The algorithms named do not agree."),
        N_("The signature says in two places how it was made, and the places contradict each other."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "certificate_not_found": Meaning(
        N_("The signer's certificate is missing."),
        N_("The file does not hold the certificate that the signature needs to be checked with."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "signing_certificate_missing": Meaning(
        N_("The signature does not say which certificate made it."),
        N_("Another certificate for the same key could be put in its place."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "signing_certificate_mismatch": Meaning(
        N_("The signature names another certificate."),
        N_("The certificate in the file was exchanged, or the signing program made a mistake."),
        Mender.SENDER,
        REFUSE,
    ),
    "signature_wrong": Meaning(
        N_("The signature was not made by this key."),
        N_("The signature was damaged, forged, or belongs to another certificate."),
        Mender.SENDER,
        REFUSE,
    ),
    "algorithm_weak": Meaning(
        N_("The algorithm is too weak to prove anything."),
        N_("SHA-1, MD5 or a short key was used, which can be forged today."),
        Mender.SIGNER,
        RESIGN,
    ),
    "algorithm_ended": Meaning(
        N_("The algorithm's time is over, and nothing proves that the signature is older."),
        N_("It was acceptable until a day that the policy names; a timestamp from before that day would prove it."),
        Mender.SIGNER,
        RESIGN,
    ),
    "algorithm_unknown": Meaning(
        N_("An algorithm of the signature is not known here."),
        N_("It is newer or rarer than what this program computes."),
        Mender.ADMINISTRATOR,
        EXPERT,
    ),
    "timestamp_invalid": Meaning(
        N_("The timestamp is not valid."),
        N_("A timestamp is there, but does not belong to this signature or was not made by a proper authority."),
        Mender.SIGNER,
        TIMESTAMP,
    ),
    "timestamp_not_proven": Meaning(
        N_("The timestamp proves nothing yet."),
        N_("The authority of the timestamp is not listed here, or its own state is not known yet."),
        Mender.ADMINISTRATOR,
        LIST_ROOT,
    ),
}
