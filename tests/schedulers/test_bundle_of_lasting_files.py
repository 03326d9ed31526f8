"""A bundle of a document that carries its own timestamps: when it was signed is proven by the file alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from schedulers.job import Tools
from signing.testing import KeyKind
from tests.schedulers.conftest import Hand
from tests.schedulers.stamped import World, opened
from tests.support import bundles
from tests.support.anchored import anchor
from tests.support.office import Office
from workflow.services.proving import making

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def world(tools: Tools, office: Office, clock: Hand) -> Iterator[World]:
    """An authority with RSA keys; the office signs on P-256."""
    with opened(tools, office, clock, kind=KeyKind.RSA_3072) as made:
        yield made


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it asks nothing of it that is new
def test_the_time_of_signing_is_the_timestamp_s(world: World, tmp_path: Path) -> None:
    """Lists from before the timestamp show nothing; those that the file carries do, to both programs. Under roots
    that do not know the authority its timestamps prove nothing, and the journal's time stands."""
    document = world.issued()
    world.run()
    world.run(after=HOUR)
    world.lists()
    assert world.run(after=4 * HOUR) == {"lasting": 1, "waiting": 0}
    anchor(world.office.engine, "h1", now=world.clock.now)
    world.papers.now = world.clock.now
    bundle = bundles.written(
        world.papers, world.papers.do(making.of_document, "clerk", document_id=document), tmp_path / "b.zip"
    )
    roots = bundles.pem(tmp_path / "both.pem", world.papers.keys.root.der, world.tsa.root.der)
    root = bundles.outside(world.papers, tmp_path / "root.json")
    found = bundles.python(bundle, roots, root)
    assert (found.status, found.wrong, found.unshown) == (0, set(), set())
    assert (found.tally["cms"], found.tally["stamp"], found.tally["revocation"]) == (
        [5, 0, 0],
        [2, 0, 0],
        [3, 0, 0],
    )
    less = bundles.pem(tmp_path / "less.pem", world.papers.keys.root.der)
    unknown = bundles.python(bundle, less, root)
    assert (unknown.status, unknown.tally["path"], unknown.unshown) == (0, [3, 2, 0], {"path"})
    with bundles.page(roots, root) as page:
        assert page.check(bundle).tally == found.tally
        page.given(less, root)
        assert page.check(bundle).tally == unknown.tally
