"""兰溪 2023: a whole appraisal of twelve departments, from its method to its closing."""

import pytest

from tests.stories.conftest import Open

pytestmark = pytest.mark.engine


def test_smoke(told: Open) -> None:
    story = told("lanxi", "lanxi-2023", "2023-04-03T09:00+08:00")
    with story.office.store.reading() as session:
        from appraisal.operations.library import choices

        units = choices(session, story.office).units[:12]
    run = story.start("启动评议活动/办公室：启动评议活动", {"method": "lanxi-2023", "name": "lanxi-2023", "starts_on": "2023-04-03", "units": list(units)})
    assert run.state is not None and run.state.is_completed(), run.state
    waiting = story.waiting("mobilise")
    print(waiting)
    story.confirm("launch_notice", "office-1")
    story.rounds()
    print([m["title"] for m in story.sink.got][:50])
    print(story.approve_in_engine("mobilise", story.code("director")))
    assert story.closed("mobilise")
    print(story.waiting("self-review"))
