"""A town with something on every page: documents in each state, hostile names, a report, a queue of keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from schedulers.job import Tools
from schedulers.runner import run_period
from schedulers.table import job
from signing.testing import Authority, Subject
from tests.support import months, trust
from tests.support.arrivals import LETTER, Arrivals
from tests.support.exchange import Between
from tests.support.issued import add_issued, issued_row
from tests.support.keys import FOUNDED
from tests.support.live import Town
from tests.support.office import NOON, SINCE, Office
from tests.sweep.act_pages import broken_off
from tests.sweep.arrived import arrived
from tests.sweep.asked_about import asked_about
from tests.sweep.attachment_pages import with_attachments
from tests.sweep.backed_up import backed_up
from tests.sweep.book_pages import brought_in
from tests.sweep.bulk_pages import many_done
from tests.sweep.bundle_pages import proven
from tests.sweep.clock_pages import jobs_asked
from tests.sweep.copy_pages import copied
from tests.sweep.dossiered import dossiered
from tests.sweep.drafted import drafted
from tests.sweep.entered import entered_with_target
from tests.sweep.far_keys import far_keys
from tests.sweep.inspection_pages import inspecting
from tests.sweep.kept import registers_kept
from tests.sweep.lateness import late_papers
from tests.sweep.office_pages import sent_about
from tests.sweep.undelivered import devices, undelivered
from workflow.adapters.blobs import open_blobs
from workflow.demo.people import HOSTILE, LONG
from workflow.domain.corrections import Kind
from workflow.domain.dispatch import DispatchState
from workflow.domain.incoming import Part
from workflow.domain.outgoing import Action, Urgency
from workflow.domain.people import Post, Role
from workflow.domain.periods import parse
from workflow.domain.permissions import figures_scope
from workflow.domain.terms import Measure, Term
from workflow.services import people, sunsets, tokens, trust_changes
from workflow.services.exchange import extensions
from workflow.services.exchange.correcting import name_corrected
from workflow.services.exchange.dispatching import Particulars, mark_of, record
from workflow.services.exchange.grouping import Wish
from workflow.services.exchange.grouping import keep as keep_group
from workflow.services.exchange.recalling import ask_recall
from workflow.services.incoming import extending, registering, routing
from workflow.services.incoming.deadlines import DueChoice, set_due
from workflow.services.incoming.registering import decline
from workflow.services.incoming.routing import Direction, To
from workflow.services.replies import link
from workflow.services.verification.rechecking import recheck
from workflow.store.deliveries import dispatches_of
from workflow.store.models import Account, Certificate, Person, PostRow
from workflow.store.session import UnitOfWork, unit_of_work

LATE = dt.timedelta(days=6)
"""What lay about that long is overdue in this morning's report."""
WORDY = "V/v " + "đẩy mạnh ký số văn bản điện tử trên địa bàn xã " * 9
UNBROKEN = "V/v_" + "khôngcókhoảngtrắng" * 8 + " <b>đậm</b> & «x»"


def furnish(town: Town) -> dict[str, object]:
    """Fill the town; the names that paths may use."""
    places: dict[str, object] = {}
    for made in (_papers, _people, _units, _arrived, _arrivals):
        _add(places, made(town))
    _add(places, _figures(town))
    months.close(town.engine, town.papers.office.units["commune"], parse("2026-09"), now=NOON - 7 * LATE)
    _add(places, jobs_asked(town, long=WORDY[:480]))
    undelivered(town)
    devices(town)
    _keys(town)
    _add(places, far_keys(town, places))
    for made in (_trust, _exchange, late_papers):
        _add(places, made(town))
    _add(places, registers_kept(town, words=WORDY[:400], unbroken=UNBROKEN))
    _add(places, dossiered(town, places, long=WORDY[:480], unbroken=UNBROKEN))
    _add(places, brought_in(town))
    _add(places, asked_about(town, long=WORDY[:480], unbroken=UNBROKEN))
    _add(places, drafted(town, long=WORDY[:480], unbroken=UNBROKEN))
    _add(places, many_done(town, places))
    _add(places, with_attachments(town, long=WORDY[:480], unbroken=UNBROKEN))
    _add(places, sent_about(town, long=WORDY[:480], unbroken=UNBROKEN))
    _add(places, backed_up(town, unbroken=UNBROKEN))
    _add(places, broken_off(town, long=WORDY[:480]))
    _add(places, copied(town, long=WORDY[:480]))
    _add(places, inspecting(town, long=WORDY[:480]))
    _add(places, proven(town, long=WORDY[:200]))
    _add(places, {"invitation": _invitation(town)})
    return places


