"""Where the runs are carried out: the names that the deployments and the workers share."""

from collections.abc import Mapping

POOL = "pingyi"

# A command of our own spares each run the worker's search for a workspace, which starts Python once more and doubles
# the wait; through `mortal` no run outlives its worker, and on TERM the engine still reports the run as crashed.
JOB: Mapping[str, str] = {"command": "python -m pingyi.mortal TERM python -m prefect.engine"}
