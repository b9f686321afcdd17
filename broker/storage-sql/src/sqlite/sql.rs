//! Every statement of the store, in one place: the test on query plans reads them all.

/// A bulk insert: the statement up to `VALUES`, the number of columns, and what follows the rows.
#[derive(Debug)]
pub(super) struct Invoeging {
    pub(super) kop: &'static str,
    pub(super) kolommen: usize,
    pub(super) staart: &'static str,
}

macro_rules! statements {
    ($($(#[$doc:meta])* $naam:ident = $sql:literal;)+) => {
        $($(#[$doc])* pub(super) const $naam: &str = $sql;)+
        /// All of them.
        #[cfg(test)]
        pub(super) const ALLE: &[(&str, &str)] = &[$((stringify!($naam), $sql)),+];
    };
}

macro_rules! invoegingen {
    ($($naam:ident = $kop:literal, $kolommen:literal, $staart:literal;)+) => {
        $(pub(super) static $naam: Invoeging =
            Invoeging { kop: concat!($kop, " VALUES "), kolommen: $kolommen, staart: $staart };)+
        /// All of them.
        #[cfg(test)]
        pub(super) static INVOEGINGEN: &[&Invoeging] = &[$(&$naam),+];
    };
}

invoegingen! {
    BERICHT = "INSERT INTO bericht (nr, van, id, digest, berichttype, casus, antwoord_op, urgentie, convenant, gemeente, bron, \
        aangenomen_op, bericht, ontvangstbewijs, kop)", 15, "";
    DEEL = "INSERT INTO deel (nr, id, bericht, eigenaar, categorie, doel, digest, wacht, labels, eigenaarsbewijs)", 10, "";
    INHOUD = "INSERT INTO inhoud (deel, jwe)", 2, "";
    WRAP = "INSERT INTO wrap (deel, ontvanger, wijze, wrap, toegang)", 5, "";
    BESLUIT = "INSERT INTO besluit (bericht, deel, ontvanger, uitkomst, regel, record)", 6, "";
    LEVERING = "INSERT INTO levering (nr, id, bericht, ontvanger, functie, baan, staat, omvang, besluiten)", 9, "";
    LEVERINGSDEEL = "INSERT INTO leveringsdeel (levering, volgorde, deel, wijze)", 4, "";
    LEVERINGSVERKLARING = "INSERT INTO leveringsverklaring (levering, soort, tijd, verklaring)", 4, "";
    INZAGE = "INSERT INTO inzage (deel, ontvanger, functie, doel, tijd, nonce, verklaring)", 7, "";
    ZAAK = "INSERT INTO zaak (nr, casus, geopend_door, geopend_op, verantwoordelijk, stand)", 6,
        " ON CONFLICT (nr) DO UPDATE SET verantwoordelijk = excluded.verantwoordelijk, stand = excluded.stand";
    DEELNEMER = "INSERT INTO deelnemer (zaak, partner, rol, sinds)", 4,
        " ON CONFLICT (zaak, partner) DO UPDATE SET rol = excluded.rol, sinds = excluded.sinds";
    VERANTWOORDELIJKHEID = "INSERT INTO verantwoordelijkheid (zaak, stand, partner, bericht, sinds)", 5, "";
    TOESTEMMING = "INSERT INTO toestemming (zaak, geregistreerd_door, persoon, eigenaar, volgnummer, record)", 6,
        " ON CONFLICT DO NOTHING";
    GIDS = "INSERT INTO gids (oin, record)", 2, " ON CONFLICT (oin) DO UPDATE SET record = excluded.record";
    JTI = "INSERT INTO jti (partner, jti, verloopt)", 3, "";
    BLAD = "INSERT INTO blad (nr, hash, zout, soort, tijd, record)", 6, "";
    KNOOP = "INSERT INTO knoop (niveau, nr, hash)", 3, "";
    TELLING = "INSERT INTO telling (soort, sleutel, aantal)", 3,
        " ON CONFLICT (soort, sleutel) DO UPDATE SET aantal = aantal + excluded.aantal";
}

statements! {
    /// How far the counters are.
    STAND = "SELECT gids, bericht, deel, levering, zaak, blad FROM stand WHERE id = 1";
    STAND_BIJWERKEN = "UPDATE stand SET gids = ?1, bericht = ?2, deel = ?3, levering = ?4, zaak = ?5, blad = ?6 WHERE id = 1";

    // What a batch looks up before it writes. Keys come as one JSON array.
    /// `[[id, van], …]`
    BEKENDE_BERICHTEN = "SELECT b.van, b.id, b.digest, b.ontvangstbewijs FROM json_each(?1) k \
        CROSS JOIN bericht b ON b.id = k.value ->> 0 AND b.van = k.value ->> 1";
    /// `[id, …]`
    BEKENDE_DELEN = "SELECT d.id, d.nr FROM json_each(?1) k CROSS JOIN deel d ON d.id = k.value";
    /// `[casus, …]`
    BEKENDE_ZAKEN = "SELECT z.nr, z.casus, z.geopend_door, z.geopend_op, z.verantwoordelijk, z.stand, \
        (SELECT json_group_array(json_array(d.partner, d.rol)) FROM deelnemer d WHERE d.zaak = z.nr) AS deelnemers \
        FROM json_each(?1) k CROSS JOIN zaak z ON z.casus = k.value";
    /// `[id, …]`
    BEKENDE_LEVERINGEN = "SELECT l.nr, l.id, l.ontvanger, l.staat, l.gelezen_op, l.weigering \
        FROM json_each(?1) k CROSS JOIN levering l ON l.id = k.value";
    /// `[[ontvanger, nonce], …]`
    BEKENDE_NONCES = "SELECT i.ontvanger, i.nonce FROM json_each(?1) k \
        CROSS JOIN inzage i ON i.ontvanger = k.value ->> 0 AND i.nonce = k.value ->> 1";
    /// `[[partner, jti], …]`
    BEKENDE_JTIS = "SELECT j.partner, j.jti FROM json_each(?1) k \
        CROSS JOIN jti j ON j.partner = k.value ->> 0 AND j.jti = k.value ->> 1";
    JTIS_OPRUIMEN = "DELETE FROM jti WHERE verloopt <= ?1";

    /// `[[nr, staat, afgehandeld_op, weigering, gelezen_op], …]`
    LEVERINGEN_BIJWERKEN = "UPDATE levering SET staat = k.value ->> 1, afgehandeld_op = coalesce(k.value ->> 2, afgehandeld_op), \
        weigering = coalesce(k.value ->> 3, weigering), gelezen_op = coalesce(gelezen_op, k.value ->> 4) \
        FROM json_each(?1) k WHERE levering.nr = k.value ->> 0";
    /// Of these received deliveries the parts that nobody waits for any more (R40).
    UITGELEVERDE_DELEN = "SELECT DISTINCT d.nr FROM json_each(?1) k \
        CROSS JOIN leveringsdeel ld ON ld.levering = k.value CROSS JOIN deel d ON d.nr = ld.deel \
        WHERE d.wacht = 0 AND NOT EXISTS (SELECT 1 FROM leveringsdeel x CROSS JOIN levering l ON l.nr = x.levering \
        WHERE x.deel = d.nr AND l.staat <> 1)";
    INHOUD_WISSEN = "DELETE FROM inhoud WHERE deel IN (SELECT value FROM json_each(?1))";
    WRAPS_WISSEN = "DELETE FROM wrap WHERE deel IN (SELECT value FROM json_each(?1)) AND wijze <> 'inzage'";

    // Messages.
    ONTVANGSTBEWIJS = "SELECT digest, ontvangstbewijs FROM bericht WHERE id = ?2 AND van = ?1";
    STATUS = "SELECT nr, aangenomen_op, ontvangstbewijs FROM bericht WHERE id = ?2 AND van = ?1";
    /// An answer counts when its sender got the message, and it is about the same case.
    STATUS_LEVERINGEN = "SELECT l.ontvanger, l.staat, l.afgehandeld_op, l.gelezen_op, l.weigering, a.id AS antwoord, \
        a.aangenomen_op AS beantwoord_op FROM bericht b CROSS JOIN levering l ON l.bericht = b.nr LEFT JOIN bericht a ON a.nr = \
        (SELECT min(x.nr) FROM bericht x WHERE x.antwoord_op = b.id AND x.van = l.ontvanger AND x.casus IS b.casus AND x.nr > b.nr) \
        WHERE b.nr = ?1 ORDER BY l.ontvanger";
    STATUS_INZAGEN = "SELECT d.id AS deel, i.ontvanger, i.functie, i.doel, i.tijd FROM deel d CROSS JOIN inzage i ON i.deel = d.nr \
        WHERE d.bericht = ?1 ORDER BY i.nr";
    BEANTWOORD = "SELECT b.van, b.berichttype, b.casus, (SELECT json_group_array(l.ontvanger) FROM levering l \
        WHERE l.bericht = b.nr) AS ontvangers FROM bericht b WHERE b.id = ?1 ORDER BY b.nr";
    BESLUITEN = "SELECT s.nr, b.van, b.id AS bericht, s.deel, s.ontvanger, s.uitkomst, s.record FROM besluit s \
        LEFT JOIN bericht b ON b.nr = s.bericht WHERE s.nr > ?1 ORDER BY s.nr LIMIT ?2";
    TELLINGEN = "SELECT soort, sleutel, aantal FROM telling";

    // Deliveries.
    OPEN_NUMMERS = "SELECT nr, omvang FROM levering WHERE ontvanger = ?1 AND staat = 0 ORDER BY baan, nr LIMIT ?2";
    /// `[levering, …]`
    OPEN_LEVERINGEN = "SELECT l.nr, l.id, l.bericht AS volgnummer, l.baan, l.besluiten, b.van, b.id AS bericht_id, \
        b.berichttype, b.casus, b.bron, b.bericht, b.aangenomen_op FROM json_each(?1) k CROSS JOIN levering l ON l.nr = k.value \
        CROSS JOIN bericht b ON b.nr = l.bericht ORDER BY k.key";
    /// `[levering, …]` of one recipient; its wrap only where the key travels along.
    OPEN_DELEN = "SELECT ld.levering, d.labels, i.jwe, d.eigenaarsbewijs, w.wrap, w.toegang FROM json_each(?1) k \
        CROSS JOIN leveringsdeel ld ON ld.levering = k.value CROSS JOIN deel d ON d.nr = ld.deel \
        CROSS JOIN inhoud i ON i.deel = d.nr LEFT JOIN wrap w ON w.deel = d.nr AND w.ontvanger = ?2 AND ld.wijze = 'meegeleverd' \
        ORDER BY k.key, ld.volgorde";
    LEVERING_VAN = "SELECT b.van, b.id AS bericht_id, l.staat FROM levering l CROSS JOIN bericht b ON b.nr = l.bericht \
        WHERE l.id = ?2 AND l.ontvanger = ?1";
    INZAGEDEEL = "SELECT b.van, d.labels, w.wijze, w.wrap, w.toegang FROM deel d \
        CROSS JOIN wrap w ON w.deel = d.nr AND w.ontvanger = ?1 CROSS JOIN bericht b ON b.nr = d.bericht \
        WHERE d.id = ?2 AND w.toegang IS NOT NULL AND EXISTS (SELECT 1 FROM leveringsdeel ld \
        CROSS JOIN levering l ON l.nr = ld.levering WHERE ld.deel = d.nr AND l.ontvanger = ?1 AND l.staat <> 2)";

    // Cases. One statement is one snapshot: the facts and the state that they belong to.
    ZAAKSTAND = "SELECT z.stand, z.verantwoordelijk, \
        (SELECT json_group_array(json_array(d.partner, d.rol)) FROM deelnemer d WHERE d.zaak = z.nr AND d.rol <> 'nee') AS deelnemers, \
        (SELECT json_group_array(json(t.record)) FROM toestemming t WHERE t.zaak = z.nr AND NOT EXISTS (SELECT 1 FROM toestemming n \
        WHERE n.zaak = t.zaak AND n.geregistreerd_door = t.geregistreerd_door AND n.persoon = t.persoon \
        AND n.eigenaar = t.eigenaar AND n.volgnummer > t.volgnummer)) AS toestemmingen \
        FROM zaak z WHERE z.casus = ?1";

    // Directory, with its state in the same snapshot.
    GIDSEN = "SELECT s.gids AS stand, g.oin, g.record FROM stand s LEFT JOIN gids g WHERE s.id = 1 ORDER BY g.oin";

    // The write-ahead log, see the writer.
    NIET_WACHTEN = "PRAGMA busy_timeout = 0";
    AFSNIJDEN = "PRAGMA wal_checkpoint(TRUNCATE)";

    // Log.
    OMVANG = "SELECT blad FROM stand WHERE id = 1";
    BLADINDEX = "SELECT min(nr) AS nr FROM blad WHERE hash = ?1";
    BLADEN = "SELECT nr, soort, record, zout, hash FROM blad WHERE nr >= ?1 ORDER BY nr LIMIT ?2";
    /// `[[niveau, nr], …]`; level 0 is the leaves.
    KNOPEN = "SELECT k.value ->> 0 AS niveau, k.value ->> 1 AS nr, coalesce(n.hash, b.hash) AS hash FROM json_each(?1) k \
        LEFT JOIN knoop n ON n.niveau = k.value ->> 0 AND n.nr = k.value ->> 1 \
        LEFT JOIN blad b ON k.value ->> 0 = 0 AND b.nr = k.value ->> 1";
    /// Newest leaf's time.
    JONGSTE_BLAD = "SELECT tijd FROM blad WHERE nr = (SELECT blad - 1 FROM stand WHERE id = 1)";
}