def _add(places: dict[str, object], more: Mapping[str, object]) -> None:
    """A name means one thing: the second owner would quietly lead the first one's pages elsewhere."""
    assert places.keys().isdisjoint(more), places.keys() & more.keys()
    places.update(more)


def _arrived(town: Town) -> dict[str, object]:
    return arrived(town, long=WORDY[:480], unbroken=UNBROKEN)


def _papers(town: Town) -> dict[str, object]:
    papers = town.papers
    papers.now -= LATE
    places: dict[str, object] = {
        "draft": papers.draft(subject=WORDY[:480], urgency=Urgency.FLASH),
        "bare": papers.draft(file=False, subject=UNBROKEN),
        "in_review": papers.in_review(subject=UNBROKEN, urgency=Urgency.URGENT),
        "format_check": papers.format_check(),
        "awaiting": papers.awaiting(subject=WORDY[:480]),
    }
    papers = town.papers
    places |= {
        "signed": papers.signed(),
        "inked": papers.inked(),
        "numbered": papers.numbered(),
        "number_signed": papers.number_signed(),
        "issued": papers.issued(subject=UNBROKEN, to=(town.office.units["far"],)),
        "secret": papers.draft(file=False, secret=True),
    }
    papers.keys.publish(at=town.clock())
    papers.now += dt.timedelta(minutes=2)
    papers.do(recheck, "clerk", document_id=places["signed"], blobs=papers.blobs)  # shows verdicts over time
    papers.now -= dt.timedelta(minutes=2)
    returned = papers.in_review()
    papers.act("head", returned, Action.RETURN, f"Thiếu căn cứ. {UNBROKEN}")
    places |= {"returned": returned, "code": papers.row(int(str(places["issued"]))).code}
    ink = issued_row(
        town.office, issued_at=town.clock(), medium="ink", leader_verdict="", code="2222-3333-444", number=9001
    )
    add_issued(town.office, ink, *(issued_row(town.office, issued_at=town.clock()) for _row in range(12)))
    return places | {"ink_code": "2222-3333-444"}


def _arrivals(town: Town) -> dict[str, object]:
    """An incoming document on every desk, one with a proposal, one that somebody is only to know."""
    arrivals, posts = Arrivals(town.office), town.office.posts
    arrivals.now = town.clock() - LATE
    facts = replace(LETTER, issued_on=arrivals.now.date(), subject=WORDY[:480], issuer=f"Sở {UNBROKEN[:90]}")
    lying = arrivals.paper(facts=facts)  # so that a sign of irregularity is found
    arrivals.now += dt.timedelta(days=4)
    arrivals.do("clerk", registering.register, incoming_id=lying.id, version=None)
    arrivals.now = town.clock() - LATE
    due = DueChoice(term=Term(Measure.WORKING_DAYS, 2))
    paper = arrivals.registered(facts=replace(facts, subject=UNBROKEN, urgency=Urgency.FLASH))
    found = arrivals.registered(facts=facts)
    office = arrivals.do("clerk", routing.submit, incoming_id=found.id, version=found.version)
    found = arrivals.registered(facts=facts)
    found = arrivals.do("clerk", routing.submit, incoming_id=found.id, version=found.version)
    proposed = arrivals.do(
        "chief", routing.propose, incoming_id=found.id, version=found.version,
        direction=arrivals.direction(due=due), leader_post_id=posts["leader"].id,
    )  # fmt: skip
    known = arrivals.submitted(facts=facts)
    to = (
        To(part=Part.LEAD, unit_id=posts["culture_head"].unit_id),
        To(part=Part.INFORM, unit_id=posts["head"].unit_id),
    )
    arrivals.do(
        "leader", routing.direct, incoming_id=known.id, version=known.version,
        direction=Direction(to=to, words=WORDY[:400]),
    )  # fmt: skip
    made = {
        "in_arrived": arrivals.paper(facts=facts),
        "in_registered": paper,
        "in_office": office,
        "in_proposed": proposed,
        "in_submitted": arrivals.submitted(facts=facts),
        "in_known": known,
        "in_directed": arrivals.directed(due=due, facts=facts),
        "in_assigned": arrivals.assigned(facts=facts),
        "in_progress": arrivals.in_progress(due=due, facts=facts),
    }
    return {name: document.id for name, document in made.items()}


