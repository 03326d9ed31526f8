"""Every reason a verdict can give, with its weight and its ETSI EN 319 102-1 sub-indication.

A reason weighs FAILED (the signature is bad), INDETERMINATE (not enough is known) or PASSED (a remark). The
worst weight decides, so that an open question never rounds up to yes. The order here is the order of display.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Conclusion(StrEnum):
    """`UNSIGNED` and `MALFORMED` are said of documents only."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"
    UNSIGNED = "unsigned"
    MALFORMED = "malformed"


class SubIndication(StrEnum):
    """EN 319 102-1 V1.3.1, table 5."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    NO_POE = "NO_POE"
    TRY_LATER = "TRY_LATER"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    POLICY_PROCESSING_ERROR = "POLICY_PROCESSING_ERROR"
    GENERIC = "GENERIC"


class Reason(StrEnum):
    # the file
    FILE_UNREADABLE = "file_unreadable"
    EMPTY = "empty"
    NOT_A_PDF = "not_a_pdf"
    TRUNCATED = "truncated"
    NOT_A_SIGNATURE = "not_a_signature"
    GARBAGE_AFTER_EOF = "garbage_after_eof"
    RESOURCE_LIMIT = "resource_limit"
    NEEDS_CAREFUL_CHECK = "needs_careful_check"
    SIGNATURE_WITHOUT_FIELD = "signature_without_field"
    ENCRYPTED = "encrypted"
    STRUCTURE_UNREADABLE = "structure_unreadable"
    SECOND_FORMAT = "second_format"
    TWO_READINGS = "two_readings"
    CONTENT_OUTSIDE = "content_outside"
    # which bytes
    SIGNATURE_SHARED = "signature_shared"
    BYTE_RANGE_MALFORMED = "byte_range_malformed"
    CONTENTS_MALFORMED = "contents_malformed"
    BYTE_RANGE_GAP = "byte_range_gap"
    BYTE_RANGE_END = "byte_range_end"
    # the signature
    CMS_UNREADABLE = "cms_unreadable"
    FORMAT_NOT_SUPPORTED = "format_not_supported"
    SIGNATURE_MALFORMED = "signature_malformed"
    PADDING_NOT_ZERO = "padding_not_zero"
    SEVERAL_SIGNERS = "several_signers"
    CONTENT_ATTACHED = "content_attached"
    SIGNED_ATTRIBUTES_MISSING = "signed_attributes_missing"
    CONTENT_IS_ATTRIBUTES = "content_is_attributes"
    CONTENT_MISSING = "content_missing"
    ATTRIBUTE_DOUBLED = "attribute_doubled"
    CONTENT_TYPE_WRONG = "content_type_wrong"
    DIGEST_MISSING = "digest_missing"
    DIGEST_MISMATCH = "digest_mismatch"
    ALGORITHMS_DISAGREE = "algorithms_disagree"
    CERTIFICATE_NOT_FOUND = "certificate_not_found"
    SIGNING_CERTIFICATE_MISSING = "signing_certificate_missing"
    SIGNING_CERTIFICATE_MISMATCH = "signing_certificate_mismatch"
    SIGNATURE_WRONG = "signature_wrong"
    ALGORITHM_WEAK = "algorithm_weak"
    ALGORITHM_ENDED = "algorithm_ended"
    ALGORITHM_UNKNOWN = "algorithm_unknown"
    # what came later, and where it stands
    CHANGED_AFTER_SIGNING = "changed_after_signing"
    APPEARANCE_CHANGED = "appearance_changed"
    CHANGE_NOT_PERMITTED = "change_not_permitted"
    CERTIFICATION_NOT_FIRST = "certification_not_first"
    UNEXPLAINED_CHANGE = "unexplained_change"
    ANNOTATED_LATER = "annotated_later"
    FIELD_REFILLED = "field_refilled"
    UNSIGNED_FIELD_SHOWN = "unsigned_field_shown"
    FIELD_MOVED = "field_moved"
    FIELD_DOUBLED = "field_doubled"
    WRONG_OWNER = "wrong_owner"
    APPEARANCE_NOT_PLAIN = "appearance_not_plain"
    TEXT_DIFFERS = "text_differs"
    TEXT_UNREADABLE = "text_unreadable"
    COVERS_EARLIER_SIGNATURE = "covers_earlier_signature"
    COVERS_CONTENT = "covers_content"
    FIELD_TOO_LARGE = "field_too_large"
    # time
    TIMESTAMP_INVALID = "timestamp_invalid"
    TIMESTAMP_NOT_PROVEN = "timestamp_not_proven"
    # the certificate and its path
    CERTIFICATE_UNREADABLE = "certificate_unreadable"
    NO_TRUST_GIVEN = "no_trust_given"
    ISSUER_NOT_FOUND = "issuer_not_found"
    ROOT_NOT_TRUSTED = "root_not_trusted"
    ROOT_NOT_FOR_PURPOSE = "root_not_for_purpose"
    ROOT_RETIRED = "root_retired"
    ISSUER_NOT_AUTHORITY = "issuer_not_authority"
    PATH_TOO_LONG = "path_too_long"
    PATH_CONSTRAINT = "path_constraint"
    UNKNOWN_CRITICAL_EXTENSION = "unknown_critical_extension"
    CHAIN_ALGORITHM_WEAK = "chain_algorithm_weak"
    KEY_USAGE_WRONG = "key_usage_wrong"
    EXTENDED_KEY_USAGE_WRONG = "extended_key_usage_wrong"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    EXPIRED_NO_PROOF = "expired_no_proof"
    REVOKED = "revoked"
    REVOKED_NO_PROOF = "revoked_no_proof"
    AUTHORITY_REVOKED = "authority_revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    REVOCATION_NOT_FRESH = "revocation_not_fresh"
    CERTIFICATE_SIGNATURE_WRONG = "certificate_signature_wrong"
    CHAIN_ALGORITHM_UNKNOWN = "chain_algorithm_unknown"
    NAME_NOT_PERMITTED = "name_not_permitted"
    POLICY_NOT_MET = "policy_not_met"
    CHAIN_REVOKED = "chain_revoked"
    # remarks
    REVOCATION_WITHIN_GRACE = "revocation_within_grace"
    REVOKED_LATER = "revoked_later"
    LATER_VISIBLE_SIGNATURE = "later_visible_signature"
    UNPLANNED_FIELD = "unplanned_field"
    FORM_FILLED_LATER = "form_filled_later"
    ANNOTATED_ASIDE = "annotated_aside"
    ACTIVE_CONTENT = "active_content"
    EVIDENCE_UNREADABLE = "evidence_unreadable"
    SIGNED_ATTRIBUTES_ABSENT = "signed_attributes_absent"
    SIGNING_CERTIFICATE_UNNAMED = "signing_certificate_unnamed"


_FAILED, _OPEN, _REMARK = Conclusion.FAILED, Conclusion.INDETERMINATE, Conclusion.PASSED
_S = SubIndication

WEIGHTS: dict[Reason, tuple[Conclusion, SubIndication | None]] = {
    Reason.FILE_UNREADABLE: (Conclusion.MALFORMED, None),
    Reason.EMPTY: (Conclusion.MALFORMED, _S.FORMAT_FAILURE),
    Reason.NOT_A_PDF: (Conclusion.MALFORMED, _S.FORMAT_FAILURE),
    Reason.TRUNCATED: (Conclusion.MALFORMED, _S.FORMAT_FAILURE),
    Reason.NOT_A_SIGNATURE: (Conclusion.MALFORMED, _S.FORMAT_FAILURE),
    Reason.GARBAGE_AFTER_EOF: (_FAILED, _S.FORMAT_FAILURE),
    Reason.RESOURCE_LIMIT: (_OPEN, _S.GENERIC),
    Reason.NEEDS_CAREFUL_CHECK: (_OPEN, _S.GENERIC),
    Reason.SIGNATURE_WITHOUT_FIELD: (_OPEN, _S.FORMAT_FAILURE),
    Reason.ENCRYPTED: (_OPEN, _S.GENERIC),
    Reason.STRUCTURE_UNREADABLE: (_OPEN, _S.FORMAT_FAILURE),
    Reason.SECOND_FORMAT: (_OPEN, _S.FORMAT_FAILURE),
    Reason.TWO_READINGS: (_FAILED, _S.FORMAT_FAILURE),
    Reason.CONTENT_OUTSIDE: (_OPEN, _S.FORMAT_FAILURE),
    Reason.SIGNATURE_SHARED: (_FAILED, _S.FORMAT_FAILURE),
    Reason.BYTE_RANGE_MALFORMED: (_FAILED, _S.FORMAT_FAILURE),
    Reason.CONTENTS_MALFORMED: (_FAILED, _S.FORMAT_FAILURE),
    Reason.BYTE_RANGE_GAP: (_FAILED, _S.FORMAT_FAILURE),
    Reason.BYTE_RANGE_END: (_FAILED, _S.FORMAT_FAILURE),
    Reason.CMS_UNREADABLE: (_FAILED, _S.FORMAT_FAILURE),
    Reason.FORMAT_NOT_SUPPORTED: (_OPEN, _S.FORMAT_FAILURE),
    Reason.SIGNATURE_MALFORMED: (_FAILED, _S.FORMAT_FAILURE),
    Reason.PADDING_NOT_ZERO: (_FAILED, _S.FORMAT_FAILURE),
    Reason.SEVERAL_SIGNERS: (_FAILED, _S.FORMAT_FAILURE),
    Reason.CONTENT_ATTACHED: (_FAILED, _S.FORMAT_FAILURE),
    Reason.SIGNED_ATTRIBUTES_MISSING: (_FAILED, _S.FORMAT_FAILURE),
    Reason.CONTENT_IS_ATTRIBUTES: (_FAILED, _S.FORMAT_FAILURE),
    Reason.CONTENT_MISSING: (_OPEN, _S.SIGNED_DATA_NOT_FOUND),
    Reason.ATTRIBUTE_DOUBLED: (_FAILED, _S.FORMAT_FAILURE),
    Reason.CONTENT_TYPE_WRONG: (_FAILED, _S.FORMAT_FAILURE),
    Reason.DIGEST_MISSING: (_FAILED, _S.FORMAT_FAILURE),
    Reason.DIGEST_MISMATCH: (_FAILED, _S.HASH_FAILURE),
    Reason.ALGORITHMS_DISAGREE: (_FAILED, _S.SIG_CRYPTO_FAILURE),
    Reason.CERTIFICATE_NOT_FOUND: (_OPEN, _S.NO_SIGNING_CERTIFICATE_FOUND),
    Reason.SIGNING_CERTIFICATE_MISSING: (_FAILED, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.SIGNING_CERTIFICATE_MISMATCH: (_FAILED, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.SIGNATURE_WRONG: (_FAILED, _S.SIG_CRYPTO_FAILURE),
    Reason.ALGORITHM_WEAK: (_FAILED, _S.CRYPTO_CONSTRAINTS_FAILURE),
    Reason.ALGORITHM_ENDED: (_OPEN, _S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE),
    Reason.ALGORITHM_UNKNOWN: (_OPEN, _S.GENERIC),
    Reason.CHANGED_AFTER_SIGNING: (_FAILED, _S.FORMAT_FAILURE),
    Reason.APPEARANCE_CHANGED: (_FAILED, _S.FORMAT_FAILURE),
    Reason.CHANGE_NOT_PERMITTED: (_FAILED, _S.FORMAT_FAILURE),
    Reason.CERTIFICATION_NOT_FIRST: (_FAILED, _S.FORMAT_FAILURE),
    Reason.UNEXPLAINED_CHANGE: (_OPEN, _S.GENERIC),
    Reason.ANNOTATED_LATER: (_OPEN, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.FIELD_REFILLED: (_OPEN, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.UNSIGNED_FIELD_SHOWN: (_OPEN, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.FIELD_MOVED: (_FAILED, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.FIELD_DOUBLED: (_FAILED, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.WRONG_OWNER: (_FAILED, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.APPEARANCE_NOT_PLAIN: (_FAILED, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.TEXT_DIFFERS: (_FAILED, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.TEXT_UNREADABLE: (_OPEN, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.COVERS_EARLIER_SIGNATURE: (_FAILED, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.COVERS_CONTENT: (_OPEN, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.FIELD_TOO_LARGE: (_OPEN, _S.SIG_CONSTRAINTS_FAILURE),
    Reason.TIMESTAMP_INVALID: (_OPEN, _S.TIMESTAMP_ORDER_FAILURE),
    Reason.TIMESTAMP_NOT_PROVEN: (_REMARK, None),
    Reason.CERTIFICATE_UNREADABLE: (_OPEN, _S.CERTIFICATE_CHAIN_GENERAL_FAILURE),
    Reason.NO_TRUST_GIVEN: (_OPEN, _S.NO_CERTIFICATE_CHAIN_FOUND),
    Reason.ISSUER_NOT_FOUND: (_OPEN, _S.NO_CERTIFICATE_CHAIN_FOUND),
    Reason.ROOT_NOT_TRUSTED: (_OPEN, _S.NO_CERTIFICATE_CHAIN_FOUND),
    Reason.ROOT_NOT_FOR_PURPOSE: (_OPEN, _S.CHAIN_CONSTRAINTS_FAILURE),
    Reason.ROOT_RETIRED: (_OPEN, _S.NO_CERTIFICATE_CHAIN_FOUND),
    Reason.ISSUER_NOT_AUTHORITY: (_FAILED, _S.CHAIN_CONSTRAINTS_FAILURE),
    Reason.PATH_TOO_LONG: (_FAILED, _S.CHAIN_CONSTRAINTS_FAILURE),
    Reason.PATH_CONSTRAINT: (_OPEN, _S.CHAIN_CONSTRAINTS_FAILURE),
    Reason.UNKNOWN_CRITICAL_EXTENSION: (_OPEN, _S.CERTIFICATE_CHAIN_GENERAL_FAILURE),
    Reason.CHAIN_ALGORITHM_WEAK: (_FAILED, _S.CRYPTO_CONSTRAINTS_FAILURE),
    Reason.KEY_USAGE_WRONG: (_FAILED, _S.CHAIN_CONSTRAINTS_FAILURE),
    Reason.EXTENDED_KEY_USAGE_WRONG: (_FAILED, _S.CHAIN_CONSTRAINTS_FAILURE),
    Reason.NOT_YET_VALID: (_FAILED, _S.NOT_YET_VALID),
    Reason.EXPIRED: (_FAILED, _S.EXPIRED),
    Reason.EXPIRED_NO_PROOF: (_OPEN, _S.OUT_OF_BOUNDS_NO_POE),
    Reason.REVOKED: (_FAILED, _S.REVOKED),
    Reason.REVOKED_NO_PROOF: (_OPEN, _S.REVOKED_NO_POE),
    Reason.AUTHORITY_REVOKED: (_OPEN, _S.REVOKED_CA_NO_POE),
    Reason.REVOCATION_UNKNOWN: (_OPEN, _S.TRY_LATER),
    Reason.REVOCATION_NOT_FRESH: (_OPEN, _S.TRY_LATER),
    Reason.CERTIFICATE_SIGNATURE_WRONG: (_FAILED, _S.CERTIFICATE_CHAIN_GENERAL_FAILURE),
    Reason.CHAIN_ALGORITHM_UNKNOWN: (_OPEN, _S.CRYPTO_CONSTRAINTS_FAILURE),
    Reason.NAME_NOT_PERMITTED: (_FAILED, _S.CHAIN_CONSTRAINTS_FAILURE),
    Reason.POLICY_NOT_MET: (_FAILED, _S.CHAIN_CONSTRAINTS_FAILURE),
    Reason.CHAIN_REVOKED: (_FAILED, _S.REVOKED),
    Reason.REVOCATION_WITHIN_GRACE: (_REMARK, None),
    Reason.REVOKED_LATER: (_REMARK, None),
    Reason.LATER_VISIBLE_SIGNATURE: (_REMARK, None),
    Reason.UNPLANNED_FIELD: (_REMARK, None),
    Reason.FORM_FILLED_LATER: (_REMARK, None),
    Reason.ANNOTATED_ASIDE: (_REMARK, None),
    Reason.ACTIVE_CONTENT: (_REMARK, None),
    Reason.EVIDENCE_UNREADABLE: (_REMARK, None),
    Reason.SIGNED_ATTRIBUTES_ABSENT: (_REMARK, None),
    Reason.SIGNING_CERTIFICATE_UNNAMED: (_REMARK, None),
}

_RANK = {
    Conclusion.PASSED: 0, Conclusion.UNSIGNED: 1, Conclusion.INDETERMINATE: 2, Conclusion.FAILED: 3,
    Conclusion.MALFORMED: 4,
}  # fmt: skip
_ORDER = {reason: index for index, reason in enumerate(Reason)}


def conclude(reasons: Iterable[Reason]) -> tuple[Conclusion, tuple[Reason, ...]]:
    """The worst weight, and the reasons with the weightiest first, each once."""
    ordered = sorted(set(reasons), key=lambda reason: (-_RANK[WEIGHTS[reason][0]], _ORDER[reason]))
    return (WEIGHTS[ordered[0]][0] if ordered else Conclusion.PASSED), tuple(ordered)


def worst(conclusions: Iterable[Conclusion]) -> Conclusion:
    return max(conclusions, key=lambda item: _RANK[item], default=Conclusion.PASSED)
