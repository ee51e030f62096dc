-- Views of this folder for DuckDB. In the folder: `duckdb -init views.sql`. From elsewhere, name the folder first:
-- `SET VARIABLE archive = 'birds'`. Times are in UTC. An object that was stored again has several rows in the files
-- until `chirrup archive compact`, and one row here: that of the latest response.
CREATE OR REPLACE MACRO archive_files(name) AS coalesce(getvariable('archive'), '.') || '/' || name || '/*.parquet';
CREATE OR REPLACE VIEW posts AS
SELECT * FROM read_parquet(archive_files('posts')) QUALIFY row_number() OVER (PARTITION BY id ORDER BY seen_at DESC) = 1;
CREATE OR REPLACE VIEW users AS
SELECT * FROM read_parquet(archive_files('users')) QUALIFY row_number() OVER (PARTITION BY id ORDER BY seen_at DESC) = 1;
CREATE OR REPLACE VIEW media AS
SELECT * FROM read_parquet(archive_files('media')) QUALIFY row_number() OVER (PARTITION BY key ORDER BY seen_at DESC) = 1;
CREATE OR REPLACE VIEW places AS
SELECT * FROM read_parquet(archive_files('places')) QUALIFY row_number() OVER (PARTITION BY id ORDER BY seen_at DESC) = 1;
CREATE OR REPLACE VIEW polls AS
SELECT * FROM read_parquet(archive_files('polls')) QUALIFY row_number() OVER (PARTITION BY id ORDER BY seen_at DESC) = 1;
CREATE OR REPLACE VIEW spaces AS
SELECT * FROM read_parquet(archive_files('spaces')) QUALIFY row_number() OVER (PARTITION BY id ORDER BY seen_at DESC) = 1;
CREATE OR REPLACE VIEW counts AS
SELECT * FROM read_parquet(archive_files('counts')) QUALIFY row_number() OVER (PARTITION BY id ORDER BY seen_at DESC) = 1;
CREATE OR REPLACE VIEW edges AS
SELECT relation, source_id, target_id, min(first_seen_at) AS first_seen_at, max(last_seen_at) AS last_seen_at
FROM read_parquet(archive_files('edges')) GROUP BY ALL;
CREATE OR REPLACE VIEW gaps AS SELECT * FROM read_parquet(archive_files('gaps'));
CREATE OR REPLACE VIEW problems AS SELECT * FROM read_parquet(archive_files('problems'));
CREATE OR REPLACE VIEW deletions AS SELECT * FROM read_parquet(archive_files('deletions'));

CREATE OR REPLACE VIEW results AS
SELECT DISTINCT unnest(found_by) AS source, id FROM read_parquet(archive_files('posts'));
CREATE OR REPLACE VIEW results_of_posts AS
SELECT r.source AS found_by, p.* EXCLUDE (found_by) FROM results r JOIN posts p USING (id);
CREATE OR REPLACE VIEW entities AS
SELECT id AS post_id, 'hashtag' AS kind, lower(unnest(hashtags)) AS value FROM posts
UNION SELECT id, 'cashtag', lower(unnest(cashtags)) FROM posts
UNION SELECT id, 'mention', lower(unnest(mentions)) FROM posts
UNION SELECT id, 'url', unnest(urls) FROM posts
UNION SELECT id, 'domain', unnest(domains) FROM posts
UNION SELECT id, 'annotation', unnest(annotations) FROM posts;
CREATE OR REPLACE VIEW timeline AS
SELECT p.id, p.created_at AS time, u.username, p.text, p.lang, p.likes, p.reposts, p.replies
FROM posts p LEFT JOIN users u ON u.id = p.author_id ORDER BY p.id;
CREATE OR REPLACE VIEW threads AS
SELECT p.conversation_id, p.id, p.reply_to_id, p.created_at AS time, u.username, p.text
FROM posts p LEFT JOIN users u ON u.id = p.author_id
WHERE p.conversation_id IN (SELECT conversation_id FROM posts GROUP BY conversation_id HAVING count(*) > 1)
ORDER BY p.conversation_id, p.id;
CREATE OR REPLACE VIEW co_hashtags AS
SELECT a.value AS hashtag, b.value AS other, count(*) AS posts
FROM entities a JOIN entities b ON b.post_id = a.post_id AND b.kind = 'hashtag' AND b.value > a.value
WHERE a.kind = 'hashtag' GROUP BY ALL ORDER BY posts DESC;
CREATE OR REPLACE VIEW repost_network AS
SELECT p.author_id AS source_id, o.author_id AS target_id, a.username AS source, b.username AS target, count(*) AS reposts
FROM posts p JOIN posts o ON o.id = p.repost_of_id LEFT JOIN users a ON a.id = p.author_id
LEFT JOIN users b ON b.id = o.author_id GROUP BY ALL ORDER BY reposts DESC;
