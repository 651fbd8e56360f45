"""Amazon Timestream: what a query reads or shows stands in its text.

Source: O section 4; Timestream Developer Guide, security_iam_service-with-iam, Common operations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check

NAME = r'"?([\w.-]+?)"?'
TABLE_NAME = rf'{NAME}\s*\.\s*"?([\w-]+)"?'
TABLE = re.compile(rf"\b(?:from|join)\s+{TABLE_NAME}", re.IGNORECASE)
SOURCE = re.compile(r"\bfrom\b", re.IGNORECASE)
STATEMENTS = tuple(  # other than SELECT: the action, and what the text begins with
    (action, re.compile(rf"\s*{pattern}", re.IGNORECASE))
    for action, pattern in (
        ("ListDatabases", r"show\s+databases\b"),
        ("ListTables", rf"show\s+tables\s+(?:from|in)\s+{NAME}(?:\s|;|$)"),
        ("ListMeasures", rf"show\s+measures\s+(?:from|in)\s+{TABLE_NAME}"),
        ("DescribeTable", rf"desc(?:ribe)?\s+{TABLE_NAME}"),
    )
)


def query(asked: Asked) -> Iterator[Check]:
    """What the text needs, and the endpoint, which the client must find first."""
    yield from _in_text(asked, str(asked.get("QueryString", "")))
    yield Check("timestream:DescribeEndpoints")


prepare_query = query


def _in_text(asked: Asked, text: str) -> Iterator[Check]:
    """Each table that it reads, else any; the values that it makes up itself; or what it shows."""
    for action, pattern in STATEMENTS:
        if match := pattern.match(text):
            parts = zip(("database", "table"), match.groups(), strict=False)
            path = "/".join(f"{kind}/{name}" for kind, name in parts)
            yield Check(f"timestream:{action}", asked.arn(path) if path else "*")
            return
    if text and not SOURCE.search(text):
        yield Check("timestream:SelectValues")
        return
    tables = dict.fromkeys(TABLE.findall(text))
    for database, table in tables or [("*", "*")]:
        yield Check("timestream:Select", asked.arn(f"database/{database}/table/{table}"))
