//! The statements by name, each with its text on either database: without the one the other does not compile. Bulk inserts
//! are written once, and each database makes its own text of them.

use super::{postgres, sqlite, verbinding::Zin};

/// A bulk insert.
#[derive(Debug)]
pub(super) struct Invoeging {
    /// The statement up to its rows.
    pub(super) kop: &'static str,
    /// A letter for each column: `i` a number, `t` a text, `b` bytes.
    pub(super) soorten: &'static str,
    /// Columns in front of which later rows replace earlier ones, where there are such: PostgreSQL changes a row once.
    pub(super) sleutel: usize,
    /// What follows the rows.
    pub(super) staart: &'static str,
}

impl Invoeging {
    pub(super) const fn kolommen(&self) -> usize {
        self.soorten.len()
    }
}

macro_rules! invoegingen {
    ($($naam:ident = $kop:literal, $soorten:literal, $sleutel:literal, $staart:literal;)+) => {
        $(pub(super) static $naam: Invoeging =
            Invoeging { kop: $kop, soorten: $soorten, sleutel: $sleutel, staart: $staart };)+
        /// All of them.
        #[cfg(test)]
        pub(super) static INVOEGINGEN: &[&Invoeging] = &[$(&$naam),+];
    };
}

macro_rules! zinnen {
    ($($naam:ident)+) => {
        $(pub(super) const $naam: Zin = Zin { sqlite: sqlite::sql::$naam, postgres: postgres::sql::$naam };)+
    };
}

