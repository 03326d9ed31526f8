"""What can be wrong with the catalogue of offices outside, and with units that a draft names."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "labels_none": Message(
        N_("No copy waits to be sent in an envelope."),
        "",
        N_("Go back to the deliveries; what goes by e-mail and secret papers get no label here."),
        status=404,
    ),
    "labels_many": Message(
        N_("More than %(limit)s copies wait to be sent: too many for one sheet of labels."),
        "",
        N_("Narrow the list by recipient or day of issue, and print the labels in parts."),
        status=422,
    ),
    "office_address_needed": Message(
        N_("Copies are to go there by post, but the address is missing."),
        NOTHING_CHANGED,
        N_("Write the postal address, or choose another way."),
        status=422,
    ),
    "office_aliases": Message(
        N_("%(count)s other names are more than the %(limit)s that fit."),
        NOTHING_CHANGED,
        N_("Keep those that papers really bear."),
        status=422,
    ),
    "office_code": Message(
        N_("“%(text)s” is no agency code: groups of letters and digits with dots between them, at most 35."),
        NOTHING_CHANGED,
        N_("Write it as H49.64.33, or leave it empty."),
        status=422,
    ),
    "office_email": Message(
        N_("“%(text)s” is no mail address."), NOTHING_CHANGED, N_("Correct it, or leave it empty."), status=422
    ),
    "office_itself": Message(
        N_("An office cannot be merged into itself."), NOTHING_CHANGED, N_("Choose the double."), status=422
    ),
    "office_known": Message(
        N_("“%(name)s” is a name of %(office)s in the catalogue already."),
        NOTHING_CHANGED,
        N_("Open that entry; if both are one office, merge the double into it."),
        status=422,
    ),
    "office_mail_needed": Message(
        N_("Copies are to go there by e-mail, but the mail address is missing."),
        NOTHING_CHANGED,
        N_("Write the mail address, or choose another way."),
        status=422,
    ),
    "office_merged": Message(
        N_("“%(name)s” was a double and was merged; another entry has its names now."),
        NOTHING_CHANGED,
        N_("Open the catalogue and change that entry."),
    ),
    "office_name": Message(N_("The office has no name."), NOTHING_CHANGED, N_("Write its name."), status=422),
    "office_name_long": Message(
        N_("A name is longer than the %(limit)s characters that fit."),
        NOTHING_CHANGED,
        N_("Shorten it."),
        status=422,
    ),
    "office_not_found": Message(
        N_("There is no such office in your agency's catalogue."), "", N_("Go back to the catalogue.")
    ),
    "group_stale": Message(
        N_("Somebody changed “%(name)s” while your form was open."),
        N_("Their change stands; what you typed is still in the form."),
        N_("Compare with what stands now, then keep yours again if it is right."),
        status=409,
    ),
    "office_stale": Message(
        N_("Somebody changed “%(name)s” while your form was open."),
        N_("Their change stands; what you typed is still in the form."),
        N_("Compare with what stands now, then keep yours again if it is right."),
        status=409,
    ),
    "recipient_own_unit": Message(
        N_("A unit that was ticked is no unit of your agency today."), NOTHING_CHANGED, N_("Choose from the list.")
    ),
    "recipient_units_many": Message(
        N_("%(count)s units are more than the %(limit)s that one document can go to."),
        NOTHING_CHANGED,
        N_("Tick fewer."),
        status=422,
    ),
    "unit_copy_not_found": Message(
        N_("There is no such document for your unit, or you do not receive for it."),
        "",
        N_("Go back to the documents for your unit."),
    ),
}
