"""Django's sessions and log-in; the engine is the site's first argument after the order."""

import sys
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import path

from benchmarks.peers.sites.serving import ABSOLUTE, HOST_COOKIE, IDLE, SECRET, USER, hold, order, serve_wsgi

ORDER, ENGINE = order(), sys.argv[2]
SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "host": {"SESSION_COOKIE_NAME": HOST_COOKIE, "SESSION_COOKIE_SECURE": True},
    "idle": {"SESSION_COOKIE_AGE": IDLE, "SESSION_SAVE_EVERY_REQUEST": True},
    "absolute": {},
    "both": {"SESSION_COOKIE_AGE": IDLE, "SESSION_SAVE_EVERY_REQUEST": True},
}
settings.configure(
    SECRET_KEY=SECRET,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(ORDER.file("django.db"))}},
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ORDER.redis}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    SESSION_ENGINE=f"django.contrib.sessions.backends.{ENGINE}",
    **SETTINGS[ORDER.mode],
)
django.setup()

from django.contrib import auth  # noqa: E402  # needs the settings
from django.contrib.auth.models import User  # noqa: E402

BACKEND = "django.contrib.auth.backends.ModelBackend"


def who(request: Any) -> HttpResponse:
    name = request.user.username
    return answer(request, name)


def note(request: Any) -> HttpResponse:
    if request.method == "POST":
        request.session["note"] = "kept"
    return answer(request, request.session.get("note", ""))


def log_in(request: Any) -> HttpResponse:
    auth.login(request, User.objects.get(username=USER), BACKEND)
    if ORDER.mode == "absolute":
        request.session.set_expiry(timedelta(seconds=ABSOLUTE))  # a number of seconds would be an idle limit
    return HttpResponse()


def log_out(request: Any) -> HttpResponse:
    auth.logout(request)
    return HttpResponse()


def renew(request: Any) -> HttpResponse:
    request.session.cycle_key()
    return answer(request, "")


def end_others(request: Any) -> HttpResponse:
    request.user.set_password("a new password")
    request.user.save()
    auth.update_session_auth_hash(request, request.user)
    return HttpResponse()


def answer(request: HttpRequest, text: str) -> HttpResponse:
    if "hold" in request.GET:
        hold()
    return HttpResponse(text)


def sessions(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotFound()


urlpatterns = [
    path("who", who),
    path("note", note),
    path("log-in", log_in),
    path("log-out", log_out),
    path("renew", renew),
    path("sessions", sessions),
    path("end-others", end_others),
]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    User.objects.create_user(USER)
    serve_wsgi(WSGIHandler(), "Django", ends_others="yes, by a new password")
