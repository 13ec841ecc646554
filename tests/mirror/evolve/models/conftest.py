"""An OpenAI-compatible server on loopback that misbehaves as it is told."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.mirror.evolve.models.loopback import Loopback


@dataclass(frozen=True)
class Answer:
    """What to send; `promised` bytes are announced, and the connection closed after the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None
    hangs_up: bool = False


class FaultyServer(Loopback):
    """Gives `answers` in turn, the last one for ever; keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        owner = self

        class Reception(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                owner.asked.append(json.loads(self.rfile.read(length)))
                owner.keys.append(self.headers["authorization"])
                answers = owner.answers
                answer = answers.popleft() if len(answers) > 1 else answers[0]
                self.close_connection = True
                if answer.hangs_up:
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                length = len(answer.body) if answer.promised is None else answer.promised
                self.send_header("content-length", str(length))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(Reception)


def spoken(content: str | None, **extra: object) -> Answer:
    choice = {"index": 0, "finish_reason": "stop"}
    message = {"role": "assistant", "content": content}
    body = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-mini",
        "choices": [{**choice, "message": message}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500},
        **extra,
    }
    return Answer(200, json.dumps(body).encode(), {"content-type": "application/json"})


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    faulty = FaultyServer()
    yield faulty
    faulty.close()


HTML = b"<!doctype html><html><body>Welcome to nginx</body></html>"

FAULTS: Mapping[str, Answer] = {
    "busy": Answer(429, b"{}", {"retry-after": "7"}),
    "busy for hours": Answer(429, b"{}", {"retry-after": "7200"}),
    "busy until": Answer(503, b"{}", {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    "busy, unreadably": Answer(429, b"{}", {"retry-after": "soon"}),
    "broken": Answer(500, HTML),
    "cut": Answer(hangs_up=True),
    "cut midway": Answer(200, b'{"choices": [', promised=1000),
    "no key": Answer(401, b'{"error": {"message": "bad key sk-very-secret"}}'),
    "no model": Answer(404, b'{"error": {"message": "no such model for sk-very-secret"}}'),
    "no credit": Answer(429, b'{"error": {"code": "insufficient_quota"}}'),
    "too long": Answer(400, b'{"error": {"message": "context length exceeded"}}'),
    "html": Answer(200, HTML, {"content-type": "text/html"}),
    "half JSON": Answer(200, b'{"choices": [tru', {"content-type": "application/json"}),
    "no choices": Answer(200, b'{"choices": []}', {"content-type": "application/json"}),
    "wrong types": Answer(200, b'{"choices": [7]}', {"content-type": "application/json"}),
    "not an object": Answer(200, b"null", {"content-type": "application/json"}),
    "nothing": Answer(200, b"", {"content-type": "application/json"}),
    "not text": Answer(200, b"\xff\xfe\x00", {"content-type": "application/json"}),
}


@pytest.fixture
def faults() -> Mapping[str, Answer]:
    return FAULTS


@pytest.fixture
def reply() -> Answer:
    return spoken("hello")


@pytest.fixture
def unpriced() -> Answer:
    return spoken("hello", model="of-my-own")


@pytest.fixture
def silence() -> Answer:
    return spoken(None, usage=None)
