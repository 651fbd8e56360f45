"""One statement of a policy document, compiled (R-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iamsim.policy.action_element import ActionElement
from iamsim.policy.conditions import Condition, compile_block
from iamsim.policy.principal_element import PrincipalElement
from iamsim.policy.resource_element import ResourceElement
from iamsim.policy.syntax import Path

if TYPE_CHECKING:
    from iamsim.policy.request import Request


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement: its elements as written, and each ready to be matched.

    Invariant: what AWS would refuse to store (an unknown operator, a malformed NotAction, an Allow with NotPrincipal)
    never makes an Allow match.
    """

    path: Path  # where it stands in its document
    sid: str | None
    effect: str  # `Allow` or `Deny`
    source: Mapping[str, Any]  # the members as written
    text: str  # the document's text, in which positions are looked up
    action: ActionElement | None
    not_action: ActionElement | None
    resource: ResourceElement | None
    not_resource: ResourceElement | None
    principal: PrincipalElement | None
    not_principal: PrincipalElement | None
    conditions: tuple[Condition, ...]

    @staticmethod
    def of(members: Mapping[str, Any], path: Path, text: str, *, substitute: bool) -> Statement:
        """The statement with these members, which fit the grammar. `substitute`: `${...}` is a variable (L-10)."""

        def actions(name: str) -> ActionElement | None:
            return ActionElement.of(texts(members[name])) if name in members else None

        def resources(name: str) -> ResourceElement | None:
            return ResourceElement.of(texts(members[name]), substitute=substitute) if name in members else None

        def principals(name: str) -> PrincipalElement | None:
            return PrincipalElement.of(members[name]) if name in members else None

        return Statement(
            path=path,
            sid=members.get("Sid"),
            effect=members["Effect"],
            source=members,
            text=text,
            action=actions("Action"),
            not_action=actions("NotAction"),
            resource=resources("Resource"),
            not_resource=resources("NotResource"),
            principal=principals("Principal"),
            not_principal=principals("NotPrincipal"),
            conditions=compile_block(members.get("Condition", {}), substitute=substitute),
        )

    @property
    def index(self) -> int:
        """Which statement of the document it is, from 0."""
        return self.path[1] if len(self.path) > 1 and isinstance(self.path[1], int) else 0

    @property
    def label(self) -> str:
        """The Sid, or one made up for a statement without."""
        return self.sid or f"statement {self.index + 1}"

    @property
    def allows(self) -> bool:
        return self.effect == "Allow"

    @property
    def line(self) -> int:
        """The line of the document's text on which the statement begins, from 1."""
        return self.place()[0]

    @property
    def column(self) -> int:
        """The column at which it begins, from 1."""
        return self.place()[1]

    def place(self, *member: str | int) -> tuple[int, int]:
        """Line and column of the statement, or of one of its members."""
        from iamsim.policy.positions import locate

        located = locate(self.text)
        return located.place((*self.path, *member)) if member else located.starts[self.path]

    def covers_action(self, action: str) -> bool:
        """Whether Action or NotAction matches `action`, in lower case (L-30, L-34)."""
        if self.action is not None:
            return self.action.lists(action)
        if self.not_action is None or (self.not_action.is_malformed and self.allows):
            return False
        return not self.not_action.lists(action)

    def covers_resource(self, request: Request) -> bool:
        """Whether Resource or NotResource matches; a statement without either is about what it hangs on (L-49)."""
        if self.resource is not None:
            return self.resource.lists(request.resource, request.context)
        if self.not_resource is None:
            return True
        if self.allows and (self.not_resource.is_malformed or not self.not_resource.is_resolved(request.context)):
            return False  # L-66 leaves open what it would cover
        return not self.not_resource.lists(request.resource, request.context)

    def holds(self, request: Request) -> bool:
        """Whether the whole Condition block is true."""
        if self.conditions:
            context = request.context()
            for condition in self.conditions:
                if not condition.holds(context):
                    return False
        return True


def texts(value: str | Sequence[str]) -> Sequence[str]:
    """A list, also where a single element stands without brackets (L-1)."""
    return [value] if isinstance(value, str) else value
