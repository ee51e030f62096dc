"""Tables for pandas, Polars and Arrow."""

import datetime

import chirrup
import pytest
from chirrup import frames

OPTIONS = {"max_results": 20, "post_fields": ["created_at", "public_metrics", "entities"], "expansions": ["author_id"]}


def test_a_page_has_columns(client):
    page = client.search_recent("the", **OPTIONS)
    table = frames.Table(page)
    assert table["id"] == [post.id for post in page] and table["created_at"][0].tzinfo is not None
    assert table["public_metrics.like_count"][3] == page.data[3].public_metrics.like_count
    assert len(table) == 20 and {len(table[name]) for name in table.keys()} == {20}


def test_columns_of_objects_with_different_members():
    items = [chirrup.Object({"a": 1}), chirrup.Object({"b": {"c": [1]}}), chirrup.Object({"a": 2})]
    table = frames.Table(items)
    assert {name: table[name] for name in table.keys()} == {"a": [1, None, 2], "b.c": [None, [1], None]}
    assert frames.Table([]).keys() == []
    assert frames.Table([chirrup.Object('{"a": 1, "a": 2}')])["a"] == [2]
    with pytest.raises(TypeError, match="not an object"):
        frames.Table([1])


def test_arrow_has_the_types_of_the_members(client):
    pyarrow = pytest.importorskip("pyarrow")
    page = client.search_recent("the", **OPTIONS)
    for table in (pyarrow.table(page), pyarrow.table(page.data), frames.to_arrow(page)):
        types = {field.name: field.type for field in table.schema}
        assert types["id"] == pyarrow.int64() and types["created_at"] == pyarrow.timestamp("ms", "UTC")
        assert types["text"] == pyarrow.string() and types["public_metrics.like_count"] == pyarrow.int64()
        assert types["edit_history_tweet_ids"] == pyarrow.list_(pyarrow.int64())
        assert table["id"].to_pylist() == [post.id for post in page]
        assert table["created_at"].to_pylist() == [post.created_at for post in page]
    assert pyarrow.schema(frames.Table(page)) == table.schema


def test_values_of_any_shape_have_a_form_in_arrow():
    pyarrow = pytest.importorskip("pyarrow")
    values = [1, 2.5, None, "a", [1], [{"a": 1}, {"b": "2020-01-01T00:00:00.000Z"}, None], {}, True, "12", [], [[]], {"x": {}}]
    for first in values:
        for second in values:
            rows = [chirrup.Object({"id": first, "x": [first]}), chirrup.Object({"id": second, "x": [second, first]})]
            table = pyarrow.table(frames.Table(rows))
            table.validate(full=True)
            assert table.num_rows == 2
    mixed = pyarrow.table(frames.Table([chirrup.Object({"a": 1}), chirrup.Object({"a": "one"})]))
    assert mixed["a"].to_pylist() == ["1", "one"]
    nested = pyarrow.table(frames.Table([chirrup.Object({"a": [{"created_at": "2020-01-01T00:00:00.000Z", "id": "7"}]})]))
    assert nested["a"].to_pylist() == [[{"created_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc), "id": 7}]]


def test_pandas_and_polars_read_the_items_of_all_pages(client):
    items = list(client.search_recent.items("the", limit=30, **OPTIONS))
    ids = [post.id for post in items]
    pandas = pytest.importorskip("pandas")
    frame = frames.to_pandas(iter(items))
    assert isinstance(frame, pandas.DataFrame) and list(frame["id"]) == ids
    assert str(frame["created_at"].dtype).startswith("datetime64") and frame["public_metrics.like_count"].sum() >= 0
    polars = pytest.importorskip("polars")
    frame = frames.to_polars(iter(items))
    assert isinstance(frame, polars.DataFrame) and frame["id"].to_list() == ids
    assert polars.DataFrame(client.search_recent("the", **OPTIONS)).shape[0] == 20


def test_an_archive_is_read(tmp_path, sandbox, monkeypatch, capfd):
    from chirrup._native import run_program

    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "birds.db"
    assert run_program(["chirrup", "collect", "search", "the", "--into", str(path)], ["chirrup"]) == 0, capfd.readouterr()
    table = frames.Table(frames.read_archive(path))
    assert len(table) > 0 and all(isinstance(id, int) for id in table["id"])
    assert "username" in frames.Table(frames.read_archive(path, "users")).keys()
    assert {poll.voting_status for poll in frames.read_archive(path, "polls")} <= {"open", "closed"}
    with pytest.raises(ValueError, match="posts, users"):
        next(frames.read_archive(path, "sources"))
