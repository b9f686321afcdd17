-- What is refused in the end, and what a human is told of once.

-- Definite answers of the own system (or of the mapping) so far: after a number of them the delivery is refused.
ALTER TABLE inkomend ADD COLUMN afwijzingen INTEGER NOT NULL DEFAULT 0;
-- Of another end state: vastgelopen, the hub does not take our word and a human was told.
DROP INDEX inkomend_open;
CREATE INDEX inkomend_open ON inkomend (zaak, volgorde) WHERE stand IN ('opgehaald', 'geopend', 'afgeleverd', 'geweigerd');
CREATE INDEX inkomend_bericht ON inkomend (bericht);

-- One row per thing that is wrong, however often it is seen.
ALTER TABLE alarm ADD COLUMN sleutel TEXT NOT NULL DEFAULT '';
ALTER TABLE alarm ADD COLUMN aantal INTEGER NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX alarm_sleutel ON alarm (soort, sleutel) WHERE sleutel <> '';
