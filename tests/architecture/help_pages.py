"""Writes docs/commands.md out of the help: `python -m tests.architecture.help_pages`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from evolve.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def verbs(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every verb, those of a group by two words."""
    inner = getattr(command or get_command(app), "commands", None)
    if inner is None:
        yield path
    for name, each in (inner or {}).items():
        yield from verbs(each, (*path, name))


def pages() -> str:
    """The page, from the commands as they are now."""
    texts = [f"## `evolve {' '.join(each)}`\n\n```text\n{_help(each)}\n```\n" for each in verbs()]
    return "# Commands\n\nEvery verb's `--help`, as it prints it.\n\n" + "\n".join(texts)


def _help(verb: tuple[str, ...]) -> str:
    shown = CliRunner().invoke(
        app, [*verb, "--help"], prog_name="evolve", env={"COLUMNS": "100", "TERM": "dumb"}
    )
    return "\n".join(line.rstrip() for line in shown.stdout.strip().splitlines())


if __name__ == "__main__":
    PAGE.write_text(pages(), encoding="utf-8")
