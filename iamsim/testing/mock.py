"""`mock_aws`: decorator, context manager, or start and stop."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from iamsim.errors import UnsupportedParameter, UsageError
from iamsim.testing.active import ACTIVE
from iamsim.testing.classes import wrap_class
from iamsim.testing.wrap import wrapped_in

if TYPE_CHECKING:
    from iamsim.clock import Clock
    from iamsim.simulator import Simulator

F = TypeVar("F", bound=Callable[..., Any])

# What `config` may say: what is acted on, and what already holds whatever it says.
ACTED_ON = frozenset({("core", "mock_credentials")})
HOLDS_ANYWAY = frozenset({("core", "reset_boto3_session"), ("iam", "load_aws_managed_policies")})


class Mock:
    """One use of the simulator. Uses nest: an inner one shares the state of the outermost, which starts empty.

    ```python
    @mock_aws                 # functions, async functions, generators (fixtures), classes
    with mock_aws() as aws:   # aws is the Simulator
    mock = mock_aws(); mock.start(); ...; mock.stop()
    ```
    """

    def __init__(self, config: Mapping[str, Any] | None = None, clock: Clock | None = None) -> None:
        self._config = _checked(config or {})
        self._clock = clock

    def start(self, reset: bool = True) -> Simulator:
        """Simulate AWS from now on. With `reset=False` inside another mock, nothing differs: its state is shared."""
        return ACTIVE.start(self._config, self._clock)

    def stop(self) -> None:
        """End what `start` began."""
        ACTIVE.stop()

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __call__(self, decorated: F) -> F:
        if inspect.isclass(decorated):
            return cast(F, wrap_class(self, decorated))
        if type(decorated).__name__ == "FixtureFunctionDefinition":
            raise UsageError(
                "`mock_aws` stands above `pytest.fixture`, where pytest cannot see the fixture: put it below"
            )
        if not callable(decorated):
            raise UsageError(f"`mock_aws` decorates functions and classes, not `{decorated!r}`")
        return wrapped_in(lambda: Mock(self._config, self._clock), decorated)


def _checked(config: Mapping[str, Any]) -> dict[str, Any]:
    """`config`, with a warning for what is not acted on. Raises UsageError if it is no mapping of mappings."""
    if not isinstance(config, Mapping) or not all(isinstance(each, Mapping) for each in config.values()):
        raise UsageError('`config` must be a mapping of sections, such as `{"core": {"mock_credentials": False}}`')
    for section, options in config.items():
        for name in options:
            if (section, name) not in ACTED_ON | HOLDS_ANYWAY:
                warnings.warn(
                    f"iamsim does not act on `{section}.{name}` of mock_aws's config",
                    UnsupportedParameter,
                    stacklevel=4,
                )
    return dict(config)


@overload
def mock_aws(function: F, /) -> F: ...
@overload
def mock_aws(*, config: Mapping[str, Any] | None = None, clock: Clock | None = None) -> Mock: ...
def mock_aws(function: Any = None, /, *, config: Mapping[str, Any] | None = None, clock: Clock | None = None) -> Any:
    """Simulate AWS: as `@mock_aws`, `@mock_aws()`, `with mock_aws() as aws:` or `mock_aws().start()`.

    `config` takes `{"core": {"mock_credentials": False}}`: leave the credentials in the environment as they are. With
    `clock=Clock(at=...)` time stands still until the clock is advanced; otherwise it is the machine's.
    """
    mock = Mock(config, clock)
    return mock if function is None else mock(function)
