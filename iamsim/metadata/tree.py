"""A tree of texts, as the metadata service shows it: what is below a path, or the text that is there."""

from __future__ import annotations

from collections.abc import Mapping


def look_up(leaves: Mapping[str, str], path: str) -> str | None:
    """The text at `path`, or the names below it, each on a line and with a slash where more is below; None for neither.

    A name such as `0=my-key`, which lists an index with what it stands for, is reached by its index.
    """
    wanted = [part for part in path.split("/") if part]
    names: dict[str, None] = {}
    for leaf, text in leaves.items():
        parts = leaf.split("/")
        reached = [part.partition("=")[0] if part[:1].isdigit() else part for part in parts]
        if wanted in (parts, reached):
            return text
        if wanted in (parts[: len(wanted)], reached[: len(wanted)]):
            here, is_branch = parts[len(wanted)], len(parts) > len(wanted) + 1
            names[here + "/" if is_branch and "=" not in here else here] = None
    return "\n".join(sorted(names)) if names else None
