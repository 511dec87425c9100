"""A user's device: a browser's context with one page of the site."""

from playwright.sync_api import BrowserContext

PASSWORDS = {"alice": "looking-glass", "bob": "can-we-fix-it"}


class Device:
    """Do what a user does, by what a user sees."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.page = context.new_page()
        self.page.goto(url)

    def log_in(self, username: str = "alice", password: str | None = None) -> "Device":
        self.page.get_by_label("Name").fill(username)
        self.page.get_by_label("Password").fill(password or PASSWORDS[username])
        self.press("Log in")
        return self

    def unlock(self, password: str = PASSWORDS["alice"]) -> None:
        self.page.get_by_label("Password").fill(password)
        self.press("Unlock")

    def press(self, button: str) -> None:
        """Press a button that sends a form, and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link, exact=True).click()

    def bring(self, session_id: str | None) -> None:
        """Put an id from elsewhere into the device's cookies, and open the site."""
        assert session_id
        self.context.add_cookies([{"name": "session_id", "value": session_id, "url": self.url}])
        self.page.goto(self.url)

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def alert(self) -> str:
        return self.page.get_by_role("alert").inner_text()

    @property
    def codes(self) -> int:
        """Count the codes that an unlocked page shows."""
        return self.page.locator(".codes li").count()

    @property
    def devices(self) -> list[bool]:
        """Return the rows of the list of devices, newest first: whether each is marked as this one."""
        rows = self.page.get_by_role("main").get_by_role("listitem").all_inner_texts()
        return ["this device" in row for row in rows]

    @property
    def session_id(self) -> str | None:
        return next((each["value"] for each in self.context.cookies() if each["name"] == "session_id"), None)
