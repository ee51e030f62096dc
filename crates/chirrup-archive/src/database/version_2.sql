-- Parts of streams that were missed at first, and how each was filled. Dropped lines have no times.
CREATE TABLE gaps (source_id INTEGER NOT NULL, from_at INTEGER, to_at INTEGER, cause TEXT NOT NULL, filled TEXT NOT NULL);
