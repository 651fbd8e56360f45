"""The pytest plugin. It is imported in every pytest run, so what is heavy is imported where it is used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from iamsim.simulator import Simulator

AROUND = "_iamsim_around_each_test"
FIXTURES = frozenset({"iamsim", "iamsim_session"})
POLICY_TESTS = (".iamtest.yaml", ".iamtest.yml", ".iamtest.json")
MARKER = (
    "iamsim(enforce=None, account=None, region=None, soft=False, block_aws=True): run the test in a fresh simulator. "
    "enforce: True (every call is checked), a number (all but the first n) or 'soft' (all are checked, none refused); "
    "without it only calls inside `as_user(...)` and its like are. account: whose calls are those of nobody in "
    "particular. soft: refuse nothing, warn instead. block_aws=False: a test of the real AWS, without simulator, whose "
    "calls are let through."
)
BLOCKS = pytest.StashKey[bool]()  # whether this run blocks AWS, and so has to end it
WATCH_POLICIES = (
    "iamsim_policy_coverage",
    "iamsim_policy_coverage_json",
    "iamsim_mutate",
    "iamsim_mutate_json",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options, and what ini files may say."""
    group = parser.getgroup("iamsim")
    group.addoption(
        "--iamsim-block-aws",
        action="store_true",
        default=None,
        dest="iamsim_block_aws",
        help="fail tests that call AWS outside any mock (default: if any test uses a fixture or marker of iamsim)",
    )
    group.addoption("--no-iamsim-block-aws", action="store_false", dest="iamsim_block_aws", help="let them reach AWS")
    group.addoption(
        "--iamsim-soft", action="store_true", default=None, dest="iamsim_soft", help="refuse nothing: warn, and sum up"
    )
    group.addoption(
        "--iamsim-record",
        metavar="DIR",
        dest="iamsim_record",
        help="write there, for every user and role that acts, a policy that allows what its calls needed",
    )
    group.addoption(
        "--iamsim-record-exact",
        action="store_true",
        dest="iamsim_record_exact",
        help="with the resources as they were: no patterns for account, Region and generated names",
    )
    group.addoption(
        "--iamsim-record-root", action="store_true", dest="iamsim_record_root", help="record root users, too"
    )
    group.addoption(
        "--iamsim-policy-coverage",
        action="store_true",
        dest="iamsim_policy_coverage",
        help="say which statements, actions and conditions of the attached policies no test has needed",
    )
    group.addoption(
        "--iamsim-policy-coverage-json", metavar="FILE", dest="iamsim_policy_coverage_json", help="and write it there"
    )
    group.addoption(
        "--iamsim-mutate",
        action="store_true",
        dest="iamsim_mutate",
        help="say which test would notice if a statement, an action or a condition were not in the attached policies",
    )
    group.addoption("--iamsim-mutate-json", metavar="FILE", dest="iamsim_mutate_json", help="and write it there")
    parser.addini("iamsim_block_aws", "as --iamsim-block-aws: true, false or auto", default="auto")
    parser.addini("iamsim_soft", "as --iamsim-soft", type="bool", default=False)
    parser.addini("iamsim_enforce", "as the marker's enforce, for all tests that use iamsim", default="")
    parser.addini("iamsim_account", "the account of the fixtures' simulators: 12 digits", default="")
    parser.addini(
        "iamsim_region", "the region of the fixtures' simulators, where the environment names none", default=""
    )


@pytest.hookimpl(trylast=True)  # the conftest files have told their options
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: list[str]) -> None:
    """`--exact`, as `iamsim record` has it, beside --iamsim-record; unless that is another plugin's option."""
    is_asked = "--exact" in args and early_config.known_args_namespace.iamsim_record
    if is_asked and "--exact" in parser.parse_known_and_unknown_args(args)[1]:
        args[args.index("--exact")] = "--iamsim-record-exact"


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Begin anew where pytest has taken an option's path for a place of tests and missed the ini file."""
    if not any(config.getoption(name) for name in ("iamsim_record", *WATCH_POLICIES)):
        return None
    from iamsim.testing.option_paths import unmistakable

    args = unmistakable(config)
    return None if args is None else int(pytest.main(args, config.invocation_params.plugins))


