"""What accesses, traces and personal data are called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workflow.domain.absences import Acts
from workflow.domain.access import Ability
from workflow.domain.keeping import Ground, Lasting, Trace
from workflow.domain.named_then import As, Name
from workflow.domain.people import Role
from workflow.domain.personal_data import Class, Number
from workflow.services.access.reaching import Reacher
from workflow.services.access.standing import Standing
from workflow.web import format
from workflow.web.i18n import N_, _
from workflow.web.labels import label

ABILITIES: dict[Ability, str] = {
    Ability.SEE: N_("see papers"),
    Ability.DRAFT: N_("draft"),
    Ability.HANDLE: N_("handle and pass on"),
    Ability.SIGN: N_("sign"),
    Ability.SEAL: N_("apply the seal"),
    Ability.NUMBER: N_("give numbers"),
    Ability.FIGURES: N_("see figures"),
    Ability.KEEP: N_("keep lists and file plans"),
    Ability.ADMINISTER: N_("administer"),
    Ability.INSPECT: N_("look into accesses and inspections"),
    Ability.API: N_("use programs"),
}
ACCOUNTS = {"open": N_("account open"), "closed": N_("account closed"), "none": N_("no account")}
DESKS = {Acts.READING: N_("reading"), Acts.PROCESSING: N_("handling")}
WAYS = {
    "post": N_("by their own post"),
    "desk": N_("looks after the desk of %(of)s"),
    "team": N_("inspection team, decision %(of)s"),
}

TRACES: dict[Trace, tuple[str, str]] = {
    Trace.LOOKS: (N_("Who opened a document"), N_("Says who saw a document before it was signed.")),
    Trace.NUMBER_LOOKS: (
        N_("Who uncovered a personal number"),
        N_("So long the person concerned can ask; the journal keeps it for good."),
    ),
    Trace.SESSIONS: (N_("Logins, with address and browser"), N_("Their owner sees where they were logged in.")),
    Trace.DEVICE_DAYS: (
        N_("On which days a device was used"),
        N_("Says whose device something was signed on; signs of irregularity look back a year."),
    ),
    Trace.OBSTACLES: (
        N_("With which key and device a signature failed"),
        N_("Helps while somebody may still ask."),
    ),
    Trace.REMOTE_REQUESTS: (
        N_("Accounts at remote signing services, in requests"),
        N_("Whoever asks why a remote signature failed finds the account it was asked for."),
    ),
    Trace.MESSAGES: (N_("Notices and messages that were delivered"), N_("Prove that somebody was told.")),
    Trace.ACTS_ON_MANY: (N_("Acts on many documents"), N_("What each act did stands in the documents' history.")),
    Trace.INVITATIONS: (N_("Links to set a password"), N_("They are used up or have run out.")),
    Trace.LOGIN_DELAYS: (N_("Failed logins"), N_("They slow down whoever guesses.")),
    Trace.ASKINGS: (N_("How often an address asked"), N_("It slows down whoever asks too much.")),
    Trace.TICKETS: (N_("Tickets of signing programs"), N_("They are good for one act of signing.")),
    Trace.MARKS: (N_("Marks of files cleared away"), N_("No request takes so long.")),
    Trace.RUNS: (N_("Runs of frequent jobs"), N_("Only the latest are looked at.")),
    Trace.MISSED_RUNS: (N_("Missed runs of jobs"), N_("Looked at when a half-year is explained.")),
    Trace.BUNDLES: (
        N_("Proof bundles that were made"),
        N_("So long whoever asked can fetch one; it can be made again."),
    ),
    Trace.DRY_LISTS: (N_("Lists of dry runs"), N_("Read when they were asked for.")),
}
GROUNDS: dict[Ground, str] = {
    Ground.PERSONAL_DATA: N_("Law 91/2025/QH15 on personal data: no longer than needed"),
    Ground.ELECTRONIC_TRANSACTIONS: N_("Law 20/2023/QH15, Decree 23/2025/NĐ-CP: evidence of signatures"),
    Ground.RECORDS: N_("Decree 30/2020/NĐ-CP: who handled a document"),
    Ground.OWN: N_("Safety of this installation"),
}
LASTING: dict[Lasting, tuple[str, str]] = {
    Lasting.JOURNAL: (
        N_("The journal, whole"),
        N_("Each entry rests on the one before: one that is gone would be found as an attack."),
    ),
    Lasting.INSPECTION_LOOKS: (
        N_("What inspection teams and inspectors looked at"), N_("It belongs to the inspection's record.")
    ),
    Lasting.ACCESS_REVIEWS: (N_("Access reviews"), N_("They say that somebody looked, and what was to be done.")),
    Lasting.SIGNATURES: (
        N_("Signatures, certificates, verdicts and their evidence"),
        N_("Law 20/2023/QH15: a signature must stay checkable as long as its document is kept."),
    ),
    Lasting.DOCUMENTS: (
        N_("Documents, their history and registers"),
        N_("Law on Archives 33/2024/QH15: by the retention table, decided by people."),
    ),
}  # fmt: skip
NUMBERS: dict[Number, str] = {
    Number.PHONE: N_("Mobile number"),
    Number.REMOTE_ACCOUNT: N_("Account at a remote signing service"),
    Number.EXPORT: N_("Everything about the person, as a file"),
}
CLASSES: dict[Class, str] = {
    Class.NAME: N_("Name"),
    Class.EMAIL: N_("E-mail address"),
    Class.PHONE: N_("Mobile number and ways of messages"),
    Class.DEVICES: N_("Devices that get notices"),
    Class.DEVICE_DAYS: N_("On which days a device was used"),
    Class.VIEWS: N_("Saved lists"),
    Class.MESSAGES: N_("Notices and messages"),
    Class.LOGINS: N_("Logins, with address and browser"),
    Class.SECRETS: N_("Login name, password and second factors"),
    Class.TOKENS: N_("Tokens for programs"),
    Class.REMOTE: N_("Accounts at remote signing services, in requests"),
    Class.LOOKS: N_("Which documents were opened"),
    Class.NUMBER_LOOKS: N_("Who uncovered a personal number"),
    Class.POSTS: N_("Posts"),
    Class.CERTIFICATES: N_("Certificates"),
    Class.DOCUMENTS: N_("Documents drafted or signed"),
    Class.ERASURES: N_("Requests for erasure"),
    Class.ABSENCES: N_("Absences and who looked after whose desk"),
    Class.MANDATES: N_("Mandates to sign"),
    Class.ARRIVALS: N_("Work on incoming documents"),
    Class.COPIES: N_("Work on certified copies and copies of units"),
    Class.WORK: N_("Work on outgoing documents and acts of signing"),
    Class.REMOTE_ACTS: N_("Requests to remote signing services"),
    Class.DOSSIERS: N_("Work on dossiers and file plans"),
    Class.INSPECTIONS: N_("Inspections, looks as an inspector, remarks on signs"),
    Class.FIGURES: N_("Figures entered, closed or counted for the person"),
    Class.OFFICE: N_("Lists, settings, people and keys looked after"),
    Class.JOURNAL: N_("Entries of the journal about the person and the account"),
    Class.ACTS: N_("Entries of the journal about what the person did"),
}
WHY_KEPT: dict[Class, str] = {
    Class.NAME: N_("It stands on documents and in registers: Law on Archives 33/2024/QH15."),
    Class.DEVICE_DAYS: N_("Evidence of whose device something was signed on; it goes when its time is over."),
    Class.LOOKS: N_("Who saw a document before it was signed; it goes when its time is over."),
    Class.NUMBER_LOOKS: N_("It protects the person concerned; it goes when its time is over."),
    Class.POSTS: N_("Who could sign what on a day must stay answerable: Decree 30/2020/NĐ-CP."),
    Class.CERTIFICATES: N_("Signatures must stay checkable: Law 20/2023/QH15, Decree 23/2025/NĐ-CP."),
    Class.DOCUMENTS: N_("Public records: Law on Archives 33/2024/QH15."),
    Class.ERASURES: N_("They say what was asked and decided."),
    Class.ABSENCES: N_("Who could act for whom on a day must stay answerable: Decree 30/2020/NĐ-CP."),
    Class.MANDATES: N_("Who could sign what on a day must stay answerable: Decree 30/2020/NĐ-CP."),
    Class.ARRIVALS: N_("Public records: Law on Archives 33/2024/QH15."),
    Class.COPIES: N_("Public records: Law on Archives 33/2024/QH15."),
    Class.WORK: N_("Public records: Law on Archives 33/2024/QH15."),
    Class.REMOTE_ACTS: N_("That a signature was asked for and how it ended; the account goes."),
    Class.DOSSIERS: N_("Public records: Law on Archives 33/2024/QH15."),
    Class.INSPECTIONS: N_("They belong to the inspection's record."),
    Class.FIGURES: N_("Closed figures must stay checkable."),
    Class.OFFICE: N_("Who changed what must stay answerable."),
    Class.ACTS: N_("Its entries rest on each other; without one the whole could not be proven any more."),
    Class.JOURNAL: N_("Its entries rest on each other; without one the whole could not be proven any more."),
}


def reach(one: Standing) -> str:
    """Whose papers a post reaches, in a word."""
    scope = one.scope
    if one.post.role is Role.INSPECTOR:
        return _("its agency and those below") if len(scope.agency_ids) > 1 else _("the whole agency")
    if scope.agency_ids:
        return _("the whole agency")
    if scope.unit_ids:
        return _("its unit and parts, and what names them") if len(scope.unit_ids) > 1 else _(
            "its unit, and what names them"
        )  # fmt: skip
    return _("no papers")


def can(one: Standing) -> list[str]:
    """What the post let its holder do, in plain words."""
    return [_(ABILITIES[word]) for word in one.abilities]


def besides(one: Standing) -> list[str]:
    """Everything that went beyond the post: desks, mandates, keys, teams, tokens, reports."""
    made = [_("away; %(who)s looked after the desk", who=who) for who in one.away]
    made += [
        _("looked after the desk of %(who)s (%(acts)s)", who=who, acts=_(DESKS[acts])) for who, acts in one.desks
    ]
    made += [
        _(
            "mandate %(capacity)s by %(symbol)s (%(days)s)", capacity=label(row.capacity), symbol=row.legal.symbol,
            days=span(row.valid_from, row.valid_to),
        )
        for row in one.mandates
    ]  # fmt: skip
    made += [
        _("certificate %(name)s until %(day)s", name=row.subject_name, day=format.day(row.not_after))
        if row.person_id is not None
        else _("seal %(name)s until %(day)s", name=row.subject_name, day=format.day(row.not_after))
        for row in one.certificates
    ]
    if one.server_seal:
        made.append(_("the seal whose key the server holds"))
    if one.signs_copies:
        made.append(_("signs copies"))
    made += [_("inspection team, decision %(of)s", of=row.decision_symbol) for row in one.inspections]
    made += [_("token for programs: %(name)s", name=token.label or token.id) for token in one.tokens]
    made += [_("gets the reports of %(unit)s", unit=unit) for unit in one.reports_of]
    return made


def way(one: Reacher) -> str:
    """By what somebody could see a document."""
    return _(WAYS[one.way], of=one.of)


NAMES: dict[As, str] = {
    As.DRAFTER: N_("drafter since %(at)s"),
    As.SIGNER: N_("named to sign since %(at)s"),
    As.BESIDE: N_("named to sign beside the signer since %(at)s"),
    As.PART: N_("given to them since %(at)s"),
}


def span(first: dt.date | None, last: dt.date | None) -> str:
    """From when until when a right lasts, as it is on record now."""
    if first is None:
        return ""
    if last is None:
        return _("since %(first)s", first=format.day(first))
    return _("%(first)s to %(last)s", first=format.day(first), last=format.day(last))


def named(names: Sequence[Name]) -> list[str]:
    """As what a document named somebody, and since when."""
    return [_(NAMES[one.role], at=format.moment(one.since)) for one in names]


def sources(one: Reacher) -> list[str]:
    """Where each right to see it came from: the post, the desk or the team with its days, and what named them."""
    return [f"{way(one)} ({span(one.first, one.last)})" if one.first else way(one), *named(one.names)]


def signing(one: Reacher) -> str:
    """As what somebody could sign it, and where that right came from; empty where they could not."""
    if one.signs is None:
        return ""
    if one.by is None:
        return _("sign as %(capacity)s, by the post itself", capacity=label(one.signs))
    return _("sign as %(capacity)s, by mandate %(symbol)s (%(days)s)", capacity=label(one.signs),
             symbol=one.by.legal.symbol, days=span(one.by.valid_from, one.by.valid_to))  # fmt: skip
