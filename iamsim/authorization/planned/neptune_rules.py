"""Amazon Neptune: resources and condition keys are those of Amazon RDS, whose prefix it has."""

from iamsim.authorization.planned.rds_rules import keys, refine

__all__ = ["keys", "refine"]
