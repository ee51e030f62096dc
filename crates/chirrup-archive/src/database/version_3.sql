-- ID below which a source continues, since X refused the token of its next page.
ALTER TABLE sources ADD COLUMN until_id INTEGER;
