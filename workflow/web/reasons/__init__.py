"""Every reason of the verifier in words; a test holds that none is missing and none is left over."""

from workflow.web.reasons import certificates, changes, files, remarks, signatures
from workflow.web.reasons.meaning import MENDERS, Meaning, Mender

MEANINGS: dict[str, Meaning] = {
    **files.MEANINGS,
    **signatures.MEANINGS,
    **changes.MEANINGS,
    **certificates.MEANINGS,
    **remarks.MEANINGS,
}

REASONS = {code: meaning.title for code, meaning in MEANINGS.items()}
"""Code → the sentence that says what was found."""

__all__ = ["MEANINGS", "MENDERS", "REASONS", "Meaning", "Mender"]
