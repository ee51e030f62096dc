//! Lines of the streams that deliver posts.

use serde_json::Value as Json;

use super::catalog::{StreamContent, content};
use super::reader::StreamReader;
use super::status_lines::status_line;
use crate::response::api_error::ApiError;
use crate::response::content::Content;
use crate::response::select::ResponseBuilder;
use crate::world::PostRow;

impl StreamReader<'_> {
    /// Returns the line with which the stream delivers a post, or `None` if it does not.
    pub(crate) fn line(&self, row: &PostRow) -> Result<Option<Content>, ApiError> {
        if self.world.is_protected(row.author)? {
            return Ok(None);
        }
        let matching_rules = match content(self.call) {
            Some(StreamContent::Statuses(selection)) => {
                return Ok(status_line(self, selection, row)?.map(Content::Json));
            }
            Some(StreamContent::Posts { sample, language }) => {
                let delivered = language.is_none_or(|language| row.lang == language)
                    && sample.contains(row.id, self.call.number("partition"));
                if !delivered {
                    return Ok(None);
                }
                None
            }
            Some(StreamContent::MatchingPosts) => {
                let matching = self.rules.matching(self.world, row)?;
                if matching.is_empty() {
                    return Ok(None);
                }
                Some(matching)
            }
            Some(StreamContent::Events { .. }) | None => return Ok(None),
        };
        let mut response = ResponseBuilder::new(self.world, self.call, self.viewer);
        let post = response.posts(std::slice::from_ref(row))?;
        let matching_rules = matching_rules.map(|rules| ("matching_rules", Json::from(rules)));
        Ok(Some(response.line(post, matching_rules)))
    }
}
