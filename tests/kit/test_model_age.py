"""An older botocore than the mocks were written from."""

from __future__ import annotations

import pytest

from iamsim import UsageError
from iamsim.kit import model_age


def test_what_counts_as_older() -> None:
    assert model_age.is_older("1.40.61")
    assert not model_age.is_older("1.44.0")
    assert not model_age.is_older("2.0.0")


def test_names_that_an_older_model_lacks_are_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_age, "is_older", lambda: True)
    model_age.unknown_name("no such operation")
    monkeypatch.setattr(model_age, "is_older", lambda: False)
    with pytest.raises(UsageError, match="no such operation"):
        model_age.unknown_name("no such operation")
