-- The tables of a data directory. Times are UTC in milliseconds since
-- 1970-01-01; a body is the JSON of the value as its package writes it.

PRAGMA application_id = 0x4e415643; -- "NAVC"

CREATE TABLE schema_version (
  version INTEGER PRIMARY KEY,
  name    TEXT NOT NULL
) STRICT;

-- Lists (list.Store).

CREATE TABLE publication (
  id        INTEGER PRIMARY KEY,
  list      TEXT NOT NULL,
  date      TEXT NOT NULL, -- 2025-12-24
  sha256    TEXT NOT NULL,
  simulated INTEGER NOT NULL,
  body      TEXT NOT NULL,
  UNIQUE (list, date)
) STRICT;

-- An entry that is the same in many publications is here once.
CREATE TABLE entry (
  id       INTEGER PRIMARY KEY,
  hash     BLOB NOT NULL UNIQUE, -- SHA-256 of list, NUL, body
  list     TEXT NOT NULL,
  entry_id TEXT NOT NULL, -- the publisher's
  body     TEXT NOT NULL
) STRICT;

CREATE TABLE publication_entry (
  publication INTEGER NOT NULL REFERENCES publication (id),
  position    INTEGER NOT NULL, -- from 0, in the publisher's order
  entry       INTEGER NOT NULL REFERENCES entry (id),
  PRIMARY KEY (publication, position)
) STRICT, WITHOUT ROWID;

-- Tracks (track.Store).

-- Names of sources and receivers, which repeat.
CREATE TABLE word (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE fix (
  mmsi       INTEGER NOT NULL,
  time       INTEGER NOT NULL,
  source     INTEGER NOT NULL REFERENCES word (id),
  lat        REAL NOT NULL, -- as received: not every source's decimals are 1/600000 degrees
  lon        REAL NOT NULL,
  speed      REAL,
  course     REAL,
  heading    REAL,
  status     INTEGER,
  class      TEXT NOT NULL,
  long_range INTEGER NOT NULL,
  time_from  TEXT NOT NULL,
  station    INTEGER REFERENCES word (id),
  average    INTEGER NOT NULL,
  simulated  INTEGER NOT NULL,
  ref_offset INTEGER NOT NULL,
  ref_line   INTEGER NOT NULL,
  PRIMARY KEY (mmsi, time, source)
) STRICT, WITHOUT ROWID;

-- Every MMSI that has a fix, with their span and count.
CREATE TABLE vessel (
  mmsi      INTEGER PRIMARY KEY,
  first_fix INTEGER NOT NULL,
  last_fix  INTEGER NOT NULL,
  fixes     INTEGER NOT NULL,
  simulated INTEGER NOT NULL -- 1: one of them is
) STRICT;

-- A row for each distinct set of particulars that an MMSI has sent. The span
-- and the count are of all its reports; those up to a past time are counted in
-- static_report.
CREATE TABLE identity (
  id         INTEGER PRIMARY KEY,
  mmsi       INTEGER NOT NULL,
  imo        INTEGER NOT NULL, -- 0: none sent
  name       TEXT NOT NULL,
  call_sign  TEXT NOT NULL,
  ship_type  INTEGER,
  length     REAL,
  simulated  INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL,
  reports    INTEGER NOT NULL
) STRICT;
CREATE INDEX identity_mmsi ON identity (mmsi);
CREATE INDEX identity_imo ON identity (imo) WHERE imo <> 0;

CREATE TABLE static_report (
  mmsi        INTEGER NOT NULL,
  time        INTEGER NOT NULL,
  source      INTEGER NOT NULL REFERENCES word (id),
  identity    INTEGER NOT NULL REFERENCES identity (id),
  beam        REAL,
  draught     REAL,
  destination TEXT NOT NULL,
  class       TEXT NOT NULL,
  time_from   TEXT NOT NULL,
  station     INTEGER REFERENCES word (id),
  ref_offset  INTEGER NOT NULL,
  ref_line    INTEGER NOT NULL,
  PRIMARY KEY (mmsi, time, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX static_report_identity ON static_report (identity, time);

-- Events (detect.Store): a row for each version, the highest seq the newest.

CREATE TABLE event (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  mmsi        INTEGER NOT NULL,
  start_at    INTEGER NOT NULL,
  end_at      INTEGER, -- none while open
  state       TEXT NOT NULL,
  simulated   INTEGER NOT NULL,
  body        TEXT NOT NULL
) STRICT;
CREATE INDEX event_simulated ON event (simulated) WHERE simulated <> 0;
CREATE INDEX event_id ON event (id, seq);
CREATE INDEX event_mmsi ON event (mmsi, start_at);
CREATE INDEX event_start ON event (start_at);

-- Zones (geo.ZoneStore): a row for each revision, the highest seq the newest.

CREATE TABLE zone_set (
  id          INTEGER PRIMARY KEY,
  source      TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  imported_at INTEGER NOT NULL
) STRICT;

CREATE TABLE zone (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
  zone_set    INTEGER NOT NULL REFERENCES zone_set (id),
  recorded_at INTEGER NOT NULL,
  published   INTEGER NOT NULL,
  simulated   INTEGER NOT NULL,
  body        TEXT NOT NULL,
  geometry    TEXT -- GeoJSON
) STRICT;
CREATE INDEX zone_id ON zone (id, seq);

-- Certificates (decide.Certificates): the first one issued under an ID stays.

CREATE TABLE certificate (
  seq       INTEGER PRIMARY KEY,
  id        TEXT NOT NULL UNIQUE,
  issued_at INTEGER NOT NULL,
  body      TEXT NOT NULL -- as issued, byte for byte
) STRICT;
CREATE INDEX certificate_issued ON certificate (issued_at, seq);
