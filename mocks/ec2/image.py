"""Images (AMIs): the public ones that are there from the start, and the caller's own."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from iamsim.kit import Call, Reply, error, operation

from .data import table
from .describing import find_all, page
from .filters import Described, Filters, matching
from .instance import Instance
from .ids import new_id
from .resource import Ec2Resource
from .tags import TagSpecifications, tags_at_creation
