"""A request for more time in the browser: sent by our leader, on the other office's desk, answered there."""

from __future__ import annotations

import datetime as dt

from tests.support.browser import Browser
from tests.support.exchange import Between
from tests.support.forms import version_of
from tests.support.office import NOON
from workflow.services.incoming import deadlines, extending
from workflow.services.incoming.deadlines import DueChoice

DAY = dt.timedelta(days=1)
DUE = NOON.date() + 3 * DAY
LATER = DUE + 7 * DAY
WHY = "Chờ số liệu <b>các xã</b>"


def test_sent_seen_and_answered(client: Browser, post: Between) -> None:
    """Desk, list, page and form on one side; form and badge on the other; refused only with words."""
    out = post.sent()
    row = post.started(out)
    post.do("far_leader", deadlines.set_due, incoming_id=row.id, version=None, choice=DueChoice(day=DUE))
    words = {"until": LATER, "remark": WHY, "between": True}
    post.do("far_drafter", extending.ask, incoming_id=row.id, version=None, **words)
    address = f"/incoming/{row.id}/ask-extension"
    form = client.login("far_leader").get(address)
    assert "các xã" in form.text, "what the handler wrote is there to be sent"
    assert "Who set the date" not in form.text
    assert client.get(f"/incoming/{row.id}/grant-extension").status_code == 422
    data = {"version": version_of(form.text), "until": f"{LATER:%d/%m/%Y}", "remark": WHY, "kind": "between"}
    assert client.post(address, data=data).status_code == 303
    assert "sent, no answer yet" in client.get(f"/incoming/{row.id}/refuse-extension").text
    there = f"/outgoing/{out}/extension-requests/1"
    for who, may in (("clerk", False), ("drafter", False), ("leader", True)):
        desk = client.login(who).get("/desk").text
        assert there in desk
        assert "requests for more time" in desk
        page = client.get(there).text
        assert ('value="grant"' in page) == may
        assert "<b>các xã" not in page
    assert there in client.get("/extension-requests").text
    assert there in client.get(f"/outgoing/{out}").text
    for who in ("far_leader", "culture_head"):
        assert client.login(who).get(there).status_code == 404
        assert there not in client.get("/extension-requests").text
    assert client.login("drafter").post(there, data={"answer": "grant"}).status_code == 403
    client.login("leader")
    empty = client.post(there, data={"answer": "refuse", "until": "", "remark": ""})
    assert (empty.status_code, "A reason in writing is needed." in empty.text) == (422, True)
    early = client.post(there, data={"answer": "grant", "until": f"{DUE:%d/%m/%Y}", "remark": "Giữ lời này"})
    assert (early.status_code, "Giữ lời này" in early.text) == (422, True)
    assert client.post(there, data={"answer": "perhaps"}).status_code == 422
    done = client.post(there, data={"answer": "grant", "until": "", "remark": "Đồng ý"}, follow_redirects=True)
    assert "granted" in done.text
    assert client.post(there, data={"answer": "refuse", "remark": "Thôi"}).status_code == 409
    assert there not in client.get("/desk").text
    assert there in client.get("/extension-requests?all=1").text
    due = post.arrived(out).due_at
    assert due is not None
    assert due.date() == LATER
    assert "Đồng ý" in client.login("far_drafter").get(f"/incoming/{row.id}").text
