"""The examples of the guide do what the text beside them says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
EXAMPLE = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", ["signing-in.md"])
def test_examples(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    for library in ("jwt", "signxml"):
        pytest.importorskip(library)
    examples = EXAMPLE.findall((GUIDE / page).read_text("utf-8"))
    assert examples
    names: dict[str, Any] = {"boto3": boto3}
    for code, output in examples:
        try:
            exec(code, names)
        except ClientError as error:
            print(f"ClientError: {error}")  # noqa: T201
        assert capsys.readouterr().out == output
