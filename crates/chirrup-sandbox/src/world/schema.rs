//! Database schema of the world.

/// Every list that a request reads has an index, so that no request scans a whole table. Users, posts, follows and likes are in
/// memory; only a file has rows of them.
pub(super) const TABLES: &str = "
CREATE TABLE IF NOT EXISTS app (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, secret TEXT NOT NULL, access TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS token (
    token TEXT NOT NULL, kind TEXT NOT NULL, secret TEXT NOT NULL DEFAULT '', app_id INTEGER NOT NULL,
    user_id INTEGER, scopes TEXT NOT NULL DEFAULT '', PRIMARY KEY (token, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS expiry (token TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS user (
    id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, created INTEGER NOT NULL,
    description TEXT NOT NULL, location TEXT NOT NULL, url TEXT NOT NULL, verified INTEGER NOT NULL,
    protected INTEGER NOT NULL, pinned INTEGER,
    followers INTEGER NOT NULL DEFAULT 0, following INTEGER NOT NULL DEFAULT 0, posts INTEGER NOT NULL DEFAULT 0,
    likes INTEGER NOT NULL DEFAULT 0, media INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS post (
    id INTEGER PRIMARY KEY, author INTEGER NOT NULL, text TEXT NOT NULL, lang TEXT NOT NULL,
    conversation INTEGER NOT NULL, reply_to INTEGER, reply_to_user INTEGER, quote_of INTEGER, repost_of INTEGER,
    media TEXT NOT NULL DEFAULT '', poll INTEGER, place TEXT, community INTEGER,
    reply_settings TEXT NOT NULL DEFAULT 'everyone', source TEXT NOT NULL, history TEXT NOT NULL,
    extra TEXT NOT NULL DEFAULT '{}',
    likes INTEGER NOT NULL DEFAULT 0, replies INTEGER NOT NULL DEFAULT 0, reposts INTEGER NOT NULL DEFAULT 0,
    quotes INTEGER NOT NULL DEFAULT 0, bookmarks INTEGER NOT NULL DEFAULT 0, impressions INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS follow (
    follower INTEGER NOT NULL, followed INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (follower, followed)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS liking (
    user INTEGER NOT NULL, post INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (user, post)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS relation (
    kind TEXT NOT NULL, user INTEGER NOT NULL, other INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (kind, user, other)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS relation_user ON relation (kind, user, seq);
CREATE INDEX IF NOT EXISTS relation_other ON relation (kind, other, seq);
CREATE INDEX IF NOT EXISTS relation_seq ON relation (kind, seq);
CREATE TABLE IF NOT EXISTS list (
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, private INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS list_owner ON list (owner, id);
CREATE TABLE IF NOT EXISTS document (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, owner INTEGER NOT NULL,
    json TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX IF NOT EXISTS document_owner ON document (kind, owner, seq);
CREATE TABLE IF NOT EXISTS media (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS poll (id INTEGER PRIMARY KEY, options TEXT NOT NULL, minutes INTEGER NOT NULL, ends INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS link (code TEXT PRIMARY KEY, url TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS place (id TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
";

/// Version of the schema: a hash of the text above, so that every change of it is a new version.
pub(super) const VERSION: i32 = {
    let (text, mut at, mut hash) = (TABLES.as_bytes(), 0, 0x811c_9dc5_u32);
    while at < text.len() {
        hash = (hash ^ text[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    // Never 0, which is the version of a new file.
    (hash >> 1 | 1) as i32
};
