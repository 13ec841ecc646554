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
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("error: there is no file none.csv; wanted is HIGGS (archive.ics")
    assert "28 columns of numbers and a column 'label' in which 1 counts as 1" in wrong.stderr
    assert wrong.stderr.count("\n") == 1
    wrong = evolve("study", "run", "transfer", "--data", "higgs=none.csv#sha256=42")
    assert (wrong.returncode, wrong.stderr) == (
        2, "error: none.csv#sha256=42: want 12 to 64 digits 0-9a-f after #sha256=\n",
    )  # fmt: skip
