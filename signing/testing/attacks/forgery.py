"""Universal forgery (USF): the signature dictionary is broken so that a viewer has nothing to check and says so
in small letters, or not at all. The page was changed as well."""

from __future__ import annotations

import re
from collections.abc import Callable

from signing.testing.attacks.case import NO_SIGNATURE, Case, bad
from signing.testing.attacks.letter import FALSE_SUM, TRUE_SUM, draft, signed
from signing.testing.attacks.office import Office
from signing.testing.paper import Way

_SUM = "the letter orders 9 000 000, signed by the leader"
_CONTENTS = re.compile(rb"/Contents<[0-9a-f]+>")
_ZEROS = b"/Contents<" + b"0" * 12000 + b">"
_SUBFILTER = b"/SubFilter/ETSI.CAdES.detached"
_RANGE = re.compile(rb"/ByteRange\[[\d ]+\]")


def _forged(office: Office) -> bytes:
    """The signed letter with another sum, of the same length."""
    data = signed(office).data
    return data.replace(b"so tien " + TRUE_SUM, b"so tien " + FALSE_SUM, 1)


def _with(pattern: re.Pattern[bytes], new: bytes) -> Callable[[Office], bytes]:
    """Another value of the same length, so that everything else stands where it stood."""

    def make(office: Office) -> bytes:
        data = _forged(office)
        found = pattern.search(data)
        if found is None:
            raise ValueError("not signed")
        return data[: found.start()] + new.ljust(len(found[0])) + data[found.end() :]

    return make


def _turned(old: bytes, new: bytes) -> Callable[[Office], bytes]:
    def make(office: Office) -> bytes:
        data = _forged(office)
        place = data.rindex(old)
        return data[:place] + new.ljust(len(old)) + data[place + len(old) :]

    return make


def _value_is(new: bytes) -> Callable[[Office], bytes]:
    """The field's /V names something else."""

    def make(office: Office) -> bytes:
        number = draft().size
        return _turned(b"/V %d 0 R" % number, b"/V " + new)(office)

    return make


def _kind(kind: bytes) -> Callable[[Office], bytes]:
    return lambda office: signed(office, way=Way(kind=kind)).data


_ENTRIES: tuple[tuple[str, str, Callable[[Office], bytes]], ...] = (
    ("contents-missing", "no /Contents", _with(_CONTENTS, b"")),
    ("contents-empty", "/Contents is empty", _with(_CONTENTS, b"/Contents<>")),
    ("contents-zero", "/Contents is one zero", _with(_CONTENTS, b"/Contents<00>")),
    ("contents-zeros", "/Contents is as long as before, all zeros", _with(_CONTENTS, _ZEROS)),
    ("contents-null", "/Contents is null", _with(_CONTENTS, b"/Contents null")),
    ("contents-name", "/Contents is a name", _with(_CONTENTS, b"/Contents/None")),
    ("contents-number", "/Contents is a number", _with(_CONTENTS, b"/Contents 0")),
    ("contents-array", "/Contents is an array", _with(_CONTENTS, b"/Contents[<00>]")),
    ("contents-reference", "/Contents is a reference to no object", _with(_CONTENTS, b"/Contents 99 0 R")),
    ("contents-garbage", "/Contents is no CMS", _with(_CONTENTS, b"/Contents<deadbeef>")),
    ("range-missing", "no /ByteRange", _with(_RANGE, b"")),
    ("range-null", "/ByteRange is null", _with(_RANGE, b"/ByteRange null")),
    ("range-empty", "/ByteRange is empty", _with(_RANGE, b"/ByteRange[]")),
    ("range-zeros", "/ByteRange covers nothing", _with(_RANGE, b"/ByteRange[0 0 0 0]")),
    ("range-negative", "/ByteRange is negative", _with(_RANGE, b"/ByteRange[0 -1 -1 -1]")),
    ("range-huge", "/ByteRange is larger than any file", _with(_RANGE, b"/ByteRange[0 9223372036854775808 1 2]")),
    ("range-strings", "/ByteRange holds strings", _with(_RANGE, b"/ByteRange[(0)(1)(2)(3)]")),
    ("range-reals", "/ByteRange holds fractions", _with(_RANGE, b"/ByteRange[0.0 1.5 2.5 3.5]")),
    ("range-reference", "/ByteRange is a reference to no object", _with(_RANGE, b"/ByteRange 99 0 R")),
    ("filter-missing", "no /Filter and no /SubFilter", _turned(b"/Filter/Adobe.PPKLite" + _SUBFILTER, b"")),
    ("filter-unknown", "a /SubFilter that nobody knows", _turned(_SUBFILTER, b"/SubFilter/ETSI.unknown")),
    ("value-null", "the field's value is null", _value_is(b"null")),
    ("value-missing-object", "the field's value is no object", _value_is(b"99 0 R")),
    ("value-page", "the field's value is the page", _value_is(b"3 0 R")),
)  # fmt: skip

CASES: tuple[Case, ...] = (
    bad(
        "forgery/text-changed",
        "one byte of the text, nothing else",
        _forged,
        shows=_SUM,
        twin="plain/one-signature",
    ).about(integrity="broken"),
    *(
        bad(f"forgery/{name}", says, make, shows=_SUM, twin="plain/one-signature", verdicts=NO_SIGNATURE)
        for name, says, make in _ENTRIES
    ),
    bad("forgery/type-other", "the dictionary is of another /Type", _kind(b"Foo"), twin="plain/one-signature"),
)
