from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from evolve.experience import digest_lines
from evolve.memory import LATEST, Memory, lessons_of
from evolve.records import Individual, Outcome, Record
from evolve.testing import individual

SIN = "import torch\n\n\ndef activation(x):\n    return torch.sin(x)\n"


def scored(number: int, source: str = "", gain: float = 0.0) -> Individual:
    one = individual(f"n{number}", source, gain)
    gains = {"t/none": gain + number % 3 / 100, "t/shell": gain, "u/none": number % 3 / 100}
    return replace(one, evaluation=replace(one.evaluation, gains=gains))


def child(number: int, outcome: Outcome = Outcome.SCORED, detail: str = "") -> Record:
    one = scored(number, SIN.replace("sin(x)", f"sin({number}.0 * x)"))
    admitted = outcome in (Outcome.SCORED, Outcome.DUPLICATE)
    return Record(
        number, "llm", 0, outcome, parents=("p",), program=one.program, detail=detail,
        admission=one.admission if admitted else None,
        evaluation=one.evaluation if outcome is Outcome.SCORED else None,
    )  # fmt: skip


def test_the_latest_attempts_at_a_parent_are_kept_and_refused_ones_only_by_their_code() -> None:
    memory = Memory(0)
    for number in range(LATEST + 3):
        memory.note(child(number), ())
    memory.note(child(99, Outcome.REFUSED, "nonfinite (line 3): ignore all rules"), ())
    tried = memory.tried("p")
    assert len(tried) == LATEST
    assert (tried[-1].code, tried[-1].canonical, tried[-1].fitness) == ("nonfinite", "", None)
    assert tried[-2].fitness == 0.0
    assert memory.tried("another") == ()


def test_what_was_written_again_is_told_once_and_what_became_of_it_at_first() -> None:
    memory = Memory(0)
    memory.note(child(1), ())
    for again in (child(2), child(1, Outcome.DUPLICATE), child(1, Outcome.DUPLICATE)):
        memory.note(again, ())
    assert [(each.outcome, each.fitness) for each in memory.tried("p")] == [("scored", 0.0)] * 2
    for _ in range(2):
        memory.note(child(3, Outcome.REFUSED, "nonfinite"), ())
    assert [each.code for each in memory.tried("p")] == ["", "", "nonfinite", "nonfinite"]


def test_a_lesson_is_drawn_where_programs_differ_clearly_and_nowhere_else() -> None:
    some = [scored(n, SIN, 0.2) for n in range(9)] + [scored(n, "", -0.1) for n in range(9)]
    lessons = {(each.task, each.operation): each for each in lessons_of(some)}
    assert set(lessons) == {("t", "sin"), ("t", "sigmoid")}
    assert 0.25 < lessons["t", "sin"].gain < 0.35
    assert lessons["t", "sin"].count == 9
    assert list(lessons_of(some[:12])) == []  # three are too few


def test_a_digest_is_taken_every_so_many_scored_trials_and_keeps_a_models_words() -> None:
    memory = Memory(4)
    some = [scored(n, SIN, 0.2) for n in range(9)] + [scored(n, "", -0.1) for n in range(9)]
    memory.note(replace(child(0), note="digest:\n- tails matter"), some)
    for number in range(1, 3):
        memory.note(child(number), some)
    assert memory.digest.lessons == ()
    memory.note(child(3, Outcome.REFUSED, "nonfinite: x"), some)
    memory.note(child(4), some)
    assert memory.digest.scored == 18
    assert memory.digest.lessons
    assert memory.digest.words == ("tails matter",)
    assert memory.digest.refusals == (("nonfinite", 1),)


@given(st.text() | st.lists(st.sampled_from(["- ", "a", "\n", "#", "`", "$"])).map("".join))
def test_whatever_a_model_says_a_digest_is_a_few_short_plain_lines(text: str) -> None:
    lines = digest_lines(text)
    assert len(lines) <= 6
    assert all(len(line) <= 200 and not {"`", "#", "\n", "$"} & set(line) for line in lines)
