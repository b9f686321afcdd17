//! Every statement of the store on PostgreSQL, here and in `sql/`: the test on query plans reads them all. `sqlite/sql.rs` has the
//! same. Keys come as one JSON array; numbers in it are cast, and what is read as a number is a `bigint`.

/// What is done with the parts that nobody waits for any more. Each condition is asked of each of those parts, `OFFSET 0` says so: else
/// the statistics of a table that was small a minute ago make a walk along all parts of it.
macro_rules! vrije_delen {
    ($begin:literal, $einde:literal) => {
        concat!(
            $begin,
            "SELECT keuze.deel FROM (SELECT ld.deel FROM jsonb_array_elements($1::jsonb) k(value) JOIN leveringsdeel ld \
            ON ld.levering = k.value::bigint \
            UNION SELECT value::bigint FROM jsonb_array_elements($2::jsonb) j(value)) keuze \
            WHERE (SELECT d.wacht FROM deel d WHERE d.nr = keuze.deel) = 0 \
            AND NOT EXISTS (SELECT 1 FROM aangehouden a WHERE a.deel = keuze.deel OFFSET 0) \
            AND NOT EXISTS (SELECT 1 FROM leveringsdeel x JOIN levering l ON l.nr = x.levering \
            WHERE x.deel = keuze.deel AND l.staat NOT IN (1, 4, 5) AND (l.staat <> 2 OR l.uiterlijk IS NOT NULL) OFFSET 0)",
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
    /// How far the counters are. Whoever holds this row writes, of all processes on the database; who dies lets it go.
    STAND = "SELECT gids, bericht, deel, levering, zaak, blad, beleid, gewezen, herzien FROM stand WHERE id = 1 \
        FOR UPDATE";
    STAND_BIJWERKEN = "UPDATE stand SET gids = $1, bericht = $2, deel = $3, levering = $4, zaak = $5, blad = $6, beleid = $7, \
        gewezen = $8, herzien = $9 WHERE id = 1";

    // A batch is one transaction. Each sees what was committed before it got the row of the counters (READ COMMITTED).
    BEGIN = "BEGIN";
    COMMIT = "COMMIT";
    ROLLBACK = "ROLLBACK";

    // What a batch looks up before it writes. Of keys without one nothing is asked.
    /// `[[id, van], …]`
    BEKENDE_BERICHTEN = "SELECT b.van, b.id, b.digest, b.ontvangstbewijs FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN bericht b ON b.id = k.value ->> 0 AND b.van = k.value ->> 1";
    /// `[id, …]`
    BEKENDE_DELEN = "SELECT d.id, d.nr FROM jsonb_array_elements($1::jsonb) k(value) JOIN deel d ON d.id = k.value #>> '{}'";
    /// `[[id, van], …]`
    BERICHTNUMMERS = "SELECT b.van, b.id, b.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN bericht b ON b.id = k.value ->> 0 AND b.van = k.value ->> 1";
    /// `[[id, van, ontvanger], …]`: what is held of a message for someone.
    BEKENDE_AANGEHOUDEN = "SELECT a.bericht, a.ontvanger, a.deel FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN bericht b ON b.id = k.value ->> 0 AND b.van = k.value ->> 1 \
        JOIN aangehouden a ON a.ontvanger = k.value ->> 2 AND a.bericht = b.nr";
    /// `[casus, …]`: these cases, and those joined with them.
    BEKENDE_ZAKEN = "SELECT z.nr, z.casus, z.geopend_door, z.geopend_op, z.verantwoordelijk, z.stand, z.groep, z.herzien, \
        z.gesloten_op, (SELECT coalesce(json_agg(json_build_object('partner', d.partner, 'rol', d.rol, 'vanaf', d.vanaf, \
        'tot', d.tot) ORDER BY d.partner), '[]')::text \
        FROM deelnemer d WHERE d.zaak = z.nr) AS deelnemers \
        FROM (SELECT DISTINCT y.groep FROM jsonb_array_elements($1::jsonb) k(value) JOIN zaak y ON y.casus = k.value #>> '{}') g \
        JOIN zaak z ON z.groep = g.groep";
    /// `[id, …]`
    BEKENDE_LEVERINGEN = "SELECT l.nr, l.id, l.ontvanger, l.staat, l.gelezen_op, l.weigering, l.herzien, l.uiterlijk \
        FROM jsonb_array_elements($1::jsonb) k(value) JOIN levering l ON l.id = k.value #>> '{}'";
    /// `[[ontvanger, nonce], …]`
    BEKENDE_NONCES = "SELECT i.ontvanger, i.nonce FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN inzage i ON i.ontvanger = k.value ->> 0 AND i.nonce = k.value ->> 1";
    /// `[[partner, jti], …]`
    BEKENDE_JTIS = "SELECT j.partner, j.jti FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN jti j ON j.partner = k.value ->> 0 AND j.jti = k.value ->> 1";
    JTIS_OPRUIMEN = "DELETE FROM jti WHERE verloopt <= $1";

    /// `[[nr, staat, afgehandeld_op, weigering, gelezen_op, herzien, besluiten, beleid, tot, uiterlijk], …]`
    LEVERINGEN_BIJWERKEN = "UPDATE levering SET staat = (k.value ->> 1)::bigint, \
        afgehandeld_op = coalesce((k.value ->> 2)::bigint, afgehandeld_op), weigering = coalesce(k.value ->> 3, weigering), \
        gelezen_op = coalesce(gelezen_op, (k.value ->> 4)::bigint), herzien = (k.value ->> 5)::bigint, \
        besluiten = coalesce(k.value ->> 6, besluiten), beleid = coalesce((k.value ->> 7)::bigint, beleid), \
        tot = CASE WHEN k.value ->> 7 IS NULL THEN tot ELSE (k.value ->> 8)::bigint END, \
        uiterlijk = (k.value ->> 9)::bigint \
        FROM jsonb_array_elements($1::jsonb) k(value) WHERE levering.nr = (k.value ->> 0)::bigint";
    /// `[[bericht, ontvanger], …]`
    AANGEHOUDEN_WEG = "DELETE FROM aangehouden USING jsonb_array_elements($1::jsonb) k(value) \
        WHERE aangehouden.ontvanger = k.value ->> 1 AND aangehouden.bericht = (k.value ->> 0)::bigint";
    /// `[[bericht, ontvanger, deel], …]`: what is kept for a fallback that its owner gave itself. The next two in one hop.
    TERUGVAL_WEG = "DELETE FROM aangehouden USING jsonb_array_elements($1::jsonb) k(value) \
        WHERE aangehouden.ontvanger = k.value ->> 1 AND aangehouden.bericht = (k.value ->> 0)::bigint \
        AND aangehouden.deel = (k.value ->> 2)::bigint";
    TERUGVALWRAPS_WEG = "DELETE FROM wrap WHERE nr = ANY (ARRAY(SELECT w.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        CROSS JOIN LATERAL (SELECT x.nr FROM wrap x WHERE x.deel = (k.value ->> 2)::bigint AND x.ontvanger = k.value ->> 1 \
        AND x.wijze = 'terugval' OFFSET 0) w))";
    /// `[levering, …]` that ended, `[deel, …]` that are held no more: of their parts those that nobody waits for any more (R40) lose
    /// their content: neither held, nor kept for a fallback, nor in a delivery that is open, held, or refused and within its term.
    VRIJE_INHOUD_WISSEN = vrije_delen!("DELETE FROM inhoud WHERE deel IN (", ")");
    /// And with it the keys that travelled along.
    VRIJE_WRAPS_WISSEN = vrije_delen!("DELETE FROM wrap WHERE deel IN (", ") AND wijze <> 'inzage'");
    /// The next two in one hop.
    INHOUD_WISSEN = "DELETE FROM inhoud WHERE deel = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    WRAPS_WISSEN = "DELETE FROM wrap WHERE deel = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value))) \
        AND wijze <> 'inzage'";
    /// `[[bericht, van, [deel, …]], …]`: these parts of a message, or all of them where none is named.
    TERUGGENOMEN_DELEN = "SELECT d.nr FROM jsonb_array_elements($1::jsonb) k(value) JOIN bericht b ON b.id = k.value ->> 0 \
        AND b.van = k.value ->> 1 JOIN deel d ON d.bericht = b.nr WHERE jsonb_array_length(k.value -> 2) = 0 \
        OR k.value -> 2 ? d.id";
    /// With the two above it in one hop. That it was given, and for what, stays; the key goes.
    WRAPS_LEEGMAKEN = "UPDATE wrap SET wrap = '', sleutel = NULL \
        WHERE deel = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";

    // Messages.
    ONTVANGSTBEWIJS = "SELECT digest, ontvangstbewijs FROM bericht WHERE id = $2 AND van = $1";
    STATUS = "SELECT nr, aangenomen_op, ontvangstbewijs FROM bericht WHERE id = $2 AND van = $1";
    /// An answer counts when its sender got the message, and it is about the same case.
    STATUS_LEVERINGEN = "SELECT l.ontvanger, l.staat, l.afgehandeld_op, l.gelezen_op, l.weigering, (SELECT v.verklaring \
        FROM leveringsverklaring v WHERE v.levering = l.nr AND v.soort = 'ontvangst') AS ontvangst, a.id AS antwoord, \
        a.aangenomen_op AS beantwoord_op, p.pogingen, p.laatste, p.reden, p.volgende, p.bezorgd_op, p.dood_op, p.grens \
        FROM bericht b JOIN levering l ON l.bericht = b.nr LEFT JOIN bezorging p ON p.levering = l.nr LEFT JOIN bericht a \
        ON a.nr = \
        (SELECT min(x.nr) FROM bericht x WHERE x.antwoord_op = b.id AND x.van = l.ontvanger AND x.casus IS NOT DISTINCT \
        FROM b.casus AND x.nr > b.nr) \
        WHERE b.nr = $1 ORDER BY l.ontvanger";
    STATUS_INZAGEN = "SELECT d.id AS deel, i.ontvanger, i.functie, i.doel, i.tijd FROM deel d JOIN inzage i ON i.deel = d.nr \
        WHERE d.bericht = $1 ORDER BY i.nr";
    BEANTWOORD = "SELECT b.van, b.berichttype, b.casus, (SELECT coalesce(json_agg(l.ontvanger ORDER BY l.nr), '[]')::text \
        FROM levering l \
        WHERE l.bericht = b.nr) AS ontvangers, \
        (SELECT coalesce(json_agg(l.ontvanger ORDER BY l.nr), '[]')::text FROM levering l \
        WHERE l.bericht = b.nr AND l.staat NOT IN (3, 4)) AS bereikt, \
        (SELECT min(l.baan) FROM levering l WHERE l.bericht = b.nr) AS baan FROM bericht b WHERE b.id = $1 ORDER BY b.nr";
    BERICHTTEKST = "SELECT bericht FROM bericht WHERE id = $2 AND van = $1";
    BESLUITEN = "SELECT s.nr, b.van, b.id AS bericht, s.deel, s.ontvanger, s.uitkomst, s.record FROM besluit s \
        LEFT JOIN bericht b ON b.nr = s.bericht WHERE s.nr > $1 ORDER BY s.nr LIMIT $2";
    DEELHOUDERS = "SELECT b.van, b.id AS bericht_id, b.casus, d.categorie, (SELECT coalesce(json_agg(l.ontvanger ORDER BY \
        l.nr), '[]')::text \
        FROM leveringsdeel ld JOIN levering l ON l.nr = ld.levering WHERE ld.deel = d.nr) AS houders, \
        (SELECT coalesce(json_agg(l.ontvanger ORDER BY l.nr), '[]')::text FROM leveringsdeel ld JOIN levering l ON l.nr = ld.levering \
        WHERE ld.deel = d.nr AND l.staat NOT IN (3, 4)) AS bereikt \
        FROM deel d JOIN bericht b ON b.nr = d.bericht WHERE d.id = $1";
    GEKREGEN_DELEN = "SELECT d.id AS deel FROM bericht b JOIN deel d ON d.bericht = b.nr WHERE b.id = $2 AND b.van = $1 \
        AND EXISTS (SELECT 1 FROM leveringsdeel ld JOIN levering l ON l.nr = ld.levering \
        WHERE ld.deel = d.nr AND l.ontvanger = $3) ORDER BY d.nr";
    TELLINGEN = "SELECT soort, sleutel, aantal FROM telling";

    // Deliveries.
    /// Of one lane, behind a place in it; only what was decided on the facts of now.
    OPEN_NUMMERS = "SELECT l.nr, l.omvang FROM levering l JOIN bericht b ON b.nr = l.bericht \
        LEFT JOIN zaak z ON z.nr = b.zaak WHERE l.ontvanger = $1 AND l.staat = 0 AND l.baan = $2 AND l.nr > $3 \
        AND l.herzien = coalesce((SELECT sum(y.herzien) FROM zaak y WHERE y.groep = z.groep), 0) ORDER BY l.nr LIMIT $4";
    /// `[levering, …]`
    OPEN_LEVERINGEN = "SELECT l.nr, l.id, l.bericht AS volgnummer, l.baan, l.besluiten, b.van, b.id AS bericht_id, \
        b.berichttype, b.casus, b.bron, b.bericht, b.aangenomen_op FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY \
        k(value, key) JOIN levering l ON l.nr = k.value::bigint \
        JOIN bericht b ON b.nr = l.bericht ORDER BY k.key";
    /// `[levering, …]` of one recipient; its wrap only where the key travels along.
    OPEN_DELEN = "SELECT ld.levering, d.id AS deel, d.labels, i.jwe, d.eigenaarsbewijs, ld.wijze, i.wraps, i.sleutel, w.wrap, w.toegang, \
        w.sleutel AS wrapsleutel FROM \
        jsonb_array_elements($1::jsonb) WITH ORDINALITY k(value, key) \
        JOIN leveringsdeel ld ON ld.levering = k.value::bigint JOIN deel d ON d.nr = ld.deel \
        JOIN inhoud i ON i.deel = d.nr LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = $2 AND w.doel = ld.doel \
        AND ld.wijze = 'meegeleverd' \
        ORDER BY k.key, ld.volgorde";
    LEVERING_VAN = "SELECT b.van, b.id AS bericht_id, b.bericht, l.staat, (SELECT coalesce(json_agg(d.id ORDER BY \
        ld.volgorde), '[]')::text \
        FROM leveringsdeel ld JOIN deel d ON d.nr = ld.deel WHERE ld.levering = l.nr) AS delen FROM levering l JOIN \
        bericht b ON b.nr = l.bericht \
        WHERE l.id = $2 AND l.ontvanger = $1";
    INZAGEDEEL = "SELECT b.van, d.labels, w.wijze, w.wrap, w.toegang, w.sleutel AS wrapsleutel, i.wraps, i.sleutel FROM deel d JOIN bericht b ON b.nr = d.bericht \
        LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = $1 LEFT JOIN inhoud i ON i.deel = d.nr \
        WHERE d.id = $2 AND EXISTS (SELECT 1 FROM leveringsdeel ld \
        JOIN levering l ON l.nr = ld.levering WHERE ld.deel = d.nr AND l.ontvanger = $1 AND l.staat NOT IN (2, 5)) \
        ORDER BY w.doel = $3 DESC, w.doel = '' DESC LIMIT 1";
    /// The wrap of this recipient for this purpose ('': that of the part), whether a delivery with it is still open, and whether it waits.
    LIGGENDE_TOEGANG = "SELECT w.wijze, w.toegang, i.wraps, (EXISTS (SELECT 1 FROM leveringsdeel ld JOIN levering l ON l.nr = ld.levering \
        WHERE ld.deel = d.nr AND ld.doel = $3 AND l.ontvanger = $1 AND l.staat IN (0, 3)))::int::bigint AS open, \
        ($3 = '' AND EXISTS (SELECT 1 FROM aangehouden a WHERE a.deel = d.nr AND a.ontvanger = $1))::int::bigint AS wacht FROM deel d \
        LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = $1 AND w.doel = $3 LEFT JOIN inhoud i ON i.deel = d.nr WHERE d.id = $2";

    TOEGANGSDEEL = "SELECT b.id AS bericht, d.labels, d.digest, i.jwe AS inhoud FROM deel d JOIN bericht b ON b.nr = d.bericht \
        LEFT JOIN inhoud i ON i.deel = d.nr WHERE d.id = $2 AND b.van = $1";
    /// `[[deel, ontvanger, doel], …]` (no `doel`: that of the part): whether the content is there, whether that recipient has a wrap for that,
    /// and whether it has one that was only kept for a fallback.
    BEKENDE_TOEGANGEN = "SELECT d.id AS deel, k.value ->> 1 AS ontvanger, k.value ->> 2 AS doel, \
        (EXISTS (SELECT 1 FROM inhoud i WHERE i.deel = d.nr OFFSET 0))::int::bigint AS inhoud, \
        (EXISTS (SELECT 1 FROM wrap w WHERE w.deel = d.nr AND w.ontvanger = k.value ->> 1 AND w.doel = coalesce(k.value ->> 2, '') OFFSET 0) \
        OR k.value ->> 2 IS NULL AND EXISTS (SELECT 1 FROM inhoud i CROSS JOIN jsonb_array_elements(i.wraps::jsonb) w(value) WHERE i.deel = d.nr \
        AND w.value ->> 0 = k.value ->> 1))::int::bigint AS wrap, \
        (EXISTS (SELECT 1 FROM wrap w WHERE w.deel = d.nr AND w.ontvanger = k.value ->> 1 AND w.wijze = 'terugval' \
        AND NOT EXISTS (SELECT 1 FROM leveringsdeel ld JOIN levering l ON l.nr = ld.levering \
        WHERE ld.deel = d.nr AND l.ontvanger = w.ontvanger AND l.staat NOT IN (4, 5))))::int::bigint AS bewaard \
        FROM jsonb_array_elements($1::jsonb) k(value) JOIN deel d ON d.id = k.value ->> 0";

    // Cases. One statement is one snapshot: the facts and the state that they belong to.
    ZAAKSTAND = "SELECT (SELECT sum(y.stand)::bigint FROM zaak y WHERE y.groep = z.groep) AS stand, z.verantwoordelijk, \
        z.gesloten_op, \
        (SELECT coalesce(json_agg(json_build_object('partner', d.partner, 'rol', d.rol, 'vanaf', d.vanaf, 'tot', d.tot) ORDER BY d.partner), \
        '[]')::text \
        FROM deelnemer d WHERE d.zaak = z.nr AND d.rol <> 'nee') AS deelnemers, \
        (SELECT coalesce(json_agg(v.overdracht ORDER BY v.stand), '[]')::text FROM verantwoordelijkheid v WHERE v.zaak = \
        z.nr AND v.overdracht IS NOT NULL) \
        AS overgenomen, \
        (SELECT coalesce(json_agg(t.record::json ORDER BY t.zaak, t.geregistreerd_door, t.persoon, t.eigenaar, \
        t.volgnummer), '[]')::text \
        FROM zaak y JOIN toestemming t ON t.zaak = y.nr WHERE y.groep = z.groep \
        AND NOT EXISTS (SELECT 1 FROM toestemming n WHERE n.zaak = t.zaak AND n.geregistreerd_door = t.geregistreerd_door \
        AND n.persoon = t.persoon AND n.eigenaar = t.eigenaar AND n.volgnummer > t.volgnummer \
        AND (n.record::jsonb ->> 'stand' <> 'ingetrokken' OR t.record::jsonb ->> 'stand' = 'ingetrokken') \
        AND (coalesce(n.record::jsonb ->> 'door', 'betrokkene') = 'betrokkene' OR \
        (n.record::jsonb ->> 'door' IS NOT DISTINCT FROM t.record::jsonb ->> 'door' \
        AND n.record::jsonb ->> 'gezag' IS NOT DISTINCT FROM t.record::jsonb ->> 'gezag')) \
        AND coalesce(t.record::jsonb -> 'ontvangers', '[]') <@ coalesce(n.record::jsonb -> 'ontvangers', '[]') \
        AND coalesce(t.record::jsonb -> 'categorieen', '[]') <@ coalesce(n.record::jsonb -> 'categorieen', '[]') \
        AND coalesce(t.record::jsonb -> 'doelen', '[]') <@ coalesce(n.record::jsonb -> 'doelen', '[]') \
        )) AS toestemmingen, \
        (SELECT coalesce(json_agg(json_build_array(y.casus, f.soort, f.onderwerp, f.door, f.volgnummer, f.bericht, f.record) \
        ORDER BY f.nr), '[]')::text \
        FROM zaak y JOIN feit f ON f.zaak = y.nr WHERE y.groep = z.groep AND NOT EXISTS (SELECT 1 FROM feit n \
        WHERE n.zaak = f.zaak AND n.soort = f.soort AND n.onderwerp = f.onderwerp AND n.door = f.door \
        AND n.volgnummer > f.volgnummer)) AS feiten \
        FROM zaak z WHERE z.casus = $1";

    /// Refused and lapsed deliveries are none. Each with the newest decision that let it go, for the purpose that it went for.
    GELEVERD_VAN = "SELECT l.ontvanger, d.labels, coalesce((SELECT x.record FROM besluit x WHERE x.bericht = b.nr \
        AND x.ontvanger = l.ontvanger AND x.deel = d.id AND x.uitkomst IN ('toestaan', 'toestaan-met-plicht') \
        AND x.record::jsonb -> 'verzoek' ->> 'doel' = coalesce(nullif(ld.doel, ''), d.doel) ORDER BY x.nr DESC LIMIT 1), \
        (SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = l.ontvanger AND x.deel = d.id \
        ORDER BY x.nr DESC LIMIT 1)) AS record FROM zaak z \
        JOIN bericht b ON b.zaak = z.nr JOIN deel d ON d.bericht = b.nr JOIN leveringsdeel ld ON ld.deel = d.nr \
        JOIN levering l ON l.nr = ld.levering \
        WHERE z.casus = $1 AND d.eigenaar = $2 AND l.staat IN (0, 1, 3) ORDER BY l.nr, ld.volgorde";

    /// `[[van, bericht, zaak], …]`: of messages without a case.
    BERICHTEN_VERBINDEN = "UPDATE bericht SET zaak = (k.value ->> 2)::bigint FROM jsonb_array_elements($1::jsonb) k(value) \
        WHERE bericht.id = k.value ->> 1 AND bericht.van = k.value ->> 0 AND bericht.casus IS NULL";

    // Duties.
    /// With what persons asked for themselves (R33).
    OPEN_PLICHTEN = "SELECT * FROM (SELECT pl.soort, pl.regel, b.id AS bericht, pl.schuldenaar, pl.uiterlijk, pl.voldaan_op, \
        pl.voldaan_door, pl.uitkomst \
        FROM plicht pl JOIN bericht b ON b.nr = pl.bericht WHERE pl.schuldenaar = $1 AND pl.voldaan_op IS NULL \
        ORDER BY pl.uiterlijk LIMIT $2) keuze UNION ALL SELECT * FROM (SELECT 'overzicht-geven', 33::bigint, o.verzoek, o.organisatie, \
        o.uiterlijk, o.voldaan_op, o.voldaan_door, NULL::text FROM overzicht o WHERE o.organisatie = $1 AND o.voldaan_op IS NULL \
        ORDER BY o.uiterlijk LIMIT $2) keuze ORDER BY uiterlijk LIMIT $2";
    /// As [`PLICHTEN_VOLDOEN`]: who asked was told. What is put off is not told, and the term of the law stands.
    OVERZICHTEN_VOLDOEN = "UPDATE overzicht SET voldaan_op = (k.value ->> 5)::bigint, voldaan_door = k.value ->> 6 \
        FROM jsonb_array_elements($1::jsonb) k(value) \
        WHERE overzicht.organisatie = k.value ->> 0 AND overzicht.voldaan_op IS NULL AND k.value ->> 2 = 'transparantiebericht' \
        AND k.value ->> 4 IS NULL AND overzicht.persoon = k.value ->> 3 \
        AND overzicht.zaak = (SELECT z.nr FROM zaak z WHERE z.casus = k.value ->> 1)";
    /// Parts of a case about a person (`[persoon, …]`, by its references: 128 random bits each), received, behind a place.
    ONTVANGEN_OVER = "SELECT b.nr AS bericht, l.nr AS levering, ld.volgorde, l.id, b.berichttype, b.aangenomen_op, l.ontvanger, \
        l.afgehandeld_op AS ontvangen_op, d.labels, \
        coalesce(nullif(ld.doel, ''), (SELECT d.doel FROM besluit s WHERE s.bericht = b.nr AND s.deel = d.id AND s.ontvanger = l.ontvanger \
        AND s.uitkomst IN ('toestaan', 'toestaan-met-plicht') AND s.record::jsonb -> 'verzoek' ->> 'doel' = d.doel LIMIT 1), \
        (SELECT s.record::jsonb -> 'verzoek' ->> 'doel' FROM besluit s WHERE s.bericht = b.nr AND s.deel = d.id \
        AND s.ontvanger = l.ontvanger ORDER BY s.nr DESC LIMIT 1)) AS doel \
        FROM zaak z JOIN bericht b ON b.zaak = z.nr JOIN levering l ON l.bericht = b.nr \
        JOIN leveringsdeel ld ON ld.levering = l.nr JOIN deel d ON d.nr = ld.deel \
        WHERE z.casus = $1 AND b.nr >= $3 AND (b.nr, l.nr, ld.volgorde) > ($3, $4, $5) AND l.staat = 1 \
        AND EXISTS (SELECT 1 FROM jsonb_array_elements_text($2::jsonb) p(value) WHERE strpos(d.labels, p.value) > 0) \
        ORDER BY b.nr, l.nr, ld.volgorde LIMIT $6";
    /// As [`ONTVANGEN_OVER`], of one delivery by its number.
    ONTVANGEN_PLEK = "SELECT b.nr AS bericht, l.nr AS levering FROM levering l JOIN bericht b ON b.nr = l.bericht \
        JOIN zaak z ON z.nr = b.zaak WHERE l.id = $3 AND z.casus = $1 AND l.staat = 1 AND EXISTS (SELECT 1 FROM leveringsdeel ld \
        JOIN deel d ON d.nr = ld.deel CROSS JOIN jsonb_array_elements_text($2::jsonb) p(value) \
        WHERE ld.levering = l.nr AND strpos(d.labels, p.value) > 0)";
    GEKOPPELDE_ZAKEN = "SELECT y.casus FROM zaak z JOIN zaak y ON y.groep = z.groep WHERE z.casus = $1 AND y.nr <> z.nr ORDER BY y.nr";
    PLICHTEN_VAN = "SELECT pl.soort, pl.regel, b.id AS bericht, pl.schuldenaar, pl.uiterlijk, pl.voldaan_op, \
        pl.voldaan_door, pl.uitkomst \
        FROM bericht b JOIN plicht pl ON pl.bericht = b.nr WHERE b.id = $2 AND b.van = $1 ORDER BY pl.nr";
    /// `[[van, bericht], …]`: the review of each message, if it is owed.
    BEKENDE_TOETSEN = "SELECT b.van, b.id AS bericht, pl.nr, pl.voldaan_op FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN bericht b ON b.id = k.value ->> 1 AND b.van = k.value ->> 0 \
        JOIN plicht pl ON pl.bericht = b.nr AND pl.soort = 'toets-achteraf' AND pl.schuldenaar = b.van ORDER BY pl.nr DESC";
    /// `[[nr, tijd, uitkomst, verklaring], …]`
    PLICHTEN_GETOETST = "UPDATE plicht SET voldaan_op = (k.value ->> 1)::bigint, uitkomst = k.value ->> 2, verklaring = \
        k.value ->> 3 \
        FROM jsonb_array_elements($1::jsonb) k(value) WHERE plicht.nr = (k.value ->> 0)::bigint";
    /// Of messages accepted from one instant up to another: by sender how many owe a review, and of how many it was done.
    NOODGEBRUIK = "SELECT pl.schuldenaar, count(DISTINCT pl.bericht) AS aantal, \
        count(DISTINCT CASE WHEN pl.voldaan_op IS NOT NULL THEN pl.bericht END) AS getoetst FROM plicht pl \
        JOIN bericht b ON b.nr = pl.bericht WHERE pl.soort = 'toets-achteraf' AND pl.bericht > 0 AND b.aangenomen_op >= $1 \
        AND b.aangenomen_op < $2 GROUP BY pl.schuldenaar ORDER BY pl.schuldenaar";
    /// `[[schuldenaar, casus, soort, over, uitstel, tijd, bericht], …]`: own duties in the case, met or put off.
    PLICHTEN_VOLDOEN = "UPDATE plicht SET uiterlijk = coalesce((k.value ->> 4)::bigint, uiterlijk), \
        voldaan_op = CASE WHEN k.value ->> 4 IS NULL THEN (k.value ->> 5)::bigint END, \
        voldaan_door = CASE WHEN k.value ->> 4 IS NULL THEN k.value ->> 6 END \
        FROM jsonb_array_elements($1::jsonb) k(value) WHERE plicht.schuldenaar = k.value ->> 0 AND plicht.voldaan_op IS NULL \
        AND plicht.soort = k.value ->> 2 AND plicht.over = k.value ->> 3 \
        AND (SELECT b.casus FROM bericht b WHERE b.nr = plicht.bericht) IS NOT DISTINCT FROM k.value ->> 1 \
        AND (SELECT b.id FROM bericht b WHERE b.nr = plicht.bericht) <> k.value ->> 6";
    /// `[[levering, tijd], …]` that a human has read: use stops (R11).
    PLICHTEN_GELEZEN = "UPDATE plicht SET voldaan_op = (SELECT min((k.value ->> 1)::bigint) FROM \
        jsonb_array_elements($1::jsonb) k(value) \
        JOIN levering l ON l.nr = (k.value ->> 0)::bigint WHERE l.bericht = plicht.bericht AND l.ontvanger = plicht.ontvanger) \
        WHERE plicht.nr IN (SELECT x.nr FROM jsonb_array_elements($1::jsonb) k(value) JOIN levering l ON l.nr = (k.value \
        ->> 0)::bigint \
        JOIN plicht x ON x.bericht = l.bericht AND x.ontvanger = l.ontvanger \
        WHERE x.soort = 'gebruik-staken' AND x.voldaan_op IS NULL)";

    // What must be decided again: deliveries, and what is held without one. Then the parts of each.
    /// Moves whenever there may be something; and whether anything that is held ran out in a span of time.
    HERZIENSTAND = "SELECT s.herzien, s.gids, s.beleid, s.blad, (EXISTS (SELECT 1 FROM aangehouden a WHERE a.tot > $1 AND a.tot <= $2) \
        OR EXISTS (SELECT 1 FROM aangehouden a WHERE a.vanaf > $1 AND a.vanaf <= $2) OR EXISTS (SELECT 1 FROM levering l WHERE l.staat = 3 AND l.tot > $1 AND l.tot <= $2))::int::bigint AS verlopen \
        FROM stand s WHERE s.id = 1";
    /// One look: the number of a delivery, or of a message of which something is held.
    TE_HERZIEN = "(SELECT 'levering' AS wat, l.nr FROM levering l JOIN bericht b ON b.nr = l.bericht \
        JOIN zaak z ON z.nr = b.zaak WHERE l.ontvanger = $1 AND l.staat = 0 \
        AND l.herzien <> (SELECT sum(y.herzien) FROM zaak y WHERE y.groep = z.groep) ORDER BY l.baan, l.nr LIMIT $2) UNION ALL \
        (SELECT 'levering', l.nr FROM levering l JOIN bericht b ON b.nr = l.bericht JOIN zaak z ON z.nr = b.zaak \
        JOIN stand s ON s.id = 1 WHERE l.ontvanger = $1 AND l.staat = 3 AND (l.beleid <> s.beleid OR l.tot <= $3 \
        OR l.herzien <> (SELECT sum(y.herzien) FROM zaak y WHERE y.groep = z.groep)) ORDER BY l.nr LIMIT $2) UNION ALL \
        (SELECT 'bericht', a.bericht FROM aangehouden a JOIN bericht b ON b.nr = a.bericht JOIN stand s ON s.id = 1 \
        LEFT JOIN zaak z ON z.nr = b.zaak WHERE a.ontvanger = $1 AND (a.vanaf <= $3 OR a.vanaf IS NULL AND (a.gids <> s.gids \
        OR a.beleid <> s.beleid OR a.tot <= $3 \
        OR a.herzien <> coalesce((SELECT sum(y.herzien) FROM zaak y WHERE y.groep = z.groep), 0))) ORDER BY a.bericht LIMIT $2) \
        LIMIT $2";
    /// `[levering, …]`; a row per part, one row without a part for the statement itself.
    HERZIENBARE_LEVERINGEN = "SELECT l.nr AS groep, b.van, b.id AS bericht_id, b.berichttype, b.casus, b.antwoord_op, \
        b.convenant, \
        b.urgentie, l.ontvanger, l.functie, l.id AS levering, d.id AS deel, d.labels, coalesce(ld.wijze, 'meegeleverd') \
        AS wijze, \
        coalesce((SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = l.ontvanger \
        AND x.deel IS NOT DISTINCT FROM d.id AND x.record::jsonb #>> '{verzoek,doel}' = coalesce(nullif(ld.doel, ''), d.doel) ORDER BY x.nr DESC LIMIT 1), \
        (SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = l.ontvanger AND x.deel IS NOT DISTINCT FROM d.id \
        ORDER BY x.nr DESC LIMIT 1)) AS record, w.toegang, i.wraps FROM jsonb_array_elements($1::jsonb) k(value) JOIN levering l ON l.nr = \
        k.value::bigint \
        JOIN bericht b ON b.nr = l.bericht LEFT JOIN leveringsdeel ld ON ld.levering = l.nr \
        LEFT JOIN deel d ON d.nr = ld.deel LEFT JOIN inhoud i ON i.deel = d.nr \
        LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = l.ontvanger AND w.doel = ld.doel ORDER BY l.nr, ld.volgorde";
    /// `[bericht, …]` of one recipient.
    HERZIENBARE_AANGEHOUDEN = "SELECT b.nr AS groep, b.van, b.id AS bericht_id, b.berichttype, b.casus, b.antwoord_op, \
        b.convenant, \
        b.urgentie, a.ontvanger, a.functie, NULL::text AS levering, d.id AS deel, d.labels, a.wijze, \
        coalesce((SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = a.ontvanger \
        AND x.deel IS NOT DISTINCT FROM d.id AND x.record::jsonb #>> '{verzoek,doel}' = d.doel ORDER BY x.nr DESC LIMIT 1), \
        (SELECT x.record FROM besluit x WHERE x.bericht = b.nr AND x.ontvanger = a.ontvanger AND x.deel IS NOT DISTINCT FROM d.id \
        ORDER BY x.nr DESC LIMIT 1)) AS record, w.toegang, i.wraps FROM jsonb_array_elements($1::jsonb) k(value) JOIN aangehouden a ON \
        a.ontvanger = $2 \
        AND a.bericht = k.value::bigint JOIN bericht b ON b.nr = a.bericht LEFT JOIN deel d ON d.nr = a.deel LEFT JOIN inhoud i ON i.deel = d.nr \
        LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = a.ontvanger AND w.doel = '' ORDER BY b.nr, a.nr";

    /// Held under a plan that has changed since, or beyond the instant at which it changed; or kept until an instant that has come.
    AANGEHOUDEN_ONDER_ANDER_BELEID = "SELECT a.ontvanger FROM stand s JOIN aangehouden a ON a.beleid < s.beleid WHERE s.id = 1 \
        AND a.vanaf IS NULL UNION SELECT a.ontvanger FROM aangehouden a WHERE a.tot <= $1 AND a.vanaf IS NULL \
        UNION SELECT a.ontvanger FROM aangehouden a WHERE a.vanaf <= $1 \
        UNION SELECT l.ontvanger FROM stand s JOIN levering l ON l.staat = 3 AND l.beleid < s.beleid WHERE s.id = 1 \
        UNION SELECT l.ontvanger FROM levering l WHERE l.staat = 3 AND l.tot <= $1";

    // Directory, with its state in the same snapshot.
    GIDSEN = "SELECT s.gids AS stand, g.oin, g.record, \
        (SELECT coalesce(json_agg(b.verklaring ORDER BY b.digest)::text, '[]') FROM bevriezing b WHERE b.oin = g.oin) AS bevroren FROM stand s LEFT JOIN gids g ON true WHERE s.id = 1 ORDER BY g.oin";

    // Policy versions: few of them, with long content that is read alone.
    /// `[digest, …]`
    BEKENDE_VERSIES = "SELECT v.nr, v.digest, v.convenant, v.tabellen_digest, \
        (SELECT max(s.nummer) FROM versiestap s WHERE s.versie = v.nr) AS stand FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN versie v ON v.digest = k.value #>> '{}'";
    HOOGSTE_VERSIE = "SELECT max(nr) AS nr FROM versie";
    /// `[convenant, …]`
    BEKENDE_PLANNEN = "SELECT p.convenant, p.volgnummer, p.versie, p.ingang, p.ingetrokken, p.activering, p.bundel \
        FROM jsonb_array_elements($1::jsonb) k(value) JOIN beleidsplan p ON p.convenant = k.value #>> '{}' ORDER BY \
        p.convenant, p.volgnummer";
    VERSIES = "SELECT v.digest, v.convenant, v.nummer, v.tabellen_digest, v.auteur, s.nummer AS stand, s.staat FROM versie v \
        JOIN versiestap s ON s.versie = v.nr \
        AND s.nummer = (SELECT max(x.nummer) FROM versiestap x WHERE x.versie = v.nr) \
        WHERE $1::text IS NULL OR v.convenant = $1 ORDER BY v.nr DESC";
    VERSIE_EN_STAPPEN = "SELECT v.digest, v.convenant, v.nummer AS versienummer, v.tabellen_digest, v.auteur, s.nummer, s.soort, \
        s.staat, s.tijd, s.door, s.functie, s.verklaring, s.uitslag FROM versie v \
        JOIN versiestap s ON s.versie = v.nr WHERE v.digest = $1 ORDER BY s.nummer";
    VERSIE_INHOUD = "SELECT digest, convenant, nummer, tabellen_digest, auteur, bundel, tabellen FROM versie WHERE digest = $1";
    /// The line in force at $1, and those after it; with the state in the same snapshot.
    PLAN = "SELECT s.beleid AS stand, p.convenant, p.volgnummer, p.versie, p.ingang, p.activering, p.bundel FROM stand s \
        LEFT JOIN beleidsplan p ON p.ingetrokken = 0 AND p.volgnummer >= coalesce((SELECT max(x.volgnummer) FROM beleidsplan x \
        WHERE x.convenant = p.convenant AND x.ingetrokken = 0 AND x.ingang <= $1), 0) \
        WHERE s.id = 1 ORDER BY p.convenant, p.volgnummer";
    /// `[convenant, …]`: of each party how far it is, and how far its covenant.
    BEKENDE_PARTIJEN = "SELECT p.convenant, p.partij, max(p.volgnummer) AS volgnummer, max(p.nummer) AS nummer \
        FROM jsonb_array_elements($1::jsonb) k(value) JOIN partijverklaring p ON p.convenant = k.value #>> '{}' GROUP BY \
        p.convenant, p.partij";
    PARTIJVERKLARINGEN = "SELECT s.beleid AS stand, p.convenant, p.partij, p.volgnummer, p.soort, p.tijd, p.verklaring, \
        p.medeondertekening FROM stand s LEFT JOIN partijverklaring p ON true WHERE s.id = 1 ORDER BY p.convenant, p.nummer";
    HOOGSTE_PLAN = "SELECT max(volgnummer) AS volgnummer FROM beleidsplan WHERE convenant = $1";
    BELEIDSSTAND = "SELECT beleid FROM stand WHERE id = 1";

    // Log.
    OMVANG = "SELECT blad FROM stand WHERE id = 1";
    SOORT_VANAF = "SELECT soort_vanaf FROM stand WHERE id = 1";
    /// The leaf with which the second form begins is there, or there is no leaf before it.
    SOORT_VANAF_ZETTEN = "UPDATE stand SET soort_vanaf = $1, blad = $2 WHERE id = 1";
    /// Leaf by leaf, of those that are in no run yet.
    BLADINDEX = "SELECT min(nr) AS nr FROM blad WHERE nr >= $1 AND hash = $2";
    BLAD_MET_HASH = "SELECT nr FROM blad WHERE nr = $1 AND hash = $2";
    /// How many leaves are in runs, of how many.
    GEWEZEN = "SELECT gewezen, blad FROM stand WHERE id = 1";
    GEWEZEN_BIJWERKEN = "UPDATE stand SET gewezen = $1 WHERE id = 1";
    /// Of the leaves from $1 to $2 six bytes of the hash and the place behind $3, in hexadecimal digits.
    REEKS = "SELECT string_agg(encode(substring(hash FROM 1 FOR 6), 'hex') || lpad(to_hex(nr - $3), 4, '0'), '' ORDER BY \
        nr) AS reeks \
        FROM blad WHERE nr >= $1 AND nr < $2";
    BLADWIJZERS_TUSSEN = "SELECT wijzers FROM bladwijzer WHERE nr >= $1 AND nr < $2";
    /// `[nr, …]`, of those the rows that may hold the beginning of a hash.
    BLADWIJZERS = "SELECT w.nr, w.wijzers FROM jsonb_array_elements($1::jsonb) k(value) JOIN bladwijzer w ON w.nr = \
        k.value::bigint \
        WHERE position($2 IN w.wijzers) > 0";
    BLADEN = "SELECT nr, soort, record, opening, hash, tijd FROM blad WHERE nr >= $1 ORDER BY nr LIMIT $2";
    /// Of the kinds `[soort, …]`.
    BLADEN_VAN = "SELECT nr, soort, record, opening, hash, tijd FROM blad \
        WHERE nr >= $1 AND soort IN (SELECT k.value #>> '{}' FROM jsonb_array_elements($2::jsonb) k(value)) ORDER BY nr LIMIT $3";
    /// By the index of their own, which names them as here.
    HERSTELBLADEN = "SELECT nr, soort, record, opening, hash, tijd FROM blad \
        WHERE soort IN ('herstel', 'nazending', 'heropening') ORDER BY nr";
    /// `[[deel, eigenaar, ontvanger], …]`
    VERZONDEN = "SELECT k.key - 1 AS plaats, min(b.aangenomen_op) AS tijd FROM jsonb_array_elements($1::jsonb) WITH \
        ORDINALITY k(value, key) \
        JOIN deel d ON d.id = k.value ->> 0 AND d.eigenaar = k.value ->> 1 JOIN bericht b ON b.nr = d.bericht \
        JOIN besluit x ON x.bericht = b.nr AND x.deel = d.id AND x.ontvanger = k.value ->> 2 GROUP BY k.key";
    /// `[[niveau, nr], …]`; level 0 is the leaves. Each by its whole key: as a join it could be all nodes of a level.
    KNOPEN = "SELECT (k.value ->> 0)::bigint AS niveau, (k.value ->> 1)::bigint AS nr, CASE WHEN (k.value ->> 0)::bigint = 0 \
        THEN (SELECT b.hash FROM blad b WHERE b.nr = (k.value ->> 1)::bigint) \
        ELSE (SELECT n.hash FROM knoop n WHERE n.laag = (k.value ->> 0)::bigint AND n.nr = (k.value ->> 1)::bigint) END AS hash \
        FROM jsonb_array_elements($1::jsonb) k(value)";
    /// The tree's right edge: the complete nodes that the next leaves are added to.
    RAND = "SELECT n.niveau::bigint AS niveau, (s.blad >> n.niveau) - 1 AS nr, CASE WHEN n.niveau = 0 \
        THEN (SELECT b.hash FROM blad b WHERE b.nr = s.blad - 1) \
        ELSE (SELECT k.hash FROM knoop k WHERE k.laag = n.niveau AND k.nr = (s.blad >> n.niveau) - 1) END AS hash \
        FROM stand s CROSS JOIN generate_series(0, 62) n(niveau) WHERE s.id = 1 AND (s.blad >> n.niveau) & 1 = 1";
    /// Newest leaf's time.
    JONGSTE_BLAD = "SELECT tijd FROM blad WHERE nr = (SELECT blad - 1 FROM stand WHERE id = 1)";

    // Erasure keys.
    KAST = "SELECT reeks, hoogste, vernietigd FROM kast WHERE id = 1";
    KAST_BIJWERKEN = "INSERT INTO kast (id, reeks, hoogste) VALUES (1, $1, $2) ON CONFLICT (id) DO UPDATE SET hoogste = \
        CASE WHEN kast.reeks = excluded.reeks THEN greatest(kast.hoogste, excluded.hoogste) ELSE excluded.hoogste END, \
        reeks = excluded.reeks";
    KAST_VERNIETIGD = "UPDATE kast SET vernietigd = greatest(vernietigd, $1) WHERE id = 1";
    TE_VERNIETIGEN = "SELECT sleutel FROM vernietigen WHERE sleutel > 0 ORDER BY sleutel LIMIT $1";
    VERNIETIGD = "DELETE FROM vernietigen WHERE sleutel = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    /// What is not sealed yet, of before; by the indexes that hold nothing else.
    OPEN_WRAPS_BIJ_INHOUD = "SELECT i.deel AS nr, d.id AS deel, NULL::text AS ontvanger, i.wraps AS tekst FROM inhoud i \
        JOIN deel d ON d.nr = i.deel WHERE i.sleutel IS NULL AND i.wraps <> '[]' LIMIT $1";
    /// `[[nr, tekst, sleutel], …]`
    WRAPS_BIJ_INHOUD_DICHT = "UPDATE inhoud SET wraps = k.value ->> 1, sleutel = (k.value ->> 2)::bigint \
        FROM jsonb_array_elements($1::jsonb) k(value) WHERE inhoud.deel = (k.value ->> 0)::bigint";
    OPEN_WRAPS = "SELECT w.nr, d.id AS deel, w.ontvanger, w.wrap AS tekst FROM wrap w JOIN deel d ON d.nr = w.deel \
        WHERE w.sleutel IS NULL AND w.wrap <> '' LIMIT $1";
    WRAPS_DICHT = "UPDATE wrap SET wrap = k.value ->> 1, sleutel = (k.value ->> 2)::bigint \
        FROM jsonb_array_elements($1::jsonb) k(value) WHERE wrap.nr = (k.value ->> 0)::bigint";
    /// Whether wraps are wanted of which the keys were lost (place 0), by the indexes that hold nothing else.
    WRAPS_GEVRAAGD = "SELECT 1 AS er WHERE EXISTS (SELECT 1 FROM inhoud WHERE sleutel = 0) \
        OR EXISTS (SELECT 1 FROM wrap WHERE sleutel = 0)";
    /// `[[deel, wraps, sleutel], …]`
    WRAPS_BIJ_INHOUD_TERUG = "UPDATE inhoud SET wraps = k.value ->> 1, sleutel = (k.value ->> 2)::bigint \
        FROM jsonb_array_elements($1::jsonb) k(value) JOIN deel d ON d.id = k.value ->> 0 \
        WHERE inhoud.deel = d.nr AND inhoud.sleutel = 0";
    /// `[[deel, ontvanger, wrap, sleutel, toegang, doel], …]`
    WRAPS_TERUG = "UPDATE wrap SET wrap = k.value ->> 2, sleutel = (k.value ->> 3)::bigint, toegang = k.value ->> 4 \
        FROM jsonb_array_elements($1::jsonb) k(value) JOIN deel d ON d.id = k.value ->> 0 \
        WHERE wrap.deel = d.nr AND wrap.ontvanger = k.value ->> 1 AND wrap.doel = coalesce(k.value ->> 5, '') AND wrap.sleutel = 0";
    WRAPS_VERVANGEN = "UPDATE wrap SET wrap = k.value ->> 2, sleutel = (k.value ->> 3)::bigint, toegang = k.value ->> 4 \
        FROM jsonb_array_elements($1::jsonb) k(value) \
        WHERE wrap.deel = (k.value ->> 0)::bigint AND wrap.ontvanger = k.value ->> 1 AND wrap.doel = coalesce(k.value ->> 5, '')";
    WRAPS_ERBIJ = "INSERT INTO wrap (deel, ontvanger, wijze, wrap, sleutel, toegang) SELECT (k.value ->> 0)::bigint, k.value ->> 1, \
        'meegeleverd', k.value ->> 2, (k.value ->> 3)::bigint, k.value ->> 4 FROM jsonb_array_elements($1::jsonb) k(value) \
        WHERE EXISTS (SELECT 1 FROM inhoud i WHERE i.deel = (k.value ->> 0)::bigint) \
        ON CONFLICT (deel, ontvanger, doel) DO UPDATE SET wrap = excluded.wrap, sleutel = excluded.sleutel, toegang = excluded.toegang";
    // Terms (R40).
    OPRUIMTAAK_NEMEN = "INSERT INTO bewaartaak (id, wie, genomen_tot, bladen) VALUES (1, $1, $3::bigint, 0) ON CONFLICT (id) DO UPDATE SET \
        wie = excluded.wie, genomen_tot = excluded.genomen_tot WHERE bewaartaak.genomen_tot <= $2 OR bewaartaak.wie = excluded.wie";
    /// Up to which leaf was pruned.
    OPRUIMPLEK = "SELECT bladen FROM bewaartaak WHERE id = 1";
    OPRUIMPLEK_ZETTEN = "INSERT INTO bewaartaak (id, wie, genomen_tot, bladen) VALUES (1, '', 0, $1::bigint) \
        ON CONFLICT (id) DO UPDATE SET bladen = excluded.bladen";
    VERSTREKEN = "SELECT l.id, b.id AS bericht, b.van, l.ontvanger, l.uiterlijk, l.staat FROM levering l \
        JOIN bericht b ON b.nr = l.bericht WHERE l.uiterlijk <= $1 ORDER BY l.uiterlijk LIMIT $2";
    WACHTENDE_DELEN = "SELECT d.nr FROM deel d JOIN bericht b ON b.nr = d.bericht WHERE d.wacht = 1 AND d.bericht > 0 \
        AND b.aangenomen_op <= $1 AND NOT EXISTS (SELECT 1 FROM aangehouden a WHERE a.deel = d.nr) \
        AND NOT EXISTS (SELECT 1 FROM leveringsdeel x JOIN levering l ON l.nr = x.levering WHERE x.deel = d.nr \
        AND l.staat IN (0, 3)) ORDER BY d.bericht LIMIT $2";
    WACHTENDE_DELEN_AF = "UPDATE deel SET wacht = 0 WHERE nr = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    /// The next messages, and of each whether all of its evidence is older than the limit.
    SNOEIBARE_BERICHTEN = "SELECT keuze.nr, keuze.zaak, (keuze.casus IS NULL)::int::bigint AS los, keuze.aangenomen_op, \
        (keuze.aangenomen_op <= $2 AND NOT EXISTS (SELECT 1 FROM levering l WHERE l.bericht = keuze.nr \
        AND (l.staat IN (0, 3) OR l.afgehandeld_op > $2 OR l.gelezen_op > $2) OFFSET 0) \
        AND NOT EXISTS (SELECT 1 FROM aangehouden a WHERE a.bericht = keuze.nr OFFSET 0) \
        AND NOT EXISTS (SELECT 1 FROM deel d JOIN inzage i ON i.deel = d.nr WHERE d.bericht = keuze.nr AND i.tijd > $2 OFFSET 0))::int::bigint AS vrij \
        FROM (SELECT b.nr, b.zaak, b.casus, b.aangenomen_op FROM bericht b WHERE b.nr > $1 ORDER BY b.nr LIMIT $3) keuze \
        ORDER BY keuze.nr";
    // `[bericht, …]`: all that there is of them.
    SNOEI_VERKLARINGEN = "DELETE FROM leveringsverklaring WHERE levering IN (SELECT l.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN levering l ON l.bericht = k.value::bigint)";
    SNOEI_BEZORGINGEN = "DELETE FROM bezorging WHERE levering IN (SELECT l.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN levering l ON l.bericht = k.value::bigint)";
    SNOEI_LEVERINGSDELEN = "DELETE FROM leveringsdeel WHERE levering IN (SELECT l.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN levering l ON l.bericht = k.value::bigint)";
    SNOEI_LEVERINGEN = "DELETE FROM levering WHERE bericht = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    SNOEI_INZAGEN = "DELETE FROM inzage WHERE deel IN (SELECT d.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN deel d ON d.bericht = k.value::bigint)";
    SNOEI_WRAPS = "DELETE FROM wrap WHERE deel IN (SELECT d.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN deel d ON d.bericht = k.value::bigint)";
    SNOEI_INHOUD = "DELETE FROM inhoud WHERE deel IN (SELECT d.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN deel d ON d.bericht = k.value::bigint)";
    SNOEI_PLICHTEN = "DELETE FROM plicht WHERE bericht = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    /// Decisions on messages that went to nobody, taken before this message was accepted.
    SNOEI_LOSSE_BESLUITEN = "DELETE FROM besluit WHERE bericht IS NULL AND nr < (SELECT min(s.nr) FROM besluit s WHERE s.bericht = $1)";
    SNOEI_BESLUITEN = "DELETE FROM besluit WHERE bericht = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    SNOEI_DELEN = "DELETE FROM deel WHERE bericht = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    SNOEI_BERICHTEN = "DELETE FROM bericht WHERE nr = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    /// `[zaak, …]` of messages alone, of which no message is left.
    LOSSE_ZAKEN_BEEINDIGEN = "UPDATE zaak SET casus = 'einde-' || nr, verantwoordelijk = NULL, beeindigd_op = $2 \
        WHERE nr = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value))) AND beeindigd_op IS NULL \
        AND NOT EXISTS (SELECT 1 FROM bericht b WHERE b.zaak = zaak.nr)";
    /// `[zaak, …]` of which a message went: they, and the cases that count as one with them, where none of those has a message left and nothing
    /// is owed of an overview. Nobody closed them.
    VERLATEN_ZAKEN = "SELECT DISTINCT y.nr FROM jsonb_array_elements($1::jsonb) k(value) JOIN zaak z ON z.nr = k.value::bigint \
        JOIN zaak y ON y.groep = z.groep WHERE y.beeindigd_op IS NULL \
        AND NOT EXISTS (SELECT 1 FROM zaak x JOIN bericht b ON b.zaak = x.nr WHERE x.groep = z.groep OFFSET 0) \
        AND NOT EXISTS (SELECT 1 FROM zaak x JOIN overzicht o ON o.zaak = x.nr WHERE x.groep = z.groep AND o.voldaan_op IS NULL OFFSET 0)";
    /// Of the leaves from one place to another: up to where they are older than the limit.
    SNOEIBARE_BLADEN_TOT = "SELECT coalesce((SELECT min(b.nr) FROM blad b WHERE b.nr >= $1::bigint AND b.nr < $2::bigint AND b.tijd > $3::bigint), \
        least($2::bigint, (SELECT s.blad FROM stand s WHERE s.id = 1))) AS tot";
    SNOEI_BLADEN = "UPDATE blad SET record = '', opening = decode(repeat('00', 32), 'hex') WHERE nr >= $1 AND nr < $2 AND record <> '' \
        AND soort IN (SELECT value FROM jsonb_array_elements_text($3::jsonb) k(value))";
    SNOEIBARE_BLADEN = "SELECT nr, opening, record FROM blad WHERE nr >= $1 AND nr < $2 AND record <> '' \
        AND soort IN (SELECT value FROM jsonb_array_elements_text($3::jsonb) k(value)) ORDER BY nr";
    /// `[[nr, kern], …]`, in hexadecimal digits.
    SNOEI_BLADEN_TOT_KERN = "UPDATE blad SET record = '', opening = decode(k.value ->> 1, 'hex') FROM jsonb_array_elements($1::jsonb) k(value) \
        WHERE blad.nr = (k.value ->> 0)::bigint";
    TE_BEEINDIGEN_ZAKEN = "SELECT z.nr FROM zaak z WHERE z.gesloten_op <= $1 AND z.beeindigd_op IS NULL \
        AND NOT EXISTS (SELECT 1 FROM zaak y WHERE y.groep = z.groep AND (y.gesloten_op IS NULL OR y.gesloten_op > $1)) \
        AND NOT EXISTS (SELECT 1 FROM zaak y JOIN bericht b ON b.zaak = y.nr JOIN levering l ON l.bericht = b.nr \
        WHERE y.groep = z.groep AND l.staat IN (0, 3)) \
        AND NOT EXISTS (SELECT 1 FROM zaak y JOIN bericht b ON b.zaak = y.nr JOIN aangehouden a ON a.bericht = b.nr \
        WHERE y.groep = z.groep) ORDER BY z.gesloten_op LIMIT $2";
    // `[zaak, …]`
    ZAAKFEITEN_WEG = "DELETE FROM feit WHERE zaak = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    ZAAKPLEKKEN_WEG = "DELETE FROM deelnemer WHERE zaak = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    ZAAKVERANTWOORDING_WEG = "DELETE FROM verantwoordelijkheid WHERE zaak = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    ZAAKOVERZICHTEN_WEG = "DELETE FROM overzicht WHERE zaak = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    ZAAKTOESTEMMINGEN_WEG = "DELETE FROM toestemming WHERE zaak = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    ZAAKINHOUD_WEG = "DELETE FROM inhoud WHERE deel IN (SELECT d.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN bericht b ON b.zaak = k.value::bigint JOIN deel d ON d.bericht = b.nr)";
    /// Whoever mints the reference again finds nothing to read.
    ZAAKWRAPS_LEEG = "UPDATE wrap SET wrap = '', sleutel = NULL WHERE deel IN (SELECT d.nr FROM jsonb_array_elements($1::jsonb) k(value) \
        JOIN bericht b ON b.zaak = k.value::bigint JOIN deel d ON d.bericht = b.nr)";
    BERICHTEN_LOSMAKEN = "UPDATE bericht SET casus = NULL WHERE zaak = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    ZAKEN_BEEINDIGEN = "UPDATE zaak SET casus = 'einde-' || nr, verantwoordelijk = NULL, beeindigd_op = $2 \
        WHERE nr = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
    LEGE_ZAKEN = "SELECT z.nr FROM zaak z WHERE z.beeindigd_op > 0 AND NOT EXISTS (SELECT 1 FROM bericht b WHERE b.zaak = z.nr) \
        LIMIT $1";
    ZAKEN_WEG = "DELETE FROM zaak WHERE nr = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements($1::jsonb) k(value)))";
}