def _people(town: Town) -> dict[str, object]:
    """Names that break pages; one person with two posts, one without an account."""
    office, rows = town.office, {}
    roles = {"two_posts": (Role.DRAFTER, Role.CLERK)}
    short_names = ("two_posts", "begun", "hostile", "newcomer")
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        for short, name in zip(short_names, (LONG, HOSTILE[0], HOSTILE[1], HOSTILE[3]), strict=True):
            person = Person(full_name=name, email=f"{short}@example.gov.vn")
            uow.add(person)
            uow.flush()
            rows[short], office.names[short] = person.id, name
            if short != "newcomer":
                uow.add(Account(person_id=person.id, username=short, created_at=town.clock()))
            for role in roles.get(short, (Role.DRAFTER,)):
                office.posts[short] = _post(uow, office, person.id, role)
        uow.commit()
    return {"person": office.posts["drafter"].person_id, "post": office.posts["drafter"].id,
            "quiet_post": office.posts["culture_head"].id,
            "deputy_post": office.posts["deputy"].id} | rows  # fmt: skip


def _post(uow: UnitOfWork, office: Office, person_id: int, role: Role) -> Post:
    unit, agency = office.units["culture"], office.units["commune"]
    row = PostRow(
        person_id=person_id, unit_id=unit, agency_id=agency, role=role, title="Chuyên viên", valid_from=SINCE
    )  # fmt: skip
    uow.add(row)
    uow.flush()
    return Post(row.id, person_id, unit, agency, role, row.title, SINCE)


def _units(town: Town) -> dict[str, object]:
    units, signer = town.office.units, town.office.posts["leader"].person_id
    return {"unit": units["commune"], "part": units["economy"], "far_part": units["far_office"], "signer": signer}


def _figures(town: Town) -> dict[str, object]:
    """This morning's report with its notices, a token, and a figure that was entered, with its target."""
    run_period(Tools(town.engine, town.settings, town.clock), job("unsigned"), "2026-11-23")
    with unit_of_work(town.engine) as uow:
        tokens.make_token(
            uow, town.office.actor("leader"), label="Phần mềm báo cáo của tỉnh", days=90, now=town.clock()
        )
        uow.commit()
    return {"entered": entered_with_target(town, long=WORDY[:480])}


def _keys(town: Town) -> None:
    """One in the queue of the second person, and one that ends in six days."""
    keys, office = town.papers.keys, town.office
    keys.issue("inspector", days=(town.clock() - FOUNDED).days + 6)
    keys.enrol("inspector")
    keys.issue("head")
    keys.enrol("head")
    with unit_of_work(town.engine) as uow:
        uow.begin_write()
        head = Certificate.person_id == office.posts["head"].person_id
        row = uow.session.scalars(select(Certificate).where(head)).one()
        row.status, row.confirmed_by_id, row.confirmed_at, row.warnings = "pending", None, None, ["name_differs"]
        uow.commit()


def _trust(town: Town) -> dict[str, object]:
    """A report with flips, a root that waits for its second administrator, a count that has not begun."""
    office, blobs = town.office, open_blobs(town.settings.blob_url)
    trust.second_admin(office)
    new = Authority.root(Subject(common_name="khôngcókhoảngtrắng" * 2), now=FOUNDED)
    given = {"data": new.der, "fingerprint": new.identity.fingerprint, "wanted": trust.wanted(UNBROKEN)}
    made = {
        "trust_flips": trust.do(
            office, trust_changes.propose_retirement, root_id=1, reason=WORDY[:400], now=town.clock()
        ),
        "trust_root": trust.do(
            office, trust_changes.propose_root, trust.SECOND, reason=UNBROKEN, now=town.clock(), **given
        ),
        "sunset": trust.do(
            office,
            sunsets.propose,
            now=town.clock(),
            algorithm="secp256r1",
            source=WORDY[:300],
            reason=UNBROKEN,
            until=town.clock() + dt.timedelta(days=90),
        ),
        "trust_policy": trust.do(
            office, trust_changes.propose_policy, trust.SECOND, name="strict", reason=WORDY[:400], now=town.clock()
        ),
    }
    trust.do(office, sunsets.confirm, trust.SECOND, sunset_id=made["sunset"].id, now=town.clock())
    trust.do(office, sunsets.remove, sunset_id=made["sunset"].id, now=town.clock())  # waits for the second one
    for name in ("trust_flips", "trust_root"):
        trust.count(office, blobs, made[name].id, now=town.clock())
    return {name: change.id for name, change in made.items()}


