"""Every error that this package raises on purpose.

EvolveError             one line: the thing, the value seen, what was wanted, the next move
├── ConfigError         the settings name something that does not exist, or a value that cannot be
├── RunError            a run's folder is missing, taken, damaged, or not to be written
├── ModelError          a language model cannot be had: no such name, no weights, no key
│   └── Unanswered      it was asked, and gave no answer; becomes a record, never a crash
├── Paused              a run cannot go on for now; nothing is lost, and it can be gone on with
└── NoProposal          an operator produced nothing usable; becomes a record, never a crash
"""

from evolve.records import Call


class EvolveError(Exception):
    """Base of the tree above."""


class ConfigError(EvolveError):
    """The settings name something that does not exist, or a value that cannot be."""


class RunError(EvolveError):
    """A run's folder is missing, taken, damaged, or not to be written."""


class ModelError(EvolveError):
    """A language model cannot be had: no such name, no weights, no key, no answer."""


class Unanswered(ModelError):  # noqa: N818  (an outcome: it becomes a record)
    """A language model was asked and gave no answer; its message says why, and what to do.

    Attributes:
        calls: what was asked, the unanswered question last.
    """

    def __init__(self, why: str, calls: tuple[Call, ...]) -> None:
        super().__init__(why)
        self.calls = calls


class Paused(EvolveError):  # noqa: N818  (not a fault of the run's)
    """A run cannot go on for now: none of its models answers; its message says why."""


class NoProposal(EvolveError):  # noqa: N818  (an answer, not a fault: it becomes a record)
    """An operator produced nothing usable; its message says why.

    Attributes:
        calls: what was asked of models all the same; they cost money and belong in the ledger.
        note: what is of use all the same, as a proposal's note: a digest whose code is missing.
    """

    def __init__(self, why: str, calls: tuple[Call, ...] = (), note: str = "") -> None:
        super().__init__(why)
        self.calls = calls
        self.note = note
