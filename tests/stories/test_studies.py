"""Studies by their commands."""

from tests.stories.conftest import Evolve


def test_studies_are_listed_and_a_misspelt_one_is_named(evolve: Evolve) -> None:
    told = evolve("study", "list")
    assert "generalisation" in told.stdout
    assert "higgs" in told.stdout
    wrong = evolve("study", "run", "simmetry")
    assert (wrong.returncode, wrong.stderr) == (
        2, "error: there is no study 'simmetry'; did you mean 'symmetry'?\n",
    )  # fmt: skip
    wrong = evolve("study", "run", "transfer", "--data", "higgs")
    assert wrong.returncode == 2
    assert wrong.stderr == "error: --data 'higgs': wanted NAME=FILE or NAME=openml:ID\n"
    wrong = evolve("study", "run", "symmetry", "transfer", "--data", "birds=none.csv")
    assert wrong.returncode == 2
    assert "no such table is taken, but: cells, digits, higgs" in wrong.stderr
    wrong = evolve("study", "run", "transfer", "--data", "higgs=none.csv")
    assert (wrong.returncode, wrong.stderr) == (
        2, "error: none.csv cannot be read: No such file or directory\n",
    )  # fmt: skip
