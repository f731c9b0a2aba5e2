-- An event of two vessels is found by either. No event before had a second.
ALTER TABLE event ADD COLUMN other INTEGER NOT NULL DEFAULT 0;
CREATE INDEX event_other ON event (other, start_at);
