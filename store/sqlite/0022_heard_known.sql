-- When each row of the coverage ledger was recorded, and whether it is of invented
-- data, so that a certificate rests on what was known by its known_at. A row that
-- comes to say more stands beside the one before.
--
-- Rows from before do not say either. They count as known from now on; and where
-- the directory holds any simulated vessel, as simulated: none of them may speak
-- for received waters in the certificate of a real ship.

CREATE TABLE heard_known (
  cell        INTEGER NOT NULL, -- S2 cell, its 64 bits as a signed number
  hour        INTEGER NOT NULL, -- hours since 1970
  receiver    INTEGER NOT NULL REFERENCES word (id),
  class       TEXT NOT NULL,    -- '' is unknown
  simulated   INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  ships       INTEGER NOT NULL, -- at least
  fixes       INTEGER NOT NULL,
  last_at     INTEGER NOT NULL,
  PRIMARY KEY (cell, hour, receiver, class, simulated, recorded_at)
) STRICT, WITHOUT ROWID;

INSERT INTO heard_known
  SELECT cell, hour, receiver, class, EXISTS (SELECT 1 FROM vessel WHERE simulated <> 0),
    CAST(unixepoch('subsec') * 1000 AS INTEGER), ships, fixes, last_at
  FROM heard;

DROP TABLE heard;
ALTER TABLE heard_known RENAME TO heard;
CREATE INDEX heard_hour ON heard (hour, simulated, recorded_at);
