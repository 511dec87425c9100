"""The site on Django, in one file: a middleware that has the storage, and plain views, under WSGI as under ASGI."""

import logging
import os
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core import management, wsgi
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.datastructures import MultiValueDictKeyError
from django.views.decorators.http import require_POST, require_safe

import cross_auth.storage
from examples import pages

# Safari drops Secure cookies over plain HTTP, even on localhost; a site over HTTPS uses SessionConfig.host_prefixed().
CONFIG = cross_auth.SessionConfig(secure=False)


class Sessions:
    """Give each request its session id and the storage, and each answer what all of them need."""

    def __init__(self, get_response: Any) -> None:
        self.get_response, self.storage = get_response, settings.SESSION_STORAGE

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.storage = self.storage
        request.sent_id = cross_auth.read_session_cookie(request.headers.get("Cookie"), CONFIG) or ""  # no session's
        if cross_auth.is_cross_origin(request.method, request.headers):
            response = HttpResponse(pages.message("This form was sent from another site."), status=403)
        else:
            response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, cross_auth.StorageError):
            logging.getLogger(__name__).error("The storage of the sessions failed.", exc_info=error)
            return HttpResponse(pages.message("Sessions cannot be reached right now. Please try again."), status=503)
        missing = isinstance(error, MultiValueDictKeyError)
        return HttpResponse(pages.message(f"The form has no text called {error}."), status=400) if missing else None


def signed_in(view: Any) -> Any:
    def view_or_home(request: HttpRequest) -> HttpResponse:
        session = cross_auth.touch_session(request.sent_id, request.storage)
        return view(request, session) if session else see_other("/")

    return view_or_home


def see_other(place: str, cookie: cross_auth.Cookie | None = None) -> HttpResponse:
    response = HttpResponse(status=303, headers={"Location": place})
    if cookie is not None:
        response.set_cookie(**cookie.to_dict())
    return response


def page_of(session: cross_auth.SessionData, request: HttpRequest, note: str = "", status: int = 200) -> HttpResponse:
    unlocked = request.storage.get(f"unlocked:{session.handle}") is not None
    return HttpResponse(pages.home(session, CONFIG, unlocked, note), status=status)


def home(request: HttpRequest) -> HttpResponse:
    session = cross_auth.touch_session(request.sent_id, request.storage)
    return page_of(session, request) if session else HttpResponse(pages.log_in())


def log_in(request: HttpRequest) -> HttpResponse:
    username, password = request.POST["username"], request.POST["password"]
    if not pages.knows(username, password):
        return HttpResponse(pages.log_in("Wrong name or password.", username), status=401)
    storage, old_id, device = request.storage, request.sent_id, pages.device(request.headers.get("User-Agent"))
    new_id, _ = cross_auth.create_session(username, storage, idle_timeout=1800, metadata=device, replaces=old_id)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG))


def log_out(request: HttpRequest) -> HttpResponse:
    cross_auth.delete_session(request.sent_id, request.storage)
    return see_other("/", cross_auth.make_clear_cookie(CONFIG))


def unlock(request: HttpRequest, session: cross_auth.SessionData) -> HttpResponse:
    if not pages.knows(session.user_id, request.POST["password"]):
        return page_of(session, request, "Wrong password.", 401)
    if (renewed := cross_auth.renew_session(request.sent_id, request.storage)) is None:
        return see_other("/")  # another request renewed or ended it meanwhile
    new_id, session = renewed
    with suppress(cross_auth.StorageError):  # the old id has ended: the new cookie goes out, the area stays closed
        request.storage.set(f"unlocked:{session.handle}", "yes", ttl=300)
    return see_other("/", cross_auth.make_session_cookie(new_id, CONFIG, expires_at=session.expires_at))


def devices(request: HttpRequest, session: cross_auth.SessionData) -> HttpResponse:
    return HttpResponse(pages.devices(session, cross_auth.list_sessions(session.user_id, request.storage)))


def sign_out(request: HttpRequest, session: cross_auth.SessionData) -> HttpResponse:
    cross_auth.revoke_session(session.user_id, request.POST["handle"], request.storage)
    return see_other("/devices")


def sign_out_others(request: HttpRequest, session: cross_auth.SessionData) -> HttpResponse:
    cross_auth.revoke_sessions(session.user_id, request.storage, keep=request.sent_id)
    return see_other("/devices")


urlpatterns = [
    path("", require_safe(home)),
    path("login", require_POST(log_in)),
    path("logout", require_POST(log_out)),
    path("unlock", require_POST(signed_in(unlock))),
    path("devices", require_safe(signed_in(devices))),
    path("devices/sign-out", require_POST(signed_in(sign_out))),
    path("devices/sign-out-others", require_POST(signed_in(sign_out_others))),
]
SETTINGS: dict[str, Any] = {
    "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 16_384,
    "MIDDLEWARE": [f"{__name__}.Sessions", "django.middleware.common.CommonMiddleware"],  # which looks at the Host
    "ROOT_URLCONF": __name__,
}
if not settings.configured:
    settings.configure(**SETTINGS)


def create_app(storage: cross_auth.IndexedStorage, get_application: Any = wsgi.get_wsgi_application) -> Any:
    settings.SESSION_STORAGE = storage  # the middleware takes it as it is made
    return get_application()


if __name__ == "__main__":
    settings.SESSION_STORAGE = cross_auth.storage.open_storage(os.environ.get("STORAGE", "sqlite:///demo.db"))
    management.execute_from_command_line(["", "runserver", "--noreload", os.environ.get("PORT", "8000")])
