"""A form that meets the second factor first: the factor is asked for in place, and then the form goes on by itself.

What was typed travels along in hidden fields, with the form's own CSRF token: nobody else's form gets any further
than without this page.
"""

from __future__ import annotations

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from workflow.web.context import current
from workflow.web.forms import Form, see
from workflow.web.guards import wants_json
from workflow.web.security import Policy, form_token, use_policy

CODES = frozenset({"step_up_needed", "second_factor_needed"})
"""Refusals after which a form only has to be sent once more."""

AGAIN = "resume"
_OWN = frozenset({"step_up_code", "csrf_token", AGAIN})
"""Fields of this page; the body that goes on holds them too, so that no form may have one of the same name."""


def ask_in_place(code: str) -> Response | None:
    """The page that asks for the factor and keeps the form; None where no person's form was refused for that."""
    here = current()
    if code not in CODES or request.method != "POST" or wants_json() or here.login is None:
        return None
    use_policy(Policy.DEFAULT)
    files = any(file.filename for file in request.files.values())
    page = step_up_page(
        Form(),
        address=request.full_path.rstrip("?"),
        kept=[] if files else _kept(),
        again=not files,
        token=request.form.get("csrf_token", ""),
    )
    return Response(page, 403, mimetype="text/html")


def step_up_page(form: Form, *, address: str, kept: list[tuple[str, str]], again: bool, token: str) -> str:
    """`again`: what is `kept` is sent to `address` afterwards; else that page is opened."""
    here = current()
    return render_template(
        "accounts/step_up.html",
        form=form,
        next=address,
        kept=kept,
        again=again,
        token=token,
        has_factor=here.person.has_factor or here.demo,
    )


def asked_again(form: Form, address: str) -> str:
    """The same page after a wrong code, with what it carries."""
    again = AGAIN in request.form
    return step_up_page(form, address=address, kept=_kept() if again else [], again=again, token=form_token())


def go_on(address: str) -> BaseResponse:
    """Open the page, or send the form that waits: 307 repeats it with everything it held."""
    return redirect(address, 307) if AGAIN in request.form else see(address)


def _kept() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN]
