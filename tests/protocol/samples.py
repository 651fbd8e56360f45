"""Values made from the shapes of the models: the same seed gives the same values."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import Any

MAX_DEPTH = 5
LETTERS = "abcXYZ019"
NASTY = LETTERS + " +&=%/<>\"';:?#.,\\{}[]()~!*é漢🎈\t\n"
IN_HEADERS = LETTERS + "+&=%/<>';:?#.(){}"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
OMIT = object()


class Samples:
    """Values for one protocol. `sends_empty`: an empty list, map or structure can be told from an absent one."""

    def __init__(self, seed: str, *, sends_empty: bool, binary_floats: bool = False, xml: bool = False) -> None:
        self.random = random.Random(seed)
        self.sends_empty = sends_empty
        self.binary_floats = binary_floats
        self.xml = xml

    def structure(self, shape: Any, depth: int = 0, always: frozenset[str] = frozenset()) -> Any:
        """Required members and some of the others."""
        if shape.is_document_type:
            return {"a": [1, "x", None, {"b": True}]}
        names = list(shape.members)
        if shape.is_tagged_union and names:
            names = [self.random.choice(names)]
        if shape.serialization.get("eventstream"):
            events = [name for name in shape.members if not shape.members[name].metadata.get("exception")]
            names = [self.random.choice(events)]
        chosen = {}
        for name in names:
            member = shape.members[name]
            needed = name in shape.required_members or name in always or member.serialization.get("location") == "uri"
            needed = needed or shape.is_tagged_union or bool(member.serialization.get("eventpayload"))
            if needed or (depth < MAX_DEPTH and self.random.random() < 0.5):
                value = self.value(member, depth + 1)
                if value is not OMIT:
                    chosen[name] = value
        if not chosen and (shape.is_tagged_union or (depth and not self.sends_empty)):
            return OMIT
        return chosen

    def value(self, shape: Any, depth: int = 0) -> Any:
        kind = shape.type_name
        if kind == "structure":
            return OMIT if depth > MAX_DEPTH + 3 else self.structure(shape, depth)
        if kind == "list":
            return self._list(shape, depth)
        if kind == "map":
            return self._map(shape, depth)
        return getattr(self, f"_{kind}")(shape)

    def _list(self, shape: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            return [] if self.sends_empty and not shape.serialization.get("flattened") else OMIT
        items = [self.value(shape.member, depth + 1) for _ in range(self.random.randint(1, 12 if depth == 1 else 2))]
        if shape.serialization.get("location") == "header":
            # botocore does not escape backslashes: one before the closing quote could mean two things
            items = [item.strip().rstrip("\\") or "x" if isinstance(item, str) else item for item in items]
        items = [item for item in items if item is not OMIT]
        return items or OMIT

    def _map(self, shape: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            return OMIT
        in_header = shape.serialization.get("location") == "headers"
        pairs = {}
        for index in range(self.random.randint(1, 3)):
            value = self.text(IN_HEADERS) if in_header else self.value(shape.value, depth + 1)
            if value is not OMIT:
                key = f"key{index}" if in_header or shape.key.metadata.get("enum") else f"{self.text(NASTY)}{index}"
                pairs[key] = value
        return pairs or OMIT

    def text(self, alphabet: str) -> str:
        return "".join(self.random.choices(alphabet, k=self.random.randint(1, 8)))

    def _string(self, shape: Any) -> Any:
        traits = shape.serialization
        if traits.get("jsonvalue") and traits.get("location") == "header":
            return {"json": [1, 2, self.text(NASTY)]}
        if shape.metadata.get("enum"):
            return self.random.choice(shape.metadata["enum"])
        if traits.get("hostLabel"):
            return "abc"
        if shape.name == "BucketName" and traits.get("location") == "uri":
            return "my-bucket"
        if traits.get("location") == "header" or (traits.get("xmlAttribute")):
            return self.text(IN_HEADERS)
        return self.text(NASTY)

    _character = _string

    def _integer(self, shape: Any) -> int:
        if shape.serialization.get("location") == "statusCode":
            return 200
        return self.random.choice([0, 1, 23, 24, 255, 256, 70000, 2**31 - 1, self.random.randint(0, 10**6), -5])

    def _long(self, shape: Any) -> int:
        return self.random.choice([self._integer(shape), 2**40, -(2**50)])

    def _float(self, shape: Any) -> float:
        return self.random.choice([0.5, 1.25, -3.0, 1e10]) if self.binary_floats else self._double(shape)

    def _double(self, shape: Any) -> float:
        return self.random.choice([0.1, 1.5, -2.75, 1e-7, 123456.789])

    def _boolean(self, shape: Any) -> bool:
        return self.random.random() < 0.5

    def _blob(self, shape: Any) -> bytes:
        return self.random.randbytes(self.random.randint(1, 9))

    def _timestamp(self, shape: Any) -> datetime:
        moment = EPOCH + timedelta(seconds=self.random.randint(0, 2 * 10**9))
        traits = shape.serialization
        whole = traits.get("location") == "header" or traits.get("timestampFormat", "").lower() == "rfc822"
        return moment if whole else moment + timedelta(milliseconds=self.random.choice([0, 0, 1, 120, 999]))
