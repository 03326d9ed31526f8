"""What counts, values, causes and states of closed months are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflow.domain.freezing import Broken, Cause
from workflow.domain.indicators import COUNTS, Population, indicator
from workflow.services.figures.months import Line, State
from workflow.web.i18n import N_, _, locale

STATES: dict[State, tuple[str, str]] = {
    State.RUNNING: (N_("Not over yet, counted as you look"), "wait"),
    State.OVER: (N_("Over, not closed yet"), "warn"),
    State.CLOSED: (N_("Closed"), "good"),
}

NAMES: dict[str, str] = {
    "issued": N_("Issued in all"),
    "sign_counted": N_("Counted"),
    "fully_signed": N_("Fully signed"),
    "leader_only": N_("Leader only"),
    "seal_only": N_("Agency only"),
    "ink": N_("In ink"),
    "failed": N_("Invalid"),
    "indeterminate": N_("Undecided"),
    "without": N_("Without signature"),
    "exempt": N_("Exempt"),
    "secret": N_("Secret"),
    "leader_signed": N_("Leader's signature valid"),
    "seal_signed": N_("Agency's signature valid"),
    "unsigned": N_("Waiting for a signature"),
    "carried": N_("From the month before"),
    "received": N_("Received"),
    "finished": N_("Finished in all"),
    "finished_dated": N_("Finished, with a deadline"),
    "in_time": N_("In time"),
    "before": N_("Before the day"),
    "on": N_("On the day"),
    "late": N_("Late"),
    "undated": N_("Finished, without a deadline"),
    "ended": N_("Returned or recalled"),
    "open": N_("Open, all of them"),
    "open_in_due": N_("Open, in time"),
    "open_overdue": N_("Open, overdue"),
    "open_paused": N_("Open, clock stopped"),
    "open_undated": N_("Open, without a deadline"),
    "demanded": N_("Explanations demanded"),
    "given": N_("Given"),
    "accepted": N_("Accepted"),
    "unexplained": N_("Not accepted yet"),
    "leaders": N_("Leaders in post"),
    "leaders_covered": N_("With an enrolled certificate in its time"),
}

INDICATORS: dict[str, str] = {
    "sign_rate_docs": N_("Signature rate"),
    "sign_rate_leader": N_("Leader's signature rate"),
    "sign_rate_seal": N_("Agency's signature rate"),
    "on_time_docs": N_("In time, in percent"),
    "before_due": N_("Before the day, in percent"),
    "on_due": N_("On the day, in percent"),
    "late_docs": N_("Late, in percent"),
    "cert_coverage": N_("Enrolled certificates in their time, in percent"),
}

CAUSES: dict[str, str] = {
    Cause.VERDICT: N_("newer evidence about a signature"),
    Cause.EXEMPTION: N_("an exemption was approved"),
    Cause.ISSUED: N_("issued at the last moment"),
    Cause.REGISTERED: N_("registered at the last moment"),
    Cause.REOPENED: N_("reopened"),
    Cause.WITHDRAWN: N_("an act was taken back"),
    Cause.DUE_MOVED: N_("the deadline was moved"),
    Cause.RECALLED: N_("recalled by its sender"),
    Cause.CLOSED: N_("closed later"),
    Cause.HANDED_ON: N_("handed on"),
    Cause.EXPLANATION: N_("an explanation was given, accepted or sent back"),
    Cause.POST: N_("a post began or ended"),
    Cause.CERTIFICATE: N_("a certificate was enrolled or retired"),
}

BROKEN: dict[str, str] = {
    Broken.CONTENT: N_("The frozen list is not the one that was closed."),
    Broken.JOURNAL: N_("The journal names another digest, or none."),
    Broken.CHAIN: N_("The journal's chain of these figures does not hold."),
    Broken.FIGURES: N_("The frozen figures are not those of the frozen list."),
    Broken.ADJUSTMENTS: N_("The adjustments are not those that the journal names."),
}

KINDS: dict[str, str] = {
    Population.ISSUED: N_("Issued document"),
    Population.UNSIGNED: N_("Document waiting for a signature"),
    Population.RECEIVED: N_("Received document"),
    Population.CARRIED: N_("Document from the month before"),
    Population.FINISHED: N_("Finished document"),
    Population.ENDED: N_("Returned or recalled document"),
    Population.OPEN: N_("Open document"),
    Population.DEMANDED: N_("Explanation demanded"),
    Population.GIVEN: N_("Explanation given"),
    Population.ACCEPTED: N_("Explanation accepted"),
    Population.UNEXPLAINED: N_("Explanation not accepted yet"),
    Population.LEADERS: N_("Leader"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a month: columns, the rate before them, and whether units are told apart."""

    title: str
    about: str
    columns: tuple[str, ...]
    rate: str = ""
    per_unit: bool = True


