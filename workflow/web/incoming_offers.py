"""What each action looks like on the page of an incoming document (as `offers` for outgoing ones).

Rules are elsewhere: the state table says who may do what. Here is only how it is offered.
"""

from __future__ import annotations

from workflow.domain import incoming
from workflow.domain.incoming import Action, Holder, State
from workflow.domain.people import Role
from workflow.web.i18n import N_
from workflow.web.offers import Kind, Offer

OFFERS: dict[Action, Offer] = {
    Action.ARRIVE: Offer(Kind.MACHINE, N_("Arrive"), N_("It came in."), N_("It came in.")),
    Action.CHECK: Offer(
        Kind.PAGE,
        N_("Check and register"),
        N_("Compare the facts with the paper; Enter gives it the next arrival number."),
        N_("Checked."),
        "primary",
    ),
    Action.REGISTER: Offer(
        Kind.PAGE,
        N_("Register"),
        N_("Gives it the next arrival number of the year."),
        N_("Entered in the register of arrivals."),
        "primary",
    ),
    Action.REPORT_ANOMALY: Offer(
        Kind.REMARK,
        N_("Report an anomaly"),
        N_("A leader decides what to do with it; until then it cannot be registered."),
        N_("The anomaly is reported. A leader decides."),
        "outline-danger",
    ),
    Action.CLEAR_ANOMALY: Offer(
        Kind.REMARK,
        N_("Clear the anomaly"),
        N_("Goes back to the clerk, who may register it."),
        N_("Cleared. It lies with the clerk."),
        "primary",
    ),
    Action.DECLINE: Offer(
        Kind.REMARK,
        N_("Return to sender"),
        N_("The sender reads your reason; the number it may have stays in the register."),
        N_("Returned to the sender with your reason."),
        "outline-danger",
    ),
    Action.CORRECT: Offer(
        Kind.PAGE,
        N_("Correct the facts"),
        N_("What the register says of it; the change and its reason stay in the history."),
        N_("The facts are corrected."),
    ),
    Action.ATTACH: Offer(
        Kind.PAGE, N_("Attach a file"), N_("The scan, the envelope or an enclosure."), N_("The file is attached.")
    ),
    Action.SUBMIT: Offer(
        Kind.PAGE,
        N_("Submit"),
        N_("Goes to whoever gives the direction."),
        N_("Submitted for direction."),
        "primary",
    ),
    Action.PROPOSE: Offer(
        Kind.PAGE,
        N_("Propose a direction"),
        N_("Say who shall lead and until when; the leader agrees with one tap or changes it."),
        N_("The proposal lies before the leader."),
        "primary",
    ),
    Action.PASS: Offer(
        Kind.PAGE,
        N_("Pass to another leader"),
        N_("Another leader gives the direction instead of you."),
        N_("Passed on."),
    ),
    Action.DIRECT: Offer(
        Kind.PAGE,
        N_("Give a direction"),
        N_("Choose the lead unit, who coordinates and who is to know."),
        N_("The direction is given."),
        "primary",
    ),
    Action.ASSIGN: Offer(
        Kind.PAGE,
        N_("Assign"),
        N_("Name who handles it; the list shows what each of them has open now."),
        N_("Assigned."),
        "primary",
    ),
    Action.START: Offer(
        Kind.BUTTON,
        N_("Start work"),
        N_("Shows the others that you have begun."),
        N_("Work has begun."),
        "primary",
    ),
    Action.CONTRIBUTE: Offer(
        Kind.PAGE,
        N_("Finish my part"),
        N_("The lead unit reads what you write; the document itself goes its own way."),
        N_("Your part is done."),
        "primary",
    ),
    Action.FINISH: Offer(
        Kind.PAGE,
        N_("Finish"),
        N_("Say how it was settled."),
        N_("Finished."),
        "primary",
    ),
    Action.CLOSE: Offer(
        Kind.PAGE,
        N_("Close: keep, no answer needed"),
        N_("Ends here without an answer; it stays in the register."),
        N_("Closed without an answer."),
    ),
    Action.ANSWER: Offer(
        Kind.MACHINE,
        N_("Answered"),
        N_("The answer was issued, which closes it."),
        N_("Closed by its answer."),
    ),
    Action.FILE: Offer(Kind.BUTTON, N_("File"), N_("Puts it away with the papers of the work."), N_("Filed.")),
    Action.SEND_BACK: Offer(
        Kind.REMARK,
        N_("Give back"),
        N_("Goes back one step with your reason."),
        N_("Given back with your reason."),
    ),
    Action.WITHDRAW: Offer(
        Kind.REMARK,
        N_("Take back"),
        N_("Comes back to you, as long as nobody else has acted on it."),
        N_("Taken back."),
    ),
    Action.REOPEN: Offer(
        Kind.REMARK, N_("Reopen"), N_("Work goes on where it ended; the reason stays."), N_("Reopened.")
    ),
    Action.SET_DUE: Offer(
        Kind.PAGE, N_("Set the due date"), N_("A day, a term, or no deadline."), N_("The due date is set.")
    ),
    Action.SET_INTERNAL_DUE: Offer(
        Kind.PAGE,
        N_("Set the unit's own date"),
        N_("An earlier date inside the unit; the document's own stays."),
        N_("The unit's own date is set."),
    ),
    Action.PAUSE: Offer(
        Kind.PAGE,
        N_("Pause the clock"),
        N_("While the office waits for somebody outside, no time is counted."),
        N_("The clock stands still."),
    ),
    Action.RESUME: Offer(
        Kind.PAGE, N_("Let the clock run on"), N_("What was waited for has come."), N_("The clock runs again.")
    ),
    Action.ASK_EXTENSION: Offer(
        Kind.PAGE,
        N_("Ask for an extension"),
        N_("Our leader decides, or the office that set the date."),
        N_("The extension is asked for."),
    ),
    Action.GRANT_EXTENSION: Offer(
        Kind.PAGE,
        N_("Grant the extension"),
        N_("The due date moves to the day you grant."),
        N_("The extension is granted."),
        "primary",
    ),
    Action.REFUSE_EXTENSION: Offer(
        Kind.PAGE, N_("Refuse the extension"), N_("The due date stays."), N_("The extension is refused.")
    ),
    Action.URGE: Offer(
        Kind.PAGE, N_("Urge"), N_("Whoever holds it reads your words at once; they stay on record."), N_("Urged.")
    ),
    Action.DEMAND_EXPLANATION: Offer(
        Kind.PAGE,
        N_("Demand an explanation"),
        N_("Whoever held it when it became late has to explain in writing."),
        N_("The explanation is demanded."),
    ),
    Action.EXPLAIN: Offer(
        Kind.PAGE,
        N_("Explain why it is late"),
        N_("A leader accepts your explanation or sends it back."),
        N_("Your explanation lies before the leader."),
        "primary",
    ),
    Action.ACCEPT_EXPLANATION: Offer(
        Kind.PAGE,
        N_("Accept the explanation"),
        N_("Says whether the cause was one's own or lay outside."),
        N_("The explanation is accepted."),
        "primary",
    ),
    Action.RETURN_EXPLANATION: Offer(
        Kind.PAGE,
        N_("Send the explanation back"),
        N_("It has to be written anew."),
        N_("The explanation is sent back."),
    ),
    Action.ASK_RECALL: Offer(
        Kind.MACHINE,
        N_("Recall asked for"),
        N_("The sender asks to take it back."),
        N_("The sender asks to take it back."),
    ),
    Action.AGREE_RECALL: Offer(
        Kind.PAGE,
        N_("Agree to the recall"),
        N_("It ends here; who worked on it is told."),
        N_("The recall is agreed to."),
        "primary",
    ),
    Action.REFUSE_RECALL: Offer(
        Kind.PAGE, N_("Refuse the recall"), N_("Work goes on; the sender reads why."), N_("The recall is refused.")
    ),
    Action.HAND_OVER: Offer(
        Kind.MACHINE,
        N_("Hand over"),
        N_("Happens for all that is open in a post, when its holder leaves it."),
        N_("Handed over."),
    ),
}

