"""The grammars, as data: `grammar_text("policy")` is the text of `policy.lark`."""

from __future__ import annotations

from importlib.resources import files


def grammar_text(name: str) -> str:
    """The text of the grammar `name`, without its `.lark` ending."""
    return files(__name__).joinpath(f"{name}.lark").read_text(encoding="utf-8")
