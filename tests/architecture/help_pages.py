"""Writes docs/commands.md out of the help: `python -m tests.architecture.help_pages`."""

from pathlib import Path

from typer.testing import CliRunner

from evolve.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def pages() -> str:
    """The page, from the commands as they are now."""
    verbs = [command.name or "" for command in app.registered_commands]
    texts = [f"## `evolve {verb}`\n\n```text\n{_help(verb)}\n```\n" for verb in verbs]
    return "# Commands\n\nEvery verb's `--help`, as it prints it.\n\n" + "\n".join(texts)


def _help(verb: str) -> str:
    shown = CliRunner().invoke(
        app, [verb, "--help"], prog_name="evolve", env={"COLUMNS": "100", "TERM": "dumb"}
    )
    return "\n".join(line.rstrip() for line in shown.stdout.strip().splitlines())


if __name__ == "__main__":
    PAGE.write_text(pages(), encoding="utf-8")
