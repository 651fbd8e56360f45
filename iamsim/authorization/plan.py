"""What AWS's reference and the rules of `planned/` say that a call must be allowed, where no mock says otherwise.

A resource that a mock has located stands in place of the ARN that the input's names would give by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from iamsim.authorization.asked import WILD, Asked, Check, matcher
from iamsim.authorization.outline import Outline, known_access, rule_of, rules_of
from iamsim.authorization.planned_kms import kms_checks
from iamsim.authorization.planned_roles import passed_roles
from iamsim.authorization.planned_tags import MAKES, READS, tags_of
from iamsim.reference.actions import action
from iamsim.reference.default_access import NeededAction
from iamsim.reference.resource_templates import ResourceTemplate
from iamsim.reference.values import reader
from iamsim.request import Target

OPEN = re.compile(r"\$\{[^}]*\}|\*")

__all__ = ["beside", "from_outside", "known_access", "main_checks", "rule_of", "rules_of", "tagging"]


def main_checks(asked: Asked, known: Outline) -> list[Check]:
    """The operation's own actions on the resources that the call names: by its rule, else by the reference."""
    located = asked.located
    if known.rule is not None:
        return _located(asked, located, list(known.rule(asked)))
    if len(known.main) == 1 and known.refine is None and _says_all(asked, known.main[0], located):
        return [Check(known.main[0].action, target.arn, target=target) for target in located]
    checks = [check for needed in known.main for check in _on_resources(needed, asked, located)]
    return _located(asked, located, list(known.refine(asked, checks)) if known.refine is not None else checks)


def tagging(asked: Asked, known: Outline, checks: list[Check]) -> Iterator[Check]:
    """To tag what the call makes, if it brings tags (O section 7); not if `checks` say so already."""
    if not known.tagging or not tags_of(asked):
        return
    given, located = {check.action for check in checks}, asked.located
    for needed in known.tagging:
        if needed.action not in given:
            key = f"{asked.prefix}:CreateAction"
            context = {key: asked.operation} if key in needed.condition_keys else {}
            for check in _tagged(needed, asked, located, checks):
                yield Check(needed.action, check.resource, dict(context), check.target)


def beside(asked: Asked, known: Outline, checks: list[Check]) -> Iterator[Check]:
    """Further actions that the reference says depend on the operation's, on what the input names in full (O-6)."""
    given = {check.action for check in checks} if known.beside else set()
    for needed in known.beside:
        if needed.action not in given and _names_all(needed, asked):
            yield from _on_resources(needed, asked, asked.located)


def from_outside(asked: Asked, known: Outline) -> Iterator[Check]:
    """What other services ask for: to pass a role, to use a key, and what this service forwards."""
    if known.may_hold_roles:
        yield from passed_roles(asked, known.access)
    if known.may_hold_keys:
        yield from kms_checks(asked, known.access, known.encrypted(asked) if known.encrypted is not None else {})
    if known.forwarded is not None:
        yield from known.forwarded(asked)


def _says_all(asked: Asked, needed: NeededAction, located: Sequence[Target]) -> bool:
    """Whether the action is about one type of resource, and what a mock located is of that type."""
    if len(needed.resources) != 1 or not located:
        return False
    [template] = needed.resources
    is_meant = template.is_named or not any(_makes_another(asked, target) for target in located)
    return is_meant and all(target.kind == template.type for target in located)


def _on_resources(needed: NeededAction, asked: Asked, located: Sequence[Target]) -> list[Check]:
    """The action on each resource that the call names, as located where a mock has located it."""
    arns = arns_of(needed, asked)
    if not located or not needed.resources:
        return [Check(needed.action, arn) for arn in arns]
    request = _request(asked)
    targets: dict[str, Target | None] = dict.fromkeys(arns)
    for template, found in _by_template(needed.resources, located):
        if not template.is_named and _makes_another(asked, found[0]):
            continue
        guessed = {*template.arns(asked.params, request), template.of_any(request)}
        if template.is_named and guessed.isdisjoint(targets):
            continue  # a finer type, or a whole ARN, says what is meant
        for other in needed.resources:  # what the same member might have named instead, it did not
            if other is not template and other.is_named and other.all_members <= template.all_members:
                guessed.add(other.of_any(request))
        targets = dict(_instead(targets, guessed | {"*"}, {target.arn: target for target in found}))
    return [Check(needed.action, arn, target=target) for arn, target in targets.items()]


