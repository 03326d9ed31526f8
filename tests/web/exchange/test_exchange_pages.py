"""Recipients on the draft, what came back to the sender, the answer to a recall, answers and replacements."""

from __future__ import annotations

import html
import io
import re

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.exchange import Between
from tests.support.forms import version_of
from tests.support.papers import letter
from workflow.domain.corrections import Kind
from workflow.services.exchange import recalling
from workflow.services.incoming import registering
from workflow.store import corrections, documents
from workflow.store import exchange as store
from workflow.store.models import Incoming, IncomingPart, Outgoing
from workflow.store.session import unit_of_work

FAR, WHY = "Ủy ban nhân dân xã Yên Viễn", "Sai thẩm quyền <b>ký</b>"
TYPED = {"type_code": "letter", "subject": "V/v phối hợp", "recipients": "Lưu: VT", "urgency": "normal"}


def ticked(page: str) -> list[int]:
    """The agencies that stand ticked in a form."""
    return [int(key) for key in re.findall(r'name="to" value="(\d+)" checked', page)]


def area(page: str, name: str) -> str:
    """What a text area holds."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def made(client: Browser, post: Between, **more: object) -> int:
    """A draft by the form; its key."""
    answer = client.login("drafter").post("/outgoing/new", data=TYPED | more)
    assert answer.status_code == 303, answer.text
    found = re.search(r"/outgoing/(\d+)", answer.headers["Location"])
    assert found
    return int(found[1])


def row(post: Between, document: int) -> Outgoing:
    """As it stands."""
    with unit_of_work(post.office.engine) as uow:
        return documents.find(post.scope("clerk"), uow.session, document)


def test_recipients_are_chosen_kept_and_taken_out(client: Browser, post: Between) -> None:
    """Ticked boxes are recipients and lines of Nơi nhận; unticked they are neither; the free words stay."""
    units = post.office.units
    (other,) = post.agencies(1)
    document = made(client, post, to=[units["far"], units[other]])
    assert row(post, document).recipients == f"{FAR}\nỦy ban nhân dân xã {other}\nLưu: VT"
    page = client.get(f"/outgoing/{document}/edit").text
    assert sorted(ticked(page)) == [units["far"], units[other]]
    assert area(page, "recipients") == "Lưu: VT"
    changed = TYPED | {"to": [units[other]], "version": version_of(page)}
    assert client.post(f"/outgoing/{document}/edit", data=changed).status_code == 303
    assert row(post, document).recipients == f"Ủy ban nhân dân xã {other}\nLưu: VT"
    shown = client.get(f"/outgoing/{document}").text
    assert "goes there when it is issued" in shown
    assert FAR not in shown.split('id="deliveries-title"')[1].split("</section>")[0]


def test_recipients_that_cannot_be(client: Browser, post: Between) -> None:
    """One's own agency, one that ended, a part, nonsense: refused beside the list, the rest of the form stays."""
    units = post.office.units
    post.agencies(1)
    post.dissolve("x0")
    for key, words in (
        (units["commune"], "Your own agency"), (units["x0"], "does not exist any more"),
        (units["economy"], "does not exist any more"), ("1 OR 1", "choose from the list"), ("²", "choose"),
    ):  # fmt: skip
        answer = client.login("drafter").post("/outgoing/new", data=TYPED | {"to": [units["far"], key]})
        assert answer.status_code == 422, key
        assert words in answer.text, key
        assert area(answer.text, "recipients") == "Lưu: VT"


def test_the_same_form_twice_is_one_draft(client: Browser, post: Between) -> None:
    """With recipients too: a double click is known, other recipients are another draft."""
    form = {"to": [post.office.units["far"]], "once": "x"}
    first = made(client, post, **form)
    assert made(client, post, **form) == first
    assert made(client, post, once="x") != first


def test_what_came_back_and_a_recall(client: Browser, post: Between) -> None:
    """State, moment and reason on the sender's page; a refused recall keeps the words; markup stays text."""
    document = post.sent()
    arrived = post.arrived(document)
    post.do("far_clerk", registering.decline, incoming_id=arrived.id, version=arrived.version, remark=WHY)
    page = client.login("clerk").get(f"/outgoing/{document}").text
    assert "Declined" in page
    assert html.escape(WHY) in page
    assert "<b>ký" not in page
    long = client.post(f"/outgoing/{document}/recall", data={"reason": "x" * 1001})
    assert long.status_code == 422
    assert area(long.text, "reason") == "x" * 1001
    assert client.login("drafter").get(f"/outgoing/{document}").text.count("/recall") == 0
    assert client.post(f"/outgoing/{document}/recall", data={"reason": "x"}).status_code == 403
    done = client.login("leader").post(f"/outgoing/{document}/recall", data={"reason": WHY}, follow_redirects=True)
    assert "Taken back where it was not registered yet" in done.text
    assert post.arrived(document).state == "recalled"
    assert f'action="/outgoing/{document}/recall"' not in done.text


