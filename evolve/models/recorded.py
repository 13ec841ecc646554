"""A model that answers from memory: the same question gets the reply it got before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evolve.calls import FREE, Price
from evolve.errors import ModelError
from evolve.records import Call, Message


class RecordedModel:
    """Replays `calls`, found by model, messages and seed; costs what they cost.

    Args:
        name: of the model whose calls are replayed.
        calls: of any models, e.g. all that a ledger holds.
        grammars: as the recorded model; operators may phrase their question by it.
    """

    def __init__(self, name: str, calls: Iterable[Call], *, grammars: bool = False) -> None:
        self._name = name
        self._grammars = grammars
        self._calls = {(each.messages, each.seed): each for each in calls if each.model == name}

    @property
    def name(self) -> str:
        """The recorded model's own name."""
        return self._name

    @property
    def grammars(self) -> bool:
        """Whether the recorded model could be held to a grammar."""
        return self._grammars

    @property
    def price(self) -> Price | None:
        """Nothing: it only remembers."""
        return FREE

    def complete(
        self, messages: Sequence[Message], *, seed: int, grammar: str | None = None
    ) -> Call:
        """The recorded call, unchanged: reply, tokens, dollars and seconds.

        Raises:
            ModelError: nobody asked this before.
        """
        call = self._calls.get((tuple(messages), seed))
        if call is None:
            last = messages[-1].content if messages else ""
            raise ModelError(
                f"{self._name}: none of {len(self._calls)} recorded calls has seed {seed} and "
                f"these messages (the last one ends {last[-40:]!r}); ask the model itself, "
                "or replay the run that was recorded"
            )
        return call

    def close(self) -> None:
        """Nothing was started."""
