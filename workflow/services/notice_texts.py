"""What notices say: English texts, whose Vietnamese stands in `notices.po`.

A text is a subject and lines of a body; each is a row of alternatives, the fullest first, of which the first is
said whose facts are there, and a line of which none is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflow.domain.deadlines import Measure
from workflow.domain.notices import Kind, Task
from workflow.domain.opinions import Verdict
from workflow.domain.outgoing import Urgency
from workflow.services.ending_texts import ENDINGS
from workflow.services.stop_texts import STOPPED

CONTEXT = "notice"
"""Of every text in the catalogue."""

Alternatives = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A subject and the lines of a body."""

    subject: Alternatives
    body: tuple[Alternatives, ...] = ()


_REASON = ("Reason: %(reason)s",)
_WORDS = ("%(words)s",)
_ABOUT = ("%(subject)s", "A secret document.")
_COPIED = ("Of document %(symbol)s: %(subject)s", "%(subject)s")
_BY_HAND = ("%(subject)s.", "A secret document. The paper is sent separately.")


def _corrected(title: str, body: str) -> Text:
    named = f"{body} by %(type)s no. %(by)s"
    tail = ": document %(symbol)s, %(about)s."
    return Text(
        (f"{title}: %(symbol)s, %(office)s",),
        ((f"{named} of %(by_day)s{tail}", f"{named}{tail}"), ("What it says: %(reason)s",)),
    )


def _unit_corrected(title: str, tail: str = "") -> Text:
    body = f"{title} by document no. %(by)s{tail}."
    return Text((f"{title}: %(symbol)s",), ((body,), ("What it says: %(reason)s",)))


def _asked_again(title: str, act: str) -> Text:
    body = f"%(office)s: {act} document %(symbol)s, %(about)s, until %(day)s."
    return Text((f"{title}: %(symbol)s, %(office)s",), ((body,), _REASON))


def _by_receiver(title: str, act: str) -> Text:
    body = f"%(office)s: {act} document %(symbol)s, %(about)s."
    return Text((f"{title}: %(symbol)s, %(office)s",), ((body,), _REASON))


_GONE = "; your unit does not use that document any more"

ROOT = "Root of the journal no. %(anchor)s, %(rooted)s: %(root)s"
"""A copy of it lies in every mailbox that it reached."""

