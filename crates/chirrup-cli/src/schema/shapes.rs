//! Building blocks of schemas: values, lists and objects.

use serde_json::{Value as Json, json};

pub(super) fn text() -> Json {
    json!({"type": "string"})
}

pub(super) fn text_or_null() -> Json {
    json!({"type": ["string", "null"]})
}

/// An object with texts by their names.
pub(super) fn texts() -> Json {
    json!({"type": "object", "additionalProperties": text()})
}

pub(super) fn number() -> Json {
    json!({"type": "integer", "minimum": 0})
}

pub(super) fn number_or_null() -> Json {
    json!({"type": ["integer", "null"], "minimum": 0})
}

pub(super) fn truth() -> Json {
    json!({"type": "boolean"})
}

pub(super) fn id() -> Json {
    json!({"type": "string", "pattern": "^[0-9]{1,19}$"})
}

pub(super) fn money() -> Json {
    json!({"type": "string", "pattern": r"^\$[0-9]+\.[0-9]+$"})
}

pub(super) fn list(items: Json) -> Json {
    json!({"type": "array", "items": items})
}

/// An object whose members depend on this.
pub(super) fn depends_on(what: &str) -> Json {
    json!({"type": "object", "description": format!("Its members depend on {what}.")})
}

pub(super) fn time() -> Json {
    json!({"type": "string", "format": "date-time"})
}

/// One of these words, or a later one.
pub(super) fn word(known: &[&str]) -> Json {
    json!({"type": "string", "examples": known})
}

/// An object of this program: it has all of these members, and no others.
pub(super) fn exact(properties: Json) -> Json {
    let names: Vec<&String> = properties.as_object().into_iter().flat_map(|object| object.keys()).collect();
    json!({"type": "object", "required": names, "properties": properties, "additionalProperties": false})
}

/// The same with members that may be absent.
pub(super) fn exact_with(properties: Json, optional: Json) -> Json {
    let mut schema = exact(properties);
    for (name, value) in optional.as_object().into_iter().flatten() {
        schema["properties"][name] = value.clone();
    }
    schema
}

/// An object of X, which has these members among others.
pub(super) fn open(required: Json, optional: Json) -> Json {
    let mut schema = exact_with(required, optional);
    schema["additionalProperties"] = true.into();
    schema
}

/// An object with numbers by their names.
pub(super) fn counts() -> Json {
    json!({"type": "object", "additionalProperties": {"type": "integer"}})
}
