-- What follows a delivery, and what leaves with a row, follows all rows of a statement at once: a batch has hundreds, and a function for
-- each was a fifth of what the database did. What it does is the same.

-- Which wait behind another of their line is said by `bezorging_gaat_voor`, which sees all that were added.
CREATE OR REPLACE FUNCTION bezorging_opnemen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM terugroep WHERE actief = 1) THEN
        RETURN NULL;
    END IF;
    INSERT INTO bezorging (levering, ontvanger, van, baan, lijn, stand, pogingen, volgende)
    SELECT v.levering, v.ontvanger, v.van, v.baan, v.lijn, 0, 0, CASE WHEN EXISTS (SELECT 1 FROM bezorging x
        WHERE x.ontvanger = v.ontvanger AND x.baan = v.baan AND x.lijn = v.lijn AND x.stand = 0 AND x.levering < v.levering)
        THEN NULL ELSE 0 END
    FROM nieuw n JOIN bezorgbaar v ON v.levering = n.nr ORDER BY v.levering;
    RETURN NULL;
END $$;
DROP TRIGGER bezorging_bij_levering ON levering;
CREATE TRIGGER bezorging_bij_levering AFTER INSERT ON levering REFERENCING NEW TABLE AS nieuw FOR EACH STATEMENT
    EXECUTE FUNCTION bezorging_opnemen();

-- One function for what opens again and for what is not open any more: in one statement no delivery is both.
CREATE FUNCTION bezorging_volgen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM bezorging WHERE levering IN
        (SELECT n.nr FROM nieuw n JOIN oud o ON o.nr = n.nr WHERE n.staat <> 0 AND o.staat = 0);
    INSERT INTO bezorging (levering, ontvanger, van, baan, lijn, stand, pogingen, volgende)
    SELECT v.levering, v.ontvanger, v.van, v.baan, v.lijn, 0, 0, CASE WHEN EXISTS (SELECT 1 FROM bezorging x
        WHERE x.ontvanger = v.ontvanger AND x.baan = v.baan AND x.lijn = v.lijn AND x.stand = 0 AND x.levering < v.levering)
        THEN NULL ELSE 0 END
    FROM nieuw n JOIN oud o ON o.nr = n.nr JOIN bezorgbaar v ON v.levering = n.nr
    WHERE n.staat = 0 AND o.staat <> 0 ORDER BY v.levering;
    RETURN NULL;
END $$;
DROP TRIGGER bezorging_weer_open ON levering;
DROP TRIGGER bezorging_niet_meer_open ON levering;
DROP FUNCTION bezorging_uitnemen();
CREATE TRIGGER bezorging_volgt AFTER UPDATE ON levering REFERENCING OLD TABLE AS oud NEW TABLE AS nieuw FOR EACH STATEMENT
    EXECUTE FUNCTION bezorging_volgen();

-- Keys that are to be destroyed.
CREATE FUNCTION sleutels_weg() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO vernietigen (sleutel) SELECT o.sleutel FROM oud o WHERE o.sleutel > 0 ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
DROP TRIGGER inhoud_sleutel_weg ON inhoud;
CREATE TRIGGER inhoud_sleutel_weg AFTER DELETE ON inhoud REFERENCING OLD TABLE AS oud FOR EACH STATEMENT
    EXECUTE FUNCTION sleutels_weg();
DROP TRIGGER wrap_sleutel_weg ON wrap;
CREATE TRIGGER wrap_sleutel_weg AFTER DELETE ON wrap REFERENCING OLD TABLE AS oud FOR EACH STATEMENT
    EXECUTE FUNCTION sleutels_weg();
