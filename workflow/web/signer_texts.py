"""Sentences of the signer that runs in the browser: errors by code, progress, results. `{name}` is filled there."""

from __future__ import annotations

import orjson

from workflow.web.errors import TABLE
from workflow.web.i18n import N_, _

TEXTS = {
    # the key file
    "wrong_password": N_("The password does not open this file. Check Vietnamese typing and Caps Lock."),
    "not_pkcs12": N_("This is not a key file (.p12 or .pfx), or it is damaged."),
    "unsupported_algorithm": N_("The key file uses a way of encryption that is not supported. Export it anew."),
    "too_many_iterations": N_("The key file asks for far more work than an honest one."),
    "too_large": N_("The file is too large."),
    "no_private_key": N_("The file holds certificates but no private key. Export it together with the key."),
    "no_certificate": N_("The file holds a key but no certificate. Export it together with the certificate."),
    "key_mismatch": N_("No certificate in the file belongs to its key."),
    "weak_key": N_("The key is too short to be accepted: RSA needs at least 2048 bits."),
    # what is to be signed
    "bad_attributes": N_("The server asked to sign something that is no document. Nothing was signed."),
    "extra_attribute": N_("The server asked to sign more than it should. Nothing was signed."),
    "missing_attribute": N_("What the server asked to sign is incomplete. Nothing was signed."),
    "wrong_content_type": N_("What the server asked to sign is no document. Nothing was signed."),
    "wrong_certificate": N_("The signature was prepared for another certificate. Nothing was signed."),
    "digest_mismatch": N_("The prepared file is not the one to be signed. Nothing was signed."),
    "byte_range": N_("The signature would not cover the whole file. Nothing was signed."),
    "not_the_version_read": N_("The prepared file does not begin with the version you read. Nothing was signed."),
    "duplicate_document": N_("A document was chosen twice."),
    "batch_refused": N_("Not signed, because another document did not pass its check."),
    "act_differs": N_("The server speaks of other documents than those checked here. Nothing was signed."),
    "bad_challenge": N_("The proof cannot be made: something in it is missing. Load the page again."),
    "wrong_origin": N_("The proof was asked for by another site."),
    # a USB key that the browser's extension speaks to
    "token_no_extension": N_(
        "No extension of this browser answered. Install and switch on the one of your USB key, then try again."
    ),
    "token_no_program": N_("The extension did not find the USB key's program on this computer, or an old one."),
    "token_absent": N_("No USB key is plugged in. Plug it in and try again."),
    "token_cancelled": N_("You closed the window that asked for the PIN. Try again when you are ready."),
    "token_wrong_pin": N_("The PIN was wrong. Take care: after a few wrong ones the USB key blocks itself."),
    "token_pin_blocked": N_(
        "The USB key is blocked after too many wrong PINs. Ask its issuer to unblock it; sign with another key."
    ),
    "token_timed_out": N_("Nobody answered the window that asked for the PIN. Try again."),
    "token_busy": N_("The USB key is being asked already. Look for its window."),
    "token_other_certificate": N_("Another USB key was plugged in meanwhile. Plug in the first one."),
    "token_bad_signature": N_("What the USB key gave does not fit this document. It was not sent."),
    "token_failed": N_("The USB key or its program failed. Pull it out, plug it in again and try once more."),
    "bad_issuer": N_("This file holds no certificate. Choose a .cer or .pem file."),
    # the machinery
    "closed": N_("The key was closed meanwhile. Choose the file and type the password again."),
    "timed_out": N_("Opening the key took too long and was stopped."),
    "worker_failed": N_("The signer could not start in this browser. Load the page again or use a newer browser."),
    "insecure_context": N_("Signing needs a connection by HTTPS. Ask your administrator for the right address."),
    "network": N_("The server could not be reached."),
    "session_lost": N_("You are not logged in any more. Log in again; nothing was lost."),
    "server_refused": N_("The server refused this."),
    "bad_answer": N_("The server answered with something unexpected."),
    "no_file": N_("Choose your key file first."),
    "no_password": N_("Type the password of the key file."),
    "nothing_chosen": N_("There is no document left to sign on this page."),
    # progress and results
    "progress_open": N_("Opening the key file"),
    "progress_token": N_("Asking for the certificate in the USB key"),
    "progress_prepare": N_("Preparing: {done} of {total}"),
    "progress_fetch": N_("Fetching the prepared files: {done} of {total}"),
    "progress_checked": N_("Checking before the key is used: {done} of {total}"),
    "progress_signed": N_("Signing: {done} of {total}"),
    "progress_send": N_("Sending the signatures: {done} of {total}"),
    "act_code": N_("Code of this act of signing"),
    "progress_enrol": N_("Sending the certificate and the proof"),
    "done": N_("{done} of {total} documents signed"),
    "partly_done": N_("{done} of {total} documents signed; the others are listed with the reason"),
    "enrolled": N_("The certificate was received. A second person has to confirm it."),
    "item_ok": N_("signed"),
    "kept_unsigned": N_("Nothing was signed. The key stays open on this page: try again."),
    "kept_signatures": N_("The signatures are made and kept on this page; trying again sends the same ones."),
    "kept_partly": N_("What was signed stays signed; trying again goes on with the rest."),
    "goes_on_online": N_(
        "Keep this page open: when the network is back, sending goes on by itself; or press “Try again”."
    ),
    "retry_online": N_("Keep this page open; when the network is back, press “Try again”."),
    "kept_documents": N_("Nothing was signed. The documents stay chosen on this page."),
    "see_certificates": N_("See the certificates in a new window"),
    "confirm_factor": N_("Confirm the second factor in a new window, then try again here"),
    "kept_input": N_("What you chose and typed is still here."),
}

FROM_THE_SERVER = ("csrf", "not_logged_in", "second_factor_needed", "step_up_needed", "no_permission")
"""Refusals by the frame, before a view could add its own sentence."""


def signer_texts() -> str:
    """JSON for `data-messages`, in the reader's language."""
    words = {code: _(text) for code, text in TEXTS.items()}
    for code in FROM_THE_SERVER:
        message = TABLE[code]
        words[code] = " ".join(_(part) for part in (message.title, message.next) if part)
    return orjson.dumps(words).decode()
