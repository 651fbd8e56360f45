"""Time and identifiers, the only two things in a simulated AWS that are not decided by its callers."""

from __future__ import annotations

import base64
import binascii
import random
import time
from datetime import datetime, timezone

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # the letters of IAM's unique ids
HEX = "0123456789abcdef"
LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Clock:
    """The simulator's time and its source of identifiers.

    Without arguments it follows the machine's clock. `Clock(at=...)` stands still at that moment (seconds since the
    epoch) until `advance` moves it. The same `seed` gives the same identifiers in the same order.
    """

    def __init__(self, *, at: float | None = None, seed: int | str | None = 0) -> None:
        self._fixed_at = at
        self._offset_s = 0.0
        self._random = random.Random(seed)  # noqa: S311 - identifiers that can be repeated, not secrets

    @property
    def is_simulated(self) -> bool:
        """Whether time stands still between calls of `advance`."""
        return self._fixed_at is not None

    def now(self) -> float:
        """Seconds since the epoch."""
        return (time.time() if self._fixed_at is None else self._fixed_at) + self._offset_s

    @property
    def is_moved(self) -> bool:
        """Whether it shows another time than the machine's clock."""
        return self._fixed_at is not None or self._offset_s > 0

    def machine_now(self) -> float:
        """What the machine's clock shows, which clients sign with; seconds since the epoch."""
        return time.time()

    def today(self) -> datetime:
        """The moment `now` as an aware UTC datetime, in whole seconds as AWS's timestamps are."""
        return datetime.fromtimestamp(int(self.now()), tz=timezone.utc)

    def advance(self, seconds: float) -> None:
        """Move time forward by `seconds`."""
        if seconds < 0:
            raise ValueError(f"time cannot go back: `advance({seconds})`")
        self._offset_s += seconds

    def new_id(self) -> str:
        """A UUID in its usual form, such as `0f8fad5b-d9cb-469f-a165-70867728950e`."""
        bits = (self._random.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62)) | (0x4 << 76) | (0x2 << 62)
        text = f"{bits:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def new_token(self, length: int, alphabet: str = HEX) -> str:
        """`length` characters of `alphabet`."""
        return "".join(self._random.choices(alphabet, k=length))

    def new_unique_id(self, prefix: str) -> str:
        """An IAM unique id such as `AIDA...` or `AKIA...`: the prefix and base-32 characters, 20 or 21 in all.

        Source: IAM User Guide, reference_identifiers.
        """
        length = 20 if prefix in ("AKIA", "ASIA") else 21
        return prefix + self.new_token(length - len(prefix), BASE32)

    def new_access_key_id(self, prefix: str, account: str) -> str:
        """The id of an access key (`AKIA`) or of temporary credentials (`ASIA`), which tells its account (A-63)."""
        number = 1 << 79 | int(account) << 39 | int(self.new_token(10), 16) >> 1
        return prefix + base64.b32encode(number.to_bytes(10, "big")).decode()


def account_of_access_key(access_key_id: str) -> str | None:
    """The account that an access key's id tells; None for ids older than 2019, which begin as `AKIAI` for example.

    Observed: 2019 to 2026, in published analyses: 40 bits after the first of the base-32 number are the account.
    """
    try:
        number = int.from_bytes(base64.b32decode(access_key_id[4:]), "big")
    except (ValueError, binascii.Error):
        return None
    account = number >> 39 & (1 << 40) - 1
    return f"{account:012}" if number >> 79 == 1 and account < 10**12 else None
