"""What Chromium keeps of the session cookie: all of it until it is cleared."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cross_auth import Cookie, SessionConfig, make_clear_cookie, make_session_cookie
from cross_auth.testing._laws import law
from tests.browsers.asked import Asked
from tests.browsers.laboratory import HOST, Laboratory
from tests.strategies import cookie_values, valid_configs

hosts = st.lists(st.sampled_from(["a", "b-1", "x_y"]), max_size=2).map(lambda labels: ".".join([*labels, HOST]))


@st.composite
def visits(draw: st.DrawFn) -> tuple[str, SessionConfig]:
    """Draw a host and a config that is for it or for a host above it."""
    host, config = draw(hosts), draw(valid_configs)
    above = [host[start:] for start in range(len(host)) if start == 0 or host[start - 1] == "."]
    domains = [each for each in above if each.endswith(HOST)]
    domain = draw(st.none() | st.sampled_from(domains + [f".{domains[0]}", domains[-1].upper()]))
    return host, config.model_copy(update={"domain": None if config.name.lower().startswith("__host-") else domain})


def neighbours(config: SessionConfig, host: str) -> list[Cookie]:
    """Return cookies that differ from the one of a config in one thing that tells cookies apart."""
    changes: list[dict[str, Any]] = [
        {"name": f"{config.name}x"},
        {"name": config.name.swapcase()},
        {"path": f"{config.path}x"},
        {"domain": host if config.domain is None else None},
        {"partitioned": not config.partitioned},
    ]
    found = []
    for number, change in enumerate(changes):
        with suppress(ValidationError):  # a prefix may allow one path and one domain alone
            changed = config.model_copy(update=change)
            found += [make_session_cookie(f"neighbour-{number}", changed)] * (changed != config)
    return found


@law("session-cookie-is-configured")
@settings(max_examples=3 * settings().max_examples)
@given(visits(), cookie_values)
def test_the_cookie_of_every_config_is_kept_as_configured(
    laboratory: Laboratory, visit: tuple[str, SessionConfig], value: str
) -> None:
    """Name, value, domain, path, end, partition and every flag are stored as the config says."""
    host, config = visit
    fields = config.model_dump(exclude={"max_age", "persistent"})
    asked = Asked(value=value, max_age=config.max_age if config.persistent else None, **fields)
    assert laboratory.keeps(asked, make_session_cookie(value, config).to_header(), host)


@law("clear-cookie-clears")
@given(visits(), cookie_values)
def test_the_clear_cookie_removes_that_cookie_alone(
    laboratory: Laboratory, visit: tuple[str, SessionConfig], value: str
) -> None:
    """Cookies of another name, path, domain or partition stay."""
    host, config = visit
    laboratory.jar.clear()
    laboratory.receive(*(each.to_header() for each in neighbours(config, host)), host=host)
    others = laboratory.jar.cookies()
    laboratory.receive(make_session_cookie(value, config).to_header(), host=host)
    assert len(others) + 1 == len(laboratory.jar.cookies())
    laboratory.receive(make_clear_cookie(config).to_header(), host=host, path="/else/where")
    assert others == laboratory.jar.cookies()


@law("session-cookie-is-capped")
def test_the_browser_drops_the_cookie_no_later_than_the_session_ends(laboratory: Laboratory) -> None:
    """expires_at caps what Chromium stores as the end, to the second."""
    laboratory.jar.clear()
    started, ends = time.time(), datetime.now(UTC) + timedelta(minutes=7)
    laboratory.receive(make_session_cookie("id", expires_at=ends).to_header())
    took = time.time() - started
    [stored] = laboratory.jar.cookies()
    assert -1 <= (stored.expires or 0) - ends.timestamp() <= took
