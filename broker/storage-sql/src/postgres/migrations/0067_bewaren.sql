-- How long things are kept (R40).

-- Until when a delivery waits: a number while it does, or while what its recipient refused still lies here. What is held has none.
ALTER TABLE levering ADD COLUMN uiterlijk bigint;
UPDATE levering SET uiterlijk = (SELECT b.aangenomen_op
    + CASE WHEN b.berichttype LIKE 'nl.inbreng.handle-with-care.%' THEN 5 ELSE 30 END * 86400000::bigint
    FROM bericht b WHERE b.nr = levering.bericht) WHERE staat IN (0, 2);
CREATE INDEX levering_uiterlijk ON levering (uiterlijk) WHERE uiterlijk IS NOT NULL;
CREATE INDEX deel_wacht ON deel (bericht) WHERE wacht = 1;
CREATE INDEX aangehouden_bericht ON aangehouden (bericht);
-- How often who used the emergency path (R35): few rows, counted by month.
CREATE INDEX plicht_toets ON plicht (bericht) WHERE soort = 'toets-achteraf';

-- When the reference of a closed case ended: from then on `casus` is a word that no message can name.
ALTER TABLE zaak ADD COLUMN beeindigd_op bigint;
CREATE INDEX zaak_gesloten ON zaak (gesloten_op) WHERE gesloten_op IS NOT NULL AND beeindigd_op IS NULL;
CREATE INDEX zaak_beeindigd ON zaak (beeindigd_op) WHERE beeindigd_op IS NOT NULL;

-- One row, once a process swept: who is at it until when, and up to which leaf was pruned.
CREATE TABLE bewaartaak (
    id          bigint PRIMARY KEY CHECK (id = 1),
    wie         text COLLATE "C" NOT NULL,
    genomen_tot bigint NOT NULL,
    bladen      bigint NOT NULL
) WITH (fillfactor = 10);
