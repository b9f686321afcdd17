-- Wraps at rest are sealed under erasure keys that stand in a key store of their own: here is the place of each.
ALTER TABLE inhoud ADD COLUMN sleutel bigint;
ALTER TABLE wrap ADD COLUMN sleutel bigint;
-- What is not sealed yet, of before: nothing, once the store was opened.
CREATE INDEX inhoud_open ON inhoud (sleutel) WHERE sleutel IS NULL AND wraps <> '[]';
CREATE INDEX wrap_open ON wrap (sleutel) WHERE sleutel IS NULL AND wrap <> '';
-- What is wanted again, because its key was lost: place 0.
CREATE INDEX inhoud_verloren ON inhoud (sleutel) WHERE sleutel = 0;
CREATE INDEX wrap_verloren ON wrap (sleutel) WHERE sleutel = 0;

-- Which key store, and so many places of it are in use.
CREATE TABLE kast (
    id      bigint PRIMARY KEY CHECK (id = 1),
    reeks   bigint NOT NULL,
    hoogste bigint NOT NULL
);

-- Keys that are to be destroyed, because what they sealed has left: whoever deletes it.
CREATE TABLE vernietigen (
    sleutel bigint PRIMARY KEY
);
CREATE FUNCTION sleutel_weg() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO vernietigen (sleutel) VALUES (OLD.sleutel) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER inhoud_sleutel_weg AFTER DELETE ON inhoud FOR EACH ROW WHEN (OLD.sleutel > 0)
    EXECUTE FUNCTION sleutel_weg();
CREATE TRIGGER wrap_sleutel_weg AFTER DELETE ON wrap FOR EACH ROW WHEN (OLD.sleutel > 0)
    EXECUTE FUNCTION sleutel_weg();
CREATE TRIGGER wrap_sleutel_leeg AFTER UPDATE OF sleutel ON wrap FOR EACH ROW
    WHEN (OLD.sleutel > 0 AND NEW.sleutel IS DISTINCT FROM OLD.sleutel) EXECUTE FUNCTION sleutel_weg();
