-- When a feed was first listened to: of the time before nothing is known. Of
-- feeds stored before, that is when they were last opened.

ALTER TABLE feed ADD COLUMN first_opened INTEGER;
UPDATE feed SET first_opened = unixepoch(json_extract(body, '$.opened')) * 1000
  WHERE unixepoch(json_extract(body, '$.opened')) > 0;
