"""Amazon Timestream: the tables of a query stand in its text. Source: O section 4."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check

TABLE = re.compile(r"""\b(?:from|join)\s+"?([\w.-]+?)"?\s*\.\s*"?([\w-]+)"?""", re.IGNORECASE)


def query(asked: Asked) -> Iterator[Check]:
    """Each table that the query reads, else any; and the endpoint, which the client must find first."""
    tables = dict.fromkeys(TABLE.findall(str(asked.get("QueryString", ""))))
    for database, table in tables or [("*", "*")]:
        yield Check("timestream:Select", asked.arn(f"database/{database}/table/{table}"))
    yield Check("timestream:DescribeEndpoints")


prepare_query = query
