"""Lists in one HTTP header: items parted by commas, quoted where they hold a comma or a quote."""

from __future__ import annotations

from collections.abc import Iterable


def split_list(text: str) -> list[str]:
    """The items of `a, "b,c", d`."""
    if '"' not in text:
        return [item.strip() for item in text.split(",")] if text else []
    items, item, quoted, escaped, was_quoted = [], "", False, False, False
    for index, character in enumerate(text):
        if escaped:
            item, escaped = item + character, False
        elif (
            quoted and character == "\\" and text[index + 1 : index + 2] in ('"', "\\")
        ):  # botocore escapes only quotes
            escaped = True
        elif character == '"' and (quoted or not item.strip()):
            quoted, was_quoted = not quoted, True
            item = item if not quoted else ""
        elif character == "," and not quoted:
            items.append(item if was_quoted else item.strip())
            item, was_quoted = "", False
        elif not (was_quoted and not quoted):
            item += character
    items.append(item if was_quoted else item.strip())
    return items


def split_dates(text: str) -> list[str]:
    """The items of a list of RFC 822 dates, each of which holds a comma."""
    parts = text.split(",")
    return [",".join(parts[index : index + 2]).strip() for index in range(0, len(parts), 2)]


def join_list(items: Iterable[str]) -> str:
    """The items as one header value."""
    quoted = []
    for item in items:
        if "," in item or '"' in item:
            item = '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'
        quoted.append(item)
    return ",".join(quoted)
