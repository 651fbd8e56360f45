"""Amazon Redshift Data API: a provisioned cluster or a serverless workgroup, whose id its name does not tell.

Source: SAR of the Redshift Data API.
"""

from __future__ import annotations

from collections.abc import Iterator

from iamsim.authorization.asked import Asked, Check
from iamsim.reference.values import is_arn


def execute_statement(asked: Asked) -> Iterator[Check]:
    """The cluster, else the workgroup."""
    workgroup = asked.get("WorkgroupName")
    if workgroup:
        yield asked.check(workgroup if is_arn(workgroup) else asked.setting.arn("redshift-serverless", "workgroup/*"))
    else:
        yield asked.check(asked.setting.arn("redshift", f"cluster:{asked.get('ClusterIdentifier', '*')}"))


batch_execute_statement = describe_table = list_databases = list_schemas = list_tables = execute_statement
