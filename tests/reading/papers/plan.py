"""Which papers are made: 200 places with layout and type, weighted as an office's post is, then again.

Producers and scans go by the place: every third paper the same producer, every fifth a scan, so that each layout of
some weight meets each of both. A short run takes the first places; the order depends on the seed alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.reading.papers import agencies, offices, others
from tests.reading.papers.agencies import Agency
from tests.reading.papers.case import Case
from tests.reading.papers.model import Paper

PRODUCERS = ("typst", "chromium", "streams")
SCANNED_EVERY = 5

Write = Callable[[Case], None]
Issuers = tuple[Callable[[Random], Agency], ...]
ANY: Issuers = (agencies.commune, agencies.commune, agencies.commune, agencies.department, agencies.provincial,
                agencies.division)  # fmt: skip
COMMITTEES: Issuers = (agencies.commune, agencies.commune, agencies.provincial)

LAYOUTS: dict[str, tuple[Write, Issuers, str]] = {
    "letter": (offices.letter, (agencies.commune, agencies.commune, agencies.provincial), "decree"),
    "department": (offices.letter, (agencies.department,), "decree"),
    "ministry": (offices.letter, (agencies.ministry,), "decree"),
    "division": (offices.letter, (agencies.division,), "decree"),
    "decision": (offices.decision, (*COMMITTEES, agencies.department), "decree"),
    "normative": (offices.normative, COMMITTEES, "normative"),
    "regulation": (offices.regulation, ANY, "decree"),
    "report": (offices.report, ANY, "decree"),
    "plan": (offices.plan, ANY, "decree"),
    "submission": (offices.submission, ANY, "decree"),
    "notice": (offices.notice, (*ANY, agencies.ministry), "decree"),
    "invitation": (offices.invitation, ANY, "decree"),
    "telegram": (offices.telegram, (agencies.commune, agencies.provincial), "decree"),
    "council": (others.council, (agencies.council,), "decree"),
    "party": (others.party, (agencies.party,), "party"),
    "school": (others.school, (agencies.school,), "decree"),
    "company": (others.company, (agencies.company,), "company"),
    "slip": (others.slip, ANY, "decree"),
    "minutes": (others.minutes, ANY, "decree"),
    "bilateral": (others.bilateral, COMMITTEES, "decree"),
    "public_letter": (others.public_letter, COMMITTEES, "decree"),
}
SHARES: dict[str, dict[str, int]] = {
    "letter": {"letter": 25}, "department": {"letter": 16}, "ministry": {"letter": 10}, "division": {"letter": 6},
    "decision": {"decision": 16}, "normative": {"decision": 4, "resolution": 2}, "regulation": {"regulation": 1,
    "rule": 1},
    "report": {"report": 13}, "plan": {"plan": 9, "programme": 2, "scheme": 2, "project": 2, "option": 2},
    "submission": {"submission": 8}, "notice": {"notice": 10, "guideline": 2, "communique": 1, "directive": 3},
    "invitation": {"invitation": 8}, "telegram": {"telegram": 5}, "council": {"resolution": 5, "letter": 1},
    "party": {"letter": 3, "resolution": 1, "decision": 1, "report": 1, "notice": 1, "programme": 1,
    "regulation": 1, "rule": 1},
    "school": {"letter": 3, "plan": 1, "report": 1, "notice": 1}, "company": {"letter": 8},
    "slip": {"introduction": 2, "leave_permit": 2, "sending_slip": 2, "transfer_slip": 2, "advice_slip": 2,
    "authorisation": 2},
    "minutes": {"minutes": 4}, "bilateral": {"contract": 2, "memorandum": 1, "agreement": 1},
    "public_letter": {"public_letter": 2},
}  # fmt: skip
ROUND = sum(sum(kinds.values()) for kinds in SHARES.values())
URGENCIES = ("normal",) * 22 + ("urgent", "urgent", "very_urgent", "flash")


@dataclass(frozen=True, slots=True)
class Place:
    """One paper to be made."""

    name: str
    layout: str
    kind: str
    producer: str
    scanned: bool


def places(seed: int, count: int) -> Iterator[Place]:
    """The first `count` papers of a seed."""
    order: list[tuple[str, str]] = []
    for at in range(count):
        if at % ROUND == 0:
            order = [
                (layout, kind)
                for layout, kinds in SHARES.items()
                for kind, many in kinds.items()
                for _ in range(many)
            ]
            Random(f"{seed}:order:{at // ROUND}").shuffle(order)
        layout, kind = order[at % ROUND]
        scanned = at % SCANNED_EVERY == SCANNED_EVERY - 1
        yield Place(f"{at + 1:04d}", layout, kind, PRODUCERS[at % len(PRODUCERS)], scanned)


def compose(seed: int, place: Place) -> Paper:
    """The paper of a place: same seed and place, same paper."""
    rng = Random(f"{seed}:{place.name}")
    write, issuers, style = LAYOUTS[place.layout]
    if place.layout == "normative" and place.kind == "resolution":
        issuers = (agencies.council,)
    case = Case(rng=rng, layout=place.layout, kind=place.kind, agency=rng.choice(issuers)(rng), style=style)
    pool = URGENCIES if place.layout != "telegram" else ("urgent", "very_urgent", "flash", "flash", "normal")
    if place.layout not in {"public_letter", "bilateral"}:
        case.urgency = rng.choice(pool)
    write(case)
    return case.paper()
