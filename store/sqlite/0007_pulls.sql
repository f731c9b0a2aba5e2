-- Lists fetched from their publishers (list.PullStore): a log.

CREATE TABLE pull (
  seq     INTEGER PRIMARY KEY,
  list    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  body    TEXT NOT NULL
) STRICT;
CREATE INDEX pull_list ON pull (list, seq);

-- Publications kept aside until a person has decided (list.HeldStore). Those
-- accepted are in publication too, and their entries only there.

CREATE TABLE held (
  id     INTEGER PRIMARY KEY,
  list   TEXT NOT NULL,
  date   TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  state  TEXT NOT NULL,
  body   TEXT NOT NULL,
  UNIQUE (list, date, sha256)
) STRICT;

CREATE TABLE held_entry (
  held     INTEGER NOT NULL REFERENCES held (id),
  position INTEGER NOT NULL, -- from 0, in the publisher's order
  entry    INTEGER NOT NULL REFERENCES entry (id),
  PRIMARY KEY (held, position)
) STRICT, WITHOUT ROWID;

-- Saved subjects (screen.SubjectStore): a row for each time that one was saved
-- or taken off, the highest seq the newest.

CREATE TABLE subject (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  removed     INTEGER NOT NULL,
  body        TEXT NOT NULL
) STRICT;
CREATE INDEX subject_id ON subject (id, seq);

-- Cleared false positives (screen.ClearingStore): kept when they are removed.

CREATE TABLE clearing (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  recorded_at INTEGER NOT NULL,
  removed_at  INTEGER, -- none while it stands
  body        TEXT NOT NULL
) STRICT;
