//! Options of a server besides the permissions of its client.

use std::path::{Path, PathBuf};

use chirrup::Outbox;

/// Options of a [`Server`](crate::Server). The permissions are those of its client: see [`chirrup::Access`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Options {
    media_folder: Option<PathBuf>,
    archives: Vec<PathBuf>,
    needs_approval: bool,
    outbox: Option<Outbox>,
}

impl Options {
    /// Sets the folder whose files may be uploaded. Without one, nothing is uploaded.
    pub fn media_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.media_folder = Some(folder.into());
        self
    }

    /// Sets the files with stored posts that are offered as resources. The default is none.
    pub fn archives(mut self, files: impl IntoIterator<Item = PathBuf>) -> Self {
        self.archives = files.into_iter().collect();
        self
    }

    /// Refuses to publish for clients that cannot ask their user. By default, the confirmation code suffices for them.
    pub fn require_approval(mut self) -> Self {
        self.needs_approval = true;
        self
    }

    /// Sets the outbox that records each post, so that the same post is created once a day even if the server is stopped while
    /// it writes. The default is none.
    pub fn outbox(mut self, outbox: Outbox) -> Self {
        self.outbox = Some(outbox);
        self
    }

    pub(crate) fn folder_of_media(&self) -> Option<&Path> {
        self.media_folder.as_deref()
    }

    pub(crate) fn archive_files(&self) -> &[PathBuf] {
        &self.archives
    }

    pub(crate) fn needs_approval(&self) -> bool {
        self.needs_approval
    }

    pub(crate) fn outbox_of_posts(&self) -> Option<&Outbox> {
        self.outbox.as_ref()
    }
}
