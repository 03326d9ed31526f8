"""Making signed files: normalised draft, field plan, two-phase signing with any key holder.

draft → `normalise_in_jail` → `propose_plan` → `add_fields` → `prepare_signature` → key holder → `embed`
signed file → `prepare_stamp` → timestamp authority → `embed_stamp`
"""

from signing.prepare.algorithms import HashFunction, SignatureAlgorithm
from signing.prepare.draft import (
    BadDraft,
    Normalised,
    PageTexts,
    normalise_in_jail,
    read_pages_in_jail,
    text_boxes_in_jail,
    text_lines_in_jail,
)
from signing.prepare.fields import add_fields, page_boxes
from signing.prepare.lines import Line
from signing.prepare.plan import (
    BadPlan,
    Box,
    Drawn,
    FieldKind,
    Gap,
    GapKind,
    PageBox,
    PlannedField,
    Side,
    TypedBlock,
    TypedHead,
    check_plan,
    number_cells,
)
from signing.prepare.proposal import covers_text, propose_plan
from signing.prepare.signatures import (
    CannotPrepare,
    Claims,
    PreparedSignature,
    embed,
    is_extension_of,
    prepare_signature,
)
from signing.prepare.stamps import PreparedStamp, Store, embed_stamp, prepare_stamp

__all__ = [
    "BadDraft",
    "BadPlan",
    "Box",
    "CannotPrepare",
    "Claims",
    "Drawn",
    "FieldKind",
    "Gap",
    "GapKind",
    "HashFunction",
    "Line",
    "Normalised",
    "PageBox",
    "PageTexts",
    "PlannedField",
    "PreparedSignature",
    "PreparedStamp",
    "Side",
    "SignatureAlgorithm",
    "Store",
    "TypedBlock",
    "TypedHead",
    "add_fields",
    "check_plan",
    "covers_text",
    "embed",
    "embed_stamp",
    "is_extension_of",
    "normalise_in_jail",
    "number_cells",
    "page_boxes",
    "prepare_signature",
    "prepare_stamp",
    "propose_plan",
    "read_pages_in_jail",
    "text_boxes_in_jail",
    "text_lines_in_jail",
]
