"""Records whose words are hostile: markup, escapes, marks that turn lines around, and length."""

from dataclasses import dataclass

import sandbox
from evolve.records import Admission, Call, Evaluation, Message, Outcome, Program, Record


@dataclass(frozen=True)
class Words:
    markup: str = "<script>window.owned=1</script><img src=x onerror='window.owned=1'>[red]</b>"
    escapes: str = "\x1b[2J\x1b]0;owned\x07\x9b31m\r"
    turned: str = "\u202egnp.exe\u2066\u200b"

    @property
    def all(self) -> str:
        return f"{self.markup}{self.escapes}{self.turned}{'a' * 1_000_000}"


HOSTILE = Words()
SOURCE = "import torch\n\ndef activation(x):\n    return x + torch.sin(x) ** 2\n"


def admitted() -> Admission:
    found = sandbox.admit(SOURCE)
    assert isinstance(found, sandbox.Admission)
    return Admission(
        found.canonical, found.graph.to_json(), found.fingerprint, found.cost.flops,
        found.cost.transcendentals, found.cost.parameters, found.traits.numbers(),
    )  # fmt: skip


def family(count: int, *, hostile: bool = True) -> list[Record]:
    """A tree of programs, each a child of the one with half its number; the words are hostile."""
    admission, words = admitted(), HOSTILE.all if hostile else "a note"
    gains = {f"task{k}/{shift}": 0.01 * k for k in range(8) for shift in ("none", "far")}
    scores = dict.fromkeys(gains, 0.5)
    call = Call("model" + words[:200], (Message("user", words),), 0, words, 3, 0.1, 1.0)
    made = []
    for number in range(count):
        fitness = 0.1 - 1 / (number + 2)
        evaluation = Evaluation(
            fitness, (fitness - 0.1, fitness + 0.1), gains, scores, 0.0, narrow=False, seeds=2
        )
        special = hostile and number % 10 == 1
        made.append(
            Record(
                number, "gp" if number % 2 else "llm", number % 3, Outcome.SCORED,
                parents=(name_of(number // 2),) if number else (),
                note=words if special else "a note",
                program=Program(name_of(number), words if special else SOURCE),
                admission=admission, evaluation=evaluation, clock=float(number),
                calls=(call,) if special else (),
            )
        )  # fmt: skip
    return made


def name_of(number: int) -> str:
    return f"{number:010d}00"
