"""From what calls needed to policies that allow that and no more. Pure: recorded needs in, documents out."""
