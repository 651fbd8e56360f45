"""Tags as requests carry them: a map, or a list of pairs under one of AWS's four spellings."""

from __future__ import annotations

from typing import Any

PAIRS = (("Key", "Value"), ("key", "value"), ("TagKey", "TagValue"), ("tagKey", "tagValue"))


def tags_in(value: Any) -> dict[str, str]:
    """The tags that `value` carries, whichever way AWS's services spell them; {} for anything else."""
    if isinstance(value, dict):
        inner = value.get("TagSet") or value.get("Tags") or value.get("Items") or value.get("tags")
        return tags_in(inner) if isinstance(inner, list | dict) else {str(k): str(v) for k, v in value.items()}
    found: dict[str, str] = {}
    for pair in value if isinstance(value, list) else ():
        if isinstance(pair, dict):
            for key, text in PAIRS:
                if key in pair:
                    found[pair[key]] = pair.get(text) or ""
    return found
