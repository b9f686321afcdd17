-- When access was given, and whether it is given again to a hub that was put back.
ALTER TABLE toegang ADD COLUMN gegeven_op INTEGER;
ALTER TABLE toegang ADD COLUMN opnieuw INTEGER NOT NULL DEFAULT 0;

-- Older heads of the hub's log: one an hour of the last two days, one a day of before. A hub that says it was put back must continue
-- those of before the copy that it names.
CREATE TABLE oudekop (
    omvang INTEGER NOT NULL PRIMARY KEY,
    wortel TEXT NOT NULL,
    tijd   INTEGER NOT NULL
) STRICT;
CREATE INDEX oudekop_tijd ON oudekop (tijd);
