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
VARIABLE = re.compile(r"\$\{([^}]*)\}")
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

    @property
    def variables(self) -> dict[str, str]:
        """What the variables of ARN templates stand for that the request itself fills."""
        return {"Partition": self.partition, "Region": self.region, "Account": self.account}

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


class CopySource(NamedTuple):
    """What S3's `CopySource` names: a bucket's name or the ARN of an access point, a key, perhaps a version."""

    bucket: str
    key: str
    version: str | None

    @property
    def is_by_access_point(self) -> bool:
        """Whether the object is named by way of an access point."""
        return is_arn(self.bucket)


def copy_source(value: str) -> CopySource:
    """The parts of `BUCKET/KEY?versionId=V`, percent-encoded or not, or of `ARN/object/KEY` of an access point."""
    path, _, version = value.partition("?versionId=")
    path = unquote(path).removeprefix("/")
    bucket, _, key = path.partition("/object/") if is_arn(path) else path.partition("/")
    return CopySource(bucket, key, version or None)


def arn_of(value: str, template: str, setting: Setting) -> str:
    """The ARN of the resource that `value` names, by a template that has one variable of its own.

    The value may be the ARN itself, a part of it, a name, a path or a URL. Invariants: the ARN of an ARN is that ARN;
    a resource's name and its ARN give the same; the ARN is in the partition of the setting's region.
    """
    whole = in_template(value, template, setting)
    if whole is not None:
        return whole
    own = next(each for each in VARIABLE.findall(template) if each not in setting.variables)
    filled = {**setting.variables, own: name_in(value, own, template)}
    return VARIABLE.sub(lambda match: filled[match[1]], template)


def in_template(value: str, template: str, setting: Setting) -> str | None:
    """The whole ARN that `value` is or abbreviates, for an ARN of this template; None if it is only a name.

    `123456789012:function:f` is such an abbreviation, and so is the URL of an SQS queue.
    """
    if template.endswith("${CopySource}"):
        source = copy_source(value)
        if source.is_by_access_point:
            return f"{source.bucket}/object/{source.key}"
        return setting.arn("s3", f"{source.bucket}/{source.key}", region="", account="")
    value = decoded(value)
    if is_arn(value):
        return value if reader(template).fullmatch(value) else None
    if "://" in value and ":sqs:" in template:
        parts = urlsplit(value).path.strip("/").split("/")
        is_whole = len(parts) == 2 and ACCOUNT.fullmatch(parts[0])
        return setting.arn("sqs", parts[1], account=parts[0]) if is_whole else None
    if ACCOUNT.match(value) and value[12:13] == ":":
        head = ":".join(template.split(":", 4)[:4])
        head = head.replace("${Partition}", setting.partition).replace("${Region}", setting.region)
        account, _, name = value.partition(":")
        given = [f"{head}:{value}"] + [f"{head}:{account}:{_word(template)}:{name}"] * (":" not in name)
        return next((whole for whole in given if reader(template).fullmatch(whole)), None)
    return None


def name_in(value: str, variable: str, template: str) -> str:
    """What of `value` stands for `variable` of the template: without a URL's or a path's beginning."""
    value = decoded(value)
    if "://" in value:
        value = value.rstrip("/").split("/")[-1]
    if variable.endswith("WithoutLeadingSlash"):
        return value.removeprefix("/")
    before = _before(template, variable)
    if before and value.removeprefix("/").startswith(before.removeprefix("/")):
        return value.removeprefix("/")[len(before.removeprefix("/")) :]
    word = _word(template)
    if word and value.startswith(f"{word}:"):  # `function:f`
        return value.partition(":")[2]
    if is_arn(value) and ":" not in before:  # an ARN where a name is asked for
        return re.split(r"[:/]", value)[-1]
    return value


@lru_cache(maxsize=4096)
def _before(template: str, variable: str) -> str:
    """The word and slash that stand before the variable in the ARN: `hostedzone/` of `...:::hostedzone/${Id}`."""
    resource = template.split(":", 5)[-1]
    before = resource.split("${" + variable + "}")[0]
    return before if before.endswith("/") and "${" not in before and before != "parameter/" else ""


@lru_cache(maxsize=4096)
def _word(template: str) -> str:
    """The word and colon that the ARN's resource begins with: `function` of `...:function:${FunctionName}`, else ""."""
    word, separator, rest = template.split(":", 5)[-1].partition(":")
    return word if separator and rest.startswith("${") and "$" not in word and "/" not in word else ""


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


def arns_in(value: Any) -> list[str]:
    """The ARNs among the texts in `value`, at any depth, each once."""
    return list(dict.fromkeys(_arns_in(value)))


def _arns_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if is_arn(value):
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _arns_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _arns_in(inner)


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
