//! Responses are decoded into types and serialized again without loss of any part that the specification lists.
//!
//! `CHIRRUP_API_SAMPLES` names a folder of files `{"operation": "getPostsById", "response": {…}}`. In addition,
//! thousands of valid responses are generated at random from the specification.

use std::collections::BTreeMap;
use std::io::Write as _;

use chirrup::model::{Dialect, Timestamp};
use chirrup::{Endpoint, all};
use serde_json::{Map, Value as Json, json};

use crate::common::Rng;
use crate::specification::{resolve, specification};

const TEXTS: [&str; 8] =
    ["", "plain", "ünïcödé", "日本語 テキスト", "🐦👨‍👩‍👧‍👦", "\"quotes\" \\ and\nlines", "&amp; &lt;", "\u{0}\u{202E}"];

/// Specification with a generator of valid values.
struct Maker<'s> {
    spec: &'s Json,
    rng: Rng,
}

impl Maker<'_> {
    /// Returns a valid value for a schema. `name` is the name of the member, `of` the name of the enclosing schema.
    fn value(&mut self, schema: &Json, name: &str, of: &str, depth: usize) -> Json {
        let inner = schema["$ref"].as_str().map_or(of, |name| name.rsplit('/').next().unwrap());
        let schema = resolve(self.spec, schema);
        for choice in ["oneOf", "anyOf"] {
            if let Some(all) = schema[choice].as_array() {
                let chosen = self.rng.index(all.len());
                return self.value(&all[chosen].clone(), name, inner, depth);
            }
        }
        if let Some(words) = schema["enum"].as_array() {
            return words[self.rng.index(words.len())].clone();
        }
        match schema["type"].as_str() {
            Some("string") => self.text(schema, name, of).into(),
            Some("integer") => self.integer(schema).into(),
            Some("number") => json!(f64::from(u32::try_from(self.rng.below(360_000)).unwrap()) / 1_000.0 - 180.0),
            Some("boolean") => (self.rng.below(2) == 0).into(),
            Some("array") => self.array(schema, name, of, depth),
            _ if schema["properties"].is_object() => self.object(schema, inner, depth),
            // An object of any shape.
            _ => json!({"any": {"shape": [1, "ü"]}}),
        }
    }

    fn array(&mut self, schema: &Json, name: &str, of: &str, depth: usize) -> Json {
        let least = schema["minItems"].as_u64().unwrap_or(0);
        let most = schema["maxItems"].as_u64().unwrap_or(3).clamp(least, least + 3);
        let count = least + self.rng.below(most - least + 1);
        (0..count).map(|_| self.value(&schema["items"], name, of, depth + 1)).collect()
    }

    fn object(&mut self, schema: &Json, of: &str, depth: usize) -> Json {
        let always = ["id", "media_key", "username", "name", "text", "label", "subscription_id"];
        let mut object = Map::new();
        for (name, member) in schema["properties"].as_object().unwrap() {
            let required = schema["required"].as_array().is_some_and(|all| all.iter().any(|n| n == name));
            let identity = always.contains(&name.as_str());
            if required || identity || (depth < 9 && self.rng.below(2) == 0) {
                object.insert(name.clone(), self.value(member, name, of, depth + 1));
            }
        }
        object.into()
    }

    fn integer(&mut self, schema: &Json) -> u64 {
        if schema["format"] == "int32" {
            return self.rng.below(1 << 30);
        }
        if self.rng.below(8) == 0 { i64::MAX as u64 } else { self.rng.below(1 << 31) }
    }

    fn text(&mut self, schema: &Json, name: &str, of: &str) -> String {
        // The specification declares these as plain strings; X sends timestamps.
        let moment = ["end_datetime", "editable_until"].contains(&name)
            || (name == "created_at" && of == "List")
            || (["created_at", "start_time", "end_time", "occurrence_start_time", "expires_at"].contains(&name)
                && of.contains("Call"))
            || (["start", "end"].contains(&name) && of.contains("Counts"));
        if schema["format"] == "date-time" || moment {
            let millis = i64::try_from(self.rng.below(1 << 31)).unwrap() * 700 + 1_200_000_000_000;
            return Timestamp::from_millis(millis).to_string();
        }
        let letters =
            |rng: &mut Rng, n: u64| -> String { (0..n).map(|_| rng.pick(&["a", "b", "7", "X", "z", "0"])).collect() };
        let alphanumeric = matches!(of, "Space" | "Broadcast" | "Place") && name == "id" || name == "broadcast_id";
        match schema["pattern"].as_str() {
            _ if name.starts_with("media_key") || name == "attachments" => format!("3_{}", self.rng.digits()),
            _ if alphanumeric || name == "place_id" || name == "contained_within" => letters(&mut self.rng, 12),
            _ if name == "dm_conversation_id" => format!("{}-{}", self.rng.digits(), self.rng.digits()),
            _ if name.ends_with("_id") || name.ends_with("_ids") || name == "id" || name == "sequence_id" => {
                self.rng.digits()
            }
            Some("^[A-Z]{2}$") => "DE".to_owned(),
            Some(_) => self.rng.digits(),
            None => self.rng.pick(&TEXTS).repeat(usize::try_from(1 + self.rng.below(3)).unwrap()),
        }
    }
}

