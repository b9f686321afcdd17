-- The hash of a leaf covers its kind and its moment (ADR 19).

-- From which leaf on it does. Empty until the store was opened with this schema once: then the leaf that begins it is there.
ALTER TABLE stand ADD COLUMN soort_vanaf bigint;
-- The salt of a leaf; once its record has gone (R40), the HMAC of the record under it. By another name than before, so that a process
-- of an earlier version that runs on can add no leaf of the first form behind one of the second: its writes fail.
ALTER TABLE blad RENAME COLUMN zout TO opening;
