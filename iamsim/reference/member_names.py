"""Which input members name what a variable of an ARN template stands for: `QueueUrl` for `${QueueName}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

SUFFIX = re.compile(r"(?:Identifier|ARN|Arn|Name|UUID|Uuid|URL|Url|ID|Id)(?=s?$)")
ALONE = frozenset({"arn", "id", "name", "identifier", "uuid", "url"})
ANY_RESOURCE = frozenset({"", "resource", "relative", "random", "token"})  # stems that say nothing of the type
ABBREVIATED = {"app": "application"}
OTHER_WORDS = {  # variables that the members call by quite another word
    "DbClusterInstanceName": ("DBClusterIdentifier",),
    "ObjectName": ("Key",),
    "ParameterNameWithoutLeadingSlash": ("Name", "Names", "Path"),
}


@dataclass(frozen=True, slots=True)
class MemberName:
    """A member's name, `QueueUrl`, as its stem `queue` and its ending `url`; a bare noun has no ending.

    Both are in lower case and in the singular.
    """

    text: str
    stem: str
    ending: str

    @staticmethod
    @cache
    def read(text: str) -> MemberName:
        """The name `text`, cut up."""
        single = text if text.endswith(("ss", "us", "is", "ias")) else text.removesuffix("s")
        if single.lower() in ALONE:
            return MemberName(text, "", single.lower().replace("uuid", "id"))
        match = SUFFIX.search(text)
        stem = plain(text[: match.start()] if match else single)
        stem = ABBREVIATED.get(stem, stem.removeprefix("db") or stem)  # RDS says `DBSnapshot` and `Snapshot`
        return MemberName(text, stem, match[0].lower().replace("uuid", "id") if match else "")


def fit(name: MemberName, variable: str, kind: str, operation: str, is_last: bool) -> int:
    """How well the member fills `variable` of a template of the type `kind`: 0 not at all, 4 for the same name.

    1 is for a name of which one ends in the other: `actionName` for `${MitigationActionName}`.
    """
    wanted = MemberName.read(variable.removesuffix("WithPath"))
    if name.text in OTHER_WORDS.get(variable, ()) or plain(name.text) == plain(variable):
        return 4
    creates = operation.startswith("Create")
    if {name.ending, wanted.ending} == {"name", "id"} and (wanted.stem != "resource" or creates):
        return 0  # a name is no id
    if name.stem and name.stem == wanted.stem:
        return 3
    if not is_last or (wanted.stem not in ANY_RESOURCE and not wanted.ending):
        return 0
    own = plain(kind) if wanted.stem in ANY_RESOURCE else wanted.stem
    if name.stem and name.stem == plain(kind):
        return 2
    if name.stem == "" and name.ending != "arn":  # `name`, `id`: of the operation's own noun
        return int(own in plain(operation)) * 2
    if creates or name.ending != wanted.ending or not name.stem:
        return 0
    return int(name.stem.endswith(own) or own.endswith(name.stem))


def holds_arn(name: MemberName, kind: str, own_service: bool) -> int:
    """How surely the member holds the whole ARN of a resource of type `kind`: 0 not at all, 2 surely.

    1 is for one whose name ends in the type's or the reverse, such as `TaskRoleArn` or `KmsKeyId`. A bare noun holds an
    ARN in many services. `own_service`: the type is one of the operation's service, so `ResourceArn` may be of it.
    """
    own = plain(kind)
    own = ABBREVIATED.get(own, own)
    if name.stem == "resource" or (name.stem == "" and name.ending == "arn"):
        return 2 if own_service else 0
    if name.stem == own and name.ending in ("arn", ""):
        return 2
    if name.ending == "arn":
        return int(name.stem.endswith(own) or own.endswith(name.stem))
    return int((own, name.ending) in (("role", ""), ("key", "id")) and name.stem.endswith(own))


@cache
def plain(name: str) -> str:
    """The name in lower case, with letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
