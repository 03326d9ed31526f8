"""Samples of an inspection: drawn while reading in it, shown with seed, size and hash of the list."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from workflow.domain.errors import WorkflowError
from workflow.domain.inspections import Listed, Standing, list_hash, sort_key
from workflow.domain.permissions import inspection_scope
from workflow.services.inspections import sampling
from workflow.services.inspections.sampling import KINDS, Wanted
from workflow.store import inspection_work as work
from workflow.store import inspections as store
from workflow.store.models import Inspection, InspectionSample, InspectionSampleItem
from workflow.web.context import act, current
from workflow.web.errors import explain
from workflow.web.forms import Form, page, read_form, see
from workflow.web.i18n import N_, _
from workflow.web.inspection_words import DONE
from workflow.web.row_keys import number_of
from workflow.web.schemas.inspections import NewSample
from workflow.web.sheets import table_answer
from workflow.web.views.inspections import CONCERNED, bp, found_here, own_units, sees_looks

PATH = "/inspections/<int:inspection_id>/samples"
KIND_WORDS = {"outgoing": N_("issued documents"), "incoming": N_("registered arrivals")}


@bp.get(PATH)
@CONCERNED
def samples(inspection_id: int) -> str:
    """All of them, and for members reading in the inspection the form."""
    return _page(inspection_id, Form())


@bp.post(PATH)
@CONCERNED
def draw_sample(inspection_id: int) -> Response:
    """Draw one."""
    found_here(inspection_id)
    form = read_form(NewSample)
    units = tuple(key for text in request.form.getlist("units") if (key := number_of(text)) is not None)
    per_unit = request.form.get("per_unit") == "yes"
    form.values |= {"units": " ".join(map(str, units)), "per_unit": "yes" if per_unit else ""}
    if not form.good:
        return page(_page(inspection_id, form), 422)
    wanted = Wanted(unit_ids=units, per_unit=per_unit, **form.data)
    try:
        made = act(sampling.take, current().scope, inspection_id=inspection_id, wanted=wanted)
    except WorkflowError as refused:
        current().uow.rollback()
        form.errors[""] = explain(refused).words(kept=False)
        return page(_page(inspection_id, form), explain(refused).status)
    return see(url_for("inspections.sample", inspection_id=inspection_id, sample_id=made.id, done="drawn"))


def _page(inspection_id: int, form: Form) -> str:
    here = current()
    row, mine = found_here(inspection_id)
    if not form.values:
        form.values = {"first": row.period_from.isoformat(), "last": row.period_to.isoformat(), "kind": "outgoing"}
    return render_template(
        "inspections/samples.html", row=row, form=form, rows=work.samples(here.uow.session, row.id),
        kinds=[(kind, _(KIND_WORDS[kind])) for kind in KINDS], kind_words=KIND_WORDS,
        in_it=here.person.inspection_id == row.id, units=store.units_of(here.uow.session, row.id),
        chosen=form.values.get("units", "").split(), sees_looks=sees_looks(mine),
    )  # fmt: skip


@bp.get(f"{PATH}/<int:sample_id>")
@CONCERNED
def sample(inspection_id: int, sample_id: int) -> str:
    """One with its documents; while reading in the inspection also whether its list still is what it was."""
    here = current()
    row, mine = found_here(inspection_id)
    one = work.sample(here.uow.session, row.id, sample_id)
    reads = here.person.inspection_id == row.id
    now = _listed(one, mine)
    done = request.args.get("done", "")
    return render_template(
        "inspections/sample.html", row=row, one=one, items=_items(sample_id, row, mine), reads=reads,
        kind=_(KIND_WORDS[one.kind]), lists=_may_list(one, mine),
        same=None if now is None else list_hash(now) == one.list_hash,
        count_now=0 if now is None else len(now), sees_looks=sees_looks(mine),
        names=[unit.name for _one, unit in store.units_of(here.uow.session, row.id) if unit.id in one.unit_ids],
        done=_(DONE[done]) if done in DONE else "",
    )  # fmt: skip


def _items(sample_id: int, row: Inspection, mine: frozenset[Standing]) -> list[tuple[InspectionSampleItem, str]]:
    """Who only answers for a unit sees what was drawn of its documents."""
    found = work.items(current().uow.session, sample_id)
    own = own_units(row, mine)
    return [(one, unit) for one, unit in found if own is None or one.unit_id in own]


@bp.get(f"{PATH}/<int:sample_id>.csv")
@bp.get(f"{PATH}/<int:sample_id>.xlsx")
@CONCERNED
def sample_export(inspection_id: int, sample_id: int) -> Response:
    """What was drawn, with the key of each."""
    row, mine = found_here(inspection_id)
    work.sample(current().uow.session, row.id, sample_id)
    head = [_(word) for word in (N_("Place"), N_("Code"), N_("Unit"), N_("Sort key (SHA-256)"))]
    rows = [(one.place, one.code, unit, one.sort_key) for one, unit in _items(sample_id, row, mine)]
    return table_answer(f"sample-{sample_id}", _("Sample"), head, rows, wide=(3,))


@bp.get(f"{PATH}/<int:sample_id>/population.csv")
@bp.get(f"{PATH}/<int:sample_id>/population.xlsx")
@CONCERNED
def population_export(inspection_id: int, sample_id: int) -> Response:
    """The whole list that it was drawn from, as it reads today: codes, no papers."""
    here = current()
    row, mine = found_here(inspection_id)
    one = work.sample(here.uow.session, row.id, sample_id)
    names = {unit.id: unit.name for _one, unit in store.units_of(here.uow.session, row.id)}
    head = [_(word) for word in (N_("Code"), N_("Unit"), N_("Sort key (SHA-256)"))]
    rows = [
        (found.code, names[found.unit_id], sort_key(one.seed, found.code)) for found in _listed(one, mine) or ()
    ]
    return table_answer(f"population-{sample_id}", _("Population"), head, rows, wide=(2,))


def _may_list(one: InspectionSample, mine: frozenset[Standing]) -> bool:
    return Standing.FOUNDER in mine or current().person.inspection_id == one.inspection_id


def _listed(one: InspectionSample, mine: frozenset[Standing]) -> list[Listed] | None:
    """The population as it reads today, within what the inspection reaches; None for who is not shown it."""
    here = current()
    if not _may_list(one, mine):
        return None
    agencies, units = store.reach(here.uow.session, one.inspection_id)
    return sampling.population_of(here.uow, inspection_scope(agencies=agencies, units=units, until=None), one)
