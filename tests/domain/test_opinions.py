import pytest

from appraisal.domain.opinions import Signs, cleaned, normalised, suspicion

SIGNS = Signs(links=2, words=("代开发票",), repeats=5, letters=0.3)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  一\r\n二\r三  ", "一\n二\n三"),
        ("好\u202e评\u200b\ufeff", "好评"),
        ("列\t表\x00\x07", "列\t表"),
        ("\u200b \n", ""),
    ],
)
def test_text_is_kept_without_signs_that_nobody_sees(written: str, kept: str) -> None:
    assert cleaned(written) == kept


def test_texts_are_the_same_that_differ_in_spaces_width_case_and_punctuation() -> None:
    assert normalised("排队，太久！ ＡＢＣ") == normalised("排 队太久\nabc。")
    assert normalised("排队太久") != normalised("排队很久")
    assert (normalised("？！"), normalised(" ？ ！")) == ("?!", "?!")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("见 https://a.example/1 和 b.example.com", "links"),
        ("见 www.lanxi.gov.cn/index.html", None),
        ("代-开-发-票", "words"),
        ("啊啊啊啊啊", "gibberish"),
        ("啊啊啊啊", None),
        ("!@#%&*", "gibberish"),
        ("3.5万元补贴没有到账", None),
    ],
)
def test_suspicion_names_what_looks_like_abuse(text: str, found: str | None) -> None:
    assert suspicion(text, SIGNS) == found


def test_suspicion_is_quick_on_what_is_made_to_be_slow() -> None:
    for text in ("a." * 2500, "a-" * 2500, "http://" * 700, "www." * 1250):
        assert suspicion(text, SIGNS) in (None, "links", "gibberish")
