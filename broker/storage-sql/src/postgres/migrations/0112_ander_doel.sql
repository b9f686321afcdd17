-- What its owner gave a holder for another purpose than the message came for stands beside what it had for that. '': for that of the part.
ALTER TABLE wrap ADD COLUMN doel text COLLATE "C" NOT NULL DEFAULT '';
DROP INDEX wrap_sleutel;
CREATE UNIQUE INDEX wrap_sleutel ON wrap (deel, ontvanger, doel);
ALTER TABLE leveringsdeel ADD COLUMN doel text COLLATE "C" NOT NULL DEFAULT '';
