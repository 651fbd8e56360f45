"""What callers write for a resource, made into its ARN: names, ids, paths, URLs, whole and partial ARNs.

Source: O section 5, and the documentation of the members in botocore's models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from iamsim.reference.partitions import partition_of

ACCOUNT = re.compile(r"\d{12}")
OWNER_MEMBERS = {  # by the service of the ARN, the member that says whose resource is meant; `-` is the caller's own
    "backup": "BackupVaultAccountId",
    "codeartifact": "domainOwner",
    "ecr": "registryId",
    "ecr-public": "registryId",
    "glacier": "accountId",
    "glue": "CatalogId",
    "quicksight": "AwsAccountId",
    "s3": "AccountId",
    "sqs": "QueueOwnerAWSAccountId",
}
OPEN = re.compile(r"\$\{[^}]*\}|\*")
ENCODED_ARN = re.compile(r"arn%3a", re.IGNORECASE)


class Setting(NamedTuple):
    """Where a call goes: what its ARNs have for partition, region and account."""

    partition: str
    region: str
    account: str

    @staticmethod
    def of(account: str, region: str) -> Setting:
        """The setting of a call of `account` to `region`."""
        return Setting(partition_of(region), region, account)

    def arn(self, service: str, resource: str, *, region: str | None = None, account: str | None = None) -> str:
        """The ARN of `resource`, the last part of an ARN; `region` and `account` are "" where the ARN has none."""
        region = self.region if region is None else region
        account = self.account if account is None else account
        return f"arn:{self.partition}:{service}:{region}:{account}:{resource}"

    def owned_by(self, params: Mapping[str, Any], service: str) -> Setting:
        """The setting of the account that `params` says owns the resource of `service`, else this one."""
        owner = params.get(OWNER_MEMBERS.get(service, ""))
        return self._replace(account=owner) if owner is not None and ACCOUNT.fullmatch(str(owner)) else self


def is_arn(value: Any) -> bool:
    """Whether the value is the text of an ARN."""
    return isinstance(value, str) and value.startswith("arn:") and value.count(":") >= 5


def is_of_another(value: str, template: str) -> bool:
    """Whether the value is the ARN of a resource of another service than the template's."""
    return is_arn(value) and value.split(":", 3)[2] != template.split(":", 3)[2]


def decoded(value: str) -> str:
    """The value without the percent-encoding in which some operations take ARNs."""
    return unquote(value) if ENCODED_ARN.match(value) else value


def in_template(value: str, template: str, setting: Setting) -> str | None:
    """The whole ARN that `value` is or abbreviates, for an ARN of this template; None if it is only a name.

    `123456789012:function:f` is such an abbreviation, and so is the URL of an SQS queue.
    """
    value = decoded(value)
    if is_arn(value):
        return value if reader(template).fullmatch(value) else None
    if "://" in value and ":sqs:" in template:
        parts = urlsplit(value).path.strip("/").split("/")
        is_whole = len(parts) == 2 and ACCOUNT.fullmatch(parts[0])
        return setting.arn("sqs", parts[1], account=parts[0]) if is_whole else None
    if ACCOUNT.match(value) and value[12:13] == ":":
        whole = ":".join(template.split(":", 4)[:4]) + f":{value}"
        whole = whole.replace("${Partition}", setting.partition).replace("${Region}", setting.region)
        return whole if reader(template).fullmatch(whole) else None
    return None


def name_in(value: str, variable: str, template: str) -> str:
    """What of `value` stands for `variable` of the template: without a URL's or a path's beginning."""
    value = decoded(value)
    if "://" in value:
        value = value.rstrip("/").split("/")[-1]
    if variable.endswith("WithoutLeadingSlash"):
        return value.removeprefix("/")
    before = _before(template, variable)
    if before and value.removeprefix("/").startswith(before):
        return value.removeprefix("/")[len(before) :]
    if is_arn(value) and ":" not in before:  # an ARN where a name is asked for
        return re.split(r"[:/]", value)[-1]
    return value


@lru_cache(maxsize=4096)
def _before(template: str, variable: str) -> str:
    """The word and slash that stand before the variable in the ARN: `hostedzone/` of `...:::hostedzone/${Id}`."""
    resource = template.split(":", 5)[-1]
    before = resource.split("${" + variable + "}")[0]
    return before if before.endswith("/") and "${" not in before and before != "parameter/" else ""


@lru_cache(maxsize=8192)
def reader(template: str) -> re.Pattern[str]:
    """A pattern that reads ARNs of this template; only the last variable may have colons and slashes in it."""
    parts = OPEN.split(template)
    pattern = "[^/:]*".join(re.escape(part) for part in parts[:-1])
    return re.compile(f"{pattern}.*{re.escape(parts[-1])}" if len(parts) > 1 else re.escape(template), re.DOTALL)


def texts(value: Any) -> list[str]:
    """The value or values of a member as text; none for one that is not given."""
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def texts_at(params: Mapping[str, Any], path: str) -> list[str]:
    """The values at a member's name or path as text."""
    if "." not in path:
        return texts(params.get(path))
    return [text for value in at(params, path) for text in texts(value)]


def at(params: Any, path: str) -> Iterator[Any]:
    """All values at a path such as `Targets[].EcsParameters.TaskDefinitionArn`; none where something is missing."""
    head, _, rest = path.partition(".")
    name = head.removesuffix("[]")
    value = params.get(name) if isinstance(params, Mapping) else None
    for each in value or () if head.endswith("[]") else [value]:
        if each is not None and rest:
            yield from at(each, rest)
        elif each is not None:
            yield each
