"""Compares the CSV of `chirrup archive export --twarc-csv` with that of twarc-csv, made of the lines of `archive export`."""

import csv
import json
import sys

from dataframe_converter import DataFrameConverter

lines, ours = sys.argv[1:]
# A list of any length is one cell.
csv.field_size_limit(sys.maxsize)


def value(cell):
    """A cell without the differences that no reader sees: the order of members, and integers that pandas prints as decimals."""
    if cell is None or cell != cell or cell in ("", "None", "nan"):
        return None
    try:
        if isinstance(cell, str) and cell[:1] in ("[", "{"):
            return json.loads(cell)
        # An ID has more digits than a decimal.
        return float(cell) if len(str(cell)) < 15 and str(cell) not in ("True", "False") else str(cell)
    except ValueError:
        return str(cell)


with open(lines) as file:
    objects = [json.loads(line) for line in file]
# twarc-csv refuses members that it does not know, unless they are named.
names = set()


def walk(prefix, item):
    for name, inner in item.items():
        if isinstance(inner, dict):
            walk(f"{prefix}{name}.", inner)
        else:
            names.add(f"{prefix}{name}")


probe = DataFrameConverter()
for item in probe._flatten_objects(json.loads(json.dumps(objects))):
    walk("", probe._format_tweet(item))
extra = ",".join(sorted(names - set(probe.columns)))
converter = DataFrameConverter(extra_input_columns=extra, output_columns=",".join(probe.columns))
theirs = converter.process(objects).to_dict("records")
assert converter.counts["parse_errors"] == 0, converter.counts

with open(ours, newline="") as file:
    rows = list(csv.DictReader(file))
assert list(rows[0]) == probe.columns, list(rows[0])
assert [row["id"] for row in rows] == [row["id"] for row in theirs]
differences = [
    (row["id"], name, row[name], other[name])
    for row, other in zip(rows, theirs)
    for name in probe.columns
    if value(row[name]) != value(other[name])
]
assert not differences, differences[:5]
filled = [name for name in probe.columns if any(row[name] for row in rows)]
print(json.dumps({"rows": len(rows), "columns": len(filled)}))