/// Returns the members of a value under the names of the newest specification.
fn members(value: &Json) -> BTreeMap<&str, &Json> {
    value.as_object().into_iter().flatten().map(|(name, value)| (Dialect::Post.name(name), value)).collect()
}

/// Returns the parts of a sample that the specification lists and the serialized response lacks.
fn lost(spec: &Json, schema: &Json, sample: &Json, written: Option<&Json>, at: &str, out: &mut Vec<String>) {
    let schema = resolve(spec, schema);
    let choices = ["oneOf", "anyOf"].into_iter().find_map(|name| schema[name].as_array());
    if let Some(choices) = choices {
        let fewest = choices.iter().map(|choice| {
            let mut lost_here = Vec::new();
            let known = members(sample).keys().filter(|name| has(spec, choice, name)).count();
            lost(spec, choice, sample, written, at, &mut lost_here);
            (usize::MAX - known, lost_here)
        });
        out.extend(fewest.min().unwrap_or_default().1);
        return;
    }
    match (sample, written) {
        (_, None) => out.push(format!("{at} is gone")),
        (Json::Object(_), Some(written)) if schema["properties"].is_object() => {
            let written = members(written);
            for (name, value) in members(sample) {
                let known = schema["properties"].as_object().unwrap().iter();
                if let Some((_, inner)) = known.into_iter().find(|(known, _)| Dialect::Post.name(known) == name) {
                    lost(spec, inner, value, written.get(name).copied(), &format!("{at}.{name}"), out);
                }
            }
        }
        (Json::Array(items), Some(Json::Array(written)))
            if schema["items"].is_object() && items.len() == written.len() =>
        {
            for (n, item) in items.iter().enumerate() {
                lost(spec, &schema["items"], item, written.get(n), &format!("{at}[{n}]"), out);
            }
        }
        (sample, Some(written)) if same(sample, written) => {}
        (sample, Some(written)) => out.push(format!("{at} was {sample} and is {written}")),
    }
}

fn has(spec: &Json, schema: &Json, name: &str) -> bool {
    let properties = resolve(spec, schema)["properties"].as_object();
    properties.is_some_and(|properties| properties.keys().any(|known| Dialect::Post.name(known) == name))
}

/// Returns whether two values are equal. A timestamp may have milliseconds or not.
fn same(a: &Json, b: &Json) -> bool {
    let time = |json: &Json| json.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    a == b || a.as_f64().is_some_and(|n| b.as_f64() == Some(n)) || time(a).is_some_and(|t| time(b) == Some(t))
}

/// Returns the JSON schema of the response of an operation.
fn reply(operation: &Json) -> Option<&Json> {
    let (_, good) = operation["responses"].as_object()?.iter().find(|(status, _)| status.starts_with('2'))?;
    good.get("application/json")
}

fn check(spec: &Json, operation: &Json, meta: &Endpoint, sample: &Json) -> Result<(), String> {
    let schema = reply(operation).unwrap();
    let written = (meta.rewrite.unwrap())(&serde_json::to_vec(sample).unwrap())
        .map_err(|why| format!("{}: {why}\n  {sample}", operation["id"]))?;
    let mut out = Vec::new();
    lost(spec, schema, sample, Some(&written), "", &mut out);
    if out.is_empty() { Ok(()) } else { Err(format!("{}: {}\n  {sample}", operation["id"], out.join(", "))) }
}

/// Returns the table entry of an operation.
fn entry(operation: &Json) -> Option<&'static Endpoint> {
    all().find(|meta| operation["method"] == meta.method && operation["path"] == meta.path)
}

#[test]
fn generated_responses_survive_a_round_trip() {
    let (mut wrong, mut made) = (Vec::new(), 0);
    for file in ["x-api-v2.json", "x-api-v2.173.json"] {
        let Some(spec) = specification(file) else { return };
        let mut maker = Maker { spec: &spec, rng: Rng(0x1234_5678_9ABC_DEF1) };
        for operation in spec["operations"].as_array().unwrap() {
            let (Some(schema), Some(meta)) = (reply(operation), entry(operation)) else { continue };
            for _ in 0..60 {
                let sample = maker.value(schema, "", "", 0);
                made += 1;
                wrong.extend(check(&spec, operation, meta, &sample).err());
            }
        }
    }
    assert!(made >= 10_000, "{made}");
    let first: Vec<_> = wrong.iter().take(8).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {made} samples lost something:\n{}", wrong.len(), first.join("\n"));
}

#[test]
fn sample_files_survive_a_round_trip() {
    let Some(folder) = std::env::var_os("CHIRRUP_API_SAMPLES") else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: set CHIRRUP_API_SAMPLES to a folder of samples");
        return;
    };
    let Some(spec) = specification("x-api-v2.173.json") else { return };
    let operations = spec["operations"].as_array().unwrap();
    let (mut wrong, mut read) = (Vec::new(), 0);
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let sample: Json = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let operation = operations.iter().find(|operation| operation["id"] == sample["operation"]);
        let Some((operation, meta)) = operation.and_then(|operation| Some((operation, entry(operation)?))) else {
            wrong.push(format!("{}: there is no operation {}", file.display(), sample["operation"]));
            continue;
        };
        read += 1;
        wrong.extend(check(&spec, operation, meta, &sample["response"]).err());
    }
    assert!(read > 0, "the folder contains no sample");
    assert!(wrong.is_empty(), "{} of {read} samples lost something:\n{}", wrong.len(), wrong.join("\n"));
}
