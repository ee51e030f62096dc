-- Times are milliseconds since 1970. `seen_at` is the time of the response that a row is from.
CREATE TABLE sources (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, kind text NOT NULL, next_token text,
    pages bigint NOT NULL DEFAULT 0, items bigint NOT NULL DEFAULT 0, is_complete boolean NOT NULL DEFAULT false,
    cost_micros bigint NOT NULL DEFAULT 0, until_id bigint, since_id bigint, started_at bigint NOT NULL, updated_at bigint NOT NULL
);
-- A query can be longer than a key of an index.
CREATE UNIQUE INDEX sources_by_name ON sources (md5(name));
-- Posts or users that a source found itself. Other posts and users are those that they refer to.
CREATE TABLE results (source_id bigint NOT NULL, item_id bigint NOT NULL, PRIMARY KEY (source_id, item_id));
CREATE INDEX results_by_item ON results (item_id);

CREATE TABLE posts (
    id bigint PRIMARY KEY, author_id bigint, created_at bigint, text text, lang text, conversation_id bigint,
    in_reply_to_user_id bigint, reply_to_id bigint, quote_of_id bigint, repost_of_id bigint, first_version_id bigint,
    place_id text, source text, possibly_sensitive boolean,
    likes bigint, reposts bigint, replies bigint, quotes bigint, bookmarks bigint, impressions bigint,
    seen_at bigint NOT NULL, json json NOT NULL
);
CREATE INDEX posts_by_author ON posts (author_id, id);
CREATE INDEX posts_by_conversation ON posts (conversation_id, id);
CREATE INDEX posts_by_reply ON posts (reply_to_id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX posts_by_quote ON posts (quote_of_id) WHERE quote_of_id IS NOT NULL;
CREATE INDEX posts_by_repost ON posts (repost_of_id) WHERE repost_of_id IS NOT NULL;
CREATE INDEX posts_by_first_version ON posts (first_version_id) WHERE first_version_id IS NOT NULL;
CREATE INDEX posts_by_time ON posts (created_at);
CREATE INDEX posts_by_text ON posts USING gin (to_tsvector('simple', text));
-- Posts whose texts match a query of words, such as 'heron -boat' or '"grey heron" or egret'.
CREATE FUNCTION posts_with(query text) RETURNS SETOF posts LANGUAGE sql STABLE SET search_path FROM CURRENT AS
    $$ SELECT * FROM posts WHERE to_tsvector('simple', text) @@ websearch_to_tsquery('simple', query) $$;

CREATE TABLE users (
    id bigint PRIMARY KEY, username text, name text, created_at bigint, description text, location text, url text,
    verified boolean, verified_type text, protected boolean,
    followers bigint, following bigint, posts bigint, lists bigint,
    seen_at bigint NOT NULL, json json NOT NULL
);
CREATE INDEX users_by_username ON users (lower(username));
-- Earlier values of a profile, and the time at which a response first had another value.
CREATE TABLE user_changes (
    user_id bigint NOT NULL, changed_at bigint NOT NULL, field text NOT NULL, old text, new text,
    PRIMARY KEY (user_id, changed_at, field)
);
CREATE FUNCTION note_user_changes() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO user_changes
    SELECT NEW.id, NEW.seen_at, field, earlier, later FROM (VALUES
        ('username', OLD.username, NEW.username), ('name', OLD.name, NEW.name),
        ('description', OLD.description, NEW.description), ('location', OLD.location, NEW.location),
        ('url', OLD.url, NEW.url), ('verified', OLD.verified::text, NEW.verified::text),
        ('verified_type', OLD.verified_type, NEW.verified_type), ('protected', OLD.protected::text, NEW.protected::text)
    ) AS fields (field, earlier, later) WHERE earlier IS NOT NULL AND earlier IS DISTINCT FROM later
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER users_change AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION note_user_changes();

CREATE TABLE media (
    key text PRIMARY KEY, type text, url text, preview_image_url text, alt_text text, width bigint, height bigint,
    duration_ms bigint, views bigint, seen_at bigint NOT NULL, json json NOT NULL
);
CREATE TABLE places (
    id text PRIMARY KEY, full_name text, name text, country text, country_code text, place_type text,
    seen_at bigint NOT NULL, json json NOT NULL
);
CREATE TABLE polls (
    id bigint PRIMARY KEY, voting_status text, end_datetime text, duration_minutes bigint,
    seen_at bigint NOT NULL, json json NOT NULL
);
CREATE TABLE post_media (post_id bigint NOT NULL, media_key text NOT NULL, PRIMARY KEY (post_id, media_key));
CREATE TABLE post_polls (post_id bigint NOT NULL, poll_id bigint NOT NULL, PRIMARY KEY (post_id, poll_id));

-- Kinds: hashtag, cashtag, mention (a username), url, domain (of a URL), annotation. URLs can be longer than a key.
CREATE TABLE entities (post_id bigint NOT NULL, kind text NOT NULL, value text NOT NULL);
CREATE UNIQUE INDEX entities_of_post ON entities (post_id, kind, md5(lower(value)));
CREATE INDEX entities_by_value ON entities USING hash (lower(value));

-- Relations: follows, likes, reposts, is_member_of, follows_list.
CREATE TABLE edges (
    relation text NOT NULL, source_id bigint NOT NULL, target_id bigint NOT NULL,
    first_seen_at bigint NOT NULL, last_seen_at bigint NOT NULL, PRIMARY KEY (relation, source_id, target_id)
);
CREATE INDEX edges_by_target ON edges (relation, target_id);
CREATE TABLE matched_rules (post_id bigint NOT NULL, rule_id bigint NOT NULL, tag text, PRIMARY KEY (post_id, rule_id));
-- Removals without the removed content: the kind and ID of an object, and the reason.
CREATE TABLE deletions (
    kind text NOT NULL, id bigint NOT NULL, deleted_at bigint NOT NULL, reason text NOT NULL, PRIMARY KEY (kind, id)
);
-- Parts of streams that were missed at first, and how each was filled. Dropped lines have no times.
CREATE TABLE gaps (source_id bigint NOT NULL, from_at bigint, to_at bigint, cause text NOT NULL, filled text NOT NULL);
-- Partial errors of responses, and objects that could not be read.
CREATE TABLE problems (source_id bigint NOT NULL, seen_at bigint NOT NULL, json text NOT NULL, why text NOT NULL);

CREATE VIEW results_of_posts AS
SELECT s.name AS found_by, p.* FROM results r JOIN sources s ON s.id = r.source_id AND s.kind = 'posts'
JOIN posts p ON p.id = r.item_id;
CREATE VIEW timeline AS
SELECT p.id, to_timestamp(p.created_at / 1000.0) AS time, u.username, p.text, p.lang, p.likes, p.reposts, p.replies
FROM posts p LEFT JOIN users u ON u.id = p.author_id ORDER BY p.id;
CREATE VIEW threads AS
SELECT p.conversation_id, p.id, p.reply_to_id, to_timestamp(p.created_at / 1000.0) AS time, u.username, p.text
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
LEFT JOIN users b ON b.id = o.author_id GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC;
CREATE VIEW stats AS
SELECT what, number, to_timestamp(first / 1000.0) AS first, to_timestamp(last / 1000.0) AS last FROM (
    SELECT 'posts' AS what, count(*) AS number, min(created_at) AS first, max(created_at) AS last FROM posts
    UNION ALL SELECT 'posts found by a source', count(DISTINCT id), min(created_at), max(created_at) FROM results_of_posts
    UNION ALL SELECT 'users', count(*), min(created_at), max(created_at) FROM users
    UNION ALL SELECT 'changes of users', count(*), min(changed_at), max(changed_at) FROM user_changes
    UNION ALL SELECT 'edges', count(*), min(first_seen_at), max(last_seen_at) FROM edges
    UNION ALL SELECT 'media', count(*), NULL, NULL FROM media
    UNION ALL SELECT 'places', count(*), NULL, NULL FROM places
    UNION ALL SELECT 'polls', count(*), NULL, NULL FROM polls
    UNION ALL SELECT 'deletions', count(*), min(deleted_at), max(deleted_at) FROM deletions
    UNION ALL SELECT 'problems', count(*), NULL, NULL FROM problems
) AS numbers;
