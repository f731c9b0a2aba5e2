-- Whether a fix's time agrees with the UTC second in the message, and whether
-- the tag block that it was read from had a wrong checksum. Of fixes stored
-- before, neither is known.

ALTER TABLE fix ADD COLUMN time_check TEXT NOT NULL DEFAULT '';
ALTER TABLE fix ADD COLUMN unverified INTEGER NOT NULL DEFAULT 0;
