-- For what its owner says that a part of another may be used: what the labels say, or what was given since (R28).
CREATE TABLE deeldoel (
    deel    TEXT NOT NULL,
    doel    TEXT NOT NULL,
    bericht TEXT NOT NULL,
    sinds   INTEGER NOT NULL,
    PRIMARY KEY (deel, doel)
) STRICT, WITHOUT ROWID;
CREATE INDEX deeldoel_bericht ON deeldoel (bericht);
