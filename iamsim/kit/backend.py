"""What stands behind authentication and authorisation: finds the mock, the resources that a call names, and runs it."""

from __future__ import annotations

from typing import Any

from iamsim.cloud import Cloud
from iamsim.kit.call import Call, Guard, allow_all
from iamsim.kit.loader import Service, service_of
from iamsim.kit.validation import check_presence
from iamsim.policy.principal import Principal
from iamsim.reference.definition import Noun
from iamsim.request import HttpRequest, Operation, Params


class MockBackend:
    """Runs calls on the mocks."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def locate(
        self,
        operation: Operation,
        params: Params,
        principal: Principal,
        http: HttpRequest,
        guard: Guard = allow_all,
        is_enforced: bool = False,
    ) -> Call:
        """The call with the resources that it names, found once.

        Raises what AWS raises if a required member is missing.
        """
        service = service_of(operation.service)
        check_presence(operation, params, service.definition.validation)
        call = Call(
            operation,
            params,
            principal,
            http,
            self.cloud,
            service.definition,
            service=service,
            guard=guard,
            is_enforced=is_enforced,
        )
        for binding in service.bindings(operation.name):
            arns = binding.arns(call)
            if arns:
                call.named[binding.noun.kind] = arns
        main = self._main_noun(service, call)
        if main is not None:
            call.targets = tuple(call.target(main.kind, arn) for arn in call.named[main.kind])
        return call

    def run(self, call: Call) -> dict[str, Any]:
        """The operation's output. One call runs at a time. Raises NotMocked if nothing can run it."""
        handler = call.service.handler(call.operation.name)
        with self.cloud.changed:
            for before in call.service.before:
                before(call)
            reply = handler.run(call)
            self.cloud.changed.notify_all()
        return reply

    def _main_noun(self, service: Service, call: Call) -> Noun | None:
        """The noun that the operation is about: the one that service.yaml says, else the most specific one named."""
        wanted = service.definition.rule(call.operation.name).resource
        if wanted in call.named:
            return service.definition.nouns[wanted]
        kind = next(iter(call.named), None)
        return service.definition.nouns[kind] if kind else None
