-- Who has added something last, so that a replay that was cut short knows whether
-- something has been stored since that it has not seen.
CREATE TABLE replay_run (
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  additions INTEGER NOT NULL, -- batches that added something
  run       TEXT NOT NULL -- that added the last, if nothing was added since its beginning but by it
) STRICT;
INSERT INTO replay_run (one, additions, run) VALUES (1, 0, '');
