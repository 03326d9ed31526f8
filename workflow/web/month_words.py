"""What counts, values, causes and states of closed months are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflow.domain.entered import of_fact
from workflow.domain.freezing import Broken, Cause
from workflow.domain.indicators import CAPACITIES, COUNTS, Population, indicator
from workflow.domain.indicators import KINDS as CERTIFICATES
from workflow.domain.people import Capacity
from workflow.domain.rates import percent
from workflow.domain.signing_times import hours
from workflow.services.figures.months import Figures, Line, State
from workflow.web import trust_words
from workflow.web.i18n import N_, _, locale
from workflow.web.labels import label

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

NAMES_OF_MORE: dict[str, str] = {
    "timed": N_("Digital signatures given"),
    "backlog": N_("Waiting for longer than the limit"),
    "apologies": N_("Apologies owed"),
    "apologised": N_("Apologised for by the end of the month"),
    "explained": N_("Demanded and accepted in the month"),
    "unapologised": N_("Not apologised for yet"),
    "entered": N_("Entered figures"),
    "not_provable": N_("Fully signed at signing, not provable today"),
}
SIDES: dict[str, str] = {
    "full": N_("Fully signed"),
    "alone": N_("This signature alone"),
    "failed": N_("Invalid"),
    "undecided": N_("Undecided"),
}


def name(count: str) -> str:
    """What a column is called; those of capacities and kinds of certificates are put together."""
    if found := NAMES.get(count) or NAMES_OF_MORE.get(count):
        return _(found)
    first, _line, rest = count.partition("_")
    if first == "as":
        capacity, _line, part = rest.partition("_")
        words = {"": N_("Issued in all"), "counted": N_("Counted"), "signed": N_("Leader's signature valid")}[part]
        return f"{label(Capacity(capacity))}: {_(words)}"
    kind, _line, side = rest.rpartition("_")
    whose = _("Certificate of the leader") if first == "leader" else _("Certificate of the agency")
    return f"{whose}, {_(trust_words.KINDS[kind])}: {_(SIDES[side])}"


INDICATORS: dict[str, str] = {
    "sign_rate_docs": N_("Signature rate"),
    "sign_rate_leader": N_("Leader's signature rate"),
    "sign_rate_seal": N_("Agency's signature rate"),
    "on_time_docs": N_("In time, in percent"),
    "before_due": N_("Before the day, in percent"),
    "on_due": N_("On the day, in percent"),
    "late_docs": N_("Late, in percent"),
    "cert_coverage": N_("Enrolled certificates in their time, in percent"),
    "backlog_share": N_("Waiting for longer than the limit, in percent"),
    "explained": N_("Explanations accepted in the month that demanded them, in percent"),
    "apologised": N_("Apologies made in the month that owed them, in percent"),
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
    Cause.SIGNED: N_("signed at the last moment"),
    Cause.ENTERED: N_("a figure was entered or corrected"),
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
    Population.SIGNED_AS: N_("Issued document, by capacity"),
    Population.LEADER_KIND: N_("Issued document, by the leader's certificate"),
    Population.SEAL_KIND: N_("Issued document, by the agency's certificate"),
    Population.TIMED: N_("Digital signature"),
    Population.BACKLOG: N_("Document waiting for longer than the limit"),
    Population.APOLOGIES: N_("Document with an apology owed"),
    Population.UNAPOLOGISED: N_("Document without its apology"),
    Population.EXPLAINED: N_("Explanation demanded and accepted in the month"),
    Population.ENTERED: N_("Entered figure"),
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
        N_("Apologies for lateness of the office's own"),
        N_("Documents of citizens and organisations: an explanation with a cause of the office's own was accepted "
           "in the month; made where the letter was issued by the end. Beside them all that is still owed."),
        ("apologised", "apologies", "unapologised"),
        "apologised",
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
HOLDERS = Table(
    N_("By handler"),
    N_("A finished document counts for whoever handled it; one without a handler counts for its unit alone."),
    ("in_time", "finished_dated", "before", "on", "late", "undated"),
    "on_time_docs",
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
    return f"{decimal(share)} %"


def value(population: str, text: str) -> str:
    """Where a thing stood, in the words of its column: the narrowest one that takes it."""
    if not text:
        return _("not counted there")
    if population == Population.ENDED:
        return _("returned") if text == "returned" else _("recalled")
    if population == Population.TIMED:
        return _("waited %(hours)s working hours", hours=decimal(hours(int(text))))
    if population == Population.ENTERED:
        return of_fact(text)[1].lstrip("r")
    if population == Population.APOLOGIES:
        return _("letter issued") if text == "made" else _("letter not issued by the end of the month")
    if population == Population.LEADERS:
        return _("certificate in its time") if text == "covered" else _("no certificate in its time")
    found = [one for one in COUNTS.values() if one.population == population and text in one.values]
    return name(min(found, key=lambda one: len(one.values)).name) if found else text


def in_hours(minutes: int | None) -> str:
    """Working hours with one decimal; a dash where nothing was signed."""
    return "–" if minutes is None else decimal(hours(minutes))


def decimal(number: Decimal | None) -> str:
    """A number with the decimal sign of the language; a dash where there is none."""
    if number is None:
        return "–"
    return f"{number:f}".replace(".", ",") if locale() == "vi" else f"{number:f}"


def kinds(line: Line, whose: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(kind of certificate, its columns) of those that any document has; `whose`: `leader` or `seal`."""
    every = [
        (kind, [(_(words), f"{whose}_{kind}_{side}") for side, words in SIDES.items()]) for kind in CERTIFICATES
    ]
    return [
        (_(trust_words.KINDS[kind]), columns)
        for kind, columns in every
        if any(line.now[one] or (line.frozen and line.frozen[one]) for _words, one in columns)
    ]


def capacities(line: Line) -> list[tuple[str, str, Decimal | None]]:
    """(capacity, its columns' stem, rate) of those in which a person signed anything."""
    return [
        (label(Capacity(one)), f"as_{one}", percent(line.now[f"as_{one}_signed"], line.now[f"as_{one}_counted"]))
        for one in CAPACITIES
        if line.now[f"as_{one}"] or (line.frozen and line.frozen[f"as_{one}"])
    ]


def counted(table: Table, found: Figures) -> bool:
    """Whether the definition that a month was counted by has what a table shows."""
    return all(COUNTS[one].population in found.counts for one in table.columns)
