"""Options that take a path, as people write them: pytest looks for its ini file before it knows the plugins' options,
and so takes `DIR` of `--iamsim-record DIR`, if it exists, for a place of tests."""

from __future__ import annotations

import pytest

TAKE_A_PATH = ("--iamsim-record", "--iamsim-policy-coverage-json", "--iamsim-mutate-json")


def unmistakable(config: pytest.Config) -> list[str] | None:
    """The command line with `--iamsim-record=DIR`; None where pytest cannot have gone astray.

    A path below the working directory leads pytest to the same ini file as no path at all.
    """
    here = config.invocation_params.dir.resolve()
    args = [str(each) for each in config.invocation_params.args]
    clear: list[str] = []
    astray = False
    for arg in args:
        if clear and clear[-1] in TAKE_A_PATH:
            path = (here / arg).resolve()
            astray = astray or (path.exists() and not path.is_relative_to(here))
            clear[-1] += f"={arg}"
        else:
            clear.append(arg)
    return clear if astray else None
