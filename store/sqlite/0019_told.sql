-- The certificate of a watched voyage whose answer was told last (decide.Told).

CREATE TABLE told (
  voyage      TEXT PRIMARY KEY,
  certificate TEXT NOT NULL,
  told_at     INTEGER NOT NULL -- ms
) STRICT, WITHOUT ROWID;
