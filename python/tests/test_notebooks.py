"""HTML of objects and pages in notebooks."""

import chirrup

OPTIONS = {"max_results": 20, "post_fields": ["created_at", "public_metrics", "entities"], "expansions": ["author_id"]}


def test_notebooks_show_posts_as_quotations_and_other_objects_as_tables(client):
    page = client.search_recent("the", **OPTIONS)
    post, author = page.data[0], page.author(page.data[0])
    html = page._repr_html_()
    assert html.count("<blockquote>") == 20 and f"@{author.username}" in html and f"/i/status/{post.id}" in html
    assert post._repr_html_().startswith("<blockquote>") and page.data._repr_html_().count("<blockquote>") == 20
    assert f"<td>{author.username}</td>" in author._repr_html_()
    assert client.get_users([author.id])._repr_html_().startswith("<table>")
    many = client.search_recent("the", max_results=30)
    assert many._repr_html_().count("<blockquote>") == 20 and "10 more" in many._repr_html_()


def test_the_html_of_a_notebook_has_no_markup_of_others():
    hostile = "<script>alert(1)</script>"
    for source in ({"id": "1", "text": hostile}, {"id": hostile, "text": "a", "created_at": hostile}, {hostile: hostile}):
        assert "<script>" not in chirrup.Object(source)._repr_html_()
