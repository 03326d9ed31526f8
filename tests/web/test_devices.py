"""What browsers say of their devices, and where they are part of another program."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import Headers

from tests.support.browser import Browser
from workflow.web.devices import Device, device_of, within

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT} Chrome/142.0.0.0 Safari/537.36"
COC_COC = CHROME.replace("Chrome/", "coc_coc_browser/142.0.0 Chrome/")
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {KIT} Version/18.0 Safari/605.1.15"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 15; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
WEBVIEW = f"Mozilla/5.0 (Linux; Android 15; SM-S928B; wv) {KIT} Version/4.0 Chrome/142.0.0.0"

AGENTS = [
    (CHROME, Device.COMPUTER, None),
    (COC_COC, Device.COMPUTER, None),
    (MAC, Device.COMPUTER, None),
    (f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", Device.PHONE, None),
    (f"{ANDROID} Mobile Safari/537.36", Device.PHONE, None),
    (f"{ANDROID} Safari/537.36", Device.PHONE, None),
    (f"{WEBVIEW} Mobile Safari/537.36 Zalo android/24110685 ZaloTheme/light ZaloLanguage/vi", Device.PHONE, "Zalo"),
    (f"{IPHONE} Mobile/15E148 Zalo iOS/590 ZaloTheme/light ZaloLanguage/vn", Device.PHONE, "Zalo"),
    (f"{WEBVIEW} Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/490.0.0.63.82;]", Device.PHONE, "Facebook"),
    (f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/491.0;FBDV/iPhone16,1]", Device.PHONE, "Facebook"),
    (f"{IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/482.0]", Device.PHONE, "Messenger"),
    (f"{WEBVIEW} Mobile Safari/537.36 [FB_IAB/Orca-Android;FBAV/485.0;]", Device.PHONE, "Messenger"),
    (f"{IPHONE} Mobile/15E148 Instagram 357.0 (iPhone16,1; iOS 18_1)", Device.PHONE, "Instagram"),
    (f"{WEBVIEW} Mobile Safari/537.36", Device.PHONE, ""),
    ("", Device.COMPUTER, None),
]


@pytest.mark.parametrize(("agent", "device", "program"), AGENTS)
def test_devices_are_known_by_what_they_say(agent: str, device: Device, program: str | None) -> None:
    """Telephone or computer, browser of its own or within another program; what their owner says goes before."""
    headers = Headers({"User-Agent": agent})
    assert (device_of(headers), within(headers)) == (device, program)
    for told in Device:
        assert device_of(headers, told=told) is told
    assert device_of(Headers({"User-Agent": agent, "Sec-CH-UA-Mobile": "?1"})) is Device.PHONE


@pytest.mark.parametrize(
    "path",
    [
        "/login?next=/desk", "/desk", "/desk/read/end?ticked=7", "/sign",
        "/certificates", "/certificates/enrol", "/certificates/remote",
    ],
)  # fmt: skip
def test_within_another_program_the_way_out_is_told(client: Browser, path: str) -> None:
    """On the login, the desk, its reader, the signing page and where keys are enrolled, with the address to take
    along; in a browser nothing."""
    if not path.startswith("/login"):
        client.login("leader")
    for agent, _device, program in AGENTS:
        page = client.get(path, headers={"User-Agent": agent}).text
        assert ("Mở bằng trình duyệt" in page) is (program is not None)
        if program is not None:
            assert f'value="http://127.0.0.1:8400{path}"' in page
            assert "signer/copy-address.js" in page or "signer/sign-page.js" in page
            assert (program or "một ứng dụng khác") in page
