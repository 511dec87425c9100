"""The cookie laws over everything that Hypothesis draws, against the parsers that people use."""

from http.cookies import Morsel, SimpleCookie
from typing import Any
from urllib.parse import quote

from django.conf import settings as django_settings
from django.http import HttpResponse
from django.http.cookie import parse_cookie as django_parse
from flask import Flask
from flask import Response as FlaskResponse
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.responses import Response as StarletteResponse
from werkzeug.http import parse_cookie as werkzeug_parse

from cross_auth import Cookie, SessionConfig, make_clear_cookie, make_session_cookie, read_session_cookie
from cross_auth.testing._laws import law
from tests.browser import Browser
from tests.strategies import cookie_values, odd_text, valid_configs

if not django_settings.configured:
    django_settings.configure()
flask = Flask(__name__)

ids = st.text("ABCxyz019-_", min_size=43, max_size=43)
pairs = st.lists(st.tuples(st.text("abc_", min_size=1), cookie_values), max_size=4)


def attributes(header: str) -> dict[str, str]:
    """Return the attributes of a Set-Cookie header by their lower-case names, and fail if one comes twice."""
    found = [part.strip().partition("=") for part in header.split(";")[1:]]
    names = [name.lower() for name, _, _ in found]
    assert len(names) == len(set(names))
    return {name.lower(): value for name, _, value in found}


def taken_for_an_attribute(name: str) -> bool:
    """Tell whether http.cookies reads a name as an attribute: of RFC 2109 with a dollar sign, or of its own."""
    return name.startswith("$") or Morsel().isReservedKey(name)


def host_of(config: SessionConfig) -> str:
    return (config.domain or "example.com").removeprefix(".").lower()


@law("cookie-header-round-trips")
@given(cookie_values, valid_configs)
def test_parsers_read_what_was_written(value: str, config: SessionConfig) -> None:
    """http.cookies, Werkzeug and Django find the name and the value in the pair of the header."""
    pair = make_session_cookie(value, config).to_header().partition(";")[0]
    assert {config.name: value} == django_parse(pair)
    assert {config.name: value} == dict(werkzeug_parse(pair))
    expected = {} if taken_for_an_attribute(config.name) else {config.name: value}
    assert expected == {name: morsel.value for name, morsel in SimpleCookie(pair).items()}


@law("cookie-header-round-trips")
@given(cookie_values, valid_configs)
def test_the_attributes_of_the_header_are_those_of_the_cookie(value: str, config: SessionConfig) -> None:
    """Each attribute stands in the header once, as configured."""
    cookie = make_session_cookie(value, config)
    expected = {"path": config.path, "samesite": config.samesite.capitalize()}
    expected |= {"max-age": str(config.max_age)} if config.persistent else {}
    expected |= {"domain": config.domain} if config.domain else {}
    flags = {"secure": config.secure, "httponly": config.httponly, "partitioned": config.partitioned}
    expected |= {name: "" for name, there in flags.items() if there}
    assert expected == attributes(cookie.to_header())


@law("session-cookie-is-configured")
@given(cookie_values, valid_configs)
def test_the_session_cookie_has_every_attribute_of_the_config(value: str, config: SessionConfig) -> None:
    """The cookie differs from the config in nothing but its value and how persistence is said."""
    cookie = make_session_cookie(value, config)
    fields = config.model_dump(exclude={"max_age", "persistent"})
    assert {**fields, "value": value, "max_age": config.max_age if config.persistent else None} == cookie.model_dump()


@law("clear-cookie-matches")
@given(cookie_values, valid_configs)
def test_clear_differs_from_set_in_value_and_max_age_alone(value: str, config: SessionConfig) -> None:
    """The clear cookie is the session cookie, empty and dead."""
    expected = make_session_cookie(value, config).model_copy(update={"value": "", "max_age": 0})
    assert expected == make_clear_cookie(config)


@law("clear-cookie-clears")
@given(cookie_values, valid_configs)
def test_a_browser_holds_the_cookie_until_it_is_cleared(value: str, config: SessionConfig) -> None:
    """A store of RFC 6265bis accepts every session cookie, and the clear cookie empties it from any path."""
    browser = Browser(host_of(config))
    browser.receive(make_session_cookie(value, config).to_header())
    assert [value] == list(browser.cookies.values())
    browser.path = "/somewhere/else"
    browser.receive(make_clear_cookie(config).to_header())
    assert {} == browser.cookies


