"""The values that travel from the wire to a mock and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from iamsim.policy.principal import Principal

if TYPE_CHECKING:
    from iamsim.cloud import Cloud
    from iamsim.network import VpcEndpoint
    from iamsim.reference.definition import ServiceDefinition

PIECE_BYTES = 1 << 20
Params = dict[str, Any]  # an operation's input, with the member names of botocore's model


@dataclass(slots=True)
class HttpRequest:
    """One HTTP request as it came in.

    `path` and `query` are as sent, percent-encoded. Header names are lower case; several headers of one name are joined
    with `,`. The body is bytes, or a file that has been read no further than where the body starts.
    """

    method: str
    host: str  # with the port, if the request named one
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | BinaryIO = b""
    scheme: str = "https"
    source_ip: str = "127.0.0.1"  # through a VPC endpoint a private address
    vpc_endpoint: VpcEndpoint | None = None  # which it came through, if its host name does not say so

    @property
    def can_rewind(self) -> bool:
        """Whether the body is a file that can be read twice; not every such file says that it is `seekable`."""
        body = self.body
        if isinstance(body, bytes):
            return False
        says = getattr(body, "seekable", None)
        return says() if says is not None else hasattr(body, "seek") and hasattr(body, "tell")

    def read(self) -> bytes:
        """The body as sent, read to its end once: piece by piece, since botocore's chunked bodies are slow at once."""
        if not isinstance(self.body, bytes):
            self.body = b"".join(iter(partial(self.body.read, PIECE_BYTES), b""))
        return self.body


@dataclass(slots=True)
class HttpResponse:
    """One HTTP response. The body of a streamed answer is an iterator of chunks."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Iterator[bytes] = b""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one service, and how and where this request calls it."""

    service: str  # botocore's name, such as `sqs`
    name: str  # the operation's name in botocore's model, such as `SendMessage`
    protocol: str  # `query`, `ec2`, `json`, `amz-cbor`, `rest-json`, `rest-xml` or `smithy-rpc-v2-cbor`
    region: str
    partition: str
    model: Any  # botocore.model.OperationModel


@dataclass(slots=True)
class Required:
    """One thing that a caller must be allowed: an action on a resource, with condition keys of its own.

    `while_running`: the mock asks for it by itself, while the operation runs, and answers the refusal in its own way.
    """

    action: str
    resource: str = "*"
    context: dict[str, Any] = field(default_factory=dict)
    target: Target | None = None  # the resource itself, where the mock keeps it
    resource_policies: tuple[str, ...] = ()  # documents that bear on this resource beyond its holder's policy
    principal: Principal | None = None  # who must be allowed, where it is not the caller
    while_running: bool = False


@dataclass(slots=True)
class Target:
    """One resource that a call names. `resource` is None where nothing of that name exists.

    `policy_holder` is the resource whose resource policy applies: the resource itself, or for an S3 object its bucket.
    """

    kind: str
    arn: str
    account: str  # the owner's
    resource: Any = None
    policy_holder: Any = None


@dataclass
class Call:
    """One operation that somebody calls, its input, and the resources that it names."""

    operation: Operation
    params: Params
    principal: Principal
    http: HttpRequest
    cloud: Cloud
    definition: ServiceDefinition
    targets: tuple[Target, ...] = ()

    def located(self) -> Sequence[Target]:
        """Every resource that the call names and a mock could locate, those that it is about first."""
        return self.targets
