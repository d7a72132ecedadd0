"""The composition root: the command line and the supervisor behind `pingyi up`."""
