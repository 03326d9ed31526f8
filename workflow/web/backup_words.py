"""What is said of backups and drills: how one ended, what is wrong, what to do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.backup import Flaw, Kind, State
from workflow.store.models import BackupRun
from workflow.web import format
from workflow.web.i18n import N_, _

ENDS: dict[tuple[Kind, State], tuple[str, str]] = {
    (Kind.BACKUP, State.DONE): (N_("Whole"), "good"),
    (Kind.BACKUP, State.FLAWED): (N_("Files are missing in it"), "warn"),
    (Kind.BACKUP, State.FAILED): (N_("Not made"), "bad"),
    (Kind.DRILL, State.DONE): (N_("Nothing wrong was found"), "good"),
    (Kind.DRILL, State.FLAWED): (N_("Something is wrong"), "bad"),
    (Kind.DRILL, State.FAILED): (N_("The drill was not done"), "bad"),
}
"""A word and the tone of its badge."""

AGAIN = N_("Make a new backup (trinhky backup) and a new drill; look at the disk that this one lies on.")
RECHECK = N_("Run trinhky backup --recheck while the program still has the file; look at the disk of the backup.")
EARLIER = N_("Look for the file in earlier or other backups, and at the disk that the program keeps its files on.")
WRITTEN_SO = N_(
    "The copy is what was written, so the database itself has it: keep earlier backups and have it looked at."
)

FLAWS: dict[Flaw, tuple[str, str]] = {
    Flaw.NONE_WHOLE: (N_("The folder holds no finished backup"), N_("Make one: trinhky backup.")),
    Flaw.NOT_WRITTEN: (N_("It was broken off"), N_("Mend the cause, then run it again.")),
    Flaw.LIST_CHANGED: (N_("The list of contents is not what was written"), AGAIN),
    Flaw.OTHER_VERSION: (
        N_("It belongs to another version of the program"),
        N_("It can be put back only with that version. Make a new backup with this one."),
    ),
    Flaw.TABLE_MISSING: (N_("The file of a table is missing"), AGAIN),
    Flaw.TABLE_CHANGED: (N_("The file of a table is damaged"), AGAIN),
    Flaw.ROWS_DIFFER: (N_("Rows are missing, or there are too many (found / written)"), AGAIN),
    Flaw.NOT_LOADED: (N_("The database refuses rows of a table"), WRITTEN_SO),
    Flaw.CAME_BACK_OTHERWISE: (N_("Rows came back otherwise than they were written (found / written)"), WRITTEN_SO),
    Flaw.REFERENCE_BROKEN: (N_("A row refers to one that is not there"), WRITTEN_SO),
    Flaw.JOURNAL_BROKEN: (N_("A chain of the journal does not hold"), WRITTEN_SO),
    Flaw.FILE_MISSING: (N_("A stored file is missing in the backup"), RECHECK),
    Flaw.FILE_CHANGED: (N_("A stored file is damaged in the backup"), RECHECK),
    Flaw.SOURCE_MISSING: (N_("The program had lost a stored file when the backup was made"), EARLIER),
    Flaw.SOURCE_CHANGED: (N_("The program's own copy of a stored file was damaged"), EARLIER),
}

CAUSES = {
    "backup_running": N_("another backup, drill or restore was at work"),
    "backup_folder_of_another": N_("the folder belongs to another user"),
    "backup_folder_open": N_("others may write to the folder (chmod -R go-w, after a look at what lies there)"),
    "backup_folder_linked": N_("a link lies where a folder of ours should be"),
    "backup_not_written": N_("the folder could not be written to"),
    "backup_before_migrating": N_("the database was not brought to this version"),
    "backup_overtaken": N_("a file was cleared away meanwhile"),
    "drill_not_done": N_("there was no room or no right beside the backup"),
}


CHAINS = {
    "foreign": N_("it belongs to another document"),
    "gap": N_("the entry before it is missing or there twice"),
    "changed": N_("it was changed"),
    "cut": N_("the chain ends too early"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One finding in words."""

    title: str
    what: str
    detail: str
    advice: str


def ended(run: BackupRun) -> tuple[str, str]:
    """How it ended, and the tone of its badge."""
    text, tone = ENDS[Kind(run.kind), State(run.state)]
    return _(text), tone


def told(finding: Mapping[str, Any]) -> Told:
    """What is wrong and what to do; of another version by its stored words."""
    what, detail = str(finding["what"]), str(finding["detail"])
    if finding["flaw"] not in set(Flaw):
        return Told(str(finding["flaw"]), what, detail, "")
    title, advice = FLAWS[Flaw(finding["flaw"])]
    if what in CAUSES:
        return Told(f"{_(title)}: {_(CAUSES[what])}", "", detail, _(advice))
    return Told(_(title), what, _place(detail) if finding["flaw"] == Flaw.JOURNAL_BROKEN else detail, _(advice))


def _place(detail: str) -> str:
    """Where in its chain, and what is wrong there."""
    number, _space, flaw = detail.partition(" ")
    if flaw in CHAINS:
        return _("entry %(n)s: %(flaw)s", n=number, flaw=_(CHAINS[flaw]))
    return _("its end is not the one that its document names")


def size(count: int) -> str:
    """`412 kB`, `73 MB`, `1.204 GB`: whole ones."""
    for unit, factor, most in (("kB", 10**3, 10**6), ("MB", 10**6, 10**10)):
        if count < most:
            return f"{format.number(-(-count // factor))} {unit}"
    return f"{format.number(count // 10**9)} GB"


def lasted(run: BackupRun) -> str:
    """`45 s`, `12 min`."""
    seconds = max(1, round((run.finished_at - run.started_at) / dt.timedelta(seconds=1)))
    return _("%(n)s s", n=seconds) if seconds < 120 else _("%(n)s min", n=format.number(seconds // 60))
