"""Who becomes a finalist's candidate, by a rule that chance cannot bend."""

from dataclasses import replace

from evolve.config import Config
from evolve.finals.contestants import SHORTLISTED, champions, shortlist
from evolve.records import Outcome, Record
from evolve.testing import individual


def scored(step: int, operator: str, fitness: float, place: float = 0.1) -> Record:
    """A trial of its own niche, whose program is called p and its step."""
    one = individual(f"p{step:02}", fitness=fitness)
    admission = replace(one.admission, flops=100 * place)  # a share of the FLOP budget
    return Record(
        step=step,
        operator=operator,
        island=0,
        outcome=Outcome.SCORED,
        program=one.program,
        admission=admission,
        evaluation=one.evaluation,
    )


def again(step: int, of: Record, fitness: float, seeds: int = 8) -> Record:
    """The program of a record, measured on fresh seeds."""
    assert of.evaluation is not None
    evaluation = replace(of.evaluation, fitness=fitness, seeds=seeds, round=1)
    return replace(of, step=step, operator="promotion", evaluation=evaluation, round=1)


def names(records: list[Record]) -> list[str]:
    return [each.id[:3] for each in shortlist(records, Config())]


def test_founders_are_no_finalists() -> None:
    assert names([scored(0, "founders", 0.3), scored(1, "gp", 0.1, 0.5)]) == ["p01"]


def test_what_fresh_seeds_confirm_goes_before_what_looks_better() -> None:
    lucky, sound = scored(0, "gp", 0.30, 0.1), scored(1, "gp", 0.25, 0.5)
    records = [lucky, sound, scored(2, "gp", -0.5, 0.9)]
    assert names(records)[:2] == ["p00", "p01"]
    assert names([*records, again(3, lucky, -0.1), again(4, sound, 0.25)])[:2] == ["p01", "p00"]


def test_a_promoted_program_that_lost_its_niche_is_not_forgotten() -> None:
    first = scored(0, "gp", 0.2)
    records = [first, again(1, first, 0.2), scored(2, "gp", 0.3)]
    assert sorted(names(records)) == ["p00", "p02"]


def test_the_shortlist_is_short() -> None:
    many = [scored(step, "gp", 0.01 * step, step / 20) for step in range(20)]
    config = Config.model_validate({"database": {"bins": 30}})
    assert len(shortlist(many, config)) == SHORTLISTED


def test_the_best_of_each_control_operator_takes_part() -> None:
    records = [
        scored(0, "random", -0.2), scored(1, "random", -0.1, 0.5), scored(2, "llm", 0.3, 0.9),
    ]  # fmt: skip
    found = list(champions(records, Config()))
    assert [(each.id[:3], each.role) for each in found] == [("p01", "best random")]
    assert replace(found[0], finalist=True).role == "finalist, best random"