invoegingen! {
    BERICHT = "INSERT INTO bericht (nr, van, id, digest, berichttype, casus, antwoord_op, urgentie, convenant, gemeente, bron, \
        aangenomen_op, bericht, ontvangstbewijs, kop, zaak)", "ittttttttttittti", 0, "";
    DEEL = "INSERT INTO deel (nr, id, bericht, eigenaar, categorie, doel, digest, wacht, labels, eigenaarsbewijs)", "itittttitt", 0, "";
    INHOUD = "INSERT INTO inhoud (deel, jwe, wraps, sleutel)", "itti", 0, "";
    WRAP = "INSERT INTO wrap (deel, ontvanger, wijze, wrap, toegang, sleutel, doel)", "ittttit", 0, "";
    BESLUIT = "INSERT INTO besluit (bericht, deel, ontvanger, uitkomst, regel, record)", "itttit", 0, "";
    LEVERING = "INSERT INTO levering (nr, id, bericht, ontvanger, functie, baan, staat, omvang, besluiten, herzien, uiterlijk)", "itittiiitii", 0,
        "";
    AANGEHOUDEN = "INSERT INTO aangehouden (bericht, deel, ontvanger, functie, wijze, herzien, gids, beleid, tot, vanaf)", "iitttiiiii", 0,
        "";
    PLICHT = "INSERT INTO plicht (bericht, soort, regel, schuldenaar, ontvanger, over, uiterlijk)", "itittti", 0, "";
    FEIT = "INSERT INTO feit (zaak, soort, onderwerp, door, volgnummer, bericht, record)", "itttitt", 0, "";
    LEVERINGSDEEL = "INSERT INTO leveringsdeel (levering, volgorde, deel, wijze, doel)", "iiitt", 0, "";
    LEVERINGSVERKLARING = "INSERT INTO leveringsverklaring (levering, soort, tijd, verklaring)", "itit", 0, "";
    OVERZICHT = "INSERT INTO overzicht (zaak, verzoek, organisatie, persoon, gevraagd_op, uiterlijk, verklaring)", "ittttit", 0,
        " ON CONFLICT DO NOTHING";
    INZAGE = "INSERT INTO inzage (deel, ontvanger, functie, doel, tijd, nonce, verklaring)", "itttitt", 0, "";
    ZAAK = "INSERT INTO zaak (nr, casus, geopend_door, geopend_op, verantwoordelijk, stand, groep, herzien, gesloten_op)", "ittitiiii", 1,
        " ON CONFLICT (nr) DO UPDATE SET verantwoordelijk = excluded.verantwoordelijk, stand = excluded.stand, \
        groep = excluded.groep, herzien = excluded.herzien, gesloten_op = excluded.gesloten_op";
    DEELNEMER = "INSERT INTO deelnemer (zaak, partner, rol, sinds, vanaf, tot)", "ittitt", 2,
        " ON CONFLICT (zaak, partner) DO UPDATE SET rol = excluded.rol, sinds = excluded.sinds, vanaf = excluded.vanaf, \
        tot = excluded.tot";
    VERANTWOORDELIJKHEID = "INSERT INTO verantwoordelijkheid (zaak, stand, partner, bericht, sinds, overdracht)", "iittit", 0, "";
    TOESTEMMING = "INSERT INTO toestemming (zaak, geregistreerd_door, persoon, eigenaar, volgnummer, record)", "itttit", 0,
        " ON CONFLICT DO NOTHING";
    GIDS = "INSERT INTO gids (oin, record)", "tt", 1, " ON CONFLICT (oin) DO UPDATE SET record = excluded.record";
    BEVRIEZING = "INSERT INTO bevriezing (oin, digest, verklaring)", "ttt", 0, " ON CONFLICT DO NOTHING";
    JTI = "INSERT INTO jti (partner, jti, verloopt)", "tti", 0, "";
    VERSIE = "INSERT INTO versie (nr, digest, convenant, nummer, tabellen_digest, auteur, bundel, tabellen)", "ittitttt", 0, "";
    VERSIESTAP = "INSERT INTO versiestap (versie, nummer, soort, staat, tijd, door, functie, verklaring, uitslag)", "iittitttt", 0, "";
    BELEIDSPLAN = "INSERT INTO beleidsplan (convenant, volgnummer, versie, ingang, ingetrokken, activering, bundel)", "titiitt", 2,
        " ON CONFLICT (convenant, volgnummer) DO UPDATE SET versie = excluded.versie, ingang = excluded.ingang, \
        ingetrokken = excluded.ingetrokken, activering = excluded.activering, bundel = excluded.bundel";
    PARTIJVERKLARING = "INSERT INTO partijverklaring (convenant, nummer, partij, volgnummer, soort, tijd, verklaring, \
        medeondertekening)", "titititt", 0, "";
    BLAD = "INSERT INTO blad (nr, hash, opening, soort, tijd, record)", "ibbtit", 0, "";
    BLADWIJZER = "INSERT INTO bladwijzer (nr, wijzers)", "ib", 1, " ON CONFLICT (nr) DO UPDATE SET wijzers = excluded.wijzers";
    KNOOP = "INSERT INTO knoop (laag, nr, hash)", "iib", 0, "";
    TELLING = "INSERT INTO telling (soort, sleutel, aantal)", "tti", 2,
        " ON CONFLICT (soort, sleutel) DO UPDATE SET aantal = telling.aantal + excluded.aantal";
}

