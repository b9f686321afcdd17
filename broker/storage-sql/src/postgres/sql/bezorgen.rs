//! Bringing deliveries to callbacks, on PostgreSQL: where to, what is due, who is at it, and what nobody could bring.

statements! {
    BEZORGEN:
    TERUGROEP = "SELECT volgnummer, record FROM terugroep WHERE oin = $1";
    TERUGROEPEN = "SELECT oin, volgnummer, actief, record FROM terugroep ORDER BY oin";
    TERUGROEP_PLAATSEN = "INSERT INTO terugroep (oin, volgnummer, actief, record) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (oin) DO UPDATE SET volgnummer = excluded.volgnummer, actief = excluded.actief, record = excluded.record";
    /// Everything open of one recipient; then of each line only the first is due.
    BEZORGING_BEGINNEN = "INSERT INTO bezorging (levering, ontvanger, van, baan, lijn, stand, pogingen, volgende) \
        SELECT v.levering, v.ontvanger, v.van, v.baan, v.lijn, 0, 0, 0 FROM bezorgbaar v WHERE v.ontvanger = $1 \
        AND NOT EXISTS (SELECT 1 FROM bezorging y WHERE y.levering = v.levering)";
    BEZORGING_OP_VOLGORDE = "UPDATE bezorging SET volgende = NULL WHERE ontvanger = $1 AND stand = 0 AND genomen_tot IS NULL \
        AND EXISTS (SELECT 1 FROM bezorging x WHERE x.ontvanger = bezorging.ontvanger AND x.baan = bezorging.baan \
        AND x.lijn = bezorging.lijn AND x.stand = 0 AND x.levering < bezorging.levering OFFSET 0)";
    BEZORGING_OPNIEUW_AAN_DE_BEURT = "UPDATE bezorging SET volgende = 0 WHERE ontvanger = $1 AND baan IN (0, 1) AND volgende > 0 \
        AND genomen_tot IS NULL";
    BEZORGING_STOPPEN = "DELETE FROM bezorging WHERE ontvanger = $1 AND (stand + 0) < 2";
    BEZORGING_DODE_VERGETEN = "DELETE FROM bezorging WHERE ontvanger = $1 AND stand = 2";
    /// In each lane the first that nobody has taken.
    WACHTENDE_BEZORGINGEN = "SELECT t.oin, (SELECT l.id FROM levering l WHERE l.nr = (SELECT x.levering FROM bezorging x \
        WHERE x.ontvanger = t.oin AND x.baan = 0 AND x.volgende <= $1 ORDER BY x.volgende, x.levering LIMIT 1)) AS acuut, \
        (SELECT l.id FROM levering l WHERE l.nr = (SELECT x.levering FROM bezorging x \
        WHERE x.ontvanger = t.oin AND x.baan = 1 AND x.volgende <= $1 ORDER BY x.volgende, x.levering LIMIT 1)) AS normaal \
        FROM terugroep t WHERE t.actief = 1";
    IETS_TE_BEZORGEN = "SELECT 1 FROM bezorging WHERE ontvanger = $1 AND baan = $2 AND volgende <= $3 LIMIT 1";
    /// Only the first of its line: another may have been released before it. As an array, so that each is looked up: a plan that was made
    /// while the table was nearly empty, and is kept, would ask of every row of it whether it is among them.
    BEZORGING_NEMEN = "UPDATE bezorging SET pogingen = pogingen + 1, laatste = $4, volgende = $5, sinds = coalesce(sinds, $4), \
        reden = CASE WHEN genomen_tot IS NULL THEN reden ELSE 'afgebroken' END, genomen_tot = $5 WHERE levering = ANY (ARRAY \
        (SELECT b.levering FROM bezorging b WHERE b.ontvanger = $1 AND b.baan = $2 AND b.volgende <= $4 AND NOT EXISTS \
        (SELECT 1 FROM bezorging x WHERE x.ontvanger = b.ontvanger AND x.baan = b.baan AND x.lijn = b.lijn AND x.stand = 0 \
        AND x.levering < b.levering OFFSET 0) ORDER BY b.volgende, b.levering LIMIT $3)) RETURNING levering";
    /// `[levering, …]`
    GENOMEN = "SELECT l.id, l.omvang, b.pogingen, b.reden FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY k(value, \
        key) JOIN bezorging b ON b.levering = k.value::bigint \
        JOIN levering l ON l.nr = b.levering ORDER BY k.key";
    TE_BEZORGEN = "SELECT l.nr FROM levering l JOIN bericht b ON b.nr = l.bericht LEFT JOIN zaak z ON z.nr = b.zaak \
        WHERE l.id = $2 AND l.ontvanger = $1 AND l.staat = 0 \
        AND l.herzien = coalesce((SELECT sum(y.herzien) FROM zaak y WHERE y.groep = z.groep), 0)";
    BEZORGD = "UPDATE bezorging SET stand = 1, volgende = NULL, genomen_tot = NULL, reden = NULL, status = NULL, bezorgd_op = $4 \
        WHERE levering = (SELECT l.nr FROM levering l WHERE l.id = $1 AND l.ontvanger = $2) AND stand = 0 AND pogingen = $3";
    BEZORGING_OPNIEUW = "UPDATE bezorging SET genomen_tot = NULL, reden = $5, status = $6, volgende = CASE WHEN EXISTS \
        (SELECT 1 FROM bezorging x WHERE x.ontvanger = bezorging.ontvanger AND x.baan = bezorging.baan \
        AND x.lijn = bezorging.lijn AND x.stand = 0 AND x.levering < bezorging.levering) THEN NULL ELSE $4::bigint END \
        WHERE levering = (SELECT l.nr FROM levering l WHERE l.id = $1 AND l.ontvanger = $2) AND stand = 0 AND pogingen = $3";
    BEZORGING_NIET_GEDAAN = "UPDATE bezorging SET genomen_tot = NULL, pogingen = pogingen - 1, volgende = CASE WHEN EXISTS \
        (SELECT 1 FROM bezorging x WHERE x.ontvanger = bezorging.ontvanger AND x.baan = bezorging.baan \
        AND x.lijn = bezorging.lijn AND x.stand = 0 AND x.levering < bezorging.levering) THEN NULL ELSE $4::bigint END \
        WHERE levering = (SELECT l.nr FROM levering l WHERE l.id = $1 AND l.ontvanger = $2) AND stand = 0 AND pogingen = $3";
    BEZORGING_DOOD = "UPDATE bezorging SET stand = 2, volgende = NULL, genomen_tot = NULL, dood_op = $4, reden = $5, \
        status = $6, \
        grens = $7 WHERE levering = (SELECT l.nr FROM levering l WHERE l.id = $1 AND l.ontvanger = $2) AND stand < 2 \
        AND CASE WHEN $3::bigint IS NULL THEN coalesce(genomen_tot, 0) <= $4 ELSE pogingen = $3 END";
    /// In either lane.
    VOLGENDE_BEZORGING = "SELECT nullif(least(coalesce((SELECT min(b.volgende) FROM bezorging b WHERE b.ontvanger = $1 \
        AND b.baan = 0 \
        AND b.volgende > $2), 9223372036854775807), coalesce((SELECT min(b.volgende) FROM bezorging b WHERE b.ontvanger = $1 \
        AND b.baan = 1 AND b.volgende > $2), 9223372036854775807)), 9223372036854775807) AS volgende";
    /// What is under way stays with whoever has it; what would be for longer than anything is, was taken by a clock that ran ahead.
    BEZORGING_VERSNELLEN = "UPDATE bezorging SET volgende = 0 WHERE ontvanger = $1 AND baan IN (0, 1) AND volgende > $2 \
        AND (genomen_tot IS NULL OR genomen_tot > $3)";
    NIEUW_TE_BEZORGEN = "SELECT 1 FROM bezorging WHERE ontvanger = $1 AND sinds IS NULL LIMIT 1";
    BEZORGING_INSCHRIJVEN = "UPDATE bezorging SET sinds = $2 WHERE ontvanger = $1 AND sinds IS NULL";
    /// In the words of its index, which are no other statement's.
    VERLOPEN_BEZORGINGEN = "SELECT l.id, b.pogingen, b.reden, b.status, b.stand FROM bezorging b \
        JOIN levering l ON l.nr = b.levering WHERE b.ontvanger = $1 AND (b.stand + 0) < 2 AND b.sinds <= $2 \
        AND coalesce(b.genomen_tot, 0) <= $3 ORDER BY b.sinds LIMIT $4";
    DODE_LETTERS_VAN = "SELECT l.nr, l.id, m.id AS bericht_id, m.berichttype, b.van, b.ontvanger, b.baan, b.pogingen, b.reden, \
        b.status, b.grens, b.dood_op FROM bezorging b JOIN levering l ON l.nr = b.levering \
        JOIN bericht m ON m.nr = l.bericht WHERE b.van = $1 AND b.stand = 2 \
        AND b.levering > coalesce((SELECT p.nr FROM levering p JOIN bezorging q ON q.levering = p.nr WHERE p.id = $2 \
        AND $1 IN (q.van, q.ontvanger)), 0) ORDER BY b.levering LIMIT $3";
    DODE_LETTERS_AAN = "SELECT l.nr, l.id, m.id AS bericht_id, m.berichttype, b.van, b.ontvanger, b.baan, b.pogingen, b.reden, \
        b.status, b.grens, b.dood_op FROM bezorging b JOIN levering l ON l.nr = b.levering \
        JOIN bericht m ON m.nr = l.bericht WHERE b.ontvanger = $1 AND b.stand = 2 \
        AND b.levering > coalesce((SELECT p.nr FROM levering p JOIN bezorging q ON q.levering = p.nr WHERE p.id = $2 \
        AND $1 IN (q.van, q.ontvanger)), 0) ORDER BY b.levering LIMIT $3";
    AANTAL_DODE_LETTERS = "SELECT count(*) AS aantal FROM terugroep t JOIN bezorging b ON b.ontvanger = t.oin AND b.stand = 2";
    HERBEZORGEN = "UPDATE bezorging SET stand = 0, pogingen = 0, sinds = $3, volgende = CASE WHEN EXISTS \
        (SELECT 1 FROM bezorging x WHERE x.ontvanger = bezorging.ontvanger AND x.baan = bezorging.baan \
        AND x.lijn = bezorging.lijn AND x.stand = 0 AND x.levering < bezorging.levering) THEN NULL ELSE 0 END, \
        genomen_tot = NULL, laatste = NULL, reden = NULL, status = NULL, bezorgd_op = NULL, grens = NULL, dood_op = NULL \
        WHERE stand = 2 AND levering = (SELECT l.nr FROM levering l WHERE l.id = $1) AND $2 IN (van, ontvanger) \
        RETURNING ontvanger";
}
