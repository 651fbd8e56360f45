"""Amazon Neptune: its condition keys are those of Amazon RDS, whose prefix it has."""

from iamsim.authorization.planned.rds_rules import keys

__all__ = ["keys"]