def test_a_recall_is_answered(client: Browser, post: Between) -> None:
    """The sender's reason stands on the page; refused only with words; a stale form is told."""
    document = post.sent()
    arrived = post.registered(document)
    address = f"/incoming/{arrived.id}/refuse-recall"
    assert "has not asked" in client.login("far_clerk").get(address).text
    post.do("clerk", recalling.ask_recall, document_id=document, reason=WHY)
    page = client.get(address).text
    assert html.escape(WHY) in page
    version = version_of(page)
    empty = client.post(address, data={"version": version, "remark": " "})
    assert (empty.status_code, "A reason in writing is needed." in empty.text) == (422, True)
    stale = client.post(address, data={"version": "1", "remark": "Đã thi hành"})
    assert stale.status_code == 409
    assert "Đã thi hành" in stale.text
    agree = client.login("far_leader").post(
        f"/incoming/{arrived.id}/agree-recall", data={"version": version, "remark": "Đã gỡ"}
    )
    assert (agree.status_code, agree.headers["Location"]) == (303, f"/incoming/{arrived.id}")
    assert "only as the trace" in client.get(f"/incoming/{arrived.id}/agree-recall").text
    assert "Đã gỡ" in client.login("clerk").get(f"/outgoing/{document}").text


def test_an_answer_is_begun_from_what_arrived(client: Browser, post: Between) -> None:
    """Subject and recipient are filled in, the link stands once the draft is saved; what is out of reach is not."""
    asked = post.sent("commune", sender="far", symbol="07/UBND-VP")
    arrived = post.registered(asked, "commune")
    form = client.login("clerk").get(f"/outgoing/new?answers={arrived.id}").text
    assert area(form, "subject") == f"Trả lời Công văn số 07/UBND-VP ngày 23/11/2026 của {FAR}"
    assert ticked(form) == [post.office.units["far"]]
    data = TYPED | {"answers": str(arrived.id), "to": ticked(form)}
    answer = client.post("/outgoing/new", data=data, follow_redirects=True)
    assert "the work on what it answers is done" in answer.text
    with unit_of_work(post.office.engine) as uow:
        ((_link, document),) = store.answering(post.scope("clerk"), uow.session, arrived.id)
    assert client.post(f"/outgoing/{document.id}/answers/{arrived.id}/unlink").status_code == 303
    assert "Proposed from its words" not in client.get(f"/outgoing/{document.id}").text
    foreign = client.login("drafter").get(f"/outgoing/new?answers={arrived.id}")
    assert area(foreign.text, "subject") == ""
    for odd in ("999999", "²", "1" * 20, "x"):
        assert client.get(f"/outgoing/new?answers={odd}&replaces={odd}").status_code == 200


def test_a_link_that_failed_is_said_and_nothing_typed_is_lost(client: Browser, post: Between) -> None:
    """What an answer is for left one's reach while the form was open: the draft is kept with its file, the page
    says what is missing and what to do; sent twice it is one draft; in reach again, saving links it."""
    arrived = Arrivals(post.office).directed()
    form = client.login("drafter").get(f"/outgoing/new?answers={arrived.id}").text
    (once,) = re.findall(r'name="once" value="([^"]+)"', form)
    moved(post, arrived.id, "culture")
    data = TYPED | {"answers": str(arrived.id), "once": once}
    for _twice in range(2):
        refused = client.post("/outgoing/new", data=data | {"file": (io.BytesIO(letter()), "cv.pdf")})
        assert refused.status_code == 404
        for words in ("The draft was kept, but", "What it answers", "Go on without it, or ask", "V/v phối hợp"):
            assert words in refused.text, words
    (edit,) = set(re.findall(r'action="(/outgoing/(?:\d+)/edit)"', refused.text))
    key = int(edit.split("/")[2])
    with unit_of_work(post.office.engine) as uow:
        assert [
            one.id for one in uow.session.scalars(select(Outgoing).where(Outgoing.subject == "V/v phối hợp"))
        ] == [key]
        assert [one.kind for one in documents.files_of(uow.session, key)] == ["original", "draft"]
    moved(post, arrived.id, "economy")
    again = data | {"version": version_of(refused.text), "link_again": "1"}
    assert client.post(edit, data=again).status_code == 303
    with unit_of_work(post.office.engine) as uow:
        assert [
            document.id for _link, document in store.answering(post.scope("clerk"), uow.session, arrived.id)
        ] == [key]


