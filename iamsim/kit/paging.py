"""Pages of a list, cut as botocore's paginators join them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from iamsim.errors import ApiError

if TYPE_CHECKING:
    from iamsim.kit.call import Call


def page(call: Call, items: Sequence[Any], default_limit: int | None) -> dict[str, Any]:
    """The page that the call's token and limit ask for, under the names of the operation's paginator.

    Source: the `paginators-1` data of botocore. Raises the service's validation error for a token that was not handed
    out.
    """
    config = call.service.paginators.get(call.operation.name)
    if config is None:
        raise LookupError(f"botocore has no paginator for {call.operation.name}: cut the page by hand")
    token_in, token_out, result = (_first(config[key]) for key in ("input_token", "output_token", "result_key"))
    start = _offset(call.params.get(token_in), call.definition.validation or "ValidationException")
    limit = call.params.get(config.get("limit_key", ""))
    size = int(limit) if limit is not None else default_limit
    end = len(items) if not size or size < 0 else min(start + size, len(items))
    reply: dict[str, Any] = {result: list(items[start:end])}
    more = end < len(items)
    if "more_results" in config:
        reply[config["more_results"]] = more
    if more:
        reply[token_out] = base64.urlsafe_b64encode(f"after:{end}".encode()).decode()
    return reply


def paging_members(paginator: Mapping[str, Any]) -> frozenset[str]:
    """The input members with which a call asks for a page."""
    tokens = paginator.get("input_token", [])
    limit = paginator.get("limit_key")
    return frozenset([tokens] if isinstance(tokens, str) else tokens) | ({limit} if limit else frozenset())


def _first(names: Any) -> str:
    """A paginator's name; of several, the first; of `NextMarker || Contents[-1].Key`, the first alternative."""
    name = names[0] if isinstance(names, list) else names
    return str(name).split(" ||")[0]


def _offset(token: str | None, code: str) -> int:
    if token is None:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(token).decode().partition(":")
        if word == "after":
            return int(number)
    except (ValueError, binascii.Error):
        pass
    raise ApiError("The pagination token is not valid.", code=code, status=400)
