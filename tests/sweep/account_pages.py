"""Pages of one's own: logging in, the account, its keys and tokens, help."""

from __future__ import annotations

from tests.sweep.shown import shown_on

ACCOUNTS = [
    *shown_on("/", ("drafter", "/")),
    *shown_on("/login", ("", "/login"), ("", "/login", 422, True)),
    *shown_on("/step-up", ("drafter", "/step-up?next=/account")),
    *shown_on(
        "/invitation/<secret>",
        ("", "/invitation/{invitation}"),
        ("", "/invitation/{invitation}", 422, True),
        ("", "/invitation/unknown", 404),
    ),
    *shown_on("/account", ("leader", "/account"), ("inspector", "/account")),
    *shown_on("/account/factors", ("leader", "/account/factors")),
    *shown_on(
        "/account/factors/totp", ("begun", "/account/factors/totp"), ("begun", "/account/factors/totp", 422, True)
    ),
    *shown_on(
        "/account/notices",
        ("drafter", "/account/notices"),
        ("inspector", "/account/notices?done=yes"),
        ("leader", "/account/notices"),
    ),
    *shown_on("/account/signs", ("leader", "/account/signs"), ("clerk", "/account/signs")),
    *shown_on("/account/obstacles", ("leader", "/account/obstacles"), ("inspector", "/account/obstacles?before=1")),
    *shown_on("/account/password", ("drafter", "/account/password"), ("drafter", "/account/password", 422, True)),
    *shown_on("/account/posts", ("two_posts", "/account/posts"), ("drafter", "/account/posts")),
    *shown_on("/account/tokens", ("leader", "/account/tokens"), ("drafter", "/account/tokens")),
    *shown_on(
        "/account/tokens/new", ("leader", "/account/tokens/new"), ("leader", "/account/tokens/new", 422, True)
    ),
    *shown_on("/help", ("drafter", "/help"), ("", "/help"), ("", "/nowhere", 404)),
]
