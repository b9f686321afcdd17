-- A recipient may get a message in several deliveries: which parts it signed for by now, and since when the last of them waits for it.
ALTER TABLE bewijs ADD COLUMN getekend TEXT NOT NULL DEFAULT '[]';
ALTER TABLE bewijs ADD COLUMN sinds INTEGER;
UPDATE bewijs SET getekend = mag WHERE stand = 'klopt';
