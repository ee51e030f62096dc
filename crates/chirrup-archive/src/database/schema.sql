-- Times are milliseconds since 1970. `seen_at` is the time of the response that a row is from.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, next_token TEXT,
    pages INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0, is_complete INTEGER NOT NULL DEFAULT 0,
    cost_micros INTEGER NOT NULL DEFAULT 0, started_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
);
-- Posts or users that a source found itself. Other posts and users are those that they refer to.
CREATE TABLE results (
    source_id INTEGER NOT NULL, item_id INTEGER NOT NULL, PRIMARY KEY (source_id, item_id)
) WITHOUT ROWID;

CREATE TABLE posts (
    id INTEGER PRIMARY KEY, author_id INTEGER, created_at INTEGER, text TEXT, lang TEXT, conversation_id INTEGER,
    in_reply_to_user_id INTEGER, reply_to_id INTEGER, quote_of_id INTEGER, repost_of_id INTEGER, first_version_id INTEGER,
    place_id TEXT, source TEXT, possibly_sensitive INTEGER,
    likes INTEGER, reposts INTEGER, replies INTEGER, quotes INTEGER, bookmarks INTEGER, impressions INTEGER,
    seen_at INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE INDEX posts_by_author ON posts (author_id, id);
CREATE INDEX posts_by_conversation ON posts (conversation_id, id);
CREATE INDEX posts_by_reply ON posts (reply_to_id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX posts_by_quote ON posts (quote_of_id) WHERE quote_of_id IS NOT NULL;
CREATE INDEX posts_by_repost ON posts (repost_of_id) WHERE repost_of_id IS NOT NULL;
CREATE INDEX posts_by_first_version ON posts (first_version_id) WHERE first_version_id IS NOT NULL;
CREATE INDEX posts_by_time ON posts (created_at);

CREATE VIRTUAL TABLE posts_text USING fts5(text, content='posts', content_rowid='id');
CREATE TRIGGER posts_text_insert AFTER INSERT ON posts BEGIN
    INSERT INTO posts_text (rowid, text) VALUES (NEW.id, NEW.text);
END;
CREATE TRIGGER posts_text_update AFTER UPDATE OF text ON posts WHEN OLD.text IS NOT NEW.text BEGIN
    INSERT INTO posts_text (posts_text, rowid, text) VALUES ('delete', OLD.id, OLD.text);
    INSERT INTO posts_text (rowid, text) VALUES (NEW.id, NEW.text);
END;
CREATE TRIGGER posts_text_delete AFTER DELETE ON posts BEGIN
    INSERT INTO posts_text (posts_text, rowid, text) VALUES ('delete', OLD.id, OLD.text);
END;

CREATE TABLE users (
    id INTEGER PRIMARY KEY, username TEXT, name TEXT, created_at INTEGER, description TEXT, location TEXT, url TEXT,
    verified INTEGER, verified_type TEXT, protected INTEGER,
    followers INTEGER, following INTEGER, posts INTEGER, lists INTEGER,
    seen_at INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE INDEX users_by_username ON users (username COLLATE NOCASE);
-- Earlier values of a profile, and the time at which a response first had another value.
CREATE TABLE user_changes (
    user_id INTEGER NOT NULL, changed_at INTEGER NOT NULL, field TEXT NOT NULL, old TEXT, new TEXT,
    PRIMARY KEY (user_id, changed_at, field)
) WITHOUT ROWID;
CREATE TRIGGER users_change AFTER UPDATE ON users BEGIN
    INSERT OR IGNORE INTO user_changes
    SELECT NEW.id, NEW.seen_at, field, old, new FROM (
        SELECT 'username' AS field, OLD.username AS old, NEW.username AS new
        UNION ALL SELECT 'name', OLD.name, NEW.name
        UNION ALL SELECT 'description', OLD.description, NEW.description
        UNION ALL SELECT 'location', OLD.location, NEW.location
        UNION ALL SELECT 'url', OLD.url, NEW.url
        UNION ALL SELECT 'verified', OLD.verified, NEW.verified
        UNION ALL SELECT 'verified_type', OLD.verified_type, NEW.verified_type
        UNION ALL SELECT 'protected', OLD.protected, NEW.protected
    ) WHERE old IS NOT NULL AND old IS NOT new;
END;

CREATE TABLE media (
    key TEXT PRIMARY KEY, type TEXT, url TEXT, preview_image_url TEXT, alt_text TEXT, width INTEGER, height INTEGER,
    duration_ms INTEGER, views INTEGER, seen_at INTEGER NOT NULL, json TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE places (
    id TEXT PRIMARY KEY, full_name TEXT, name TEXT, country TEXT, country_code TEXT, place_type TEXT,
    seen_at INTEGER NOT NULL, json TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE polls (
    id INTEGER PRIMARY KEY, voting_status TEXT, end_datetime TEXT, duration_minutes INTEGER,
    seen_at INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE TABLE post_media (post_id INTEGER NOT NULL, media_key TEXT NOT NULL, PRIMARY KEY (post_id, media_key)) WITHOUT ROWID;
CREATE TABLE post_polls (post_id INTEGER NOT NULL, poll_id INTEGER NOT NULL, PRIMARY KEY (post_id, poll_id)) WITHOUT ROWID;

-- Kinds: hashtag, cashtag, mention (a username), url, domain (of a URL), annotation.
CREATE TABLE entities (
    post_id INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL COLLATE NOCASE, PRIMARY KEY (post_id, kind, value)
) WITHOUT ROWID;
CREATE INDEX entities_by_value ON entities (kind, value);

-- Relations: follows, likes, reposts, is_member_of, follows_list.
CREATE TABLE edges (
    relation TEXT NOT NULL, source_id INTEGER NOT NULL, target_id INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL, PRIMARY KEY (relation, source_id, target_id)
) WITHOUT ROWID;
CREATE INDEX edges_by_target ON edges (relation, target_id);

CREATE TABLE matched_rules (
    post_id INTEGER NOT NULL, rule_id INTEGER NOT NULL, tag TEXT, PRIMARY KEY (post_id, rule_id)
) WITHOUT ROWID;
-- Removals without the removed content: the kind and ID of an object, and the reason.
CREATE TABLE deletions (
    kind TEXT NOT NULL, id INTEGER NOT NULL, deleted_at INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
-- Partial errors of responses, and objects that could not be read.
CREATE TABLE problems (source_id INTEGER NOT NULL, seen_at INTEGER NOT NULL, json TEXT NOT NULL, why TEXT NOT NULL);

CREATE VIEW results_of_posts AS
SELECT s.name AS found_by, p.* FROM results r JOIN sources s ON s.id = r.source_id AND s.kind = 'posts'
JOIN posts p ON p.id = r.item_id;
CREATE VIEW timeline AS
SELECT p.id, datetime(p.created_at / 1000, 'unixepoch') AS time, u.username, p.text, p.lang, p.likes, p.reposts, p.replies
FROM posts p LEFT JOIN users u ON u.id = p.author_id ORDER BY p.id;
CREATE VIEW threads AS
SELECT p.conversation_id, p.id, p.reply_to_id, datetime(p.created_at / 1000, 'unixepoch') AS time, u.username, p.text
FROM posts p LEFT JOIN users u ON u.id = p.author_id
WHERE p.conversation_id IN (SELECT conversation_id FROM posts GROUP BY conversation_id HAVING count(*) > 1)
ORDER BY p.conversation_id, p.id;
CREATE VIEW co_hashtags AS
SELECT lower(a.value) AS hashtag, lower(b.value) AS other, count(*) AS posts
FROM entities a JOIN entities b ON b.post_id = a.post_id AND b.kind = 'hashtag' AND lower(b.value) > lower(a.value)
WHERE a.kind = 'hashtag' GROUP BY 1, 2 ORDER BY 3 DESC;
CREATE VIEW repost_network AS
SELECT p.author_id AS source_id, o.author_id AS target_id, a.username AS source, b.username AS target, count(*) AS reposts
FROM posts p JOIN posts o ON o.id = p.repost_of_id LEFT JOIN users a ON a.id = p.author_id
LEFT JOIN users b ON b.id = o.author_id GROUP BY 1, 2 ORDER BY 5 DESC;
CREATE VIEW stats AS
SELECT 'posts' AS what, count(*) AS number, datetime(min(created_at) / 1000, 'unixepoch') AS first,
    datetime(max(created_at) / 1000, 'unixepoch') AS last FROM posts
UNION ALL SELECT 'posts found by a source', count(DISTINCT id), datetime(min(created_at) / 1000, 'unixepoch'),
    datetime(max(created_at) / 1000, 'unixepoch') FROM results_of_posts
UNION ALL SELECT 'users', count(*), datetime(min(created_at) / 1000, 'unixepoch'),
    datetime(max(created_at) / 1000, 'unixepoch') FROM users
UNION ALL SELECT 'changes of users', count(*), datetime(min(changed_at) / 1000, 'unixepoch'),
    datetime(max(changed_at) / 1000, 'unixepoch') FROM user_changes
UNION ALL SELECT 'edges', count(*), datetime(min(first_seen_at) / 1000, 'unixepoch'),
    datetime(max(last_seen_at) / 1000, 'unixepoch') FROM edges
UNION ALL SELECT 'media', count(*), NULL, NULL FROM media
UNION ALL SELECT 'places', count(*), NULL, NULL FROM places
UNION ALL SELECT 'polls', count(*), NULL, NULL FROM polls
UNION ALL SELECT 'deletions', count(*), datetime(min(deleted_at) / 1000, 'unixepoch'),
    datetime(max(deleted_at) / 1000, 'unixepoch') FROM deletions
UNION ALL SELECT 'problems', count(*), NULL, NULL FROM problems;
