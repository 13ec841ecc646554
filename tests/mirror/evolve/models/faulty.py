"""An OpenAI-compatible server on loopback with every fault at once, which keeps its own accounts.

Built on the standard library's server. Models are told apart by their names: `ended-401` and
`ended-404` refuse for good, `broken` never answers, `forced-FAULT` has that one fault; every other
one has good days and bad ones.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np

from tests.mirror.evolve.models.loopback import Loopback

DROPS = 200  # a tenth of a second each: far longer than anybody should wait
READ, WRITTEN = 0.5e-6, 2.0e-6  # dollars a token
HTML = b"<!doctype html><html><body>Welcome to nginx</body></html>"

PASSING = (
    "429",
    "429 for 0.1 s",
    "500",
    "503",
    "hang up",
    "cut midway",
    "half JSON",
    "silence",
    "drip",
)
"""Faults after which the same question may be asked again."""

REPLIES: dict[str, Callable[[int], str]] = {
    "fenced": lambda n: f"- Bent curves won, `x` lost.\n```python\n{_code(n)}```\nIt is smooth.",
    "bare": lambda n: f"Here it is:\n\n{_code(n)}",
    "two blocks": lambda n: f"Before:\n```python\n{_code(0)}```\nAfter:\n```python\n{_code(n)}```",
    "reasoning": lambda n: f"<think>def activation(x): hm</think>\n```python\n{_code(n)}```",
    "refusal": lambda n: f"I'm sorry, but I cannot help with request {n}.",
    "empty": lambda _: "",
    "truncated": lambda n: f"```python\n{_code(n)[:-15]}",
    "diff": lambda n: f"```diff\n@@ -1 +1 @@\n-    return x\n+    return x * {n}\n```",
    "another language": lambda n: f"```javascript\nconst f = x => x * {n}\n```",
    "not allowed": lambda n: f"```python\ndef activation(x):\n    return x.mean() + {n}\n```",
}
"""What a model may say, given a number."""

PROGRAMS = ("fenced", "bare", "two blocks", "reasoning")


def _code(number: int) -> str:
    scale = 0.5 + number % 997 / 400
    shift = number % 89 + 10
    return f"def activation(x):\n    return x * torch.sigmoid({scale:.4f} * x) + 0.{shift} * x\n"


@dataclass
class Accounts:
    """What a server knows: what it was asked, and what it charged for."""

    asked: Counter[str] = field(default_factory=Counter)
    charged: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    dollars: float = 0.0
    keys: set[str] = field(default_factory=set)
    replies: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    at_once: int = 0
    drops: int = 0


class Faulty(Loopback):
    """Good days and bad ones, by chance.

    Args:
        fault_share: of the attempts that go wrong.
        latency: seconds that a good answer takes.
    """

    def __init__(self, fault_share: float = 0.3, latency: float = 0.0, seed: int = 0) -> None:
        self.accounts = Accounts()
        self._share, self._latency, self._lock = fault_share, latency, threading.Lock()
        self._rng = np.random.default_rng(seed)
        owner = self

        class Reception(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                owner._received(self, json.loads(body))
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(Reception)

    def _received(self, reception: BaseHTTPRequestHandler, question: dict[str, Any]) -> None:
        model, accounts = question["model"], self.accounts
        with self._lock:
            accounts.asked[model] += 1
            accounts.keys.add(reception.headers["authorization"])
            accounts.at_once += 1
            accounts.most_at_once = max(accounts.most_at_once, accounts.at_once)
            faulty = self._rng.random() < self._share
            fault = str(self._rng.choice(PASSING)) if faulty else ""
        try:
            self._answer(reception, question, _forced(model) or fault)
        finally:
            with self._lock:
                accounts.at_once -= 1

    def _answer(self, reception: BaseHTTPRequestHandler, question: Any, fault: str) -> None:
        model, accounts = question["model"], self.accounts
        if fault == "hang up":
            return
        if fault[:3].isdecimal():
            wish = {"retry-after": "0.1"} if fault.endswith("s") else {}
            echoed = f"{fault}: bad key {reception.headers['authorization']}"
            said = json.dumps({"error": {"message": echoed}})
            _send(reception, int(fault[:3]), said.encode(), wish)
            return
        if fault == "silence":
            time.sleep(1.3)
            return
        if fault in ("cut midway", "half JSON"):
            length = 1000 if fault == "cut midway" else None
            _send(reception, 200, b'{"choices": [', {}, length)
            return
        if fault == "drip":
            _send(reception, 200, b"", {}, 1000)
            for _ in range(DROPS):
                accounts.drops += 1
                reception.wfile.write(b" ")
                reception.wfile.flush()
                time.sleep(0.1)
            return
        time.sleep(self._latency)
        _send(reception, 200, self._spoken(model, question), {})

    def _spoken(self, model: str, question: Any) -> bytes:
        kind = str(np.random.default_rng(question["seed"]).choice(list(REPLIES)))
        text = REPLIES[kind](question["seed"])
        read = sum(len(each["content"]) for each in question["messages"]) // 4
        written = max(1, len(text) // 4)
        dollars = read * READ + written * WRITTEN
        with self._lock:
            self.accounts.charged[model] += 1
            self.accounts.tokens += read + written
            self.accounts.dollars += dollars
            self.accounts.replies[kind] += 1
        usage = {
            "prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written,
            "cost": dollars,
        }  # fmt: skip
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if kind == "refusal":
            message |= {"content": None, "refusal": text}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return json.dumps({"choices": [choice], "usage": usage}).encode()


def _forced(model: str) -> str:
    for beginning in ("ended-", "forced-"):
        if model.startswith(beginning):
            return model.removeprefix(beginning)
    return "503" if model == "broken" else ""


def _send(
    reception: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    headers: dict[str, str],
    promised: int | None = None,
) -> None:
    reception.send_response(status)
    for name, value in headers.items():
        reception.send_header(name, value)
    reception.send_header("content-type", "application/json")
    reception.send_header("content-length", str(len(body) if promised is None else promised))
    reception.end_headers()
    reception.wfile.write(body)
