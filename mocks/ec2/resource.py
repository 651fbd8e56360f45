"""What every resource of EC2 has: an identifier, and condition keys of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iamsim.kit import Resource


@dataclass
class Ec2Resource(Resource):
    """One resource of EC2; its id is the last part of its ARN."""

    @property
    def id(self) -> str:
        return self.arn.name

    def condition_keys(self) -> dict[str, Any]:
        """The service's own keys of a decision on this resource (context-keys section 11), tags left out."""
        return {}

    def tag_set(self) -> list[dict[str, str]]:
        """Its tags as descriptions carry them."""
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]

    def tags_if_any(self) -> dict[str, list[dict[str, str]]]:
        """`Tags`, which most descriptions leave out where there are none."""
        return {"Tags": self.tag_set()} if self.tags else {}