TEXTS: Mapping[Kind, Text] = {
    Kind.HANDOVER_TAKEN: Text(("Work was handed over to you",), (("%(reason)s",),)),
    Kind.HANDOVER_BACK: Text(("Documents are back in the unit and need somebody",), (("%(reason)s",),)),
    Kind.ABSENCE_DEPUTY: Text(("You look after somebody's desk",), (("%(first)s – %(last)s: %(post)s",),)),
    Kind.EXTENSION_GRANTED: Text(
        ("More time until %(day)s: %(about)s",),
        (("More time until %(day)s: document %(named)s.",), ("The leader's words: %(words)s",)),
    ),
    Kind.EXTENSION_REFUSED: Text(
        ("No more time: %(about)s",),
        (("No more time: document %(named)s.",), ("The leader's words: %(words)s",)),
    ),
    Kind.EXTENSION_ASKED: _asked_again("More time is asked for", "asks for more time for"),
    Kind.EXTENSION_WITHDRAWN: _asked_again("Request for more time taken back", "takes back the request about"),
    Kind.EXTENSION_LAPSED: _asked_again("More time is not needed any more", "needs no more time for"),
    Kind.EXTENSION_ANSWERED: Text(
        ("More time granted until %(day)s: %(symbol)s",),
        (
            ("%(office)s: more time is granted until %(day)s, document %(symbol)s, %(about)s.",),
            ("Their words: %(words)s",),
        ),
    ),
    Kind.EXTENSION_DENIED: Text(
        ("More time refused: %(symbol)s",),
        (("%(office)s: no more time is granted, document %(symbol)s, %(about)s.",), ("Their words: %(words)s",)),
    ),
    Kind.EXPLANATION_DEMANDED: Text(
        ("An explanation is needed: %(about)s",),
        (
            ("Document %(named)s became overdue at %(missed)s while it was with you.",),
            ("Please explain in writing before %(until)s, and say whether the cause was your own or not.",),
        ),
    ),
    Kind.EXPLANATION_GIVEN: Text(
        ("An explanation waits for a decision: %(about)s",),
        (("%(who)s explains about document %(named)s:",), _WORDS),
    ),
    Kind.EXPLANATION_ACCEPTED: Text(
        ("Explanation accepted: %(about)s",), (("The explanation about document %(named)s is accepted.",),)
    ),
    Kind.EXPLANATION_ACCEPTED_APOLOGY: Text(
        ("Explanation accepted: %(about)s",),
        (
            ("The explanation about document %(named)s is accepted.",),
            ("The cause was our own: a letter of apology to the sender is due.",),
        ),
    ),
    Kind.EXPLANATION_SENT_BACK: Text(
        ("Explanation sent back: %(about)s",),
        (
            (
                "The explanation about document %(named)s is sent back: %(words)s",
                "The explanation about document %(named)s is sent back.",
            ),
        ),
    ),
    Kind.URGED: Text(("Urged: %(about)s",), (("%(who)s urges you about document %(named)s:",), _WORDS)),
    Kind.NUMBER_HELD: Text(
        ("Number %(number)s (%(register)s) is held until %(day)s: use or cancel it",), (("%(reason)s",),)
    ),
    Kind.DELIVERY_DECLINED: _by_receiver("Declined", "declined"),
    Kind.RECALL_AGREED: _by_receiver("Agreed to the recall", "agreed to the recall of"),
    Kind.RECALL_REFUSED: _by_receiver("Recall refused", "refused the recall of"),
    Kind.SENDER_RECALLED: Text(
        ("The sender recalled: %(symbol)s, %(office)s",),
        (("The sender recalled document %(symbol)s, %(about)s.",), _REASON),
    ),
    Kind.SENDER_ASKS_RECALL: Text(
        ("The sender asks to recall: %(symbol)s, %(office)s",),
        (
            ("The sender asks to recall document %(symbol)s, %(about)s.",),
            _REASON,
            ("The clerk or a leader answers yes or no on the document's page.",),
        ),
    ),
    Kind.CORRECTED: _corrected("Corrected", "Corrected"),
    Kind.AMENDED: _corrected("Amended", "Amended"),
    Kind.REPLACED: _corrected("Replaced", "Replaced"),
    Kind.UNIT_CORRECTED: _unit_corrected("Corrected"),
    Kind.UNIT_AMENDED: _unit_corrected("Amended"),
    Kind.UNIT_REPLACED: _unit_corrected("Replaced", _GONE),
    Kind.UNIT_RECALLED: Text(
        ("The sender recalled: %(symbol)s",), ((f"The sender recalled document %(symbol)s{_GONE}.",), _REASON)
    ),
    Kind.UNIT_COPY: Text(
        ("Document for your unit (%(urgency)s): %(symbol)s", "Document for your unit: %(symbol)s"), (_BY_HAND,)
    ),
    Kind.ARRIVED: Text(
        ("New document (%(urgency)s): %(symbol)s, %(issuer)s", "New document: %(symbol)s, %(issuer)s"), (_BY_HAND,)
    ),
    Kind.UNSIGNED_REPORT: Text(
        ("Unsigned %(unsigned)s, overdue %(overdue)s: %(unit)s, %(day)s",),
        (
            ("%(unit)s: figures as of %(cut_off)s.",),
            ("- Documents waiting for a signature: %(unsigned)s, of them for over 5 working days: %(old)s.",),
            ("- Documents overdue in their present step: %(overdue)s.",),
            ("- Incoming documents overdue: %(arrivals)s.",),
            ("- Coordinating parts overdue: %(parts)s.",),
            ("- Due by the end of the next working day: %(soon)s.",),
            ("- Explanations owed: %(owed)s.",),
            ("The report in the system lists each document.",),
            (ROOT,),
        ),
    ),
    Kind.JOURNAL_ROOT: Text(
        ("The journal's root no. %(anchor)s",),
        (
            (ROOT,),
            ("Tonight's complete pass found no contradiction: %(entries)s entries in %(chains)s chains.",),
            ("Keep this message: later the journal can be compared with it (trinhky audit verify --kept).",),
        ),
    ),
    Kind.JOURNAL_ALARM: Text(
        ("Something is wrong with the journal: %(found)s found",),
        (("The first of them: %(broken)s. The page of the journal names each.",),),
    ),
    Kind.REVIEWER_AWAY: Text(("The unit's head is away: a draft waits for your review",), (_ABOUT,)),
    Kind.EXEMPTION_ASKED: Text(("An exemption waits for your decision",), (_ABOUT,)),
    Kind.EXEMPTION_APPROVED: Text(
        ("Exemption from digital signature approved: %(symbol)s", "Exemption from digital signature approved"),
        (_ABOUT, _REASON),
    ),
    Kind.EXEMPTION_REFUSED: Text(
        ("Exemption from digital signature refused: %(symbol)s", "Exemption from digital signature refused"),
        (_ABOUT, _REASON),
    ),
    Kind.EXEMPTION_AWAY: Text(("The agency's head is away: an exemption waits for your decision",), (_ABOUT,)),
    Kind.SIGNER_AWAY: Text(
        ("The signer is away: a document waits for you to return it so that another signer is chosen",), (_ABOUT,)
    ),
    Kind.COSIGNER_AWAY: Text(
        ("%(who)s is away, who signs before the signer: the signer can return the document",), (_ABOUT,)
    ),
    Kind.HANDED_TO_SIGN: Text(("%(who)s hands you a document to sign (KT.)",), (_ABOUT, _WORDS)),
    Kind.DRAFT_COMMENTED: Text(("%(who)s remarked on a draft",), (_ABOUT,)),
    Kind.OPINION_ASKED: Text(("An opinion is asked for by %(day)s", "An opinion is asked for"), (_ABOUT, _WORDS)),
    Kind.OPINION_WITHDRAWN: Text(("No opinion is asked for any more",), (_ABOUT, _WORDS)),
    Kind.OPINION_GIVEN: Text(("%(who)s: %(verdict)s",), (_ABOUT, _WORDS)),
    Kind.INITIALS_ASKED: Text(("Initials are asked for by %(day)s", "Initials are asked for"), (_ABOUT, _WORDS)),
    Kind.INITIALS_WITHDRAWN: Text(("No initials are asked for any more",), (_ABOUT, _WORDS)),
    Kind.INITIALS_GIVEN: Text(("%(who)s: %(initials)s",), (_ABOUT, _WORDS)),
    Kind.INITIALS_VOID: Text(
        ("Initials are asked for anew (%(urgency)s)", "Initials are asked for anew"),
        (_ABOUT, ("The draft or an attachment changed: the unit's initials do not hold any more.",)),
    ),
    Kind.URGENT_OUTGOING: Text(("%(mark)s: %(task)s",), (_ABOUT, ("Due at %(due)s",))),
    Kind.URGENT_INCOMING: Text(("%(mark)s: %(task)s",), (("Document %(named)s",), ("Due at %(due)s",))),
    Kind.TIMESTAMPS_FAIL: Text(
        ("No timestamps since %(since)s",),
        (
            ("The timestamp authority (%(host)s) has given none that can be used since %(since)s.",),
            ("Issued documents wait for their timestamp; nothing else is held up.",),
        ),
    ),
    Kind.TIMESTAMPS_BACK: Text(
        ("Timestamps are given again",),
        (("None was given since %(since)s. What waits is stamped in the next rounds.",),),
    ),
    Kind.DIGEST: Text(
        (
            "Waiting for you on %(day)s: %(count)s, overdue: %(late)s",
            "Waiting for you on %(day)s: %(count)s",
        )
    ),
    Kind.ESCALATED: Text(
        ("Overdue and not moved on: %(count)s",),
        (("These passed their due moment and wait where they were.",),),
    ),
    Kind.EXPLANATION_CHASED: Text(
        ("Explanations that are owed: %(count)s",),
        (("Please see to it that they are given in writing.",),),
    ),
    Kind.EVIDENCE_ENDS: Text(
        ("Revocation evidence of %(authority)s runs out",),
        (
            ("It decides nothing more from %(until)s on, and no newer one could be fetched.",),
            (
                "Lasting proof has to wait after that: the timestamps of %(stamps)s depend on it.",
                "Signatures made after that have to wait.",
            ),
        ),
    ),
    Kind.EVIDENCE_STOPPED: Text(
        (
            "Lasting proof waits: the timestamps of %(stamps)s lack current revocation evidence of %(authority)s",
            "Signatures wait: no young revocation evidence of %(authority)s",
        ),
        (("Certificates in use that depend on it: %(count)s.",),),
    ),
    Kind.EVIDENCE_BACK: Text(("Revocation evidence of %(authority)s decides signatures again",)),
    Kind.CERTIFICATE_REVOKED: Text(
        ("The certificate of %(name)s is revoked",),
        (("By its issuer, with effect from %(since)s. It cannot sign any more; another one has to be enrolled.",),),
    ),
    Kind.CERTIFICATE_ENDS: Text(
        ("The certificate of %(name)s ends on %(day)s",),
        (("Ask for its successor now and enrol it: from that day on it cannot sign.",),),
    ),
    Kind.CERTIFICATE_NONE: Text(
        ("No certificate that can sign is enrolled for you (%(post)s)",),
        (("Documents that wait for your signature cannot be signed here before one is enrolled and confirmed.",),),
    ),
    Kind.CERTIFICATE_CONFIRMED: Text(
        ("The certificate of %(name)s is confirmed and can sign",),
        (
            ("Serial number %(serial)s, valid until %(day)s; confirmed by %(who)s.",),
            ("If you know nothing of it, end it under Certificates and tell your administrator at once.",),
        ),
    ),
    Kind.CERTIFICATE_REFUSED: Text(
        ("The certificate of %(name)s was refused",),
        (
            ("Serial number %(serial)s; refused by %(who)s. It cannot sign.",),
            ("Ask them what does not fit, then enrol it again or another one.",),
        ),
    ),
    Kind.CERTIFICATE_STOPPED: Text(
        ("The certificate of %(name)s is stopped and signs no more",),
        (
            ("Serial number %(serial)s; stopped by %(who)s: %(why)s.",),
            ("Signatures that were made stay as they are; what waits for a signature goes on waiting.",),
        ),
    ),
    Kind.ALGORITHM_ENDS: Text(
        ("On %(day)s the algorithm %(algorithm)s ends",),
        (("From that day on %(count)s signatures are not provable any more unless they are timestamped before.",),),
    ),
    Kind.COPY_ASKED: Text(("%(who)s asks you to approve a copy: %(form)s",), (_COPIED,)),
    Kind.COPY_APPROVED: Text(("%(who)s approved the copy (%(form)s): it is to be numbered",), (_COPIED,)),
    Kind.COPY_DECLINED: Text(("%(who)s declined the copy (%(form)s)",), (_COPIED, _REASON)),
    Kind.CERTIFICATES_TODAY: Text(
        ("Certificates on %(day)s",),
        (
            ("Ending within 60 days: %(ending)s",),
            ("Leaders and deputies without a certificate that can sign: %(without)s",),
            ("Revoked and still enrolled: %(revoked)s",),
        ),
    ),
    Kind.REMOTE_SIGNED: Text(
        ("%(done)s of %(count)s files signed with the key at %(service)s",),
        (
            ("The request was approved and finished after its page was closed.",),
            ("Left unsigned: %(left)s. The request says why for each; begin anew with them there.",),
            ("Kept: %(undecided)s. They are decided by themselves once newer revocation lists are there.",),
        ),
    ),
    Kind.REMOTE_ENDED: Text(
        (
            "Request to %(service)s: %(how)s; %(done)s of %(count)s files signed",
            "Request to %(service)s: %(how)s; nothing signed (files: %(count)s)",
        ),
        (("%(next)s",),),
    ),
    Kind.REMOTE_KEY_PROVEN: Text(
        ("The key at %(service)s is proven to be yours",),
        (("It can sign once a second person has confirmed it.",),),
    ),
    Kind.REMOTE_KEY_UNPROVEN: Text(
        ("Proof of the key at %(service)s: %(how)s",),
        (("%(next)s",),),
    ),
    Kind.BUNDLE_READY: Text(
        ("The proof bundle %(file)s is ready",),
        (("It can be taken until %(until)s.",),),
    ),
    Kind.BUNDLE_REFUSED: Text(
        ("The proof bundle %(file)s could not be made",),
        (("Its page says why.",),),
    ),
    Kind.FIGURES_DRIFT: Text(
        ("Closed figures of %(month)s do not come out again",),
        (
            ("Differences that no act explains: %(count)s.",),
            ("Somebody changed a row without the program, or a closed figure itself. Look at each of them.",),
        ),
    ),
}

