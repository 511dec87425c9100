"""SessionData and SessionConfig at their exact limits."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from cross_auth import Cookie, SessionConfig, SessionData
from cross_auth.testing._laws import law
from tests.strategies import valid_configs

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def session(**changes: Any) -> SessionData:
    return SessionData(**{"user_id": "user", "created_at": NOW, "expires_at": NOW + timedelta(days=1), **changes})


@law("session-data-is-frozen")
@pytest.mark.parametrize("field", list(SessionData.model_fields))
def test_a_session_cannot_be_changed(field: str) -> None:
    """Setting any field of a session is an error."""
    with pytest.raises(ValidationError, match="frozen"):
        setattr(session(), field, "changed")


@law("session-data-is-utc")
@pytest.mark.parametrize("field", ["created_at", "expires_at"])
@pytest.mark.parametrize(
    "value", [NOW.replace(tzinfo=None), NOW.astimezone(timezone(timedelta(hours=2))), NOW.isoformat(), 1, None]
)
def test_a_time_that_is_not_an_aware_datetime_in_utc_is_refused(field: str, value: Any) -> None:
    """A naive datetime, one with an offset, a text and a number are refused, and the field is named."""
    with pytest.raises(ValidationError) as caught:
        session(**{field: value})
    assert [(field,)] == [error["loc"] for error in caught.value.errors()]


@law("session-data-ignores-unknown")
def test_unknown_fields_are_ignored() -> None:
    """A field that this release does not know does not make a session invalid."""
    assert session() == session(colour="blue")


@law("create-refuses-first")
@pytest.mark.parametrize(("user_id", "valid"), [("", False), ("u", True), ("u" * 1024, True), ("u" * 1025, False)])
def test_a_user_id_has_1_to_1024_characters(user_id: str, valid: bool) -> None:
    """The limits of user_id are exact."""
    if valid:
        assert user_id == session(user_id=user_id).user_id
    else:
        with pytest.raises(ValidationError):
            session(user_id=user_id)


@law("config-keeps-the-cookie-rules")
@given(valid_configs)
def test_every_config_makes_a_cookie(config: SessionConfig) -> None:
    """What a config allows a cookie allows too."""
    fields = config.model_dump(exclude={"persistent"})
    assert config.name == Cookie(value="A" * 43, **fields).name


@law("config-keeps-the-cookie-rules")
@pytest.mark.parametrize(
    "fields",
    [
        {"name": "a b"},
        {"name": ""},
        {"path": "app"},
        {"domain": "https://example.com"},
        {"samesite": "none", "secure": False},
        {"partitioned": True, "secure": False},
        {"name": "__Secure-a", "secure": False},
        {"name": "__Host-a", "path": "/app"},
        {"name": "__HOST-a", "domain": "example.com"},
        {"name": "__Http-a", "httponly": False},
    ],
)
def test_what_a_cookie_refuses_a_config_refuses(fields: dict[str, Any]) -> None:
    """A config is refused for each rule of a cookie, and names the same field."""
    with pytest.raises(ValidationError) as config:
        SessionConfig(**fields)
    with pytest.raises(ValidationError) as cookie:
        Cookie(**{"name": "a", "value": "", **fields})
    assert [error["loc"] for error in cookie.value.errors()] == [error["loc"] for error in config.value.errors()]
    assert config.value.errors()[0]["loc"]


@law("config-keeps-the-cookie-rules")
@pytest.mark.parametrize(("max_age", "valid"), [(0, False), (1, True), (34_560_000, True), (34_560_001, False)])
def test_a_config_lives_1_second_to_400_days(max_age: int, valid: bool) -> None:
    """The limits of max_age are exact."""
    if valid:
        assert max_age == SessionConfig(max_age=max_age).max_age
    else:
        with pytest.raises(ValidationError, match="max_age"):
            SessionConfig(max_age=max_age)


@law("config-keeps-the-cookie-rules")
@pytest.mark.parametrize(("length", "valid"), [(4053, True), (4054, False)])
def test_a_name_leaves_room_for_an_id(length: int, valid: bool) -> None:
    """The longest name and an id are 4096 octets together."""
    if valid:
        assert 4096 == len(SessionConfig(name="n" * length).name) + 43
    else:
        with pytest.raises(ValidationError, match="4053"):
            SessionConfig(name="n" * length)


@law("config-keeps-the-cookie-rules")
@pytest.mark.parametrize(
    ("field", "value"),
    [("max_age", True), ("max_age", "60"), ("secure", 1), ("httponly", "yes"), ("samesite", "Lax"), ("colour", "blue")]
    + [("persistent", None), ("name", 7), ("path", None), ("domain", "")],
)
def test_a_config_coerces_nothing(field: str, value: Any) -> None:
    """A value of another type, and a field that does not exist, is refused by name."""
    with pytest.raises(ValidationError) as caught:
        SessionConfig(**{field: value})
    assert [(field,)] == [error["loc"] for error in caught.value.errors()]


@law("session-data-is-frozen")
def test_a_copy_of_a_session_is_checked() -> None:
    """A copy of a session cannot be what a session cannot be."""
    with pytest.raises(ValidationError, match="expires_at"):
        session().model_copy(update={"expires_at": None})


@law("config-copy-is-checked")
def test_a_copy_of_a_config_is_checked() -> None:
    """model_copy changes what it is told to, and refuses what a new config would refuse."""
    config = SessionConfig(path="/app")
    assert SessionConfig(path="/app", max_age=60) == config.model_copy(update={"max_age": 60})
    assert config == config.model_copy(deep=True)
    with pytest.raises(ValidationError, match="prefix"):
        config.model_copy(update={"name": "__Host-id"})


@law("host-prefixed-is-host-only")
@pytest.mark.parametrize(
    ("name", "expected"), [("id", "__Host-id"), ("__Host-id", "__Host-id"), ("__HOST-id", "__Host-id")]
)
def test_host_prefixed_puts_the_prefix_once(name: str, expected: str) -> None:
    """The prefix stands before the name once, with what it demands."""
    config = SessionConfig.host_prefixed(name, max_age=60, samesite="strict", partitioned=True, persistent=False)
    assert SessionConfig(name=expected, max_age=60, samesite="strict", partitioned=True, persistent=False) == config
    assert (True, "/", None) == (config.secure, config.path, config.domain)


@law("host-prefixed-is-host-only")
@pytest.mark.parametrize("name", ["", "a b", 7, None])
def test_host_prefixed_refuses_what_is_no_name(name: Any) -> None:
    """The prefix does not turn a wrong name into a right one."""
    with pytest.raises(ValidationError, match="name"):
        SessionConfig.host_prefixed(name)
