"""Reads the types of the model from their declarations in Rust: the names of their members, and the types of these."""

import re
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = Path(__file__).parent.parent.parent / "crates" / "chirrup-model" / "src"

_STRUCT = re.compile(r"^(?P<indent> *)pub struct (?P<name>\w+)(?:<\w+>)? \{$")
_FIELD = re.compile(r"^ *pub (?P<name>\w+): (?P<type>.+),$")
_WIRE_STRUCT = re.compile(r"^ +(?P<name>[A-Z]\w*) \{$")
_WIRE_FIELD = re.compile(r'^ +(?P<name>\w+)(?: = "(?P<wire>[^"]+)"(?: or "(?P<alias>[^"]+)")?)?\s*: (?P<type>.+),$')
_ID = re.compile(r"(?P<kind>numeric|text)_id! \{(?P<body>.*?)^\}", re.M | re.S)


@dataclass
class Member:
    """Member of an object."""

    names: list[str]
    """Name on the wire, and the other name that is read."""
    type: str
    doc: str
    is_optional: bool


@dataclass
class Struct:
    """Object of the API."""

    name: str
    doc: str
    members: list[Member] = field(default_factory=list)


@dataclass
class Model:
    """All types of the model."""

    structs: dict[str, Struct] = field(default_factory=dict)
    """Structs by their names; those of API v1.1 have the prefix `V1`."""
    ids: dict[str, bool] = field(default_factory=dict)
    """Types of IDs, and whether they are numbers."""


def read_model() -> Model:
    """Returns the types of all source files."""
    model = Model()
    for path in sorted(SOURCES.rglob("*.rs")):
        text = path.read_text()
        for match in _ID.finditer(text):
            for name in re.findall(r"^    (\w+)\b", match["body"], re.M):
                model.ids[name] = match["kind"] == "numeric"
        prefix = "V1" if path.parent.name == "v1" or path.name == "v1.rs" else ""
        for struct in _structs(text):
            model.structs[prefix + struct.name] = struct
    return model


def _structs(text: str) -> list[Struct]:
    found: list[Struct] = []
    docs: list[str] = []
    attributes = ""
    struct: Struct | None = None
    end = ""
    in_macro = False
    required = False
    # A declaration that spans lines is read as one line.
    for line in re.sub(r"#\[serde\(\n(.*?)\n +\)\]", lambda each: "#[serde(" + " ".join(each[1].split()) + ")]", text, flags=re.S).split("\n"):
        stripped = line.strip()
        if stripped.startswith("///"):
            docs.append(stripped[3:].strip())
            continue
        if stripped.startswith("#["):
            attributes += stripped
            continue
        if line.startswith("wire_struct! {"):
            in_macro = True
        elif line == "}" and struct is None:
            in_macro = False
        elif struct is None and (start := _STRUCT.match(line) or (_WIRE_STRUCT.match(line) if in_macro else None)):
            struct = Struct(start["name"], " ".join(docs).split(". ")[0].rstrip(".") + ".")
            end = line[: len(line) - len(line.lstrip())] + "}"
            required = True
        elif struct is not None and line == end:
            found.append(struct)
            struct = None
        elif struct is not None and stripped == ";":
            required = False
        elif struct is not None and (member := (_WIRE_FIELD if in_macro else _FIELD).match(line)):
            struct.members += _member(member, attributes, docs, in_macro, required)
        docs, attributes = [], ""
    return found


def _member(match: re.Match[str], attributes: str, docs: list[str], in_macro: bool, required: bool) -> list[Member]:
    type = match["type"]
    if "serde(skip)" in attributes or "flatten" in attributes:
        return []
    if in_macro:
        names = [match["wire"] or match["name"], match["alias"]]
    else:
        rename, alias = re.search(r'rename = "([^"]+)"', attributes), re.search(r'alias = "([^"]+)"', attributes)
        names = [rename[1] if rename else match["name"], alias[1] if alias else None]
    is_optional = (in_macro and not required) or type.startswith(("Option<", "OptionalList<"))
    return [Member([name.removeprefix("r#") for name in names if name], type, " ".join(docs), is_optional)]
