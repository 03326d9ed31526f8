"""Signing in two phases, and what it rests on: enrolled certificates, trusted roots, revocation lists."""

from workflow.services.signing.acts import fix
from workflow.services.signing.certificates import challenge, enrol
from workflow.services.signing.deciding import confirm, past_of, refuse, retire
from workflow.services.signing.finishing import Outcome, finish
from workflow.services.signing.preparing import PreparedItem, open_session, prepare, prepared_file, way_of
from workflow.services.signing.resuming import Begun, begun, go_on, unfinished
from workflow.services.signing.settling import settle, settle_one
from workflow.services.signing.trust import import_crl

__all__ = [
    "Begun",
    "Outcome",
    "PreparedItem",
    "begun",
    "challenge",
    "confirm",
    "enrol",
    "finish",
    "fix",
    "go_on",
    "import_crl",
    "open_session",
    "past_of",
    "prepare",
    "prepared_file",
    "refuse",
    "retire",
    "settle",
    "settle_one",
    "unfinished",
    "way_of",
]
