"""Lessons down to a locked process, predictions up from it: raw numbers, never a pickle.

A frame is little-endian: a magic of 4 bytes, a count (uint32), then the arrays one after another.

    lessons      AVL2 | lessons | each: seeds, points, elements, features, outputs, queries,
                 elements of a query, whether they are classes (8 x uint32); inputs, targets,
                 queries (float32); noise seeds (uint64)
    predictions  AVP1 | numbers | the numbers (float32)

What comes up is not trusted: the reader knows how many numbers it asked for, and takes no other.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from math import prod

import numpy as np
from jaxtyping import Float32, UInt64

from fitness.errors import FrameError
from fitness.lesson import Lesson, Predictions
from fitness.recipe import Recipe

_LESSONS = b"AVL2"
_PREDICTIONS = b"AVP1"
_HEAD = struct.Struct("<4sI")
_SIZES = struct.Struct("<8I")


def pack_lessons(lessons: Sequence[Lesson]) -> bytes:
    """The lessons as one frame."""
    parts = [_HEAD.pack(_LESSONS, len(lessons))]
    for lesson in lessons:
        queries, others = lesson.queries.shape[1:3]
        outputs = lesson.targets.shape[2]
        sizes = (*lesson.inputs.shape, outputs, queries, others, lesson.classes)
        parts.append(_SIZES.pack(*sizes))
        parts += [_raw(lesson.inputs), _raw(lesson.targets), _raw(lesson.queries)]
        parts.append(lesson.noise_seeds.astype("<u8").tobytes())
    return b"".join(parts)


def unpack_lessons(frame: bytes) -> tuple[Lesson, ...]:
    """The lessons that `pack_lessons` packed.

    Raises:
        FrameError: the bytes are not such a frame.
    """
    rest = _Reader(frame)
    magic, count = _HEAD.unpack(rest.take(_HEAD.size))
    if magic != _LESSONS:
        raise FrameError(f"lessons begin with {_LESSONS!r}, but these bytes with {magic!r}")
    lessons = tuple(_unpack_lesson(rest) for _ in range(count))
    rest.end()
    return lessons


def pack_predictions(predictions: Sequence[Predictions]) -> bytes:
    """The predictions of all lessons as one frame."""
    count = sum(each.size for each in predictions)
    return _HEAD.pack(_PREDICTIONS, count) + b"".join(map(_raw, predictions))


def unpack_predictions(
    frame: bytes, lessons: Sequence[Lesson], recipe: Recipe
) -> tuple[Predictions, ...]:
    """The predictions for these lessons, out of a frame that nobody vouches for.

    Raises:
        FrameError: wrong magic, count or length, or a number that is infinite. NaN is taken: it
            is how a failed net answers, and it scores worst.
    """
    shapes = [
        (each.inputs.shape[0], len(recipe.learning_rates), *answer_shape(each)) for each in lessons
    ]
    wanted = sum(prod(shape) for shape in shapes)
    rest = _Reader(frame)
    magic, count = _HEAD.unpack(rest.take(_HEAD.size))
    if magic != _PREDICTIONS:
        raise FrameError(f"predictions begin with {_PREDICTIONS!r}, but these bytes with {magic!r}")
    if count != wanted:
        raise FrameError(f"{wanted} predictions were asked for, but {count} announced")
    predictions = tuple(rest.floats(shape) for shape in shapes)
    rest.end()
    if any(np.isinf(each).any() for each in predictions):
        raise FrameError("a prediction is infinite; a net without a number answers NaN")
    return predictions


def answer_shape(lesson: Lesson) -> tuple[int, int]:
    """Queries and outputs: the shape of what one net answers."""
    return lesson.queries.shape[1], lesson.targets.shape[2]


def _unpack_lesson(rest: _Reader) -> Lesson:
    sizes = _SIZES.unpack(rest.take(_SIZES.size))
    seeds, points, elements, features, outputs, queries, others, classes = sizes
    return Lesson(
        inputs=rest.floats((seeds, points, elements, features)),
        targets=rest.floats((seeds, points, outputs)),
        queries=rest.floats((seeds, queries, others, features)),
        noise_seeds=rest.seeds(seeds),
        classes=bool(classes),
    )


def _raw(array: Float32[np.ndarray, ...]) -> bytes:
    return array.astype("<f4").tobytes()


class _Reader:
    """Takes a frame apart from front to back, and never reads past its end."""

    def __init__(self, frame: bytes) -> None:
        self._frame = frame
        self._position = 0

    def take(self, length: int) -> bytes:
        left = len(self._frame) - self._position
        if length > left:
            raise FrameError(f"the frame ends early: {length} bytes wanted, {left} left")
        part = self._frame[self._position : self._position + length]
        self._position += length
        return part

    def floats(self, shape: tuple[int, ...]) -> Float32[np.ndarray, ...]:
        numbers = np.frombuffer(self.take(4 * prod(shape)), dtype="<f4")
        return numbers.astype(np.float32).reshape(shape)

    def seeds(self, count: int) -> UInt64[np.ndarray, " seeds"]:
        return np.frombuffer(self.take(8 * count), dtype="<u8").astype(np.uint64)

    def end(self) -> None:
        if self._position != len(self._frame):
            surplus = len(self._frame) - self._position
            raise FrameError(f"the frame is {surplus} bytes longer than announced")
