"""What can be wrong with the file itself, or with which of its bytes a signature covers."""

from __future__ import annotations

from workflow.web.i18n import N_
from workflow.web.reasons.meaning import (
    EXPERT,
    GET_AGAIN,
    REFUSE,
    RESIGN_PROGRAM,
    UNLOCK,
    Meaning,
    Mender,
)

MEANINGS = {
    "file_unreadable": Meaning(
        N_("The file cannot be read."),
        N_("The file is not there, is a folder, or may not be opened."),
        Mender.READER,
        GET_AGAIN,
    ),
    "empty": Meaning(
        N_("The file is empty."),
        N_("Only a name arrived, without any content."),
        Mender.SENDER,
        GET_AGAIN,
    ),
    "not_a_pdf": Meaning(
        N_("The file is not a PDF."),
        N_("The file is of another kind, whatever its name says."),
        Mender.SENDER,
        GET_AGAIN,
    ),
    "truncated": Meaning(
        N_("The file breaks off."),
        N_("Sending or saving broke off, so the end is missing."),
        Mender.SENDER,
        GET_AGAIN,
    ),
    "not_a_signature": Meaning(
        N_("The file is not a signature."),
        N_("It was given as a signature beside a file (.p7s, .p7m), and holds none."),
        Mender.SENDER,
        GET_AGAIN,
    ),
    "garbage_after_eof": Meaning(
        N_("There is something behind the end of the file."),
        N_("After the signed document something was added that some programs show and others skip."),
        Mender.SENDER,
        REFUSE,
    ),
    "resource_limit": Meaning(
        N_("The check took more than it may."),
        N_("The file is very large, or built so that checking it never ends."),
        Mender.ADMINISTRATOR,
        EXPERT,
    ),
    "needs_careful_check": Meaning(
        N_("The file needs a more careful check."),
        N_("The file is built in an unusual way, and no rule says that this is harmless."),
        Mender.ADMINISTRATOR,
        EXPERT,
    ),
    "signature_without_field": Meaning(
        N_("A signature stands in no field."),
        N_("A signature stands in the file that no page and no list of signatures shows."),
        Mender.SENDER,
        RESIGN_PROGRAM,
    ),
    "encrypted": Meaning(
        N_("The file is encrypted."),
        N_("It opens with a password or for certain readers only."),
        Mender.SENDER,
        UNLOCK,
    ),
    "structure_unreadable": Meaning(
        N_("The structure of the file cannot be read with certainty."),
        N_("The file is damaged or was written by a faulty program, so programs may show it differently."),
        Mender.SENDER,
        GET_AGAIN,
    ),
    "second_format": Meaning(
        N_("The file is also something else than a PDF."),
        N_("It can be opened as another kind of file too, with other content."),
        Mender.SENDER,
        REFUSE,
    ),
    "two_readings": Meaning(
        N_("Two programs would see two different documents in the file."),
        N_("The file holds two tables of its parts that contradict each other."),
        Mender.SENDER,
        REFUSE,
    ),
    "content_outside": Meaning(
        N_("Pages show something that is not in the file."),
        N_("What they show is loaded from elsewhere and can change after signing."),
        Mender.SENDER,
        RESIGN_PROGRAM,
    ),
    "signature_shared": Meaning(
        N_("Two fields share one signature."),
        N_("Two places of the document point to one and the same signature."),
        Mender.SENDER,
        REFUSE,
    ),
    "byte_range_malformed": Meaning(
        N_("The signed range cannot be read."),
        N_("The signature does not say properly which part of the file it covers."),
        Mender.SENDER,
        REFUSE,
    ),
    "contents_malformed": Meaning(
        N_("The signature's own bytes cannot be read."),
        N_("Where the signature should stand there is something else or nothing."),
        Mender.SENDER,
        REFUSE,
    ),
    "byte_range_gap": Meaning(
        N_("The signed range leaves out more than the signature."),
        N_("Part of the document lies outside of what was signed and could be exchanged."),
        Mender.SENDER,
        REFUSE,
    ),
    "byte_range_end": Meaning(
        N_("The signed range does not reach the end of its revision."),
        N_("The signature ends before the document does, so the rest is not protected."),
        Mender.SENDER,
        REFUSE,
    ),
}
