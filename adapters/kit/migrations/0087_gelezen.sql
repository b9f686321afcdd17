-- Who read a delivery, by function, and when: told again to a hub that was put back from a copy.
ALTER TABLE inkomend ADD COLUMN lezer TEXT;
ALTER TABLE inkomend ADD COLUMN gelezen_op INTEGER;
CREATE INDEX inkomend_gelezen ON inkomend (gelezen_op) WHERE gelezen_op IS NOT NULL;
