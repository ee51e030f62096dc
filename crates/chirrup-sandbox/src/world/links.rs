//! Short links: every link in a text is delivered as a `t.co` link of 23 characters.

use std::sync::{MutexGuard, PoisonError};

use chirrup_text::EntityKind;
use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::post_index::LinkIndex;
use super::posts::MAX_REPOST_TEXT;
use super::rows::{Place, PostRow};
use super::store::World;

/// Host of short links.
pub(crate) const SHORT_HOST: &str = "t.co";
/// Number of characters that follow the host.
const CODE_LENGTH: usize = 10;
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Code of the short link to a URL. The same URL has the same code in every world.
fn code_of(url: &str) -> String {
    let digest = Sha256::digest(url.as_bytes());
    digest.iter().take(CODE_LENGTH).map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
}

/// Returns the short link to a URL.
pub(crate) fn short_link(url: &str) -> String {
    format!("https://{SHORT_HOST}/{}", code_of(url))
}

/// Returns the address to which the link in a text leads. A link without a scheme is one of HTTP.
pub(crate) fn expanded_url(link: &str) -> String {
    if link.contains("://") { link.to_owned() } else { format!("http://{link}") }
}

/// Returns the address to which the short form of a long post links.
pub(crate) fn long_post_url(id: u64) -> String {
    format!("https://x.com/i/web/status/{id}")
}

impl World {
    /// Returns the address of a post.
    pub(crate) fn post_url(&self, id: u64) -> rusqlite::Result<String> {
        let graph = self.graph();
        let author = graph.post(id).and_then(|post| graph.user(post.author));
        Ok(format!("https://x.com/{}/status/{id}", author.map_or("i", |author| &author.username)))
    }

    /// Returns the address of the media of a post, if it has any.
    pub(crate) fn media_url(&self, row: &PostRow) -> rusqlite::Result<Option<String>> {
        let Some(first) = row.media.first() else { return Ok(None) };
        let is_photo = self.media_kind(*first)?.is_some_and(|kind| kind == "photo");
        let kind = if is_photo { "photo" } else { "video" };
        let name = self.username(row.author)?.unwrap_or_default();
        Ok(Some(format!("https://x.com/{name}/status/{}/{kind}/1", row.id)))
    }

    /// Returns the short links of a post with their codes: those in its text, and those to its media, to the post that it quotes
    /// and to itself.
    fn links_of_post(&self, row: &PostRow) -> Vec<(String, String)> {
        let found = chirrup_text::extract(&row.text);
        let in_text = found.iter().filter(|entity| entity.kind == EntityKind::Url);
        let mut urls: Vec<String> = in_text.map(|link| expanded_url(link.text)).collect();
        let links_in_text = urls.len();
        urls.extend(row.quote_of.and_then(|quoted| self.post_url(quoted).ok()));
        urls.extend(self.media_url(row).ok().flatten());
        // Escaped and shortened links can make the delivered text longer than the stored one.
        if row.text.len() + 23 * links_in_text > MAX_REPOST_TEXT {
            urls.push(long_post_url(row.id));
        }
        urls.into_iter().map(|url| (code_of(&url), url)).collect()
    }

    /// Returns the index of the links in posts, after adding those of new posts.
    pub(super) fn link_index(&self) -> MutexGuard<'_, LinkIndex> {
        let mut links = self.index.links.lock().unwrap_or_else(PoisonError::into_inner);
        let count = self.graph().post_count() as Place;
        for place in links.next..count {
            let Some(row) = self.graph().post_at(place).cloned() else { continue };
            for (code, url) in self.links_of_post(&row) {
                links.urls.entry(code.into()).or_insert_with(|| url.into());
            }
        }
        links.next = count;
        links
    }

    /// Stores the short links in texts of a profile.
    pub(crate) fn add_links_in(&self, text: &str) -> rusqlite::Result<()> {
        let found = chirrup_text::extract(text);
        let links = found.iter().filter(|entity| entity.kind == EntityKind::Url);
        links.into_iter().try_for_each(|link| self.add_link(&expanded_url(link.text)))
    }

    /// Stores a short link, so that it can be resolved.
    pub(crate) fn add_link(&self, url: &str) -> rusqlite::Result<()> {
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO link VALUES (?, ?)")?;
        insert.execute(params![code_of(url), url]).map(drop)
    }

    /// Returns the URL to which the short link with this code leads.
    pub(crate) fn link_target(&self, code: &str) -> rusqlite::Result<Option<String>> {
        if let Some(url) = self.link_index().urls.get(code) {
            return Ok(Some(String::from(&**url)));
        }
        let mut query = self.db.prepare_cached("SELECT url FROM link WHERE code = ?")?;
        query.query_row([code], |row| row.get(0)).optional()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_link_has_23_characters_and_depends_on_the_url_alone() {
        let link = short_link("https://example.com/a");
        assert_eq!((link.len(), &link), (23, &short_link("https://example.com/a")));
        assert_ne!(link, short_link("https://example.com/b"));
    }
}