def _instead(
    targets: dict[str, Target | None], guessed: set[str], found: dict[str, Target]
) -> Iterator[tuple[str, Target | None]]:
    """`targets` with what was found in place of the first guess, and without the other guesses."""
    for arn, target in targets.items():
        if arn in guessed:
            yield from found.items()
            found = {}
        else:
            yield arn, target
    yield from found.items()


def _by_template(
    templates: Iterable[ResourceTemplate], located: Iterable[Target]
) -> Iterator[tuple[ResourceTemplate, list[Target]]]:
    """Each template with the located resources of its type: that of the noun's name, else that of the closest form."""
    found: dict[ResourceTemplate, list[Target]] = {}
    for target in located:
        fitting = [each for each in templates if each.type == target.kind]
        fitting = fitting or [each for each in templates if reader(each.text).fullmatch(target.arn)]
        if fitting:
            best = max(fitting, key=lambda each: len(OPEN.sub("", each.text)))
            found.setdefault(best, []).append(target)
    yield from found.items()


def _located(asked: Asked, located: Sequence[Target], checks: list[Check]) -> list[Check]:
    """The checks with the resources that a mock located: one for each that a pattern of ours matches."""
    if not located:
        return checks
    found: list[Check] = []
    for check in checks:
        if not check.action.startswith(f"{asked.prefix}:"):
            found.append(check)
            continue
        matching = []
        if check.resource != "*" and WILD.search(check.resource):
            fits = matcher(check.resource).fullmatch
            among = located if check.target is None else [check.target]
            matching = [each for each in among if fits(each.arn) and not _makes_another(asked, each)]
        if matching:
            found += [Check(check.action, each.arn, dict(check.context), each) for each in matching]
            continue
        if check.target is None:
            check.target = next((each for each in located if _is_of(check.resource, each.arn)), None)
        found.append(check)
    return found


def _is_of(arn: str, located: str) -> bool:
    """Whether the ARN is the located one, be it with a qualifier: a version of a function, a stream of a log group."""
    return arn == located or arn.startswith(f"{located}:")


def _makes_another(asked: Asked, target: Target) -> bool:
    """Whether the call makes something new, so that what the target is already is not meant."""
    return asked.operation.startswith(MAKES) and target.resource is not None


def arns_of(needed: NeededAction, asked: Asked) -> list[str]:
    """The ARNs to decide on; where nothing names one, any of what is made or, to read, of the one type, else `*`."""
    request = _request(asked)
    found = needed.arns(asked.params, request)
    if found != [each.of_any(request) for each in needed.resources]:
        return found
    if any(each.required for each in needed.resources):
        return found
    noun = _noun(asked.operation)
    own = [each.of_any(request) for each in needed.resources if each.type.replace("-", "").lower() == noun]
    is_of_one = len({each.type for each in needed.resources}) == 1
    is_sure = asked.operation.startswith(READS) or "*" not in found[0]  # there is but one of it in an account
    return own[:1] or (found if is_of_one and is_sure else ["*"])


def _tagged(needed: NeededAction, asked: Asked, located: Sequence[Target], checks: list[Check]) -> list[Check]:
    """What is tagged: of the main resources the first that can be, else what the input says."""
    found = _on_resources(needed, asked, located)
    kinds = action(needed.action)
    templates = [each for kind in (kinds.resource_types if kinds else ()) for each in kind.type.templates]
    made = [check for check in checks if any(reader(each).fullmatch(check.resource) for each in templates)]
    is_made = {check.resource for check in found} <= {check.resource for check in made}
    return found if not made or is_made or needed.reason.startswith("written down") else made[:1]


def _names_all(needed: NeededAction, asked: Asked) -> bool:
    if needed.reason.startswith("written down") or any(not each.is_named_in_full for each in needed.resources):
        return False
    request = _request(asked)
    return all(each.arns(asked.params, request) for each in needed.resources)


def _request(asked: Asked) -> dict[str, str]:
    """Partition, region and account of the resources that the call is about."""
    setting = asked.setting.owned_by(asked.params, asked.prefix)
    return {"partition": setting.partition, "region": setting.region, "account": setting.account}


@lru_cache(maxsize=4096)
def _noun(operation: str) -> str:
    """What the operation makes, in lower case: `loadbalancer` of `CreateLoadBalancer`."""
    verb = next((each for each in MAKES if operation.startswith(each)), "")
    return operation[len(verb) :].lower() if verb else ""
