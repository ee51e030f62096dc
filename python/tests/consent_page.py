"""The consent page of a sandbox, as a user of it."""

import html.parser
import re
import urllib.error
import urllib.parse
import urllib.request


class _Form(html.parser.HTMLParser):
    """Collects the hidden fields of a page."""

    def __init__(self):
        super().__init__()
        self.fields = {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "input" and attributes.get("type") == "hidden":
            self.fields[attributes["name"]] = attributes["value"]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keeps the address to which the page redirects, on which nothing listens."""

    def redirect_request(self, request, file, code, message, headers, url):
        return None


def authorize(url, user="ada"):
    """Authorizes the app on the page at `url`. Returns the callback with its parameters, or the page with the PIN."""
    opener = urllib.request.build_opener(_NoRedirect())
    form = _Form()
    form.feed(opener.open(url).read().decode())
    fields = urllib.parse.urlencode({**form.fields, "user": user, "decision": "authorize"}).encode()
    request = urllib.request.Request(url, fields, {"Origin": url.split("/oauth")[0]})
    try:
        return opener.open(request).read().decode()
    except urllib.error.HTTPError as redirect:
        return redirect.headers["location"]


def callback_parameters(url, user="ada"):
    """Authorizes the app on the page at `url` and returns the parameters of the callback."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(authorize(url, user)).query))


def pin(url, user="ada"):
    """Authorizes the app on the page at `url` and returns the PIN."""
    return re.search(r"<code>(\d+)</code>", authorize(url, user))[1]
