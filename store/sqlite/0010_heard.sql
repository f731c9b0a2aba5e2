-- The coverage ledger (detect.CoverageStore): what each receiver heard of each
-- class of transponder in each cell and clock hour.

CREATE TABLE heard (
  cell     INTEGER NOT NULL, -- S2 cell, its 64 bits as a signed number
  hour     INTEGER NOT NULL, -- hours since 1970
  receiver INTEGER NOT NULL REFERENCES word (id),
  class    TEXT NOT NULL,    -- '' is unknown
  ships    INTEGER NOT NULL, -- at least
  fixes    INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  PRIMARY KEY (cell, hour, receiver, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX heard_hour ON heard (hour);
