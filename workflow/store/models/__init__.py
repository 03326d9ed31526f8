"""Every table, in one place to import from."""

from workflow.store.append_only import guard_all
from workflow.store.full_text import hang
from workflow.store.models.access import AccessReview, Erasure, NumberLook
from workflow.store.models.anchors import (
    Anchor,
    AnchorLeaf,
    AnchorNode,
    AnchorPlace,
    AnchorToken,
    AuditRun,
)
from workflow.store.models.anomalies import AnomalyRemark, DeviceDay
from workflow.store.models.attachments import Attachment, AttachmentSeal, AttachmentVerdict
from workflow.store.models.backups import BackupRun
from workflow.store.models.bulk import BulkItem, BulkRun, Spread
from workflow.store.models.bundles import BundleOrder
from workflow.store.models.channels import ChannelHealth, NoticeChoice, PhoneCode, PushDevice, ReportReader
from workflow.store.models.clock import JobControl, JobRun, Outbox, Report
from workflow.store.models.copies import CertifiedCopy, CopyItem, CopySeries, CopySigner, CopyVerdict
from workflow.store.models.corrections import Correction
from workflow.store.models.cosigning import CoSigner
from workflow.store.models.deliveries import Dispatch
from workflow.store.models.documents import (
    Blob,
    FileVersion,
    History,
    Journal,
    Look,
    Outgoing,
    PlannedBox,
    RememberedBox,
)
from workflow.store.models.dossiers import (
    ArchiveTransfer,
    Dossier,
    DossierDocument,
    DossierHistory,
    FilePlan,
    PlanEntry,
    RetentionRule,
)
from workflow.store.models.drafting import DraftComment, DraftTemplate, DraftText, PinnedRemark, ProposalAgreement
from workflow.store.models.escalation import Escalation
from workflow.store.models.evidence import AlgorithmSunset, EvidencePlace, EvidenceWatch, OcspAnswer
from workflow.store.models.exchange import Delivery, DeliveryStatus, ExtensionRequest, Recipient
from workflow.store.models.figures import (
    EnteredFigure,
    EnteredIndicator,
    FigureAdjustment,
    FigureDrift,
    FigureTarget,
    FrozenMonth,
    MonthRecount,
    UnitMonth,
)
from workflow.store.models.imports import ImportedEntry, ImportRow, ImportRun
from workflow.store.models.incoming import Incoming, IncomingFile, IncomingHistory, IncomingPart
from workflow.store.models.incoming_work import (
    DeadlineRule,
    Explanation,
    Extension,
    Handover,
    Pause,
    Phrase,
    Reply,
    SavedView,
    Urging,
)
from workflow.store.models.inspections import (
    Commitment,
    Finding,
    Inspection,
    InspectionLook,
    InspectionMember,
    InspectionSample,
    InspectionSampleItem,
    InspectionUnit,
    StandingLook,
)
from workflow.store.models.intake import Intake, IntakeVerdict
from workflow.store.models.mandates import AbsenceEnd, AbsenceRow, MandateEnd, MandateRow
from workflow.store.models.obstacles import SigningObstacle
from workflow.store.models.office import (
    CalendarDay,
    DocumentType,
    KeyMinimum,
    Organ,
    Register,
    RegisterNumber,
    Series,
    Setting,
)
from workflow.store.models.opinions import Opinion, OpinionRequest, SlipWords, SubmissionSlip
from workflow.store.models.outside_offices import OfficeName, OutsideOffice
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
from workflow.store.models.proofs import AttachmentFile, AttachmentProof, CopyFile, CopyProof, DocumentProof, Proven
from workflow.store.models.reading import IncomingReading, ScanPage, ScanReading
from workflow.store.models.recipient_groups import GroupMember, RecipientGroup
from workflow.store.models.remote_signing import RemoteRequest
from workflow.store.models.search import FileText, SearchText
from workflow.store.models.signing import (
    Certificate,
    Crl,
    Signature,
    SigningItem,
    SigningSession,
    TrustRoot,
    VerdictRow,
)
from workflow.store.models.signing_tickets import SigningTicket
from workflow.store.models.trust import TrustChange, TrustFlip
from workflow.store.models.unit_copies import UnitCopy

