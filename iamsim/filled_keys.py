"""Which condition keys of an action iamsim fills: those that a call's context has if there is something to put there.

Nothing is claimed by hand. Calls with something in every member are asked what they need, and their contexts read; what
only state gives, such as a stored object's tags, is found in the source of the mock that gives it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

from iamsim import authorization
from iamsim.kit.loader import service_of
from iamsim.reference.tag_keys import tag_keys
from iamsim.sample_calls import sample_checks

GLOBAL = re.compile(r'"(aws:\w+)')
VARIABLE = re.compile(r"\$\{|<|tag-key$")
OF_A_TOKEN = re.compile(r"[^:]+[./][^:]+:")  # each claim of a web identity token is a key under its issuer's name
TAGS = ("aws:RequestTag/", "aws:ResourceTag/", "aws:PrincipalTag/", "aws:TagKeys")


def not_filled(service: str, operation: str, action: str, keys: Iterable[str]) -> list[str]:
    """Those of `keys`, as AWS's reference names them for `action`, that no call of the operation has."""
    own = {*_probed(service, operation).get(action, ()), *_kept(service, operation), *_global()}
    own.update(before.lower() for before in tag_keys(action, "*").of_resource)
    return [key for key in keys if not _is_among(key, own) and not (service == "sts" and OF_A_TOKEN.match(key))]


def _is_among(key: str, filled: set[str]) -> bool:
    """Whether the key is filled; of a family, such as `s3:ExistingObjectTag/<key>`, whether any is."""
    begin = VARIABLE.split(key, maxsplit=1)[0].lower()
    if begin == key.lower():
        return key.lower() in filled or (begin.startswith("saml:") and "saml:" in filled)  # by the attribute's name
    return any(each.startswith(begin) for each in filled)


@lru_cache(maxsize=2048)
def _probed(service: str, operation: str) -> dict[str, set[str]]:
    """By action, the keys in lower case that the contexts of sample calls have."""
    found: dict[str, set[str]] = defaultdict(set)
    for check in sample_checks(service, operation):
        found[check.action] |= {key.lower() for key in check.context}
    return found


def _kept(service: str, operation: str) -> set[str]:
    """Keys that the mock writes in its source, if it runs the operation: some of them only state gives."""
    mock = service_of(service)
    return _written(service, mock.definition.prefix) if operation in mock.functions else set()


@cache
def _written(service: str, prefix: str) -> set[str]:
    pattern = re.compile(rf'"((?:{re.escape(prefix)}:[\w./-]+|saml:[\w-]*))')
    folders = [Path(root) / service.replace("-", "_") for root in import_module("iamsim.mocks").__path__]
    texts = (path.read_text("utf-8") for folder in folders for path in sorted(folder.glob("*.py")))
    return {match[1].lower() for text in texts for match in pattern.finditer(text)}


@cache
def _global() -> frozenset[str]:
    """AWS's own keys that are filled for every caller who has them, and tags."""
    return frozenset(key.lower() for key in (*_named_in_sources(), *TAGS))


def _named_in_sources() -> Iterator[str]:
    for path in sorted(Path(str(authorization.__file__)).parent.glob("*.py")):
        for match in GLOBAL.finditer(path.read_text("utf-8")):
            yield match[1]
