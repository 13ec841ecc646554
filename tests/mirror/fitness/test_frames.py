from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitness.errors import FrameError
from fitness.exam import draw
from fitness.frames import pack_lessons, pack_predictions, unpack_lessons, unpack_predictions
from fitness.lesson import Lesson, Predictions
from fitness.recipe import Recipe
from fitness.suites import select

RECIPE = Recipe(steps=30, seeds=2, training_points=5, validation_points=3, ood_points=4)
LESSONS = draw(select().only("mul2", "step1"), RECIPE).lessons


def _predictions() -> tuple[Predictions, ...]:
    numbers = np.arange(2 * 4 * 7, dtype=np.float32).reshape(2, 4, 7, 1)
    return numbers, -numbers


def test_lessons_cross_unchanged() -> None:
    for sent, came in zip(LESSONS, unpack_lessons(pack_lessons(LESSONS)), strict=True):
        for own, other in zip(vars(sent).values(), vars(came).values(), strict=True):
            np.testing.assert_array_equal(own, other)


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 7), max_size=3), st.integers(0, 2**64 - 1))
def test_lessons_of_any_size_cross_unchanged(sizes: list[tuple[int, ...]], seed: int) -> None:
    lessons = [
        Lesson(
            np.full((seeds, points, elements, features), 0.5, np.float32),
            np.full((seeds, points, outputs), -1.5, np.float32),
            np.full((seeds, queries, others, features), 2.5, np.float32),
            np.full(seeds, seed, np.uint64),
            bool(outputs % 2),
        )
        for seeds, points, elements, features, outputs, queries, others in sizes
    ]
    assert pack_lessons(unpack_lessons(pack_lessons(lessons))) == pack_lessons(lessons)


def test_predictions_cross_unchanged_and_failed_nets_with_them() -> None:
    first, second = _predictions()
    first[1, 2] = np.nan
    came = unpack_predictions(pack_predictions((first, second)), LESSONS, RECIPE)
    np.testing.assert_array_equal(came[0], first)
    np.testing.assert_array_equal(came[1], second)


@given(st.data())
def test_a_frame_cut_short_anywhere_is_refused(data: st.DataObject) -> None:
    frame = pack_predictions(_predictions())
    end = data.draw(st.integers(0, len(frame) - 1))
    with pytest.raises(FrameError):
        unpack_predictions(frame[:end], LESSONS, RECIPE)


@given(st.binary(max_size=600))
def test_no_bytes_at_all_get_past_the_reader_by_accident(frame: bytes) -> None:
    with pytest.raises(FrameError):
        unpack_predictions(frame, LESSONS, RECIPE)
    if not frame.startswith(b"AVL2"):
        with pytest.raises(FrameError):
            unpack_lessons(frame)


def test_a_frame_that_is_too_long_is_refused() -> None:
    with pytest.raises(FrameError, match="1 bytes longer"):
        unpack_predictions(pack_predictions(_predictions()) + b"x", LESSONS, RECIPE)


def test_a_frame_of_another_kind_is_refused() -> None:
    with pytest.raises(FrameError, match="AVP1"):
        unpack_predictions(pack_lessons(LESSONS), LESSONS, RECIPE)
    with pytest.raises(FrameError, match="AVL2"):
        unpack_lessons(pack_predictions(_predictions()))


def test_more_or_fewer_predictions_than_were_asked_for_are_refused() -> None:
    with pytest.raises(FrameError, match="112 predictions were asked for, but 56"):
        unpack_predictions(pack_predictions(_predictions()[:1]), LESSONS, RECIPE)


def test_an_infinite_prediction_is_refused() -> None:
    first, second = _predictions()
    first[0, 0, 0] = np.inf
    with pytest.raises(FrameError, match="infinite"):
        unpack_predictions(pack_predictions((first, second)), LESSONS, RECIPE)


def test_a_frame_that_announces_more_than_it_holds_allocates_nothing() -> None:
    boast = struct.pack("<4sI8I", b"AVL2", 1, *[2**32 - 1] * 8)
    with pytest.raises(FrameError, match="ends early"):
        unpack_lessons(boast)