@law("cookie-cannot-inject")
@given(st.fixed_dictionaries({"name": odd_text, "value": odd_text, "path": odd_text, "domain": st.none() | odd_text}))
def test_no_input_yields_a_control_character_or_a_second_attribute(fields: dict[str, Any]) -> None:
    """Odd text is refused, or stands in the header as one name, one value and attributes that come once."""
    for part, usual in [("name", "id"), ("value", "v"), ("path", "/"), ("domain", None)]:
        alone = {"name": "id", "value": "v", "path": "/", "domain": usual and None, part: fields[part]}
        for candidate in (alone, fields):
            _check_header(candidate)


def _check_header(fields: dict[str, Any]) -> None:
    try:
        header = Cookie(**fields).to_header()
    except ValidationError:
        return
    assert header.isascii()
    assert header.isprintable()
    assert f"{fields['name']}={fields['value']}" == header.partition(";")[0]
    assert {"path", "secure", "httponly", "samesite"} <= set(attributes(header)) <= {
        "path", "secure", "httponly", "samesite", "domain",
    }  # fmt: skip


@law("cookie-cannot-inject", "session-cookie-takes-any-value")
@given(odd_text)
def test_a_session_id_from_anywhere_cannot_inject(value: str) -> None:
    """make_session_cookie refuses odd text or sends it as the value alone."""
    try:
        header = make_session_cookie(value).to_header()
    except ValidationError:
        return
    assert f"session_id={value}; Max-Age=86400; Path=/; Secure; HttpOnly; SameSite=Lax" == header


@law("cookie-dict-sets-the-cookie")
@given(ids, valid_configs.filter(lambda config: config.path == quote(config.path, safe="%!$&'()*+,/:=@")))
def test_the_dict_sets_the_same_cookie_in_each_framework(value: str, config: SessionConfig) -> None:
    """set_cookie(**to_dict()) of Starlette, Flask and Django stores in a browser what to_header() stores."""
    for cookie in (make_session_cookie(value, config), make_clear_cookie(config)):
        arguments = cookie.to_dict()
        expected = stored(config, cookie.to_header(), value)
        with flask.app_context():
            flask_response = FlaskResponse()
            flask_response.set_cookie(**arguments)
        assert expected == stored(config, flask_response.headers["Set-Cookie"], value)
        if cookie.partitioned:
            continue
        starlette_response, django_response = StarletteResponse(), HttpResponse()
        starlette_response.set_cookie(**arguments)
        django_response.set_cookie(**arguments)
        assert expected == stored(config, starlette_response.headers["set-cookie"], value)
        assert expected == stored(config, django_response.cookies.output(header="").strip(), value)


def stored(config: SessionConfig, header: str, value: str) -> dict[Any, str]:
    """Return what a browser that holds the session cookie holds after a header."""
    browser = Browser(host_of(config))
    browser.receive(make_session_cookie(value, config).to_header())
    browser.receive(header)
    return browser.cookies


@law("read-cookie-finds-the-id")
@given(ids, valid_configs, pairs, pairs)
def test_the_id_is_read_back_among_any_cookies(
    session_id: str, config: SessionConfig, before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    """What make_session_cookie sent is what read_session_cookie finds, whatever stands around it."""
    others = [(name, value) for name, value in before + after if name != config.name]
    cookies = [*others[: len(before)], (config.name, session_id), *others[len(before) :]]
    assert session_id == read_session_cookie("; ".join(f"{name}={value}" for name, value in cookies), config)


@law("read-cookie-takes-ids-only")
@given(st.text() | st.text("session_id=;ABC0\t \"'", max_size=200))
def test_whatever_is_read_has_the_form_of_an_id(header: str) -> None:
    """No header yields anything but None or 43 id characters."""
    found = read_session_cookie(header)
    assert found is None or (43 == len(found) and found.isascii() and found.replace("-", "").replace("_", "").isalnum())