__all__ = [
    "AbsenceEnd",
    "AbsenceRow",
    "AccessReview",
    "Account",
    "AlgorithmSunset",
    "Anchor",
    "AnchorLeaf",
    "AnchorNode",
    "AnchorPlace",
    "AnchorToken",
    "AnomalyRemark",
    "ApiToken",
    "ArchiveTransfer",
    "Asking",
    "Attachment",
    "AttachmentFile",
    "AttachmentProof",
    "AttachmentSeal",
    "AttachmentVerdict",
    "AuditRun",
    "BackupRun",
    "Blob",
    "BulkItem",
    "BulkRun",
    "BundleOrder",
    "CalendarDay",
    "Certificate",
    "CertifiedCopy",
    "ChannelHealth",
    "CoSigner",
    "Commitment",
    "CopyFile",
    "CopyItem",
    "CopyProof",
    "CopySeries",
    "CopySigner",
    "CopyVerdict",
    "Correction",
    "Crl",
    "DeadlineRule",
    "Delivery",
    "DeliveryStatus",
    "DeviceDay",
    "Dispatch",
    "DocumentProof",
    "DocumentType",
    "Dossier",
    "DossierDocument",
    "DossierHistory",
    "DraftComment",
    "DraftTemplate",
    "DraftText",
    "EnteredFigure",
    "EnteredIndicator",
    "Erasure",
    "Escalation",
    "EvidencePlace",
    "EvidenceWatch",
    "Explanation",
    "Extension",
    "ExtensionRequest",
    "FigureAdjustment",
    "FigureDrift",
    "FigureTarget",
    "FilePlan",
    "FileText",
    "FileVersion",
    "Finding",
    "FrozenMonth",
    "GroupMember",
    "Handover",
    "History",
    "ImportRow",
    "ImportRun",
    "ImportedEntry",
    "Incoming",
    "IncomingFile",
    "IncomingHistory",
    "IncomingPart",
    "IncomingReading",
    "Inspection",
    "InspectionLook",
    "InspectionMember",
    "InspectionSample",
    "InspectionSampleItem",
    "InspectionUnit",
    "Intake",
    "IntakeVerdict",
    "Invitation",
    "JobControl",
    "JobRun",
    "Journal",
    "KeyMinimum",
    "LoginDelay",
    "LoginSession",
    "Look",
    "MandateEnd",
    "MandateRow",
    "MonthRecount",
    "NoticeChoice",
    "NumberLook",
    "OcspAnswer",
    "OfficeName",
    "Opinion",
    "OpinionRequest",
    "Organ",
    "Outbox",
    "Outgoing",
    "OutsideOffice",
    "Passkey",
    "Pause",
    "Person",
    "PhoneCode",
    "Phrase",
    "PinnedRemark",
    "PlanEntry",
    "PlannedBox",
    "PostRow",
    "ProposalAgreement",
    "Proven",
    "PushDevice",
    "Recipient",
    "RecipientGroup",
    "Register",
    "RegisterNumber",
    "RememberedBox",
    "RemoteRequest",
    "Reply",
    "Report",
    "ReportReader",
    "RetentionRule",
    "SavedView",
    "ScanPage",
    "ScanReading",
    "SearchText",
    "Series",
    "Setting",
    "Signature",
    "SigningItem",
    "SigningObstacle",
    "SigningSession",
    "SigningTicket",
    "SlipWords",
    "Spread",
    "StandingLook",
    "SubmissionSlip",
    "TrustChange",
    "TrustFlip",
    "TrustRoot",
    "Unit",
    "UnitCopy",
    "UnitMonth",
    "UnitSuccession",
    "Urging",
    "VerdictRow",
]

guard_all()
hang()