REMARK: Alternatives = (
    "Version %(version)s, page %(page)s: %(said)s",
    "Version %(version)s: %(said)s",
    "Version %(version)s, page %(page)s",
    "Version %(version)s",
)
NAMED: Alternatives = (
    "no. %(symbol)s of %(issued)s from %(issuer)s, %(about)s",
    "no. %(symbol)s from %(issuer)s, %(about)s",
    "of %(issued)s from %(issuer)s, %(about)s",
    "from %(issuer)s, %(about)s",
)
ABOUT: Alternatives = ("%(subject)s", "a secret document")
AT = "%(time)s on %(day)s"
MORE = "… and %(more)s more"
LEFT = {
    (Measure.DAYS, False): ("%(n)s working day left", "%(n)s working days left"),
    (Measure.HOURS, False): ("%(n)s working hour left", "%(n)s working hours left"),
    (Measure.MINUTES, False): ("%(n)s working minute left", "%(n)s working minutes left"),
    (Measure.DAYS, True): ("%(n)s working day overdue", "%(n)s working days overdue"),
    (Measure.HOURS, True): ("%(n)s working hour overdue", "%(n)s working hours overdue"),
    (Measure.MINUTES, True): ("%(n)s working minute overdue", "%(n)s working minutes overdue"),
}
"""What a line of the digest says of its clock, as the desk does: for one, and for another number of them."""
JUST_OVERDUE = "just overdue"
DESK: Alternatives = (
    "%(who)s, %(title)s, waiting there: %(count)s, overdue: %(late)s",
    "%(who)s, %(title)s, waiting there: %(count)s",
)
"""What a line of the digest says of a desk that its reader looks after."""
WITH = "with %(who)s"
"""Who has what a line of an escalation tells of."""
UNSIGNED_FOR = "why not signed: %(why)s"
"""Of a document that waits for its signature; the reason in the words of the morning report."""

