"""Which input members name what a variable of an ARN template stands for: `QueueUrl` for `${QueueName}`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

SUFFIX = re.compile(r"(?:Identifier|ARN|Arn|Name|UUID|Uuid|URL|Url|ID|Id)(?=s?$)")
ENDINGS = {"identifier": "id", "uuid": "id"}  # words for the same
ALONE = frozenset({"arn", "id", "name", "identifier", "uuid", "url"})
ANY_RESOURCE = frozenset({"", "resource", "resourcepath", "relative", "random", "token"})  # stems that say no type
MAKE = ("Create", "Submit", "Start", "Run", "Request", "Register", "Import", "Invoke")
HOLDERS = ("", "input", "config", "configuration", "definition", "details", "request")  # `TableInput` holds a table's
ABBREVIATED = {"app": "application"}
OTHER_WORDS = {  # variables that the members call by quite another word
    "DbClusterInstanceName": ("DBClusterIdentifier",),
    "ObjectName": ("Key",),
    "ParameterNameWithoutLeadingSlash": ("Name", "Names", "Path"),
}


@dataclass(frozen=True, slots=True)
class MemberName:
    """A member's name, `QueueUrl`, as its stem `queue` and its ending `url`; a bare noun has no ending.

    Both are in lower case and in the singular. `within` is the stem of the structure that the member stands in, "" for
    one of the input itself; `text` is then the path, such as `pipeline.name` or `Entries[].Id`.
    """

    text: str
    stem: str
    ending: str
    within: str = ""

    @staticmethod
    @cache
    def read(text: str) -> MemberName:
        """The name or path `text`, cut up."""
        outer, _, last = text.rpartition(".")
        within = _stem_of_a_structure(outer.rpartition(".")[2]) if outer else ""
        single = last if last.endswith(("ss", "us", "is", "ias")) else last.removesuffix("s")
        if single.lower() in ALONE:
            return MemberName(text, "", ENDINGS.get(single.lower(), single.lower()), within)
        match = SUFFIX.search(last)
        stem = plain(last[: match.start()] if match else single)
        stem = ABBREVIATED.get(stem, stem.removeprefix("db") or stem)  # RDS says `DBSnapshot` and `Snapshot`
        ending = match[0].lower() if match else ""
        return MemberName(text, stem, ENDINGS.get(ending, ending), within)


def fit(name: MemberName, variable: str, kind: str, operation: str, is_last: bool) -> int:
    """How well the member fills `variable` of a template of the type `kind`: 0 not at all, 4 for the same name.

    5 is for the type's own name where the variable has a shorter one, 1 for a name of which one ends in the other:
    `actionName` for `${MitigationActionName}`.
    """
    wanted = MemberName.read(variable.removesuffix("WithPath"))
    if not name.within and (name.text in OTHER_WORDS.get(variable, ()) or plain(name.text) == plain(variable)):
        return 4
    creates = operation.startswith("Create")
    if name.stem.startswith("tagkey"):
        return 0
    if is_last and not name.within and name.ending == wanted.ending and _says_more(name.stem, wanted.stem, kind):
        return 5  # `MultiRegionClusterName`, where the template of that type only says `${ClusterName}`
    is_called_id = wanted.ending == "id" and not variable.endswith("Identifier")
    if name.ending == "name" and is_called_id and (wanted.stem != "resource" or creates):
        return 0  # a name is no id; many templates say name where they mean an id
    if name.within and name.ending != "name" and makes(operation, kind):
        return 0  # what has no id yet
    if name.stem and name.stem == wanted.stem:
        return 3
    if name.within:
        return _fit_within(name, wanted, kind)
    if not is_last and name.stem == "" and name.ending == wanted.ending == "name" and wanted.stem == plain(kind):
        return 2 * int(makes(operation, kind))  # the name of what is made, which an id stands behind
    if not is_last:  # a parent: `vectorBucketName` for `${BucketName}`
        is_such = wanted.ending != "" and wanted.stem not in ANY_RESOURCE
        return int(is_such and name.ending == wanted.ending and name.stem.endswith(wanted.stem))
    if wanted.stem not in ANY_RESOURCE and not wanted.ending:
        return 0
    own = plain(kind) if wanted.stem in ANY_RESOURCE else wanted.stem
    if name.stem and name.stem == plain(kind):
        return 2
    if name.stem == "" and name.ending != "arn":  # `name`, `id`: of the operation's own noun
        return int(own in plain(operation)) * 2
    if creates and name.stem == plain(operation.removeprefix("Create")) and name.ending == wanted.ending:
        return 2 * int(name.stem.endswith(own))  # `ClusterSubnetGroupName` of CreateClusterSubnetGroup
    if creates or name.ending not in (wanted.ending, "") or not name.stem:
        return 0
    if not name.ending and wanted.ending:  # a bare noun: `EmailIdentity` for `${IdentityName}`, and for no id
        return int(wanted.ending == "name" and wanted.stem not in ANY_RESOURCE and name.stem.endswith(own))
    return int(name.stem.endswith(own) or own.endswith(name.stem))


def _says_more(stem: str, wanted: str, kind: str) -> bool:
    return stem == plain(kind) != wanted and (wanted in ANY_RESOURCE or stem.endswith(wanted))


def makes(operation: str, kind: str) -> bool:
    """Whether the operation makes a resource of the type: `SubmitJob` does."""
    verb = next((each for each in MAKE if operation.startswith(each)), None)
    return verb is not None and plain(operation[len(verb) :]) == plain(kind)


def _fit_within(name: MemberName, wanted: MemberName, kind: str) -> int:
    """The same of a member that is called only `name` or `id`, in a structure that is about the resource."""
    if name.stem or name.ending == "arn":
        return 0
    owns = {wanted.stem or plain(kind), plain(kind)}
    return 4 if any(name.within == own + holder for own in owns for holder in HOLDERS) else 0


def holds_arn(name: MemberName, kind: str, operation: str, own_service: bool) -> int:
    """How surely the member holds the whole ARN of a resource of type `kind`: 0 not at all, 2 surely.

    1 is for one whose name ends in the type's or the reverse, such as `TaskRoleArn` or `KmsKeyId`. A bare noun holds an
    ARN in many services. `own_service`: the type is one of the operation's service, so `ResourceArn` may be of it.
    """
    own = plain(kind)
    own = ABBREVIATED.get(own, own)
    if name.stem == "resource" or (name.stem == "" and name.ending == "arn"):
        return 2 if own_service and (not name.within or name.within == own) else 0
    if name.within:
        return int(name.stem == own and name.ending == "arn" and not makes(operation, kind)) * 2
    if name.stem == own and name.ending in ("arn", ""):
        return 2
    if name.ending == "arn":
        return int(name.stem.endswith(own) or own.endswith(name.stem))
    return int((own, name.ending) in (("role", ""), ("key", "id")) and name.stem.endswith(own))


def _stem_of_a_structure(name: str) -> str:
    single = name.removesuffix("[]").removesuffix("s") if name.endswith("s[]") else name.removesuffix("[]")
    return plain(single)


@cache
def plain(name: str) -> str:
    """The name in lower case, with letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
