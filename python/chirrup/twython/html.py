"""A status of API v1.1 as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Kind of an entity, member with its text, sign before the text, and address of the link.
_LINKS = (
    ("user_mentions", "screen_name", "@", "https://twitter.com/{}", "mention"),
    ("hashtags", "text", "#", "https://twitter.com/search?q=%23{}", "hashtag"),
    ("symbols", "text", "$", "https://twitter.com/search?q=%24{}", "symbol"),
)


def html_for_tweet(
    tweet: dict[str, Any],
    use_display_url: bool = True,
    use_expanded_url: bool = False,
    expand_quoted_status: bool = False,
) -> str:
    """Returns the HTML of a status, in which mentions, hashtags, cashtags, URLs and media are links.

    Args:
        tweet: Status of API v1.1. A retweet is shown as the status that it repeats.
        use_display_url: Whether a link shows the short form of its address.
        use_expanded_url: Whether a link shows its whole address. It takes precedence.
        expand_quoted_status: Whether the quoted status follows.
    """
    tweet = tweet.get("retweeted_status", tweet)
    tweet = tweet.get("extended_tweet", tweet)
    whole = tweet.get("full_text") or tweet["text"]
    start, end = tweet.get("display_text_range") or (0, len(whole))
    prefix, display, suffix = whole[:start], whole[start:end], whole[end:]
    replacements = []
    for kind, first, last, html in _entities(tweet.get("entities", {}), use_display_url, use_expanded_url):
        if start <= first <= end:
            replacements.append((first - start, last - start, html))
        elif kind == "mention":
            # Not a second time inside of a link that is there already.
            name = re.escape(whole[first:last])
            prefix = re.sub(rf"(?<!>){name}(?!</a>)", html.replace("\\", r"\\"), prefix)
        else:
            suffix = suffix.replace(whole[first:last], html)
    # From the end, so that the positions before it stay right.
    for first, last, html in sorted(replacements, key=lambda each: each[0], reverse=True):
        display = display[:first] + html + display[last:]
    quote = ""
    if expand_quoted_status and tweet.get("is_quote_status") and tweet.get("quoted_status"):
        quote = _quote(tweet["quoted_status"], use_display_url, use_expanded_url)
    return f"{_span('prefix', prefix)}{display}{_span('suffix', suffix)}{quote}"


def _entities(
    entities: dict[str, Any], use_display_url: bool, use_expanded_url: bool
) -> Iterator[tuple[str, int, int, str]]:
    """Returns kind, start, end and link of each entity. All media share the link of the first one."""
    for name, member, sign, address, kind in _LINKS:
        for entity in entities.get(name, ()):
            text = entity[member]
            yield kind, *entity["indices"], _link(address.format(text), kind, sign + text)
    for kind, found in (("url", entities.get("urls", ())), ("media", entities.get("media", ())[:1])):
        for entity in found:
            shown = entity["url"]
            if use_expanded_url:
                shown = entity.get("expanded_url") or shown
            elif use_display_url:
                shown = entity.get("display_url") or shown
            yield kind, *entity["indices"], _link(entity["url"], kind, shown)


def _link(address: str, kind: str, text: str) -> str:
    return f'<a href="{address}" class="twython-{kind}">{text}</a>'


def _span(kind: str, text: str) -> str:
    return f'<span class="twython-tweet-{kind}">{text}</span>' if text else ""


def _quote(status: dict[str, Any], use_display_url: bool, use_expanded_url: bool) -> str:
    user = status["user"]
    address = f"https://twitter.com/{user['screen_name']}/status/{status['id_str']}"
    name = f'<span class="twython-quote-user-name">{user["name"]}</span>'
    name += f'<span class="twython-quote-user-screenname">@{user["screen_name"]}</span>'
    html = html_for_tweet(status, use_display_url, use_expanded_url, False)
    return f'<blockquote class="twython-quote">{html}<cite><a href="{address}">{name}</a></cite></blockquote>'
