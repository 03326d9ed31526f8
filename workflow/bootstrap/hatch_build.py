"""Hatch's hook: a wheel or sdist carries the web assets; an editable install leaves them to `make setup`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    """Runs before the files are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" for `pip install -e`."""
        if version == "editable" or os.environ.get("TRINHKY_SKIP_ASSETS") == "1":
            return
        sys.path.insert(0, self.root)
        from workflow.bootstrap import assets  # noqa: PLC0415  the checkout is not importable before this line
        from workflow.bootstrap.stop import Stop  # noqa: PLC0415  as above

        root = Path(self.root)
        if assets.is_current(root):
            return
        try:
            assets.build(root, with_dev=False)
        except Stop as missing:
            self.app.display_warning(f"{missing} The package is built without PDF preview and fonts.")
