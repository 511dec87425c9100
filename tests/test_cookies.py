"""Cookie and the cookie functions at their exact limits."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from cross_auth import Cookie, SessionConfig, make_clear_cookie, make_session_cookie, read_session_cookie
from cross_auth.testing import FakeClock
from cross_auth.testing._laws import law

ID = "AbC-_0123456789" + "x" * 28
SECRET = "SECRET" + "x" * 37


def cookie(**fields: Any) -> Cookie:
    return Cookie(**{"name": "name", "value": "value", **fields})


@law("session-cookie-is-configured")
def test_the_default_cookie_is_secure() -> None:
    """Without a config the cookie is Secure, HttpOnly, SameSite=Lax, for a day and every path."""
    expected = f"session_id={ID}; Max-Age=86400; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert expected == make_session_cookie(ID).to_header()


@law("clear-cookie-matches")
def test_the_default_clear_cookie_is_empty_and_dead() -> None:
    """Without a config the clear cookie has no value and a Max-Age of 0."""
    assert "session_id=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax" == make_clear_cookie().to_header()


@law("session-cookie-is-configured")
def test_every_attribute_reaches_the_header() -> None:
    """Domain, path, SameSite, Partitioned and the absence of flags are sent as configured."""
    config = SessionConfig(
        name="id", max_age=60, path="/app", domain="example.com", httponly=False, samesite="none", partitioned=True
    )
    expected = f"id={ID}; Max-Age=60; Domain=example.com; Path=/app; Secure; SameSite=None; Partitioned"
    assert expected == make_session_cookie(ID, config).to_header()


@law("session-cookie-is-configured")
def test_a_cookie_that_is_not_persistent_has_no_max_age() -> None:
    """persistent=False leaves Max-Age out of the session cookie, and in the clear cookie."""
    config = SessionConfig(persistent=False)
    assert (None, 0) == (make_session_cookie(ID, config).max_age, make_clear_cookie(config).max_age)


@law("session-cookie-is-capped")
@pytest.mark.parametrize(
    ("left", "max_age"),
    [(timedelta(days=2), 86_400), (timedelta(days=1), 86_400), (timedelta(seconds=60), 60)]
    + [(timedelta(seconds=59, microseconds=999_999), 59), (timedelta(microseconds=1), 0)]
    + [(timedelta(0), 0), (-timedelta(days=1), 0)],
)
@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30))])
def test_max_age_is_capped_at_what_is_left_of_the_session(
    clock: FakeClock, left: timedelta, max_age: int, zone: timezone
) -> None:
    """The browser keeps the cookie no longer than the session lives, in whichever zone its end is told."""
    cookie = make_session_cookie("id", expires_at=(clock.now() + left).astimezone(zone))
    assert make_session_cookie("id").model_copy(update={"max_age": max_age}) == cookie


@law("session-cookie-is-capped")
def test_a_cookie_that_is_not_persistent_stays_without_max_age(clock: FakeClock) -> None:
    """It ends with the browser, whatever is left of the session."""
    config = SessionConfig(persistent=False)
    assert make_session_cookie("id", config) == make_session_cookie("id", config, expires_at=clock.now())


@law("session-cookie-is-capped")
@pytest.mark.parametrize("expires_at", [60, "2126-01-01T00:00:00Z", datetime(2126, 1, 1), timedelta(1)])  # noqa: DTZ001
def test_an_end_that_is_no_aware_datetime_is_refused_by_name(expires_at: Any) -> None:
    """A number, text and a naive datetime are errors."""
    with pytest.raises(ValidationError) as caught:
        make_session_cookie("id", expires_at=expires_at)
    assert [("expires_at",)] == [error["loc"] for error in caught.value.errors()]


@law("session-cookie-takes-any-value")
@pytest.mark.parametrize("value", ["x", "a.b=c", "!#$%&'()*+-./:<=>?@[]^_`{|}~", "v" * 4086])
def test_any_cookie_value_is_taken(value: str) -> None:
    """A value need not be an id of this library."""
    assert value == make_session_cookie(value).value


@law("session-cookie-takes-any-value")
@pytest.mark.parametrize(
    "value", ["", "a b", "a;b", "a,b", 'a"b', "a\\b", "é", "a\n", "a\0", "v" * 4087, None, 7, b"x"]
)
def test_what_is_no_cookie_value_is_refused_by_name(value: Any) -> None:
    """An empty value, an octet that a cookie cannot hold and one octet too many name session_id."""
    with pytest.raises(ValidationError) as caught:
        make_session_cookie(value)
    assert [("session_id",)] == [error["loc"] for error in caught.value.errors()]
    assert "make_session_cookie" == caught.value.title


@law("session-cookie-is-configured")
@pytest.mark.parametrize("config", [{}, "session_id", SessionConfig, 0, False])
def test_a_config_of_another_type_is_refused_by_name(config: Any) -> None:
    """All three cookie functions take a SessionConfig or None, and no dict."""
    for function, arguments in [(make_session_cookie, (ID,)), (make_clear_cookie, ()), (read_session_cookie, ("",))]:
        with pytest.raises(ValidationError) as caught:
            function(*arguments, config)  # type: ignore[operator]  # mypy joins the three types
        assert [("config",)] == [error["loc"] for error in caught.value.errors()]


@law("cookie-none-needs-secure")
def test_samesite_none_needs_secure() -> None:
    """SameSite=None without Secure is refused, with it accepted."""
    assert "none" == cookie(samesite="none").samesite
    with pytest.raises(ValidationError, match="step 19"):
        cookie(samesite="none", secure=False)


@law("cookie-partitioned-needs-secure")
def test_partitioned_needs_secure() -> None:
    """Partitioned without Secure is refused, with it accepted."""
    assert cookie(partitioned=True).partitioned
    with pytest.raises(ValidationError, match="CHIPS"):
        cookie(partitioned=True, secure=False)


@law("cookie-secure-prefix")
@pytest.mark.parametrize("name", ["__Secure-a", "__secure-a", "__SECURE-", "__Host-a", "__Http-a"])
def test_a_secure_prefix_needs_secure(name: str) -> None:
    """A prefixed name without Secure is refused, with it accepted."""
    assert name == cookie(name=name).name
    with pytest.raises(ValidationError, match="secure=True"):
        cookie(name=name, secure=False)


@law("cookie-host-prefix")
@pytest.mark.parametrize("name", ["__Host-a", "__host-a", "__HOST-", "__Host-Http-a"])
@pytest.mark.parametrize("fields", [{"path": "/app"}, {"domain": "example.com"}])
def test_a_host_prefix_needs_the_root_path_and_no_domain(name: str, fields: dict[str, str]) -> None:
    """A __Host- name with a path or a domain is refused, without either accepted."""
    assert name == cookie(name=name).name
    with pytest.raises(ValidationError, match="__Host-"):
        cookie(name=name, **fields)


@law("cookie-http-prefix")
@pytest.mark.parametrize("name", ["__Http-a", "__http-a", "__Host-Http-a", "__HOST-HTTP-a"])
def test_an_http_prefix_needs_httponly(name: str) -> None:
    """A prefix that promises HttpOnly is refused without it."""
    assert name == cookie(name=name).name
    with pytest.raises(ValidationError, match="httponly=True"):
        cookie(name=name, httponly=False)


@law("cookie-fits")
def test_name_and_value_are_4096_octets_together() -> None:
    """4096 octets are accepted, 4097 refused with their number."""
    assert 4096 == len(cookie(name="n" * 96, value="v" * 4000).to_header().partition(";")[0]) - 1
    with pytest.raises(ValidationError, match="4097"):
        cookie(name="n" * 97, value="v" * 4000)


@law("cookie-fields-are-exact")
@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("name", "!#$%&'*+-.^_`|~a0", "a=b"),
        ("name", "a", ""),
        ("name", "a", "a\n"),
        ("value", "", " "),
        ("value", "a", "a\x7f"),
        ("path", "/", ""),
        ("path", "/a b,c", "/a "),
        ("path", "/" + "p" * 1023, "/" + "p" * 1024),
        ("path", "/app", "/app\x1f"),
        ("path", "/caf%C3%A9", "/café"),
        ("domain", "example.com", "example.com:8000"),
        ("domain", ".example.com", "example.com/"),
        ("domain", "localhost", "local host"),
        ("domain", "127.0.0.1", "[::1]"),
        ("domain", "d" * 1024, "d" * 1025),
        ("domain", None, ""),
        ("max_age", 0, -1),
        ("max_age", 34_560_000, 34_560_001),
        ("max_age", None, True),
        ("samesite", "strict", "Strict"),
        ("secure", True, 1),
        ("partitioned", False, None),
    ],
)
def test_the_limit_of_each_field_is_exact(field: str, good: Any, bad: Any) -> None:
    """What is just inside a limit is accepted, what is just outside refused by the name of the field."""
    assert good == getattr(cookie(**{field: good}), field)
    with pytest.raises(ValidationError) as caught:
        cookie(**{field: bad})
    assert [field] == [error["loc"][0] for error in caught.value.errors()]


@law("cookie-hides-its-value")
def test_the_value_is_in_no_repr() -> None:
    """Repr and str show the cookie without its value."""
    made = make_session_cookie(SECRET)
    assert SECRET not in f"{made} {made!r} {[made]}"
    assert "session_id" in repr(made)


@law("cookie-hides-its-value")
@pytest.mark.parametrize(
    "make",
    [
        lambda: make_session_cookie(f"{SECRET};"),
        lambda: make_session_cookie(SECRET * 100),
        lambda: cookie(value=f"{SECRET};"),
        lambda: cookie(value=SECRET, samesite="none", secure=False),
        lambda: cookie(value=SECRET * 100),
        lambda: cookie(valeu=SECRET),
        lambda: Cookie(value=SECRET),  # type: ignore[call-arg]  # the name is missing
        lambda: Cookie.model_validate([SECRET]),
        lambda: setattr(cookie(), "value", SECRET),
        lambda: Cookie.model_validate_strings({"name": "a b", "value": SECRET}),
        lambda: Cookie.model_validate_json(f'{{"name": "a b", "value": "{SECRET}"}}'),
        lambda: make_session_cookie(SECRET).model_copy(update={"path": SECRET}),
        lambda: read_session_cookie([SECRET]),  # type: ignore[arg-type]  # what is refused
    ],
)
def test_the_value_is_in_no_form_of_an_error(make: Any) -> None:
    """str, repr, errors() and json() of a refusal hide the value, and the error has no context."""
    with pytest.raises(ValidationError) as caught:
        make()
    error = caught.value
    assert "SECRET" not in f"{error} {error!r} {error.errors()} {error.json()}"
    assert (None, None) == (error.__context__, error.__cause__)


@law("cookie-copy-is-checked")
def test_a_copy_of_a_cookie_is_checked() -> None:
    """model_copy changes what it is told to, and refuses what a new cookie would refuse."""
    assert cookie(max_age=60) == cookie().model_copy(update={"max_age": 60})
    with pytest.raises(ValidationError, match="octets"):
        cookie().model_copy(update={"value": "a; Domain=example.com"})


@law("cookie-cannot-inject")
@pytest.mark.parametrize("method", ["to_header", "to_dict"])
def test_a_cookie_that_was_built_unchecked_is_checked_before_it_is_sent(method: str) -> None:
    """What Pydantic builds without validation yields no header."""
    fields = {**dict(cookie()), "value": "a\r\nSet-Cookie: b=c"}
    with pytest.raises(ValidationError, match="octets"):
        getattr(Cookie.model_construct(**fields), method)()


@law("cookie-fields-are-exact")
def test_a_cookie_cannot_be_changed() -> None:
    """Setting a field of a cookie is an error."""
    with pytest.raises(ValidationError, match="frozen"):
        setattr(cookie(), "value", "x")  # noqa: B010  what mypy would refuse


@law("cookie-dict-sets-the-cookie")
def test_partitioned_is_in_the_dict_only_when_true() -> None:
    """Frameworks that do not know partitioned get a dict without it."""
    assert "partitioned" not in cookie().to_dict()
    assert cookie(partitioned=True).to_dict()["partitioned"] is True


@law("read-cookie-finds-the-id")
@pytest.mark.parametrize(
    "header", [f"session_id={ID}", f"a=b; session_id={ID}", f"session_id={ID};a=b", f" \tsession_id\t=\t{ID} ;;=; a"]
)
def test_the_id_is_found_among_other_cookies(header: str) -> None:
    """Order, spaces and tabs around the pair do not matter."""
    assert ID == read_session_cookie(header)


@law("read-cookie-takes-ids-only")
@pytest.mark.parametrize(
    "header",
    [None, "", ";", "=", "session_id", "session_id=", f"Session_id={ID}", f"session_id2={ID}", f"session_id={ID}x"]
    + [
        f"session_id={ID[1:]}",
        f'session_id="{ID}"',
        f"session_id={ID[:-1]}é",
        f"session_id={ID}\n",
        f"a=session_id={ID}",
    ]
    + [f"a=b, session_id={ID}", f"\u00a0session_id={ID}", f"={ID}", f"session_id=={ID}", f"session_id={ID[:-1]}="],
)
def test_whatever_is_no_id_under_the_name_is_none(header: str | None) -> None:
    """A missing, misspelt, quoted, cut or padded cookie is None."""
    assert read_session_cookie(header) is None


@law("read-cookie-refuses-tossed")
@pytest.mark.parametrize("other", ["B" * 43, "short", ""])
def test_a_name_that_comes_twice_with_different_values_is_refused(other: str, caplog: pytest.LogCaptureFixture) -> None:
    """Neither order of two different values is taken, and a warning names the cookie, not its values."""
    for header in (f"session_id={ID}; session_id={other}", f"session_id={other}; a=b; session_id={ID}"):
        assert read_session_cookie(header) is None
    assert ["WARNING"] * 2 == [record.levelname for record in caplog.records]
    assert "session_id" in caplog.text
    assert ID not in caplog.text


@law("read-cookie-refuses-tossed")
def test_a_name_that_comes_twice_with_one_value_is_taken() -> None:
    """A repeated pair is harmless."""
    assert ID == read_session_cookie(f"session_id={ID}; session_id={ID}")


@law("read-cookie-finds-the-id")
def test_the_configured_name_is_what_is_read() -> None:
    """Another cookie name is found under a config, and only there."""
    config = SessionConfig.host_prefixed()
    header = f"__Host-session_id={ID}"
    assert (ID, None) == (read_session_cookie(header, config), read_session_cookie(header))


@law("read-cookie-takes-ids-only")
@pytest.mark.parametrize("header", [b"session_id=x", 7, ["session_id=x"]])
def test_a_header_that_is_not_text_is_refused_by_name(header: Any) -> None:
    """Bytes, as ASGI scopes hold them, are an error that names header."""
    with pytest.raises(ValidationError) as caught:
        read_session_cookie(header)
    assert [("header",)] == [error["loc"] for error in caught.value.errors()]
