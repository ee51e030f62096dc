"""The modules `chirrup.text` and `chirrup.query`."""

import threading

import chirrup
import chirrup.query
import chirrup.text
import pytest


def test_a_text_is_measured_split_and_truncated():
    parsed = chirrup.text.parse("Herons at https://example.com/a/long/path 👨‍👩‍👧‍👦")
    assert (parsed.weighted_length, parsed.remaining, parsed.valid) == (10 + 23 + 1 + 2, 244, True)
    assert chirrup.text.weighted_length("日本") == 4
    assert chirrup.text.parse("hello", limit=4).valid is False
    assert chirrup.text.truncate("one two three", limit=8, ending="…") == "one tw…"
    assert chirrup.text.split("One small step. And one giant leap.", limit=26)[0].endswith("1/2")
    with pytest.raises(ValueError, match="after or before"):
        chirrup.text.split("a", numbering="roman")


def test_entities_have_indices_of_characters():
    text = "🐦 @ada reads example.com #birds"
    assert [(each.kind, text[each.start : each.end]) for each in chirrup.text.extract(text)] == [
        ("mention", "@ada"),
        ("url", "example.com"),
        ("hashtag", "#birds"),
    ]
    assert [each.text for each in chirrup.text.extract(text, ["hashtag"])] == ["birds"]
    with pytest.raises(ValueError, match="emoji"):
        chirrup.text.extract(text, ["emoji"])


def test_texts_become_html(client):
    link = chirrup.text.auto_link("hi @ada", no_follow=False, data_screen_name=False, username_class="user")
    assert link == 'hi @<a class="user" href="https://twitter.com/ada">ada</a>'
    urls = [{"url": "https://t.co/a", "display_url": "example.com", "expanded_url": "https://example.com/"}]
    assert "example.com" in chirrup.text.auto_link("see https://t.co/a", urls=urls, html_attrs={"data-id": "7"})
    with pytest.raises(TypeError, match="unexpected keyword argument 'klass'"):
        chirrup.text.auto_link("hi", klass="x")
    page = client.search_recent("the has:hashtags", post_fields=["entities"])
    assert 'class="twython-hashtag"' in chirrup.text.html_for_post(page.data[0], page.includes)
    assert chirrup.text.html_for_tweet({"text": "a < b", "entities": {}})
    with pytest.raises(ValueError, match="neither"):
        chirrup.text.html_for_tweet({})


def test_queries_are_parsed_and_explained():
    query = chirrup.query.parse("rust (lang:en OR #ferris) -is:retweet")
    assert str(query) == "rust (lang:en OR #ferris) -is:retweet"
    assert query.explain() == chirrup.query.explain(str(query)) and "#ferris" in query.explain()
    assert chirrup.query.parse("rust rust").normalize() == chirrup.query.parse("rust")
    with pytest.raises(chirrup.ArgumentError, match="position 6"):
        chirrup.query.parse("rust )")
    report = chirrup.query.check("é rust min_faves:3")
    assert not report.ok and "min_likes:" in report.diagnostics[0].suggestion
    assert (report.diagnostics[0].start, report.diagnostics[0].severity) == (7, "error")
    assert "^^^" in str(report)
    assert chirrup.query.check("sample:5 cat", "stream").ok


def test_posts_are_matched_locally(client, sandbox):
    page = client.search_recent("the", max_results=100, post_fields=["lang", "entities"], expansions=["author_id"])
    query = chirrup.query.parse("the lang:en")
    matching = [post for post in page if query.matches(post, page.includes)]
    assert matching and all(post.lang == "en" for post in matching)
    author = page.author(page.data[0]).username
    index = chirrup.query.RuleIndex([f"from:{author}", "nothing-like-this", "the"])
    assert index.matches(page.data[0], page.includes) == [0, 2]
    assert query.matches({"id": "1", "text": "The heron", "lang": "en"})
    with pytest.raises(ValueError, match="not a post"):
        query.matches({"text": 5})


def test_items_of_a_stream_are_matched_with_their_author(client, sandbox):
    client.update_rules(add_rules=[{"value": "heron"}])
    with client.filtered_stream(expansions=["author_id"]) as stream:
        for event in stream.events():
            if event.kind == "live":
                threading.Thread(target=sandbox.write_post, args=("robin", "a heron")).start()
            if event.kind == "item":
                assert chirrup.query.parse("from:robin heron").matches(event.item)
                break
