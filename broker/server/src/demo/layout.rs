//! Who takes part in the night.

use inbreng_domain::vocabulary::Partnertype;

/// A partner of the demo. Organisations are invented; their numbers are not of anyone.
#[derive(Debug)]
pub struct Deelnemer {
    /// Short name, also of its folder in the PKI.
    pub slug: &'static str,
    /// Folder below `adapters/` with its mapping.
    pub map: &'static str,
    /// Name as people know it.
    pub naam: &'static str,
    /// OIN.
    pub oin: &'static str,
    /// What kind of organisation.
    pub soort: Partnertype,
    /// Municipalities it serves; empty: the region.
    pub gebied: &'static [&'static str],
    /// Functions that can be addressed.
    pub functies: &'static [&'static str],
    /// Registered for emergencies (R35).
    pub noodontvanger: bool,
    /// Whether an own system and an adapter are started for it.
    pub draait: bool,
}

/// The hub's own number.
pub const KNOOPPUNT: &str = "00000001000000000001";
/// The covenant manager's.
pub const CONVENANTBEHEERDER: &str = "00000001000000000002";

/// Who has its deliveries brought, beside fetching them as all do.
pub const WORDT_BEZORGD: &str = "school";

/// Everyone.
pub const DEELNEMERS: &[Deelnemer] = &[
    Deelnemer {
        slug: "politie",
        map: "politie",
        naam: "Politie Voorbeeldregio",
        oin: "00000001000000000010",
        soort: Partnertype::Politie,
        gebied: &[],
        functies: &["piketdesk"],
        noodontvanger: true,
        draait: true,
    },
    Deelnemer {
        slug: "om",
        map: "om",
        naam: "OM Voorbeeldregio",
        oin: "00000001000000000020",
        soort: Partnertype::Om,
        gebied: &[],
        functies: &["zsm"],
        noodontvanger: false,
        draait: true,
    },
    Deelnemer {
        slug: "veilig-thuis",
        map: "veilig-thuis",
        naam: "Veilig Thuis Voorbeeldregio",
        oin: "00000001000000000030",
        soort: Partnertype::VeiligThuis,
        gebied: &[],
        functies: &["frontoffice", "piketdesk"],
        noodontvanger: true,
        draait: true,
    },
    Deelnemer {
        slug: "reclassering",
        map: "reclassering",
        naam: "Reclassering Voorbeeldregio",
        oin: "00000001000000000040",
        soort: Partnertype::Reclassering,
        gebied: &[],
        functies: &["toezicht"],
        noodontvanger: false,
        draait: true,
    },
    Deelnemer {
        slug: "ggz",
        map: "ggz",
        naam: "Voorbeeld GGZ",
        oin: "00000001000000000050",
        soort: Partnertype::Ggz,
        gebied: &[],
        functies: &["behandelaar"],
        noodontvanger: false,
        draait: true,
    },
    Deelnemer {
        slug: "wijkteam-noord",
        map: "wijkteam",
        naam: "Wijkteam Noord",
        oin: "00000001000000000061",
        soort: Partnertype::Wijkteam,
        gebied: &["0518"],
        functies: &["instroom"],
        noodontvanger: false,
        draait: true,
    },
    Deelnemer {
        slug: "wijkteam-zuid",
        map: "wijkteam",
        naam: "Wijkteam Zuid",
        oin: "00000001000000000062",
        soort: Partnertype::Wijkteam,
        gebied: &["0603"],
        functies: &["instroom"],
        noodontvanger: false,
        draait: true,
    },
    Deelnemer {
        slug: "burgemeester",
        map: "burgemeester",
        naam: "Kabinet van de burgemeester",
        oin: "00000001000000000080",
        soort: Partnertype::Burgemeester,
        gebied: &["0518"],
        functies: &["kabinet"],
        noodontvanger: false,
        draait: true,
    },
    Deelnemer {
        slug: "school",
        map: "school",
        naam: "De Voorbeeldschool",
        oin: "00000001000000000120",
        soort: Partnertype::School,
        gebied: &["0518"],
        functies: &["aandachtsfunctionaris"],
        noodontvanger: false,
        draait: true,
    },
    Deelnemer {
        slug: "huisarts",
        map: "huisarts",
        naam: "Huisartsenpraktijk Voorbeeld",
        oin: "00000001000000000130",
        soort: Partnertype::Huisarts,
        gebied: &["0518"],
        functies: &["praktijk"],
        noodontvanger: false,
        draait: false,
    },
    // For a partner of one's own beside the night (docs/partners/python/).
    Deelnemer {
        slug: "huisarts-dorp",
        map: "huisarts",
        naam: "Huisartsenpraktijk Dorp",
        oin: "00000001000000000140",
        soort: Partnertype::Huisarts,
        gebied: &["0518"],
        functies: &["praktijk"],
        noodontvanger: false,
        draait: false,
    },
];

/// A participant by its short name.
pub fn deelnemer(slug: &str) -> Option<&'static Deelnemer> {
    DEELNEMERS.iter().find(|d| d.slug == slug)
}
