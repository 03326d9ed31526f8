"""What can be wrong with certified copies (sao y, sao lục, trích sao)."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

_SCAN = N_("Scan the paper again in colour, at 200 dpi or more and in its own size (100 %), and upload that file.")

MESSAGES = {
    "copy_picture_old": Message(
        N_("The picture of the field shows a moment that has passed for too long."), NOTHING_CHANGED,
        N_("Open the page anew, download the picture again and seal the copy with it."),
    ),
    "copy_picture_gone": Message(
        N_("This picture is not to be had any more: its moment has passed."), "",
        N_("Open the page anew: its pictures show the present moment."),
    ),
    "copy_file_of_several": Message(
        N_("Several of the chosen copies have the very same pages."), NOTHING_CHANGED,
        N_("Choose one of them, and bring its file by itself."),
    ),
    "copy_not_found": Message(N_("There is no such copy here."), "", N_("See the register of copies.")),
    "copy_source_not_found": Message(
        N_("There is no such document here."), "", N_("Open the document and make the copy from its page.")
    ),
    "copy_secret": Message(
        N_("Copies of state secrets are not made here."), NOTHING_CHANGED,
        N_("Whoever the Law on the protection of state secrets entitles to it decides, on paper."),
    ),
    "copy_not_issued": Message(
        N_("Only an issued document is an original that copies are made of."), NOTHING_CHANGED,
        N_("Issue it first."),
    ),
    "copy_not_registered": Message(
        N_("Copies are made of what stands in the register of arrivals."), NOTHING_CHANGED, N_("Register it first.")
    ),
    "copy_no_original": Message(
        N_("This file bears no signatures that were found valid: it is no electronic original."), NOTHING_CHANGED,
        N_("Ask its sender for the original, or make the copy of the paper."),
    ),
    "copy_of_another_agency": Message(
        N_("Copies are made by the agency that holds the original."), NOTHING_CHANGED,
        N_("Ask that agency's clerk for one."),
    ),
    "copy_of_no_copy": Message(
        N_("A copy of a copy (sao lục) is made of a true copy that was received."), NOTHING_CHANGED,
        N_("Choose a true copy (sao y): this is the original."),
    ),
    "copy_send_the_original": Message(
        N_("Of an electronic original no electronic copy is made: the original itself has its value everywhere."),
        NOTHING_CHANGED, N_("Send the original, choose a copy on paper, or an extract."),
    ),
    "copy_on_the_copier": Message(
        N_("A paper copy of a paper is made on the copier."), NOTHING_CHANGED,
        N_("Choose an electronic copy here."),
    ),
    "copy_form_incomplete": Message(
        N_("Kind of copy, signer and number of copies are needed."), NOTHING_CHANGED,
        N_("Choose them and send again."),
    ),
    "copy_count": Message(
        N_("Between 1 and %(limit)s copies are made at once."), NOTHING_CHANGED, N_("Correct the number.")
    ),
    "copy_pages_needed": Message(
        N_("Say which pages the extract shows."), NOTHING_CHANGED, N_("Write them as 1-3, 5.")
    ),
    "copy_pages_unreadable": Message(
        N_("“%(text)s” names no pages."), NOTHING_CHANGED, N_("Write them as 1-3, 5.")
    ),
    "copy_pages_beyond": Message(
        N_("There is no page %(page)s: the file has %(pages)s."), NOTHING_CHANGED, N_("Correct the pages.")
    ),
    "copy_scan_needed": Message(
        N_("The paper was not scanned yet."), NOTHING_CHANGED,
        N_("Scan it in colour, at 200 dpi or more and in its own size, and upload the PDF."),
    ),
    "copy_unreadable": Message(
        N_("The file cannot be read as a PDF."), NOTHING_CHANGED, N_("Choose another file or scan again.")
    ),
    "copy_not_scanned": Message(N_("Page %(page)s of the file is not a scan of a page."), NOTHING_CHANGED, _SCAN),
    "copy_painted": Message(
        N_("Page %(page)s holds more than the picture of the paper: text, drawing, another picture or a note."),
        NOTHING_CHANGED,
        N_(
            "Upload the scanner's own file, with nothing added to it. Unseen words of text recognition (OCR) may "
            "be in it; the copy is made without them."
        ),
    ),
    "copy_dpi": Message(
        N_("Page %(page)s was scanned at %(dpi)s dpi; a copy needs %(least)s or more."), NOTHING_CHANGED, _SCAN
    ),
    "copy_grey": Message(N_("Page %(page)s was not scanned in colour."), NOTHING_CHANGED, _SCAN),
    "copy_scale": Message(
        N_("Page %(page)s measures %(width)s × %(height)s mm: it was enlarged or reduced."), NOTHING_CHANGED, _SCAN
    ),
    "copy_signer_not_named": Message(
        N_("The head of the agency has not named this post to sign copies."), NOTHING_CHANGED,
        N_("Choose the head or whom the head named."),
    ),
    "copy_signer_other": Message(
        N_("Somebody else was asked to sign this copy."), NOTHING_CHANGED,
        N_("In the post that was asked it can be approved."),
    ),
    "copy_signer_role": Message(
        N_("Deputies, the chief of office and other heads of units can be named to sign copies."), NOTHING_CHANGED,
        N_("Choose one of these posts."),
    ),
    "copy_capacity": Message(
        N_("This post cannot sign in that capacity."), NOTHING_CHANGED, N_("Choose another capacity.")
    ),
    "copy_signer_named_already": Message(
        N_("This post signs copies already."), NOTHING_CHANGED, N_("Take that back first to change the capacity.")
    ),
    "copy_signer_not_found": Message(
        N_("This post does not sign copies now."), NOTHING_CHANGED, N_("Below is who does.")
    ),
    "copy_stale": Message(
        N_("This copy was acted on since you opened the page, by somebody else or by you in another window."),
        N_("What was done stands; this act was not made."), N_("Look at what changed, then decide anew."),
    ),
    "copy_cancelled": Message(
        N_("This copy was sealed, and cancelled since: it is not to be used."), NOTHING_CHANGED,
        N_("Its page shows where it stands."),
    ),
    "copy_sealed_otherwise": Message(
        N_("Another signature over this copy was accepted already."), NOTHING_CHANGED,
        N_("Open the copy to see which one counts."),
    ),
    "copy_sealed_already": Message(N_("This copy is sealed already."), NOTHING_CHANGED),
    "copy_wrong_state": Message(
        N_("That cannot be done with this copy now."), NOTHING_CHANGED, N_("Its page shows where it stands.")
    ),
}  # fmt: skip
