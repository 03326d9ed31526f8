"""`trinhky …`: the door for the shell.

Every file in `workflow/commands/` is one command: `create_admin.py` holds `command`, a click command or group,
and is `trinhky create-admin`. A file is imported only when its command is asked for or help lists it, so that
one command does not pay for another's imports.
"""

from __future__ import annotations

import importlib
import pkgutil

import click

from workflow import commands
from workflow.domain.errors import WorkflowError


class Commands(click.Group):
    """Finds the commands by their files."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in alphabetical order."""
        modules = pkgutil.iter_modules(commands.__path__)
        return sorted(module.name.replace("_", "-") for module in modules if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}")
        found = module.command
        if not isinstance(found, click.Command):
            raise TypeError(f"{module.__name__}.command is not a click command")
        return found

    def invoke(self, ctx: click.Context) -> object:
        """A refusal is one sentence on stderr and exit status 1; everything else keeps its traceback."""
        try:
            return super().invoke(ctx)
        except WorkflowError as refusal:
            raise click.ClickException(str(refusal)) from refusal


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="trinhky")
def main() -> None:
    """Trình Ký: documents in and out of public offices, signed in a browser, every figure provable."""


if __name__ == "__main__":
    main(prog_name="trinhky")
