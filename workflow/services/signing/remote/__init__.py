"""Signing with a key that a remote service holds: hashes leave, a person approves, signatures come back."""

from workflow.services.signing.remote.advancing import advance, hinted
from workflow.services.signing.remote.beginning import Begun, begin
from workflow.services.signing.remote.cancelling import cancel
from workflow.services.signing.remote.enrolling import Offered, begin_enrolment, offered
from workflow.services.signing.remote.files import File
from workflow.services.signing.remote.services import Doing, described, services
from workflow.services.signing.remote.telling import seen, tell, untold

__all__ = [
    "Begun",
    "Doing",
    "File",
    "Offered",
    "advance",
    "begin",
    "begin_enrolment",
    "cancel",
    "described",
    "hinted",
    "offered",
    "seen",
    "services",
    "tell",
    "untold",
]
