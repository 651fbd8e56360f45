"""Amazon SQS queues. Limits and messages: SQS API reference, 2012-11-05."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from iamsim.kit import Arn, Call, Resource, StrMap, error, identity

from . import attributes as known
from .attempts import Attempts
from .deduplication import Deduplication
from .storage import FifoStorage, StandardStorage, Storage

InvalidAddress = error("InvalidAddress")

FIRST_SEQUENCE_NUMBER, SEQUENCE_STEP = 18_849_496_460_467_696_128, 256


@dataclass
class Queue(Resource, kind="queue"):
    """One queue; `arn` and `tags` come from Resource."""

    attributes: StrMap = field(default_factory=dict)
    created_at: float = 0.0  # seconds since the epoch
    modified_at: float = 0.0
    messages: Storage = field(init=False)
    deduplication: Deduplication = field(default_factory=Deduplication)
    attempts: Attempts = field(default_factory=Attempts)
    sent: int = 0  # messages ever sent to it

    def __post_init__(self) -> None:
        self.messages = FifoStorage() if self.is_fifo else StandardStorage()

    @property
    def policy(self) -> str | None:
        """The queue policy."""
        return self.attributes.get("Policy")

    @property
    def is_fifo(self) -> bool:
        """Whether it keeps the order of messages."""
        return self.arn.name.endswith(".fifo")

    def url(self, call: Call) -> str:
        """How calls name it: at the endpoint that `call` came to, to which some SDKs send a queue's further calls."""
        return f"{call.http.scheme}://{call.http.host}/{self.arn.account}/{self.arn.name}"

    def number(self, name: str) -> int:
        """A number attribute, or its default."""
        return int(self.attributes.get(name) or known.default_of(name))

    def next_sequence_number(self) -> str:
        """The sequence number of the next message of a FIFO queue: 20 digits, ever greater."""
        self.sent += 1
        return f"{FIRST_SEQUENCE_NUMBER + self.sent * SEQUENCE_STEP:020d}"


@identity("url")
def from_url(call: Call, url: str) -> Arn:
    """A queue URL names its owner's account, which may not be the caller's. A bare name is taken as one, too."""
    parts = urlsplit(url).path.strip("/").split("/")
    if len(parts) == 1 and "://" not in url:
        return call.make_arn("queue", name=url)
    if len(parts) != 2:
        raise InvalidAddress(f"The address {url} is not valid for this endpoint.")
    return call.make_arn("queue", account=parts[0], name=parts[1])
