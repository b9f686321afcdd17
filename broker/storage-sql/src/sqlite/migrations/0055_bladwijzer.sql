-- Fewer pages for a message: what stood in an index by hash is written in runs, and what belongs to a case is found by its number.

-- Leaves by the first bytes of their hash. A hash lands anywhere in an index, so that each new leaf changed a page of its own.
-- Here the leaves of a run are sorted together once they are there: `gewezen` says how many are, the rest is looked through.
-- `nr` is the block of 65,536 leaves times 256, plus the first byte of the hash; as long as the block is not full, its runs of
-- 4,096 leaves stand in those places, sixteen each. `wijzers` is six bytes of a hash and two of a place in the block, over
-- and over, sorted.
DROP INDEX blad_hash;
CREATE TABLE bladwijzer (
    nr      INTEGER PRIMARY KEY,
    wijzers BLOB NOT NULL CHECK (length(wijzers) % 8 = 0)
) STRICT;
ALTER TABLE stand ADD COLUMN gewezen INTEGER NOT NULL DEFAULT 0;

-- Moves when `herzien` of any case does: a mailbox in which nothing waited to be decided again is not searched for it until then.
ALTER TABLE stand ADD COLUMN herzien INTEGER NOT NULL DEFAULT 0;

-- A case's reference lands anywhere too; its number follows on the last.
ALTER TABLE bericht ADD COLUMN zaak INTEGER REFERENCES zaak (nr);
UPDATE bericht SET zaak = (SELECT z.nr FROM zaak z WHERE z.casus = bericht.casus) WHERE casus IS NOT NULL;
DROP INDEX bericht_casus;
CREATE INDEX bericht_zaak ON bericht (zaak) WHERE zaak IS NOT NULL;