PAGES: dict[Action, str] = {
    action: f"/incoming/{{}}/{action.replace('_', '-')}"
    for action, offer in OFFERS.items()
    if offer.kind is Kind.PAGE
} | {Action.CHECK: "/incoming/{}/register"}
"""Every action whose offer is a page, with its address; one whose page does not exist yet is not offered."""

DONE_ELSEWHERE = frozenset({Action.ARRIVE, Action.ANSWER, Action.ASK_RECALL, Action.HAND_OVER})
"""Never offered on this page: the machine's, the sender's, and the administrator's, who reads no documents."""

QUIET = frozenset(
    {
        Action.CORRECT, Action.ATTACH, Action.REPORT_ANOMALY, Action.DECLINE, Action.SET_DUE,
        Action.SET_INTERNAL_DUE, Action.PAUSE, Action.URGE, Action.DEMAND_EXPLANATION, Action.ASK_EXTENSION,
        Action.REOPEN,
    }
)  # fmt: skip
"""What is done rarely stands folded behind the rest."""

WHY_NOT: dict[str, str] = {
    incoming.FACTS_COMPLETE: N_("Issuer and subject have to be filled in first."),
    incoming.VERDICT_ANSWERED: N_("The signatures did not pass: say first why it is registered all the same."),
    incoming.OFFICE_HEAD: N_("Only the chief of office may do this."),
    incoming.ASKED: N_("It was submitted to another leader; they can pass it to you."),
    incoming.LEAD_UNIT: N_("Only the head of the lead unit may do this."),
    incoming.HANDLER: N_("Only the person who handles it may do this."),
    incoming.LATEST_ACT: N_("Somebody else took this step or has acted since, so it cannot be taken back."),
    incoming.NOT_DIRECTED: N_("It has been directed already; the lead unit can reopen it."),
    incoming.HAS_LEAD: N_("No unit leads yet."),
    incoming.PAUSED: N_("The clock is running."),
    incoming.RUNNING: N_("There is no running deadline."),
    incoming.HAS_DUE: N_("It has no deadline."),
    incoming.EXTENSION_ASKED: N_("No extension waits for our own decision."),
    incoming.EXTENSION_TO_SEND: N_("No request waits to be sent to another office."),
    incoming.EXTENSION_OUT: N_("No request waits for another office."),
    incoming.EXTENSION_OPEN: N_("No extension was asked for."),
    incoming.NO_EXTENSION_ASKED: N_("An extension was asked for already and waits for the leader."),
    incoming.OWES_EXPLANATION: N_("No explanation is asked of you here."),
    incoming.EXPLANATION_GIVEN: N_("No explanation waits for a decision."),
    incoming.RECALL_ASKED: N_("The sender has not asked to take it back."),
    incoming.TAKES_PART: N_("Only a coordinating unit that has not finished may do this."),
    incoming.HOLDS_PART: N_("Only the head of a unit that works on it may do this."),
}
"""A predicate of the state table that does not hold → why the button cannot be pressed."""

