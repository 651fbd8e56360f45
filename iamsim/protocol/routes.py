"""REST routes: which operation of a service has this method, path, query string and these headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from iamsim.reference.service_model import service_model

LABEL = re.compile(r"\{([^}]+)\}")


class Route(NamedTuple):
    """One operation among those of the same method and path."""

    operation: str
    fixed: tuple[tuple[str, str], ...]  # query parameters that the path of the model has; '' stands for any value
    query: tuple[str, ...]  # required query parameters
    headers: tuple[str, ...]  # required headers, lower case
    rank: int  # among equals the lower one is meant: deprecated operations come last


class Group(NamedTuple):
    """The routes of one method and path template."""

    template: str
    routes: tuple[Route, ...]

    def choose(self, query: Mapping[str, list[str]], headers: Mapping[str, str]) -> str | None:
        """The operation that the query string and the headers select, or None."""
        best, best_score = None, (-1, -1, -1, 0)
        wanted = query["x-id"][0] if "x-id" in query else ""
        for route in self.routes:
            for key, value in route.fixed:
                if key not in query or (value and value not in query[key]):
                    break
            else:
                complete = all(name in query for name in route.query) and all(name in headers for name in route.headers)
                required = len(route.query) + len(route.headers) if complete else -1
                score = (len(route.fixed), required, route.operation == wanted, -route.rank)
                if best is None or score > best_score:
                    best, best_score = route.operation, score
        return best


class Routes:
    """All routes of one service. `prefix` is a pattern of what may stand before every path."""

    def __init__(self, model: Any, prefix: str = "") -> None:
        grouped: dict[tuple[str, str], list[Route]] = {}
        for name in model.operation_names:
            operation = model.operation_model(name)
            path, _, query = operation.http.get("requestUri", "/").partition("?")
            path = path.rstrip("/") or "/"
            grouped.setdefault((operation.http.get("method", "POST"), path), []).append(_route(operation, query))
        self.groups = {key: Group(key[1], tuple(routes)) for key, routes in grouped.items()}
        self._matchers: dict[str, tuple[re.Pattern[str], list[Group]]] = {}
        for method in {key[0] for key in self.groups}:
            groups = [group for (m, _), group in self.groups.items() if m == method]
            groups.sort(key=lambda group: _specificity(group.template))
            alternatives = "|".join(f"({path_pattern(group.template, capture=False)})" for group in groups)
            self._matchers[method] = (re.compile(f"{prefix}(?:{alternatives})/?", re.DOTALL), groups)

    def find(self, method: str, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str]) -> str | None:
        """The operation, or None. `path` is as sent, percent-encoded."""
        matcher, groups = self._matchers.get(method, (None, []))
        match = matcher.fullmatch(path) if matcher else None
        if match is None or match.lastindex is None:
            return None
        found = groups[match.lastindex - 1].choose(query, headers)
        if found is None:  # the query string fits a less specific path only
            for group in groups[match.lastindex :]:
                if re.fullmatch(path_pattern(group.template, capture=False) + "/?", path, re.DOTALL) and (
                    found := group.choose(query, headers)
                ):
                    return found
        return found


def path_pattern(template: str, *, capture: bool = True) -> str:
    """The regular expression of a path template; each label is a group, in the order of the template."""
    parts = LABEL.split(template.rstrip("/") or "/")
    pattern = ""
    for index, part in enumerate(parts):
        if index % 2:
            label = ".+" if part.endswith("+") else "[^/]+"
            pattern += f"({label})" if capture else label
        else:
            pattern += re.escape(part)
    return pattern


@lru_cache(maxsize=512)
def read_query(query: str) -> Mapping[str, list[str]]:
    """The parameters of a query string, decoded. Shared: not to be changed."""
    parameters: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, encoding="utf-8", errors="surrogateescape"):
        parameters.setdefault(name, []).append(value)
    return parameters


@cache
def routes_of(service: str) -> Routes:
    """The routes of a service by its model."""
    prefix = "(?:/[^/]+)?" if service == "apigatewaymanagementapi" else ""  # the stage of the API
    return Routes(service_model(service), prefix)


def _route(operation: Any, query: str) -> Route:
    fixed = tuple((k, v) for k, v in parse_qsl(query, keep_blank_values=True) if k != "x-id")
    required: dict[str, list[str]] = {"querystring": [], "header": []}
    shape = operation.input_shape
    for member in shape.required_members if shape is not None else ():
        traits = shape.members[member].serialization
        if traits.get("location") in required:
            required[traits["location"]].append(traits.get("name", member))
    headers = tuple(name.lower() for name in required["header"])
    return Route(operation.name, fixed, tuple(required["querystring"]), headers, int(bool(operation.deprecated)))


def _specificity(template: str) -> tuple[int, ...]:
    """Sorts literal segments before labels, labels before greedy ones, and what goes on before what ends."""
    kinds = []
    for segment in template.strip("/").split("/"):
        whole = LABEL.fullmatch(segment)
        kinds.append((3 if segment.endswith("+}") else 2) if whole else int("{" in segment))
    return (*kinds, 4)


def decode(text: str) -> str:
    """Percent-decoded once; `+` stays. Bytes that are not UTF-8 stay as surrogates, which no name may hold."""
    return unquote(text, errors="surrogateescape") if "%" in text else text
