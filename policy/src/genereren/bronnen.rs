//! Why a line may be there: the legal note that a privacy officer reads beside it.

use inbreng_catalogue::{Definitie, Regelbron};
use inbreng_domain::vocabulary::Grondslag;

/// On what a ground rests, whatever the message (`docs/privacy/README.md`, R5–R13).
const fn van_grond(grond: Grondslag) -> &'static str {
    match grond {
        Grondslag::Convenant => "beide partijen tekenden het convenant, en dit valt daaronder (001:2572-2579)",
        Grondslag::Toestemming => {
            "iedereen over wie het gaat zei ja, voor deze ontvanger en dit doel (001:2537-2539; 001:2592-2593)"
        }
        Grondslag::DoorbrekenBeroepsgeheim => {
            "de professional doorbreekt zijn geheim bij ernstig en acuut gevaar, en legt vast waarom (001:2592-2607)"
        }
        Grondslag::WettelijkeTaak => {
            "de taak die de wet aan afzender of ontvanger geeft (001:1674-1678; per regel goed te keuren)"
        }
        Grondslag::ZonderToestemming => "delen zonder toestemming, open naar de cliënt over wat met wie (001:1214-1217)",
        Grondslag::Geen => "er gaan geen persoonsgegevens mee (R5)",
    }
}

/// The legal note of a line of the catalogue: the ground's source, the sources of the message, and the rule of the line.
pub(super) fn van_lijn(d: &Definitie, lijn: &Regelbron, grond: Grondslag) -> String {
    let bericht = if d.bronnen.is_empty() { "PD".to_owned() } else { d.bronnen.join("; ") };
    let regel = lijn.regel.map_or_else(|| "gewone grond".to_owned(), |r| r.to_string());
    format!("{}; bericht {} {}: {bericht}; {regel}", van_grond(grond), d.nummer, d.naam)
}
