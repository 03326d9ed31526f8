"""The files that go with a report's mail: made from the stored report when it is sent, never kept in the outbox.

Sent again after a kill, a mail has the same files again: they rest on the stored report alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import structlog

from signing.errors import SigningError
from workflow.adapters.channels import Enclosure
from workflow.domain.channels import Sort, Way
from workflow.domain.errors import WorkflowError
from workflow.services.posting import language_of
from workflow.services.report_papers import Form, file_of
from workflow.services.report_tables import paper_of
from workflow.store import reports as store
from workflow.store.models import Outbox
from workflow.store.session import UnitOfWork

log = structlog.get_logger("schedulers")

MOST = 6 * 1024 * 1024
"""Bytes of all files of one mail; base64 adds a third, and many servers take ten megabytes. What does not fit is
left out, the spreadsheet first: the link leads to it."""

KEPT = 4
"""Sets of files kept while a batch is sent: a unit's mail goes to several people one after the other."""

_LINK = re.compile(r"/reports/unsigned/(\d+)/([0-9T:-]+)")


@dataclass(slots=True)
class Enclosing:
    """Makes the files of messages, the same set once for several of them."""

    wanted: bool = True
    made: dict[tuple[int, bool, str], tuple[Enclosure, ...]] = field(default_factory=dict)

    def concerns(self, message: Outbox) -> bool:
        """Whether a message goes with files at all."""
        by_mail = message.channel == Way.MAIL and message.sort == Sort.REPORT
        return self.wanted and by_mail and _LINK.fullmatch(message.link) is not None

    def files(self, uow: UnitOfWork, message: Outbox) -> tuple[Enclosure, ...]:
        """Its files; none where they cannot be made: the mail goes with its link all the same.

        What goes to an office's own address names documents by their subjects, secret ones left out; a copy for a
        person does not, since who was named for a report may not open every document in it.
        """
        found = _LINK.fullmatch(message.link)
        row = found and store.stored(
            uow.session, int(found[1]), found[2], reason="a mail brings the report it tells of"
        )
        if not row:
            return ()
        subjects, language = message.copy_of is None and message.person_id is None, language_of(message)
        key = (row.id, subjects, language)
        if key not in self.made:
            if len(self.made) >= KEPT:
                self.made.pop(next(iter(self.made)))
            try:
                paper = paper_of(uow, row, subjects=subjects)
                files = [file_of(uow, paper, form, language=language) for form in (Form.PDF, Form.XLSX)]
            except (WorkflowError, SigningError) as error:
                log.warning("a report's files could not be made", report=key[0], error=str(error))
                return ()
            self.made[key] = within(tuple(Enclosure(one.name, one.media_type, one.data) for one in files))
        return self.made[key]


def within(files: tuple[Enclosure, ...], most: int = MOST) -> tuple[Enclosure, ...]:
    """As many of them, from the first, as fit into one mail."""
    kept: list[Enclosure] = []
    for one in files:
        if sum(len(other.data) for other in kept) + len(one.data) <= most:
            kept.append(one)
    return tuple(kept)
