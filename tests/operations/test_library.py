from pathlib import Path
from shutil import copy

import pytest

from appraisal.operations.library import choices, edition_of, shelf
from appraisal.operations.office import Office
from appraisal.settings import Settings
from tests.operations.world import LANXI, SMALL, Campaign, edition, refused


@pytest.fixture
def keeping(alone: Campaign, tmp_path: Path) -> Office:
    """An office that keeps two methods, and a file that is none."""
    methods = tmp_path / "methods"
    methods.mkdir()
    copy(LANXI, methods)
    copy(SMALL, methods)
    (methods / "faulty.yaml").write_text("method: faulty\n", encoding="utf-8")
    return Office(Settings(home=alone.office.settings.home, methods=methods), alone.office.store)


def test_shelf_shows_faulty_files_with_their_faults(keeping: Office) -> None:
    found = {each.path.name: (each.edition is not None, bool(each.faults)) for each in shelf(keeping)}
    assert found == {
        "faulty.yaml": (False, True),
        "lanxi-2023.yaml": (True, False),
        "three-phases.yaml": (True, False),
    }


def test_method_is_found_by_its_key_in_the_edition_that_campaigns_are_pinned_to(keeping: Office) -> None:
    assert edition_of(keeping, "three-phases").digest == edition().digest


@pytest.mark.parametrize("method", ["faulty", "nothing"])
def test_method_that_is_not_kept_is_refused(keeping: Office, method: str) -> None:
    with refused("method.unknown", method=method, known=["lanxi-2023", "three-phases"]):
        edition_of(keeping, method)


def test_choices_are_what_can_be_started_and_what_runs(keeping: Office) -> None:
    with keeping.store.reading() as session:
        offered = choices(session, keeping)
    assert offered.methods == ("lanxi-2023 2023年部门工作评议", "three-phases 运行检验办法")
    assert offered.campaigns == ("alone 2023年部门工作评议",)
    assert offered.ballots == ("revote 整改情况再测评",)
    assert offered.events == ("sitting 常委会会议", "summary.decided 确定“小结”的日期", "visit 上门走访")
    assert (offered.units[:3], len(offered.units)) == (("市发展和改革局", "市经济和信息化局", "市教育局"), 12)
