-- Seals beside the certificates. In the row they stood behind the certificate's
-- body: it was read over to reach them, and written again when a seal came.

CREATE TABLE certificate_seal (
  certificate INTEGER PRIMARY KEY REFERENCES certificate (seq),
  log_index   INTEGER NOT NULL UNIQUE, -- its entry's, in the log
  seal        TEXT NOT NULL            -- JSON
) STRICT;

DROP INDEX certificate_unsealed;

-- Those that wait to be sealed.
CREATE TABLE certificate_unsealed (
  certificate INTEGER PRIMARY KEY REFERENCES certificate (seq),
  digest      TEXT NOT NULL
) STRICT;

INSERT INTO certificate_seal SELECT seq, log_index, seal FROM certificate WHERE seal IS NOT NULL;
INSERT INTO certificate_unsealed SELECT seq, json_extract(body, '$.digest') FROM certificate WHERE seal IS NULL;

DROP INDEX certificate_log;
DROP INDEX certificate_voyage; -- on an expression, for which each body was parsed when it was stored
ALTER TABLE certificate DROP COLUMN log_index;
ALTER TABLE certificate DROP COLUMN seal;
ALTER TABLE certificate ADD COLUMN voyage TEXT NOT NULL DEFAULT ''; -- the reference that its owner gave it
UPDATE certificate SET voyage = coalesce(json_extract(body, '$.subject.id'), '');
CREATE INDEX certificate_voyage ON certificate (voyage, issued_at, seq);
