-- The span and count of each MMSI's positions in pages of some dozens of vessels
-- (package store/vesselpage), instead of a row each. A page holds the vessels from
-- its MMSI up to that of the next; the first is from 0. The rows of before go into
-- pages (vesselmigrate.go).

CREATE TABLE vessel_page (
  from_mmsi INTEGER PRIMARY KEY,
  vessels   INTEGER NOT NULL,
  fixes     INTEGER NOT NULL, -- of all its vessels, as what follows
  first_fix INTEGER NOT NULL,
  last_fix  INTEGER NOT NULL,
  simulated INTEGER NOT NULL, -- 1: one of them is
  body      BLOB NOT NULL
) STRICT;
