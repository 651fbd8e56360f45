"""Keys in the order in which S3 lists them: that of their UTF-8 bytes, which is the order of Python's strings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator


class SortedKeys:
    """A sorted set of keys. Finding a place costs the logarithm of their number, and a page what is on it."""

    def __init__(self) -> None:
        self._keys: list[str] = []

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: str) -> bool:
        at = bisect_left(self._keys, key)
        return at < len(self._keys) and self._keys[at] == key

    def add(self, key: str) -> None:
        """Hold `key`, if it is not held."""
        if not self._keys or key > self._keys[-1]:
            self._keys.append(key)
        elif key not in self:
            insort(self._keys, key)

    def discard(self, key: str) -> None:
        """Hold `key` no longer."""
        at = bisect_left(self._keys, key)
        if at < len(self._keys) and self._keys[at] == key:
            del self._keys[at]

    def walk(self, prefix: str, delimiter: str, after: str, *, inclusive: bool = False) -> Iterator[tuple[str, bool]]:
        """The keys with `prefix` beyond `after`, and whether each is instead a common prefix of several.

        Keys that share what comes after `prefix` up to the first `delimiter` are given once, as that common prefix. It
        is left out if `after` is it, where an earlier page ended. `inclusive`: start at `after` itself.
        """
        if after < prefix:
            at = bisect_left(self._keys, prefix)
        else:
            at = (bisect_left if inclusive else bisect_right)(self._keys, after)
        while at < len(self._keys):
            key = self._keys[at]
            if not key.startswith(prefix):
                return
            end = key.find(delimiter, len(prefix)) if delimiter else -1
            if end < 0:
                yield key, False
                at += 1
                continue
            common = key[: end + len(delimiter)]
            if common != after:
                yield common, True
            at = self._end_of(common, at)

    def _end_of(self, prefix: str, start: int) -> int:
        """Where the keys with `prefix` end, of which one is at `start`."""
        size = len(prefix)
        return bisect_right(self._keys, prefix, lo=start, key=lambda key: key[:size])
