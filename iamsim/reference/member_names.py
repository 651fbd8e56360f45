"""Which input members name what a variable of an ARN template stands for: `QueueUrl` for `${QueueName}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

SUFFIX = re.compile(r"(?:Identifier|ARN|Arn|Name|UUID|Uuid|URL|Url|ID|Id)(?=s?$)")
ALONE = frozenset({"arn", "id", "name", "identifier", "uuid", "url"})
ANY_RESOURCE = frozenset({"", "resource", "relative", "random", "token"})  # stems that say nothing of the type
OTHER_WORDS = {  # variables that the members call by quite another word
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
        if match:
            return MemberName(text, plain(text[: match.start()]), match[0].lower().replace("uuid", "id"))
        return MemberName(text, plain(single), "")


def fit(name: MemberName, variable: str, kind: str, operation: str, is_last: bool) -> int:
    """How well the member fills `variable` of a template of the type `kind`: 0 not at all, 4 for the same name."""
    wanted = MemberName.read(variable)
    if name.text in OTHER_WORDS.get(variable, ()) or plain(name.text) == plain(variable):
        return 4
    if {name.ending, wanted.ending} == {"name", "id"}:
        return 0  # a name is no id
    if name.stem and name.stem == wanted.stem:
        return 3
    if not is_last or (wanted.stem not in ANY_RESOURCE and not wanted.ending):
        return 0
    if name.stem and name.stem == plain(kind):
        return 2
    if name.stem == "" and name.ending != "arn":  # `name`, `id`: of the operation's own noun
        own = plain(kind) if wanted.stem in ANY_RESOURCE else wanted.stem
        return int(own in plain(operation))
    return 0


def holds_arn(name: MemberName, kind: str, loosely: bool) -> bool:
    """Whether the member may hold the whole ARN of a resource of type `kind`; a bare noun does in many services.

    `loosely`: also one whose name ends in the type's, such as `TaskRoleArn` or `KmsKeyId`.
    """
    own = plain(kind)
    if name.stem == "resource" or (name.stem == "" and name.ending == "arn"):
        return True
    if name.ending in ("arn", ""):
        same = name.stem == own
    else:
        same = loosely and name.ending == "id" and own == "key" and name.stem == own
    return same or (loosely and name.stem.endswith(own) and (name.ending == "arn" or (own, name.ending) in _LOOSE))


_LOOSE = {("role", ""), ("key", "id")}


@cache
def plain(name: str) -> str:
    """The name in lower case, with letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
