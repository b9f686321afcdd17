-- What an owner said of what it sent us (42, 46, 47, 59), once verified: these parts are not handed over any more, or wait. One row
-- for each word, message and part; an empty part is the whole message. It outlives what it is about: that may come again.
CREATE TABLE gestopt (
    woord   TEXT NOT NULL,
    soort   TEXT NOT NULL,
    van     TEXT NOT NULL,
    bericht TEXT NOT NULL,
    deel    TEXT NOT NULL,
    sinds   INTEGER NOT NULL,
    PRIMARY KEY (woord, bericht, deel)
) STRICT;
CREATE INDEX gestopt_bericht ON gestopt (bericht);

-- Of an owner's word: the message, or the case, that it is about, as it says before it is verified. Until it is, that waits. Empty
-- for a word that is about neither; absent for all that is no owner's word.
ALTER TABLE inkomend ADD COLUMN over TEXT;
-- What the owner's word does to this delivery: terug, or bevroren.
ALTER TABLE inkomend ADD COLUMN stop TEXT;
-- Whether a human was told that it lies here too long.
ALTER TABLE inkomend ADD COLUMN gewaarschuwd INTEGER NOT NULL DEFAULT 0;
CREATE INDEX inkomend_woord ON inkomend (over) WHERE stand = 'opgehaald' AND over IS NOT NULL;

-- Until when nothing is asked after who must still stop using what an own word is about; the largest number: everyone has.
ALTER TABLE uitgaand ADD COLUMN volgen_na INTEGER NOT NULL DEFAULT 0;

-- Whether a human was told that a recipient does not come for it.
ALTER TABLE bewijs ADD COLUMN gewaarschuwd INTEGER NOT NULL DEFAULT 0;
