"""The values of members have the types that the model in Rust declares for them, and that the stubs have."""

import json
import re
import sys
from pathlib import Path

import chirrup
import pytest
from chirrup import models
from chirrup._native import describe_endpoints, read_data

sys.path.insert(0, str(Path(__file__).parent.parent / "stubs"))
from model import read_model  # noqa: E402
from models import members_of, python_type  # noqa: E402

MODEL = read_model()
ENDPOINTS = json.loads(describe_endpoints())
ROOTS = sorted({(each["returns"], each["is_v1"]) for each in ENDPOINTS})
TIME = "2020-01-01T00:00:00.000Z"


def name_of(returns, is_v1):
    name = returns.removeprefix("Vec<").removeprefix("StreamBatch<").removesuffix(">")
    return f"V1{name}" if is_v1 else name


def sample(type, text, integer, depth):
    """Returns a value as the server sends it; `text` is what members with any text have."""
    if type.startswith("Sequence["):
        return [sample(type[9:-1], text, integer, depth)]
    if type in MODEL.structs:
        return sample_object(type, text, depth + 1) if depth < 3 else None
    return {"int": integer, "bool": True, "float": 0.5, "datetime": TIME}.get(type, text)


def sample_object(name, text, depth=0):
    members = {}
    for own, member in members_of(MODEL.structs[name]):
        is_id = any(word in MODEL.ids for word in re.findall(r"\w+", member.type))
        type = python_type(MODEL, member.type, prefix_of(name), own, name)
        members[own] = sample(type, text, "1234567890" if is_id else 7, depth)
    return members


def prefix_of(name):
    return "V1" if name.startswith("V1") else ""


def differences(value, type, at):
    """Yields the members whose values do not have their types."""
    if value is None or type in ("Any", "Object"):
        return
    if type.startswith("Sequence["):
        for item in value:
            yield from differences(item, type[9:-1], at)
    elif type in MODEL.structs:
        for name, member in members_of(MODEL.structs[type]):
            inner = python_type(MODEL, member.type, prefix_of(type), name, type)
            yield from differences(getattr(value, name), inner, f"{type}.{name}")
    elif value.__class__.__name__ not in type.split(" | "):
        yield f"{at} is {value!r}, and should be {type}"


def test_the_model_is_read_completely():
    assert len(MODEL.structs) > 250 and len(MODEL.ids) > 20
    post = {name for name, _ in members_of(MODEL.structs["Post"])}
    assert {"id", "author_id", "note_tweet", "note_post", "display_text_range", "scopes"} <= post
    sources = Path(__file__).parent.parent.parent / "crates" / "chirrup-model" / "src" / "post.rs"
    assert len(MODEL.structs["Post"].members) == sources.read_text().split("pub struct Post {")[1].split("\n}")[0].count("\n    pub ")


@pytest.mark.parametrize("text", ["12345", TIME, "a text"])
def test_ids_and_times_are_those_of_the_model(text):
    found = set()
    for returns, is_v1 in ROOTS:
        name = name_of(returns, is_v1)
        if name in MODEL.structs:
            data = read_data(returns, json.dumps(sample_object(name, text)).encode())
            found.update(differences(data, name, name))
    assert sorted(found) == []


def test_the_names_of_models_exist_at_run_time(client):
    def texts(post: models.Post) -> str:
        return post.text

    assert models.Post is chirrup.Object and texts(client.search_recent("the").data[0])
