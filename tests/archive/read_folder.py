"""Reads a folder of Parquet files with DuckDB and Polars, and prints what they find as JSON."""

import json
import pathlib
import sys

import duckdb
import polars

folder = pathlib.Path(sys.argv[1])
db = duckdb.connect()
db.execute(f"SET VARIABLE archive = '{folder}'")
db.execute((folder / "views.sql").read_text())


def number(query):
    return db.execute(query).fetchone()[0]


columns = ["id", "created_at", "text", "likes", "hashtags"]
described = dict(db.execute("SELECT column_name, column_type FROM (DESCRIBE posts)").fetchall())
for view in ["threads", "co_hashtags", "repost_network", "entities", "gaps", "problems", "media", "places", "polls"]:
    db.execute(f"SELECT * FROM {view}").fetchall()
posts, users = [polars.read_parquet(folder / table / "*.parquet") for table in ["posts", "users"]]
times = posts.select(polars.col("created_at").min()).item(), number("SELECT min(created_at) FROM posts")
assert times[0] == times[1], times
print(
    json.dumps(
        {
            "duckdb": {table: number(f"SELECT count(*) FROM {table}") for table in ["posts", "users", "edges"]},
            "polars": {"posts": posts["id"].n_unique(), "users": users["id"].n_unique()},
            "types": [described[column] for column in columns],
            "views": number("SELECT count(*) FROM timeline"),
            "found_by": dict(db.execute("SELECT source, count(*) FROM results GROUP BY ALL").fetchall()),
        }
    )
)
