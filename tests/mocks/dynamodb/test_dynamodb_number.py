"""DynamoDB numbers: canonical text, range, precision, exact sums."""

from __future__ import annotations

from decimal import Context, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iamsim.mocks.dynamodb import number
from iamsim.mocks.dynamodb.invalid import Invalid

OVERFLOW = "Number overflow. Attempting to store a number with magnitude larger than supported range"
UNDERFLOW = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
PRECISION = "Attempting to store more than 38 significant digits in a Number"


def numbers() -> st.SearchStrategy[Decimal]:
    """Numbers that DynamoDB can store."""
    digits = st.integers(min_value=-(10**38) + 1, max_value=10**38 - 1)
    return st.builds(lambda d, e: Decimal(d).scaleb(e, Context(prec=100)), digits, st.integers(-80, 80))


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("1", "1"),
        ("+1.50", "1.5"),
        ("-0", "0"),
        ("0e500", "0"),
        ("-0.00", "0"),
        ("007", "7"),
        ("1.5e3", "1500"),
        (".5", "0.5"),
        ("1.00000000000000007629769841092E+50", "100000000000000007629769841092000000000000000000000"),
        ("1E-5", "0.00001"),
        ("-12.340e-1", "-1.234"),
        ("9" * 38 + "000", "9" * 38 + "000"),
    ],
)
def test_a_number_is_kept_in_plain_notation(given_text: str, kept: str) -> None:
    assert number.canonical(given_text) == kept


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1e126", OVERFLOW),
        ("-1e126", OVERFLOW),
        ("1e" + "9" * 50, OVERFLOW),
        ("1e-131", UNDERFLOW),
        ("1" * 39, PRECISION),
        ("0." + "1" * 39, PRECISION),
        ("abc", "The parameter cannot be converted to a numeric value: abc"),
        ("", "The parameter cannot be converted to a numeric value"),
        ("NaN", "The parameter cannot be converted to a numeric value: NaN"),
        ("1 ", "The parameter cannot be converted to a numeric value: 1 "),
    ],
)
def test_what_is_no_storable_number_is_refused(text: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        number.canonical(text)
    assert refused.value.message == message


def test_the_ends_of_the_range_can_be_stored() -> None:
    largest = "9." + "9" * 37 + "E+125"
    assert Decimal(number.canonical(largest)) == Decimal(largest)
    assert Decimal(number.canonical("-1E-130")) == Decimal("-1E-130")


def test_sums_are_exact_or_refused() -> None:
    assert number.add("0.1", "0.2") == "0.3"
    assert number.subtract("1", "1.0".rstrip("0").rstrip(".")) == "0"
    with pytest.raises(Invalid, match="38 significant digits"):
        number.add("1" + "0" * 100, "1")
    with pytest.raises(Invalid, match="Number overflow"):
        number.add("9" * 38 + "0" * 88, "9" * 38 + "0" * 88)


@settings(derandomize=True, max_examples=100)
@given(numbers())
def test_canonical_text_keeps_the_value_and_is_canonical(value: Decimal) -> None:
    text = number.canonical(str(value))
    assert Decimal(text) == value
    assert number.canonical(text) == text
    assert "E" not in text


@settings(derandomize=True, max_examples=100)
@given(numbers(), st.integers(0, 20))
def test_equal_numbers_have_one_text(value: Decimal, zeros: int) -> None:
    padded = format(value, "f")
    padded += "0" * zeros if "." in padded else "." + "0" * zeros
    assert number.canonical(padded) == number.canonical(str(value))
