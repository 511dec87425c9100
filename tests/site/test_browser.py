"""The built site in Chromium: nothing comes from elsewhere, and search, theme and code work from a static server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browsers.chromium import missing, running
from tests.site.served import serving, urls
from tests.storages import skip_where

pytestmark = skip_where("Chromium", missing())
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=375, height=780)
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > window.innerWidth"
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def base(site: Path) -> Iterator[str]:
    with serving(site) as url:
        yield url


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    with browser.new_context(viewport=DESKTOP, base_url=base, color_scheme="light") as context:
        yield context.new_page()


def test_no_page_asks_another_host_or_complains(site: Path, page: Page, base: str) -> None:
    """Every page loads from its own server alone, and writes nothing to the console of the browser."""
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    for url in urls(site):
        page.goto(url)
    page.wait_for_load_state("networkidle")
    assert len(asked) > len(urls(site))
    assert [] == said + [url for url in asked if not url.startswith((base, "data:"))]


def test_a_resource_of_another_host_is_refused_by_the_browser(page: Page) -> None:
    """The pages carry a policy that holds whatever a page or the theme may come to contain."""
    page.goto("")
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://example.com/a.png'}))")


def test_no_page_is_wider_than_a_phone(site: Path, page: Page) -> None:
    """Tables and code scroll within the page, which does not scroll sideways itself."""
    page.set_viewport_size(PHONE)
    wide = []
    for url in urls(site):
        page.goto(url)
        wide += [url] * page.evaluate(WIDER_THAN_THE_WINDOW)
    assert [] == wide


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("create_session", "api/session-functions/?h=create_session#create_session"),
        ("revoke_sessions", "api/session-functions/?h=revoke_sessions#revoke_sessions"),
        ("idle", "guides/idle-and-absolute-limits/?h=idle"),
    ],
)
def test_the_search_finds(words: str, first: str, page: Page, base: str) -> None:
    """A reader who types a word is led to what it is about."""
    page.goto("")
    page.get_by_role("button", name="Search").click()
    page.keyboard.type(words)
    expect(page.locator("a[href*='?h=']").first).to_have_attribute("href", base + first)


def test_the_colours_follow_the_system_and_a_switch(page: Page) -> None:
    """A page is light or dark as the system is, changes with it, and stays as the reader chose."""
    page.goto("")
    body, light = page.locator("body"), page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark")
    expect(body).not_to_have_css("background-color", light)
    page.get_by_title("Switch to light mode").click()
    expect(body).to_have_css("background-color", light)
    page.goto("guides/security/")
    expect(body).to_have_css("background-color", light)


def test_code_is_copied(page: Page) -> None:
    """The button of a block puts its code into the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("")
    page.get_by_title("Copy to clipboard").first.click()
    expect(page.get_by_text("Copied to clipboard")).to_be_visible()
    assert "pip install cross-auth-sessions" == page.evaluate("navigator.clipboard.readText()").strip()


def test_the_page_for_what_is_not_there_leads_on(page: Page) -> None:
    """An address below the root that leads nowhere shows a page with the style and the navigation of the site."""
    answer = page.goto("guides/none/of/this/")
    assert answer
    assert 404 == answer.status
    page.get_by_role("article").get_by_role("link", name="start").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cross-auth-sessions")
