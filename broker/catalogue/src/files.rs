//! The files of the catalogue, as the binary carries them.

/// The files of one message type.
pub(crate) struct Bestanden {
    /// Its bare name.
    pub naam: &'static str,
    /// Its definition (TOML).
    pub definitie: &'static str,
    /// Schema of its open statement.
    pub verklaring: &'static str,
    /// Schemas of its sealed content, by category.
    pub inhoud: &'static str,
}

macro_rules! bestanden {
    ($($naam:literal),+ $(,)?) => {
        /// Every message type that is shipped, by name.
        pub(crate) const BESTANDEN: &[Bestanden] = &[$(Bestanden {
            naam: $naam,
            definitie: include_str!(concat!("../types/", $naam, ".toml")),
            verklaring: include_str!(concat!("../schemas/", $naam, ".verklaring.json")),
            inhoud: include_str!(concat!("../schemas/", $naam, ".inhoud.json")),
        }),+];
    };
}

/// The pieces that the schemas share.
pub(crate) const GEMEENSCHAPPELIJK: &str = include_str!("../schemas/gemeenschappelijk.json");

bestanden! {
    "advies",
    "advies-verzoek",
    "afdoeningsbericht",
    "afschaling",
    "afspraak",
    "afspraak-voortgang",
    "afsprakenlijst",
    "bekendheidsantwoord",
    "bekendheidsvraag",
    "capaciteitsbericht",
    "casus-aanmelding",
    "casusregie-wijziging",
    "deelname",
    "doorverstrekking-verzoek",
    "dossier-verzoek",
    "egg-checklist",
    "eigenaar-besluit",
    "embargo",
    "handelingsinstructie",
    "handle-with-care",
    "huisverbod-besluit",
    "huisverbod-opgelegd",
    "inbreng-casusoverleg",
    "incidentmelding",
    "informatie-antwoord",
    "informatieverzoek",
    "intrekking",
    "misplaatsing",
    "monitoring-antwoord",
    "monitoring-vraag",
    "noodopening",
    "opschaling",
    "overdracht",
    "overdracht-acceptatie",
    "overtreding-melding",
    "plan-deel",
    "rectificatie",
    "strafproces-gebeurtenis",
    "termijn-escalatie",
    "terugkoppeling",
    "terugmelding",
    "toestemming-gegeven",
    "toestemming-ingetrokken",
    "transparantiebericht",
    "triagebesluit",
    "uitnodiging-casusoverleg",
    "uitnodiging-reactie",
    "veiligheidssignaal",
    "verlengingsadvies",
    "verlengingsadvies-verzoek",
    "verwijzing",
    "verwijzing-weigering",
    "vlag",
    "weegbesluit",
    "zaak-samenvoegen",
    "zijschaling",
    "zorgadvies",
    "zorgadvies-verzoek",
    "zorgmelding",
}
