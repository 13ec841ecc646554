"""The command line answers at once: heavy libraries are imported where they are used."""

import subprocess
import sys

import pytest

HEAVY = (
    "torch",
    "ray",
    "litellm",
    "openai",
    "numpy",
    "scipy",
    "sympy",
    "pydantic",
    "polars",
    "sklearn",
)


def imported_by(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*sys.modules)"
    answer = subprocess.run(  # noqa: S603  (our own statement)
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(answer.stdout.split())


def test_the_command_line_imports_nothing_heavy() -> None:
    assert not imported_by("import evolve.cli") & set(HEAVY)


@pytest.mark.parametrize("module", ["sandbox", "fitness", "evolve.build", "evolve.loop"])
def test_the_driver_never_imports_torch(module: str) -> None:
    assert "torch" not in imported_by(f"import {module}")


def test_what_scores_imports_no_statistics_that_it_does_not_need() -> None:
    assert "scipy.stats" not in imported_by("import evolve.evaluators.measurer")


def test_a_search_does_not_wait_for_what_its_model_is_asked_through() -> None:
    assert "openai" not in imported_by("import evolve.models.local")


def test_a_suite_without_tables_imports_nothing_that_reads_them() -> None:
    known = imported_by("from fitness.suites import select; select()")
    assert not {"polars", "sklearn", "torch"} & known


def test_the_process_that_trains_cannot_know_the_answers() -> None:
    known = imported_by("import evolve.evaluators.locked")
    assert not [name for name in known if name.startswith(("fitness.tasks", "fitness.exam"))]
    assert not {"fitness.suites", "fitness.losses", "fitness.judgement"} & known
