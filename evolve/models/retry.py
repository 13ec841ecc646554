"""The one retry policy: a few attempts, growing waits with jitter, the server's wish first."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import tenacity

from evolve.calls import ENDS
from evolve.errors import ModelError, Unanswered
from evolve.models.faults import Busy
from evolve.models.gate import Gate
from evolve.records import Call


@dataclass(frozen=True)
class Retry:
    """Asks again while the fault is one that may pass; one for each model.

    Attributes:
        attempts: how often at most, the first time included.
        longest_seconds: a server that asks for a longer pause is given up at once.
        sleep: how to wait, if not until the gate opens; tests hand in a way that does not.
        gate: closed for all who ask this model, while one of them waits out a fault.
    """

    attempts: int = 5
    longest_seconds: float = 60.0
    sleep: Callable[[float], object] | None = None
    gate: Gate = field(default_factory=Gate, compare=False)

    def __call__(self, question: Call, ask: Callable[[], Call]) -> Call:
        """The first answer of `ask`, with the attempts that failed before it.

        Args:
            question: the call without its answer: what is kept if none comes.
            ask: one attempt.

        Raises:
            Unanswered: none came; if none ever will, its message ends with ENDS.
        """
        begun = time.monotonic()
        policy = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.attempts),
            retry=tenacity.retry_if_exception(self._may_pass),
            wait=self._pause,
            sleep=lambda _: None,  # the gate is what waits, for everybody
            reraise=True,
        )

        def attempt() -> Call:
            self.gate.wait(self.sleep)
            return ask()

        try:
            call = policy(attempt)
        except ModelError as error:
            made = policy.statistics["attempt_number"]
            why = f"{error}{_given_up(error, made)}"
            seconds = time.monotonic() - begun
            failed = replace(question, failure=why, retries=made - 1, seconds=seconds)
            raise Unanswered(why, (failed,)) from error
        self.gate.open()
        return replace(call, retries=policy.statistics["attempt_number"] - 1)

    def _may_pass(self, error: BaseException) -> bool:
        return isinstance(error, Busy) and (error.after_seconds or 0.0) <= self.longest_seconds

    def _pause(self, state: tenacity.RetryCallState) -> float:
        growing = tenacity.wait_random_exponential(multiplier=1.0, min=0.5, max=20.0)(state)
        busy = state.outcome.exception() if state.outcome else None
        wish = busy.after_seconds if isinstance(busy, Busy) else None
        # Jitter above the server's wish, so that waiting samplers do not all return at once.
        seconds = growing if wish is None else wish + min(growing, 1.0)
        self.gate.close(seconds)
        return seconds


def _given_up(error: ModelError, made: int) -> str:
    if not isinstance(error, Busy):
        return ""
    wish = f"; it asks for {error.after_seconds:g} s" if error.after_seconds else ""
    told = f" (given up after {made} attempt{'s' if made > 1 else ''}{wish})"
    return f"{told}{ENDS}" if made == 1 and wish else told
