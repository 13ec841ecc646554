from evolve.config import FitnessTable
from evolve.evaluators.exams import digest

TABLE = FitnessTable(seeds=2)


def test_a_suite_s_hash_is_that_of_its_data() -> None:
    assert digest(TABLE) == digest(FitnessTable(seeds=2, steps=50))
    assert digest(TABLE) != digest(FitnessTable(seeds=3))