TABLES: tuple[Table, ...] = (
    Table(
        N_("Signatures on issued documents"),
        N_("Ink counts in the denominator and never in the numerator; secret and exempt documents are left out and "
           "listed. Each signature counts by the newest answer about it."),
        ("fully_signed", "sign_counted", "leader_only", "seal_only", "ink", "failed", "indeterminate", "without",
         "exempt", "secret"),
        "sign_rate_docs",
    ),
    Table(
        N_("Incoming documents that were finished"),
        N_("In time of all finished ones that had a deadline, at the unit that led them."),
        ("in_time", "finished_dated", "before", "on", "late", "undated"),
        "on_time_docs",
    ),
    Table(
        N_("Incoming documents in all"),
        N_("From the month before and received, together as many as finished, returned or recalled, and open."),
        ("carried", "received", "finished", "ended", "open"),
        per_unit=False,
    ),
    Table(
        N_("Incoming documents open at the end"),
        N_("With whoever had them then."),
        ("open", "open_in_due", "open_overdue", "open_paused", "open_undated"),
    ),
    Table(
        N_("Explanations and unsigned documents"),
        "",
        ("demanded", "given", "accepted", "unexplained", "unsigned"),
    ),
    Table(
        N_("Certificates of leaders"),
        N_("Leaders and deputies in post at the end; of certificates those count that were enrolled and confirmed, "
           "in their time, not retired. One that its issuer revoked still counts until it is retired here."),
        ("leaders_covered", "leaders"),
        "cert_coverage",
        per_unit=False,
    ),
)  # fmt: skip
PEOPLE = Table(
    N_("By signer"),
    N_("A document counts for whoever signed it, deputies included; here the leader's signature alone decides."),
    ("leader_signed", "sign_counted", "ink", "exempt", "secret"),
    "sign_rate_leader",
)


def rows(table: Table, units: tuple[Line, ...]) -> list[Line]:
    """Units that have anything to say in a table."""
    if not table.per_unit:
        return []
    return [
        line
        for line in units
        if any(line.now[name] or (line.frozen and line.frozen[name]) for name in table.columns)
    ]


def rate(name: str, found: Mapping[str, int]) -> str:
    """`96,77 %`, half up; a dash where nothing counts. Only all of them are 100 %, only none 0 %."""
    one = indicator(name)
    share = one.percent(found)
    if share is None:
        return "–"
    part, whole, step = found[one.numerator], found[one.denominator], Decimal(1).scaleb(-one.decimals)
    if 0 < part < whole:
        share = min(max(share, step), 100 - step)
    text = f"{share:.{one.decimals}f}"
    return f"{text.replace('.', ',') if locale() == 'vi' else text} %"


def value(population: str, text: str) -> str:
    """Where a thing stood, in the words of its column: the narrowest one that takes it."""
    if not text:
        return _("not counted there")
    if population == Population.ENDED:
        return _("returned") if text == "returned" else _("recalled")
    if population == Population.LEADERS:
        return _("certificate in its time") if text == "covered" else _("no certificate in its time")
    found = [one for one in COUNTS.values() if one.population == population and text in one.values]
    return _(NAMES[min(found, key=lambda one: len(one.values)).name]) if found else text
