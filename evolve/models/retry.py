"""The one retry policy: a few attempts, growing waits with jitter, the server's wish first."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import tenacity

from evolve.errors import ModelError
from evolve.models.faults import Busy
from evolve.records import Call


@dataclass(frozen=True)
class Retry:
    """Asks again while the fault is one that may pass.

    Attributes:
        attempts: how often at most, the first time included.
        longest_seconds: a server that asks for a longer pause is given up at once.
        sleep: how to wait; tests hand in a way that does not.
    """

    attempts: int = 5
    longest_seconds: float = 60.0
    sleep: Callable[[float], None] = time.sleep

    def __call__(self, ask: Callable[[], Call]) -> Call:
        """The first answer of `ask`.

        Raises:
            ModelError: none came, or none ever will.
        """
        policy = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.attempts),
            retry=tenacity.retry_if_exception(self._may_pass),
            wait=self._pause,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            call = policy(ask)
            return replace(call, retries=policy.statistics["attempt_number"] - 1)
        except Busy as busy:
            made = policy.statistics["attempt_number"]
            wish = f"; it asks for {busy.after_seconds:g} s" if busy.after_seconds else ""
            raise ModelError(f"{busy} (given up after {made} attempts{wish})") from busy

    def _may_pass(self, error: BaseException) -> bool:
        return isinstance(error, Busy) and (error.after_seconds or 0.0) <= self.longest_seconds

    def _pause(self, state: tenacity.RetryCallState) -> float:
        growing = tenacity.wait_random_exponential(multiplier=1.0, min=0.5, max=20.0)(state)
        busy = state.outcome.exception() if state.outcome else None
        wish = busy.after_seconds if isinstance(busy, Busy) else None
        # Jitter above the server's wish, so that waiting samplers do not all return at once.
        return growing if wish is None else wish + min(growing, 1.0)
