"""When calls are authenticated and authorised: never, always, or after the first n."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from difflib import get_close_matches

from iamsim.errors import ApiError, UsageError

VARIABLE = "INITIAL_NO_AUTH_ACTION_COUNT"


class Enforcement:
    """Counts calls: the first `after` of them run unchecked. None: all of them do."""

    refuses = True  # False in soft mode: what is checked runs all the same

    def __init__(self, after: int | None) -> None:
        self.after = after
        self._seen = 0
        self._lock = threading.Lock()

    @staticmethod
    def of(value: object) -> Enforcement:
        """Enforcement after `value` calls. Raises UsageError if that is not a whole number from 0 up."""
        try:
            after = int(str(value))
        except ValueError:
            after = -1
        if after < 0 or isinstance(value, bool):
            raise UsageError(
                f"`{VARIABLE}` is `{value}`: give the number of calls that run before IAM is enforced (0: enforce all)"
            )
        return Enforcement(after)

    @staticmethod
    def from_environment(environment: Mapping[str, str]) -> Enforcement:
        """What INITIAL_NO_AUTH_ACTION_COUNT says; unset: never enforce. Raises UsageError for a misspelt switch."""
        for name in environment:
            if name != VARIABLE and get_close_matches(name, [VARIABLE], cutoff=0.85):
                raise UsageError(f"unknown environment variable `{name}`: did you mean `{VARIABLE}`?")
            if name.startswith("IAMSIM_"):
                raise UsageError(f"unknown environment variable `{name}`: unset it, iamsim knows none of that name")
        value = environment.get(VARIABLE)
        return Enforcement(None) if value is None else Enforcement.of(value)

    def applies(self) -> bool:
        """Whether the call that now comes in is to be checked; counts it."""
        if self.after is None:
            return False
        with self._lock:
            self._seen += 1
            return self._seen > self.after

    @property
    def is_in_force(self) -> bool:
        """Whether calls are checked from here on; counts none."""
        return self.after is not None and self._seen >= self.after

    def refuse(self, refusal: ApiError) -> None:
        """Raises `refusal`, which a checked call has earned. In soft mode it is only noted, and the call goes on."""
        raise refusal
