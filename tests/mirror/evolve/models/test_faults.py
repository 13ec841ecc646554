from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.models.faults import Busy, fault, quoted, retry_after


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("nan", 0.0), ("soon", None), ("", None)],
)
def test_seconds_to_wait_are_read(text: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": text}) == seconds
    assert retry_after({}) is None


def test_a_date_to_wait_for_is_read() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    assert 90 < (retry_after({"retry-after": later}) or 0) <= 100
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 -0000"}) == 0.0


@given(st.text())
def test_no_header_is_an_accident(text: str) -> None:
    wait = retry_after({"Retry-After": text})
    assert wait is None or wait >= 0


@given(st.text())
def test_a_strangers_words_stay_short_and_on_one_line(said: str) -> None:
    line = quoted(said * 50)
    assert len(line) <= 160
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize("status", [None, 408, 429, 500, 502, 503, 529])
def test_a_fault_that_may_pass_is_known(status: int | None) -> None:
    assert isinstance(fault("m", status, {}, "words"), Busy)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_fault_for_good_is_known(status: int) -> None:
    error = fault("m", status, {}, "words with sk-1", ["sk-1", ""])
    assert not isinstance(error, Busy)
    assert "sk-1" not in str(error)
