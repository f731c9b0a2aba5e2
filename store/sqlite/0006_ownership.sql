-- Who owns and controls whom (own.Store): a row for each revision of a fact,
-- the highest seq the newest.

CREATE TABLE ownership_set (
  id          INTEGER PRIMARY KEY,
  source      TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  recorded_at INTEGER NOT NULL
) STRICT;

CREATE TABLE ownership (
  seq           INTEGER PRIMARY KEY,
  id            TEXT NOT NULL,
  ownership_set INTEGER NOT NULL REFERENCES ownership_set (id),
  recorded_at   INTEGER NOT NULL,
  published     INTEGER NOT NULL,
  simulated     INTEGER NOT NULL,
  body          TEXT NOT NULL
) STRICT;
CREATE INDEX ownership_id ON ownership (id, seq);
