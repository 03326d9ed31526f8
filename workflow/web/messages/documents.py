"""What can be wrong with a document, its file, its planned fields or an act on it."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

ASK_AGAIN = N_("Open the document again: it shows what can be done now.")
OTHER_FILE = N_("Choose another file.")
EXPORT_ANEW = N_("Export the PDF anew from the word processor, or print it to PDF, and choose that file.")
MOVE_IT = N_("Move the box and save again.")

MESSAGES = {
    "stale": Message(
        N_("This document was acted on since you opened the page, by somebody else or by you in another window."),
        N_("What was done stands; this act was not made."),
        N_("Look at what changed, then decide anew."),
    ),
    "file_leaving": Message(
        N_("The same file was being cleared away at this moment, since nobody had used it for days."),
        NOTHING_CHANGED,
        N_("Send it again in two minutes."),
    ),
    "role_may_not": Message(
        N_("This step is for somebody in another post."),
        NOTHING_CHANGED,
        N_("If you hold another post that may, switch to it at the top of the page."),
    ),
    "reason_needed": Message(N_("A reason in writing is needed."), NOTHING_CHANGED, N_("Write it and send again.")),
    "own_draft": Message(N_("Only the drafter may do this."), NOTHING_CHANGED),
    "has_file": Message(
        N_("A PDF has to be uploaded first."), NOTHING_CHANGED, N_("Edit the draft and add the file.")
    ),
    "has_signer": Message(
        N_("A signer has to be named first."), NOTHING_CHANGED, N_("Choose who signs, then submit again.")
    ),
    "designated_signer": Message(N_("Only the person named as signer may do this."), NOTHING_CHANGED),
    "signer_or_away": Message(
        N_("Only the person named as signer may do this, or a leader while that person is away on record."),
        NOTHING_CHANGED,
    ),
    "reviewer": Message(
        N_("Drafts are reviewed by a head of the unit that wrote them or of one above, never by their drafter."),
        NOTHING_CHANGED,
    ),
    "reviewer_away": Message(N_("The head of the unit is there and reviews it."), NOTHING_CHANGED, ASK_AGAIN),
    "head_away": Message(N_("The head of the agency is there and decides it."), NOTHING_CHANGED, ASK_AGAIN),
    "signature_given": Message(N_("The signature is missing."), NOTHING_CHANGED, N_("Sign on the signing page.")),
    "number_on_paper": Message(
        N_("The number has to stand on the paper first: sign the number, or attach the scan."), NOTHING_CHANGED
    ),
    "seal_given": Message(
        N_("The seal's signature is missing."), NOTHING_CHANGED, N_("Seal it on the sealing page.")
    ),
    "scan_attached": Message(N_("The scan has to be attached first."), NOTHING_CHANGED),
    "signed_in_ink": Message(
        N_("This is for documents signed digitally; this one was signed in ink."), NOTHING_CHANGED
    ),
    "signed_digitally": Message(
        N_("This is for documents signed digitally; this one was signed in ink."), NOTHING_CHANGED
    ),
    "latest_act": Message(
        N_("Somebody else took this step or has acted since, so it cannot be taken back."),
        NOTHING_CHANGED,
        ASK_AGAIN,
    ),
    "exemption_asked": Message(N_("No exemption is waiting for a decision."), NOTHING_CHANGED, ASK_AGAIN),
    "not_a_plain_action": Message(N_("This step has a page of its own."), NOTHING_CHANGED, ASK_AGAIN),
    "typed_differs": Message(
        N_("What is typed in the draft differs from the register or the signer: %(differences)s."),
        NOTHING_CHANGED,
        N_("Return it with this reason, or say that you have compared it and it stays as typed."),
    ),
    "subject_needed": Message(N_("The subject is missing."), NOTHING_CHANGED),
    "subject_too_long": Message(
        N_("The subject is too long: %(length)s characters, at most %(limit)s."), NOTHING_CHANGED
    ),
    "exemption_too_long": Message(
        N_("The reason is too long: %(length)s characters, at most %(limit)s."), NOTHING_CHANGED, status=422
    ),
    "secret_content_refused": Message(
        N_("The content of state secrets is not kept here."),
        NOTHING_CHANGED,
        N_("Keep the paper outside and record only what the register needs, without a file."),
    ),
    "not_a_signer": Message(
        N_("This person may not sign for this agency."), NOTHING_CHANGED, N_("Choose somebody from the list.")
    ),
    "capacity_not_allowed": Message(
        N_("The signer's post does not allow to sign in this capacity."),
        NOTHING_CHANGED,
        N_("Choose another capacity, or have the post corrected."),
    ),
    "post_not_held": Message(
        N_("The chosen signer does not hold this post on that day."),
        NOTHING_CHANGED,
        N_("Choose somebody from the list."),
        status=422,
    ),
    "type_not_found": Message(N_("There is no such type of document."), NOTHING_CHANGED, status=422),
    "signed_on_impossible": Message(
        N_("The paper cannot have been signed on that day: it lies before the draft or in the future."),
        NOTHING_CHANGED,
    ),
    "due_day_over": Message(N_("That day is over."), NOTHING_CHANGED, N_("Choose today or a later day.")),
    "calendar_too_short": Message(
        N_("The working calendar does not reach that day."), NOTHING_CHANGED, N_("Choose a nearer date.")
    ),
    "register_for_type": Message(
        N_("No register of the agency takes this type of document."),
        NOTHING_CHANGED,
        N_("Ask your administrator to open a register for it."),
    ),
    "series_closed": Message(
        N_("The register “%(register)s” is closed for %(year)s."), NOTHING_CHANGED, N_("Ask your administrator.")
    ),
    "notation_too_long": Message(
        N_("The symbol would be too long: %(notation)s, at most %(limit)s characters."),
        NOTHING_CHANGED,
        N_("Ask your administrator to shorten the unit's abbreviation."),
    ),
    "symbol_unreadable": Message(
        N_("The number and symbol cannot be built: %(text)s."),
        NOTHING_CHANGED,
        N_("Ask your administrator to correct the abbreviations of agency and unit."),
    ),
    "file_needed": Message(N_("No file was chosen."), NOTHING_CHANGED, N_("Choose a PDF.")),
    "sheet_needed": Message(N_("No file was chosen."), NOTHING_CHANGED, N_("Choose an XLSX or CSV file.")),
    "any_file_needed": Message(N_("No file was chosen."), NOTHING_CHANGED, N_("Choose the file first.")),
    "file_empty": Message(N_("The file is empty (0 bytes)."), NOTHING_CHANGED, OTHER_FILE),
    "file_too_large": Message(
        N_("The file is too large: at most %(limit)s MB."),
        NOTHING_CHANGED,
        N_("Make it smaller, for example by scanning at 200 dpi, and send it again."),
    ),
    "draft_empty": Message(N_("The file is empty (0 bytes)."), NOTHING_CHANGED, OTHER_FILE),
    "draft_not_pdf": Message(
        N_("This is not a PDF, whatever its name says."),
        NOTHING_CHANGED,
        N_("Open it in the program that made it and export it as PDF."),
    ),
    "draft_encrypted": Message(
        N_("The PDF is protected by a password."),
        NOTHING_CHANGED,
        N_("Save it without protection and choose it again."),
    ),
    "draft_broken": Message(N_("The PDF is damaged."), NOTHING_CHANGED, EXPORT_ANEW),
    "draft_no_pages": Message(N_("The PDF has no pages."), NOTHING_CHANGED, OTHER_FILE),
    "draft_page_size": Message(N_("A page of the PDF has an impossible size."), NOTHING_CHANGED, EXPORT_ANEW),
    "draft_too_large": Message(N_("The file is too large for a draft."), NOTHING_CHANGED, OTHER_FILE),
    "draft_too_many_pages": Message(N_("The PDF has too many pages."), NOTHING_CHANGED, OTHER_FILE),
    "draft_too_many_objects": Message(N_("The PDF is built of too many parts."), NOTHING_CHANGED, EXPORT_ANEW),
    "draft_expands_too_much": Message(
        N_("The PDF unpacks to far more than it should."), NOTHING_CHANGED, EXPORT_ANEW
    ),
    "draft_image_too_large": Message(
        N_("A picture in the PDF is too large."),
        NOTHING_CHANGED,
        N_("Scan at 200 to 300 dpi and choose the new file."),
    ),
    "draft_resource_limit": Message(N_("Reading the PDF took more than it may."), NOTHING_CHANGED, EXPORT_ANEW),
    "draft_signed_already": Message(
        N_("The PDF holds a signature already: that is no draft."),
        NOTHING_CHANGED,
        N_("Choose the unsigned version."),
    ),
    "draft_javascript": Message(N_("The PDF holds a program (JavaScript)."), NOTHING_CHANGED, EXPORT_ANEW),
    "draft_active_content": Message(
        N_("The PDF holds something that acts by itself when it is opened."), NOTHING_CHANGED, EXPORT_ANEW
    ),
    "draft_external_stream": Message(
        N_("A part of the PDF lies in another file that could change later."), NOTHING_CHANGED, EXPORT_ANEW
    ),
    "draft_dangling_reference": Message(
        N_("The PDF refers to a part that is missing and could be added later."), NOTHING_CHANGED, EXPORT_ANEW
    ),
    "draft_filled_form": Message(
        N_("Page %(page)s holds a filled form, whose content could change after the signature."),
        NOTHING_CHANGED,
        N_("Print the form to PDF, so that its content becomes text, and choose that file."),
    ),
    "draft_page_wide_field": Message(
        N_("Page %(page)s holds a form field as large as the page, which could cover it later."),
        NOTHING_CHANGED,
        EXPORT_ANEW,
    ),
    "draft_hidden_layers": Message(N_("The PDF holds layers that can be hidden."), NOTHING_CHANGED, EXPORT_ANEW),
    "draft_xfa": Message(N_("The PDF is a dynamic form (XFA)."), NOTHING_CHANGED, EXPORT_ANEW),
    "plan_box_too_small": Message(
        N_("The box “%(field)s” is too small."), N_("The places were not saved."), MOVE_IT
    ),
    "plan_box_too_large": Message(
        N_("The box “%(field)s” is too large."), N_("The places were not saved."), MOVE_IT
    ),
    "plan_box_outside_page": Message(
        N_("The box “%(field)s” lies outside its page."), N_("The places were not saved."), MOVE_IT
    ),
    "plan_no_such_page": Message(
        N_("The box “%(field)s” stands on page %(page)s, which does not exist."),
        N_("The places were not saved."),
        MOVE_IT,
    ),
    "plan_two_footers": Message(
        N_("Two look-up codes stand on one page."), N_("The places were not saved."), MOVE_IT
    ),
    "box_unreadable": Message(
        N_("A place of a box is not a number in millimetres."),
        N_("The places were not saved."),
        N_("Correct it and save again."),
    ),
    "page_unreadable": Message(
        N_("This page cannot be drawn."), "", N_("Download the file and open it with another program.")
    ),
}
