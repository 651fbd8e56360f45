from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iamsim.mocks.s3.page_of_keys import cut
from iamsim.mocks.s3.sorted_keys import SortedKeys

from .failing import code

KEYS = ["a", "b/1", "b/2", "b/c/3", "d", "e/4", "ü"]


@pytest.fixture
def filled(s3: Any, bucket: str) -> str:
    for key in reversed(KEYS):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    return bucket


def keys(reply: dict[str, Any]) -> list[str]:
    return [each["Key"] for each in reply.get("Contents", [])]


def prefixes(reply: dict[str, Any]) -> list[str]:
    return [each["Prefix"] for each in reply.get("CommonPrefixes", [])]


def test_all_keys_in_the_order_of_their_bytes(s3: Any, filled: str) -> None:
    reply = s3.list_objects_v2(Bucket=filled)
    assert keys(reply) == KEYS
    assert (reply["KeyCount"], reply["MaxKeys"], reply["IsTruncated"]) == (7, 1000, False)
    assert "Owner" not in reply["Contents"][0]
    assert s3.list_objects_v2(Bucket=filled, FetchOwner=True)["Contents"][0]["Owner"]["ID"]
    assert keys(s3.list_objects(Bucket=filled)) == KEYS


def test_prefix_and_delimiter(s3: Any, filled: str) -> None:
    top = s3.list_objects_v2(Bucket=filled, Delimiter="/")
    assert (keys(top), prefixes(top), top["KeyCount"]) == (["a", "d", "ü"], ["b/", "e/"], 5)
    inner = s3.list_objects_v2(Bucket=filled, Delimiter="/", Prefix="b/")
    assert (keys(inner), prefixes(inner)) == (["b/1", "b/2"], ["b/c/"])
    assert keys(s3.list_objects_v2(Bucket=filled, Prefix="b")) == ["b/1", "b/2", "b/c/3"]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_add_up(s3: Any, filled: str, size: int) -> None:
    for name in ("list_objects_v2", "list_objects"):
        for delimiter in ("", "/"):
            options = {"Delimiter": delimiter} if delimiter else {}
            whole = getattr(s3, name)(Bucket=filled, **options)
            pages = list(s3.get_paginator(name).paginate(Bucket=filled, PaginationConfig={"PageSize": size}, **options))
            assert [key for page in pages for key in keys(page)] == keys(whole)
            assert [prefix for page in pages for prefix in prefixes(page)] == prefixes(whole)
            assert all(len(keys(page)) + len(prefixes(page)) == size for page in pages[:-1])


def test_start_after_and_marker(s3: Any, filled: str) -> None:
    assert keys(s3.list_objects_v2(Bucket=filled, StartAfter="b/2")) == ["b/c/3", "d", "e/4", "ü"]
    assert prefixes(s3.list_objects_v2(Bucket=filled, StartAfter="b/1", Delimiter="/")) == ["b/", "e/"]
    page = s3.list_objects(Bucket=filled, MaxKeys=2, Delimiter="/")
    assert (page["NextMarker"], page["IsTruncated"]) == ("b/", True)
    assert "NextMarker" not in s3.list_objects(Bucket=filled, MaxKeys=2)
    assert keys(s3.list_objects(Bucket=filled, Marker="b/", Delimiter="/")) == ["d", "ü"]


def test_no_keys_at_all(s3: Any, filled: str) -> None:
    reply = s3.list_objects_v2(Bucket=filled, MaxKeys=0)
    assert (keys(reply), reply["IsTruncated"]) == ([], False)
    assert "Contents" not in s3.list_objects_v2(Bucket=filled, Prefix="zzz")


def test_what_cannot_be_asked_for(s3: Any, filled: str) -> None:
    assert code(s3.list_objects_v2, Bucket=filled, MaxKeys=-1) == "InvalidArgument"
    assert code(s3.list_objects_v2, Bucket=filled, ContinuationToken="nonsense") == "InvalidArgument"
    assert code(s3.list_objects_v2, Bucket=filled, EncodingType="morse") == "InvalidArgument"


@pytest.mark.parametrize("key", ["a b", "a+b", "a%20b", "<&>", "ключ", "new\nline", "a//b", "..", "ctrl\x01"])
def test_odd_keys(s3: Any, bucket: str, key: str) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=b"1")
    assert keys(s3.list_objects_v2(Bucket=bucket)) == [key]
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"1"
    s3.delete_object(Bucket=bucket, Key=key)
    assert keys(s3.list_objects_v2(Bucket=bucket)) == []


@given(
    st.sets(st.text("ab/", max_size=5)), st.text("ab/", max_size=2), st.sampled_from(["", "/", "a"]), st.integers(1, 4)
)
def test_a_walk_in_pages_gives_what_a_whole_one_does(names: set[str], prefix: str, delimiter: str, size: int) -> None:
    held = SortedKeys()
    for name in names:
        held.add(name)
    expected = sorted(
        {
            name[: at + len(delimiter)] if delimiter and (at := name.find(delimiter, len(prefix))) >= 0 else name
            for name in names
            if name.startswith(prefix) and name
        }
    )
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page = cut(held.walk(prefix, delimiter, after), size)
        found += sorted(page.keys + page.prefixes)
        after = page.last
    assert [name for name in found if name] == expected
