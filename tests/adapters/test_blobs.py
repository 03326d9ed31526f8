"""One contract for the store of files, held by a folder and by an S3 server."""

from __future__ import annotations

import datetime as dt
import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import boto3
import obstore
import pytest
from moto.server import ThreadedMotoServer

from workflow.adapters.blobs import BlobDamaged, BlobError, BlobMissing, Blobs, open_blobs

LATER = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
PDF = b"%PDF-1.7 " + bytes(range(256)) * 40


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Place:
    """A store and a way to damage it behind its back."""

    def __init__(self, blobs: Blobs, folder: Path | None, endpoint: str = "") -> None:
        self.blobs = blobs
        self.folder = folder
        self.endpoint = endpoint

    def overwrite(self, sha256: str, data: bytes) -> None:
        key = f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
        if self.folder is not None:
            (self.folder / key).write_bytes(data)
        else:
            client(self.endpoint).put_object(Bucket="papers", Key=f"office/{key}", Body=data)


def client(endpoint: str):  # type: ignore[no-untyped-def]
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    if request.param == "folder":
        folder = tmp_path / "tệp tin" / "blobs"
        yield Place(open_blobs(str(folder)), folder)
        return
    endpoint = request.getfixturevalue("s3_endpoint")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    bucket = client(endpoint)
    bucket.create_bucket(Bucket="papers")
    yield Place(open_blobs(f"s3://papers/office?endpoint={endpoint}"), None, endpoint)
    for found in bucket.list_objects_v2(Bucket="papers").get("Contents", []):
        bucket.delete_object(Bucket="papers", Key=found["Key"])
    bucket.delete_bucket(Bucket="papers")


def test_what_is_put_is_got(place: Place) -> None:
    """The key is the SHA-256 of the bytes; an empty file is a file."""
    assert place.blobs.put(PDF) == hashlib.sha256(PDF).hexdigest()
    assert place.blobs.get(place.blobs.put(PDF)) == PDF
    assert place.blobs.get(place.blobs.put(b"")) == b""
    assert place.blobs.exists(hashlib.sha256(PDF).hexdigest())


def test_what_was_never_put_is_missing(place: Place) -> None:
    """A hash without a file, and a key that is no hash, are missing and not an accident."""
    absent = hashlib.sha256(b"absent").hexdigest()
    assert not place.blobs.exists(absent)
    for key in (absent, "../../etc/passwd", "AB" * 32, ""):
        with pytest.raises(BlobMissing, match="blob_missing"):
            place.blobs.get(key)


def test_damage_is_seen_when_reading_and_when_putting_again(place: Place) -> None:
    """Changed bytes are never handed out, nor taken for kept."""
    sha256 = place.blobs.put(PDF)
    place.overwrite(sha256, PDF[:-1] + b"x")
    with pytest.raises(BlobDamaged, match="blob_damaged"):
        place.blobs.get(sha256)
    with pytest.raises(BlobDamaged, match="blob_damaged"):
        place.blobs.put(PDF)


def test_what_goes_while_it_is_put_is_put_anew(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The collector takes an old one away between "it is there" and the look at it."""
    sha256 = place.blobs.put(PDF)
    looked = []

    def gone_meanwhile(_store: Blobs, wanted: str) -> bytes:
        looked.append(wanted)
        place.blobs.delete_orphan(wanted)
        raise BlobMissing("blob_missing", sha256=wanted)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Blobs, "get", gone_meanwhile)
        assert place.blobs.put(PDF) == sha256
    assert (looked, place.blobs.get(sha256)) == ([sha256], PDF)


def test_what_goes_after_the_look_is_put_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder: it was read, and is gone before its age is set."""
    blobs = open_blobs(str(tmp_path / "blobs"))
    sha256, read = blobs.put(PDF), Blobs.get

    def gone_afterwards(store: Blobs, wanted: str) -> bytes:
        data = read(store, wanted)
        blobs.delete_orphan(wanted)
        return data

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Blobs, "get", gone_afterwards)
        assert blobs.put(PDF) == sha256
    assert blobs.get(sha256) == PDF


def test_only_old_files_without_a_row_are_orphans(place: Place) -> None:
    """A file some row names and a file of this minute stay; the rest can go."""
    kept, lost = place.blobs.put(b"kept"), place.blobs.put(b"lost")
    rows = {kept}
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert list(place.blobs.orphans(rows.intersection, older_than=past)) == []
    assert list(place.blobs.orphans(rows.intersection, older_than=LATER)) == [lost]
    place.blobs.delete_orphan(lost)
    place.blobs.delete_orphan(lost)
    assert not place.blobs.exists(lost)
    assert place.blobs.exists(kept)


def test_many_orphans_are_asked_for_in_batches(tmp_path: Path) -> None:
    """1,200 files are found in questions of some hundreds each."""
    blobs = open_blobs(str(tmp_path))
    for number in range(1200):
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        path = tmp_path / sha256[:2] / sha256[2:4] / sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    sizes: list[int] = []
    found = list(blobs.orphans(lambda batch: sizes.append(len(batch)) or set(), older_than=LATER))
    assert len(set(found)) == 1200
    assert max(sizes) <= 1000


def test_the_probe_passes_and_leaves_nothing(place: Place) -> None:
    """A store that keeps the first bytes is fit; nothing stays behind."""
    place.blobs.probe()
    assert list(place.blobs.orphans(lambda _: set(), older_than=LATER)) == []


def test_the_probe_finds_a_store_that_overwrites(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that accepts create-only writes and overwrites all the same is named."""
    put = obstore.put
    monkeypatch.setattr(
        "workflow.adapters.blobs.obstore.put",
        lambda store, key, data, **_: put(store, key, data, mode="overwrite"),
    )
    with pytest.raises(BlobError, match="blob_store_overwrites"):
        place.blobs.probe()


def test_a_new_folder_is_ours_alone(tmp_path: Path) -> None:
    """Nobody else on the machine reads documents from the folder."""
    open_blobs(f"file://{tmp_path}/new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


@pytest.mark.parametrize("url", ["s3://", "s3://papers?secret=x", "s3://key:secret@papers/office"])
def test_unreadable_urls_are_refused(url: str) -> None:
    """Unknown options and secrets in the URL are refused."""
    with pytest.raises(BlobError, match="blob_url_unreadable"):
        open_blobs(url)
