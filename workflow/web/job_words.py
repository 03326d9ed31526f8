"""What the ledger of jobs is called on the page: jobs, periods and what came of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from workflow.domain.jobs import JobRule, Missed, Owner
from workflow.domain.schedules import Daily, Every, MonthBegins, Schedule, Weekly, WorkingMorning
from workflow.web import format
from workflow.web.context import HERE
from workflow.web.i18n import N_, _, ngettext
from workflow.web.job_results import NOTHING, RESULTS, STEPS, TOLD_OF

JOBS: dict[str, str] = {
    "unsigned": N_("Morning report of unsigned and overdue documents"),
    "digest": N_("Morning summary of what waits for each person"),
    "outbox": N_("Delivery of messages"),
    "bounces": N_("Mail that came back"),
    "settle": N_("Second look at undecided signatures"),
    "remote_signatures": N_("Requests to remote signing services"),
    "recheck": N_("Archived signatures judged again"),
    "trust_report": N_("Counting what changes of trust would flip"),
    "collect": N_("Files from watched folders and mailboxes"),
    "explanations": N_("Explanations of what became overdue"),
    "read_scans": N_("Reading scans"),
    "bundles": N_("Proof bundles that were asked for"),
    "held_numbers": N_("Numbers whose hold has run out"),
    "index_texts": N_("Reading files for search"),
    "timestamps": N_("Timestamps and lasting proof"),
    "housekeeping": N_("Clearing away what has run out"),
    "backup": N_("Nightly backup"),
    "restore_drill": N_("Drill with the newest backup"),
    "anchor": N_("Anchor of the journal"),
    "audit_pass": N_("Complete pass over the journal"),
    "escalation": N_("Telling of what stays overdue"),
    "certificates": N_("Certificates that end, and who has none"),
    "revocation": N_("Fetching of revocation lists and answers"),
    "freeze": N_("Closing of the month's figures"),
    "monthly_reports": N_("Drafts of the reports upward"),
    "recount": N_("Recount of closed figures"),
}
"""The stored name stands behind it in small letters: it is the one for the command line."""

ABOUT: dict[str, tuple[str, str]] = {
    "unsigned": (
        N_("Stores a report for every unit of what waits for a signature and why, what is overdue or due soon and "
           "which explanations are owed, as of 07:00, and tells the unit's official address, its head and who was "
           "named for it where there is anything to tell."),
        N_("The day starts with figures that anybody can make again for the same moment."),
    ),
    "digest": (
        N_("Writes each person one message with what waits for them, the urgent first; none where nothing waits."),
        N_("A morning begins with what waits, in one message instead of one for each item."),
    ),
    "outbox": (
        N_("Settles by which ways each message goes, then sends what waits by mail, SMS, webhooks and to "
           "devices; after each failure it waits twice as long, and in the end gives up."),
        N_("A slow mail server, gateway or receiver must hold up nobody's work."),
    ),
    "bounces": (
        N_("Reads the mailbox that mail comes back to, and notes on each message what the other server said."),
        N_("A mail that came back reached nobody: whoever looks after the address must see it."),
    ),
    "settle": (
        N_("Judges again the signatures and received files about which not enough was known when they came."),
        N_("The next revocation list decides them, and nobody should have to ask."),
    ),
    "remote_signatures": (
        N_("Sends what is to be sent, asks how each open request stands, and puts the signatures that came into "
           "their files."),
        N_("Who approved on the telephone has signed, whether or not the page was still open."),
    ),
    "recheck": (
        N_("Judges the signatures of 2,000 documents again by the newest evidence and by the careful reading, "
           "those first that were looked at longest ago."),
        N_("A certificate may be revoked with a date in the past; what was valid at signing must be asked again."),
    ),
    "trust_report": (
        N_("Judges every stored signature under the listed roots of now and under each proposed change of them."),
        N_("Who decides on a change of trust knows which verdicts it would flip."),
    ),
    "collect": (
        N_("Takes in what lies complete in the watched folders and mailboxes."),
        N_("Scans and mails are in the clerk's list without anybody uploading them, each once."),
    ),
    "explanations": (
        N_("Demands an explanation of whoever had an incoming document when its due moment passed."),
        N_("A late document is answered for in writing, without anybody having to look for it."),
    ),
    "read_scans": (
        N_("Reads scans by OCR, page by page, first those that a clerk waits for."),
        N_("OCR takes seconds a page: neither the clerk nor a page on the screen waits for it."),
    ),
    "bundles": (
        N_("Makes the proof bundles that take longer than a page may, and clears away those that ran out."),
        N_("A bundle of hundreds of documents takes minutes: nobody waits before an empty page."),
    ),
    "held_numbers": (
        N_("Tells the clerks, and whoever it is held for, of each held number whose last day is today or past."),
        N_("A held number that was forgotten is a gap in the register; only people know whether it was used."),
    ),
    "index_texts": (
        N_("Reads the text of files that came or are attached, and makes their documents ready for search."),
        N_("What a paper says is found by its words, and who received it does not wait for that."),
    ),
    "timestamps": (
        N_("Asks the timestamp authority for a timestamp on each issued file and, once newer revocation lists "
           "prove its signatures, puts this evidence into the file under another timestamp; again in time before "
           "that ends. The same for each attachment that bears a seal of its own."),
        N_("Certificates end and are revoked: what was valid must stay provable for decades, by the file alone."),
    ),
    "housekeeping": (
        N_("Releases abandoned acts of signing; deletes ended sessions, used-up links, old messages and files that "
           "nothing names."),
        N_("Nothing of a document, its history, its journal or its verdicts is ever touched."),
    ),
    "backup": (
        N_("Saves all tables as they are at one moment, and every stored file that the folder does not hold yet."),
        N_("What is lost with a disk comes back only from a copy that was made before."),
    ),
    "restore_drill": (
        N_("Puts the newest backup into a database that is thrown away, and compares everything with its list."),
        N_("A backup that was never put back is a hope: damage is found while the original is still there."),
    ),
    "anchor": (
        N_("Puts the ends of all chains of the journal under one root, and asks for a timestamp over it where an "
           "authority is set."),
        N_("Who holds the database could make the journal anew; not what was under a root that lies outside."),
    ),
    "audit_pass": (
        N_("Works out every chain, every root and every timestamp anew, mends what anchors missed, and tells the "
           "administrators what is wrong, or the newest root."),
        N_("Only a pass over every entry notices that one was changed."),
    ),
    "escalation": (
        N_("Tells whoever has an overdue document, then the head of the unit, then the leader of the office, each "
           "once after the agency's hours; and chases explanations that are owed. Only in office hours."),
        N_("What nobody moves has to be seen by somebody who can move it, in time."),
    ),
    "certificates": (
        N_("Tells holders 60, 30 and 7 days before their certificate ends, leaders without one each month, and the "
           "head and administrators of the agency in one message."),
        N_("A new certificate takes weeks to get, and an office must know whose signature it will lack."),
    ),
    "revocation": (
        N_("Fetches what authorities of certificates in use publish about revoked ones, well before what is here "
           "is too old, and tells of certificates found revoked and of authorities that cannot be reached in "
           "time."),
        N_("A signature is decided only by revocation evidence that is young enough."),
    ),
    "freeze": (
        N_("Closes the figures of the month before on the working day that each agency chose (usually the third), "
           "with the list of what they count and its digest."),
        N_("What was reported upwards must stand; what is corrected later stands beside it as an adjustment."),
    ),
    "monthly_reports": (
        N_("Puts the report of the month before, and of the quarter, half-year or year that it ends, on the desk "
           "of whoever the agency named, once it is closed."),
        N_("Figures typed by hand are late and differ from their lists; people keep the causes and the signature."),
    ),
    "recount": (
        N_("Counts the last three closed months of each agency again, and older ones in turn, and compares."),
        N_("Whoever changed a row without the program, or a closed figure itself, is found the next morning."),
    ),
}  # fmt: skip
"""What a job does, and why."""

NO_DRY_RUN: dict[str, str] = {
    "timestamps": N_("Each timestamp that is asked for is given, and may be charged for."),
    "outbox": N_("A message that has left cannot be taken back, so there is nothing to try without sending."),
    "bounces": N_("It reads a mailbox, which lies outside of the database."),
    "collect": N_("Its work is to move files and mails, which lie outside of the database."),
    "backup": N_("Its work is to write a folder, which lies outside of the database."),
    "remote_signatures": N_("An approval that is asked for on somebody's telephone cannot be taken back."),
    "revocation": N_("Its work is to ask other machines; trying it would be doing it."),
    "restore_drill": N_("It is a trial already: the database that it fills is thrown away."),
    "anchor": N_("An anchor takes a moment and changes nothing else."),
    "audit_pass": N_("It only reads: what it finds is the result."),
    "recount": N_("It changes no figure: it compares, and keeps what it found."),
}
"""Why a job cannot be tried; others take hours of judging or reading, which a dry run would have to do too."""
SLOW_TO_TRY = N_("It judges or reads files one by one and keeps each answer: a dry run would be the work itself.")

OWNERS: dict[Owner, str] = {
    Owner.OFFICE: N_("Office (reports and deadlines)"),
    Owner.CLERKS: N_("Clerks (documents and registers)"),
    Owner.OPERATORS: N_("Operation of the system"),
}

WEEKDAYS = (
    N_("every Monday"), N_("every Tuesday"), N_("every Wednesday"), N_("every Thursday"), N_("every Friday"),
    N_("every Saturday"), N_("every Sunday"),
)  # fmt: skip

KINDS: dict[str, str] = {
    "period": N_("by its schedule"),
    "asked": N_("asked for"),
    "dry": N_("dry run"),
}


def job(name: str) -> str:
    """A job in words; one of another version by its stored name."""
    return _(JOBS[name]) if name in JOBS else name


def period(text: str) -> str:
    """`23/11/2026`, `07:15 23/11/2026` or, asked for, `09:15:40 23/11/2026`: a period's name as the house writes
    days and times."""
    try:
        if len(text) == len("2026-11-23T09:15:40"):
            asked = dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=HERE)
            return f"{asked:%H:%M:%S} {format.day(asked)}"
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


def schedule(given: Schedule) -> str:
    """When it is due, by the office's clock."""
    if isinstance(given, WorkingMorning):
        return _("working days at %(time)s", time=f"{given.at:%H:%M}")
    if isinstance(given, MonthBegins):
        return _("first %(n)s working days of a month at %(time)s", n=given.days, time=f"{given.at:%H:%M}")
    if isinstance(given, Daily):
        return _("every day at %(time)s", time=f"{given.at:%H:%M}")
    if isinstance(given, Weekly):
        return _("%(day)s at %(time)s", day=_(WEEKDAYS[given.weekday]), time=f"{given.at:%H:%M}")
    if isinstance(given, Every):
        return ngettext("every minute", "every %(n)s minutes", given.minutes)
    return given.words()


