-- Positions in blocks of some 8 KB (package store/fixblock), instead of a row
-- each. A run is what was written together, in the order of vessel and time;
-- small runs are merged into larger ones. The rows of before go into a run of
-- their own (fixmigrate.go).

CREATE TABLE fix_run (
  id     INTEGER PRIMARY KEY,
  fixes  INTEGER NOT NULL,
  oldest INTEGER NOT NULL,
  newest INTEGER NOT NULL
) STRICT;

-- Where a run's fixes stand in their sources: what is appended from elsewhere
-- is not in it.
CREATE TABLE fix_run_source (
  run          INTEGER NOT NULL REFERENCES fix_run (id),
  source       INTEGER NOT NULL REFERENCES word (id),
  first_offset INTEGER NOT NULL,
  last_offset  INTEGER NOT NULL,
  PRIMARY KEY (run, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE fix_block (
  id         INTEGER PRIMARY KEY,
  run        INTEGER NOT NULL REFERENCES fix_run (id),
  first_mmsi INTEGER NOT NULL, -- of its first and last fix
  first_time INTEGER NOT NULL,
  last_mmsi  INTEGER NOT NULL,
  last_time  INTEGER NOT NULL,
  oldest     INTEGER NOT NULL, -- of all its fixes
  newest     INTEGER NOT NULL,
  body       BLOB NOT NULL
) STRICT;
CREATE INDEX fix_block_key ON fix_block (run, last_mmsi, last_time);
