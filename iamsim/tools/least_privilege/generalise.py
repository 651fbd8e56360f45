"""What of a resource's name is of this run alone, and the pattern that stands for it: the rules, in a table.

A rule looks at the part of the ARN behind the account. Where it finds nothing that only a machine would have made up,
it leaves the name as it is: a name that is kept is a longer review, a pattern too wide is a hole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from iamsim.arn import Arn

START, END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is replaced, in which services (all: none named), by what; and an example, which the tests hold it to."""

    name: str
    found: re.Pattern[str]
    pattern: str
    example: tuple[str, str]
    services: tuple[str, ...] = ()


def _rule(name: str, found: str, pattern: str, before: str, after: str, services: Sequence[str] = ()) -> Rule:
    return Rule(name, re.compile(found), pattern, (before, after), tuple(services))


RULES = (
    _rule(
        "an object key: everything below its last slash",
        r"^([^/]+/(?:.*/)?)[^/]*$", r"\1*",
        "orders/2026/1.json", "orders/2026/*", ["s3"],
    ),
    _rule(
        "Secrets Manager's suffix",
        r"^(secret:.+)-[A-Za-z0-9]{6}$", r"\1-??????",
        "secret:db/password-a1B2c3", "secret:db/password-??????", ["secretsmanager"],
    ),
    _rule(
        "a log stream",
        r"^(log-group:.+:log-stream:).+$", r"\1*",
        "log-group:/aws/lambda/f:log-stream:2026/01/02/[$LATEST]0a1b", "log-group:/aws/lambda/f:log-stream:*", ["logs"],
    ),
    _rule(
        "a session's name",
        r"^((?:assumed-role/[^/]+|federated-user)/).+$", r"\1*",
        "assumed-role/app/i-0123456789abcdef0", "assumed-role/app/*", ["sts"],
    ),
    _rule(
        "a UUID",
        START + r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}" + END, "*",
        "key/0f8fad5b-d9cb-469f-a165-70867728950e", "key/*",
    ),
    _rule(
        "an id of 8 or 17 hexadecimal digits behind the word for its kind",
        START + r"([a-z]{1,12})-(?:[0-9a-f]{17}|[0-9a-f]{8})" + END, r"\1-*",
        "instance/i-0123456789abcdef0", "instance/i-*",
        ["ec2", "elasticfilesystem", "elasticloadbalancing", "fsx"],
    ),
    _rule(
        "an IAM unique id",
        START + r"A(?:BIA|CCA|GPA|IDA|IPA|KIA|NPA|NVA|PKA|ROA|SCA|SIA)[A-Z2-7]{16,17}" + END, "*",
        "uploads/AIDAQWERTYUIOPASDFGH3/", "uploads/*/",
    ),
    _rule(
        "a digest, or 32 and more hexadecimal digits",
        START + r"[0-9a-fA-F]{32,128}" + END, "*",
        "cache-9e107d9d372bb6826bd81d3542a419d6", "cache-*",
    ),
    _rule(
        "CloudFormation's suffix",
        r"-(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{12,13}" + END, "-*",
        "role/shop-Worker-1ABC2DEF3GHI4", "role/shop-Worker-*",
    ),
    _rule(
        "a date with a time",
        START + r"(?:19|20)[0-9]{2}-?[01][0-9]-?[0-3][0-9][T_-]?[0-2][0-9][:-]?[0-5][0-9](?:[:-]?[0-5][0-9])?"
        r"(?:\.[0-9]+)?Z?" + END, "*",
        "backup-2026-01-02T03:04:05Z", "backup-*",
    ),
    _rule(
        "a date",
        START + r"(?:19|20)[0-9]{2}(-?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])" + END, "*",
        "export/2026-01-02/part", "export/*/part",
    ),
    _rule(
        "seconds or milliseconds since the epoch",
        START + r"1[0-9]{9}(?:[0-9]{3})?" + END, "*",
        "table/events-1767323045", "table/events-*",
    ),
    _rule(
        "a random suffix: 6 or more hexadecimal digits, letters and figures among them",
        r"([-_.])(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{6,31}" + END, r"\1*",
        "jobs-3f2a9c", "jobs-*",
    ),
)  # fmt: skip


def generalised(resource: str, account: str) -> str:
    """The pattern for a resource that a principal of `account` used, in any account of its own and any Region.

    Another account's number stays: to reach into it was meant.
    """
    if not Arn.looks_like(resource):
        return resource
    arn = Arn.parse(resource)
    rest = REGION.sub("*", written(resource))
    if account:
        rest = re.sub(rf"(?<![0-9]){account}(?![0-9])", "*", rest)
    for rule in RULES:
        if not rule.services or arn.service in rule.services:
            rest = rule.found.sub(rule.pattern, rest)
    owner = "*" if account and arn.account == account else arn.account
    return str(Arn(arn.partition, arn.service, "*" if arn.region else "", owner, re.sub(r"\*{2,}", "*", rest)))


def exact(resource: str) -> str:
    """The pattern for this resource alone."""
    if not Arn.looks_like(resource):
        return resource
    return str(Arn.parse(resource)._replace(resource=written(resource)))


def written(resource: str) -> str:
    """The last part of an ARN as a policy writes it.

    In an object's key `*`, `?` and `$` are text. Elsewhere they cannot be part of a name: a star is what is not yet
    named, such as the instance that RunInstances makes.
    """
    arn = Arn.parse(resource)
    if arn.service != "s3" or "/" not in arn.resource:
        return arn.resource
    bucket, _, key = arn.resource.partition("/")
    return f"{bucket}/" + re.sub(r"[*?]|\$(?=\{)", r"${\g<0>}", key)


REGION = re.compile(
    START + r"(?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(?:central|(?:north|south)?(?:east|west)?)-[1-9]" + END
)
