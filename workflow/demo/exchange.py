"""Which of the demo's papers go to other agencies of the installation."""

from __future__ import annotations

import datetime as dt
import random

from workflow.demo import province
from workflow.demo.province import Agency
from workflow.demo.schedule import RECENT, Fate, Plan

_ISSUED = frozenset({Fate.DIGITAL, Fate.INK})


def receivers(agency: Agency, plan: Plan, *, today: dt.date, chance: random.Random) -> tuple[Agency, ...]:
    """To whom a paper goes: down from the province and its departments, up from communes; mostly to nobody."""
    if plan.fate not in _ISSUED or plan.burst or plan.day < today - RECENT:
        return ()
    every = province.agencies()
    communes = [one for one in every if one.abbreviation == "UBND"]
    if agency.abbreviation == "UBND":
        above = [one for one in every if one.abbreviation != "UBND"]
        return (chance.choice(above),) if chance.random() < 0.6 else ()
    if chance.random() < 0.25:
        return ()
    tour = next(one for one in communes if one.story == "tour")
    some = chance.sample(communes, chance.choice((1, 2, 3)))
    return tuple(dict.fromkeys([*some, tour] if chance.random() < 0.5 else some))
