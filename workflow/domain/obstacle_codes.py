"""Which refusal, of the browser or of the server, is which obstacle of signing: the one place.

A refusal that stands nowhere here says nothing about keys (another version, another state): the server records
nothing of it. What a script names and nobody knows is recorded as `other`.
"""

from __future__ import annotations

from workflow.domain.unsigned_reasons import Obstacle

NOT_OBSTACLES = frozenset(
    {
        "no_file",
        "no_password",
        "nothing_chosen",
        "duplicate_document",
        "batch_refused",
        "step_up_needed",
        "csrf",
        "bad_issuer",
    }
)
"""What a browser also refuses, and what keeps nobody from signing: said on the page, recorded nowhere."""

_BY_KIND: dict[Obstacle, tuple[str, ...]] = {
    Obstacle.PIN_FAILED: ("wrong_password", "wrong_pin", "token_wrong_pin", "agent_wrong_pin"),
    Obstacle.KEY_LOCKED: ("pin_locked", "token_locked", "token_pin_blocked", "agent_locked"),
    Obstacle.AGENT_MISSING: ("agent_not_found", "extension_missing", "token_no_extension", "token_no_program"),
    Obstacle.AGENT_FAILED: (
        "agent_error", "agent_bad_answer", "agent_garbled", "token_failed", "token_bad_signature", "token_absent",
        "token_busy",
    ),
    Obstacle.DEVICE_CANNOT_SIGN: ("insecure_context", "worker_failed"),
    Obstacle.CANCELLED: ("user_cancelled", "token_cancelled", "agent_cancelled"),
    Obstacle.TIMED_OUT: (
        "closed", "session_lost", "signing_session_expired", "token_timed_out", "agent_timeout",
    ),
    Obstacle.CERTIFICATE_EXPIRED: (
        "certificate_expired_no_proof", "certificate_not_yet_valid",
    ),
    Obstacle.CERTIFICATE_REVOKED: ("certificate_revoked_no_proof",),
    Obstacle.CERTIFICATE_NOT_ENROLLED: (
        "certificate_not_confirmed", "certificate_of_somebody_else", "certificate_key_usage_wrong",
        "certificate_extended_key_usage_wrong", "certificate_not_usable", "certificate_unreadable",
        "token_other_certificate",
    ),
    Obstacle.REVOCATION_UNREACHABLE: ("signature_undecided",),
    Obstacle.PROVIDER_UNREACHABLE: (),
    Obstacle.KEY_FILE_UNREADABLE: (
        "not_pkcs12", "unsupported_algorithm", "too_many_iterations", "too_large", "no_private_key",
        "no_certificate", "key_mismatch", "weak_key",
    ),
    Obstacle.NETWORK_LOST: ("network",),
    Obstacle.OTHER: (
        "bad_attributes", "extra_attribute", "missing_attribute", "wrong_content_type", "wrong_certificate",
        "act_differs", "digest_mismatch", "byte_range", "not_the_version_read", "bad_challenge", "wrong_origin",
        "server_refused", "bad_answer", "signature_does_not_fit", "signature_failed",
    ),
}  # fmt: skip
OBSTACLE_OF: dict[str, Obstacle] = {str(kind): kind for kind in Obstacle} | {
    code: kind for kind, codes in _BY_KIND.items() for code in codes
}
"""Every code that is an obstacle; a kind's own name is one too."""


def reported(code: str) -> Obstacle | None:
    """What a script of ours reports; None for what is no obstacle."""
    return None if code in NOT_OBSTACLES else OBSTACLE_OF.get(code, Obstacle.OTHER)
