-- A voyage's newest certificate is found by the reference that its owner gave it.
CREATE INDEX certificate_voyage ON certificate (json_extract(body, '$.subject.id'), issued_at, seq);
