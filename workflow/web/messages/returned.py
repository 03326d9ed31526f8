"""What can be wrong with a file that was signed elsewhere, and with the tickets by which it travels."""

from workflow.web.i18n import N_
from workflow.web.messages import Message

STILL = N_("The file was not taken. The document waits for its signature as before.")
ANEW = N_("Download the copy for signing again, sign it and change nothing else.")
PICTURE = N_(
    "Use the picture that is given out for the field as it is, alone and in full size; if the program cannot, sign "
    "with the agency's key file, its USB key in this browser, a remote key or the key on the server."
)
WORDS = N_(
    "In the signing program choose a picture that shows your own name, your agency and the time, or your own "
    "handwriting, and nothing else; then sign the copy that is given out here."
)
APPEND = N_("Have the program add the signature to the file as it is (“incremental update”), not save it anew.")

MESSAGES = {
    "returned_unsigned": Message(N_("There is no new signature in this file."), STILL, ANEW),
    "returned_other_bytes": Message(
        N_("The file does not begin with the copy that was given out for signing: it is another document, an older "
           "version, or the program saved it anew."),
        STILL,
        APPEND,
    ),
    "returned_not_a_pdf": Message(
        N_("This is not a PDF file."), STILL, N_("Choose the PDF file that the signing program wrote.")
    ),
    "returned_withdrawn": Message(
        N_("The signature in this file was withdrawn. It does not come back."), STILL,
        N_("Whoever wants to sign after all signs the copy that is given out here anew."),
    ),
    "returned_time": Message(
        N_("The signature says that it was made at %(claimed)s: outside the certificate's time, before the "
           "file was made, or ahead of now."),
        STILL,
        N_("Set the clock of the computer that signs, and sign the copy that is given out here."),
    ),
    "returned_too_large": Message(
        N_("The file is larger than a signature can make it."),
        STILL,
        N_("Take a smaller picture for the signature, and sign the copy that is given out here."),
    ),
    "returned_too_much": Message(
        N_("The file could not be checked within the limits of time and memory."), STILL, ANEW
    ),
    "returned_unreadable": Message(
        N_("The file is damaged, or the signature in it cannot be read."), STILL, ANEW
    ),
    "returned_encrypted": Message(
        N_("The file is encrypted."), STILL, N_("Sign it without setting a password.")
    ),
    "returned_not_a_later_revision": Message(
        N_("The signature was not added behind the copy that was given out: the file was put together in another "
           "way."),
        STILL,
        APPEND,
    ),
    "returned_wrong_field": Message(
        N_("The signature does not stand in its planned field."),
        STILL,
        N_("In the signing program choose the empty field “%(field)s” instead of drawing one of your own."),
    ),
    "returned_several": Message(
        N_("More than one signature was added."), STILL, N_("Sign the copy once, in the field “%(field)s”.")
    ),
    "returned_field_added": Message(
        N_("A field was added to the document."),
        STILL,
        N_("In the signing program choose the empty field “%(field)s” instead of drawing one of your own."),
    ),
    "returned_field_changed": Message(
        N_("A signature field was moved or changed."), STILL, N_("Sign in the field as it stands on the page.")
    ),
    "returned_locked": Message(
        N_("The signature locks the document, so that number and seal could not follow."),
        STILL,
        N_("In the signing program choose an ordinary signature: no certification, no lock."),
    ),
    "returned_notes_added": Message(
        N_("Notes or drawings were added to the document."), STILL, ANEW
    ),
    "returned_content_changed": Message(
        N_("The content of the document was changed."), STILL, ANEW
    ),
    "returned_changed_after": Message(
        N_("Something was added after the signature, or the file is cut off: the signature does not cover all "
           "of it."),
        STILL,
        N_("Bring the file exactly as the program wrote it when it signed, without timestamps added later."),
    ),
    "returned_not_continuable": Message(
        N_("The program wrote the file in a way onto which number and seal cannot be put safely."),
        STILL,
        APPEND,
    ),
    "returned_other_certificate": Message(
        N_("The file was signed with another certificate than the one chosen."),
        STILL,
        N_("Sign with the certificate that was chosen here, or choose the other one."),
    ),
    "returned_appearance": Message(
        N_("The picture of the signature does not fill its field in a way that looks the same everywhere."),
        STILL,
        N_("Choose a plain picture or text without transparency layers for the signature."),
    ),
    "returned_failed": Message(
        N_("The signature in the file is not valid: %(reason)s"),
        STILL,
        N_("Sign the copy once more; if it fails again, show this sentence to your administrator."),
    ),
    "returned_look": Message(
        N_("The field of this signature has to be looked at before the file is taken."),
        N_("The file lies aside for a quarter of an hour."),
        N_("Look at the field and say whether it is yours."),
    ),
    "returned_look_not_asked": Message(
        N_("The field of number or seal is compared by itself; nobody is asked."), STILL, PICTURE
    ),
    "returned_box_not_read": Message(
        N_("What the field of the signature shows could not be read."), STILL, WORDS
    ),
    "returned_beyond": Message(
        N_("The page was changed outside of the signature's field."), STILL, WORDS
    ),
    "returned_covers": Message(
        N_("The picture of the signature hides something that stands on the page."),
        STILL,
        N_("Choose a picture with a transparent background, or text alone, and sign the copy again."),
    ),
    "returned_says_name": Message(
        N_("The field of the signature names another person: “%(words)s”."), STILL, WORDS
    ),
    "returned_says_number": Message(
        N_("The field of the signature shows a number: “%(words)s”. Only the clerk puts number and symbol on the "
           "document."),
        STILL,
        WORDS,
    ),
    "returned_says_date": Message(
        N_("The field of the signature shows another day than that of the signature: “%(words)s”."), STILL, WORDS
    ),
    "returned_says_amount": Message(
        N_("The field of the signature shows a sum: “%(words)s”."), STILL, WORDS
    ),
    "returned_box_unreadable": Message(N_("What the field shows could not be read."), STILL, PICTURE),
    "returned_box_hidden": Message(N_("The field is hidden, or is not printed."), STILL, PICTURE),
    "returned_box_see_through": Message(
        N_("The field is mixed with what lies below it by a transparency of the program's own."), STILL, PICTURE
    ),
    "returned_box_painted": Message(
        N_("The field shows words, lines or a picture of the program's own besides the one given out."),
        STILL,
        PICTURE,
    ),
    "returned_box_other": Message(
        N_("The field shows something else than the picture that was given out."), STILL, PICTURE
    ),
    "returned_box_twice": Message(N_("The picture stands in the field more than once."), STILL, PICTURE),
    "returned_box_moved": Message(
        N_("The picture was moved, scaled, turned or cut off in the field."), STILL, PICTURE
    ),
    "returned_box_empty": Message(N_("The field shows nothing."), STILL, PICTURE),
    "returned_looks_changed": Message(
        N_("Outside of the field the page does not look as it was given out."), STILL, ANEW
    ),
    "returned_looks_otherwise": Message(
        N_("The field does not look as the picture that was given out."), STILL, PICTURE
    ),
    "returned_moment_missing": Message(
        N_("The field of the attachment does not name a moment of signing."), STILL, PICTURE
    ),
    "returned_moment_old": Message(
        N_("The moment of signing in the attachment's field is more than an hour ago, or not yet come."),
        STILL,
        N_("Download the picture for its field again and sign with that one within the hour."),
    ),
    "ticket_not_valid": Message(
        N_("This address was used already, is too old, or was made for something else."),
        N_("Nothing was taken."),
        N_("Start signing again from the page."),
        status=404,
    ),
    "agent_not_set_up": Message(
        N_("No signing program is set up for this service."),
        N_("Nothing was signed."),
        N_("Ask your administrator, or sign another way."),
    ),
    "agent_brought_nothing": Message(
        N_("The signing program reported success but brought no file."),
        N_("The document waits for its signature as before."),
        N_("Try this document once more; if it happens again, sign with the program itself and bring the file "
           "here."),
    ),
}  # fmt: skip
