"""The house stays small enough to be read."""

import ast
from pathlib import Path

import pytest

from evolve.config import Config

ROOT = Path(__file__).parents[2]
ROOMS = ("evolve", "fitness", "sandbox", "prompts", "tests")
FILES = [
    path
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
    if "corpus" not in path.relative_to(ROOT).parts
]


def test_the_top_level_holds_the_rooms_and_nothing_else() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    passing = {".git", ".ci", ".venv", "activolve.egg-info", "build", "dist"}
    tools = {name for name in folders if name.endswith("_cache") or name == ".hypothesis"}
    assert folders - passing - tools == {*ROOMS, "docs", "runs"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_fits_a_reader(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (node.end_lineno or 0) - body[0].lineno if body else 0
            assert lines < 40, node.name


def test_the_settings_fit_a_page() -> None:
    tables = [type(table) for _, table in Config()]
    assert sum(len(table.model_fields) for table in tables) <= 60


def test_every_setting_says_what_it_means() -> None:
    for _, table in Config():
        for name, field in type(table).model_fields.items():
            assert field.description, name


def test_only_one_file_imports_each_outside_service() -> None:
    importers: dict[str, list[str]] = {"ray": [], "litellm": [], "openai": []}
    for path in FILES:
        if path.is_relative_to(ROOT / "tests"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                if (top := name.split(".")[0]) in importers:
                    importers[top].append(str(path.relative_to(ROOT)))
    assert {top: sorted(set(paths)) for top, paths in importers.items()} == {
        "ray": ["evolve/evaluators/ray.py"],
        "litellm": ["evolve/models/litellm.py"],
        "openai": ["evolve/models/openai.py"],
    }
