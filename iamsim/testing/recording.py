"""The recorder: what every user and role that acted needed of its identity-based policies.

Who counts: users, role sessions (as their role) and federated users (as the user that issued them), whether or not IAM
was enforced on the call. Root users arrange, and services and anonymous callers have no identity-based policies: they
are counted as left out. So are denied calls, and what the resource's own policy allowed to the caller by name.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from iamsim.arn import Arn
from iamsim.authentication import access_key_of
from iamsim.errors import ApiError
from iamsim.policy import Evaluation, Policy, PolicyType, Principal, PrincipalKind, evaluate
from iamsim.request import Call
from iamsim.testing.watching import Watcher
from iamsim.tools.least_privilege.need import Need

ACTS = frozenset({PrincipalKind.USER, PrincipalKind.ROLE_SESSION, PrincipalKind.FEDERATED_USER})
RECENT = 100  # denials among which is looked for those that soft mode let through, of all threads
STAND_IN = "AIDAINPLACEOFTHEROOT"  # the unique id of who stands in for a root user
EVERYTHING = Policy.parse(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, name="everything"
)
IN_WORDS = {
    PolicyType.RCP: "resource control policy",
    PolicyType.SCP: "service control policy",
    PolicyType.VPC_ENDPOINT: "VPC endpoint policy",
    PolicyType.RESOURCE: "resource-based policy",
    PolicyType.TRUST: "trust policy",
    PolicyType.BOUNDARY: "permissions boundary",
    PolicyType.SESSION: "session policy",
}


class Recording(Watcher):
    """What calls needed, by principal; and what was left out, and why.

    `takes_root`: the calls of root users count, too. `takes_program`: so do those with a key that the simulator has not
    issued; they are the root user's.
    """

    def __init__(self, *, takes_root: bool = False, takes_program: bool = False) -> None:
        self.needs: dict[str, set[Need]] = defaultdict(set)
        self.left_out: Counter[str] = Counter()
        self.blocked: set[tuple[str, str, str]] = set()  # principal, need and what stands in its way in words
        self.never: set[tuple[str, str, str]] = set()  # principal, operation and why no policy allows it
        self._takes_root, self._takes_program = takes_root, takes_program
        self._denied: deque[Evaluation] = deque(maxlen=RECENT)
        self._lock = threading.Lock()

    def evaluated(self, call: Call, evaluation: Evaluation) -> None:
        """A decision; those that let a call go on come again in `needed`."""
        if not evaluation.allowed:
            with self._lock:
                self.left_out["denied"] += 1
                self._denied.append(evaluation)

    def recorded_as(self, call: Call) -> Principal | None:
        """In whose name to ask what an unchecked call needs: a root user's in that of a user without policies."""
        principal = call.principal
        reason = self._reason_to_leave_out(call, principal)
        if reason is not None:
            with self._lock:
                self.left_out[reason] += 1
            return None
        return stand_in(principal) if principal.kind is PrincipalKind.ROOT else principal

    def needed(self, call: Call, evaluations: Sequence[Evaluation]) -> None:
        """Write down what `call` needed."""
        with self._lock:
            for evaluation in evaluations:
                if any(evaluation is each for each in self._denied):
                    self.left_out["denied"] -= 1  # in soft mode it went on
                principal = evaluation.access.principal
                reason = self._reason_to_leave_out(call, principal)
                if reason is None:
                    self._note(evaluation, principal)
                else:
                    self.left_out[reason] += 1

    def unsaid(self, call: Call, refusal: ApiError) -> None:
        """Write down that no policy can say what `call` needs."""
        if self._reason_to_leave_out(call, call.principal) is None:
            with self._lock:
                operation = f"{call.operation.service}:{call.operation.name}"
                self.never.add((_entity(call.principal), operation, refusal.message))

    def _note(self, evaluation: Evaluation, principal: Principal) -> None:
        access, policies = evaluation.access, evaluation.policies
        if principal.kind is PrincipalKind.ROOT:
            access = replace(access, principal=stand_in(principal))
        if evaluate(access, replace(policies, identity=())).allowed:
            self.left_out["given"] += 1
            return
        name = _entity(principal)
        need = Need.of(access.action, access.resource, access.context)
        self.needs[name].add(need)
        anyway = evaluate(access, replace(policies, identity=(EVERYTHING,)))
        for kind in anyway.blockers:
            self.blocked.add((name, f"{need.action} on {need.resource}", IN_WORDS[kind]))

    def _reason_to_leave_out(self, call: Call, principal: Principal) -> str | None:
        if principal.is_service_linked:
            return "service-linked"
        if principal.kind in ACTS and not principal.entity_arn.endswith(":root"):
            return None
        if principal.kind is PrincipalKind.ROOT or principal.kind in ACTS:  # or a session that root has issued
            is_program = self._takes_program and access_key_of(call.http) not in call.cloud.credentials
            return None if self._takes_root or is_program else "root"
        return str(principal.kind.value)

    def to_dict(self) -> dict[str, Any]:
        """What was recorded as JSON data, in which form it travels between processes."""
        return {
            "needs": {name: [need.to_dict() for need in sorted(needs)] for name, needs in sorted(self.needs.items())},
            "left_out": dict(self.left_out),
            "blocked": sorted(self.blocked),
            "never": sorted(self.never),
        }

    def add(self, data: Mapping[str, Any]) -> None:
        """Take in what another process has recorded."""
        for name, needs in data["needs"].items():
            self.needs[name].update(map(Need.read, needs))
        self.left_out.update(data["left_out"])
        self.blocked.update((name, need, kind) for name, need, kind in data["blocked"])
        self.never.update((name, operation, why) for name, operation, why in data["never"])

    def notes(self, how_to_include_root: str) -> Iterator[str]:
        """What was left out, and what a recorded policy will not help, in lines for a person."""
        told = {
            "root": f"of root users, who arrange ({how_to_include_root} takes them in)",
            "denied": "denied",
            "given": "allowed without an identity-based policy: by the resource's own policy, or to everybody",
            "service": "of AWS services",
            "service-linked": "of service-linked roles",
            "anonymous": "of callers who do not sign",
            "identity provider": "of identity providers",
        }
        for reason, words in told.items():
            if self.left_out[reason]:
                yield f"left out, {words}: {self.left_out[reason]}"
        for name, need, kind in sorted(self.blocked):
            yield f"{name}: {need} is not allowed by the {kind}, whatever the policy here says"
        for name, operation, why in sorted(self.never):
            yield f"{name}: {operation} is in no policy: {why}"


def stand_in(root: Principal) -> Principal:
    """A user without policies of the root user's account, to ask what the root user's calls would need."""
    arn = f"{root.arn.rsplit(':', 1)[0]}:user/in-place-of/root"
    return Principal(PrincipalKind.USER, root.account, arn, STAND_IN, entity_arn=arn, entity_id=STAND_IN)


def _entity(principal: Principal) -> str:
    """The ARN, without path, of the user or role whose policies count; of the root user for who stands in for it."""
    arn = Arn.parse(principal.entity_arn or principal.arn)
    if principal.entity_id == STAND_IN or arn.resource == "root":
        return str(arn._replace(resource="root"))
    return str(arn._replace(resource=f"{arn.type}/{arn.name}"))
