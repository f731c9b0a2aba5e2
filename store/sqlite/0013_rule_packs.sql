-- The rule packs that certificates were issued under (decide.Packs), byte for
-- byte.

CREATE TABLE rule_pack (
  sha256  TEXT PRIMARY KEY,
  pack    TEXT NOT NULL,
  version TEXT NOT NULL,
  source  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
