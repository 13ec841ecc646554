"""Bytes between processes: messages on a stream, and the one frame of a child's answer."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

from sandbox.confine.values import Outcome

_LENGTHS = struct.Struct("<IQ")  # of the JSON head, of the body
_ANSWER = struct.Struct("<4sBQ")  # magic, outcome, length of the bytes that follow
_MAGIC = b"CFN1"
_TOLD = (Outcome.DONE, Outcome.CRASHED, Outcome.OUT_OF_MEMORY)  # what a child may say of itself
_LONGEST_HEAD = 2**20

HEAD_BYTES = _ANSWER.size


def send(stream: socket.socket, head: dict[str, Any], body: bytes = b"") -> None:
    """Sends a small JSON head and a body of any length.

    Raises:
        OSError: the other side is gone.
    """
    text = json.dumps(head).encode()
    stream.sendall(_LENGTHS.pack(len(text), len(body)) + text)
    if body:
        stream.sendall(body)


def receive(stream: socket.socket) -> tuple[dict[str, Any], bytes]:
    """The next head and body.

    Raises:
        EOFError: the other side is gone.
        OSError: likewise, or nothing came within the stream's timeout.
    """
    head_length, body_length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    if head_length > _LONGEST_HEAD:
        raise EOFError("the stream is out of step")
    head = json.loads(_exactly(stream, head_length))
    return head, _exactly(stream, body_length)


def _exactly(stream: socket.socket, length: int) -> bytes:
    found = bytearray(length)
    view = memoryview(found)
    while view:
        count = stream.recv_into(view)
        if not count:
            raise EOFError("the stream has ended")
        view = view[count:]
    return bytes(found)


def pack_answer(outcome: Outcome, body: bytes) -> bytes:
    """What a child writes: its outcome and its answer, or the name of an exception's type."""
    return _ANSWER.pack(_MAGIC, _TOLD.index(outcome), len(body)) + body


def unpack_answer(frame: bytes) -> tuple[Outcome, bytes]:
    """What a child wrote, believed only where it is one whole frame."""
    if len(frame) < HEAD_BYTES:
        return Outcome.BROKEN_FRAME, b""
    magic, told, length = _ANSWER.unpack_from(frame)
    if magic != _MAGIC or told >= len(_TOLD) or length != len(frame) - HEAD_BYTES:
        return Outcome.BROKEN_FRAME, b""
    return _TOLD[told], frame[HEAD_BYTES:]
