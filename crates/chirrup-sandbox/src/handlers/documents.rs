//! Responses with documents: one, several by ID, or a page.

use serde_json::{Map, Value as Json, json};

use super::context::{HandlerResult, RequestContext};
use super::pages::{Direction, MAX_POSITION};
use crate::response::api_error::{ApiError, resource_not_found};
use crate::response::select::pick;
use crate::world::{Document, to_sql};

/// Number of documents that are read from the store at a time.
const BATCH: usize = 200;

/// A kind of document, and how responses present it.
#[derive(Debug, Clone, Copy)]
pub(super) struct DocumentKind {
    /// Kind in the store.
    pub(super) name: &'static str,
    /// Name of the resource in problems.
    pub(super) resource: &'static str,
    /// Parameter that selects fields, if any. Without one, responses have all fields.
    pub(super) fields: Option<&'static str>,
    /// Fields that are always present.
    pub(super) defaults: &'static [&'static str],
}

impl DocumentKind {
    /// A kind whose responses have all fields.
    pub(super) const fn whole(name: &'static str) -> Self {
        Self { name, resource: name, fields: None, defaults: &[] }
    }
}

impl RequestContext<'_> {
    /// Returns a document, or refuses the request.
    pub(super) fn find_document(&self, kind: DocumentKind, parameter: &str, id: &str) -> Result<Json, ApiError> {
        self.world.document(kind.name, id)?.ok_or_else(|| ApiError::no_such_resource(kind.resource, parameter, id))
    }

    /// Returns a document of this owner, or refuses the request.
    pub(super) fn find_own_document(
        &self,
        kind: DocumentKind,
        owner: u64,
        parameter: &str,
        id: &str,
    ) -> Result<Json, ApiError> {
        let found = self.world.own_document(kind.name, id, owner)?;
        found.ok_or_else(|| ApiError::no_such_resource(kind.resource, parameter, id))
    }

    /// Responds with one document, or with a partial error without one.
    pub(super) fn document_response(
        &self,
        kind: DocumentKind,
        parameter: &str,
        id: &str,
        json: Option<Json>,
    ) -> HandlerResult {
        let mut response = self.response();
        let data = match json {
            Some(json) => Some(response.document(json, kind.fields, kind.defaults)?),
            None => {
                response.errors.push(resource_not_found(kind.resource, parameter, id));
                None
            }
        };
        Ok((200, response.body(data, None).into()))
    }

    /// Responds with the document whose ID a parameter names.
    pub(super) fn get_document(&self, kind: DocumentKind, parameter: &str) -> HandlerResult {
        let id = self.text(parameter);
        self.document_response(kind, parameter, id, self.world.document(kind.name, id)?)
    }

    /// Responds with the documents whose IDs a parameter lists.
    pub(super) fn get_documents(&self, kind: DocumentKind, parameter: &str) -> HandlerResult {
        let mut response = self.response();
        let mut data = Vec::new();
        for id in self.call.list(parameter) {
            match self.world.document(kind.name, id)? {
                Some(json) => data.push(response.document(json, kind.fields, kind.defaults)?),
                None => response.errors.push(resource_not_found(kind.resource, parameter, id)),
            }
        }
        Ok((200, response.list_body(data, None).into()))
    }

    /// Responds with a page of the documents of an owner that pass a filter, the newest first.
    pub(super) fn documents_page(
        &self,
        kind: DocumentKind,
        owner: u64,
        default_size: usize,
        filter: impl Fn(&Json) -> bool,
    ) -> HandlerResult {
        self.documents_page_map(kind, owner, default_size, |json| Ok(filter(&json).then_some(json)))
    }

    /// Responds with a page of what a function makes of the documents of an owner, the newest first. Documents for which
    /// it returns `None` are left out.
    pub(super) fn documents_page_map(
        &self,
        kind: DocumentKind,
        owner: u64,
        default_size: usize,
        map: impl Fn(Json) -> Result<Option<Json>, ApiError>,
    ) -> HandlerResult {
        Ok((200, self.documents_body(kind, owner, default_size, map)?.into()))
    }

    /// Returns the body of such a page.
    pub(super) fn documents_body(
        &self,
        kind: DocumentKind,
        owner: u64,
        default_size: usize,
        map: impl Fn(Json) -> Result<Option<Json>, ApiError>,
    ) -> Result<Json, ApiError> {
        let size = self.page_size(default_size);
        let mut below = match self.position()? {
            Some((Direction::Older, position)) => to_sql(position),
            _ => to_sql(MAX_POSITION),
        };
        let mut found: Vec<Document> = Vec::new();
        while found.len() <= size {
            let batch = self.world.documents_of(kind.name, owner, below, BATCH)?;
            let Some(last) = batch.last() else { break };
            below = last.seq;
            for Document { seq, json } in batch {
                found.extend(map(json)?.map(|json| Document { seq, json }));
            }
        }
        let more = found.len() > size;
        found.truncate(size);
        let mut meta = Map::new();
        meta.insert("result_count".to_owned(), found.len().into());
        if let Some(last) = found.last().filter(|_| more) {
            meta.insert("next_token".to_owned(), self.token_below(last.seq).into());
        }
        let mut response = self.response();
        let mut data = Vec::new();
        for document in found {
            data.push(response.document(document.json, kind.fields, kind.defaults)?);
        }
        Ok(response.list_body(data, Some(Json::Object(meta))))
    }

    /// Returns a new ID as text.
    pub(super) fn new_id(&mut self) -> String {
        self.world.next_id(self.now).to_string()
    }

    /// Returns an object with those of these parameters that the request has.
    pub(super) fn params_object(&self, names: &[&str]) -> Json {
        names.iter().filter_map(|name| Some(((*name).to_owned(), self.call.get(name)?.clone()))).collect()
    }

    /// Keeps the fields that a parameter names. Without the parameter, keeps all.
    pub(super) fn select_fields(&self, parameter: &str, items: Vec<Json>) -> Vec<Json> {
        let keys: Vec<&str> = self.call.list(parameter).collect();
        if keys.is_empty() {
            return items;
        }
        items.into_iter().map(|item| pick(item, &keys)).collect()
    }
}

/// Converts a number to an ID of 13 letters and digits, as broadcasts and calls have it.
pub(super) fn alphanumeric_id(number: u64) -> String {
    let mut rest = number;
    let mut letters = vec![b'1'];
    while letters.len() < 13 {
        letters.push(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[(rest % 62) as usize]);
        rest /= 62;
    }
    letters.into_iter().map(char::from).collect()
}

/// A response with nothing but `data`.
pub(super) fn data_response(status: u16, data: Json) -> HandlerResult {
    Ok((status, json!({ "data": data }).into()))
}

/// Returns whether a text contains any word of a query.
pub(super) fn contains_any_word(text: &str, query: &str) -> bool {
    let text = text.to_lowercase();
    query.split_whitespace().any(|word| text.contains(&word.to_lowercase()))
}
