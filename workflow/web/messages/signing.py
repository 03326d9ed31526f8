"""What can be wrong with a signature or a certificate."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED
from workflow.web.reasons import REASONS

UNSIGNED = N_("Nothing was signed.")
OTHER_KEY = N_("Choose another key.")
RENEW = N_("Renew it or choose another key.")
LOAD_AGAIN = N_("Load the page again and sign anew.")

MESSAGES = {
    "request_malformed": Message(
        N_("The page sent something unexpected."), NOTHING_CHANGED, LOAD_AGAIN, status=400
    ),
    "certificate_not_enrolled": Message(
        N_("The certificate of %(subject)s (serial number %(serial)s) is not enrolled here."),
        UNSIGNED,
        N_("If it is yours, enrol it on the page of certificates; else choose your own key file."),
    ),
    "certificate_of_somebody_else": Message(
        N_("This is the certificate of %(subject)s (serial number %(serial)s), enrolled to somebody else."),
        UNSIGNED,
        N_("Choose your own key file; for numbers and the seal, the agency's."),
    ),
    "key_not_held_there": Message(
        N_("The key of this certificate lies elsewhere, so it cannot be used in this way."),
        UNSIGNED,
        N_("Choose the way of signing that belongs to it."),
    ),
    "control_below_weak": Message(
        N_("Papers of this type are not signed with a key of which nobody knows who controls it."),
        UNSIGNED,
        N_("Sign with a key file, a USB key, SIM PKI or remotely."),
    ),
    "control_below_medium": Message(
        N_("Papers of this type are signed only with a key whose control by its owner is at least medium."),
        UNSIGNED,
        N_("Sign with a key file, a USB key, SIM PKI or remotely."),
    ),
    "control_below_strong": Message(
        N_("Papers of this type are signed only with a key whose control by its owner is strong."),
        UNSIGNED,
        N_("Sign with a USB key, SIM PKI or remotely with confirmation on your own device."),
    ),
    "control_unknown": Message(N_("There is no such control of a key."), NOTHING_CHANGED, status=400),
    "key_minimums_changed": Message(
        N_("Somebody changed the minimums meanwhile."),
        NOTHING_CHANGED,
        N_("Look at what holds now and choose again."),
    ),
    "act_fixed": Message(
        N_("The signing has begun with other documents: none can be added to it."), UNSIGNED, LOAD_AGAIN
    ),
    "act_not_fixed": Message(N_("The signing has not begun yet."), UNSIGNED, LOAD_AGAIN),
    "act_differs": Message(
        N_("The documents on this screen are not those that the server prepared: the two codes differ."),
        UNSIGNED,
        LOAD_AGAIN,
    ),
    "act_other_key": Message(
        N_("This act of signing was begun with another certificate."),
        N_("What was signed stays signed."),
        N_("Choose the key file it was begun with, or sign what is left as a new act from the desk."),
    ),
    "act_empty": Message(N_("No document was prepared for signing."), UNSIGNED, LOAD_AGAIN),
    "act_nonce": Message(N_("The page sent something unexpected."), UNSIGNED, LOAD_AGAIN, status=400),
    "act_doubled": Message(N_("One document was chosen twice."), UNSIGNED, LOAD_AGAIN),
    "cosigners_turn": Message(
        N_("It is not your turn to sign this document."),
        UNSIGNED,
        N_("Open it again: it says who signs and who is next."),
    ),
    "all_cosigned": Message(
        N_("Somebody who signs before the signer has not signed yet."),
        UNSIGNED,
        N_("Open it again: it says who signs and who is next."),
    ),
    "last_cosigned": Message(
        N_("Somebody else has signed on top of your signature."),
        NOTHING_CHANGED,
        N_("Ask the signer to return the document."),
    ),
    "cosigner_post": Message(
        N_("You are named in another post of yours to sign this."),
        UNSIGNED,
        N_("Change the post you act in, then sign."),
    ),
    "cosigners_too_many": Message(
        N_("No more than %(limit)s people can sign before the signer."), NOTHING_CHANGED, N_("Leave some out.")
    ),
    "cosigner_twice": Message(N_("One person was chosen twice."), NOTHING_CHANGED, N_("Choose each only once.")),
    "cosigner_turn": Message(N_("The turn has to be a number from 1 to %(limit)s."), NOTHING_CHANGED),
    "cosigner_is_signer": Message(
        N_("The named signer signs last and cannot be chosen here too."),
        NOTHING_CHANGED,
        N_("Choose somebody else."),
    ),
    "not_a_cosigner": Message(
        N_("Somebody was chosen who cannot sign here."),
        NOTHING_CHANGED,
        N_("Choose people of your agency who have a post in which they sign."),
    ),
    "certificate_not_confirmed": Message(
        N_("This certificate cannot sign: no second person has confirmed it yet, or its use has ended."),
        UNSIGNED,
        N_("Look at Certificates how it stands; where it waits, ask your administrator to confirm it."),
    ),
    "certificate_expired": Message(N_("The certificate expired."), UNSIGNED, RENEW),
    "certificate_expired_no_proof": Message(N_("The certificate expired."), UNSIGNED, RENEW),
    "certificate_not_yet_valid": Message(N_("The certificate is not valid yet."), UNSIGNED, OTHER_KEY),
    "certificate_revoked": Message(N_("The certificate is revoked."), UNSIGNED, OTHER_KEY),
    "certificate_revoked_no_proof": Message(N_("The certificate is revoked."), UNSIGNED, OTHER_KEY),
    "certificate_key_usage_wrong": Message(N_("The certificate is not for signing."), UNSIGNED, OTHER_KEY),
    "certificate_extended_key_usage_wrong": Message(N_("The certificate is for another use."), UNSIGNED, OTHER_KEY),
    "certificate_not_usable": Message(
        N_("This certificate cannot be used here (%(cause)s)."),
        NOTHING_CHANGED,
        N_("It has to be valid today and lead to a listed root. Ask your administrator."),
    ),
    "certificate_unreadable": Message(N_("The certificate cannot be read."), NOTHING_CHANGED, OTHER_KEY),
    "certificate_enrolled_already": Message(N_("This certificate is enrolled already."), NOTHING_CHANGED),
    "certificate_ended_already": Message(N_("The use of this certificate has ended already."), NOTHING_CHANGED),
    "certificate_not_pending": Message(
        N_("Somebody decided on this certificate already."), NOTHING_CHANGED, N_("Open the list again.")
    ),
    "second_person_needed": Message(
        N_("Who enrolled a certificate may not confirm it."), NOTHING_CHANGED, N_("Ask another administrator.")
    ),
    "token_not_shown": Message(
        N_("A USB key is confirmed by who has seen it."),
        NOTHING_CHANGED,
        N_("Have it shown to you and tick that it was, or refuse the certificate."),
    ),
    "possession_not_proven": Message(
        N_("The proof that you hold the key does not fit."),
        NOTHING_CHANGED,
        N_("Load the page again and try once more."),
    ),
    "challenge_expired": Message(
        N_("The page was used already or is too old."), NOTHING_CHANGED, N_("Open the enrolment page again.")
    ),
    "signing_session_not_found": Message(
        N_("This act of signing is not known here (any more)."), UNSIGNED, LOAD_AGAIN
    ),
    "signing_session_expired": Message(
        N_("The signature was prepared more than 15 minutes ago, or in another login."), UNSIGNED, LOAD_AGAIN
    ),
    "signing_item_not_found": Message(
        N_("This document is not part of this act of signing."), UNSIGNED, LOAD_AGAIN
    ),
    "signature_does_not_fit": Message(
        N_("The signature is not one over this document by this key."), NOTHING_CHANGED, LOAD_AGAIN
    ),
    "signature_failed": Message(
        N_("The signed file did not pass the check (%(reason)s)."), NOTHING_CHANGED, N_("Tell your administrator.")
    ),
    "signature_superseded": Message(
        N_("A newer act of signing has replaced this one."), NOTHING_CHANGED, N_("Go on in the window opened last.")
    ),
    "signature_withdrawn": Message(
        N_("This signature was accepted, and withdrawn since."),
        N_("It counts no more."),
        N_("Open the document again: it shows what can be done now."),
    ),
    "signature_differs": Message(
        N_("Another signature over this document was accepted already."),
        NOTHING_CHANGED,
        N_("Open the document to see which one counts."),
    ),
    "signature_pending": Message(
        N_("A signature came already and waits for a fresh revocation list."),
        N_("It is kept and will be checked again by itself."),
        N_("There is nothing to do now."),
    ),
    "signature_not_pending": Message(N_("No signature waits here."), NOTHING_CHANGED),
    "signature_undecided": Message(
        N_("The signature is kept, but there is not enough to decide whether it is valid."),
        N_("The document stays where it is."),
        N_("It is checked again by itself."),
    ),
    "number_signed_already": Message(N_("The number stands on the paper already."), NOTHING_CHANGED),
    "signed_already": Message(N_("This document is signed already."), NOTHING_CHANGED),
    "has_number": Message(N_("The document has no number yet."), NOTHING_CHANGED, N_("Give it its number first.")),
    "planned_box": Message(
        N_("The file has no planned place for this signature."),
        NOTHING_CHANGED,
        N_("Return the document to its drafter."),
    ),
    "leader_signature": Message(
        N_("The signer's signature is missing or not found valid; the seal goes only on what was signed."),
        NOTHING_CHANGED,
    ),
    "server_seal_not_allowed": Message(
        N_("The head of the agency has not allowed a key on the server."),
        NOTHING_CHANGED,
        N_("Use the agency's key file."),
    ),
    "server_seal_without_key": Message(
        N_("The server holds no key for this agency."), NOTHING_CHANGED, N_("Use the agency's key file.")
    ),
    "server_seal_purpose": Message(N_("The key on the server numbers and seals only."), NOTHING_CHANGED),
    "server_seal_daily_cap": Message(
        N_("The key on the server was used %(cap)s times today, which is the limit."),
        NOTHING_CHANGED,
        N_("Tell your administrator, or use the agency's key file."),
    ),
    "sealer_unreachable": Message(
        N_("The process that holds the agency's key does not answer."),
        NOTHING_CHANGED,
        N_("Try again later, or use the agency's key file."),
    ),
    "order_malformed": Message(N_("The order to the seal process could not be read."), NOTHING_CHANGED),
}

MESSAGES |= {
    f"certificate_{reason}": Message(sentence, UNSIGNED, OTHER_KEY)
    for reason, sentence in REASONS.items()
    if f"certificate_{reason}" not in MESSAGES
}
"""Whatever else the verifier has against a certificate before it signs."""
