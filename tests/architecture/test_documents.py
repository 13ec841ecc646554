"""What the documents say is what happens."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evolve.cli import app
from tests.architecture.help_pages import PAGE, pages, verbs

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *ROOT.glob("*/README.md"),
    *ROOT.glob("evolve/*/README.md"),
]


def commands(text: str) -> list[str]:
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("evolve ")]


def test_the_help_in_the_docs_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == pages(), (
        "run: python -m tests.architecture.help_pages"
    )


@pytest.mark.parametrize("command", sorted({c for d in DOCUMENTS for c in commands(d.read_text())}))
def test_every_command_in_the_documents_is_understood(command: str) -> None:
    words = shlex.split(command)[1:]
    verb = next((each for each in verbs() if words[: len(each)] == [*each]), tuple(words[:1]))
    options = {word.partition("=")[0] for word in words if word.startswith("-")}
    shown = CliRunner().invoke(app, [*verb, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert shown.exit_code == 0, verb
    assert all(option in shown.stdout for option in options), options


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
