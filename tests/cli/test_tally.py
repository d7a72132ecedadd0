"""`tally`: a file of papers graded by a method, with no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from appraisal.places import root
from tests.cli.commands import Ran, run

DATA = root() / "tests" / "method" / "data"
PAPERS = """单位,票,张数
教育局,满意,15
教育局,基本满意,1
教育局,不满意,2
教育局,,1
卫健局,满意,16
卫健局,满意;不满意,1
卫健局,,2
"""


def tally(folder: Path, method: str, papers: str, *more: str) -> Ran:
    file = folder / "papers.csv"
    file.write_text(papers, encoding="utf-8")
    ballot = ("--ballot", "satisfaction", "--papers", str(file))
    return run("tally", "--method", str(DATA / f"{method}.yaml"), *ballot, *more)


def test_tally_tells_counts_base_shares_grade_and_working(tmp_path: Path) -> None:
    ran = tally(tmp_path, "ballots-all-members", PAPERS, "--members", "30", "--issued", "20", "--json")
    assert (ran.status, ran.err) == (0, "")
    first, second = ran.told["units"]
    assert (ran.told["method"], ran.told["ballot"], ran.told["void"]) == ("ballots-all-members", "satisfaction", False)
    assert first == {
        "unit": "教育局",
        "issued": 20,
        "returned": 19,
        "valid": 18,
        "invalid": 0,
        "abstained": 1,
        "counts": {"satisfied": 15, "basic": 1, "dissatisfied": 2},
        "subjects": [
            {
                "subject": "whole",
                "title": "总体",
                "valid": 18,
                "invalid": 0,
                "abstained": 1,
                "counts": {"satisfied": 15, "basic": 1, "dissatisfied": 2},
                "shares": first["shares"],
                "grade": None,
            }
        ],
        "base": {"key": "all_members", "title": "全体组成人员", "number": 30},
        "share": {"fraction": "1/2", "percent": "50%"},
        "shares": {
            "satisfied": {"fraction": "1/2", "percent": "50%"},
            "basic": {"fraction": "1/30", "percent": "3.33%"},
            "dissatisfied": {"fraction": "1/15", "percent": "6.67%"},
        },
        "score": None,
        "place": None,
        "satisfaction": {"fraction": "1/2", "percent": "50%"},
        "grade": {"key": "basic", "title": "基本满意"},
        "working": [
            "满意 15、基本满意 1、不满意 2；有效 18，弃权 1，无效 0。",
            "满意 15，以全体组成人员 30 为基数，占 15/30，即 50%，未超过50%（1/2）。",
            "不满意 2，以全体组成人员 30 为基数，占 2/30，即 6.67%，未超过50%（1/2）。",
            "以上各条线都不满足，定为“基本满意”。",
        ],
    }
    assert (second["grade"]["key"], second["invalid"], second["abstained"]) == ("satisfied", 1, 2)


def test_tally_is_told_in_chinese_too(tmp_path: Path) -> None:
    ran = tally(tmp_path, "ballots-all-members", PAPERS, "--members", "30", "--present", "20", "--issued", "20")
    assert ran.out.splitlines()[:4] == [
        "满意度测评：2 个单位",
        "全部：全体 30，实到 20，发出 20，收回 19",
        "教育局：基本满意；份额 1/2（50%）；满意率 1/2（50%）",
        "  1. 满意 15、基本满意 1、不满意 2；有效 18，弃权 1，无效 0。",
    ]


def test_void_vote_has_no_grade(tmp_path: Path) -> None:
    ran = tally(tmp_path, "ballots-all-members", PAPERS, "--members", "30", "--issued", "18", "--json")
    assert (ran.told["void"], ran.told["why_void"]) == (True, ["发出 18 张，收回 19 张，收回多于发出，投票无效。"])
    assert [(unit["grade"], unit["share"], unit["valid"]) for unit in ran.told["units"]] == [
        (None, None, 18),
        (None, None, 16),
    ]
    told = tally(tmp_path, "ballots-all-members", PAPERS, "--members", "30", "--issued", "18").out
    assert "教育局：投票无效，不定等" in told


def test_missing_number_names_the_option_that_takes_it(tmp_path: Path) -> None:
    ran = tally(tmp_path, "ballots-all-members", PAPERS)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == ("没有定等：份额以全体组成人员为基数，请用 --members 写明全体组成人员数，如 --members 30\n")


def test_numbers_are_told_class_by_class(tmp_path: Path) -> None:
    papers = "类别,单位,票,张数\nmembers,甲局,满意,10\n人大代表,甲局,满意,6\n"
    for present in (("--present", "members=20,人大代表=10"), ("--present", "members=20", "--present", "deputies=10")):
        ran = tally(tmp_path, "ballots-rounds", papers, *present, "--json")
        assert ran.told["units"][0]["share"] == {"fraction": "8/15", "percent": "53.33%"}
    assert tally(tmp_path, "ballots-rounds", papers, "--present", "30", "--json").told["units"][0]["share"] == {
        "fraction": "8/15",
        "percent": "53.33%",
    }
    missing = tally(tmp_path, "ballots-rounds", papers, "--present", "members=20")
    assert missing.status == 1
    assert "请用 --present 写明“人大代表”的实到数，如 --present deputies=30" in missing.err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("many", "不是人数或张数"),
        ("members=-3", "不是人数或张数"),
        ("citizens=3", "没有“citizens”这类投票人"),
        ("hall/members=3", "没有“hall”这个渠道"),
        ("members=3,members=4", "把同一个数写了两次"),
    ],
)
def test_number_that_cannot_be_read_is_refused(tmp_path: Path, typed: str, said: str) -> None:
    ran = tally(tmp_path, "ballots-rounds", "单位,票\n甲局,满意\n", "--present", typed)
    assert (ran.status, ran.out) == (1, "")
    assert said in ran.err


def test_number_of_a_channel_goes_before_its_class(tmp_path: Path) -> None:
    papers = "渠道,类别,单位,依法行政,服务质量,总体\nmeeting,members,甲局,满意,满意,满意\nsurvey,,甲局,满意,满意,满意\n"
    for typed in ("meeting/members=1", "members=1", "会议测评/常委会组成人员=1"):
        ran = tally(tmp_path, "ballots-criteria", papers, "--present", typed, "--json")
        assert ran.told["units"][0]["grade"]["key"] == "satisfied"


def test_faults_of_the_file_are_told_with_their_rows(tmp_path: Path) -> None:
    papers = "单位,票,张数\n教育局,很满意,1\n,满意,一\n"
    ran = tally(tmp_path, "ballots-all-members", papers, "--members", "30")
    assert (ran.status, ran.out) == (1, "")
    first, *rows = ran.err.splitlines()
    assert first == "没有计票：papers.csv 有 3 处读不出来；请按所列改正后再试"
    unknown, copies, unit = rows
    assert unknown.startswith("  · 第 2 行：“很满意”不是选项；可以写：满意、基本满意、不满意，")
    assert copies == "  · 第 3 行：张数“一”不是不超过 10000000 的整数；请改正"
    assert unit == "  · 第 3 行：没有写单位；请补上"
    told = tally(tmp_path, "ballots-all-members", papers, "--members", "30", "--json")
    assert (told.status, told.told["ok"]) == (1, False)
    assert [(fault["row"], fault["code"]) for fault in told.told["faults"]] == [
        (2, "papers.mark_unknown.one_of_options"),
        (3, "papers.copies_bad"),
        (3, "papers.unit_missing"),
    ]


def test_ballot_that_is_unknown_or_not_counted_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "papers.csv"
    file.write_text("单位,票\n甲局,满意\n", encoding="utf-8")
    method = ("--method", str(DATA / "ballots-rounds.yaml"), "--papers", str(file))
    assert "没有" in run("tally", *method, "--ballot", "none").err
    entered = ("--method", str(DATA / "overlapping.yaml"), "--papers", str(file), "--ballot", "opinion")
    assert "由会议宣布后登记" in run("tally", *entered).err


def test_faulty_method_is_refused_with_its_faults(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = (DATA / "ballots-all-members.yaml").read_text(encoding="utf-8")
    bad.write_text(text.replace("share: 1/2, boundary: exceed", "share: 1/2"), encoding="utf-8")
    ran = run("tally", "--method", str(bad), "--ballot", "satisfaction", "--papers", "none.csv")
    assert ran.status == 1
    assert ran.err.count("没有写明恰好是 1/2 时算不算") == 2


def test_recount_file_is_recomputed_by_the_script(tmp_path: Path) -> None:
    recount = tmp_path / "recount.json"
    ran = tally(tmp_path, "ballots-all-members", PAPERS, "--members", "30", "--recount", str(recount), "--json")
    assert ran.status == 0
    assert json.loads(recount.read_text(encoding="utf-8"))["title"] == "满意度测评"
    script = [sys.executable, "-I", str(root() / "scripts" / "recount.py"), str(recount)]
    told = subprocess.run(script, capture_output=True, text=True, check=True)
    assert told.stdout == "教育局: 基本满意 = 基本满意\n卫健局: 满意 = 满意\n"


def test_tally_needs_neither_database_nor_prefect() -> None:
    code = (
        "import sys\n"
        "from pingyi.commands.tallying import _tally\n"
        "from appraisal.documents.paper_files import read_papers\n"
        "from appraisal.documents.recount import recount_text\n"
        "print(sorted({'prefect', 'fastapi', 'sqlite3'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root())
    assert ran.stdout.strip() == "[]"
