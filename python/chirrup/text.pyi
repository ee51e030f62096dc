"""The text rules of a post: weighted length, entities, links as HTML, and threads. Nothing here uses the network."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from typing_extensions import TypeAlias

from ._native import List, Object

_Post: TypeAlias = Object | Mapping[str, Any]

class ParsedText:
    """Measures of a text by the rules that X uses."""

    @property
    def weighted_length(self) -> int: ...
    @property
    def valid(self) -> bool: ...
    @property
    def permillage(self) -> int: ...
    @property
    def remaining(self) -> int: ...

class Entity:
    """Entity found in a text: a hashtag, cashtag, mention, list or URL."""

    @property
    def kind(self) -> Literal["hashtag", "cashtag", "mention", "list", "url"]: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...

def parse(text: str, *, limit: int = 280) -> ParsedText:
    """Measures a text: weighted length, validity, and the remaining length before the limit."""

def weighted_length(text: str) -> int:
    """Returns the weighted length of a text: 23 for a link, 2 for an emoji."""

def extract(text: str, kinds: Iterable[str] | None = None, *, urls_without_protocol: bool = True) -> list[Entity]:
    """Finds the entities of a text in its order, of all kinds or of these. Mentions and lists are found together."""

def reply_screen_name(text: str) -> str | None:
    """Returns the username that a text replies to: that of a mention at its beginning."""

def auto_link(
    text: str,
    *,
    urls: List[Object] | Sequence[Mapping[str, Any]] | None = None,
    html_attrs: Mapping[str, str] | None = None,
    url_class: str = ...,
    username_class: str = "tweet-url username",
    list_class: str = "tweet-url list-slug",
    hashtag_class: str = "tweet-url hashtag",
    cashtag_class: str = "tweet-url cashtag",
    username_url_base: str = "https://twitter.com/",
    list_url_base: str = "https://twitter.com/",
    hashtag_url_base: str = "https://twitter.com/search?q=%23",
    cashtag_url_base: str = "https://twitter.com/search?q=%24",
    url_target: str = ...,
    symbol_tag: str = ...,
    text_with_symbol_tag: str = ...,
    invisible_tag_attrs: str = "style='position:absolute;left:-9999px;'",
    username_include_symbol: bool = False,
    suppress_lists: bool = False,
    no_follow: bool = True,
    data_screen_name: bool = True,
    html_escape_non_entities: bool = False,
) -> str:
    """Converts the entities of a text to HTML links, as the official libraries do.

    `urls` are `entities.urls` of the post, whose `display_url` is shown.
    """

def html_for_post(
    post: _Post,
    includes: _Post | None = None,
    *,
    use_display_url: bool = True,
    use_expanded_url: bool = False,
    expand_quoted_status: bool = False,
    class_prefix: str = "twython",
) -> str:
    """Renders a post of API v2 as HTML. `includes` is that of its response, for reposted and quoted posts."""

def html_for_tweet(
    tweet: _Post,
    *,
    use_display_url: bool = True,
    use_expanded_url: bool = False,
    expand_quoted_status: bool = False,
    class_prefix: str = "twython",
) -> str:
    """Renders a post of API v1.1 as HTML."""

def escape_html(text: str) -> str:
    """Escapes the characters of a text that have a meaning in HTML."""

def highlight(html: str, hits: Iterable[tuple[int, int]], tag: str = "em") -> str:
    """Wraps ranges of the visible characters of an HTML text in elements."""

def truncate(text: str, *, limit: int = 280, ending: str = "") -> str:
    """Truncates a text to the limit, and appends an ending, such as `…`, if it is too long."""

def split(text: str, *, limit: int = 280, numbering: Literal["after", "before"] | None = "after") -> list[str]:
    """Splits a text into the posts of a thread."""

def is_valid_text(text: str) -> bool:
    """Returns whether a text can be posted: not empty, not too long and without invalid characters."""

def is_valid_username(text: str) -> bool:
    """Returns whether this is a username with its `@`."""

def is_valid_list(text: str) -> bool:
    """Returns whether this is the name of a list: `@name/list`."""

def is_valid_hashtag(text: str) -> bool:
    """Returns whether this is a hashtag with its `#`."""

def is_valid_url(text: str, *, unicode_domains: bool = True, require_protocol: bool = True) -> bool:
    """Returns whether a complete text is a valid URL."""

def strip_terminal_controls(text: str) -> str:
    """Removes the characters that control a terminal, such as those in a post of another user."""
