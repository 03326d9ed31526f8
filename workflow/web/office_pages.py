"""Pictures of an incoming office file's pages: made when somebody asks for them, never by themselves.

The file stays in quarantine, with its warning; what is shown is drawn in the jail.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from signing.jail import JailError
from workflow.adapters import office
from workflow.domain.errors import BadInput
from workflow.domain.file_warnings import FileKind, Showing, is_text_document, showing
from workflow.store.models import IncomingFile
from workflow.web.context import current
from workflow.web.i18n import N_, _
from workflow.web.page_images import is_printed, office_sizes
from workflow.web.storage import blobs

MISSING = N_("No pictures of its pages: this machine has no LibreOffice that can be used.")
HELD_BACK = N_("No pictures of its pages: it holds something that is not opened here.")
UNREAD = N_("No pictures of its pages: it could not be read, or took more than a file may.")
BUSY = N_("Other files are being opened at this moment. Try again in a minute.")
_BY_CODE = {
    "office_missing": MISSING, "office_busy": BUSY, "office_heavy": UNREAD, "office_failed": UNREAD,
    "office_unreadable": UNREAD,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pictures:
    """`sizes` of the pages that are shown, or `why` there are none, or `offered` to be made on a click."""

    sizes: tuple[tuple[float, float], ...] = ()
    why: str = ""
    offered: bool = False


def is_office_file(file: IncomingFile) -> bool:
    """A text document of an office program, whether it can be shown or not."""
    return is_text_document(file.media_type)


def pictures_of(file: IncomingFile | None) -> Pictures | None:
    """What the page says in the place of the paper; None for files of other kinds.

    `?images=1` asks for the pictures: it takes some seconds, and is nobody's surprise.
    """
    if file is None or not is_office_file(file):
        return None
    if showing(FileKind.OFFICE, file.media_type, file.warnings) is not Showing.OFFICE_PAGES:
        return Pictures(why=_(HELD_BACK))
    if not office.available():
        return Pictures(why=_(MISSING))
    if request.args.get("images") != "1" and not is_printed(file.sha256):
        return Pictures(offered=True)
    try:
        return Pictures(office_sizes(current().uow, blobs(), file.sha256))
    except BadInput as refused:
        return Pictures(why=_(_BY_CODE.get(refused.code, HELD_BACK)))
    except JailError:
        return Pictures(why=_(UNREAD))
