"""A mistake of the user's is one clear line, exit code 2, and leaves nothing behind."""

from pathlib import Path

import pytest

from tests.stories.conftest import Evolve

BLIND = ("--operators", "random")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["run", "--model", "local:nonesuch"], "nonesuch"),
        (["run", "--model", "local:missing.gguf"], "missing.gguf"),
        (["run", "--model", "nobody/nothing"], "nobody"),
        (["run", "--model", "openai/gpt-5"], "OPENAI_API_KEY"),
        (["run", "--model", "m", "--base-url", "not a url"], "not a url"),
        (["run", "--model", "m@http://"], "not a web address"),
        (["run", "--model", "local:hub:owner"], "hub:OWNER/REPOSITORY/FILE.gguf"),
        (["run", "--set", "model.options={api_key='sk-1'}"], "from a file .env"),
        (["run", "--set", "model.tells=['everything']"], "tells"),
        (["run", "--operators", "llm-simplfy"], "did you mean 'llm-simplify'?"),
        (["run", "--dry-run", "--operators", "magic"], "there is no 'magic'"),
        (["prompt", "nothing", "3"], "nothing"),
        (["explain", "nothing", "abc"], "nothing"),
        (["models", "missing.toml"], "missing.toml"),
        (["run", *BLIND, "--budget", "evaluations=0"], "evaluations"),
        (["run", *BLIND, "--budget", "evaluations"], "evaluations"),
        (["run", *BLIND, "--set", "fitness.suite=lap"], "lab"),
        (["run", *BLIND, "--set", "fitness.split=test"], "evolve test"),
        (["run", *BLIND, "--set", "search.founders=['Gelo']"], "GELU"),
        (["run", "--operators", "magic"], "there is no 'magic'"),
        (["run", "--operators", "gp,pangea"], "did you mean 'pangaea'?"),
        (["run", *BLIND, "--set", "search.weights=[1, 2]"], "wanted one for each"),
        (["run", *BLIND, "--set", "search.weights=[-1.0]"], "wanted numbers from 0 on"),
        (["run", *BLIND, "--set", "search.weights=[0]"], "wanted one above 0"),
        (["run", *BLIND, "--set", "search.screen=0"], "screen"),
        (["run", *BLIND, "--address", "nonsense"], "HOST:PORT"),
        (["run", *BLIND, "--address", "127.0.0.1:1"], "does not answer"),
        (["run", *BLIND, "--address", "127.0.0.1:99999"], "does not answer"),
        (["run", *BLIND, "--workers", "2", "--set", "evaluators.kind=serial"], "one worker"),
        (["run", *BLIND, "--workers", "2", "--set", "evaluators.memory_gb=5000"], "no node has"),
        (["run", *BLIND, "--set", "search.control_share=2"], "control_share"),
        (["compare", "--operators", "gp"], "want two or more"),
        (["compare", "--operators", "gp,randm"], "did you mean 'random'?"),
        (["compare", "--budget", "evaluations"], "evaluations"),
        (["compare", "--operators", "gp,random", "--runs", "/proc/nowhere"], "/proc/nowhere"),
        (["run", *BLIND, "--set", "database.island=3"], "did you mean 'islands'"),
        (["run", *BLIND, "--set", "fitness.steps=5"], "warm_up"),
        (["run", *BLIND, "--runs", "/proc/nowhere"], "/proc/nowhere"),
        (["run", *BLIND, "--name", "a/b"], "a/b"),
        (["run", "missing.toml"], "missing.toml"),
        (["resume", "nothing"], "nothing"),
        (["show", "nothing"], "nothing"),
        (["lineage", "nothing", "abc"], "nothing"),
        (["check", "missing.py"], "missing.py"),
        (["check", "."], "folder"),
        (["measure", "Gelo"], "GELU"),
        (["measure", "missing.py"], "missing.py"),
        (["measure", "GELU", "--suite", "lap"], "lab"),
        (["measure", "GELU", "--split", "vald"], "valid"),
        (["measure", "GELU", "--split", "test"], "locked"),
        (["measure", "GELU", "--plot", "picture.pdf"], ".png"),
        (["measure", "GELU", "--plot", "nowhere/picture.png"], "nowhere"),
        (["fit", "xnett", "--data", "t.csv", "--target", "y"], "did you mean 'xnet'?"),
        (["fit", "xnet", "--data", "missing.csv", "--target", "y"], "missing.csv"),
        (["fit", "xnet", "--data", "t.csv", "--target", "y", "--epochs", "3"], "no option of xnet"),
        (["fit", "xnet", "--data", "t.csv", "--target", "y", "--symbols", "gamma"], "gamma"),
        (
            ["fit", "symbolnet", "--data", "t.csv", "--target", "y", "--sparsity", "all"],
            "name=share",
        ),
        (
            ["fit", "symbolnet", "--data", "t.csv", "--target", "y", "--device", "tpu"],
            "cpu or cuda",
        ),
        (["run", "--set", "fitness.device=cuda", "--workers", "2"], "gpus_per_worker"),
        (["tasks", "mul"], "mul2"),
        (["tasks", "--suite", "lap"], "lab"),
        (["tasks", "--plot", "picture.png"], "name it"),
        (["test", "nothing"], "nothing"),
        (["init", "/proc/nowhere/evolve.toml"], "/proc/nowhere"),
    ],
)
def test_a_mistake_is_one_line(
    evolve: Evolve, tmp_path: Path, words: list[str], complaint: str
) -> None:
    told = evolve(*words, OPENAI_API_KEY="")
    assert told.returncode == 2, told.stderr
    assert told.stderr.startswith("error: ")
    assert told.stderr.count("\n") == 1
    assert complaint in told.stderr
    assert "sk-1" not in told.stderr
    assert not list(tmp_path.glob("runs/*"))


def test_a_malformed_file_is_named_with_its_line(evolve: Evolve, tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text("[search]\nseed = 1\n[databse]\nislands = 2\n")
    told = evolve("run", "run.toml")
    assert told.returncode == 2
    assert told.stderr.startswith("error: run.toml:3: [databse]")


def test_a_run_name_that_exists_is_refused_and_the_run_left_alone(
    evolve: Evolve, tmp_path: Path
) -> None:
    (tmp_path / "runs" / "mine").mkdir(parents=True)
    told = evolve("run", *BLIND, "--name", "mine")
    assert told.returncode == 2
    assert "exists already" in told.stderr
    assert list((tmp_path / "runs" / "mine").iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"x = 1\n" * 300_000])
def test_a_file_that_is_no_program_is_named(evolve: Evolve, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wrong.py").write_bytes(content)
    told = evolve("check", "wrong.py")
    assert told.returncode == 2
    assert told.stderr.startswith("error: wrong.py: ")


def test_a_run_does_not_go_on_with_other_operators_than_it_was_begun_with(
    evolve: Evolve, tmp_path: Path
) -> None:
    quick = ("--set", "fitness.steps=21", "--set", "fitness.seeds=1", "--budget", "evaluations=2")
    assert evolve("run", *BLIND, *quick, "--name", "mine").returncode == 0
    settings = tmp_path / "runs" / "mine" / "settings.toml"
    text = settings.read_text()
    settings.write_text(text.replace('operators = ["random"]', 'operators = ["gp"]'))
    told = evolve("resume", "mine", "--budget", "evaluations=4")
    assert told.returncode == 2
    assert told.stderr.startswith("error: ")
    assert "search.operators: ['random'] -> ['gp']" in told.stderr
    assert told.stderr.count("\n") == 1
    settings.write_text(text)
    assert evolve("resume", "mine", "--budget", "evaluations=4").returncode == 0
