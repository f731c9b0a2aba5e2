-- Runs of which a block cannot be read: they are merged with no others.
ALTER TABLE fix_run ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0;
