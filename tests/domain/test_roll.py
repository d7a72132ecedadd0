from appraisal.domain.roll import RollFault, RollLine, read_roll

CLASSES = [("member", "常委会组成人员"), ("deputy", "人大代表")]
KNOWN = ["常委会组成人员", "人大代表", "列席"]


def test_roll_is_read_from_columns_parted_by_tabs() -> None:
    text = "姓名\t职务\t类别\t应到\n张　三\t主任\t常委会组成人员\t\n李四\t局长\t列席\t\n王五\t代表\tdeputy\t请假\n"
    assert read_roll(text, CLASSES) == (
        [
            RollLine("张三", "主任", "member"),
            RollLine("李四", "局长", None),
            RollLine("王五", "代表", "deputy", False),
        ],
        [],
    )


def test_roll_takes_the_order_of_its_headings() -> None:
    lines, faults = read_roll("姓名,类别,职务\n张三,人大代表,厂长", CLASSES)
    assert (lines, faults) == ([RollLine("张三", "厂长", "deputy")], [])


def test_roll_keeps_commas_within_a_cell_of_a_workbook() -> None:
    assert read_roll("张三\t书记，主任\t列席", CLASSES)[0] == [RollLine("张三", "书记，主任", None)]


def test_roll_of_one_class_need_not_name_it() -> None:
    assert read_roll("张三\n李四,委员", [("voters", "投票人")])[0] == [
        RollLine("张三", "", "voters"),
        RollLine("李四", "委员", "voters"),
    ]


def test_roll_names_every_fault_at_once() -> None:
    text = (
        "姓名,职务,类别,应到,电话\n,委员,人大代表\n张三,委员,嘉宾\n李四,委员\n王五,委员,人大代表,也许\n李四,委员,列席\n"
    )
    _, faults = read_roll(text, CLASSES)
    assert faults == [
        RollFault(1, "heading", {"text": "电话", "known": ["姓名", "职务", "类别", "应到"]}),
        RollFault(2, "nameless"),
        RollFault(3, "class", {"text": "嘉宾", "known": KNOWN}),
        RollFault(4, "classless", {"known": KNOWN}),
        RollFault(5, "due", {"text": "也许"}),
        RollFault(6, "twice", {"name": "李四", "first": 4}),
    ]


def test_roll_tells_two_people_of_one_name_by_their_titles() -> None:
    lines, faults = read_roll("张三,委员,人大代表\n张三,厂长,人大代表", CLASSES)
    assert ([line.title for line in lines], faults) == (["委员", "厂长"], [])


def test_roll_that_is_too_long_is_not_read() -> None:
    assert read_roll("张三\n" * 2001, CLASSES) == ([], [RollFault(0, "too_many", {"most": 2000})])


def test_roll_refuses_what_is_too_long_or_too_wide() -> None:
    _, faults = read_roll("张" * 101 + "\t委员\t列席\t\t电话", CLASSES)
    assert [fault.code for fault in faults] == ["long", "columns"]
