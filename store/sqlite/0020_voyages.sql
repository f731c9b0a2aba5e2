-- Voyages that are watched (decide.Voyages). What was decided of one is in its
-- certificates.

CREATE TABLE voyage (
  id       TEXT PRIMARY KEY,
  said     TEXT NOT NULL, -- JSON, without the time
  saved_at INTEGER NOT NULL -- ms
) STRICT, WITHOUT ROWID;
