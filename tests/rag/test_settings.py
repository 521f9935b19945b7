import pytest

from rag import Settings
from rag.errors import SettingsError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("passage_tokens", 0),
        ("passage_tokens", 15),
        ("passage_tokens", 257),
        ("k", 0),
        ("k", 101),
        ("candidates", 7),
        ("candidates", 1001),
        ("max_error", -0.1),
        ("max_error", 1.1),
        ("max_error", float("nan")),
        ("chat_seconds", 0.0),
        ("chat_seconds", float("inf")),
    ],
)
def test_a_value_outside_its_range_is_refused_with_the_range(name: str, value: float) -> None:
    with pytest.raises(SettingsError, match=rf"{name} is {value}, expected .+\. Set it"):
        Settings(**{name: value})  # type: ignore[arg-type]


def test_the_environment_sets_what_is_not_given() -> None:
    environment = {"CITEDESK_K": "5", "CITEDESK_MAX_ERROR": "0.25", "CITEDESK_CHAT_MODEL": "small", "K": "9"}
    settings = Settings.from_environment(environment)
    assert (settings.k, settings.max_error, settings.chat_model) == (5, 0.25, "small")


def test_what_is_given_wins_over_the_environment() -> None:
    assert Settings.from_environment({"CITEDESK_K": "5"}, k=6).k == 6


def test_the_environment_is_read_when_asked_and_not_at_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_K", "4")
    assert Settings.from_environment().k == 4 != Settings().k


def test_a_value_of_another_type_is_refused_with_its_variable() -> None:
    with pytest.raises(SettingsError, match="CITEDESK_K is 'many', expected a value of type int"):
        Settings.from_environment({"CITEDESK_K": "many"})


def test_an_unknown_setting_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"no setting 'top_k'.+candidates"):
        Settings.from_environment({}, top_k=3)


def test_the_key_is_not_shown() -> None:
    assert "sk-secret" not in repr(Settings(chat_key="sk-secret"))
