-- Live feeds (detect.CoverageStore): the newest health of each, and the times
-- in which it was not heard.

CREATE TABLE feed (
  name TEXT PRIMARY KEY, -- its address, without passwords and keys
  at   INTEGER NOT NULL, -- the moment of which the health is told
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outage (
  feed    TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at   INTEGER, -- none while it lasts
  why     TEXT NOT NULL,
  PRIMARY KEY (feed, from_at)
) STRICT, WITHOUT ROWID;
