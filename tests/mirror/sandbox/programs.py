"""What several tests of the sandbox share: the corpus, and random graphs for hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from sandbox import Graph
from sandbox.building import Builder, X
from sandbox.operations import FUSED, OPERATIONS
from sandbox.refusal import Refused

CORPUS = Path(__file__).parents[2] / "corpus"
POINTWISE = [
    each for each in OPERATIONS.values() if each.scope == "pointwise" and each.name not in FUSED
]
CONSTANTS = st.floats(-8, 8).map(lambda value: round(value, 3))


@dataclass(frozen=True)
class Program:
    """A file of the corpus: `# EXPECT: reject CODE | RAW: TAG` or `# EXPECT: pass flops<=N`."""

    name: str
    source: str
    expected: str

    @classmethod
    def read(cls, path: Path) -> Program:
        source = path.read_bytes().decode("utf-8", "replace")
        first = source.split("\n", 1)[0].removeprefix("# EXPECT:").split("|")[0]
        return cls(path.stem, source, first.split()[-1].removeprefix("flops<="))


HOSTILE = [Program.read(path) for path in sorted((CORPUS / "hostile").glob("*.py"))]
BENIGN = [Program.read(path) for path in sorted((CORPUS / "benign").glob("*.py"))]


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> Graph:
    """Graphs of a few random operations on x, two parameters and constants."""
    builder = Builder()
    floats = [X, builder.parameter("alpha", draw(CONSTANTS)), builder.parameter("b", 1.0)]
    floats += [builder.constant(draw(CONSTANTS)) for _ in range(2)]
    masks = [builder.add("gt", X, floats[1])]
    for _ in range(draw(st.integers(1, most))):
        operation = draw(st.sampled_from(POINTWISE))
        pools = {"f": [*floats[-6:], X], "m": masks[-3:]}
        inputs = [draw(st.sampled_from(pools[kind])) for kind in operation.takes]
        if operation.takes == "ff" and all(builder.value(each) is not None for each in inputs):
            inputs[0] = X  # two constants would be folded, or compared, before they are a node
        defaults = [value for _, value in operation.attributes]
        try:
            number = builder.add(operation.name, *inputs, attributes=defaults)
        except Refused:
            continue
        (floats if operation.gives == "f" else masks).append(number)
    return builder.finish(floats[-1] if floats[-1] != X else builder.add("sin", X))
