-- Where replays stood, to go on from there, written with the batch of which it
-- is the end: of one that did not come to its end, the newest for each set of
-- inputs; of one that did, for another input to continue from, while nothing
-- else has been stored since.

CREATE TABLE checkpoint (
  input      TEXT PRIMARY KEY, -- hash of the inputs and of how they are read, or of the latter alone
  ended      INTEGER NOT NULL, -- 1: it came to its end
  stream_at  INTEGER NOT NULL, -- the time of the stream
  written_at INTEGER NOT NULL,
  state      BLOB NOT NULL -- zstd
) STRICT;
