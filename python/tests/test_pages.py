"""Pages and items of results, as iterators."""

import pytest


def test_items_continue_over_pages(client):
    everything = list(client.search_recent.items("the", max_results=10, limit=25))
    assert len({post.id for post in everything}) == 25
    pages = client.search_recent.pages("the", max_results=10)
    first = next(pages)
    assert pages.token == first.next_token
    again = client.search_recent.pages("the", max_results=10, page_token=pages.token)
    assert [post.id for post in next(again)] == [post.id for post in next(pages)]


def test_pages_of_v1_have_cursors(client):
    ids = list(client.v1.follower_ids.items(screen_name="ada", count=1, limit=3))
    assert len(set(ids)) == len(ids) > 1


async def test_items_are_an_async_iterator(async_client):
    ids = [post.id async for post in async_client.search_recent.items("the", max_results=10, limit=25)]
    assert len(set(ids)) == 25
    count = 0
    async for page in async_client.search_recent.pages("the", max_results=10):
        count += len(page)
        if count > 20:
            break
    with pytest.raises(TypeError, match="async for"):
        iter(async_client.search_recent.pages("the"))


def test_an_endpoint_without_pages_is_refused(client):
    with pytest.raises(TypeError, match="get_me.. has no pages"):
        client.get_me.pages()
