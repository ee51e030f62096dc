-- ID above which a source continues, since all up to it is stored.
ALTER TABLE sources ADD COLUMN since_id INTEGER;
