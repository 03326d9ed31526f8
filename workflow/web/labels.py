"""One name for one thing: the words for every state, action, role, capacity and urgency.

The English word is the message id, the enumeration's name its context; the Vietnamese ones are the office's own
and stand in `translations/vi/labels.po`.
"""

from __future__ import annotations

from enum import StrEnum

from workflow.domain import dossiers, exchange, incoming, opinions
from workflow.domain.dispatch import Channel, DispatchState, Recall, Seen, Unsent
from workflow.domain.outgoing import Action, Medium, State, Urgency
from workflow.domain.people import Capacity, Role, UnitKind
from workflow.domain.terms import DueKind, Measure
from workflow.web.i18n import pgettext

LABELS: dict[type[StrEnum], dict[str, str]] = {
    State: {
        State.DRAFT: "Draft",
        State.RETURNED: "Returned",
        State.IN_REVIEW: "In review",
        State.FORMAT_CHECK: "Format check",
        State.AWAITING_SIGNATURE: "Awaiting signature",
        State.SIGNED: "Signed, to be numbered",
        State.NUMBERED: "Numbered",
        State.SEALED: "Sealed",
        State.ISSUED: "Issued",
        State.FILED: "Filed",
        State.CANCELLED: "Cancelled",
    },
    Action: {
        Action.CREATE: "Create",
        Action.REVISE: "Revise",
        Action.SUBMIT: "Submit",
        Action.APPROVE: "Approve",
        Action.SKIP_REVIEW: "Skip review",
        Action.CONFIRM_FORMAT: "Confirm format",
        Action.RETURN: "Return",
        Action.WITHDRAW: "Withdraw",
        Action.REJECT: "Reject",
        Action.CO_SIGN: "Sign beside the signer",
        Action.WITHDRAW_CO_SIGN: "Withdraw own signature beside the signer",
        Action.DECLINE: "Decline to sign beside the signer",
        Action.SIGN: "Sign",
        Action.RECORD_INK: "Record ink signature",
        Action.WITHDRAW_SIGNATURE: "Withdraw signature",
        Action.NUMBER: "Number",
        Action.GIVE_UP_NUMBER: "Cancel number",
        Action.SIGN_NUMBER: "Sign number",
        Action.ATTACH_SCAN: "Attach scan",
        Action.SEAL: "Seal",
        Action.ISSUE: "Issue",
        Action.FILE: "File",
        Action.CANCEL: "Cancel draft",
        Action.REQUEST_EXEMPTION: "Request exemption",
        Action.APPROVE_EXEMPTION: "Approve exemption",
        Action.REFUSE_EXEMPTION: "Refuse exemption",
        Action.HAND_OVER: "Hand over",
        Action.HAND_TO_DEPUTY: "Hand to a deputy",
        Action.LOSE_SIGNER: "Signer left",
    },
    Role: {
        Role.DRAFTER: "Drafter",
        Role.UNIT_HEAD: "Unit head",
        Role.CLERK: "Clerk",
        Role.LEADER: "Leader",
        Role.DEPUTY: "Deputy leader",
        Role.ADMIN: "Administrator",
        Role.INSPECTOR: "Inspector",
        Role.SYSTEM: "System",
    },
    Capacity: {
        Capacity.HEAD: "Head",
        Capacity.TM: "On behalf of the collective (TM.)",
        Capacity.KT: "Deputy for the head (KT.)",
        Capacity.TL: "By order (TL.)",
        Capacity.TUQ: "By authorisation (TUQ.)",
        Capacity.Q: "Acting head (Q.)",
    },
    Urgency: {
        Urgency.NORMAL: "Ordinary",
        Urgency.URGENT: "Urgent",
        Urgency.VERY_URGENT: "Very urgent",
        Urgency.FLASH: "Flash",
    },
    Medium: {Medium.DIGITAL: "Digital", Medium.INK: "In ink"},
    UnitKind: {UnitKind.AGENCY: "Agency", UnitKind.PART: "Part of an agency"},
    incoming.State: {
        incoming.State.ARRIVED: "Arrived",
        incoming.State.CHECKED: "Checked",
        incoming.State.REGISTERED: "Registered",
        incoming.State.SUBMITTED: "Awaiting direction",
        incoming.State.DIRECTED: "Directed",
        incoming.State.ASSIGNED: "Assigned",
        incoming.State.IN_PROGRESS: "In progress",
        incoming.State.DONE: "Done",
        incoming.State.FILED: "Filed",
        incoming.State.ANOMALY: "Anomaly reported",
        incoming.State.RETURNED: "Returned to sender",
        incoming.State.RECALLED: "Taken back by the sender",
    },
    incoming.Action: {
        incoming.Action.ARRIVE: "Arrive",
        incoming.Action.CHECK: "Check",
        incoming.Action.REPORT_ANOMALY: "Report an anomaly",
        incoming.Action.CLEAR_ANOMALY: "Clear the anomaly",
        incoming.Action.DECLINE: "Return to sender",
        incoming.Action.REGISTER: "Register",
        incoming.Action.CORRECT: "Correct the facts",
        incoming.Action.ATTACH: "Attach a file",
        incoming.Action.SUBMIT: "Submit for direction",
        incoming.Action.PROPOSE: "Propose a direction",
        incoming.Action.PASS: "Pass to a deputy",
        incoming.Action.DIRECT: "Direct",
        incoming.Action.ASSIGN: "Assign",
        incoming.Action.START: "Start",
        incoming.Action.CONTRIBUTE: "Finish my part",
        incoming.Action.FINISH: "Finish",
        incoming.Action.CLOSE: "Close without an answer",
        incoming.Action.ANSWER: "Answered",
        incoming.Action.FILE: "File",
        incoming.Action.SEND_BACK: "Give back",
        incoming.Action.WITHDRAW: "Take back",
        incoming.Action.REOPEN: "Reopen",
        incoming.Action.SET_DUE: "Set the due date",
        incoming.Action.SET_INTERNAL_DUE: "Set the internal due date",
        incoming.Action.PAUSE: "Pause the clock",
        incoming.Action.RESUME: "Resume the clock",
        incoming.Action.ASK_EXTENSION: "Ask for an extension",
        incoming.Action.GRANT_EXTENSION: "Grant the extension",
        incoming.Action.REFUSE_EXTENSION: "Refuse the extension",
        incoming.Action.URGE: "Urge",
        incoming.Action.DEMAND_EXPLANATION: "Demand an explanation",
        incoming.Action.EXPLAIN: "Explain",
        incoming.Action.ACCEPT_EXPLANATION: "Accept the explanation",
        incoming.Action.RETURN_EXPLANATION: "Send the explanation back",
        incoming.Action.ASK_RECALL: "Recall asked for",
        incoming.Action.AGREE_RECALL: "Agree to the recall",
        incoming.Action.REFUSE_RECALL: "Refuse the recall",
        incoming.Action.HAND_OVER: "Hand over",
    },
    incoming.Source: {
        incoming.Source.EXCHANGE: "Through the system",
        incoming.Source.UPLOAD: "Uploaded",
        incoming.Source.SCAN: "Scanned",
        incoming.Source.FOLDER: "Watched folder",
        incoming.Source.MAIL: "E-mail",
        incoming.Source.PAPER: "On paper",
    },
    incoming.Part: {
        incoming.Part.LEAD: "Lead",
        incoming.Part.COORDINATE: "Coordinating",
        incoming.Part.INFORM: "For information",
    },
    incoming.PartState: {
        incoming.PartState.OPEN: "Not started",
        incoming.PartState.IN_PROGRESS: "In progress",
        incoming.PartState.DONE: "Done",
        incoming.PartState.ENDED: "Taken back",
    },
    incoming.Holder: {
        incoming.Holder.CLERK: "Clerk",
        incoming.Holder.OFFICE: "Chief of office",
        incoming.Holder.LEADER: "Leader",
        incoming.Holder.UNIT_HEAD: "Unit head",
        incoming.Holder.SPECIALIST: "Specialist",
        incoming.Holder.OUTSIDE: "Another office",
    },
    incoming.Result: {
        incoming.Result.ANSWERED: "Answered",
        incoming.Result.SETTLED: "Settled",
        incoming.Result.NO_ANSWER_NEEDED: "No answer needed",
    },
    exchange.Status: {
        exchange.Status.ARRIVED: "Arrived",
        exchange.Status.DECLINED: "Declined",
        exchange.Status.REGISTERED: "Received and registered",
        exchange.Status.AWAITING_ASSIGNMENT: "Awaiting assignment",
        exchange.Status.ASSIGNED: "Assigned, in progress",
        exchange.Status.DONE: "Done",
        exchange.Status.RECALL_ASKED: "Recall asked for",
        exchange.Status.RECALL_AGREED: "Recalled",
        exchange.Status.RECALL_REFUSED: "Recall refused",
    },
    DispatchState: {
        DispatchState.TO_SEND: "To be sent",
        DispatchState.SENT: "Sent",
        DispatchState.RECEIVED: "Received",
        DispatchState.RETURNED: "Came back",
    },
    Channel: {Channel.POST: "By post", Channel.HAND: "By hand", Channel.MAIL: "By e-mail"},
    Unsent: {
        Unsent.RECALLED: "Not to be sent any more: recalled",
        Unsent.REPLACED: "Not to be sent any more: replaced",
    },
    Recall: {
        Recall.TO_TELL: "To be told of the recall",
        Recall.TOLD: "Told of the recall",
        Recall.BACK: "Given back after the recall",
    },
    Seen: {Seen.UNSEEN: "Not seen yet", Seen.SEEN: "Seen", Seen.RECALLED: "Recalled"},
    dossiers.State: {
        dossiers.State.OPEN: "Open",
        dossiers.State.CLOSED: "Closed",
        dossiers.State.TRANSFERRED: "In the archive",
        dossiers.State.CANCELLED: "Cancelled",
    },
    dossiers.Action: {
        dossiers.Action.OPEN: "Opened",
        dossiers.Action.CHANGE: "Changed",
        dossiers.Action.ADD: "Document put in",
        dossiers.Action.REMOVE: "Document taken out",
        dossiers.Action.MOVE: "Document moved",
        dossiers.Action.CLOSE: "Closed",
        dossiers.Action.REOPEN: "Opened again",
        dossiers.Action.KEEP: "Kept longer with consent",
        dossiers.Action.TRANSFER: "Handed to the archive",
        dossiers.Action.CANCEL: "Cancelled",
        dossiers.Action.HAND_OVER: "Handed over to another maker",
    },
    dossiers.PlanState: {
        dossiers.PlanState.DRAFT: "Draft",
        dossiers.PlanState.SUBMITTED: "Waits for approval",
        dossiers.PlanState.APPROVED: "Approved",
    },
    opinions.Kind: {opinions.Kind.OPINION: "Opinion", opinions.Kind.INITIALS: "Initials"},
    opinions.Verdict: {
        opinions.Verdict.AGREE: "Agrees",
        opinions.Verdict.AGREE_WITH_REMARKS: "Agrees, with remarks",
        opinions.Verdict.DISAGREE: "Does not agree",
        opinions.Verdict.NONE: "No opinion",
    },
    opinions.State: {
        opinions.State.NEW: "Not asked",
        opinions.State.OPEN: "Not answered",
        opinions.State.ANSWERED: "Answered",
        opinions.State.DECLINED: "Initials refused",
        opinions.State.WITHDRAWN: "Taken back",
    },
    dossiers.Kind: {dossiers.Kind.OUTGOING: "outgoing", dossiers.Kind.INCOMING: "incoming"},
    Measure: {
        Measure.NONE: "no deadline",
        Measure.DAYS: "days",
        Measure.WORKING_DAYS: "working days",
        Measure.HOURS: "office hours",
    },
    DueKind: {
        DueKind.UNDECIDED: "Not decided yet",
        DueKind.NONE: "No deadline",
        DueKind.GIVEN: "Given",
        DueKind.RULE: "By the working regulation",
    },
}


_CONTEXTS: dict[type[StrEnum], str] = {
    incoming.State: "incoming_state",
    incoming.Action: "incoming_action",
    exchange.Status: "exchange_status",
    DispatchState: "dispatch_state",
    dossiers.State: "dossier_state",
    dossiers.Action: "dossier_action",
    dossiers.Kind: "dossier_kind",
    opinions.Kind: "opinion_kind",
    opinions.Verdict: "opinion_verdict",
    opinions.State: "opinion_state",
    Measure: "terms_measure",
}


def context_of(kind: type[StrEnum]) -> str:
    """The context of an enumeration's words: its name, and more where two enumerations are called the same."""
    return _CONTEXTS.get(kind, kind.__name__.lower())


KINDS = {context_of(kind): kind for kind in LABELS}


def word(kind: str, value: str) -> str:
    """The same for a stored word: `word("role", row.role)`."""
    return label(KINDS[kind](value))


def label(member: StrEnum) -> str:
    """The word for a member of an enumeration, in the reader's language."""
    kind = type(member)
    return pgettext(context_of(kind), LABELS[kind][member])