def moved(post: Between, incoming_id: int, unit: str) -> None:
    """Another unit leads it now, and nobody else has a part in it."""
    with unit_of_work(post.office.engine) as uow:
        uow.begin_write()
        row = uow.session.get_one(Incoming, incoming_id)
        row.lead_unit_id, row.handler_id = post.office.units[unit], None
        for part in uow.session.scalars(select(IncomingPart).where(IncomingPart.incoming_id == incoming_id)):
            part.unit_id = post.office.units[unit]
        uow.commit()


def test_a_correction_overtaken_between_check_and_act_keeps_its_reason(client: Browser, post: Between) -> None:
    """Somebody else's replacement is issued while the draft is being opened: the draft stands, the reason stays in
    the form, and the page says why it replaces nothing."""
    old = post.sent(subject="V/v việc cũ")
    faster = post.ready()
    post.says(faster, kind=Kind.REPLACE, earlier_id=old, reason="Sai căn cứ")
    client.login("clerk")
    done: list[bool] = []

    def overtaken(_session: Session) -> None:
        if done:
            return
        with unit_of_work(post.office.engine) as uow:
            begun = uow.session.scalar(select(Outgoing.id).where(Outgoing.subject == "V/v việc mới"))
        if begun is not None and not done:
            done.append(True)
            post.issue(faster)

    event.listen(Session, "after_commit", overtaken)
    try:
        data = TYPED | {"replaces": str(old), "correction_reason": "Sai số liệu", "subject": "V/v việc mới"}
        answer = client.post("/outgoing/new", data=data)
    finally:
        event.remove(Session, "after_commit", overtaken)
    assert (answer.status_code, done) == (409, [True])
    for words in (
        "The draft was kept",
        "What it corrects, amends or replaces",
        "Save the draft once more",
        "Sai số liệu",
    ):
        assert words in answer.text, words
    (key,) = set(re.findall(r'action="/outgoing/(\d+)/edit"', answer.text))
    assert row(post, int(key)).subject == "V/v việc mới"
    with unit_of_work(post.office.engine) as uow:
        assert corrections.of(uow.session, int(key)) is None


def test_words_propose_an_answer(client: Browser, post: Between) -> None:
    """One press links it, one press says no for good."""
    arrived = Arrivals(post.office).directed()
    subject = "V/v trả lời Công văn số 412/SNV-TCBC ngày 20/11/2026"
    for what, word in (("link", "Linked"), ("unlink", "Noted")):
        document = made(client, post, subject=f"{subject} ({what})")
        assert "Proposed from its words" in client.get(f"/outgoing/{document}").text
        assert "Proposed from its words" not in client.login("head").get(f"/outgoing/{document}").text
        client.login("drafter")
        done = client.post(f"/outgoing/{document}/answers/{arrived.id}/{what}", follow_redirects=True)
        assert word in done.text
        assert "Proposed from its words" not in done.text


def test_a_replacement_is_begun_from_what_was_issued(client: Browser, post: Between) -> None:
    """Type, subject and recipients are taken over, the link shows on both; it can be undone while it is a draft."""
    why = {"correction_reason": "Sai số liệu"}
    old = post.sent(subject="V/v việc cũ")
    form = client.login("clerk").get(f"/outgoing/new?replaces={old}").text
    assert area(form, "subject") == "V/v việc cũ"
    assert ticked(form) == [post.office.units["far"]]
    answer = client.post("/outgoing/new", data=TYPED | why | {"replaces": str(old)}, follow_redirects=True)
    assert f'href="/outgoing/{old}"' in answer.text
    assert "To be replaced by" in client.get(f"/outgoing/{old}").text
    with unit_of_work(post.office.engine) as uow:
        ((_relation, new),) = corrections.about(post.scope("clerk"), uow.session, old)
    undone = client.post(f"/outgoing/{new.id}/corrects-nothing", follow_redirects=True)
    assert "it corrects, amends or replaces nothing" in undone.text
    assert "To be replaced by" not in client.get(f"/outgoing/{old}").text
