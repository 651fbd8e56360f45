"""`assert_matrix`: who may do what on what, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iamsim.errors import UsageError
from iamsim.policy import Evaluation
from iamsim.testing.acting import Actor
from iamsim.testing.questions import Context, question
from iamsim.tools.action_names import meant_by
from iamsim.tools.expectation import told

__unittest = True  # unittest leaves frames of such modules out of its tracebacks
EXPLAINED = 3  # wrong cells that are explained in full
WORDS = {"allow": True, "allowed": True, "yes": True, "deny": False, "denied": False, "no": False}
UNASKED = "-"

Key = tuple[str, str, str]  # principal, action, resource
Table = str | Mapping[Key, "bool | str"]


def assert_matrix(
    table: Table,
    *,
    principals: Mapping[str, str | Actor | Mapping[str, Any]] | None = None,
    context: Context | None = None,
) -> None:
    """Fails, showing the whole table with the wrong cells marked, unless every cell is as expected.

    ```python
    assert_matrix('''
                                               alice    app
        s3:GetObject    arn:aws:s3:::orders/1  allow    allow
        s3:DeleteObject arn:aws:s3:::orders/1  deny     -
    ''')
    ```

    The first line names the principals; each other line has an action (or a pattern, which means all of its actions), a
    resource and a cell for each of them: `allow`, `deny`, or `-` for no matter. The table may also be
    `{(principal, action, resource): True or False}`. `principals` says who a name means: an Actor, an ARN, or the
    documents that `assert_allowed` takes.
    """
    __tracebackhide__ = True
    cells = _read(table) if isinstance(table, str) else {key: _expected(value, key) for key, value in table.items()}
    if not cells:
        raise UsageError("the table of `assert_matrix` has no cells")
    found = {key: _ask(key, principals or {}, context) for key, wanted in cells.items() if wanted is not None}
    wrong = [key for key, evaluations in found.items() if any(each.allowed is not cells[key] for each in evaluations)]
    if wrong:
        raise AssertionError(_report(cells, found, wrong))


def _ask(key: Key, principals: Mapping[str, Any], context: Context | None) -> list[Evaluation]:
    """The decision on the action, or on each that a pattern means."""
    name, pattern, resource = key
    who, documents = principals.get(name, name), {}
    if isinstance(who, Mapping):
        documents = {member: value for member, value in who.items() if member != "principal"}
        who = who.get("principal", name)
    return [question(who, action, resource, context, documents) for action in meant_by(pattern, resource)]


def _read(text: str) -> dict[Key, bool | None]:
    """The cells of a table in text. Raises UsageError that names the line."""
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, words) for number, words in lines if words and not words[0].startswith("#")]
    if not lines:
        return {}
    names = lines[0][1]
    cells: dict[Key, bool | None] = {}
    for number, words in lines[1:]:
        if len(words) != 2 + len(names):
            raise UsageError(
                f"line {number} of the table: an action, a resource and {len(names)} cells are wanted "
                f"({', '.join(names)}), there are {len(words)} words: `{' '.join(words)}`"
            )
        for name, cell in zip(names, words[2:], strict=True):
            key = name, words[0], words[1]
            cells[key] = _expected(cell, key)
    return cells


def _expected(cell: bool | str, key: Key) -> bool | None:
    if isinstance(cell, bool):
        return cell
    if cell == UNASKED:
        return None
    if cell.lower() not in WORDS:
        raise UsageError(f"cell `{cell}` ({' '.join(key)}): write `allow`, `deny`, or `-` for no matter")
    return WORDS[cell.lower()]


def _report(cells: Mapping[Key, bool | None], found: Mapping[Key, list[Evaluation]], wrong: list[Key]) -> str:
    names = list(dict.fromkeys(name for name, _, _ in cells))
    rows = list(dict.fromkeys((action, resource) for _, action, resource in cells))
    table = [["", "", *names]]
    for action, resource in rows:
        table.append([action, resource, *(_cell((name, action, resource), cells, found) for name in names)])
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    asked = sum(wanted is not None for wanted in cells.values())
    verb = "is" if len(wrong) == 1 else "are"
    parts = [f"{len(wrong)} of {asked} cells {verb} not as expected (marked >>)\n", *lines]
    for key in wrong[:EXPLAINED]:
        problem = "expected to be allowed, is denied" if cells[key] else "expected to be denied, is allowed"
        evaluation = next(each for each in found[key] if each.allowed is not cells[key])
        parts.append("\n" + told(evaluation, problem))
    if len(wrong) > EXPLAINED:
        parts.append(f"\n... and {len(wrong) - EXPLAINED} more")
    return "\n".join(parts)


def _cell(key: Key, cells: Mapping[Key, bool | None], found: Mapping[Key, list[Evaluation]]) -> str:
    wanted = cells.get(key)
    if wanted is None:
        return UNASKED
    answers = {each.allowed for each in found[key]}
    word = "some" if len(answers) > 1 else "allow" if True in answers else "deny"
    return word if answers == {wanted} else f">> {word}"
