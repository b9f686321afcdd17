-- Wraps at rest are sealed under erasure keys that stand in a key store of their own: here is the place of each.
ALTER TABLE inhoud ADD COLUMN sleutel INTEGER;
ALTER TABLE wrap ADD COLUMN sleutel INTEGER;
-- What is not sealed yet, of before: nothing, once the store was opened.
CREATE INDEX inhoud_open ON inhoud (sleutel) WHERE sleutel IS NULL AND wraps <> '[]';
CREATE INDEX wrap_open ON wrap (sleutel) WHERE sleutel IS NULL AND wrap <> '';
-- What is wanted again, because its key was lost: place 0.
CREATE INDEX inhoud_verloren ON inhoud (sleutel) WHERE sleutel = 0;
CREATE INDEX wrap_verloren ON wrap (sleutel) WHERE sleutel = 0;

-- Which key store, and so many places of it are in use.
CREATE TABLE kast (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    reeks   INTEGER NOT NULL,
    hoogste INTEGER NOT NULL
) STRICT;

-- Keys that are to be destroyed, because what they sealed has left: whoever deletes it.
CREATE TABLE vernietigen (
    sleutel INTEGER PRIMARY KEY
) STRICT;
CREATE TRIGGER inhoud_sleutel_weg AFTER DELETE ON inhoud WHEN OLD.sleutel > 0
BEGIN
    INSERT OR IGNORE INTO vernietigen (sleutel) VALUES (OLD.sleutel);
END;
CREATE TRIGGER wrap_sleutel_weg AFTER DELETE ON wrap WHEN OLD.sleutel > 0
BEGIN
    INSERT OR IGNORE INTO vernietigen (sleutel) VALUES (OLD.sleutel);
END;
CREATE TRIGGER wrap_sleutel_leeg AFTER UPDATE OF sleutel ON wrap WHEN OLD.sleutel > 0 AND NEW.sleutel IS NOT OLD.sleutel
BEGIN
    INSERT OR IGNORE INTO vernietigen (sleutel) VALUES (OLD.sleutel);
END;