def _more_time(post: Between) -> dict[str, object]:
    """A request for more time that waits for its answer at the sender, and one that our leader has yet to send."""
    made: dict[str, object] = {}
    due = post.now.date() + dt.timedelta(days=5)
    until = due + dt.timedelta(days=7)
    for name in ("unsent", "request"):
        paper = post.sent()
        row = post.started(paper)
        given = {"incoming_id": row.id, "version": None}
        post.do("far_leader", set_due, choice=DueChoice(day=due), **given)
        asked = {"until": until, "remark": "Chờ số liệu <b>thống kê</b> của các xã, phường"}
        post.do("far_drafter", extending.ask, between=True, **given, **asked)
        if name == "request":
            made["more_time"], made["request"] = paper, post.do("far_leader", extensions.send, **given, **asked).id
        else:
            made["unsent"] = row.id
    return made


def _exchange(town: Town) -> dict[str, object]:
    """Sent to three agencies: one declined with words that break pages, one was asked for it back, one lost it; a
    draft that answers one paper and seems to answer another; a replacement."""
    post = Between(town.office, town.clock() - dt.timedelta(days=1))
    post.agencies(2)
    sent = post.sent("far", "x0", "x1", subject=WORDY[:480], recipients=f"Sở Nội vụ\n{UNBROKEN[:280]}\nLưu: VT")
    fixed = post.ready("far", secret=False, state="sealed", sealed_at=post.now)
    why = {"kind": Kind.CORRECT, "earlier_id": sent, "reason": f"Số điện thoại in sai <b>. {UNBROKEN}"}
    post.says(fixed, **why)
    post.issue(fixed)
    with unit_of_work(town.engine) as uow:
        copy, gone = dispatches_of(post.scope("clerk"), uow.session, sent)
        wish = Wish(name=WORDY[:90], agency_ids=(town.office.units["far"],), others=f"Sở Nội vụ\n{UNBROKEN[:280]}")
        group = keep_group(uow, town.office.actor("clerk"), group_id=None, wish=wish, now=post.now).id
        uow.commit()
    by_post = Particulars(state=DispatchState.SENT, channel="post", sent_on=post.now.date())
    post.do(
        "clerk", record, document_id=sent, dispatch_id=gone.id, seen=mark_of(gone), facts=by_post
    )  # fmt: skip
    held = post.registered(sent)
    post.do("leader", ask_recall, document_id=sent, reason=f"Sai căn cứ. {UNBROKEN}")
    declined = post.sent("far", subject=UNBROKEN)
    back = post.arrived(declined)
    post.do("far_clerk", decline, incoming_id=back.id, version=back.version, remark=UNBROKEN)
    arrivals = Arrivals(town.office)
    arrivals.now = post.now
    asked, other = arrivals.directed(), arrivals.directed(facts=replace(LETTER, symbol="413/SNV-TCBC"))
    town.papers.now = post.now
    subject = f"V/v trả lời Công văn số 412/SNV-TCBC và Công văn số 413/SNV-TCBC ngày 20/11/2026 {UNBROKEN}"
    reply = town.papers.draft(file=False, subject=subject, to=(town.office.units["far"], town.office.units["x0"]))
    post.do("drafter", link, document_id=reply, incoming_id=asked.id)
    why = {"kind": Kind.REPLACE, "earlier_id": declined, "reason": UNBROKEN}
    post.do("drafter", name_corrected, document_id=reply, **why)
    return {
        **_more_time(post), "sent": sent, "copy": copy.id, "left": gone.id, "group": group,
        "declined": declined, "reply": reply, "held": held.id,
        "recall_asked": asked.id, "other": other.id,
        "gone": post.arrived(sent, "x0").id,
    }  # fmt: skip


def _invitation(town: Town) -> str:
    """The secret of an unused link."""
    office = town.office
    with unit_of_work(town.engine) as uow:
        link = people.invite(
            uow,
            office.actor("admin"),
            figures_scope(office.posts["admin"], agencies_below=()),
            person_id=office.posts["hostile"].person_id,
            username="hostile",
            base_url=town.base,
            mail=False,
            now=town.clock(),
        )
        uow.commit()
    return link.secret
