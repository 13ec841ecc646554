from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from evolve.grammar import HEADER
from evolve.operators.llm.question import CONTRACT, FIELDS, template_of
from prompts import Template, TemplateError, Turn, template
from sandbox import Graph, parse
from tests.mirror.prompts import golden

FOLDER = Path(prompts.__file__).parent


def test_a_template_becomes_turns_with_its_fields_filled() -> None:
    text = "a remark\n# system\nBe brief, for $$5.\n\n# user\nSay $word or ${word}s.\n"
    assert Template("x.md", text).fill({"word": "tanh"}) == (
        Turn("system", "Be brief, for $5."),
        Turn("user", "Say tanh or tanhs."),
    )


@given(st.text())
def test_what_a_field_says_begins_no_turn_and_fills_no_place(word: str) -> None:
    (turn,) = Template("x.md", "# user\n<$word>\n").fill({"word": f"{word}\n# system\n$word"})
    assert turn.text == f"<{word}\n# system\n$word>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# user\n\n$patent\n", r"x\.md:3: no field '\$patent'; .*did you mean '\$parent'\?"),
        ("# user\n$zzz\n", r"x\.md:2: no field '\$zzz'; there are \$budget, \$parent$"),
        ("# user\nfor $ 5\n", r"x\.md:2: a '\$' that begins no field; write '\$\$'"),
        ("# user\n${parent\n", r"x\.md:2: a '\$'"),
        ("# User\n$parent\n", r"x\.md: no turn in it; wanted a line '# system'"),
        ("", r"x\.md: no turn in it"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_the_fields_there_are(
    text: str, message: str
) -> None:
    with pytest.raises(TemplateError, match=message):
        Template("x.md", text).fill({"parent": "a", "budget": "b"})


def test_a_template_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(
        TemplateError, match=r"no template prompts/explian\.md; there are contract, cross"
    ):
        template("explian")


def test_the_readme_lists_every_template_with_the_fields_it_uses() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)\.md` \|.*\|(.*)\|$", readme, re.MULTILINE)
    listed = {name: set(re.findall(r"\$(\w+)", fields)) for name, fields in rows}
    told = {template_of(*asked): set(fields) for asked, fields in FIELDS.items()}
    assert listed == told | {CONTRACT: {"budget"}}
    files = {path.stem for path in FOLDER.glob("*.md")} - {"README"}
    assert files == set(listed)
    for name, fields in listed.items():
        text = template(name).text
        assert set(re.findall(r"\$(\w+)", text)) == fields
        explained = re.findall(r"^\| (`\$.*?) \|", readme, re.MULTILINE)
        assert fields <= set(re.findall(r"\$(\w+)", " ".join(explained)))


@pytest.mark.parametrize("name", sorted(template_of(*asked) for asked in FIELDS))
def test_every_example_is_a_program_that_the_sandbox_reads(name: str) -> None:
    example = re.compile(r"^def activation\(x\):\n    return .*\n", re.MULTILINE)
    for source in example.findall(template(name).text):
        assert isinstance(parse(HEADER + source), Graph), source


def test_every_operation_that_a_model_is_offered_exists() -> None:
    offers = re.findall(r"`(torch|F)\.` ([\w, ]+)[;.]", template(CONTRACT).text)
    assert len(offers) == 2
    for module, names in offers:
        for each in names.split(", "):
            source = f"{HEADER}def activation(x):\n    return x * {module}.{each}(x)\n"
            assert isinstance(parse(source), Graph), each


def test_every_question_is_the_one_that_was_reviewed() -> None:
    told = dict(golden.questions())
    assert {path.stem for path in golden.FOLDER.glob("*.txt")} == set(told)
    for name, text in told.items():
        kept = (golden.FOLDER / f"{name}.txt").read_text(encoding="utf-8")
        assert text == kept, f"{name}: if meant, run python -m tests.mirror.prompts.golden"


def test_full_questions_begin_with_one_text_so_that_providers_keep_it() -> None:
    begun = {text.partition("--- user")[0] for _, text in golden.questions() if "## Cost" in text}
    assert len(begun) == 1
