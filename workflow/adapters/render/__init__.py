"""PDFs of ours, set by typst: signature appearances, whole letters, reports."""

from workflow.adapters.render.apologies import Case, apology_letter, render_apology
from workflow.adapters.render.arrival_stamps import (
    ON_A_SHEET,
    ArrivalStamp,
    render_arrival_stamp,
    render_stamp_sheet,
)
from workflow.adapters.render.books import VOLUME, Volume, render_volume
from workflow.adapters.render.boxes import Box, Size, lookup_box, proposed_boxes, seal_box
from workflow.adapters.render.checks import CheckBlock, CheckReport, render_check
from workflow.adapters.render.copies import CopyWords, render_copy_words
from workflow.adapters.render.envelopes import Label, render_labels
from workflow.adapters.render.heading import Piece, gaps_stamp, heading_stamp
from workflow.adapters.render.letters import Filled, Letter, Part, PartKind, Rendered, Table, render_letter
from workflow.adapters.render.morning import MorningPaper, Stack, render_morning
from workflow.adapters.render.reports import Column, Section, Side, TableReport, render_report
from workflow.adapters.render.slips import Slip, SlipPart, render_slip
from workflow.adapters.render.stamps import (
    attachment_stamp,
    date_stamp,
    initials_stamp,
    leader_stamp,
    lookup_stamp,
    number_stamp,
    seal_stamp,
    signing_time,
)
from workflow.adapters.render.transfers import ListOfDocuments, TransferPapers, render_documents, render_transfer

__all__ = [
    "ON_A_SHEET",
    "VOLUME",
    "ArrivalStamp",
    "Box",
    "Case",
    "CheckBlock",
    "CheckReport",
    "Column",
    "CopyWords",
    "Filled",
    "Label",
    "Letter",
    "ListOfDocuments",
    "MorningPaper",
    "Part",
    "PartKind",
    "Piece",
    "Rendered",
    "Section",
    "Side",
    "Size",
    "Slip",
    "SlipPart",
    "Stack",
    "Table",
    "TableReport",
    "TransferPapers",
    "Volume",
    "apology_letter",
    "attachment_stamp",
    "date_stamp",
    "gaps_stamp",
    "heading_stamp",
    "initials_stamp",
    "leader_stamp",
    "lookup_box",
    "lookup_stamp",
    "number_stamp",
    "proposed_boxes",
    "render_apology",
    "render_arrival_stamp",
    "render_check",
    "render_copy_words",
    "render_documents",
    "render_labels",
    "render_letter",
    "render_morning",
    "render_report",
    "render_slip",
    "render_stamp_sheet",
    "render_transfer",
    "render_volume",
    "seal_box",
    "seal_stamp",
    "signing_time",
]
