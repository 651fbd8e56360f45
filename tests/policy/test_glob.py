"""Wildcard patterns."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.policy.glob import glob
from tests.reference import conditions as reference

characters = st.text("ab*?", max_size=8)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(characters, st.text("ab", max_size=10))
def test_matches_as_the_reference_does(pattern: str, text: str) -> None:
    pieces = [{"*": reference.ANY, "?": reference.ONE}.get(c, c) for c in pattern]
    assert glob(pattern)(text) is reference.fits(pieces, text)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("?", "", False),
        ("a**b", "ab", True),
        ("*ab*ab*", "abab", True),
        ("*ab*ab*", "aba", False),
        ("ab*ba", "aba", False),
        ("a?*?b", "axyb", True),
        ("a.b", "axb", False),
        ("*é?", "caféx", True),
    ],
)
def test_cases(pattern: str, text: str, fits: bool) -> None:
    assert glob(pattern)(text) is fits


def test_many_stars_do_not_make_it_slow() -> None:
    start = time.process_time()
    assert not glob("*a" * 500 + "b")("a" * 5000)
    assert not glob("*a?" * 300 + "*b")("a" * 5000)
    assert not glob("*" + "?" * 500 + "b*")("a" * 5000)
    assert time.process_time() - start < 1