def pytest_configure(config: pytest.Config) -> None:
    """The marker, and the part that reports."""
    from iamsim.testing.report import Reporter

    config.addinivalue_line("markers", MARKER)
    if not any("WouldBeDenied" in line for line in config.getini("filterwarnings")):
        config.addinivalue_line("filterwarnings", "default::iamsim.testing.WouldBeDenied")  # no error by `error` alone
    config.pluginmanager.register(Reporter(config), "iamsim-report")
    if config.getoption("iamsim_record"):
        from iamsim.testing.record_run import record

        record(config)
    if any(config.getoption(name) for name in WATCH_POLICIES):
        from iamsim.testing.policy_run import watch_policies

        watch_policies(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Policy test files: one test for each line."""
    if not file_path.name.endswith(POLICY_TESTS):
        return None
    from iamsim.testing.policy_items import PolicyTestFile

    collector: pytest.Collector = PolicyTestFile.from_parent(parent, path=file_path)
    return collector


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put `_iamsim_around_each_test` around the tests that need it; an autouse fixture would cost every test time."""
    others_too = any("iamsim_session" in getattr(item, "fixturenames", ()) for item in items)
    for item in items:
        if others_too or item.get_closest_marker("iamsim") is not None:
            _surround(item)


def _surround(item: pytest.Item) -> None:
    """Let the test use AROUND after the fixtures of wider scope, which arrange, and before its own."""
    names = getattr(item, "fixturenames", None)
    if names is None or AROUND in names:
        return
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    wider = [place for place, name in enumerate(names, 1) if name in known and known[name][-1].scope != "function"]
    names.insert(max(wider, default=0), AROUND)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Block AWS for the whole run, if that is wanted, or if a test of it uses iamsim."""
    config = session.config
    wanted = config.getoption("iamsim_block_aws")
    if wanted is None:
        said = str(config.getini("iamsim_block_aws")).lower()
        if said not in ("true", "false", "auto"):
            raise pytest.UsageError(f"`iamsim_block_aws` is `{said}`: it must be true, false or auto")
        wanted = any(_uses_iamsim(item) for item in session.items) if said == "auto" else said == "true"
    if wanted:
        from iamsim.testing.calls_to_aws import BLOCK

        config.stash[BLOCKS] = BLOCK.install()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let calls reach AWS again."""
    if config.stash.get(BLOCKS, False):
        from iamsim.testing.calls_to_aws import BLOCK

        BLOCK.undo()


def _uses_iamsim(item: pytest.Item) -> bool:
    return item.get_closest_marker("iamsim") is not None or not FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(name="iamsim")
def _iamsim(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A simulated AWS, fresh for this test. Nothing is checked but what is called inside `as_user(...)` and its like,
    unless the marker `iamsim` says `enforce`. The value is the Simulator."""
    from iamsim.testing.fixtures import simulated
    from iamsim.testing.marker import options_of

    with simulated(request.config, options_of(request.config, request.node)) as simulator:
        yield simulator


@pytest.fixture(name="iamsim_session", scope="session")
def _iamsim_session(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A simulated AWS for all tests that use it, directly or through fixtures of a wider scope that arrange things.

    After each test everything is again as it was before it.
    """
    from iamsim.testing.fixtures import SESSION

    with SESSION.running(request.config) as simulator:
        yield simulator


@pytest.fixture(name=AROUND)
def _iamsim_around_each_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """What markers and the session's simulator want done around a test."""
    from iamsim.testing.fixtures import around
    from iamsim.testing.marker import options_of

    options = options_of(request.config, request.node)
    in_session = "iamsim_session" in request.fixturenames
    if in_session:
        request.getfixturevalue("iamsim_session")
    with around(request.config, options, in_session=in_session):
        marked = request.node.get_closest_marker("iamsim") is not None
        if marked and not in_session and options.block_aws:
            request.getfixturevalue("iamsim")
        yield
