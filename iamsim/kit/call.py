"""The call that a mock's function works on."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from iamsim import request
from iamsim.arn import Arn
from iamsim.clock import Clock
from iamsim.errors import ApiError, UnsupportedParameter
from iamsim.kit.naming import missing
from iamsim.kit.paging import page
from iamsim.kit.resource import Reply, Resource

if TYPE_CHECKING:
    from iamsim.kit.loader import Service

R = TypeVar("R", bound=Resource)
T = TypeVar("T")


# Asks, while an operation runs, whether its caller may do one thing more: the refusal, or None if it may.
Guard = Callable[[request.Call, request.Required], ApiError | None]


def allow_all(call: request.Call, required: request.Required) -> ApiError | None:
    """The guard while nothing is enforced."""
    return None


@dataclass
class Call(request.Call):
    """One operation that somebody calls: its input, the resources that it names, and the cloud that it works on."""

    service: Service = field(kw_only=True)
    guard: Guard = field(kw_only=True, default=allow_all)
    is_enforced: bool = field(kw_only=True, default=False)  # whether what policies do not allow is refused
    named: dict[str, list[Arn]] = field(kw_only=True, default_factory=dict)

    @property
    def clock(self) -> Clock:
        """The simulator's time and identifiers."""
        return self.cloud.clock

    @property
    def region(self) -> str:
        """The region that the call went to."""
        return self.operation.region

    @property
    def account(self) -> str:
        """The caller's account."""
        return self.principal.account or self.principal.source_account or self.cloud.account

    @property
    def arn(self) -> Arn:
        """The resource that the call names, or where the resource that it makes will be."""
        if not self.targets:
            raise LookupError(f"{self.operation.name} names no resource in {self.definition.source}")
        return Arn.parse(self.targets[0].arn)

    def make_arn(self, kind: str, *, account: str | None = None, region: str | None = None, **names: str) -> Arn:
        """The ARN of the `kind` named so, in the caller's account and region unless others are given."""
        noun = self.definition.nouns[kind]
        values = {
            "partition": self.operation.partition,
            "region": region or self.operation.region,
            "account": account or self.account,
            **names,
        }
        return Arn.parse(noun.arn_text(values))

    def target(self, kind: str, arn: Arn) -> request.Target:
        """The resource of that ARN as the authoriser sees it: who owns it, and where its policy is."""
        noun, classes = self.definition.nouns[kind], self.service.classes
        cls = classes.get(kind)
        resource = self.cloud.resources.find(cls, arn) if cls else None
        holder = resource
        if noun.policy_holder:
            names = noun.names_in(arn)  # none if the caller gave a name that no resource of the kind can have
            holder_arn = self.definition.nouns[noun.policy_holder].arn_text(names) if names else ""
            holder = self.cloud.resources.find(classes[noun.policy_holder], Arn.parse(holder_arn)) if names else None
        owner = holder.account if holder is not None else arn.account
        if not owner.isdigit():  # none in the ARN, or `aws`: what AWS itself owns is judged in the caller's account
            owner = self.account
        return request.Target(kind, str(arn), owner, resource, holder)

    def located(self) -> Sequence[request.Target]:
        """Every resource that the call names, of whichever noun, those that it is about first."""
        about = self.targets[0].kind if self.targets else None
        if len(self.named) <= (about is not None):
            return self.targets
        others = [self.target(kind, arn) for kind, arns in self.named.items() if kind != about for arn in arns]
        return (*self.targets, *others)

    def find(self, cls: type[R], arn: Arn | None = None, **names: str) -> R | None:
        """The resource of that ARN or those names (without either: the one that the call names), or None."""
        if arn is None:
            named = [] if names else self.named.get(cls.kind, [])
            if not names and not named:
                return None
            arn = self.make_arn(cls.kind, **names) if names else named[0]
        return self.cloud.resources.find(cls, arn)

    def get(self, cls: type[R], arn: Arn | None = None, **names: str) -> R:
        """As `find`, but raises the noun's `missing` error if there is none."""
        found = self.find(cls, arn, **names)
        if found is None:
            named = self.named.get(cls.kind, [])
            name = next(iter(names.values()), None) or str((arn or named[0]).name if arn or named else "")
            raise missing(cls.noun, name, arn or next(iter(named), None))
        return found

    def save(self, resource: R) -> R:
        """Keep `resource` under its ARN."""
        return self.cloud.resources.save(resource)

    def delete(self, resource: Resource) -> None:
        """Forget `resource`."""
        self.cloud.resources.delete(resource)

    def all(self, cls: type[R]) -> list[R]:
        """The resources of that class in the caller's account and region, oldest first."""
        region = "" if cls.noun.is_global else self.region
        return self.cloud.resources.all(cls, account=self.account, region=region)

    def page(self, items: Sequence[Any], *, limit: int | None = None, **others: Any) -> Reply:
        """The page of `items` that the call asks for, in the reply's form, with `others` as further members.

        `limit` is the page size where the call names none.
        """
        return page(self, items, limit) | others

    def authorize(self, action: str, resource: Arn | str, context: Mapping[str, Any] | None = None) -> None:
        """Raises AccessDenied unless the caller may do this, too."""
        refusal = self.refusal(action, resource, context)
        if refusal is not None:
            raise refusal

    def refusal(self, action: str, resource: Arn | str, context: Mapping[str, Any] | None = None) -> ApiError | None:
        """What the caller would be told on trying to do this, or None if it may."""
        return self.guard(self, request.Required(action, str(resource), dict(context or {})))

    def ignores(self, *members: str) -> None:
        """Warn that the mock does not act on these members inside a parameter, such as `Placement.HostId`."""
        for member in members:
            warnings.warn(
                f"iamsim does not act on `{member}` of {self.operation.service}:{self.operation.name}",
                UnsupportedParameter,
                stacklevel=2,
            )

    def assumes(self, what: str) -> None:
        """Warn that the mock assumes `what`, where AWS would know: that an image exists, for example."""
        warnings.warn(f"{self.operation.service}:{self.operation.name}: {what}", UnsupportedParameter, stacklevel=2)

    def wait_until(self, ready: Callable[[], T], seconds: float, wakes_at: Callable[[], float | None]) -> T:
        """The first true value of `ready`, or its last after `seconds`. Other calls run meanwhile.

        `wakes_at` says when something may be ready by the passing of time alone (seconds since the epoch, or None). A
        simulated clock is moved there; on the machine's clock the caller really waits.
        """
        deadline = self.clock.now() + seconds
        while not (value := ready()) and self.clock.now() < deadline:
            wake = min(deadline, wakes_at() or deadline)
            pause = max(wake - self.clock.now(), 0.0)
            if self.clock.is_simulated:
                self.clock.advance(pause)
            else:
                self.cloud.changed.wait(pause)
        return value
