"""The pages of incoming documents: arrivals, a document and its acts, deadlines, what travels between agencies."""

from __future__ import annotations

from tests.sweep.shown import shown_on

_UNIT = "/admin/units/<int:unit_id>"
_COPY = "/outgoing/<int:document_id>/dispatches"
EXCHANGE = [
    *shown_on(
        "/outgoing/deliveries",
        ("clerk", "/outgoing/deliveries"),
        ("clerk", "/outgoing/deliveries?state=recalled"),
        ("clerk", "/outgoing/deliveries?state=to_send&sort=oldest&from=01/01/2026&to=x"),
        ("leader", "/outgoing/deliveries?late=1&sort=waiting&recipient=kh%C3%B4ng-c%C3%B3"),
        ("far_clerk", "/outgoing/deliveries"),
        ("admin", "/outgoing/deliveries", 403),
    ),
    *shown_on(
        "/outgoing/groups",
        ("clerk", "/outgoing/groups?done=kept"),
        ("drafter", "/outgoing/groups"),
        ("admin", "/outgoing/groups?which=all&q=kh%C3%B4ng-c%C3%B3"),
        ("far_drafter", "/outgoing/groups"),
    ),
    *shown_on(
        "/outgoing/groups/new",
        ("clerk", "/outgoing/groups/new"),
        ("clerk", "/outgoing/groups/new", 422, True),
        ("drafter", "/outgoing/groups/new", 403),
    ),
    *shown_on(
        "/outgoing/groups/<int:group_id>",
        ("clerk", "/outgoing/groups/{group}"),
        ("far_clerk", "/outgoing/groups/{group}", 404),
    ),
    *shown_on(
        f"{_COPY}/new",
        ("clerk", "/outgoing/{sent}/dispatches/new"),
        ("clerk", "/outgoing/{sent}/dispatches/new", 422, True),
        ("drafter", "/outgoing/{sent}/dispatches/new"),
    ),
    *shown_on(
        f"{_COPY}/<int:dispatch_id>",
        ("clerk", "/outgoing/{sent}/dispatches/{copy}"),
        ("clerk", "/outgoing/{sent}/dispatches/{copy}", 422, True),
        ("far_clerk", "/outgoing/{sent}/dispatches/{copy}", 404),
    ),
    *shown_on(
        f"{_COPY}/<int:dispatch_id>/recall",
        ("clerk", "/outgoing/{sent}/dispatches/{left}/recall"),
        ("clerk", "/outgoing/{sent}/dispatches/{left}/recall", 422, True),
        ("drafter", "/outgoing/{sent}/dispatches/{copy}/recall"),
    ),
    *shown_on(
        "/outgoing/new",
        ("drafter", "/outgoing/new?recalls={sent}"),
        ("drafter", "/outgoing/new?corrects={sent}"),
        ("drafter", "/outgoing/new?amends={sent}", 422, True),
    ),
    *shown_on(
        "/incoming/<int:incoming_id>/agree-recall",
        ("far_leader", "/incoming/{held}/agree-recall"),
        ("far_clerk", "/incoming/999999/agree-recall", 404),
    ),
    *shown_on(
        "/incoming/<int:incoming_id>/refuse-recall",
        ("far_clerk", "/incoming/{held}/refuse-recall"),
        ("far_clerk", "/incoming/{held}/refuse-recall", 422, True),
        ("clerk", "/incoming/{recall_asked}/refuse-recall"),
        ("clerk", "/incoming/{held}/refuse-recall", 404),
    ),
    *shown_on(
        "/extension-requests",
        ("clerk", "/extension-requests?all=1"),
        ("far_clerk", "/extension-requests"),
        ("admin", "/extension-requests", 403),
    ),
    *shown_on(
        "/outgoing/<int:document_id>/extension-requests/<int:request_id>",
        ("leader", "/outgoing/{more_time}/extension-requests/{request}"),
        ("leader", "/outgoing/{more_time}/extension-requests/{request}", 422, True),
        ("drafter", "/outgoing/{more_time}/extension-requests/{request}"),
        ("far_leader", "/outgoing/{more_time}/extension-requests/{request}", 404),
    ),
]
_ARRIVAL = "/incoming/<int:incoming_id>"
ARRIVALS = [
    *shown_on(
        "/incoming/arrivals",
        ("clerk", "/incoming/arrivals"),
        ("clerk", "/incoming/arrivals?filters=1&verdict=failed&done={arrival_done}"),
        ("far_clerk", "/incoming/arrivals?done={arrival_done}"),
        ("clerk", "/incoming/arrivals", 422, True),
        ("leader", "/incoming/arrivals", 403),
    ),
    *shown_on("/incoming/new", ("clerk", "/incoming/new"), ("clerk", "/incoming/new", 422, True)),
    *shown_on(
        f"{_ARRIVAL}/register",
        ("clerk", "/incoming/{arrival_read}/register"),
        ("clerk", "/incoming/{arrival_foreign}/register?done={arrival_done}"),
        ("clerk", "/incoming/{arrival_foreign}/register", 422, True),
        ("clerk", "/incoming/{arrival_strange}/register"),
        ("clerk", "/incoming/{arrival_reading}/register"),
        ("clerk", "/incoming/{arrival_word}/register"),
        ("clerk", "/incoming/{arrival_urgent}/register"),
        ("clerk", "/incoming/{arrival_reported}/register"),
        ("far_clerk", "/incoming/{arrival_read}/register", 404),
    ),
    *shown_on(
        f"{_ARRIVAL}/files",
        ("clerk", "/incoming/{arrival_read}/files?file=2"),
        ("clerk", "/incoming/{arrival_done}/files", 422, True),
        ("clerk", "/incoming/{arrival_differs}/files"),
        ("clerk", "/incoming/{arrival_differs}/files?answered=taken"),
        ("leader", "/incoming/{arrival_declined}/files"),
    ),
    *shown_on(f"{_ARRIVAL}/files/<int:ordinal>", ("clerk", "/incoming/{arrival_read}/files/2")),
    *shown_on("/incoming/stamps", ("clerk", "/incoming/stamps"), ("far_clerk", "/incoming/stamps?day=1/1/2026")),
    *shown_on("/incoming/senders", ("leader", "/incoming/senders"), ("far_clerk", "/incoming/senders?period=2026")),
]
INCOMING = [
    *shown_on(
        "/incoming",
        ("clerk", "/incoming"),
        ("head", "/incoming?filters=1&due=late&sort=due"),
        ("far_clerk", "/incoming"),
        ("clerk", "/incoming?q=kh%C3%B4ng-c%C3%B3"),
        ("admin", "/incoming", 403),
    ),
    *shown_on(
        _ARRIVAL,
        ("clerk", "/incoming/{in_arrived}"),
        ("clerk", "/incoming/{in_registered}"),
        ("leader", "/incoming/{late}"),
        ("clerk", "/incoming/{arrival_differs}"),
        ("chief", "/incoming/{in_office}"),
        ("leader", "/incoming/{in_proposed}"),
        ("head", "/incoming/{in_directed}"),
        ("head", "/incoming/{in_known}"),
        ("specialist", "/incoming/{in_progress}"),
        ("inspector", "/incoming/{in_assigned}?done=assign"),
        ("far_clerk", "/incoming/{in_directed}", 404),
    ),
    *shown_on(
        f"{_ARRIVAL}/submit",
        ("clerk", "/incoming/{in_registered}/submit"),
        ("leader", "/incoming/{in_registered}/submit", 403),
    ),
    *shown_on(
        f"{_ARRIVAL}/propose",
        ("chief", "/incoming/{in_office}/propose"),
        ("chief", "/incoming/{in_office}/propose", 422, True),
    ),
    *shown_on(
        f"{_ARRIVAL}/direct",
        ("leader", "/incoming/{in_submitted}/direct"),
        ("leader", "/incoming/{in_submitted}/direct", 422, True),
        ("leader", "/incoming/{in_directed}/direct"),
    ),
    *shown_on(f"{_ARRIVAL}/pass", ("leader", "/incoming/{in_submitted}/pass")),
    *shown_on(
        f"{_ARRIVAL}/assign",
        ("head", "/incoming/{in_directed}/assign"),
        ("head", "/incoming/{in_directed}/assign", 422, True),
    ),
    *shown_on(f"{_ARRIVAL}/contribute", ("culture_head", "/incoming/{in_directed}/contribute")),
    *shown_on(
        f"{_ARRIVAL}/finish",
        ("specialist", "/incoming/{in_progress}/finish"),
        ("specialist", "/incoming/{in_progress}/finish", 422, True),
    ),
    *shown_on(f"{_ARRIVAL}/close", ("head", "/incoming/{in_directed}/close")),
    *shown_on("/incoming/register", ("clerk", "/incoming/register"), ("far_clerk", "/incoming/register")),
    *shown_on("/incoming/register/follow-up", ("leader", "/incoming/register/follow-up")),
]
_ACT = (
    '/incoming/<int:incoming_id>/<any("set-due", "set-internal-due", pause, resume, "ask-extension", '
    '"grant-extension", "refuse-extension", explain, "accept-explanation", "return-explanation", urge):what>'
)
DEADLINES = [
    *shown_on(
        _ACT,
        ("leader", "/incoming/{late}/set-due"),
        ("leader", "/incoming/{late}/set-due", 422, True),
        ("head", "/incoming/{late}/set-internal-due"),
        ("head", "/incoming/{in_time}/pause"),
        ("head", "/incoming/{in_time}/pause", 422, True),
        ("head", "/incoming/{paused}/resume"),
        ("specialist", "/incoming/{in_time}/ask-extension"),
        ("far_leader", "/incoming/{unsent}/ask-extension"),
        ("leader", "/incoming/{asked}/grant-extension"),
        ("leader", "/incoming/{asked}/refuse-extension", 422, True),
        ("specialist", "/incoming/{late}/explain"),
        ("specialist", "/incoming/{late}/explain", 422, True),
        ("leader", "/incoming/{explained}/accept-explanation"),
        ("leader", "/incoming/{explained}/return-explanation"),
        ("leader", "/incoming/{late}/urge"),
        ("specialist", "/incoming/{late}/pause", 403),
        ("far_clerk", "/incoming/{late}/urge", 404),
    ),
    *shown_on(
        "/incoming/<int:incoming_id>/apology",
        ("specialist", "/incoming/{sorry}/apology"),
        ("specialist", "/incoming/{late}/apology", 422),
    ),
    *shown_on(
        "/incoming/overdue",
        ("leader", "/incoming/overdue"),
        ("leader", "/incoming/overdue", 422, True),
        ("specialist", "/incoming/overdue"),
        ("far_clerk", "/incoming/overdue"),
    ),
    *shown_on("/incoming/next-week", ("leader", "/incoming/next-week"), ("far_clerk", "/incoming/next-week")),
    *shown_on(
        "/incoming/explanations",
        ("specialist", "/incoming/explanations"),
        ("leader", "/incoming/explanations"),
        ("far_clerk", "/incoming/explanations"),
    ),
    *shown_on(
        "/admin/deadline-rules",
        ("admin", "/admin/deadline-rules"),
        ("far_admin", "/admin/deadline-rules"),
    ),
    *shown_on(
        "/admin/deadline-rules/explanations",
        ("admin", "/admin/deadline-rules/explanations"),
        ("admin", "/admin/deadline-rules/explanations", 422, True),
    ),
    *shown_on(
        "/admin/deadline-rules/escalation",
        ("admin", "/admin/deadline-rules/escalation"),
        ("admin", "/admin/deadline-rules/escalation", 422, True),
    ),
    *shown_on(
        "/admin/deadline-rules/new",
        ("admin", "/admin/deadline-rules/new"),
        ("admin", "/admin/deadline-rules/new", 422, True),
    ),
    *shown_on("/admin/deadline-rules/<int:rule_id>/change", ("admin", "/admin/deadline-rules/{rule}/change")),
    *shown_on("/admin/deadline-rules/<int:rule_id>/end", ("admin", "/admin/deadline-rules/{rule}/end")),
    *shown_on(
        f"{_UNIT}/saturday",
        ("admin", "/admin/units/{part}/saturday"),
        ("admin", "/admin/units/{part}/saturday", 422, True),
    ),
]
