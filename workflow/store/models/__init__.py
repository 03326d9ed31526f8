"""Every table, in one place to import from."""

from workflow.store.append_only import guard_all
from workflow.store.models.clock import JobRun, Outbox, Report
from workflow.store.models.documents import Blob, FileVersion, History, Journal, Look, Outgoing, PlannedBox
from workflow.store.models.intake import Intake, IntakeVerdict
from workflow.store.models.office import CalendarDay, DocumentType, Register, RegisterNumber, Series, Setting
from workflow.store.models.people import (
    Account,
    ApiToken,
    Asking,
    Invitation,
    LoginDelay,
    LoginSession,
    Passkey,
    Person,
    PostRow,
    Unit,
    UnitSuccession,
)
from workflow.store.models.signing import (
    Certificate,
    Crl,
    Signature,
    SigningItem,
    SigningSession,
    TrustRoot,
    VerdictRow,
)
from workflow.store.models.trust import TrustChange, TrustFlip

__all__ = [
    "Account",
    "ApiToken",
    "Asking",
    "Blob",
    "CalendarDay",
    "Certificate",
    "Crl",
    "DocumentType",
    "FileVersion",
    "History",
    "Intake",
    "IntakeVerdict",
    "Invitation",
    "JobRun",
    "Journal",
    "LoginDelay",
    "LoginSession",
    "Look",
    "Outbox",
    "Outgoing",
    "Passkey",
    "Person",
    "PlannedBox",
    "PostRow",
    "Register",
    "RegisterNumber",
    "Report",
    "Series",
    "Setting",
    "Signature",
    "SigningItem",
    "SigningSession",
    "TrustChange",
    "TrustFlip",
    "TrustRoot",
    "Unit",
    "UnitSuccession",
    "VerdictRow",
]

guard_all()
