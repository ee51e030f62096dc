//! Reading of facts from an OpenAPI document.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::file::InvalidFacts;
use super::operation::{Bounds, Facts, OperationFacts, ParamFacts, ValueFacts};
use crate::endpoint::ParamLocation;

/// Maximum number of references that lead from one to the next. It ends a circle of references.
const MAX_REFERENCES: usize = 32;

/// Methods of a path in an OpenAPI document, in lower case.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

impl Facts {
    /// Reads the facts of an OpenAPI document (version 3), or of a digest with the members `operations` and `schemas`.
    ///
    /// # Errors
    /// The document has neither paths nor operations.
    pub fn from_document(document: &Json) -> Result<Self, InvalidFacts> {
        let reader = Reader { document };
        let (version, operations) = if let Some(paths) = document["paths"].as_object() {
            let operations = paths.iter().flat_map(|(path, item)| reader.path_item(path, item)).collect();
            (&document["info"]["version"], operations)
        } else if let Some(operations) = document["operations"].as_array() {
            (&document["spec_version"], operations.iter().map(|operation| reader.digested(operation)).collect())
        } else {
            return Err(InvalidFacts::new("not an OpenAPI document: it has no member `paths`"));
        };
        Ok(Self::new(text(version), operations))
    }
}

struct Reader<'d> {
    document: &'d Json,
}

impl<'d> Reader<'d> {
    /// Reads the operations of a path.
    fn path_item(&self, path: &str, item: &'d Json) -> Vec<OperationFacts> {
        let item = self.resolve(item);
        let methods = METHODS.iter().filter(|method| item[**method].is_object());
        methods.map(|method| self.operation(method, path, item, &item[*method])).collect()
    }

    fn operation(&self, method: &str, path: &str, item: &'d Json, operation: &'d Json) -> OperationFacts {
        let mut facts = OperationFacts::new(method.to_uppercase(), clean(path));
        facts.id = text(&operation["operationId"]);
        facts.area = text(&operation["tags"][0]);
        facts.streaming = operation["x-twitter-streaming"] == true;
        facts.deprecated = operation["deprecated"] == true;
        let security =
            if operation["security"].is_array() { &operation["security"] } else { &self.document["security"] };
        for (name, scopes) in list(security).filter_map(Json::as_object).flatten() {
            facts.auth.insert(self.credential(name), sorted(list(scopes).map(text)));
        }
        // A parameter of the operation replaces the one of the path with the same name.
        let shared = list(&item["parameters"]).chain(list(&operation["parameters"]));
        let params = shared.filter_map(|param| self.param(self.resolve(param)));
        let mut by_name: BTreeMap<(String, String), ParamFacts> = BTreeMap::new();
        for (place, param) in params {
            by_name.insert((place, param.name.clone()), param);
        }
        facts.params = by_name.into_values().collect();
        facts.params.extend(self.body(self.resolve(&operation["requestBody"])));
        facts.params.sort_by(|a, b| (order(a), &a.name).cmp(&(order(b), &b.name)));
        facts
    }

    /// Reads an operation of a digest.
    fn digested(&self, operation: &'d Json) -> OperationFacts {
        let mut facts = OperationFacts::new(text(&operation["method"]), text(&operation["path"]));
        facts.id = text(&operation["id"]);
        facts.area = text(&operation["tag"]);
        facts.streaming = operation["streaming"] == true;
        for (kind, scopes) in operation["auth"].as_object().into_iter().flatten() {
            facts.auth.insert(clean(kind), sorted(list(scopes).map(text)));
        }
        facts.params =
            list(&operation["parameters"]).filter_map(|param| self.param(param)).map(|(_, param)| param).collect();
        facts.params.extend(self.body(&operation["body"]));
        facts.params.sort_by(|a, b| (order(a), &a.name).cmp(&(order(b), &b.name)));
        facts
    }

    /// Kind of credential that a security scheme stands for, by its definition or, without one, by its name.
    fn credential(&self, name: &str) -> String {
        let scheme = self.resolve(&self.document["components"]["securitySchemes"][name]);
        let kind = match (scheme["type"].as_str(), scheme["scheme"].as_str(), name) {
            (Some("oauth2"), ..) | (None, _, "OAuth2UserToken") => "oauth2",
            (Some("http"), Some("bearer"), _) | (None, _, "BearerToken") => "app_only",
            (Some("http"), Some("OAuth"), _) | (None, _, "UserToken") => "oauth1",
            _ => return clean(name),
        };
        kind.to_owned()
    }

