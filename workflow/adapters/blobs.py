"""Files by their SHA-256, in a folder or an S3 bucket: written once, never changed, checked when read.

Order of an act: the blob first, then the row that names it; a blob without a row is an orphan, collected
later, while a row without a blob cannot come about. Keys are `ab/cd/<sha256>`.

`s3://bucket/prefix?endpoint=https://s3.example.vn&region=hn` names a bucket; the keys to it come from
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or the other AWS_* variables), never from the URL.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, S3Store

from workflow.domain.errors import WorkflowError

if TYPE_CHECKING:
    from obstore.store import S3Config

Known = Callable[[Sequence[str]], AbstractSet[str]]
"""Of these hashes, those that some row names."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")
_ON_SHELF = re.compile(r"[a-z]+-[0-9]{1,18}\.zip")
_BATCH = 500
_TURNS = 5
"""How often a file is put that is cleared away while it is put."""


class BlobError(WorkflowError):
    """The store of files failed us; nothing a person typed can mend it."""


class BlobMissing(BlobError):
    """No file under this hash."""


class BlobDamaged(BlobError):
    """The bytes under this hash are not the ones that were put there."""


class Blobs:
    """A store of files. Open it with `open_blobs`."""

    def __init__(self, store: Any, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their hash; putting the same again changes nothing. One that is cleared away
        between the two looks at it is put anew."""
        sha256 = hashlib.sha256(data).hexdigest()
        for _turn in range(_TURNS):
            try:
                obstore.put(self._store, _key(sha256), data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                with contextlib.suppress(BlobMissing, FileNotFoundError):
                    self.get(sha256)  # a damaged one must not pass for kept
                    self._touch(sha256)
                    return sha256
            else:
                with contextlib.suppress(FileNotFoundError):
                    self._sync(sha256)
                    return sha256
        raise BlobMissing("blob_missing", sha256=sha256)

    def get(self, sha256: str) -> bytes:
        """The bytes under a hash, which is computed again. Raises `BlobMissing` or `BlobDamaged`."""
        try:
            data = bytes(obstore.get(self._store, _key(sha256)).bytes())
        except FileNotFoundError:
            raise BlobMissing("blob_missing", sha256=sha256) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobDamaged("blob_damaged", sha256=sha256, size=len(data))
        return data

    def exists(self, sha256: str) -> bool:
        """Is there a file under this hash? Its bytes are not looked at."""
        try:
            obstore.head(self._store, _key(sha256))
        except FileNotFoundError:
            return False
        return True

    def orphans(self, known: Known, *, older_than: dt.datetime) -> Iterator[str]:
        """Hashes written before a moment that no row names; young ones may still get their row.

        `known` is asked in batches, so that neither side loads everything.
        """
        batch: list[str] = []
        for page in obstore.list(self._store, chunk_size=_BATCH):
            for found in page:
                match = _KEY.fullmatch(found["path"])
                if match and found["last_modified"] < older_than:
                    batch.append(match.group(1))
            if len(batch) >= _BATCH:
                yield from _unknown(batch, known)
                batch = []
        yield from _unknown(batch, known)

    def delete_orphan(self, sha256: str) -> None:
        """Remove a file that no row names; one that is gone already is fine."""
        try:
            obstore.delete(self._store, _key(sha256))
        except FileNotFoundError:
            return

    def shelve(self, name: str, file: IO[bytes]) -> None:
        """Lay a finished file on the shelf, whatever lay there under its name. What lies there is named by no hash
        and by no backup: it can be made again, and is taken off after a while."""
        obstore.put(self._store, _shelf(name), file)

    def shelved(self, name: str) -> Iterator[bytes]:
        """What lies there, piece by piece. Raises `BlobMissing` before the first."""
        try:
            found = obstore.get(self._store, _shelf(name))
        except FileNotFoundError:
            raise BlobMissing("blob_missing", sha256=name) from None
        return (bytes(piece) for piece in found.stream(min_chunk_size=1 << 16))

    def shelf(self) -> Iterator[str]:
        """Everything that lies there."""
        for page in obstore.list(self._store, prefix="shelf"):
            yield from (found["path"].removeprefix("shelf/") for found in page)

    def unshelve(self, name: str) -> None:
        """Take it off; what is not there is fine."""
        with contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, _shelf(name))

    def probe(self) -> None:
        """Write, read, overwrite and delete a small file; raises `BlobError` saying what the store cannot do.

        Some S3 servers accept a create-only write and overwrite all the same.
        """
        key = f"probe/{secrets.token_hex(16)}"
        obstore.put(self._store, key, b"first", mode="create", use_multipart=False)
        try:
            obstore.put(self._store, key, b"second", mode="create", use_multipart=False)
        except AlreadyExistsError:
            if bytes(obstore.get(self._store, key).bytes()) != b"first":
                raise BlobError("blob_store_overwrites") from None
        else:
            raise BlobError("blob_store_overwrites")
        finally:
            obstore.delete(self._store, key)

    def older_than(self, sha256: str, moment: dt.datetime) -> bool:
        """Was the file last put before a moment? A file that is not there is older than anything."""
        try:
            return bool(obstore.head(self._store, _key(sha256))["last_modified"] < moment)
        except FileNotFoundError:
            return True

    def _touch(self, sha256: str) -> None:
        """In a folder a file that is put again is young again, so that it is not cleared away. S3 keeps the age."""
        if self._folder is not None:
            os.utime(self._folder / _key(sha256))

    def _sync(self, sha256: str) -> None:
        """A folder's file and its directories reach the disk before a row may name the file."""
        if self._folder is None:
            return
        path = self._folder / _key(sha256)
        for place in (path, path.parent, path.parent.parent, self._folder):
            _fsync(place)


def open_blobs(url: str, *, durable: bool = True) -> Blobs:
    """The store at a folder path or an `s3://` URL. The folder is made where it is missing, for us alone.

    `durable=False` does not wait for a folder's disk: for data that a crash may cost, such as a demo's.
    """
    if url.startswith("s3://"):
        return Blobs(_s3(url))
    folder = Path(url.removeprefix("file://")).absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Blobs(LocalStore(folder), folder if durable else None)


def _s3(url: str) -> S3Store:
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    unknown = options.keys() - {"endpoint", "region"}
    if unknown or not parts.netloc or parts.username:
        raise BlobError("blob_url_unreadable", options=sorted(unknown))
    endpoint = options.get("endpoint", "")
    config: S3Config = {"region": options.get("region", "us-east-1")}
    if endpoint:
        config["endpoint"] = endpoint
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={"allow_http": endpoint.startswith("http://"), "timeout": dt.timedelta(seconds=30)},
        retry_config={"max_retries": 3, "retry_timeout": dt.timedelta(seconds=60)},
    )


def _key(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise BlobMissing("blob_missing", sha256=sha256)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _shelf(name: str) -> str:
    if not _ON_SHELF.fullmatch(name):
        raise BlobMissing("blob_missing", sha256=name)
    return f"shelf/{name}"


def scratch_of(url: str) -> Path:
    """Where what does not last lies: beside the folder of files; with files elsewhere, in the machine's own."""
    return (Path(tempfile.gettempdir()) if "://" in url else Path(url).absolute().parent) / "trinhky-scratch"


def _unknown(batch: list[str], known: Known) -> list[str]:
    if not batch:
        return []
    named = known(batch)
    return [sha256 for sha256 in batch if sha256 not in named]


def _fsync(place: Path) -> None:
    if os.name == "nt" and place.is_dir():
        return  # directories cannot be opened there
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
