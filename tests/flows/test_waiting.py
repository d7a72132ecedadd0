from flows.waiting import ClosingForm


def test_closing_form_is_titled_in_chinese_and_hides_the_code() -> None:
    schema = ClosingForm.model_json_schema()
    assert [field["title"][:3] for field in schema["properties"].values()] == ["决定", "审批码", "意见"]
    assert schema["required"] == ["决定", "审批码"]
    assert schema["properties"]["审批码"]["format"] == "password"


def test_closing_form_never_shows_the_code() -> None:
    form = ClosingForm.model_validate({"决定": "同意", "审批码": "CODE-2718"})
    assert "2718" not in f"{form!r} {form} {form.model_dump_json()}"
    assert form.code.get_secret_value() == "CODE-2718"
