"""Every unsafe setting is refused by a sentence that names it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from signing.webpush import SenderKey
from workflow.checks import Installation, Level, environment
from workflow.config import Settings

GOOD = Settings(
    database_url="postgresql+psycopg:///trinhky",
    blob_url="s3://drafts/trinhky",
    secret_key="Vz3kQ9-_p0aXb7LmR2sTf8NhYw4uEj6cDg1iKo5q",
    base_url="https://vanban.example",
    proxy_hops=1,
    smtp_url="smtp://mail.example:587?starttls=1",
    mail_from="vanban@mail.example",
    arrivals='{"H99.01": ["imaps://vanthu:secret@mail.example/INBOX", "file:///tmp"]}',
    fetch_hosts="crl.ca.example, OCSP.ca.example",
    fetch_mirrors="crl.ca.example=http://10.0.0.7/mirror/",
    fetch_proxy="http://proxy.example:3128",
    clamd_url="unix:///run/clamav/clamd.ctl",
)
PUSH = json.dumps({"key": SenderKey.make(), "contact": "mailto:vt@example.gov.vn"})
CASES = (
    (environment.secret, {"secret_key": "short"}, Level.REFUSE, "TRINHKY_SECRET_KEY"),
    (environment.secret, {"secret_key": "a" * 64}, Level.REFUSE, "too short or too simple"),
    (environment.debug, {"debug": True}, Level.REFUSE, "TRINHKY_DEBUG"),
    (environment.demo, {"demo": True}, Level.REFUSE, "TRINHKY_DEMO"),
    (environment.address, {"base_url": "http://vanban.example"}, Level.REFUSE, "https://"),
    (environment.address, {"base_url": "http://127.0.0.1:8400"}, Level.WARN, "TRINHKY_BASE_URL"),
    (environment.address, {"base_url": "http://[::1]:8400"}, Level.WARN, "TRINHKY_BASE_URL"),
    (environment.address, {"base_url": "vanban.example"}, Level.REFUSE, "https://"),
    (environment.proxy, {"proxy_hops": 0}, Level.WARN, "TRINHKY_PROXY_HOPS"),
    (environment.proxy, {"proxy_hops": -1}, Level.REFUSE, "negative"),
    (environment.mail, {"mail_from": ""}, Level.REFUSE, "TRINHKY_MAIL_FROM"),
    (environment.ways, {"smtp_url": "smtp://mail.example"}, Level.WARN, "unencrypted"),
    (environment.ways, {"smtp_url": "smtp://127.0.0.1:25"}, Level.FINE, "127.0.0.1:25"),
    (environment.ways, {"smtp_url": "smtp://u:geheim@mail.example"}, Level.REFUSE, "smtp_password_without_tls"),
    (environment.ways, {"smtp_ca": "/nowhere.pem"}, Level.REFUSE, "/nowhere.pem"),
    (environment.ways, {"smtp_url": "", "sms": "{"}, Level.REFUSE, "sms_unreadable"),
    (environment.ways, {"smtp_url": "", "webhooks": "{"}, Level.REFUSE, "webhooks_unreadable"),
    (environment.ways, {"smtp_url": "", "push": '{"key": "geheim"}'}, Level.REFUSE, "push_unreadable"),
    (environment.ways, {"smtp_url": "", "push": PUSH}, Level.FINE, "fcm.googleapis.com"),
    (environment.arrivals, {"arrivals": "{"}, Level.REFUSE, "TRINHKY_ARRIVALS"),
    (environment.arrivals, {"arrivals": '{"H99.01": "file:///nowhere"}'}, Level.WARN, "/nowhere"),
    (environment.fetching, {"fetch_hosts": "", "fetch_mirrors": ""}, Level.WARN, "TRINHKY_FETCH_HOSTS"),
    (environment.fetching, {"fetch_hosts": "http://ca.vn/"}, Level.REFUSE, "http://ca.vn/"),
    (environment.fetching, {"fetch_mirrors": "ca.vn=http://10.0.0.1/"}, Level.REFUSE, "ca.vn"),
    (environment.fetching, {"fetch_proxy": "https://proxy:3128"}, Level.REFUSE, "https://proxy:3128"),
    (environment.antivirus, {"clamd_url": "clamd:3310"}, Level.REFUSE, "TRINHKY_CLAMD_URL"),
)


@pytest.mark.parametrize(("check", "change", "level", "words"), CASES)
def test_a_bad_setting_is_named(check: object, change: dict[str, object], level: Level, words: str) -> None:
    """One finding, of that level, with these words."""
    assert callable(check)
    settings = dataclasses.replace(GOOD, **change)  # type: ignore[arg-type]
    (finding,) = check(Installation(settings=settings, environ={}))
    assert finding.level is level
    assert words in finding.sentence
    assert "geheim" not in finding.sentence


def test_good_settings_are_not_blamed() -> None:
    """The positive control, over all checks of the settings."""
    checks = {case[0] for case in CASES}
    findings = [finding for check in checks for finding in check(Installation(settings=GOOD, environ={}))]
    assert {finding.level for finding in findings} == {Level.FINE}
    assert not any("secret@" in finding.sentence for finding in findings)


@pytest.mark.parametrize(("mode", "level"), [(0o600, Level.FINE), (0o640, Level.REFUSE), (0o604, Level.REFUSE)])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int, level: Level) -> None:
    """Group or world."""
    key = tmp_path / "seal.p12"
    key.write_bytes(b"")
    key.chmod(mode)
    at = Installation(settings=GOOD, environ={"TRINHKY_SEAL_KEY_FILE": str(key), "OTHER_FILE": "/dev/null"})
    (finding,) = environment.key_files(at)
    assert finding.level is level
    assert str(key) in finding.sentence


def test_seal_keys_in_the_web_are_pointed_out(tmp_path: Path) -> None:
    """Private or not: the process that faces people should not be able to read them."""
    listing = tmp_path / "keys.json"
    listing.touch(mode=0o640)
    at = Installation(settings=GOOD, environ={"TRINHKY_SEAL_KEYS": str(listing)})
    refused, warned = environment.key_files(at)
    assert (refused.level, warned.level) == (Level.REFUSE, Level.WARN)
    assert "trinhky sealer" in warned.sentence


def test_a_key_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the variable that names it."""
    at = Installation(settings=GOOD, environ={"TRINHKY_SEAL_KEY_FILE": str(tmp_path / "none")})
    (finding,) = environment.key_files(at)
    assert finding.level is Level.REFUSE
    assert "TRINHKY_SEAL_KEY_FILE" in finding.sentence


@pytest.mark.parametrize(("mode", "level"), [(0o700, Level.FINE), (0o750, Level.WARN), (0o770, Level.REFUSE)])
def test_a_blob_folder_open_to_others_is_named(tmp_path: Path, mode: int, level: Level) -> None:
    """Reading warns, writing refuses."""
    folder = tmp_path / "blobs"
    folder.mkdir()
    folder.chmod(mode)
    (finding,) = environment.stores(
        Installation(settings=dataclasses.replace(GOOD, blob_url=str(folder)), environ={})
    )
    assert finding.level is level


def test_a_missing_database_file_is_named(tmp_path: Path) -> None:
    """Opening it would silently make an empty one."""
    settings = dataclasses.replace(GOOD, database_url=f"sqlite:///{tmp_path / 'none.db'}")
    (finding,) = environment.stores(Installation(settings=settings, environ={}))
    assert finding.level is Level.REFUSE
    assert "trinhky migrate" in finding.sentence
