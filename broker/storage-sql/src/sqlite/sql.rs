//! Every statement of the store on SQLite, here and in `sql/`: the test on query plans reads them all. `postgres/sql.rs` has the same.

/// What is done with the parts that nobody waits for any more.
macro_rules! vrije_delen {
    ($begin:literal, $einde:literal) => {
        concat!(
            $begin,
            "SELECT d.nr FROM (SELECT ld.deel FROM json_each(?) k CROSS JOIN leveringsdeel ld ON ld.levering = k.value \
            UNION SELECT value FROM json_each(?)) keuze CROSS JOIN deel d ON d.nr = keuze.deel WHERE d.wacht = 0 \
            AND NOT EXISTS (SELECT 1 FROM aangehouden a WHERE a.deel = d.nr) \
            AND NOT EXISTS (SELECT 1 FROM leveringsdeel x CROSS JOIN levering l ON l.nr = x.levering \
            WHERE x.deel = d.nr AND l.staat NOT IN (1, 4, 5) AND (l.staat <> 2 OR l.uiterlijk IS NOT NULL))",
            $einde
        )
    };
}

/// Statements, and the list of all that are in it.
macro_rules! statements {
    ($alle:ident: $($(#[$doc:meta])* $naam:ident = $sql:expr;)+) => {
        $($(#[$doc])* pub(crate) const $naam: &str = $sql;)+
        /// All of them.
        #[cfg(test)]
        pub(crate) const $alle: &[(&str, &str)] = &[$((stringify!($naam), $sql)),+];
    };
}

mod bezorgen;

pub(crate) use bezorgen::*;

statements! {
    ALLE:
    /// How far the counters are.
    STAND = "SELECT gids, bericht, deel, levering, zaak, blad, beleid, gewezen, herzien FROM stand WHERE id = 1";
    STAND_BIJWERKEN = "UPDATE stand SET gids = ?, bericht = ?, deel = ?, levering = ?, zaak = ?, blad = ?, beleid = ?, \
        gewezen = ?, herzien = ? WHERE id = 1";

    // A batch is one transaction; these begin and end it in the hop of what comes next to them.
    BEGIN = "BEGIN IMMEDIATE";
    COMMIT = "COMMIT";
    ROLLBACK = "ROLLBACK";

    // What a batch looks up before it writes. Keys come as one JSON array; the parameter has no number,
    // because these go in one hop.
    /// `[[id, van], …]`
    BEKENDE_BERICHTEN = "SELECT b.van, b.id, b.digest, b.ontvangstbewijs FROM json_each(?) k \
        CROSS JOIN bericht b ON b.id = k.value ->> 0 AND b.van = k.value ->> 1";
    /// `[id, …]`
    BEKENDE_DELEN = "SELECT d.id, d.nr FROM json_each(?) k CROSS JOIN deel d ON d.id = k.value";
    /// `[[id, van], …]`
    BERICHTNUMMERS = "SELECT b.van, b.id, b.nr FROM json_each(?) k \
        CROSS JOIN bericht b ON b.id = k.value ->> 0 AND b.van = k.value ->> 1";
    /// `[[id, van, ontvanger], …]`: what is held of a message for someone.
    BEKENDE_AANGEHOUDEN = "SELECT a.bericht, a.ontvanger, a.deel FROM json_each(?1) k \
        CROSS JOIN bericht b ON b.id = k.value ->> 0 AND b.van = k.value ->> 1 \
        CROSS JOIN aangehouden a ON a.ontvanger = k.value ->> 2 AND a.bericht = b.nr";
    /// `[casus, …]`: these cases, and those joined with them.
    BEKENDE_ZAKEN = "SELECT z.nr, z.casus, z.geopend_door, z.geopend_op, z.verantwoordelijk, z.stand, z.groep, z.herzien, \
        z.gesloten_op, (SELECT json_group_array(json_object('partner', d.partner, 'rol', d.rol, 'vanaf', d.vanaf, 'tot', d.tot)) \
        FROM deelnemer d WHERE d.zaak = z.nr) AS deelnemers \
        FROM (SELECT DISTINCT y.groep FROM json_each(?) k CROSS JOIN zaak y ON y.casus = k.value) g \
        CROSS JOIN zaak z ON z.groep = g.groep";
    /// `[id, …]`
    BEKENDE_LEVERINGEN = "SELECT l.nr, l.id, l.ontvanger, l.staat, l.gelezen_op, l.weigering, l.herzien, l.uiterlijk \
        FROM json_each(?) k CROSS JOIN levering l ON l.id = k.value";
    /// `[[ontvanger, nonce], …]`
    BEKENDE_NONCES = "SELECT i.ontvanger, i.nonce FROM json_each(?) k \
        CROSS JOIN inzage i ON i.ontvanger = k.value ->> 0 AND i.nonce = k.value ->> 1";
    /// `[[partner, jti], …]`
    BEKENDE_JTIS = "SELECT j.partner, j.jti FROM json_each(?) k \
        CROSS JOIN jti j ON j.partner = k.value ->> 0 AND j.jti = k.value ->> 1";
    JTIS_OPRUIMEN = "DELETE FROM jti WHERE verloopt <= ?1";

    /// `[[nr, staat, afgehandeld_op, weigering, gelezen_op, herzien, besluiten, beleid, tot, uiterlijk], …]`
    LEVERINGEN_BIJWERKEN = "UPDATE levering SET staat = k.value ->> 1, afgehandeld_op = coalesce(k.value ->> 2, afgehandeld_op), \
        weigering = coalesce(k.value ->> 3, weigering), gelezen_op = coalesce(gelezen_op, k.value ->> 4), \
        herzien = k.value ->> 5, besluiten = coalesce(k.value ->> 6, besluiten), beleid = coalesce(k.value ->> 7, beleid), \
        tot = iif(k.value ->> 7 IS NULL, tot, k.value ->> 8), uiterlijk = k.value ->> 9 FROM json_each(?) k WHERE levering.nr = k.value ->> 0";
    /// `[[bericht, ontvanger], …]`
    AANGEHOUDEN_WEG = "DELETE FROM aangehouden WHERE (ontvanger, bericht) IN (SELECT value ->> 1, value ->> 0 FROM json_each(?1))";
    /// `[[bericht, ontvanger, deel], …]`: what is kept for a fallback that its owner gave itself. The next two in one hop.
    TERUGVAL_WEG = "DELETE FROM aangehouden WHERE nr IN (SELECT a.nr FROM json_each(?) k CROSS JOIN aangehouden a \
        ON a.ontvanger = k.value ->> 1 AND a.bericht = k.value ->> 0 AND a.deel = k.value ->> 2)";
    TERUGVALWRAPS_WEG = "DELETE FROM wrap WHERE nr IN (SELECT w.nr FROM json_each(?) k CROSS JOIN wrap w ON w.deel = k.value ->> 2 \
        AND w.ontvanger = k.value ->> 1 AND w.wijze = 'terugval')";
    /// `[levering, …]` that ended, `[deel, …]` that are held no more: of their parts those that nobody waits for any more (R40) lose
    /// their content: neither held, nor kept for a fallback, nor in a delivery that is open, held, or refused and within its term.
    VRIJE_INHOUD_WISSEN = vrije_delen!("DELETE FROM inhoud WHERE deel IN (", ")");
    /// And with it the keys that travelled along.
    VRIJE_WRAPS_WISSEN = vrije_delen!("DELETE FROM wrap WHERE deel IN (", ") AND wijze <> 'inzage'");
    /// The next two in one hop.
    INHOUD_WISSEN = "DELETE FROM inhoud WHERE deel IN (SELECT value FROM json_each(?))";
    WRAPS_WISSEN = "DELETE FROM wrap WHERE deel IN (SELECT value FROM json_each(?)) AND wijze <> 'inzage'";
    /// `[[bericht, van, [deel, …]], …]`: these parts of a message, or all of them where none is named.
    TERUGGENOMEN_DELEN = "SELECT d.nr FROM json_each(?1) k CROSS JOIN bericht b ON b.id = k.value ->> 0 AND b.van = k.value ->> 1 \
        CROSS JOIN deel d ON d.bericht = b.nr WHERE json_array_length(k.value, '$[2]') = 0 \
        OR d.id IN (SELECT value FROM json_each(k.value, '$[2]'))";
    /// With the two above it in one hop. That it was given, and for what, stays; the key goes.
    WRAPS_LEEGMAKEN = "UPDATE wrap SET wrap = '', sleutel = NULL WHERE deel IN (SELECT value FROM json_each(?))";

    // Messages.
    ONTVANGSTBEWIJS = "SELECT digest, ontvangstbewijs FROM bericht WHERE id = ?2 AND van = ?1";
    STATUS = "SELECT nr, aangenomen_op, ontvangstbewijs FROM bericht WHERE id = ?2 AND van = ?1";
    /// An answer counts when its sender got the message, and it is about the same case.
    STATUS_LEVERINGEN = "SELECT l.ontvanger, l.staat, l.afgehandeld_op, l.gelezen_op, l.weigering, (SELECT v.verklaring \
        FROM leveringsverklaring v WHERE v.levering = l.nr AND v.soort = 'ontvangst') AS ontvangst, a.id AS antwoord, \
        a.aangenomen_op AS beantwoord_op, p.pogingen, p.laatste, p.reden, p.volgende, p.bezorgd_op, p.dood_op, p.grens \
        FROM bericht b CROSS JOIN levering l ON l.bericht = b.nr LEFT JOIN bezorging p ON p.levering = l.nr LEFT JOIN bericht a ON a.nr = \
        (SELECT min(x.nr) FROM bericht x WHERE x.antwoord_op = b.id AND x.van = l.ontvanger AND x.casus IS b.casus AND x.nr > b.nr) \
        WHERE b.nr = ?1 ORDER BY l.ontvanger";
    STATUS_INZAGEN = "SELECT d.id AS deel, i.ontvanger, i.functie, i.doel, i.tijd FROM deel d CROSS JOIN inzage i ON i.deel = d.nr \
        WHERE d.bericht = ?1 ORDER BY i.nr";
    BEANTWOORD = "SELECT b.van, b.berichttype, b.casus, (SELECT json_group_array(l.ontvanger) FROM levering l \
        WHERE l.bericht = b.nr) AS ontvangers, \
        (SELECT json_group_array(l.ontvanger) FROM levering l WHERE l.bericht = b.nr AND l.staat NOT IN (3, 4)) AS bereikt, \
        (SELECT min(l.baan) FROM levering l WHERE l.bericht = b.nr) AS baan FROM bericht b WHERE b.id = ?1 ORDER BY b.nr";
    BERICHTTEKST = "SELECT bericht FROM bericht WHERE id = ?2 AND van = ?1";
    BESLUITEN = "SELECT s.nr, b.van, b.id AS bericht, s.deel, s.ontvanger, s.uitkomst, s.record FROM besluit s \
        LEFT JOIN bericht b ON b.nr = s.bericht WHERE s.nr > ?1 ORDER BY s.nr LIMIT ?2";
    DEELHOUDERS = "SELECT b.van, b.id AS bericht_id, b.casus, d.categorie, (SELECT json_group_array(l.ontvanger) \
        FROM leveringsdeel ld CROSS JOIN levering l ON l.nr = ld.levering WHERE ld.deel = d.nr) AS houders, \
        (SELECT json_group_array(l.ontvanger) FROM leveringsdeel ld CROSS JOIN levering l ON l.nr = ld.levering \
        WHERE ld.deel = d.nr AND l.staat NOT IN (3, 4)) AS bereikt \
        FROM deel d CROSS JOIN bericht b ON b.nr = d.bericht WHERE d.id = ?1";
    GEKREGEN_DELEN = "SELECT d.id AS deel FROM bericht b CROSS JOIN deel d ON d.bericht = b.nr WHERE b.id = ?2 AND b.van = ?1 \
        AND EXISTS (SELECT 1 FROM leveringsdeel ld CROSS JOIN levering l ON l.nr = ld.levering \
        WHERE ld.deel = d.nr AND l.ontvanger = ?3) ORDER BY d.nr";
    TELLINGEN = "SELECT soort, sleutel, aantal FROM telling";

    // Deliveries.
    /// Of one lane, behind a place in it; only what was decided on the facts of now.
    OPEN_NUMMERS = "SELECT l.nr, l.omvang FROM levering l CROSS JOIN bericht b ON b.nr = l.bericht \
        LEFT JOIN zaak z ON z.nr = b.zaak WHERE l.ontvanger = ?1 AND l.staat = 0 AND l.baan = ?2 AND l.nr > ?3 \
        AND l.herzien = coalesce((SELECT sum(y.herzien) FROM zaak y WHERE y.groep = z.groep), 0) ORDER BY l.nr LIMIT ?4";
    /// `[levering, …]`
    OPEN_LEVERINGEN = "SELECT l.nr, l.id, l.bericht AS volgnummer, l.baan, l.besluiten, b.van, b.id AS bericht_id, \
        b.berichttype, b.casus, b.bron, b.bericht, b.aangenomen_op FROM json_each(?1) k CROSS JOIN levering l ON l.nr = k.value \
        CROSS JOIN bericht b ON b.nr = l.bericht ORDER BY k.key";
    /// `[levering, …]` of one recipient; its wrap only where the key travels along.
    OPEN_DELEN = "SELECT ld.levering, d.id AS deel, d.labels, i.jwe, d.eigenaarsbewijs, ld.wijze, i.wraps, i.sleutel, w.wrap, w.toegang, \
        w.sleutel AS wrapsleutel FROM json_each(?1) k \
        CROSS JOIN leveringsdeel ld ON ld.levering = k.value CROSS JOIN deel d ON d.nr = ld.deel \
        CROSS JOIN inhoud i ON i.deel = d.nr LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = ?2 AND w.doel = ld.doel \
        AND ld.wijze = 'meegeleverd' \
        ORDER BY k.key, ld.volgorde";
    LEVERING_VAN = "SELECT b.van, b.id AS bericht_id, b.bericht, l.staat, (SELECT json_group_array(d.id ORDER BY ld.volgorde) \
        FROM leveringsdeel ld CROSS JOIN deel d ON d.nr = ld.deel WHERE ld.levering = l.nr) AS delen FROM levering l CROSS JOIN bericht b ON b.nr = l.bericht \
        WHERE l.id = ?2 AND l.ontvanger = ?1";
    INZAGEDEEL = "SELECT b.van, d.labels, w.wijze, w.wrap, w.toegang, w.sleutel AS wrapsleutel, i.wraps, i.sleutel FROM deel d CROSS JOIN bericht b ON b.nr = d.bericht \
        LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = ?1 LEFT JOIN inhoud i ON i.deel = d.nr \
        WHERE d.id = ?2 AND EXISTS (SELECT 1 FROM leveringsdeel ld \
        CROSS JOIN levering l ON l.nr = ld.levering WHERE ld.deel = d.nr AND l.ontvanger = ?1 AND l.staat NOT IN (2, 5)) \
        ORDER BY w.doel = ?3 DESC, w.doel = '' DESC LIMIT 1";
    /// The wrap of this recipient for this purpose ('': that of the part), whether a delivery with it is still open, and whether it waits.
    LIGGENDE_TOEGANG = "SELECT w.wijze, w.toegang, i.wraps, EXISTS (SELECT 1 FROM leveringsdeel ld CROSS JOIN levering l ON l.nr = ld.levering \
        WHERE ld.deel = d.nr AND ld.doel = ?3 AND l.ontvanger = ?1 AND l.staat IN (0, 3)) AS open, \
        ?3 = '' AND EXISTS (SELECT 1 FROM aangehouden a WHERE a.deel = d.nr AND a.ontvanger = ?1) AS wacht FROM deel d \
        LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = ?1 AND w.doel = ?3 LEFT JOIN inhoud i ON i.deel = d.nr WHERE d.id = ?2";

    TOEGANGSDEEL = "SELECT b.id AS bericht, d.labels, d.digest, i.jwe AS inhoud FROM deel d CROSS JOIN bericht b ON b.nr = d.bericht \
        LEFT JOIN inhoud i ON i.deel = d.nr WHERE d.id = ?2 AND b.van = ?1";
    /// `[[deel, ontvanger, doel], …]` (no `doel`: that of the part): whether the content is there, whether that recipient has a wrap for that,
    /// and whether it has one that was only kept for a fallback.
    BEKENDE_TOEGANGEN = "SELECT d.id AS deel, k.value ->> 1 AS ontvanger, k.value ->> 2 AS doel, \
        EXISTS (SELECT 1 FROM inhoud i WHERE i.deel = d.nr) AS inhoud, \
        EXISTS (SELECT 1 FROM wrap w WHERE w.deel = d.nr AND w.ontvanger = k.value ->> 1 AND w.doel = coalesce(k.value ->> 2, '')) \
        OR k.value ->> 2 IS NULL \
        AND EXISTS (SELECT 1 FROM inhoud i, json_each(i.wraps) w WHERE i.deel = d.nr AND w.value ->> 0 = k.value ->> 1) AS wrap, \
        EXISTS (SELECT 1 FROM wrap w WHERE w.deel = d.nr AND w.ontvanger = k.value ->> 1 AND w.wijze = 'terugval' \
        AND NOT EXISTS (SELECT 1 FROM leveringsdeel ld CROSS JOIN levering l ON l.nr = ld.levering \
        WHERE ld.deel = d.nr AND l.ontvanger = w.ontvanger AND l.staat NOT IN (4, 5))) AS bewaard \
        FROM json_each(?1) k CROSS JOIN deel d ON d.id = k.value ->> 0";

    // Cases. One statement is one snapshot: the facts and the state that they belong to.
    ZAAKSTAND = "SELECT (SELECT sum(y.stand) FROM zaak y WHERE y.groep = z.groep) AS stand, z.verantwoordelijk, z.gesloten_op, \
        (SELECT json_group_array(json_object('partner', d.partner, 'rol', d.rol, 'vanaf', d.vanaf, 'tot', d.tot)) \
        FROM deelnemer d WHERE d.zaak = z.nr AND d.rol <> 'nee') AS deelnemers, \
        (SELECT json_group_array(v.overdracht) FROM verantwoordelijkheid v WHERE v.zaak = z.nr AND v.overdracht IS NOT NULL) \
        AS overgenomen, \
        (SELECT json_group_array(json(t.record)) FROM zaak y CROSS JOIN toestemming t ON t.zaak = y.nr WHERE y.groep = z.groep \
        AND NOT EXISTS (SELECT 1 FROM toestemming n WHERE n.zaak = t.zaak AND n.geregistreerd_door = t.geregistreerd_door \
        AND n.persoon = t.persoon AND n.eigenaar = t.eigenaar AND n.volgnummer > t.volgnummer \
        AND (json_extract(n.record, '$.stand') <> 'ingetrokken' OR json_extract(t.record, '$.stand') = 'ingetrokken') \
        AND (coalesce(json_extract(n.record, '$.door'), 'betrokkene') = 'betrokkene' OR \
        (json_extract(n.record, '$.door') IS json_extract(t.record, '$.door') \
        AND json_extract(n.record, '$.gezag') IS json_extract(t.record, '$.gezag'))) \
        AND NOT EXISTS (SELECT 1 FROM json_each(t.record, '$.ontvangers') k WHERE k.value NOT IN (SELECT value FROM json_each(n.record, '$.ontvangers'))) \
        AND NOT EXISTS (SELECT 1 FROM json_each(t.record, '$.categorieen') k WHERE k.value NOT IN (SELECT value FROM json_each(n.record, '$.categorieen'))) \
        AND NOT EXISTS (SELECT 1 FROM json_each(t.record, '$.doelen') k WHERE k.value NOT IN (SELECT value FROM json_each(n.record, '$.doelen'))) \
        )) AS toestemmingen, \
        (SELECT json_group_array(json_array(y.casus, f.soort, f.onderwerp, f.door, f.volgnummer, f.bericht, f.record) ORDER BY f.nr) \
        FROM zaak y CROSS JOIN feit f ON f.zaak = y.nr WHERE y.groep = z.groep AND NOT EXISTS (SELECT 1 FROM feit n \
        WHERE n.zaak = f.zaak AND n.soort = f.soort AND n.onderwerp = f.onderwerp AND n.door = f.door \
        AND n.volgnummer > f.volgnummer)) AS feiten \
        FROM zaak z WHERE z.casus = ?1";

    /// Refused and lapsed deliveries are none. Each with the newest decision that let it go, for the purpose that it went for.
    GELEVERD_VAN = "SELECT l.ontvanger, d.labels, coalesce((SELECT x.record FROM besluit x WHERE x.bericht = b.nr \
        AND x.ontvanger = l.ontvanger AND x.deel = d.id AND x.uitkomst IN ('toestaan', 'toestaan-met-plicht') \
        AND x.record ->> '$.verzoek.doel' = coalesce(nullif(ld.doel, ''), d.doel) ORDER BY x.nr DESC LIMIT 1), \
        (SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = l.ontvanger AND x.deel = d.id \
        ORDER BY x.nr DESC LIMIT 1)) AS record FROM zaak z \
        CROSS JOIN bericht b ON b.zaak = z.nr CROSS JOIN deel d ON d.bericht = b.nr CROSS JOIN leveringsdeel ld ON ld.deel = d.nr \
        CROSS JOIN levering l ON l.nr = ld.levering \
        WHERE z.casus = ?1 AND d.eigenaar = ?2 AND l.staat IN (0, 1, 3) ORDER BY l.nr, ld.volgorde";

    /// `[[van, bericht, zaak], …]`: of messages without a case.
    BERICHTEN_VERBINDEN = "UPDATE bericht SET zaak = k.value ->> 2 FROM json_each(?) k \
        WHERE bericht.id = k.value ->> 1 AND bericht.van = k.value ->> 0 AND bericht.casus IS NULL";

    // Duties.
    /// With what persons asked for themselves (R33).
    OPEN_PLICHTEN = "SELECT * FROM (SELECT pl.soort, pl.regel, b.id AS bericht, pl.schuldenaar, pl.uiterlijk, pl.voldaan_op, \
        pl.voldaan_door, pl.uitkomst \
        FROM plicht pl CROSS JOIN bericht b ON b.nr = pl.bericht WHERE pl.schuldenaar = ?1 AND pl.voldaan_op IS NULL \
        ORDER BY pl.uiterlijk LIMIT ?2) keuze UNION ALL SELECT * FROM (SELECT 'overzicht-geven', 33, o.verzoek, o.organisatie, o.uiterlijk, \
        o.voldaan_op, o.voldaan_door, NULL FROM overzicht o WHERE o.organisatie = ?1 AND o.voldaan_op IS NULL \
        ORDER BY o.uiterlijk LIMIT ?2) keuze ORDER BY uiterlijk LIMIT ?2";
    /// As [`PLICHTEN_VOLDOEN`]: who asked was told. What is put off is not told, and the term of the law stands.
    OVERZICHTEN_VOLDOEN = "UPDATE overzicht SET voldaan_op = k.value ->> 5, voldaan_door = k.value ->> 6 FROM json_each(?1) k \
        WHERE overzicht.organisatie = k.value ->> 0 AND overzicht.voldaan_op IS NULL AND k.value ->> 2 = 'transparantiebericht' \
        AND k.value ->> 4 IS NULL AND overzicht.persoon = k.value ->> 3 \
        AND overzicht.zaak = (SELECT z.nr FROM zaak z WHERE z.casus = k.value ->> 1)";
    /// Parts of a case about a person (`[persoon, …]`, by its references: 128 random bits each), received, behind a place.
    ONTVANGEN_OVER = "SELECT b.nr AS bericht, l.nr AS levering, ld.volgorde, l.id, b.berichttype, b.aangenomen_op, l.ontvanger, \
        l.afgehandeld_op AS ontvangen_op, d.labels, \
        coalesce(nullif(ld.doel, ''), (SELECT d.doel FROM besluit s WHERE s.bericht = b.nr AND s.deel = d.id AND s.ontvanger = l.ontvanger \
        AND s.uitkomst IN ('toestaan', 'toestaan-met-plicht') AND s.record ->> '$.verzoek.doel' = d.doel LIMIT 1), \
        (SELECT s.record ->> '$.verzoek.doel' FROM besluit s WHERE s.bericht = b.nr AND s.deel = d.id AND s.ontvanger = l.ontvanger \
        ORDER BY s.nr DESC LIMIT 1)) AS doel FROM zaak z CROSS JOIN bericht b ON b.zaak = z.nr CROSS JOIN levering l ON l.bericht = b.nr \
        CROSS JOIN leveringsdeel ld ON ld.levering = l.nr CROSS JOIN deel d ON d.nr = ld.deel \
        WHERE z.casus = ?1 AND b.nr >= ?3 AND (b.nr > ?3 OR l.nr > ?4 OR l.nr = ?4 AND ld.volgorde > ?5) AND l.staat = 1 \
        AND EXISTS (SELECT 1 FROM json_each(?2) p WHERE instr(d.labels, p.value) > 0) ORDER BY b.nr, l.nr, ld.volgorde LIMIT ?6";
    /// As [`ONTVANGEN_OVER`], of one delivery by its number.
    ONTVANGEN_PLEK = "SELECT b.nr AS bericht, l.nr AS levering FROM levering l CROSS JOIN bericht b ON b.nr = l.bericht \
        CROSS JOIN zaak z ON z.nr = b.zaak WHERE l.id = ?3 AND z.casus = ?1 AND l.staat = 1 AND EXISTS (SELECT 1 FROM leveringsdeel ld \
        CROSS JOIN deel d ON d.nr = ld.deel CROSS JOIN json_each(?2) p WHERE ld.levering = l.nr AND instr(d.labels, p.value) > 0)";
    GEKOPPELDE_ZAKEN = "SELECT y.casus FROM zaak z CROSS JOIN zaak y ON y.groep = z.groep WHERE z.casus = ?1 AND y.nr <> z.nr ORDER BY y.nr";
    PLICHTEN_VAN = "SELECT pl.soort, pl.regel, b.id AS bericht, pl.schuldenaar, pl.uiterlijk, pl.voldaan_op, pl.voldaan_door, pl.uitkomst \
        FROM bericht b CROSS JOIN plicht pl ON pl.bericht = b.nr WHERE b.id = ?2 AND b.van = ?1 ORDER BY pl.nr";
    /// `[[van, bericht], …]`: the review of each message, if it is owed.
    BEKENDE_TOETSEN = "SELECT b.van, b.id AS bericht, pl.nr, pl.voldaan_op FROM json_each(?1) k \
        CROSS JOIN bericht b ON b.id = k.value ->> 1 AND b.van = k.value ->> 0 \
        CROSS JOIN plicht pl ON pl.bericht = b.nr AND pl.soort = 'toets-achteraf' AND pl.schuldenaar = b.van ORDER BY pl.nr DESC";
    /// `[[nr, tijd, uitkomst, verklaring], …]`
    PLICHTEN_GETOETST = "UPDATE plicht SET voldaan_op = k.value ->> 1, uitkomst = k.value ->> 2, verklaring = k.value ->> 3 \
        FROM json_each(?1) k WHERE plicht.nr = k.value ->> 0";
    /// Of messages accepted from one instant up to another: by sender how many owe a review, and of how many it was done.
    NOODGEBRUIK = "SELECT pl.schuldenaar, count(DISTINCT pl.bericht) AS aantal, \
        count(DISTINCT CASE WHEN pl.voldaan_op IS NOT NULL THEN pl.bericht END) AS getoetst FROM plicht pl \
        CROSS JOIN bericht b ON b.nr = pl.bericht WHERE pl.soort = 'toets-achteraf' AND pl.bericht > 0 AND b.aangenomen_op >= ?1 \
        AND b.aangenomen_op < ?2 GROUP BY pl.schuldenaar ORDER BY pl.schuldenaar";
    /// `[[schuldenaar, casus, soort, over, uitstel, tijd, bericht], …]`: own duties in the case, met or put off.
    PLICHTEN_VOLDOEN = "UPDATE plicht SET uiterlijk = coalesce(k.value ->> 4, uiterlijk), \
        voldaan_op = iif(k.value ->> 4 IS NULL, k.value ->> 5, NULL), voldaan_door = iif(k.value ->> 4 IS NULL, k.value ->> 6, NULL) \
        FROM json_each(?1) k WHERE plicht.schuldenaar = k.value ->> 0 AND plicht.voldaan_op IS NULL \
        AND plicht.soort = k.value ->> 2 AND plicht.over = k.value ->> 3 \
        AND (SELECT b.casus FROM bericht b WHERE b.nr = plicht.bericht) IS k.value ->> 1 \
        AND (SELECT b.id FROM bericht b WHERE b.nr = plicht.bericht) <> k.value ->> 6";
    /// `[[levering, tijd], …]` that a human has read: use stops (R11).
    PLICHTEN_GELEZEN = "UPDATE plicht SET voldaan_op = (SELECT min(k.value ->> 1) FROM json_each(?1) k \
        CROSS JOIN levering l ON l.nr = k.value ->> 0 WHERE l.bericht = plicht.bericht AND l.ontvanger = plicht.ontvanger) \
        WHERE plicht.nr IN (SELECT x.nr FROM json_each(?1) k CROSS JOIN levering l ON l.nr = k.value ->> 0 \
        CROSS JOIN plicht x ON x.bericht = l.bericht AND x.ontvanger = l.ontvanger \
        WHERE x.soort = 'gebruik-staken' AND x.voldaan_op IS NULL)";

    // What must be decided again: deliveries, and what is held without one. Then the parts of each.
    /// Moves whenever there may be something; and whether anything that is held ran out in a span of time.
    HERZIENSTAND = "SELECT s.herzien, s.gids, s.beleid, s.blad, EXISTS (SELECT 1 FROM aangehouden a WHERE a.tot > ?1 AND a.tot <= ?2) \
        OR EXISTS (SELECT 1 FROM aangehouden a WHERE a.vanaf > ?1 AND a.vanaf <= ?2) OR EXISTS (SELECT 1 FROM levering l WHERE l.staat = 3 AND l.tot > ?1 AND l.tot <= ?2) AS verlopen FROM stand s WHERE s.id = 1";
    /// One look: the number of a delivery, or of a message of which something is held.
    TE_HERZIEN = "SELECT 'levering' AS wat, l.nr FROM levering l CROSS JOIN bericht b ON b.nr = l.bericht \
        CROSS JOIN zaak z ON z.nr = b.zaak WHERE l.ontvanger = ?1 AND l.staat = 0 \
        AND l.herzien <> (SELECT sum(y.herzien) FROM zaak y WHERE y.groep = z.groep) UNION ALL \
        SELECT 'levering', l.nr FROM levering l CROSS JOIN bericht b ON b.nr = l.bericht CROSS JOIN zaak z ON z.nr = b.zaak \
        CROSS JOIN stand s ON s.id = 1 WHERE l.ontvanger = ?1 AND l.staat = 3 AND (l.beleid <> s.beleid OR l.tot <= ?3 \
        OR l.herzien <> (SELECT sum(y.herzien) FROM zaak y WHERE y.groep = z.groep)) UNION ALL \
        SELECT 'bericht', a.bericht FROM aangehouden a CROSS JOIN bericht b ON b.nr = a.bericht CROSS JOIN stand s ON s.id = 1 \
        LEFT JOIN zaak z ON z.nr = b.zaak WHERE a.ontvanger = ?1 AND (a.vanaf <= ?3 OR a.vanaf IS NULL AND (a.gids <> s.gids \
        OR a.beleid <> s.beleid OR a.tot <= ?3 \
        OR a.herzien <> coalesce((SELECT sum(y.herzien) FROM zaak y WHERE y.groep = z.groep), 0))) LIMIT ?2";
    /// `[levering, …]`; a row per part, one row without a part for the statement itself.
    HERZIENBARE_LEVERINGEN = "SELECT l.nr AS groep, b.van, b.id AS bericht_id, b.berichttype, b.casus, b.antwoord_op, b.convenant, \
        b.urgentie, l.ontvanger, l.functie, l.id AS levering, d.id AS deel, d.labels, coalesce(ld.wijze, 'meegeleverd') AS wijze, \
        coalesce((SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = l.ontvanger AND x.deel IS d.id \
        AND x.record ->> '$.verzoek.doel' = coalesce(nullif(ld.doel, ''), d.doel) ORDER BY x.nr DESC LIMIT 1), \
        (SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = l.ontvanger AND x.deel IS d.id \
        ORDER BY x.nr DESC LIMIT 1)) AS record, w.toegang, i.wraps FROM json_each(?1) k CROSS JOIN levering l ON l.nr = k.value \
        CROSS JOIN bericht b ON b.nr = l.bericht LEFT JOIN leveringsdeel ld ON ld.levering = l.nr \
        LEFT JOIN deel d ON d.nr = ld.deel LEFT JOIN inhoud i ON i.deel = d.nr \
        LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = l.ontvanger AND w.doel = ld.doel ORDER BY l.nr, ld.volgorde";
    /// `[bericht, …]` of one recipient.
    HERZIENBARE_AANGEHOUDEN = "SELECT b.nr AS groep, b.van, b.id AS bericht_id, b.berichttype, b.casus, b.antwoord_op, b.convenant, \
        b.urgentie, a.ontvanger, a.functie, NULL AS levering, d.id AS deel, d.labels, a.wijze, \
        coalesce((SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = a.ontvanger AND x.deel IS d.id \
        AND x.record ->> '$.verzoek.doel' = d.doel ORDER BY x.nr DESC LIMIT 1), \
        (SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = a.ontvanger AND x.deel IS d.id \
        ORDER BY x.nr DESC LIMIT 1)) AS record, w.toegang, i.wraps FROM json_each(?1) k CROSS JOIN aangehouden a ON a.ontvanger = ?2 \
        AND a.bericht = k.value CROSS JOIN bericht b ON b.nr = a.bericht LEFT JOIN deel d ON d.nr = a.deel LEFT JOIN inhoud i ON i.deel = d.nr \
        LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = a.ontvanger AND w.doel = '' ORDER BY b.nr, a.nr";

    /// Held under a plan that has changed since, or beyond the instant at which it changed; or kept until an instant that has come.
    AANGEHOUDEN_ONDER_ANDER_BELEID = "SELECT a.ontvanger FROM stand s CROSS JOIN aangehouden a ON a.beleid < s.beleid WHERE s.id = 1 \
        AND a.vanaf IS NULL UNION SELECT a.ontvanger FROM aangehouden a WHERE a.tot <= ?1 AND a.vanaf IS NULL \
        UNION SELECT a.ontvanger FROM aangehouden a WHERE a.vanaf <= ?1 \
        UNION SELECT l.ontvanger FROM stand s CROSS JOIN levering l ON l.staat = 3 AND l.beleid < s.beleid WHERE s.id = 1 \
        UNION SELECT l.ontvanger FROM levering l WHERE l.staat = 3 AND l.tot <= ?1";

    // Directory, with its state in the same snapshot.
    GIDSEN = "SELECT s.gids AS stand, g.oin, g.record, (SELECT json_group_array(b.verklaring) FROM bevriezing b WHERE b.oin = g.oin) \
        AS bevroren FROM stand s LEFT JOIN gids g WHERE s.id = 1 ORDER BY g.oin";

    // Policy versions: few of them, with long content that is read alone.
    /// `[digest, …]`
    BEKENDE_VERSIES = "SELECT v.nr, v.digest, v.convenant, v.tabellen_digest, \
        (SELECT max(s.nummer) FROM versiestap s WHERE s.versie = v.nr) AS stand FROM json_each(?1) k \
        CROSS JOIN versie v ON v.digest = k.value";
    HOOGSTE_VERSIE = "SELECT max(nr) AS nr FROM versie";
    /// `[convenant, …]`
    BEKENDE_PLANNEN = "SELECT p.convenant, p.volgnummer, p.versie, p.ingang, p.ingetrokken, p.activering, p.bundel \
        FROM json_each(?1) k CROSS JOIN beleidsplan p ON p.convenant = k.value ORDER BY p.convenant, p.volgnummer";
    VERSIES = "SELECT v.digest, v.convenant, v.nummer, v.tabellen_digest, v.auteur, s.nummer AS stand, s.staat FROM versie v \
        CROSS JOIN versiestap s ON s.versie = v.nr \
        AND s.nummer = (SELECT max(x.nummer) FROM versiestap x WHERE x.versie = v.nr) \
        WHERE ?1 IS NULL OR v.convenant = ?1 ORDER BY v.nr DESC";
    VERSIE_EN_STAPPEN = "SELECT v.digest, v.convenant, v.nummer AS versienummer, v.tabellen_digest, v.auteur, s.nummer, s.soort, \
        s.staat, s.tijd, s.door, s.functie, s.verklaring, s.uitslag FROM versie v \
        CROSS JOIN versiestap s ON s.versie = v.nr WHERE v.digest = ?1 ORDER BY s.nummer";
    VERSIE_INHOUD = "SELECT digest, convenant, nummer, tabellen_digest, auteur, bundel, tabellen FROM versie WHERE digest = ?1";
    /// The line in force at ?1, and those after it; with the state in the same snapshot.
    PLAN = "SELECT s.beleid AS stand, p.convenant, p.volgnummer, p.versie, p.ingang, p.activering, p.bundel FROM stand s \
        LEFT JOIN beleidsplan p ON p.ingetrokken = 0 AND p.volgnummer >= coalesce((SELECT max(x.volgnummer) FROM beleidsplan x \
        WHERE x.convenant = p.convenant AND x.ingetrokken = 0 AND x.ingang <= ?1), 0) \
        WHERE s.id = 1 ORDER BY p.convenant, p.volgnummer";
    /// `[convenant, …]`: of each party how far it is, and how far its covenant.
    BEKENDE_PARTIJEN = "SELECT p.convenant, p.partij, max(p.volgnummer) AS volgnummer, max(p.nummer) AS nummer \
        FROM json_each(?1) k CROSS JOIN partijverklaring p ON p.convenant = k.value GROUP BY p.convenant, p.partij";
    PARTIJVERKLARINGEN = "SELECT s.beleid AS stand, p.convenant, p.partij, p.volgnummer, p.soort, p.tijd, p.verklaring, \
        p.medeondertekening FROM stand s LEFT JOIN partijverklaring p WHERE s.id = 1 ORDER BY p.convenant, p.nummer";
    HOOGSTE_PLAN = "SELECT max(volgnummer) AS volgnummer FROM beleidsplan WHERE convenant = ?1";
    BELEIDSSTAND = "SELECT beleid FROM stand WHERE id = 1";

    // The write-ahead log, see the writer.
    /// Milliseconds. Who reads now leaves within them; who begins to read once all is moved does not stand in the way.
    KORT_WACHTEN = "PRAGMA busy_timeout = 10";
    HERBEGINNEN = "PRAGMA wal_checkpoint(RESTART)";
    VERPLAATSEN = "PRAGMA wal_checkpoint(PASSIVE)";
    AFSNIJDEN = "PRAGMA wal_checkpoint(TRUNCATE)";

    // Log.
    OMVANG = "SELECT blad FROM stand WHERE id = 1";
    SOORT_VANAF = "SELECT soort_vanaf FROM stand WHERE id = 1";
    /// The leaf with which the second form begins is there, or there is no leaf before it.
    SOORT_VANAF_ZETTEN = "UPDATE stand SET soort_vanaf = ?1, blad = ?2 WHERE id = 1";
    /// Leaf by leaf, of those that are in no run yet.
    BLADINDEX = "SELECT min(nr) AS nr FROM blad WHERE nr >= ?1 AND hash = ?2";
    BLAD_MET_HASH = "SELECT nr FROM blad WHERE nr = ?1 AND hash = ?2";
    /// How many leaves are in runs, of how many.
    GEWEZEN = "SELECT gewezen, blad FROM stand WHERE id = 1";
    GEWEZEN_BIJWERKEN = "UPDATE stand SET gewezen = ?1 WHERE id = 1";
    /// Of the leaves from ?1 to ?2 six bytes of the hash and the place behind ?3, in hexadecimal digits.
    REEKS = "SELECT group_concat(printf('%s%04x', hex(substr(hash, 1, 6)), nr - ?3), '') AS reeks FROM blad WHERE nr >= ?1 AND nr < ?2";
    BLADWIJZERS_TUSSEN = "SELECT wijzers FROM bladwijzer WHERE nr >= ?1 AND nr < ?2";
    /// `[nr, …]`, of those the rows that may hold the beginning of a hash.
    BLADWIJZERS = "SELECT w.nr, w.wijzers FROM json_each(?1) k CROSS JOIN bladwijzer w ON w.nr = k.value \
        WHERE instr(w.wijzers, ?2) > 0";
    BLADEN = "SELECT nr, soort, record, opening, hash, tijd FROM blad WHERE nr >= ?1 ORDER BY nr LIMIT ?2";
    /// Of the kinds `[soort, …]`.
    BLADEN_VAN = "SELECT nr, soort, record, opening, hash, tijd FROM blad \
        WHERE nr >= ?1 AND soort IN (SELECT value FROM json_each(?2)) ORDER BY nr LIMIT ?3";
    /// By the index of their own, which names them as here.
    HERSTELBLADEN = "SELECT nr, soort, record, opening, hash, tijd FROM blad INDEXED BY blad_herstel \
        WHERE soort IN ('herstel', 'nazending', 'heropening') ORDER BY nr";
    /// `[[deel, eigenaar, ontvanger], …]`
    VERZONDEN = "SELECT k.key AS plaats, min(b.aangenomen_op) AS tijd FROM json_each(?1) k \
        CROSS JOIN deel d ON d.id = k.value ->> 0 AND d.eigenaar = k.value ->> 1 CROSS JOIN bericht b ON b.nr = d.bericht \
        CROSS JOIN besluit x ON x.bericht = b.nr AND x.deel = d.id AND x.ontvanger = k.value ->> 2 GROUP BY k.key";
    /// `[[niveau, nr], …]`; level 0 is the leaves.
    KNOPEN = "SELECT k.value ->> 0 AS niveau, k.value ->> 1 AS nr, coalesce(n.hash, b.hash) AS hash FROM json_each(?1) k \
        LEFT JOIN knoop n ON n.laag = k.value ->> 0 AND n.nr = k.value ->> 1 \
        LEFT JOIN blad b ON k.value ->> 0 = 0 AND b.nr = k.value ->> 1";
    /// The tree's right edge: the complete nodes that the next leaves are added to.
    RAND = "SELECT n.value AS niveau, (s.blad >> n.value) - 1 AS nr, coalesce(k.hash, b.hash) AS hash FROM stand s \
        CROSS JOIN json_each('[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,\
        32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62]') n \
        LEFT JOIN knoop k ON k.laag = n.value AND k.nr = (s.blad >> n.value) - 1 \
        LEFT JOIN blad b ON n.value = 0 AND b.nr = s.blad - 1 WHERE s.id = 1 AND (s.blad >> n.value) & 1 = 1";
    /// Newest leaf's time.
    JONGSTE_BLAD = "SELECT tijd FROM blad WHERE nr = (SELECT blad - 1 FROM stand WHERE id = 1)";

    // Erasure keys.
    KAST = "SELECT reeks, hoogste, vernietigd FROM kast WHERE id = 1";
    KAST_BIJWERKEN = "INSERT INTO kast (id, reeks, hoogste) VALUES (1, ?1, ?2) ON CONFLICT (id) DO UPDATE SET \
        hoogste = iif(reeks = excluded.reeks, max(hoogste, excluded.hoogste), excluded.hoogste), reeks = excluded.reeks";
    KAST_VERNIETIGD = "UPDATE kast SET vernietigd = max(vernietigd, ?1) WHERE id = 1";
    TE_VERNIETIGEN = "SELECT sleutel FROM vernietigen WHERE sleutel > 0 ORDER BY sleutel LIMIT ?1";
    VERNIETIGD = "DELETE FROM vernietigen WHERE sleutel IN (SELECT value FROM json_each(?1))";
    /// What is not sealed yet, of before; by the indexes that hold nothing else.
    OPEN_WRAPS_BIJ_INHOUD = "SELECT i.deel AS nr, d.id AS deel, NULL AS ontvanger, i.wraps AS tekst FROM inhoud i INDEXED BY inhoud_open \
        CROSS JOIN deel d ON d.nr = i.deel WHERE i.sleutel IS NULL AND i.wraps <> '[]' LIMIT ?1";
    /// `[[nr, tekst, sleutel], …]`
    WRAPS_BIJ_INHOUD_DICHT = "UPDATE inhoud SET wraps = k.value ->> 1, sleutel = k.value ->> 2 FROM json_each(?1) k \
        WHERE inhoud.deel = k.value ->> 0";
    OPEN_WRAPS = "SELECT w.nr, d.id AS deel, w.ontvanger, w.wrap AS tekst FROM wrap w INDEXED BY wrap_open \
        CROSS JOIN deel d ON d.nr = w.deel WHERE w.sleutel IS NULL AND w.wrap <> '' LIMIT ?1";
    WRAPS_DICHT = "UPDATE wrap SET wrap = k.value ->> 1, sleutel = k.value ->> 2 FROM json_each(?1) k WHERE wrap.nr = k.value ->> 0";
    /// Whether wraps are wanted of which the keys were lost (place 0), by the indexes that hold nothing else.
    WRAPS_GEVRAAGD = "SELECT 1 AS er WHERE EXISTS (SELECT 1 FROM inhoud INDEXED BY inhoud_verloren WHERE sleutel = 0) \
        OR EXISTS (SELECT 1 FROM wrap INDEXED BY wrap_verloren WHERE sleutel = 0)";
    /// `[[deel, wraps, sleutel], …]`
    WRAPS_BIJ_INHOUD_TERUG = "UPDATE inhoud SET wraps = k.value ->> 1, sleutel = k.value ->> 2 FROM json_each(?) k \
        CROSS JOIN deel d ON d.id = k.value ->> 0 WHERE inhoud.deel = d.nr AND inhoud.sleutel = 0";
    /// `[[deel, ontvanger, wrap, sleutel, toegang, doel], …]`
    WRAPS_TERUG = "UPDATE wrap SET wrap = k.value ->> 2, sleutel = k.value ->> 3, toegang = k.value ->> 4 FROM json_each(?) k \
        CROSS JOIN deel d ON d.id = k.value ->> 0 WHERE wrap.deel = d.nr AND wrap.ontvanger = k.value ->> 1 \
        AND wrap.doel = coalesce(k.value ->> 5, '') AND wrap.sleutel = 0";
    /// The same with the number of the part, of what lies under a key that was frozen.
    WRAPS_VERVANGEN = "UPDATE wrap SET wrap = k.value ->> 2, sleutel = k.value ->> 3, toegang = k.value ->> 4 FROM json_each(?) k \
        WHERE wrap.deel = k.value ->> 0 AND wrap.ontvanger = k.value ->> 1 AND wrap.doel = coalesce(k.value ->> 5, '')";
    /// The same, of what stands with its content: from now on beside it.
    WRAPS_ERBIJ = "INSERT INTO wrap (deel, ontvanger, wijze, wrap, sleutel, toegang) SELECT k.value ->> 0, k.value ->> 1, 'meegeleverd', \
        k.value ->> 2, k.value ->> 3, k.value ->> 4 FROM json_each(?) k WHERE EXISTS (SELECT 1 FROM inhoud i WHERE i.deel = k.value ->> 0) \
        ON CONFLICT (deel, ontvanger, doel) DO UPDATE SET wrap = excluded.wrap, sleutel = excluded.sleutel, toegang = excluded.toegang";
    // Terms (R40).
    OPRUIMTAAK_NEMEN = "INSERT INTO bewaartaak (id, wie, genomen_tot, bladen) VALUES (1, ?1, ?3, 0) ON CONFLICT (id) DO UPDATE SET \
        wie = excluded.wie, genomen_tot = excluded.genomen_tot WHERE bewaartaak.genomen_tot <= ?2 OR bewaartaak.wie = excluded.wie";
    /// Up to which leaf was pruned.
    OPRUIMPLEK = "SELECT bladen FROM bewaartaak WHERE id = 1";
    OPRUIMPLEK_ZETTEN = "INSERT INTO bewaartaak (id, wie, genomen_tot, bladen) VALUES (1, '', 0, ?1) \
        ON CONFLICT (id) DO UPDATE SET bladen = excluded.bladen";
    VERSTREKEN = "SELECT l.id, b.id AS bericht, b.van, l.ontvanger, l.uiterlijk, l.staat FROM levering l \
        CROSS JOIN bericht b ON b.nr = l.bericht WHERE l.uiterlijk <= ?1 ORDER BY l.uiterlijk LIMIT ?2";
    WACHTENDE_DELEN = "SELECT d.nr FROM deel d CROSS JOIN bericht b ON b.nr = d.bericht WHERE d.wacht = 1 AND d.bericht > 0 \
        AND b.aangenomen_op <= ?1 AND NOT EXISTS (SELECT 1 FROM aangehouden a WHERE a.deel = d.nr) \
        AND NOT EXISTS (SELECT 1 FROM leveringsdeel x CROSS JOIN levering l ON l.nr = x.levering WHERE x.deel = d.nr \
        AND l.staat IN (0, 3)) ORDER BY d.bericht LIMIT ?2";
    WACHTENDE_DELEN_AF = "UPDATE deel SET wacht = 0 WHERE nr IN (SELECT value FROM json_each(?1))";
    /// The next messages, and of each whether all of its evidence is older than the limit.
    SNOEIBARE_BERICHTEN = "SELECT keuze.nr, keuze.zaak, keuze.casus IS NULL AS los, keuze.aangenomen_op, \
        (keuze.aangenomen_op <= ?2 AND NOT EXISTS (SELECT 1 FROM levering l WHERE l.bericht = keuze.nr \
        AND (l.staat IN (0, 3) OR l.afgehandeld_op > ?2 OR l.gelezen_op > ?2)) \
        AND NOT EXISTS (SELECT 1 FROM aangehouden a WHERE a.bericht = keuze.nr) \
        AND NOT EXISTS (SELECT 1 FROM deel d CROSS JOIN inzage i ON i.deel = d.nr WHERE d.bericht = keuze.nr AND i.tijd > ?2)) AS vrij \
        FROM (SELECT b.nr, b.zaak, b.casus, b.aangenomen_op FROM bericht b WHERE b.nr > ?1 ORDER BY b.nr LIMIT ?3) keuze \
        ORDER BY keuze.nr";
    // `[bericht, …]`: all that there is of them.
    SNOEI_VERKLARINGEN = "DELETE FROM leveringsverklaring WHERE levering IN (SELECT l.nr FROM json_each(?1) k \
        CROSS JOIN levering l ON l.bericht = k.value)";
    SNOEI_BEZORGINGEN = "DELETE FROM bezorging WHERE levering IN (SELECT l.nr FROM json_each(?1) k \
        CROSS JOIN levering l ON l.bericht = k.value)";
    SNOEI_LEVERINGSDELEN = "DELETE FROM leveringsdeel WHERE levering IN (SELECT l.nr FROM json_each(?1) k \
        CROSS JOIN levering l ON l.bericht = k.value)";
    SNOEI_LEVERINGEN = "DELETE FROM levering WHERE bericht IN (SELECT value FROM json_each(?1))";
    SNOEI_INZAGEN = "DELETE FROM inzage WHERE deel IN (SELECT d.nr FROM json_each(?1) k CROSS JOIN deel d ON d.bericht = k.value)";
    SNOEI_WRAPS = "DELETE FROM wrap WHERE deel IN (SELECT d.nr FROM json_each(?1) k CROSS JOIN deel d ON d.bericht = k.value)";
    SNOEI_INHOUD = "DELETE FROM inhoud WHERE deel IN (SELECT d.nr FROM json_each(?1) k CROSS JOIN deel d ON d.bericht = k.value)";
    SNOEI_PLICHTEN = "DELETE FROM plicht WHERE bericht IN (SELECT value FROM json_each(?1))";
    /// Decisions on messages that went to nobody, taken before this message was accepted.
    SNOEI_LOSSE_BESLUITEN = "DELETE FROM besluit WHERE bericht IS NULL AND nr < (SELECT min(s.nr) FROM besluit s WHERE s.bericht = ?1)";
    SNOEI_BESLUITEN = "DELETE FROM besluit WHERE bericht IN (SELECT value FROM json_each(?1))";
    SNOEI_DELEN = "DELETE FROM deel WHERE bericht IN (SELECT value FROM json_each(?1))";
    SNOEI_BERICHTEN = "DELETE FROM bericht WHERE nr IN (SELECT value FROM json_each(?1))";
    /// `[zaak, …]` of messages alone, of which no message is left.
    LOSSE_ZAKEN_BEEINDIGEN = "UPDATE zaak SET casus = 'einde-' || nr, verantwoordelijk = NULL, beeindigd_op = ?2 \
        WHERE nr IN (SELECT value FROM json_each(?1)) AND beeindigd_op IS NULL \
        AND NOT EXISTS (SELECT 1 FROM bericht b WHERE b.zaak = zaak.nr)";
    /// `[zaak, …]` of which a message went: they, and the cases that count as one with them, where none of those has a message left and nothing
    /// is owed of an overview. Nobody closed them.
    VERLATEN_ZAKEN = "SELECT DISTINCT y.nr FROM json_each(?1) k CROSS JOIN zaak z ON z.nr = k.value CROSS JOIN zaak y ON y.groep = z.groep \
        WHERE y.beeindigd_op IS NULL \
        AND NOT EXISTS (SELECT 1 FROM zaak x CROSS JOIN bericht b ON b.zaak = x.nr WHERE x.groep = z.groep) \
        AND NOT EXISTS (SELECT 1 FROM zaak x CROSS JOIN overzicht o ON o.zaak = x.nr WHERE x.groep = z.groep AND o.voldaan_op IS NULL)";
    /// Of the leaves from one place to another: up to where they are older than the limit.
    SNOEIBARE_BLADEN_TOT = "SELECT coalesce((SELECT min(b.nr) FROM blad b WHERE b.nr >= ?1 AND b.nr < ?2 AND b.tijd > ?3), \
        min(?2, (SELECT s.blad FROM stand s WHERE s.id = 1))) AS tot";
    SNOEI_BLADEN = "UPDATE blad SET record = '', opening = zeroblob(32) WHERE nr >= ?1 AND nr < ?2 AND record <> '' \
        AND soort IN (SELECT value FROM json_each(?3))";
    SNOEIBARE_BLADEN = "SELECT nr, opening, record FROM blad WHERE nr >= ?1 AND nr < ?2 AND record <> '' \
        AND soort IN (SELECT value FROM json_each(?3)) ORDER BY nr";
    /// `[[nr, kern], …]`, in hexadecimal digits.
    SNOEI_BLADEN_TOT_KERN = "UPDATE blad SET record = '', opening = unhex(k.value ->> 1) FROM json_each(?1) k \
        WHERE blad.nr = k.value ->> 0";
    TE_BEEINDIGEN_ZAKEN = "SELECT z.nr FROM zaak z WHERE z.gesloten_op <= ?1 AND z.beeindigd_op IS NULL \
        AND NOT EXISTS (SELECT 1 FROM zaak y WHERE y.groep = z.groep AND (y.gesloten_op IS NULL OR y.gesloten_op > ?1)) \
        AND NOT EXISTS (SELECT 1 FROM zaak y CROSS JOIN bericht b ON b.zaak = y.nr CROSS JOIN levering l ON l.bericht = b.nr \
        WHERE y.groep = z.groep AND l.staat IN (0, 3)) \
        AND NOT EXISTS (SELECT 1 FROM zaak y CROSS JOIN bericht b ON b.zaak = y.nr CROSS JOIN aangehouden a ON a.bericht = b.nr \
        WHERE y.groep = z.groep) ORDER BY z.gesloten_op LIMIT ?2";
    // `[zaak, …]`
    ZAAKFEITEN_WEG = "DELETE FROM feit WHERE zaak IN (SELECT value FROM json_each(?1))";
    ZAAKPLEKKEN_WEG = "DELETE FROM deelnemer WHERE zaak IN (SELECT value FROM json_each(?1))";
    ZAAKVERANTWOORDING_WEG = "DELETE FROM verantwoordelijkheid WHERE zaak IN (SELECT value FROM json_each(?1))";
    ZAAKOVERZICHTEN_WEG = "DELETE FROM overzicht WHERE zaak IN (SELECT value FROM json_each(?1))";
    ZAAKTOESTEMMINGEN_WEG = "DELETE FROM toestemming WHERE zaak IN (SELECT value FROM json_each(?1))";
    ZAAKINHOUD_WEG = "DELETE FROM inhoud WHERE deel IN (SELECT d.nr FROM json_each(?1) k CROSS JOIN bericht b ON b.zaak = k.value \
        CROSS JOIN deel d ON d.bericht = b.nr)";
    /// Whoever mints the reference again finds nothing to read.
    ZAAKWRAPS_LEEG = "UPDATE wrap SET wrap = '', sleutel = NULL WHERE deel IN (SELECT d.nr FROM json_each(?1) k \
        CROSS JOIN bericht b ON b.zaak = k.value CROSS JOIN deel d ON d.bericht = b.nr)";
    BERICHTEN_LOSMAKEN = "UPDATE bericht SET casus = NULL WHERE zaak IN (SELECT value FROM json_each(?1))";
    ZAKEN_BEEINDIGEN = "UPDATE zaak SET casus = 'einde-' || nr, verantwoordelijk = NULL, beeindigd_op = ?2 \
        WHERE nr IN (SELECT value FROM json_each(?1))";
    LEGE_ZAKEN = "SELECT z.nr FROM zaak z WHERE z.beeindigd_op > 0 AND NOT EXISTS (SELECT 1 FROM bericht b WHERE b.zaak = z.nr) \
        LIMIT ?1";
    ZAKEN_WEG = "DELETE FROM zaak WHERE nr IN (SELECT value FROM json_each(?1))";
}
