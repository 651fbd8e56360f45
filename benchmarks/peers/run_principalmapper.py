"""principalmapper: its local policy simulation, with all policies given as its own objects."""

from __future__ import annotations

import collections
import collections.abc
from typing import Any

import timing

for name in ("Mapping", "MutableMapping", "Sequence", "OrderedDict"):  # it was written for Python before 3.10
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))

from principalmapper.common import Node, Policy  # noqa: E402
from principalmapper.querying.query_interface import local_check_authorization_full  # noqa: E402


def prepare(case: dict[str, Any]) -> Any:
    given, who = case["policies"], case["principal"]

    def policy(number: int, document: dict[str, Any]) -> Any:
        return Policy(f"arn:aws:iam::{case['account']}:policy/p{number}", f"p{number}", document)

    boundary = policy(99, given["boundary"]) if given["boundary"] else None
    attached = [policy(number, document) for number, document in enumerate(given["identity"])]
    node = Node(who, "AIDA", attached, [], None, None, 0, False, False, boundary, False, {})
    scps = (
        [[policy(number, one) for number, one in enumerate(level)] for level in given["scps"]]
        if given["scps"]
        else None
    )

    def decide(request: tuple[str, str, dict[str, str]]) -> bool:
        owner = case["account"] if given["resource"] else None
        return bool(local_check_authorization_full(node, *request, given["resource"], owner, scps))

    return decide, lambda action, resource, address: (action, resource, timing.context_of(case, address))


timing.main(prepare)
