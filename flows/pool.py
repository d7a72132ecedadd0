"""Where the runs are carried out: the names that the deployments and the workers share."""

from collections.abc import Mapping

POOL = "pingyi"

# A command of our own spares each run the worker's search for a workspace, which starts Python once more and doubles
# the wait. Through `mortal` no run outlives its worker: it would be done a second time while still at work.
JOB: Mapping[str, str] = {"command": "python -m pingyi.mortal KILL python -m prefect.engine"}
