-- Spaces, and numbers of posts of a query by time. `number` is from the ID, which is a text, and results refer to it.
CREATE TABLE spaces (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT, state TEXT, lang TEXT, creator_id INTEGER,
    created_at INTEGER, scheduled_start INTEGER, started_at INTEGER, ended_at INTEGER, participants INTEGER,
    seen_at INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE TABLE counts (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, query TEXT, granularity TEXT, start_at INTEGER, end_at INTEGER,
    posts INTEGER, seen_at INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE INDEX counts_by_time ON counts (query, granularity, start_at);
DROP VIEW stats;
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
UNION ALL SELECT 'spaces', count(*), datetime(min(started_at) / 1000, 'unixepoch'),
    datetime(max(started_at) / 1000, 'unixepoch') FROM spaces
UNION ALL SELECT 'counts', count(*), datetime(min(start_at) / 1000, 'unixepoch'),
    datetime(max(end_at) / 1000, 'unixepoch') FROM counts
UNION ALL SELECT 'deletions', count(*), datetime(min(deleted_at) / 1000, 'unixepoch'),
    datetime(max(deleted_at) / 1000, 'unixepoch') FROM deletions
UNION ALL SELECT 'problems', count(*), NULL, NULL FROM problems;
