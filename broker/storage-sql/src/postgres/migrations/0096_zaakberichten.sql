-- The messages of a case in the order of acceptance, read on from a place without sorting all of them.
CREATE INDEX bericht_zaak_nr ON bericht (zaak, nr) WHERE zaak IS NOT NULL;
DROP INDEX bericht_zaak;
