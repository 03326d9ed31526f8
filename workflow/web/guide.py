"""The help page's words: what each seat does here, task by task, and the keys. Addresses lead to pages whose names
are in the menus; a reader who may not open one is not sent there."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.permissions import Permission
from workflow.web.i18n import N_


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: its name, how it is done, and the page where it begins."""

    title: str
    how: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The tasks of one seat; unfolded for whoever has the permission."""

    title: str
    permission: Permission
    tasks: tuple[Task, ...]


KEYS = (
    ("F2", N_("open the filters of a list")),
    ("F4", N_("begin something new: a draft, a paper that arrived, a dossier")),
    ("F8", N_("keep without sending; in a register: to the last lines; after an act: the next document")),
    ("F9", N_("the main button of the page: it says F9")),
    ("↑ ↓", N_("from row to row of a list; Enter opens the row")),
    ("Esc", N_("close the menu at the name")),
)

GUIDE = (
    Part(
        N_("Clerk: what arrives"),
        Permission.RECEIVE_DOCUMENT,
        (
            Task(
                N_("Register what arrived"),
                N_(
                    "Files from other agencies, the mailbox and the scanner wait in one queue. The paper stands "
                    "at the left, what was read of it at the right: correct it, then F9. The next one opens."
                ),
                "/incoming/arrivals",
            ),
            Task(
                N_("A paper without a file"),
                N_("F4 in the queue; the scan can be added later."),
                "/incoming/new",
            ),
            Task(
                N_("Submit to a leader"),
                N_("On the document, or tick several in the list and submit them at once."),
                "/incoming",
            ),
            Task(
                N_("Send back"),
                N_("What is not for your office is returned to its sender from its page, with a reason."),
            ),
        ),
    ),
    Part(
        N_("Clerk: what goes out"),
        Permission.SEAL,
        (
            Task(
                N_("Check the format"),
                N_(
                    "Compare what is typed with the signer and the register; the page names every "
                    "difference, and dots that were never filled in. Wrong: return it with the reason."
                ),
                "/desk",
            ),
            Task(
                N_("Number, seal, issue"),
                N_(
                    "After the signature: F9 gives the number, then the number is signed, the seal put, the "
                    "document issued, the same day or the next working day. Tick several to do it at once."
                ),
                "/outgoing",
            ),
            Task(
                N_("Hold or cancel a number"),
                N_("In the register. A cancelled number stays there with its reason and is never given again."),
                "/register",
            ),
            Task(
                N_("Copies on paper"),
                N_(
                    "Envelope labels, the day of dispatch, receipts and what came back, for every recipient "
                    "that the system does not reach."
                ),
                "/outgoing/deliveries",
            ),
            Task(
                N_("Print the register"),
                N_(
                    "A volume as PDF to bind, the year as a sheet. Lines of a former system are brought in "
                    "from a sheet."
                ),
                "/register",
            ),
            Task(
                N_("Recipients"),
                N_(
                    "Groups for papers that always go to the same offices; the catalogue keeps names and addresses."
                ),
                "/outgoing/groups",
            ),
        ),
    ),
    Part(
        N_("Who drafts"),
        Permission.DRAFT_DOCUMENT,
        (
            Task(
                N_("A new draft"),
                N_(
                    "F4. Choose a template and write only the body, or upload a PDF or a Word file. F8 keeps "
                    "it, F9 goes on to the places of signature, number and seal."
                ),
                "/outgoing/new",
            ),
            Task(
                N_("Opinions and initials"),
                N_("On the draft: ask units and people, with a day. Their answers stand on the submission slip."),
                "/opinions",
            ),
            Task(
                N_("Submit, take back"),
                N_("After submitting, the draft can be taken back until the next person has acted."),
            ),
            Task(
                N_("Answer a document"),
                N_(
                    "Begin from the document that arrived: number, day and subject come along, and the term "
                    "ends with the answer."
                ),
                "/incoming",
            ),
            Task(
                N_("A mistake after issue"),
                N_(
                    "On the issued document: correct or amend it by another paper, replace it, or recall it "
                    "with a reason. Everybody who has it is told."
                ),
            ),
        ),
    ),
    Part(
        N_("Who handles what arrived"),
        Permission.ACT_ON_INCOMING,
        (
            Task(
                N_("My work"),
                N_(
                    "What is due first stands first. Each document says who leads, until when, and what comes next."
                ),
                "/desk",
            ),
            Task(
                N_("More time"),
                N_(
                    "Ask for an extension from the document before its term is over; afterwards an "
                    "explanation is asked for."
                ),
            ),
        ),
    ),
    Part(
        N_("Leader"),
        Permission.SIGN,
        (
            Task(
                N_("Sign"),
                N_(
                    "Tick documents on the desk, choose the key file, type its password once. The key never "
                    "leaves this computer. What cannot be signed is named with its reason."
                ),
                "/desk",
            ),
            Task(
                N_("Give a direction"),
                N_("Who leads, who takes part, until when; often-used sentences are a tap away."),
                "/incoming",
            ),
            Task(
                N_("Return a draft"),
                N_("With a reason; the drafter sees it at once, and everything typed is still there."),
            ),
            Task(
                N_("Away"),
                N_("In the menu at the name: who acts meanwhile on what arrives."),
                "/absence",
            ),
        ),
    ),
    Part(
        N_("Dossiers"),
        Permission.READ_DOSSIER,
        (
            Task(
                N_("Keep a dossier"),
                N_(
                    "Open it from the year's list (F4), put documents in from their pages, close it when the "
                    "work is done, hand it to the archive."
                ),
                "/dossiers",
            ),
        ),
    ),
)
