-- Bringing deliveries: callbacks, and per delivery how far it is. What enters and leaves follows the delivery itself, in the
-- same transaction, whoever writes it.

CREATE TABLE terugroep (
    oin        TEXT PRIMARY KEY,
    volgnummer INTEGER NOT NULL,
    -- 1: it names an address.
    actief     INTEGER NOT NULL,
    record     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bezorging (
    levering    INTEGER PRIMARY KEY REFERENCES levering (nr),
    ontvanger   TEXT NOT NULL,
    van         TEXT NOT NULL,
    baan        INTEGER NOT NULL,
    -- The case, or with a minus the message of a delivery without one: what must come in order.
    lijn        INTEGER NOT NULL,
    -- 0 waits, 1 taken by the recipient and not signed for, 2 dead letter.
    stand       INTEGER NOT NULL,
    pogingen    INTEGER NOT NULL,
    -- From when the final age counts; null until a process has seen it.
    sinds       INTEGER,
    -- When it is due: 0 at once; null behind another of its line, or when it waits no more.
    volgende    INTEGER,
    -- Until when a process is at it.
    genomen_tot INTEGER,
    laatste     INTEGER,
    reden       TEXT,
    status      INTEGER,
    bezorgd_op  INTEGER,
    grens       TEXT,
    dood_op     INTEGER
) STRICT;
CREATE INDEX bezorging_aan_de_beurt ON bezorging (ontvanger, baan, volgende, levering) WHERE volgende IS NOT NULL;
CREATE INDEX bezorging_lijn ON bezorging (ontvanger, baan, lijn, levering) WHERE stand = 0;
CREATE INDEX bezorging_nieuw ON bezorging (ontvanger) WHERE sinds IS NULL;
CREATE INDEX bezorging_leeftijd ON bezorging (ontvanger, sinds) WHERE stand < 2;
CREATE INDEX bezorging_dood ON bezorging (ontvanger, levering) WHERE stand = 2;
CREATE INDEX bezorging_dood_van ON bezorging (van, levering) WHERE stand = 2;

-- What may stand in `bezorging`: open, for a recipient with a callback.
CREATE VIEW bezorgbaar AS
    SELECT l.nr AS levering, l.ontvanger, b.van, l.baan, coalesce(b.zaak, -b.nr) AS lijn
    FROM levering l CROSS JOIN terugroep t ON t.oin = l.ontvanger AND t.actief = 1
    CROSS JOIN bericht b ON b.nr = l.bericht
    WHERE l.staat = 0;

CREATE TRIGGER bezorging_bij_levering AFTER INSERT ON levering
WHEN NEW.staat = 0 AND EXISTS (SELECT 1 FROM terugroep t WHERE t.oin = NEW.ontvanger AND t.actief = 1)
BEGIN
    INSERT INTO bezorging (levering, ontvanger, van, baan, lijn, stand, pogingen, volgende)
    SELECT v.levering, v.ontvanger, v.van, v.baan, v.lijn, 0, 0, CASE WHEN EXISTS (SELECT 1 FROM bezorging x
        WHERE x.ontvanger = v.ontvanger AND x.baan = v.baan AND x.lijn = v.lijn AND x.stand = 0 AND x.levering < v.levering)
        THEN NULL ELSE 0 END
    FROM bezorgbaar v WHERE v.levering = NEW.nr;
END;

-- Released: it stands before what came later. What is held, ended or lapsed is not brought any more.
CREATE TRIGGER bezorging_weer_open AFTER UPDATE OF staat ON levering
WHEN NEW.staat = 0 AND OLD.staat <> 0 AND EXISTS (SELECT 1 FROM terugroep t WHERE t.oin = NEW.ontvanger AND t.actief = 1)
BEGIN
    INSERT INTO bezorging (levering, ontvanger, van, baan, lijn, stand, pogingen, volgende)
    SELECT v.levering, v.ontvanger, v.van, v.baan, v.lijn, 0, 0, CASE WHEN EXISTS (SELECT 1 FROM bezorging x
        WHERE x.ontvanger = v.ontvanger AND x.baan = v.baan AND x.lijn = v.lijn AND x.stand = 0 AND x.levering < v.levering)
        THEN NULL ELSE 0 END
    FROM bezorgbaar v WHERE v.levering = NEW.nr;
END;
CREATE TRIGGER bezorging_niet_meer_open AFTER UPDATE OF staat ON levering WHEN NEW.staat <> 0 AND OLD.staat = 0
BEGIN
    DELETE FROM bezorging WHERE levering = NEW.nr;
END;

-- Whatever waits behind the new one in its line gives way, unless a process is at it.
CREATE TRIGGER bezorging_gaat_voor AFTER INSERT ON bezorging
BEGIN
    UPDATE bezorging SET volgende = NULL WHERE ontvanger = NEW.ontvanger AND baan = NEW.baan AND lijn = NEW.lijn AND stand = 0
        AND levering > NEW.levering AND genomen_tot IS NULL;
END;
CREATE TRIGGER bezorging_komt_terug AFTER UPDATE OF stand ON bezorging WHEN NEW.stand = 0 AND OLD.stand <> 0
BEGIN
    UPDATE bezorging SET volgende = NULL WHERE ontvanger = NEW.ontvanger AND baan = NEW.baan AND lijn = NEW.lijn AND stand = 0
        AND levering > NEW.levering AND genomen_tot IS NULL;
END;

-- The next in line is due.
CREATE TRIGGER bezorging_wacht_niet_meer AFTER UPDATE OF stand ON bezorging WHEN OLD.stand = 0 AND NEW.stand <> 0
BEGIN
    UPDATE bezorging SET volgende = 0 WHERE volgende IS NULL AND levering = (SELECT min(x.levering) FROM bezorging x
        WHERE x.ontvanger = NEW.ontvanger AND x.baan = NEW.baan AND x.lijn = NEW.lijn AND x.stand = 0);
END;
CREATE TRIGGER bezorging_weg AFTER DELETE ON bezorging WHEN OLD.stand = 0
BEGIN
    UPDATE bezorging SET volgende = 0 WHERE volgende IS NULL AND levering = (SELECT min(x.levering) FROM bezorging x
        WHERE x.ontvanger = OLD.ontvanger AND x.baan = OLD.baan AND x.lijn = OLD.lijn AND x.stand = 0);
END;
