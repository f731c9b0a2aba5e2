-- How people settled what a certificate referred for (decide.Settlements): kept
-- when they are taken back.

CREATE TABLE settlement (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  thing       TEXT NOT NULL, -- what it is about, without what that rests on
  recorded_at INTEGER NOT NULL,
  removed_at  INTEGER, -- none while it stands
  body        TEXT NOT NULL
) STRICT;
CREATE INDEX settlement_thing ON settlement (thing, seq);
