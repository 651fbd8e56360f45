"""The map: how one call is answered. Each line of `handle` is a stage, and each stage is the module of that name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from iamsim.authentication import access_key_of, authenticate, claimed_principal
from iamsim.authorization.access import required, with_keys
from iamsim.authorization.context import Context, access_context, request_context
from iamsim.authorization.denied import AccessDenied, denied
from iamsim.authorization.gather import gather, owner_of
from iamsim.cloud import Cloud, Use
from iamsim.enforcement import Enforcement
from iamsim.errors import ApiError
from iamsim.kit.backend import MockBackend
from iamsim.kit.call import Guard, allow_all
from iamsim.policy import Access, Evaluation, Policies, evaluate
from iamsim.policy.principal import Principal
from iamsim.protocol import identify, parse, serialize, serialize_error
from iamsim.request import Call, HttpRequest, HttpResponse, Operation, Required


class Reporter(Protocol):
    """Told of every decision."""

    def evaluated(self, call: Call, evaluation: Evaluation) -> None:
        """`call` asked for what `evaluation` decided."""


class Recorder(Reporter, Protocol):
    """Told, beside every decision, what the calls that go ahead need, whether or not IAM is enforced."""

    def recorded_as(self, call: Call) -> Principal | None:
        """In whose name to ask what a call needs that nobody checks; None: it is not asked."""

    def needed(self, call: Call, evaluations: Sequence[Evaluation]) -> None:
        """`call` goes ahead, and this is what it needs: allowed, or let through by who does not enforce."""

    def unsaid(self, call: Call, refusal: ApiError) -> None:
        """`call` goes ahead, but nothing that could be allowed would do: `refusal` says why."""


class Pipeline:
    """Answers calls on one cloud: authentication and authorisation in front of a backend that runs them.

    `strike` raises the fault that a test wants a call to run into. A `recorder` costs a decision for unchecked calls.
    """

    def __init__(
        self,
        cloud: Cloud,
        enforcement: Callable[[], Enforcement],
        report: Reporter,
        strike: Callable[[Call], None] | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        self.cloud = cloud
        self.backend = MockBackend(cloud)
        self.enforcement = enforcement
        self.report = report
        self.strike = strike
        self.recorder = recorder
        self._unchecked: Guard = allow_all if recorder is None else self.record

    def handle(self, http: HttpRequest, enforcement: Enforcement | None = None) -> HttpResponse:
        """Answer one call, with `enforcement` of its own if that is given.

        Raises only what is a bug of ours or a mistake in using iamsim.
        """
        request_id = self.cloud.clock.new_id()
        operation: Operation | None = None
        try:
            operation = identify(http)  # service, operation, protocol
            enforcement = enforcement or self.enforcement()
            enforced = enforcement.applies()
            if enforced:
                principal = self.authenticate(http, operation, enforcement)
            else:
                principal = claimed_principal(http, self.cloud, operation.partition)
            params = parse(operation, http)  # who may not call learns nothing of the form of the call
            self._note_use(http, operation)
            guard: Guard = partial(self.refusal, enforcement) if enforced else self._unchecked
            refuses = enforced and enforcement.refuses
            call = self.backend.locate(operation, params, principal, http, guard, refuses)  # the resources it names
            if enforced:
                self.authorize(call, enforcement)
            elif self.recorder is not None:
                self.record(call)
            if self.strike is not None:
                self.strike(call)
            result = self.backend.run(call)
        except ApiError as failure:
            return serialize_error(operation, failure, request_id)
        return serialize(operation, result, request_id)

    def authenticate(self, http: HttpRequest, operation: Operation, enforcement: Enforcement) -> Principal:
        """Who calls. Raises what AWS raises for a bad signature."""
        try:
            return authenticate(http, operation, self.cloud)
        except ApiError as failure:
            enforcement.refuse(failure)
            return claimed_principal(http, self.cloud, operation.partition)

    def authorize(self, call: Call, enforcement: Enforcement) -> None:
        """Raises AccessDenied for the first thing that `call` needs and may not do."""
        context: Context | None = None
        permitted: list[Evaluation] = []
        try:
            for needed in required(call):  # usually one; CopyObject two; PassRole adds one
                context = context or request_context(call)
                if not needed.while_running:
                    permitted.append(self.permit(call, needed, context, enforcement))
        except ApiError as refusal:  # `required` knows what can never be permitted
            enforcement.refuse(refusal)
            if self.recorder is not None:
                self.recorder.unsaid(call, refusal)
        if self.recorder is not None:
            self.recorder.needed(call, permitted)

    def refusal(self, enforcement: Enforcement, call: Call, needed: Required) -> AccessDenied | None:
        """What the caller of `call` would be told on trying what is `needed`; None if it may."""
        try:
            permitted = self.permit(call, with_keys(call, needed), request_context(call), enforcement)
        except AccessDenied as refusal:
            return refusal
        if self.recorder is not None:
            self.recorder.needed(call, [permitted])
        return None

    def permit(self, call: Call, needed: Required, context: Context, enforcement: Enforcement) -> Evaluation:
        """The decision by which the call goes on. Raises AccessDenied if its caller may not do what is `needed`."""
        evaluation = self.evaluate(call, needed, context)
        if not evaluation.allowed:
            enforcement.refuse(denied(evaluation, call.operation))
        return evaluation

    def record(self, call: Call, needed: Required | None = None) -> None:
        """Tell the recorder what `call` needs that nobody checks; as its guard, of one thing that is `needed` more."""
        if self.recorder is None or (who := self.recorder.recorded_as(call)) is None:
            return
        asked = replace(call, principal=who)
        try:
            if needed is None:
                wanted = [each for each in required(asked) if not each.while_running]
            else:
                wanted = [with_keys(asked, needed)]
            context = request_context(asked) if wanted else {}
            self.recorder.needed(asked, [self.decide(asked, each, context) for each in wanted])
        except ApiError as refusal:  # `required` knows what can never be permitted
            self.recorder.unsaid(asked, refusal)

    def evaluate(
        self, call: Call, needed: Required, context: dict[str, Any], policies: Policies | None = None
    ) -> Evaluation:
        """The decision on one thing that is needed, by the policies that the cloud has or by those given; reported."""
        evaluation = self.decide(call, needed, context, policies)
        self.report.evaluated(call, evaluation)
        if self.recorder is not None:
            self.recorder.evaluated(call, evaluation)
        return evaluation

    def decide(
        self, call: Call, needed: Required, context: dict[str, Any], policies: Policies | None = None
    ) -> Evaluation:
        """The same, of which nobody is told."""
        principal, owner = needed.principal or call.principal, owner_of(call, needed)
        access = Access(
            principal=principal,
            action=needed.action,
            resource=needed.resource,
            resource_account=owner or None,
            context=access_context(call, context, needed, owner),
        )
        if policies is None:
            policies = gather(call, needed, principal, owner)
        return evaluate(access, policies)

    def _note_use(self, http: HttpRequest, operation: Operation) -> None:
        """Write down on the access key that `http` names when and where it was used, for GetAccessKeyLastUsed."""
        credential = self.cloud.credentials.get(access_key_of(http) or "")
        if credential is not None:
            credential.last_used = Use(self.cloud.clock.now(), operation.service, operation.region)
