-- Licence records that the user keeps (decide.Licences): a row for each
-- revision, the highest seq the newest.

CREATE TABLE licence (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  body        TEXT NOT NULL
) STRICT;
CREATE INDEX licence_id ON licence (id, seq);
