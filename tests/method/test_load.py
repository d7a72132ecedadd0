"""Loading: files that cannot be read, editions, digests."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from appraisal.domain.refusal import Refusal
from appraisal.method.faults import Faulty
from appraisal.method.load import PLANNED_ONCE, available, edition, from_text, read_method
from appraisal.method.source import LARGEST
from appraisal.places import root
from tests.method.written import LADDERS, SHIPPED, WRITTEN
from tests.method.written import method as written

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_method_loads_clean_as_written(name: str) -> None:
    assert read_method(WRITTEN[name], LADDERS).method.title != ""


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_edition_reads_back_the_same_from_its_text_alone(name: str) -> None:
    read = read_method(WRITTEN[name], LADDERS)
    again = from_text(read.text)
    assert (again, edition(again)) == (read.method, read)


def test_edition_holds_the_shared_ladders_that_it_names_and_no_other() -> None:
    method = from_text(read_method(WRITTEN["lanxi-2023"], LADDERS).text)
    assert sorted(method.ladders) == ["office", "receipt", "standard"]
    assert read_method(WRITTEN["smallest"], LADDERS).method.ladders == {}


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "yaml-empty", 1),
        (b"# nothing\n", "yaml-empty", 1),
        (b"- a\n- b\n", "yaml-not-mapping", 1),
        (b"just words", "yaml-not-mapping", 1),
        (b"a: 1\nb: [2\n", "yaml-broken", 3),
        (b"a: 1\n\tb: 2\n", "yaml-broken", 2),
        (b"a: 1\n---\nb: 2\n", "yaml-several", 3),
        (b"a: 1\nb: \x00\n", "yaml-broken", 1),
        (b"a: 1\nb: \xb9\xfa\n", "file-not-utf8", 2),
        (b"[" * 20_000, "yaml-deep", 1),
        (b"a: 1\n" * (LARGEST // 5 + 1), "file-huge", 1),
    ],
)
def test_file_that_cannot_be_read_is_one_fault(tmp_path: Path, content: bytes, code: str, line: int) -> None:
    path = tmp_path / "method.yaml"
    path.write_bytes(content)
    with pytest.raises(Faulty) as refused:
        read_method(path, LADDERS)
    assert [(fault.code, fault.line) for fault in refused.value.faults] == [(code, line)]


def test_file_that_is_missing_or_a_folder_is_one_fault(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.yaml", "file-missing"), (tmp_path, "file-unreadable")):
        with pytest.raises(Faulty) as refused:
            read_method(path, LADDERS)
        assert [fault.code for fault in refused.value.faults] == [code]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (BOMB, "yaml-alias", 2),
        ("a: 1\nb: !!python/object:os.system {}\n", "unknown-field", 2),
        ("title: !!python/name:os.system x\n", "yaml-tag", 1),
        ("? {a: 1}\n: 2\n", "yaml-complex-key", 1),
        ("title: 甲\nbody: 乙\ntitle: 丙\n", "yaml-duplicate", 3),
    ],
)
def test_yaml_that_is_more_than_plain_is_refused_with_its_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    path = tmp_path / "method.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Faulty) as refused:
        read_method(path, LADDERS)
    assert (code, line) in {(fault.code, fault.line) for fault in refused.value.faults}


def test_faulty_shared_ladders_are_named_with_their_own_file(tmp_path: Path) -> None:
    ladders = tmp_path / "ladders.yaml"
    written = LADDERS.read_text(encoding="utf-8")
    ladders.write_text(written.replace("at: +3wd, do: yellow", "at: +3x, do: yellow", 1), encoding="utf-8")
    with pytest.raises(Faulty) as refused:
        read_method(WRITTEN["lanxi-2023"], ladders)
    assert [(fault.file, fault.line, fault.code) for fault in refused.value.faults] == [
        ("ladders.yaml", 10, "bad-offset")
    ]


def test_faulty_is_a_refusal_with_its_count(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        read_method(tmp_path / "none.yaml", LADDERS)
    assert (refused.value.code, refused.value.facts) == ("method.faulty", {"file": "none.yaml", "count": 1})


def test_digest_stays_when_keys_and_comments_move(tmp_path: Path) -> None:
    text = WRITTEN["smallest"].read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    head, phases = lines[: lines.index("phases:")], lines[lines.index("phases:") :]
    moved = tmp_path / "moved.yaml"
    moved.write_text("\n".join(["# 另一条注释", *phases, *reversed(head)]), encoding="utf-8")
    assert read_method(moved, LADDERS) == read_method(WRITTEN["smallest"], LADDERS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("within: 2m", "within: 60d"),
        ("after: opinion.received", "after: rectification_plan.settled"),
        ("accepted_by: office", "accepted_by: director"),
        ("rule: duties_settled", "rule: problems_closed"),
        ("title: 调查报告", "title: 调研报告"),
        ("roll: next", "roll: previous"),
        ("digest: true", "digest: false"),
        ("to: [city_committee, ", "to: ["),
    ],
)
def test_digest_changes_with_every_change_of_meaning(tmp_path: Path, old: str, new: str) -> None:
    changed = tmp_path / "changed.yaml"
    head, found, tail = WRITTEN["lanxi-2023"].read_text(encoding="utf-8").rpartition(old)
    assert found == old
    changed.write_text(head + new + tail, encoding="utf-8")
    assert read_method(changed, LADDERS).digest != read_method(WRITTEN["lanxi-2023"], LADDERS).digest


def test_digest_changes_with_a_shared_ladder_that_the_method_names(tmp_path: Path) -> None:
    ladders = tmp_path / "ladders.yaml"
    ladders.write_text(LADDERS.read_text(encoding="utf-8").replace("at: +15d", "at: +14d"), encoding="utf-8")
    before, after = (read_method(WRITTEN["lanxi-2023"], file).digest for file in (LADDERS, ladders))
    assert before != after
    assert read_method(WRITTEN["smallest"], ladders) == read_method(WRITTEN["smallest"], LADDERS)


def test_available_lists_faulty_files_beside_good_ones(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("method: a\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(WRITTEN["smallest"].read_text(encoding="utf-8"), encoding="utf-8")
    listed = available(tmp_path, LADDERS)
    assert [(found.path.name, found.edition is None, found.faults == ()) for found in listed] == [
        ("a.yaml", True, False),
        ("b.yaml", False, True),
    ]


def test_available_finds_the_shipped_methods() -> None:
    found = available(root() / "config" / "methods", LADDERS)
    assert [listed.edition.method.method for listed in found if listed.edition] == SHIPPED


@pytest.mark.parametrize(("part", "word"), PLANNED_ONCE)
def test_pinned_text_of_an_earlier_version_is_read_without_what_it_only_planned(part: str, word: str) -> None:
    plain = written("danjiangkou").model_dump(mode="json", exclude_none=True)
    for each in plain[part] if isinstance(plain[part], list) else [plain[part]]:
        each[word] = []
    read = from_text(json.dumps(plain))
    assert read.problems == written("danjiangkou").problems
    plain["problems"]["unheard_of"] = []
    with pytest.raises(ValidationError):
        from_text(json.dumps(plain))