zinnen! {
    STAND STAND_BIJWERKEN BEGIN COMMIT ROLLBACK BEKENDE_BERICHTEN BEKENDE_DELEN BERICHTNUMMERS BEKENDE_AANGEHOUDEN
    BEKENDE_ZAKEN BEKENDE_LEVERINGEN BEKENDE_NONCES BEKENDE_JTIS JTIS_OPRUIMEN LEVERINGEN_BIJWERKEN AANGEHOUDEN_WEG TERUGVAL_WEG TERUGVALWRAPS_WEG
    VRIJE_INHOUD_WISSEN VRIJE_WRAPS_WISSEN INHOUD_WISSEN WRAPS_WISSEN TERUGGENOMEN_DELEN WRAPS_LEEGMAKEN ONTVANGSTBEWIJS STATUS STATUS_LEVERINGEN STATUS_INZAGEN BEANTWOORD BERICHTTEKST
    BESLUITEN DEELHOUDERS GEKREGEN_DELEN TELLINGEN OPEN_NUMMERS OPEN_LEVERINGEN OPEN_DELEN LEVERING_VAN INZAGEDEEL LIGGENDE_TOEGANG TOEGANGSDEEL
    BEKENDE_TOEGANGEN TERUGROEP TERUGROEPEN TERUGROEP_PLAATSEN BEZORGING_BEGINNEN BEZORGING_OP_VOLGORDE
    BEZORGING_OPNIEUW_AAN_DE_BEURT BEZORGING_STOPPEN BEZORGING_DODE_VERGETEN WACHTENDE_BEZORGINGEN IETS_TE_BEZORGEN BEZORGING_NEMEN GENOMEN
    TE_BEZORGEN BEZORGD BEZORGING_OPNIEUW BEZORGING_NIET_GEDAAN BEZORGING_DOOD VOLGENDE_BEZORGING BEZORGING_VERSNELLEN
    NIEUW_TE_BEZORGEN BEZORGING_INSCHRIJVEN VERLOPEN_BEZORGINGEN DODE_LETTERS_VAN DODE_LETTERS_AAN AANTAL_DODE_LETTERS
    HERBEZORGEN ZAAKSTAND GELEVERD_VAN BERICHTEN_VERBINDEN OPEN_PLICHTEN PLICHTEN_VAN NOODGEBRUIK BEKENDE_TOETSEN PLICHTEN_GETOETST PLICHTEN_VOLDOEN OVERZICHTEN_VOLDOEN ONTVANGEN_OVER
    ONTVANGEN_PLEK GEKOPPELDE_ZAKEN
    PLICHTEN_GELEZEN HERZIENSTAND TE_HERZIEN HERZIENBARE_LEVERINGEN HERZIENBARE_AANGEHOUDEN AANGEHOUDEN_ONDER_ANDER_BELEID
    GIDSEN BEKENDE_VERSIES HOOGSTE_VERSIE BEKENDE_PLANNEN VERSIES VERSIE_EN_STAPPEN VERSIE_INHOUD PLAN BEKENDE_PARTIJEN
    PARTIJVERKLARINGEN HOOGSTE_PLAN BELEIDSSTAND OMVANG SOORT_VANAF SOORT_VANAF_ZETTEN BLADINDEX BLAD_MET_HASH GEWEZEN GEWEZEN_BIJWERKEN REEKS
    BLADWIJZERS_TUSSEN BLADWIJZERS BLADEN BLADEN_VAN HERSTELBLADEN VERZONDEN KNOPEN RAND JONGSTE_BLAD KAST KAST_BIJWERKEN KAST_VERNIETIGD
    TE_VERNIETIGEN VERNIETIGD OPEN_WRAPS_BIJ_INHOUD WRAPS_BIJ_INHOUD_DICHT OPEN_WRAPS WRAPS_DICHT
    WRAPS_GEVRAAGD WRAPS_BIJ_INHOUD_TERUG WRAPS_TERUG WRAPS_VERVANGEN WRAPS_ERBIJ
    OPRUIMTAAK_NEMEN OPRUIMPLEK OPRUIMPLEK_ZETTEN VERSTREKEN WACHTENDE_DELEN WACHTENDE_DELEN_AF SNOEIBARE_BERICHTEN
    SNOEI_VERKLARINGEN SNOEI_BEZORGINGEN SNOEI_LEVERINGSDELEN SNOEI_LEVERINGEN SNOEI_INZAGEN SNOEI_WRAPS SNOEI_INHOUD
    SNOEI_PLICHTEN SNOEI_LOSSE_BESLUITEN SNOEI_BESLUITEN SNOEI_DELEN SNOEI_BERICHTEN LOSSE_ZAKEN_BEEINDIGEN VERLATEN_ZAKEN SNOEIBARE_BLADEN_TOT
    SNOEI_BLADEN SNOEIBARE_BLADEN SNOEI_BLADEN_TOT_KERN TE_BEEINDIGEN_ZAKEN ZAAKFEITEN_WEG ZAAKPLEKKEN_WEG ZAAKVERANTWOORDING_WEG ZAAKINHOUD_WEG ZAAKWRAPS_LEEG ZAAKOVERZICHTEN_WEG BERICHTEN_LOSMAKEN ZAKEN_BEEINDIGEN
    LEGE_ZAKEN ZAAKTOESTEMMINGEN_WEG ZAKEN_WEG
}
