"""One simulated AWS: its cloud, its pipeline and its switches. What tests, server and command line hold."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from iamsim.clock import Clock
from iamsim.cloud import DEFAULT_ACCOUNT, Cloud, Credential, PolicySource, ResourceSource
from iamsim.decision_log import DecisionLog
from iamsim.enforcement import Enforcement
from iamsim.errors import NotMocked
from iamsim.kit.loader import load_service
from iamsim.metadata import MetadataService, is_metadata_host
from iamsim.pipeline import Pipeline, Recorder
from iamsim.policy import Evaluation, Principal
from iamsim.request import Call, HttpRequest, HttpResponse
from iamsim.state_question import ask_state


@dataclass(frozen=True)
class Snapshot:
    """The state of a cloud at one moment: a copy that shares nothing with it."""

    resources: dict[str, Any]
    credentials: dict[str, Credential]
    issuers: dict[str, Any]
    clock: dict[str, Any]
    surroundings: dict[str, Any]  # organizations and VPC endpoints


class Simulator:
    """A simulated AWS, empty at first.

    `enforcement` says which calls are authenticated and authorised; `decisions` is the log of what was decided;
    `metadata` tells an instance or a container about itself. A `recorder` is told what calls need.
    """

    is_here = True  # in this process, so that tests can reach into it

    def __init__(
        self,
        *,
        account: str = DEFAULT_ACCOUNT,
        clock: Clock | None = None,
        enforcement: Enforcement | Callable[[], Enforcement] | None = None,
        strike: Callable[[Call], None] | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        chosen = enforcement or Enforcement(None)
        self.decisions = DecisionLog()
        self.cloud = _cloud(clock, account)
        enforce = chosen if callable(chosen) else lambda: chosen
        self.pipeline = Pipeline(self.cloud, enforce, self.decisions, strike, recorder)
        self.metadata = MetadataService(self.cloud, self._check)
        self._clock_at_start = copy.deepcopy(clock)

    def handle(self, http: HttpRequest, enforcement: Enforcement | None = None) -> HttpResponse:
        """Answer one HTTP request as AWS would. Raises NotOnAws for instance metadata where no instance is.

        `enforcement` is for this request, in place of the simulator's.
        """
        if is_metadata_host(http.host):
            return self.metadata.handle(http)
        return self.pipeline.handle(http, enforcement)

    def ask(
        self,
        principal: Principal,
        action: str,
        resource: str,
        context: Mapping[str, Any],
        mark: Callable[[HttpRequest], None] | None = None,
    ) -> Evaluation:
        """Would it be allowed? `mark` writes on a request where it comes from. Nothing is called or logged."""
        return ask_state(self.cloud, self.pipeline.decide, principal, action, resource, context, mark)

    def reset(self) -> None:
        """Begin again: an empty cloud, no decisions, and the clock and its identifiers as at the start.

        Enforcement stays as it is. Calls that are under way end in the cloud where they began.
        """
        clock = copy.deepcopy(self._clock_at_start)
        self.cloud = _cloud(clock, self.cloud.account)
        before = self.pipeline
        self.pipeline = Pipeline(self.cloud, before.enforcement, self.decisions, before.strike, before.recorder)
        self.metadata = MetadataService(self.cloud, self._check)
        self.decisions.clear()

    def snapshot(self) -> Snapshot:
        """The state as it is now, to which `restore` goes back."""
        cloud = self.cloud
        with cloud.changed:
            kept = (vars(cloud.resources), cloud.credentials, cloud.issuers, vars(cloud.clock), _surroundings(cloud))
            return Snapshot(*copy.deepcopy(kept))

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to the state of `snapshot`, once: state, credentials and clock; the decisions since are forgotten."""
        cloud = self.cloud
        with cloud.changed:
            vars(cloud.resources).update(snapshot.resources)
            cloud.credentials.clear()
            cloud.credentials.update(snapshot.credentials)
            cloud.issuers.clear()
            cloud.issuers.update(snapshot.issuers)
            vars(cloud.clock).update(snapshot.clock)
            vars(cloud).update(snapshot.surroundings)
        self.decisions.clear()

    def _check(self, call: Call) -> None:
        """Raises AccessDenied for what `call` needs and may not do, if IAM is enforced now."""
        enforcement = self.pipeline.enforcement()
        if enforcement.is_in_force:
            self.pipeline.authorize(call, enforcement)


def _surroundings(cloud: Cloud) -> dict[str, Any]:
    return {"organizations": cloud.organizations, "vpc_endpoints": cloud.vpc_endpoints}


def _cloud(clock: Clock | None, account: str) -> Cloud:
    """A cloud of which the mocks know the policies and the resources."""
    return Cloud(clock=clock, account=account, policy_source=_iam_policies, resource_sources=_mocked)


def _iam_policies(cloud: Cloud) -> PolicySource:
    """The policies as the IAM mock keeps them."""
    provider: PolicySource = load_service("iam").providers[PolicySource](cloud)
    return provider


def _mocked(cloud: Cloud, service: str) -> ResourceSource | None:
    """What the mock of the service knows of its resources; None if there is none, or it says nothing of them."""
    try:
        provider = load_service(service).providers.get(ResourceSource)
    except NotMocked:
        return None
    return provider(cloud) if provider is not None else None