MARKS = {Urgency.URGENT: "Urgent", Urgency.VERY_URGENT: "Very urgent", Urgency.FLASH: "Flash"}
VERDICTS = {
    Verdict.AGREE: "agrees",
    Verdict.AGREE_WITH_REMARKS: "agrees, with remarks",
    Verdict.DISAGREE: "disagrees",
    Verdict.NONE: "has no opinion",
}
INITIALLED = VERDICTS | {
    Verdict.AGREE: "has initialled",
    Verdict.AGREE_WITH_REMARKS: "has initialled, with remarks",
    Verdict.DISAGREE: "refuses to initial",
}
TASKS = {
    Task.SIGN: "to sign",
    Task.EXEMPTION: "exemption to decide on",
    Task.EXTENSION: "extension to decide on",
    Task.EXTENSION_REQUEST: "another agency's request for more time",
    Task.DIRECT: "to direct",
    Task.PROPOSE: "to propose a direction",
    Task.REVIEW: "to review",
    Task.ASSIGN: "to assign",
    Task.HANDLE: "to handle",
    Task.COORDINATE: "to contribute to",
    Task.EXPLAIN: "to explain",
    Task.DECIDE_EXPLANATION: "explanation to decide on",
    Task.INITIALS: "to initial",
    Task.OPINION: "to give an opinion on",
    Task.RETURNED: "returned to you",
    Task.CHECK_FORMAT: "format to check",
    Task.NUMBER: "to number",
    Task.SEAL: "to seal",
    Task.ISSUE: "to issue",
    Task.REGISTER: "to register",
    Task.SUBMIT: "to submit",
    Task.ANOMALY: "anomaly to decide on",
    Task.HELD_NUMBER: "held number to use or cancel",
    Task.CORRECT: "finding of an inspection to correct",
    Task.REVIEW_ACCESS: "accesses to go through",
    Task.INSPECTOR_ENDS: "inspector's post to renew or let end",
    Task.LOOKED_AFTER: "looked after for somebody absent",
    Task.DRAFT: "draft to finish",
}


def texts() -> Iterator[str]:
    """Every text that a notice may use."""
    for text in TEXTS.values():
        yield from text.subject
        for line in text.body:
            yield from line
    yield from (*REMARK, *NAMED, *ABOUT, *DESK, AT, MORE, JUST_OVERDUE, WITH, UNSIGNED_FOR)
    for forms in LEFT.values():
        yield from forms
    for ending in ENDINGS.values():
        yield from ending
    for words in (MARKS, VERDICTS, INITIALLED, TASKS, STOPPED):
        yield from words.values()
