-- How often keys were destroyed in the key store: a file of before knows of fewer.
ALTER TABLE kast ADD COLUMN vernietigd INTEGER NOT NULL DEFAULT 0;