SHOWN_WITHOUT = frozenset({incoming.FACTS_COMPLETE, incoming.VERDICT_ANSWERED, incoming.ASKED,
                           incoming.NO_EXTENSION_ASKED})  # fmt: skip
"""Where one of these is missing, the button stands there and says so; where another is, the action is not for this
person or paper at all and nothing is shown."""

WAITS_FOR: dict[State, str] = {
    State.ARRIVED: N_("waits for the clerk to check and register it"),
    State.CHECKED: N_("waits for the clerk to register it"),
    State.ANOMALY: N_("waits for a leader to decide about the anomaly"),
    State.REGISTERED: N_("waits for the clerk to submit it"),
    State.SUBMITTED: N_("waits for a leader's direction"),
    State.DIRECTED: N_("waits for the head of the lead unit to assign it"),
    State.ASSIGNED: N_("lies with its handler, who has not begun yet"),
    State.IN_PROGRESS: N_("is being handled"),
    State.DONE: N_("is done; nothing is waiting"),
    State.FILED: N_("is filed; nothing is waiting"),
    State.RETURNED: N_("was returned to its sender"),
    State.RECALLED: N_("was taken back by its sender"),
}
AT_OFFICE = N_("waits for the chief of office to propose a direction")
PAUSED = N_("waits for somebody outside; its clock stands still")

HELD_BY: dict[Holder, str] = {
    Holder.CLERK: N_("the clerk"),
    Holder.OFFICE: N_("the chief of office"),
    Holder.LEADER: N_("the leaders"),
    Holder.UNIT_HEAD: N_("the head of the lead unit"),
    Holder.SPECIALIST: N_("the handler"),
    Holder.OUTSIDE: N_("somebody outside"),
}
"""Who has it, where no one person is named."""

FIRST_STEP: dict[State, Action] = {
    State.ARRIVED: Action.CHECK,
    State.CHECKED: Action.REGISTER,
    State.ANOMALY: Action.CLEAR_ANOMALY,
    State.REGISTERED: Action.SUBMIT,
    State.SUBMITTED: Action.DIRECT,
    State.DIRECTED: Action.ASSIGN,
    State.ASSIGNED: Action.START,
    State.IN_PROGRESS: Action.FINISH,
}
"""What a person whose desk it lies on usually does first."""

TONES: dict[State, str] = {
    State.ARRIVED: "wait",
    State.CHECKED: "wait",
    State.ANOMALY: "bad",
    State.REGISTERED: "wait",
    State.SUBMITTED: "wait",
    State.DIRECTED: "wait",
    State.ASSIGNED: "wait",
    State.IN_PROGRESS: "wait",
    State.DONE: "good",
    State.FILED: "good",
    State.RETURNED: "warn",
    State.RECALLED: "plain",
}

ROAD: tuple[State, ...] = (
    State.ARRIVED,
    State.CHECKED,
    State.REGISTERED,
    State.SUBMITTED,
    State.DIRECTED,
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.DONE,
    State.FILED,
)
"""The straight road that the line of states draws."""

PEOPLE = (Role.CLERK, Role.UNIT_HEAD, Role.DRAFTER, Role.LEADER, Role.DEPUTY)
"""Whose actions are told to somebody who looks for a button that is not there."""
