"""Wildcard patterns."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamsim.policy.glob import Stretch, glob, pieces_of
from tests.reference import conditions as reference

characters = st.text("ab*?", max_size=8)
with_holes = st.lists(st.sampled_from(["a", "b", "?"]), max_size=20).map("".join)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(characters, st.text("ab", max_size=10))
def test_matches_as_the_reference_does(pattern: str, text: str) -> None:
    pieces = [{"*": reference.ANY, "?": reference.ONE}.get(c, c) for c in pattern]
    assert glob(pattern)(text) is reference.fits(pieces, text)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(with_holes, st.text("ab", max_size=30))
def test_a_stretch_with_many_holes_is_found_at_its_first_place(stretch: str, text: str) -> None:
    found = Stretch.of(pieces_of(stretch)).find(text, 0, len(text))
    places = [at for at in range(len(text) - len(stretch) + 1) if glob(stretch)(text[at : at + len(stretch)])]
    assert found == min(places, default=-1)


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
        ("*a?" * 300 + "*b", "a" * 5000, False),
    ],
)
def test_cases(pattern: str, text: str, fits: bool) -> None:
    assert glob(pattern)(text) is fits