def missed(one: JobRule) -> str:
    """What becomes of periods that nobody ran."""
    if one.missed is Missed.EACH:
        return _(
            "The last %(n)s are made up for, one after the other; older ones are marked as missed.", n=one.keep
        )
    if one.missed is Missed.LATEST:
        return _("Only the latest is made up for; those before it are marked as missed.")
    if one.within is not None:
        until = one.schedule.moment("2000-01-01") + one.within
        return _(
            "One that was not run by %(time)s is marked as missed; it is not made up for.", time=f"{until:%H:%M}"
        )
    return _("They are marked as missed; the next one does what was left.")


def span(name: str, counts: Mapping[str, object]) -> str:
    """What a line about missed periods spans."""
    periods = counts.get("periods", 1)
    if not isinstance(periods, int) or periods < 2:
        return _("Nobody ran it in its time.")
    first = period(str(counts.get("first", "")))
    return _("Nobody ran %(n)s periods in their time, from %(first)s on.", n=format.number(periods), first=first)


def progress(doing: str, done: int | None, of: int | None) -> str:
    """How far a run is: `documents: 120 of 2,000`."""
    if not doing or done is None:
        return ""
    count = _("%(done)s of %(all)s", done=format.number(done), all=format.number(of)) if of else format.number(done)
    return _(STEPS[doing], count=count) if doing in STEPS else f"{doing}: {count}"


