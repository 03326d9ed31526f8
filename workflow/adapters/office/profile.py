"""LibreOffice's profile and fonts for one conversion: nothing that runs, nothing that fetches, our letters.

Decree 30/2020 Appendix I asks for Times New Roman. The product brings Tinos, which has its metrics, so that lines
and pages break where the drafter saw them break; what other fonts are missing is set in it too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from workflow.adapters.assets import font_paths

SETTINGS: Final = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Misc", "FirstRun", "false"),
    ("Common/Filter/PDF/Export", "ExportFormFields", "false"),
    ("Common/Filter/PDF/Export", "ExportNotes", "false"),
    ("Common/Filter/PDF/Export", "ExportBookmarks", "false"),
    ("Writer/Content/Update", "Link", "0"),
    ("Writer/Content/Update", "Field", "false"),
    ("Writer/Content/Update", "Chart", "false"),
)
"""Path below org.openoffice.Office, name, value. A setting that a version does not know is ignored by it."""

SERIF: Final = ("Times New Roman", "Times", "TimesNewRoman")
SANS: Final = ("Arial", "Helvetica", "Calibri", "Tahoma", "Verdana", "Segoe UI", "sans-serif")

NOT_OURS: Final = (
    "Times New Roman",
    "Nimbus Roman",
    "Liberation Serif",
    "Liberation Sans",
    "Liberation Sans Narrow",
)
"""Hidden from LibreOffice where Tinos is there: it prefers Liberation by a list of its own, and some versions of
those have no Vietnamese letters, which are then put between them from another font."""


def write_settings(work: Path) -> Path:
    """The profile's folder."""
    profile = work / "profile"
    folder = profile / "user"
    folder.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>\n"
        for path, name, value in SETTINGS
    )
    (folder / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )
    return profile


def write_fonts(work: Path) -> Path:
    """The file for fontconfig: the product's fonts before the system's."""
    folders = sorted({str(path.parent) for path in font_paths()})
    ours = "".join(f"<dir>{escape(folder)}</dir>\n" for folder in folders) + (_rejected() if folders else "")
    path = work / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        f"{ours}<dir>/usr/share/fonts</dir>\n<dir>/usr/local/share/fonts</dir>\n"
        f"<cachedir>/var/cache/fontconfig</cachedir>\n<cachedir>{escape(str(work / 'fonts'))}</cachedir>\n"
        f"{_alias(SERIF, ('Tinos', 'Liberation Serif'))}"
        f"{_alias(SANS, ('Arimo', 'DejaVu Sans'))}"
        '<match target="pattern"><edit name="family" mode="append_last"><string>Tinos</string></edit></match>\n'
        "</fontconfig>\n",
        encoding="utf-8",
    )
    return path


def _alias(families: tuple[str, ...], instead: tuple[str, ...]) -> str:
    preferred = "".join(f"<family>{one}</family>" for one in instead)
    return "".join(
        f'<alias binding="same"><family>{one}</family><accept>{preferred}</accept></alias>\n' for one in families
    )


def _rejected() -> str:
    patterns = "".join(
        f'<pattern><patelt name="family"><string>{one}</string></patelt></pattern>\n' for one in NOT_OURS
    )
    return f"<selectfont><rejectfont>\n{patterns}</rejectfont></selectfont>\n"
