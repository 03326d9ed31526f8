"""What indicators mean, whether they meet their targets, and how entered figures read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from workflow.domain.entered import Shape, met, read, shape_of
from workflow.domain.indicators import Better, indicator
from workflow.store.models import EnteredIndicator
from workflow.web.i18n import N_, _, locale
from workflow.web.month_words import decimal

DEFINITIONS: dict[str, str] = {
    "sign_rate_docs": N_(
        "Issued documents with a valid signature of the leader and of the agency, of all issued ones; ink counts "
        "in the whole. Left out and listed: secret ones, exempt ones."
    ),
    "sign_rate_leader": N_(
        "Issued documents with a valid digital signature of whoever signed them, of all that this person signed in "
        "any medium. A deputy's are the deputy's."
    ),
    "sign_rate_seal": N_("Issued documents with a valid signature of the agency, of all issued ones."),
    "on_time_docs": N_(
        "Incoming documents finished before or on their due moment, of those finished that had one."
    ),
    "before_due": N_("Incoming documents finished before the day they were due, of those finished that had one."),
    "on_due": N_("Incoming documents finished on the day they were due, of those finished that had one."),
    "late_docs": N_("Incoming documents finished after their due moment, of those finished that had one."),
    "cert_coverage": N_(
        "Leaders and deputies in post at the end with an enrolled certificate in its time, of all in post."
    ),
    "backlog_share": N_(
        "Documents waiting for a signature at the end for longer than the agency's limit, of all that waited."
    ),
    "explained": N_("Of the explanations demanded in the month: those accepted by its end."),
    "apologised": N_(
        "Documents of citizens and organisations, late through the office's own fault, with a letter of apology "
        "issued by the end of the month, of all whose explanation was accepted in it."
    ),
}
BETTER: dict[str, str] = {
    "higher": N_("more is better"),
    "lower": N_("less is better"),
    "neither": N_("no direction"),
}
SHAPES: dict[str, str] = {
    "share": N_("a share: 3350/3351"),
    "parts": N_("a whole in parts: 36+114/156"),
    "value": N_("a value: 97.75"),
    "rank": N_("a rank, of how many, and the one before: 11/15~8"),
}


def aim(name: str, found: Mapping[str, int], goal: Decimal | None) -> tuple[str, str] | None:
    """Whether a rate meets its target: words and their tone; None where there is nothing to compare."""
    if goal is None:
        return None
    one = indicator(name)
    return _aimed(met(one.percent(found), goal, one.better), goal, " %")


def _aimed(good: bool | None, goal: Decimal, unit: str) -> tuple[str, str] | None:
    if good is None:
        return None
    words = _("target %(goal)s met") if good else _("target %(goal)s not met")
    return words % {"goal": f"{decimal(goal)}{unit}"}, "good" if good else "bad"


def entered_name(row: EnteredIndicator) -> str:
    """What an entered indicator is called in the reader's language."""
    return row.name if locale() == "vi" else row.name_en or row.name


def entered_about(row: EnteredIndicator) -> str:
    """What it means."""
    return row.about if locale() == "vi" else row.about_en or row.about


def entered_words(row: EnteredIndicator, text: str) -> str:
    """An entered figure: `99,97 % (3350/3351)`, `hạng 11/15, kỳ trước 8`."""
    if not text:
        return "–"
    found = read(shape_of(text), text)
    amount = found.amount(row.decimals)
    match found.shape:
        case Shape.VALUE:
            return decimal(amount)
        case Shape.RANK:
            place = f"{found.parts[0]}/{found.whole}" if found.whole else str(found.parts[0])
            if found.previous is None:
                return _("rank %(place)s", place=place)
            return _("rank %(place)s, before %(previous)s", place=place, previous=found.previous)
        case _:
            told = f"{decimal(amount)} % ({'+'.join(map(str, found.parts))}/{found.whole})"
            if found.unclassified:
                told += f"; {_('unclassified: %(n)s', n=found.unclassified)}"
            return told


def entered_aim(row: EnteredIndicator, text: str, goal: Decimal | None) -> tuple[str, str] | None:
    """Whether an entered figure meets its target."""
    if goal is None or not text:
        return None
    found = read(shape_of(text), text)
    unit = " %" if found.shape in {Shape.SHARE, Shape.PARTS} else ""
    return _aimed(met(found.amount(row.decimals), goal, Better(row.better)), goal, unit)
