"""A model that is not asked twice: what another run paid for is answered from memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from evolve.calls import Price, request
from evolve.errors import Unanswered
from evolve.protocols import Model
from evolve.records import Call, Message


class Remembering:
    """Asks `model` only what `recall`, a function of the request's hash, has no answer to.

    Many threads may ask at once; `recall` is called by one of them at a time.
    """

    def __init__(self, model: Model, recall: Callable[[str], Call | None]) -> None:
        self._model = model
        self._recall = recall
        self._turn = Lock()

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    @property
    def grammars(self) -> bool:
        """Whether the model can be held to a grammar."""
        return self._model.grammars

    @property
    def price(self) -> Price | None:
        """What the model charges."""
        return self._model.price

    def complete(
        self, messages: Sequence[Message], *, seed: int, grammar: str | None = None
    ) -> Call:
        """The kept reply, which costs nothing, or the model's.

        Raises:
            Unanswered: the model gave no answer, now or when it was asked before.
            ModelError: the model cannot be asked.
        """
        with self._turn:
            kept = self._recall(request(self.name, messages, seed))
        if kept and kept.failure:
            raise Unanswered(kept.failure, (kept,))
        return kept or self._model.complete(messages, seed=seed, grammar=grammar)

    def close(self) -> None:
        """Closes the model."""
        self._model.close()