def duration(begun: dt.datetime, ended: dt.datetime | None) -> str:
    """How long a run took; a dash where it has not ended."""
    if ended is None:
        return "–"
    seconds = max(0, (ended - begun).total_seconds())
    if seconds < 1:
        return _("under 1 s")
    if seconds < 120:
        return _("%(n)s s", n=round(seconds))
    return _("%(n)s min", n=format.number(round(seconds / 60)))


def no_dry_run(name: str) -> str:
    """Why a job cannot be tried."""
    return _(NO_DRY_RUN.get(name, SLOW_TO_TRY))


def told_of(code: str) -> str:
    """What a message of a kind tells of."""
    return _(TOLD_OF[code]) if code in TOLD_OF else _("something else")


def begun_by(line: Any) -> str:
    """`by its schedule`, or who asked for it."""
    how = _(KINDS[line.kind])
    return f"{how}: {line.asked_by}" if line.asked_by else how


def outcome(line: Any) -> str:
    """What a line says: what came of a run, how far it is, or what was missed."""
    if line.state == "missed":
        return span(line.job, line.result)
    if line.state == "running":
        return progress(line.doing, line.done_steps, line.all_steps)
    if line.state not in {"done", "stopped"}:
        return ""
    if line.kind != "dry":
        return result(line.job, line.result)
    told = _("messages it would write: %(count)s", count=format.number(line.result.get("told", 0)))
    counts = {key: value for key, value in line.result.get("counts", {}).items() if key != "messages"}
    return f"{result(line.job, counts)}; {told}"
