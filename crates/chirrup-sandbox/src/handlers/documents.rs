//! How things are shown: one, several by id, or a page of them.

use serde_json::{Map, Value as Json, json};

use super::pages::{END, Way};
use super::{HandlerResult, RequestContext};
use crate::api_error::{ApiError, resource_not_found};
use crate::world::{Document, sql};

/// A kind of thing, and how it is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// What the store calls it.
    pub(super) name: &'static str,
    /// What a problem calls it.
    pub(super) resource: &'static str,
    /// The parameter that names its fields; none if it is always shown whole.
    pub(super) fields: Option<&'static str>,
    /// The fields that are always shown.
    pub(super) defaults: &'static [&'static str],
}

impl Kind {
    /// A kind that is always shown whole.
    pub(super) const fn whole(name: &'static str) -> Self {
        Self { name, resource: name, fields: None, defaults: &[] }
    }
}

impl RequestContext<'_> {
    /// The thing of this id, whoever asks.
    pub(super) fn find(&self, kind: Kind, parameter: &str, id: &str) -> Result<Json, ApiError> {
        self.world.thing(kind.name, id)?.ok_or_else(|| ApiError::no_such_resource(kind.resource, parameter, id))
    }

    /// The reply with one thing, which is `json` if it is there.
    pub(super) fn show_one(&self, kind: Kind, parameter: &str, id: &str, json: Option<Json>) -> HandlerResult {
        let mut scene = self.scene();
        let data = match json {
            Some(json) => Some(scene.thing(json, kind.fields, kind.defaults)?),
            None => {
                scene.errors.push(resource_not_found(kind.resource, parameter, id));
                None
            }
        };
        Ok((200, scene.body(data, None)))
    }

    /// The reply with the thing whose id stands in the path.
    pub(super) fn one_thing(&self, kind: Kind, hole: &str) -> HandlerResult {
        let id = self.call.text(hole).unwrap_or_default();
        self.show_one(kind, hole, id, self.world.thing(kind.name, id)?)
    }

    /// The reply with the things whose ids the caller lists.
    pub(super) fn several_things(&self, kind: Kind, parameter: &str) -> HandlerResult {
        let mut scene = self.scene();
        let mut data = Vec::new();
        for id in self.call.list(parameter) {
            match self.world.thing(kind.name, id)? {
                Some(json) => data.push(scene.thing(json, kind.fields, kind.defaults)?),
                None => scene.errors.push(resource_not_found(kind.resource, parameter, id)),
            }
        }
        Ok((200, scene.list_body(data, None)))
    }

    /// The reply with a page of what belongs to something and fits, the newest first.
    pub(super) fn things_page(&self, kind: Kind, of: u64, size: usize, fits: impl Fn(&Json) -> bool) -> HandlerResult {
        let size = self.page_size(size);
        let mut below = match self.position()? {
            Some((Way::Older, position)) => sql(position),
            _ => sql(END),
        };
        let mut found: Vec<Document> = Vec::new();
        // What does not fit is passed over, in steps.
        while found.len() <= size {
            let step = self.world.things(kind.name, of, below, 200)?;
            let Some(last) = step.last() else { break };
            below = last.seq;
            found.extend(step.into_iter().filter(|thing| fits(&thing.json)));
        }
        let more = found.len() > size;
        found.truncate(size);
        let mut meta = Map::new();
        meta.insert("result_count".to_owned(), found.len().into());
        if let Some(last) = found.last().filter(|_| more) {
            meta.insert("next_token".to_owned(), self.token_below(last.seq).into());
        }
        let mut scene = self.scene();
        let mut data = Vec::new();
        for thing in found {
            data.push(scene.thing(thing.json, kind.fields, kind.defaults)?);
        }
        Ok((200, scene.list_body(data, Some(Json::Object(meta)))))
    }

    /// A new id, as a text.
    pub(super) fn new_id(&mut self) -> String {
        self.world.next_id(self.now).to_string()
    }

    /// Those members of the body that were given.
    pub(super) fn given(&self, names: &[&str]) -> Json {
        names.iter().filter_map(|name| Some(((*name).to_owned(), self.call.get(name)?.clone()))).collect()
    }
}

/// A reply that says one thing.
pub(super) fn said(status: u16, data: Json) -> HandlerResult {
    Ok((status, json!({ "data": data })))
}

/// Whether any word of a query stands in a text.
pub(super) fn mentions(text: &str, query: &str) -> bool {
    let text = text.to_lowercase();
    query.split_whitespace().any(|word| text.contains(&word.to_lowercase()))
}

/// What X has retired is refused, and what took its place is named.
pub(super) fn retired(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let instead = ctx.call.endpoint.and_then(|meta| meta.retired).unwrap_or_default();
    Err(ApiError::problem(410, "Gone", &format!("This endpoint is retired: {instead}.")))
}
