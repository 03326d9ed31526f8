"""How each kind of notice is said, for screens and mail alike, from the texts of `notice_texts`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.adapters.catalogues import VIETNAMESE, of_feature
from workflow.domain.calendar import office_time
from workflow.domain.certificates import Stop
from workflow.domain.deadlines import Measure
from workflow.domain.notices import KINDS, Task, Told
from workflow.domain.opinions import Verdict
from workflow.domain.outgoing import Urgency
from workflow.domain.unsigned_reasons import Reason
from workflow.services.ending_texts import ENDINGS
from workflow.services.notice_texts import (
    ABOUT,
    AT,
    CONTEXT,
    DESK,
    INITIALLED,
    JUST_OVERDUE,
    LEFT,
    MARKS,
    MORE,
    NAMED,
    REMARK,
    TASKS,
    TEXTS,
    UNSIGNED_FOR,
    VERDICTS,
    WITH,
    Alternatives,
)  # fmt: skip
from workflow.services.report_texts import Words
from workflow.services.stop_texts import STOPPED


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what is said; some lead to what they tell of."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A notice in one language."""

    subject: str
    lines: tuple[Line, ...]

    def body(self, *, base_url: str = "") -> str:
        """As plain text. `base_url`: for mail, where each line's own link is written out below it."""
        return "\n".join(_plain(one, base_url) for one in self.lines)


def _plain(line: Line, base_url: str) -> str:
    shown = f"- {line.text}" if line.link else line.text
    return f"{shown}\n  {base_url}{line.link}" if line.link and base_url else shown


Translate = Callable[[str], str]


def say(told: Told, language: str = VIETNAMESE) -> Said:
    """A notice in a language."""
    known = of_feature("notices", language).texts

    def translate(text: str) -> str:
        return known.get((CONTEXT, text), text)

    values = _values(told, translate, language)
    text = TEXTS[told.kind]
    lines = [Line(said) for line in text.body if (said := _said(line, values, translate))]
    lines += [Line(_said(REMARK, one, translate)) for one in told.params.get("remarks", ())]
    lines += [_digest_line(one, translate, language) for one in told.params.get("lines", ())]
    if more := told.params.get("more"):
        lines.append(Line(translate(MORE) % {"more": more}, "/desk"))
    return Said(_said(text.subject, values, translate), tuple(lines))


def _said(alternatives: Alternatives, values: Mapping[str, Any], translate: Translate) -> str:
    """The fullest of some ways to say it; nothing where too little is known for each."""
    for text in alternatives:
        try:
            return translate(text) % values
        except KeyError:
            continue
    return ""


_DAYS = ("day", "issued", "first", "last", "by_day")
_MOMENTS = ("missed", "until", "cut_off", "due", "since", "rooted")


def _values(told: Told, translate: Translate, language: str) -> dict[str, Any]:
    """What fills a text: facts as they are read, and what is said of several of them together."""
    made = {name: value for name, value in told.params.items() if value or name in KINDS[told.kind].needs}
    for name in _DAYS:
        if name in made:
            made[name] = f"{dt.date.fromisoformat(made[name]):%d/%m/%Y}"
    for name in _MOMENTS:
        if name in made:
            local = office_time(dt.datetime.fromisoformat(made[name]))
            made[name] = translate(AT) % {"time": f"{local:%H:%M}", "day": f"{local:%d/%m/%Y}"}
    mark = MARKS.get(Urgency(made.pop("urgency", Urgency.NORMAL)))
    if mark is not None:
        made["mark"] = translate(mark)
        made["urgency"] = made["mark"].lower()
    for name, words in (("verdict", VERDICTS), ("initials", INITIALLED)):
        if name in made:
            made[name] = translate(words[Verdict(made[name])])
    if "how" in made:
        made["how"], made["next"] = (translate(text) for text in ENDINGS[made["how"]])
    if "why" in made:
        made["why"] = translate(STOPPED[Stop(made["why"])])
    if "task" in made:
        made["task"] = translate(TASKS[Task(made["task"])])
    if "type_vi" in made:
        made["type"] = made["type_vi"] if language == VIETNAMESE else made.get("type_en", made["type_vi"])
    made["about"] = _said(ABOUT, made, translate)
    made["named"] = _said(NAMED, made, translate)
    return made


def _digest_line(one: Mapping[str, Any], translate: Translate, language: str) -> Line:
    """`Hỏa tốc · chờ ký số: … · quá hạn 2 ngày làm việc · lý do chưa ký: …`."""
    mark = MARKS.get(Urgency(one.get("urgency", Urgency.NORMAL)))
    about = one.get("number") or _said(DESK, one, translate) or _said(ABOUT, one, translate)
    task = translate(TASKS[Task(one["task"])])
    who = translate(WITH) % {"who": one["who"]} if "who" in one and "title" not in one else ""
    why = translate(UNSIGNED_FOR) % {"why": _reason(one["why"], language)} if "why" in one else ""
    parts = [translate(mark) if mark else "", f"{task}: {about}", _clock(one, translate), who, why]
    text = " · ".join(part for part in parts if part)
    return Line(text[:1].upper() + text[1:], one["link"])


def _reason(word: str, language: str) -> str:
    text = Words(language).of(Reason(word))
    return text[:1].lower() + text[1:]


def _clock(one: Mapping[str, Any], translate: Translate) -> str:
    if not (clock := one.get("clock")):
        return ""
    measure, n, overdue = clock
    if overdue and n == 0:
        return translate(JUST_OVERDUE)
    single, several = LEFT[Measure(measure), overdue]
    return translate(single if n == 1 else several) % {"n": n}
