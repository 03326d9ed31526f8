"""Files that other programs wrote, taken over so that they can be signed: pikepdf and typst.

The only module of this package that imports pikepdf, and only when such a file is made.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

from signing.testing.attacks.letter import LEADER, draft
from signing.testing.attacks.sheet import Layout, Sheet
from signing.testing.drawings import letter
from signing.testing.paper import widget


@cache
def _pikepdf() -> Any:
    import pikepdf  # noqa: PLC0415  heavy and native, and only wanted for a few files

    return pikepdf


def saved(data: bytes, **options: Any) -> bytes:
    """The same document as pikepdf writes it."""
    out = io.BytesIO()
    with _pikepdf().open(io.BytesIO(data)) as document:
        document.save(out, deterministic_id="encryption" not in options, **options)
    return out.getvalue()


def linearized() -> Sheet:
    """The letter for fast web view (annex F)."""
    return adopted(saved(draft().data, linearize=True))


def packed() -> Sheet:
    """The letter with its objects in object streams."""
    mode = _pikepdf().ObjectStreamMode.generate
    return adopted(saved(draft().data, object_stream_mode=mode), layout=Layout.STREAM)


def typeset() -> Sheet:
    """A letter by typst, with a signature field appended."""
    sheet = adopted(letter(pages=2))
    page = next(number for number, body in sheet.bodies.items() if re.search(rb"/Type\s*/Page[\s/>]", body))
    root = int(sheet.trailer.split()[1])
    box, form = sheet.size, sheet.size + 1
    objects = {
        box: widget(LEADER).replace(b"/P 3 0 R", b"/P %d 0 R" % page),
        form: b"<</Fields[%d 0 R]/SigFlags 3>>" % box,
        **sheet.with_entry(page, b"/Annots[%d 0 R]" % box),
        **sheet.with_entry(root, b"/AcroForm %d 0 R" % form),
    }
    return sheet.later(objects)


def encrypted() -> Sheet:
    """The letter that opens with an empty password, signed without caring about it."""
    pikepdf = _pikepdf()
    lock = pikepdf.Encryption(user="", owner="owner", R=6)
    return adopted(saved(draft().data, encryption=lock))


def adopted(data: bytes, *, layout: Layout = Layout.TABLE) -> Sheet:
    """What somebody else wrote, ready to be continued."""
    with _pikepdf().open(io.BytesIO(data)) as document:
        bodies = {item.objgen[0]: _body(item) for item in document.objects if item.objgen[0]}
        root = document.Root.objgen[0]
    last = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    return Sheet(
        data=data, bodies=bodies, size=max(bodies) + 1, last=last, layout=layout, trailer=b"/Root %d 0 R" % root
    )


def _body(item: Any) -> bytes:
    if isinstance(item, _pikepdf().Stream):
        return b""
    written: bytes = item.unparse(resolved=True)
    return written
