import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbox
from evolve.errors import ConfigError, EvolveError
from evolve.export import FORMS, Origin, write
from evolve.export.proof import TOLERANCES, differences, prove
from evolve.records import Admission, Evaluation, Outcome, Program, Record
from sandbox import Graph

BENIGN = sorted((Path(__file__).parents[3] / "corpus" / "benign").glob("*.py"))
NEEDS = {"jax": "jax", "keras": "keras", "onnx": "onnxruntime"}
PIECES = (
    "relu6(x) + F.hardswish(x) + F.hardsigmoid(x) + F.selu(x) + F.celu(x, alpha=0.5)",
    "elu(x) + F.softplus(x, beta=2.0) + F.logsigmoid(x) + F.hardtanh(x) + F.softshrink(x)",
    "hardshrink(x) + F.leaky_relu(x) + F.threshold(x, 0.1, 2.0) + F.tanhshrink(x)",
    "silu(torch.clamp(x, min=-1.0, max=b)) + torch.sinc(x) + torch.asinh(x) + torch.exp2(-x * x)",
    "gelu(x, approximate='tanh') + torch.logaddexp(x, b * x) + torch.hypot(x, b + x * x)",
    "softsign(x) + torch.rsqrt(1 + x * x) + torch.log1p(torch.abs(b * x)) + torch.erfc(x)",
)


def origin_of(source: str, name: str = "0123456789ab") -> Origin:
    verdict = sandbox.admit(source, sandbox.CostBudget(10_000, 500, 8))
    assert isinstance(verdict, sandbox.Admission), verdict
    admission = Admission(
        verdict.canonical, verdict.graph.to_json(), verdict.fingerprint, verdict.cost.flops,
        verdict.cost.transcendentals, verdict.cost.parameters, verdict.traits.numbers(),
    )  # fmt: skip
    record = Record(3, "gp", 0, Outcome.SCORED, program=Program(name, source), admission=admission)
    measured = Evaluation(0.12, (0.01, 0.2), {}, {}, 0.0, narrow=False, seeds=3)
    return Origin("one", record, admission, Graph.from_json(admission.graph), (measured,))


def origins() -> Iterator[Origin]:
    for path in BENIGN:
        yield origin_of(path.read_text(encoding="utf-8"))
    for body in PIECES:
        yield origin_of(
            f"import torch\nimport torch.nn.functional as F\ndef activation(x, b=0.7):\n"
            f"    return F.{body}\n"
        )


@pytest.mark.parametrize("form", TOLERANCES)
def test_every_benign_program_is_the_same_function_in_every_form(form: str, tmp_path: Path) -> None:
    if form in NEEDS and importlib.util.find_spec(NEEDS[form]) is None:
        pytest.skip(f"{form} needs {NEEDS[form]}: pip install 'activolve[export]'")
    ending, writer = FORMS[form]
    graphs = {}
    for number, origin in enumerate(origins()):
        path = tmp_path / f"p{number}{ending}"
        written = writer(origin)
        path.write_bytes(written if isinstance(written, bytes) else written.encode())
        graphs[path] = origin.graph
    found = differences(form, graphs)
    wrong = {p.name: d for p, d in zip(graphs, found, strict=True) if not d <= TOLERANCES[form]}
    assert not wrong


def test_a_file_that_is_not_the_function_is_never_written(tmp_path: Path) -> None:
    right = origin_of("def activation(x):\n    return x * x\n")
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        str(FORMS["numpy"][1](origin_of("def activation(x):\n    return x * x * 2\n")))
    )
    with pytest.raises(EvolveError, match=r"differs from the function by 1, more than 1e-12"):
        prove("numpy", wrong, right.graph)
    wrong.write_text("def activation(x):\n    raise OSError('no such luck')\n")
    with pytest.raises(EvolveError, match=r"could not be checked here .OSError: no such luck"):
        prove("numpy", wrong, right.graph)


def test_parameters_may_have_names_that_libraries_use(tmp_path: Path) -> None:
    names = ("half", "training", "np", "t1", "nn", "super", "forward")
    arguments = ", ".join(f"{name}={0.1 * (k + 1):.1f}" for k, name in enumerate(names))
    source = f"def activation(x, {arguments}):\n    return x * ({' + '.join(names)}) * x + half\n"
    for form in ("torch", "numpy"):
        path, difference = write(origin_of(source), form, tmp_path / f"{form}.py")
        assert path.exists()
        assert difference is not None


def test_nothing_is_overwritten_and_an_unknown_form_names_those_there_are(tmp_path: Path) -> None:
    origin = origin_of("def activation(x):\n    return x * x\n")
    (tmp_path / "a.tex").write_text("mine")
    with pytest.raises(ConfigError, match=r"exists already; --out"):
        write(origin, "latex", tmp_path / "a.tex")
    with pytest.raises(ConfigError, match=r"there are torch, onnx, jax"):
        write(origin, "tensorflow")
    with pytest.raises(ConfigError, match="cannot be written"):
        write(origin, "latex", tmp_path / "nowhere" / "a.tex")
    assert (tmp_path / "a.tex").read_text() == "mine"


def test_what_others_wrote_cannot_end_the_docstring() -> None:
    origin = origin_of("def activation(x):\n    return x * x\n")
    hostile = '"""\nimport os\n\\'
    record = Record(3, hostile, 0, Outcome.SCORED, program=Program(hostile, ""))
    told = "\n".join(Origin(hostile, record, origin.admission, origin.graph, ()).told())
    assert not set('"\\') & set(told)
    assert told.isascii()
    assert not any(line.startswith("import") for line in told.splitlines())


def test_a_library_that_lacks_an_operation_is_said_to(tmp_path: Path) -> None:
    origin = origin_of("import torch\ndef activation(x):\n    return x * torch.special.i0e(x)\n")
    with pytest.raises(EvolveError, match="Keras has no i0e, which this function needs"):
        write(origin, "keras", tmp_path / "a.py")
