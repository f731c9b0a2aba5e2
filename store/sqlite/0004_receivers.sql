-- The other receivers of a fix's transmission, their names separated by the
-- unit separator, and how many receptions there were when there were several.
-- Of fixes stored before, neither is known.

ALTER TABLE fix ADD COLUMN also TEXT NOT NULL DEFAULT '';
ALTER TABLE fix ADD COLUMN receptions INTEGER NOT NULL DEFAULT 0;
