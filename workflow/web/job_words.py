"""What the ledger of jobs is called on the page: jobs, periods and what came of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from workflow.web import format
from workflow.web.context import HERE
from workflow.web.i18n import N_, _

JOBS: dict[str, str] = {
    "unsigned": N_("Morning report of unsigned and overdue documents"),
    "outbox": N_("Delivery of messages"),
    "bounces": N_("Mail that came back"),
    "settle": N_("Second look at undecided signatures"),
    "recheck": N_("Archived signatures judged again"),
    "trust_report": N_("Counting what changes of trust would flip"),
    "collect": N_("Files from watched folders and mailboxes"),
    "explanations": N_("Explanations of what became overdue"),
    "read_scans": N_("Reading scans"),
    "held_numbers": N_("Numbers whose hold has run out"),
    "index_texts": N_("Reading files for search"),
    "housekeeping": N_("Clearing away what has run out"),
}
"""The stored name stands behind it in small letters: it is the one for the command line."""

RESULTS: dict[str, dict[str, str]] = {
    "unsigned": {
        "reports": N_("reports made: %(count)s"),
        "open": N_("documents in them: %(count)s"),
        "messages": N_("messages written: %(count)s"),
    },
    "outbox": {
        "sent": N_("sent: %(count)s"),
        "put_off": N_("put off to try again: %(count)s"),
        "waiting": N_("put off to try again: %(count)s"),
        "failed": N_("given up: %(count)s"),
        "here": N_("left to be read here: %(count)s"),
    },
    "bounces": {
        "bounced": N_("messages that came back: %(count)s"),
        "left": N_("mails left to be read by people: %(count)s"),
        "later": N_("left for the next round: %(count)s"),
    },
    "settle": {
        "passed": N_("now valid: %(count)s"),
        "failed": N_("now invalid: %(count)s"),
        "indeterminate": N_("still undecided: %(count)s"),
        "overtaken": N_("settled otherwise: %(count)s"),
        "files_checked": N_("received files looked at again: %(count)s"),
        "files_settled": N_("of them settled: %(count)s"),
        "files_lost": N_("files missing or damaged: %(count)s"),
    },
    "recheck": {
        "checked": N_("documents checked: %(count)s"),
        "changed": N_("verdicts added: %(count)s"),
        "unanswered": N_("not answered within the limits: %(count)s"),
        "files_lost": N_("files missing or damaged: %(count)s"),
        "overtaken": N_("signed meanwhile: %(count)s"),
        "attachments_changed": N_("verdicts added about attachments: %(count)s"),
        "attachments_lost": N_("attachments missing or damaged: %(count)s"),
        "attachments_unanswered": N_("attachments not answered within the limits: %(count)s"),
        "lists_differ": N_("documents whose attachments are not the signed ones: %(count)s"),
        "attachments": N_("which (document.attachment): %(count)s"),
    },
    "held_numbers": {"waiting": N_("numbers to use or cancel: %(count)s")},
    "trust_report": {
        "judged": N_("signatures judged under both lists: %(count)s"),
        "overtaken": N_("settled otherwise: %(count)s"),
    },
    "collect": {
        "stored": N_("files received: %(count)s"),
        "known": N_("files received before: %(count)s"),
        "refused": N_("files that cannot be taken: %(count)s"),
        "later": N_("left for the next round: %(count)s"),
        "left_unread": N_("mails left to be read by people: %(count)s"),
        "without_files": N_("mails without files: %(count)s"),
        "parts_left_out": N_("parts of mails left out: %(count)s"),
        "gone": N_("mails moved away meanwhile: %(count)s"),
        "interrupted": N_("mailboxes that broke off: %(count)s"),
        "channels_failed": N_("folders and mailboxes that cannot be used: %(count)s"),
    },
    "explanations": {
        "demanded": N_("explanations demanded: %(count)s"),
        "leaders": N_("recorded as the leader's own: %(count)s"),
        "nobody": N_("nobody to ask: %(count)s"),
        "overtaken": N_("settled otherwise: %(count)s"),
    },
    "read_scans": {
        "pages": N_("pages read by OCR: %(count)s"),
        "files": N_("scans read to their end: %(count)s"),
        "told": N_("documents told what their scan says: %(count)s"),
    },
    "index_texts": {
        "documents": N_("documents made ready for search: %(count)s"),
        "read": N_("files read: %(count)s"),
        "empty": N_("files without text: %(count)s"),
        "unreadable": N_("files that could not be read: %(count)s"),
        "lost": N_("files missing or damaged: %(count)s"),
    },
    "housekeeping": {
        "files": N_("files that nothing names: %(count)s"),
        "prepared": N_("abandoned acts of signing: %(count)s"),
        "sessions": N_("ended logins: %(count)s"),
        "invitations": N_("used-up links: %(count)s"),
        "login_delays": N_("waits after wrong passwords: %(count)s"),
        "askings": N_("used-up asking limits: %(count)s"),
        "marks": N_("marks of deleted files: %(count)s"),
        "runs": N_("old lines of this list: %(count)s"),
        "bulk_runs": N_("old acts on many: %(count)s"),
        "messages": N_("old messages: %(count)s"),
    },
}

NOTHING = N_("nothing to do")


def job(name: str) -> str:
    """A job in words; one of another version by its stored name."""
    return _(JOBS[name]) if name in JOBS else name


def period(text: str) -> str:
    """`23/11/2026` or `07:15 23/11/2026`: a period's name as the house writes days and times."""
    try:
        if "T" in text:
            return format.moment(dt.datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=HERE))
        return format.day(dt.date.fromisoformat(text))
    except ValueError:
        return text


def result(name: str, counts: Mapping[str, object]) -> str:
    """What came of a run, without what came to nothing."""
    words = RESULTS.get(name, {})
    told = [_told(words, key, value) for key, value in counts.items() if value]
    return "; ".join(told) or _(NOTHING)


def _told(words: Mapping[str, str], key: str, value: object) -> str:
    shown = format.number(value) if isinstance(value, int) else value
    return _(words[key], count=shown) if key in words else f"{key}: {shown}"