    /// Reads a parameter of a path or a query, with its place.
    fn param(&self, param: &'d Json) -> Option<(String, ParamFacts)> {
        let place = param["in"].as_str()?;
        let location = match place {
            "path" => ParamLocation::Path,
            "query" => ParamLocation::Query,
            _ => return None,
        };
        let schema = if param["schema"].is_null() { schema_of(first(&param["content"])) } else { &param["schema"] };
        let mut facts = ParamFacts::new(text(&param["name"]), location, self.value(schema));
        facts.required = param["required"] == true;
        Some((place.to_owned(), facts))
    }

    /// Reads the members of a body, or the file that is the whole body.
    fn body(&self, body: &'d Json) -> Vec<ParamFacts> {
        let content = &body["content"];
        if content["application/octet-stream"].is_object() {
            let mut file = ParamFacts::new("body", ParamLocation::Body, ValueFacts::new("binary"));
            file.required = body["required"] == true;
            return vec![file];
        }
        let media_type =
            if content["application/json"].is_object() { &content["application/json"] } else { first(content) };
        let mut members = BTreeMap::new();
        self.members(schema_of(media_type), 0, &mut members);
        members.into_values().collect()
    }

    /// Adds the members of an object, including those of its parts and alternatives. A member that only an alternative
    /// requires is optional.
    fn members(&self, schema: &'d Json, depth: usize, found: &mut BTreeMap<String, ParamFacts>) {
        if depth > MAX_REFERENCES {
            return;
        }
        let schema = self.resolve(schema);
        for parts in ["allOf", "anyOf", "oneOf"] {
            for part in list(&schema[parts]) {
                let mut inner = BTreeMap::new();
                self.members(part, depth + 1, &mut inner);
                for (name, mut param) in inner {
                    param.required &= parts == "allOf";
                    found.entry(name).or_insert(param);
                }
            }
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            found.insert(name.clone(), ParamFacts::new(clean(name), ParamLocation::Body, self.value(property)));
        }
        for name in list(&schema["required"]).filter_map(Json::as_str) {
            if let Some(param) = found.get_mut(name) {
                param.required = true;
            }
        }
    }

    fn value(&self, schema: &'d Json) -> ValueFacts {
        let schema = self.resolve(schema);
        if type_of(schema) == "array" {
            let mut value = self.scalar(self.resolve(&schema["items"]));
            value.list = Some(Bounds::new(schema["minItems"].as_i64(), schema["maxItems"].as_i64()));
            return value;
        }
        self.scalar(schema)
    }

    fn scalar(&self, schema: &'d Json) -> ValueFacts {
        // A schema that only wraps a reference takes its values.
        if let [only] = schema["allOf"].as_array().map_or(&[][..], Vec::as_slice)
            && schema["type"].is_null()
        {
            return self.scalar(self.resolve(only));
        }
        let kind = type_of(schema);
        let format = schema["format"].as_str().filter(|_| kind == "string");
        let mut value = ValueFacts::new(clean(format.unwrap_or(kind)));
        let (min, max) = if kind == "string" { ("minLength", "maxLength") } else { ("minimum", "maximum") };
        value.bounds = Bounds::new(schema[min].as_i64(), schema[max].as_i64());
        value.pattern = text(&schema["pattern"]);
        value.words = sorted(list(&schema["enum"]).filter(|word| word.is_string()).map(text));
        value
    }

    /// Follows the references of a schema.
    fn resolve(&self, schema: &'d Json) -> &'d Json {
        let mut at = schema;
        for _ in 0..MAX_REFERENCES {
            let Some(pointer) = at["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) else {
                return at;
            };
            // A digest has its schemas at the top.
            let short = || self.document.pointer(pointer.strip_prefix("/components")?);
            match self.document.pointer(pointer).or_else(short) {
                Some(target) => at = target,
                None => return &Json::Null,
            }
        }
        &Json::Null
    }
}

/// Schema of a media type: its member `schema`, or in a digest, itself.
fn schema_of(media_type: &Json) -> &Json {
    if media_type["schema"].is_null() { media_type } else { &media_type["schema"] }
}

/// Type of a schema; of several types, the first that is not `null`.
fn type_of(schema: &Json) -> &str {
    let several = || list(&schema["type"]).filter_map(Json::as_str).find(|kind| *kind != "null");
    schema["type"].as_str().or_else(several).unwrap_or_default()
}

fn order(param: &ParamFacts) -> usize {
    match param.location {
        ParamLocation::Path => 0,
        ParamLocation::Query => 1,
        _ => 2,
    }
}

fn first(object: &Json) -> &Json {
    object.as_object().and_then(|members| members.values().next()).unwrap_or(&Json::Null)
}

fn list(array: &Json) -> impl Iterator<Item = &Json> {
    array.as_array().into_iter().flatten()
}

fn sorted(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.sort();
    words.dedup();
    words
}

fn text(value: &Json) -> String {
    clean(value.as_str().unwrap_or_default())
}

/// Text without the characters that separate lines and columns of the file of facts.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
