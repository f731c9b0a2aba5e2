-- Folders in which replay recorded what live feeds and standard input brought, so
-- that it is read again from there without being told.

CREATE TABLE record_folder (
  path    TEXT PRIMARY KEY,
  used_at INTEGER NOT NULL -- when it was last recorded into
) STRICT;
