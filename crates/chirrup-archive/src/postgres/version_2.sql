-- Spaces, and numbers of posts of a query by time. `number` is from the ID, which is a text, and results refer to it.
CREATE TABLE spaces (
    number bigint PRIMARY KEY, id text NOT NULL, title text, state text, lang text, creator_id bigint,
    created_at bigint, scheduled_start bigint, started_at bigint, ended_at bigint, participants bigint,
    seen_at bigint NOT NULL, json json NOT NULL
);
CREATE INDEX spaces_by_id ON spaces USING hash (id);
-- A query can be longer than a key of an index.
CREATE TABLE counts (
    number bigint PRIMARY KEY, id text NOT NULL, query text, granularity text, start_at bigint, end_at bigint,
    posts bigint, seen_at bigint NOT NULL, json json NOT NULL
);
CREATE INDEX counts_by_query ON counts (md5(query), granularity, start_at);
CREATE OR REPLACE VIEW stats AS
SELECT what, number, to_timestamp(first / 1000.0) AS first, to_timestamp(last / 1000.0) AS last FROM (
    SELECT 'posts' AS what, count(*) AS number, min(created_at) AS first, max(created_at) AS last FROM posts
    UNION ALL SELECT 'posts found by a source', count(DISTINCT id), min(created_at), max(created_at) FROM results_of_posts
    UNION ALL SELECT 'users', count(*), min(created_at), max(created_at) FROM users
    UNION ALL SELECT 'changes of users', count(*), min(changed_at), max(changed_at) FROM user_changes
    UNION ALL SELECT 'edges', count(*), min(first_seen_at), max(last_seen_at) FROM edges
    UNION ALL SELECT 'media', count(*), NULL, NULL FROM media
    UNION ALL SELECT 'places', count(*), NULL, NULL FROM places
    UNION ALL SELECT 'polls', count(*), NULL, NULL FROM polls
    UNION ALL SELECT 'spaces', count(*), min(started_at), max(started_at) FROM spaces
    UNION ALL SELECT 'counts', count(*), min(start_at), max(end_at) FROM counts
    UNION ALL SELECT 'deletions', count(*), min(deleted_at), max(deleted_at) FROM deletions
    UNION ALL SELECT 'problems', count(*), NULL, NULL FROM problems
) AS numbers;
