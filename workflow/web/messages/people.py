"""Messages about units, persons, posts and their accounts."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "unit_not_found": Message(
        N_("There is no such unit among those you look after."), "", N_("Go back to the list of units.")
    ),
    "person_not_found": Message(
        N_("There is no such person among those you look after."), "", N_("Go back to the list of people.")
    ),
    "post_not_found": Message(
        N_("There is no such post among those you look after."), "", N_("Go back to the list of people.")
    ),
    "no_such_post": Message(N_("You do not hold this post today."), NOTHING_CHANGED, N_("Choose another post.")),
    "unit_code_taken": Message(
        N_("The code %(unit_code)s belongs to another unit already."), NOTHING_CHANGED, N_("Check the code.")
    ),
    "unit_dissolved": Message(
        N_("%(name)s is dissolved, or will be by then."),
        NOTHING_CHANGED,
        N_("Choose another unit or another date."),
    ),
    "ends_before_it_begins": Message(N_("The last day is before the first."), NOTHING_CHANGED),
    "inspector_needs_end": Message(
        N_("An inspector's post needs a last day, %(latest)s at the latest."),
        NOTHING_CHANGED,
        N_("Enter the last day. An administrator renews the post before it is over."),
    ),
    "only_inspectors_renewed": Message(
        N_("Only posts of inspectors are renewed."), NOTHING_CHANGED, N_("Other posts end when somebody ends them.")
    ),
    "renewed_no_further": Message(
        N_("The post lasts until then already."), NOTHING_CHANGED, N_("Enter a later day, or end the post.")
    ),
    "own_agency": Message(
        N_("You cannot dissolve the agency you work for."),
        NOTHING_CHANGED,
        N_("The administrator of the agency above does that."),
    ),
    "agencies_below": Message(
        N_("%(count)s agencies below %(name)s live on."),
        NOTHING_CHANGED,
        N_("Dissolve them first, or give them a later last day."),
    ),
    "documents_open": Message(
        N_("%(count)s documents of %(name)s are still open."),
        NOTHING_CHANGED,
        N_("Have them issued or cancelled first, then enter the dissolution with its true date."),
    ),
    "posts_begin_later": Message(
        N_("Somebody has a post in it that begins after that day."), NOTHING_CHANGED, N_("End that post first.")
    ),
    "successor_not_alive": Message(
        N_("A successor must be another unit that lives on."), NOTHING_CHANGED, N_("Choose other successors.")
    ),
    "own_record": Message(
        N_("Nobody changes their own posts or account as administrator."),
        NOTHING_CHANGED,
        N_("Ask a second administrator, or the one of the agency above."),
    ),
    "account_wider": Message(
        N_("This person also holds a post in an agency that you do not look after."),
        NOTHING_CHANGED,
        N_("Ask the administrator of the agency above."),
    ),
    "role_unknown": Message(N_("Nobody can hold this role."), NOTHING_CHANGED),
    "post_before_unit": Message(N_("%(name)s did not exist yet on that day."), NOTHING_CHANGED),
    "post_over": Message(
        N_("This post has ended already."), NOTHING_CHANGED, N_("Open the page of the person again.")
    ),
    "username_shape": Message(
        N_("A login name has 3 to 60 small letters, digits, dots or dashes, without accents."), NOTHING_CHANGED
    ),
    "username_taken": Message(N_("The login name %(username)s is taken."), NOTHING_CHANGED),
    "account_exists": Message(
        N_("This person has an account already."), NOTHING_CHANGED, N_("Reset its password instead.")
    ),
    "no_account_yet": Message(
        N_("This person has no account yet."), NOTHING_CHANGED, N_("Invite the person first.")
    ),
    "account_closed": Message(N_("This account is closed."), NOTHING_CHANGED, N_("Open it again first.")),
    "account_open": Message(N_("This account is open already."), NOTHING_CHANGED),
    "not_a_demo": Message(N_("This exists only in a demo."), NOTHING_CHANGED, N_("Log in with your own account.")),
}
