"""What all of S3's listings share: page sizes, common prefixes, and names that are percent-encoded on request."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from .failures import invalid_argument

LARGEST_PAGE = 1_000
NEVER_ENCODED = "/*"
LARGEST_NUMBER = 2_147_483_647


@dataclass
class Page:
    """A page of keys and common prefixes; `last` is where it ended if there is more."""

    keys: list[str] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    last: str | None = None

    def common_prefixes(self, encoded: Encoder) -> list[dict[str, str]]:
        """As the answers have them."""
        return [{"Prefix": encoded(each)} for each in self.prefixes]


class Encoder:
    """Writes names as the call asks for them."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.kind = params.get("EncodingType")
        if self.kind not in (None, "url"):
            raise invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", self.kind)

    def __call__(self, text: str) -> str:
        return quote_plus(text, safe=NEVER_ENCODED) if self.kind else text

    def echoed(self, params: Mapping[str, Any], *members: str) -> dict[str, Any]:
        """Those of `members` that were sent, as the answers repeat them, and the encoding."""
        found = {member: self(params[member]) for member in members if params.get(member)}
        return found | ({"EncodingType": self.kind} if self.kind else {})


def page_size(params: Mapping[str, Any], member: str, argument: str) -> int:
    """How many a page holds at most. Raises InvalidArgument."""
    size = params.get(member, LARGEST_PAGE)
    if not 0 <= size <= LARGEST_NUMBER:
        raise invalid_argument(f"Argument {argument} must be an integer between 0 and {LARGEST_NUMBER}", argument, size)
    return min(int(size), LARGEST_PAGE)


def cut(entries: Iterable[tuple[str, bool]], size: int) -> Page:
    """The first `size` of `entries`, which are keys and common prefixes."""
    page = Page()
    last = None
    for number, (name, is_prefix) in enumerate(entries):
        if number == size:
            page.last = last
            break
        (page.prefixes if is_prefix else page.keys).append(name)
        last = name
    return page


def make_token(last: str) -> str:
    """The token with which a listing goes on after the name `last`."""
    return base64.urlsafe_b64encode(b"after:" + last.encode()).decode()


def read_token(token: str) -> str:
    """The name after which to go on. Raises InvalidArgument for a token that no listing gave."""
    try:
        text = base64.urlsafe_b64decode(token.encode("ascii")).decode()
    except (ValueError, binascii.Error):
        text = ""
    if not text.startswith("after:"):
        raise invalid_argument("The continuation token provided is incorrect", "continuation-token", token)
    return text.removeprefix("after:")
