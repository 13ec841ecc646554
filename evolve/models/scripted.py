"""A model that says what it was told to say: the fake that ships, for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from evolve.calls import FREE, Price
from evolve.errors import ModelError
from evolve.records import Call, Message


class ScriptedModel:
    """Gives `replies` one after another; an endless iterator never runs dry."""

    def __init__(
        self, replies: Iterable[str], *, name: str = "scripted", grammars: bool = False
    ) -> None:
        self._replies = iter(replies)
        self._name = name
        self._grammars = grammars
        self._given = 0
        self._turn = threading.Lock()

    @property
    def name(self) -> str:
        """How people call it."""
        return self._name

    @property
    def grammars(self) -> bool:
        """As it was told; a grammar changes nothing in what it says."""
        return self._grammars

    @property
    def price(self) -> Price | None:
        """Nothing: it only remembers."""
        return FREE

    def complete(
        self, messages: Sequence[Message], *, seed: int, grammar: str | None = None
    ) -> Call:
        """The next reply.

        Raises:
            ModelError: the script is at its end.
        """
        with self._turn:
            reply = next(self._replies, None)
            if reply is None:
                raise ModelError(
                    f"{self._name}: the script ended after {self._given} replies; write more"
                )
            self._given += 1
        return Call(self._name, tuple(messages), seed, reply)

    def close(self) -> None:
        """Nothing was started."""
