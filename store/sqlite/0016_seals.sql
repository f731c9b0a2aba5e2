-- Seals (tlog.Store): what proves that a certificate is in the log. A
-- certificate without one waits to be sealed.

ALTER TABLE certificate ADD COLUMN seal TEXT; -- JSON
ALTER TABLE certificate ADD COLUMN log_index INTEGER; -- its entry's, in the log
CREATE UNIQUE INDEX certificate_log ON certificate (log_index) WHERE log_index IS NOT NULL;
CREATE INDEX certificate_unsealed ON certificate (seq) WHERE seal IS NULL;
