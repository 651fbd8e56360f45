"""Where code on an instance or in a container finds its credentials: 169.254.169.254 and 169.254.170.2, simulated."""

from iamsim.metadata.hosts import METADATA_HOSTS, is_metadata_host
from iamsim.metadata.service import MetadataService, NotOnAws

__all__ = ["METADATA_HOSTS", "MetadataService", "NotOnAws", "is_metadata_host"]
