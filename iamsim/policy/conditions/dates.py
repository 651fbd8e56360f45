"""Date operators (C-5): instants, written in the W3C profile of ISO 8601 or as seconds since the epoch.

Years far beyond those of the `datetime` module are legal (L-115), so days are counted here.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from iamsim.policy.conditions.comparison import Comparison, Compiler
from iamsim.policy.conditions.numbers import number
from iamsim.policy.context import Context
from iamsim.policy.memory import remembered

if TYPE_CHECKING:
    from decimal import Decimal

DATE = (  # compiled when first used
    r"([+-]?[0-9]{4,9})-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,18})?)?(?:Z|([+-])([0-9]{2}):?([0-9]{2})))?)?"
)
DAYS_BEFORE_EPOCH = 719_468  # from 1 March of the year 0 to 1 January 1970
FIRST_YEAR, LAST_YEAR = -292_275_054, 292_278_993


@remembered(4096)
def instant(text: str) -> Decimal | None:
    """The seconds since the epoch that `text` stands for; None if it is no date."""
    from decimal import Decimal  # only here: few policies compare dates

    found = re.fullmatch(DATE, text)
    if found is None:
        return number(text)
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    hour, minute, second = (int(found[group] or 0) for group in (4, 5, 6))
    offset_hour, offset_minute = int(found[9] or 0), int(found[10] or 0)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= _days_in(month, year)):
        return None
    if hour > 23 or minute > 59 or second > 59 or offset_hour > 23 or offset_minute > 59:
        return None
    offset_s = (offset_hour * 60 + offset_minute) * (-60 if found[8] == "-" else 60)
    seconds = _days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset_s
    return seconds + Decimal(found[7] or 0)


def _days_in(month: int, year: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _days(year: int, month: int, day: int) -> int:
    """Days since the epoch in the Gregorian calendar; years begin in March here, so that a leap day comes last."""
    year -= month <= 2
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + day_of_year - DAYS_BEFORE_EPOCH


def dated(holds: Callable[[Decimal, Decimal], bool]) -> Compiler:
    """The operator under which the request's instant and the policy's instant must satisfy `holds`."""

    def compile_values(values: tuple[str, ...], substitute: bool) -> Comparison:
        wanted = [found for found in map(instant, values) if found is not None]

        def compare(value: str, context: Context) -> bool:
            actual = instant(value)
            return actual is not None and any(holds(actual, one) for one in wanted)

        return compare

    return compile_values


equals = dated(operator.eq)
less_than = dated(operator.lt)
less_than_equals = dated(operator.le)
greater_than = dated(operator.gt)
greater_than_equals = dated(operator.ge)
