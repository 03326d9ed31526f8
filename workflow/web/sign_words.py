"""What signs of irregularity are called, why each may be innocent, and what made one."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.anomalies import Sign
from workflow.services.anomalies import Item
from workflow.web import format
from workflow.web.i18n import N_, _


@dataclass(frozen=True, slots=True)
class About:
    """A sign in words: its name, a short one for the head of a column, what it looks at, why it may be innocent,
    what to look at next."""

    name: str
    short: str
    looks_at: str
    innocent: str
    next: str


HINT = N_("This is a hint to look again, not a conclusion.")

SIGNS: dict[Sign, About] = {
    Sign.FOREIGN_DEVICE: About(
        N_("Leader's key used on another person's device"),
        N_("Another's device"),
        N_("Signatures made in a browser in which mostly somebody else logs in."),
        N_("The leader's own computer was broken, or both sit at one machine, e.g. at the one-stop desk."),
        N_("Ask the signer where they signed; look at what else was signed in that browser."),
    ),
    Sign.TOO_FAST: About(
        N_("More signed in a minute than can be opened"),
        N_("Too fast"),
        N_("Signatures of one minute, beside the papers that the signer had opened by then and for how long."),
        N_("The papers were read on paper or in the morning meeting; many papers have one pattern."),
        N_("Open a few of them, and ask the signer how they were read."),
    ),
    Sign.CLOSED_BEFORE_DUE: About(
        N_("Closed without a reply shortly before due"),
        N_("Closed before due"),
        N_("Incoming papers with a term that ended without a linked reply in the last office hours before it."),
        N_("It was answered by telephone or on paper, or the sender asked for nothing."),
        N_("Read the words with which it was closed; ask the sender whether they have an answer."),
    ),
    Sign.EXTENDED_AFTER_DUE: About(
        N_("Extended after due"),
        N_("Extended late"),
        N_("Requests for more time that were made or granted when the term had run out already."),
        N_("The leader was away when it was asked in time; the other office answered late."),
        N_("Look whether an explanation was given for the lateness that the new date hides."),
    ),
    Sign.REGISTERED_LATE: About(
        N_("Arrival registered late"),
        N_("Registered late"),
        N_("Days between the arrival of a paper and its arrival number (Decree 30/2020 Art. 22)."),
        N_("It came by mistake and was clarified first; the clerk was away; the file could not be checked."),
        N_("Compare with the sender's date of issue: every day that a paper lies is missing from its term."),
    ),
    Sign.EXEMPTIONS: About(
        N_("Exemptions above the norm"),
        N_("Exemptions"),
        N_("The share of issued papers that are exempt from digital signing, beside the median of all agencies."),
        N_("The office deals with courts or others who ask for paper."),
        N_("Read the reasons: one and the same reason for everything deserves a question."),
    ),
    Sign.SEAL_WITHOUT_LEADER: About(
        N_("Seal without the leader"),
        N_("Seal without leader"),
        N_("Sealed papers without a leader's signature that passed; of ink also those of days away."),
        N_("The leader came in for an hour and signed; the scan lies in a folder of paper."),
        N_("Ask for the paper original with the signature."),
    ),
}  # fmt: skip

THRESHOLDS: dict[tuple[Sign, str], str] = {
    (Sign.FOREIGN_DEVICE, "days"): N_("Days on which the other person logged in there, at least"),
    (Sign.FOREIGN_DEVICE, "own_percent"): N_("The signer's own share of the days, percent at most"),
    (Sign.TOO_FAST, "a_minute"): N_("Signatures of one person within a minute, at least"),
    (Sign.TOO_FAST, "seconds_a_page"): N_("Seconds that a page takes, at least"),
    (Sign.TOO_FAST, "unopened"): N_("Of them not opened, or for too short a time, at least"),
    (Sign.CLOSED_BEFORE_DUE, "hours"): N_("Office hours before the term, at most"),
    (Sign.REGISTERED_LATE, "working_days"): N_("Working days after arrival that are still in time"),
    (Sign.EXEMPTIONS, "documents"): N_("Issued papers of an agency, at least"),
    (Sign.EXEMPTIONS, "percent"): N_("Share that is never too much, percent"),
    (Sign.EXEMPTIONS, "spread"): N_("Times the usual distance from the median"),
}
LEAST = N_("An office stands out from so many on")

LACKING: dict[str, str] = {
    "missing": N_("no leader's signature stands"),
    "failed": N_("the leader's signature is invalid"),
    "indeterminate": N_("not enough is known of the leader's signature"),
    "ink_no_day": N_("signed in ink, and no day of it is recorded"),
    "ink_no_scan": N_("signed in ink, and there is no scan of it"),
    "ink_away": N_("signed in ink on a day on which the signer had left their desk to another"),
}
KINDS = {"reviewed": N_("Looked at: there is a reason"), "comment": N_("Comment of whom it names")}


def threshold(sign: Sign, name: str) -> str:
    """What a number of a sign is called."""
    return _(THRESHOLDS.get((sign, name), LEAST))


def facts(item: Item) -> list[str]:
    """What made a sign, line by line: who, which device, when, how many."""
    told = item.finding.facts
    return [line for line in _MADE[item.finding.sign](told, item.names) if line]


def _who(words: str, key: object, names: Mapping[int, str]) -> str:
    name = names.get(key, "") if isinstance(key, int) else ""
    return f"{words}: {name}" if name else ""


def _moment(moment: dt.datetime | None) -> str:
    return format.moment(moment) if moment is not None else ""


def _device(told: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    return [
        _who(_("Signer"), told["signer"], names),
        _("Device %(mark)s", mark=told["device"]),
        _who(_("Mostly used by"), told["other"], names),
        _("Days with a login before: %(other)s of that person, %(own)s of the signer", other=told["other_days"],
          own=told["own_days"]),
    ]  # fmt: skip


def _fast(told: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    unknown = told.get("unknown", 0)
    return [
        _who(_("Signer"), told["signer"], names),
        *([_("Of %(n)s more nobody can say whether they were opened: looks of that time are cleared", n=unknown)]
          if unknown else []),
        _("Within a minute: %(papers)s papers of %(pages)s pages, %(opened)s of them opened before",
          papers=told["a_minute"], pages=told["pages"], opened=told["opened"]),
        _("This one was first opened %(moment)s", moment=_moment(told["seen"])) if told["seen"]
        else _("This one was not opened before"),
    ]  # fmt: skip


def _closed(told: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    return [
        _who(_("Closed by"), told["closer"], names),
        _("Due %(moment)s", moment=_moment(told["due"])),
        _("At most %(hours)s office hours before it", hours=format.number(math.ceil(told["minutes"] / 60))),
    ]


def _extended(told: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    return [
        _("Was due %(moment)s", moment=_moment(told["due"])),
        _("Asked %(moment)s", moment=_moment(told["asked"])),
        _who(_("Who asked"), told["asker"], names),
        _("Granted %(moment)s", moment=_moment(told["granted"])) if told["granted"] else _("Not granted yet"),
        _who(_("Granted by"), told["granter"], names),
    ]


def _registered(told: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    return [
        _("Came %(moment)s", moment=_moment(told["arrived"])),
        _("Working days until its number: %(days)s", days=told["days"]),
        _who(_("Registered by"), told["registrar"], names),
    ]


def _exempt(told: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    return [
        _who(_("Exempted by"), told["approver"], names),
        _("Exempt in this office: %(part)s of %(whole)s", part=told["exempt"], whole=told["issued"]),
        _("Usual: %(usual)s in a hundred; a sign above %(above)s", usual=round(told["usual"]),
          above=round(told["above"])),
    ]  # fmt: skip


def _sealed(told: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    lacking = LACKING[told["why"]]
    return [
        _(lacking),
        _who(_("Sealed by"), told["sealer"], names),
        _who(_("Signer"), told["signer"], names),
        _("Signed on %(day)s", day=format.day(told["ink_day"])) if told["ink_day"] else "",
    ]


_MADE = {
    Sign.FOREIGN_DEVICE: _device,
    Sign.TOO_FAST: _fast,
    Sign.CLOSED_BEFORE_DUE: _closed,
    Sign.EXTENDED_AFTER_DUE: _extended,
    Sign.REGISTERED_LATE: _registered,
    Sign.EXEMPTIONS: _exempt,
    Sign.SEAL_WITHOUT_LEADER: _sealed,
}
