//! What is sent in the night: by seed the same messages, in the same order for each sender.

use inbreng_domain::randomness::SeededRandomness;
use serde_json::{Value, json};

use crate::{kans, kies, merk};

/// What kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Soort {
    /// Police to Veilig Thuis, in a case.
    Melding,
    /// Veilig Thuis to the police, in answer to that message.
    Terugkoppeling(usize),
    /// Veilig Thuis to the mental health service, in a case of its own.
    Verzoek,
    /// Police to a school, without a case.
    Signaal,
    /// Veilig Thuis to a general practitioner, in a case with others: none is connected, so it is refused and goes to nobody.
    VerzoekAanNiemand,
}

/// A message that will be sent.
#[derive(Debug, Clone)]
pub struct Bericht {
    /// Its number; also its place in the order of its sender.
    pub nummer: usize,
    /// What it is.
    pub soort: Soort,
    /// Its case, where it has one.
    pub zaak: Option<usize>,
    /// Whether it goes in the lane for acute messages.
    pub acuut: bool,
}

impl Bericht {
    /// Who sends it.
    pub const fn van(&self) -> &'static str {
        match self.soort {
            Soort::Melding | Soort::Signaal => "politie",
            Soort::Terugkoppeling(_) | Soort::Verzoek | Soort::VerzoekAanNiemand => "veilig-thuis",
        }
    }

    /// Who must get it; nobody where it is refused.
    pub const fn aan(&self) -> Option<&'static str> {
        match self.soort {
            Soort::Melding => Some("veilig-thuis"),
            Soort::Terugkoppeling(_) => Some("politie"),
            Soort::Verzoek => Some("ggz"),
            Soort::Signaal => Some("school"),
            Soort::VerzoekAanNiemand => None,
        }
    }

    /// The sender's own number for it.
    pub fn kenmerk(&self) -> String {
        format!("CH-{:05}", self.nummer)
    }

    /// Where its sender posts it.
    pub const fn pad(&self) -> &'static str {
        match self.soort {
            Soort::Melding => "/mutaties/huiselijk-geweld",
            Soort::Terugkoppeling(_) => "/meldingen/terugkoppeling",
            Soort::Verzoek | Soort::VerzoekAanNiemand => "/informatie/verzoeken",
            Soort::Signaal => "/handle-with-care",
        }
    }

    /// What its sender posts, in its own format.
    pub fn lichaam(&self) -> Value {
        let (merk, kenmerk, zaak) = (merk::van(self.nummer), self.kenmerk(), self.zaak.unwrap_or_default());
        match self.soort {
            Soort::Melding => {
                let mut mutatie =
                    fixture(include_str!("../../adapters/politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json"));
                mutatie["registratienummer"] = kenmerk.into();
                mutatie["huishoudnummer"] = format!("HH-{zaak:05}").into();
                mutatie["spoed"] = self.acuut.into();
                mutatie["toedracht"] = format!("Een verzonnen {merk} hoorde geschreeuw.").into();
                mutatie
            }
            Soort::Terugkoppeling(melding) => json!({
                "nummer": kenmerk,
                "meldingnummer": format!("M-{melding}"),
                "datum": "2026-11-22",
                "stand": "Opgepakt",
                "medewerker": { "functie": "casushouder" },
                "toelichting_melder": format!("Opgepakt door team {merk}."),
            }),
            Soort::Verzoek | Soort::VerzoekAanNiemand => {
                let mut verzoek =
                    fixture(include_str!("../../adapters/veilig-thuis/fixtures/informatie/verzoeken/guave-ggz.json"));
                verzoek["verzoeknummer"] = kenmerk.into();
                verzoek["dossiernummer"] = format!("VD-{zaak:05}").into();
                verzoek["spoed"] = self.acuut.into();
                verzoek["aan"] = if self.soort == Soort::Verzoek { "GGZ" } else { "Huisarts" }.into();
                verzoek["waarom"] = format!("Wij moeten weten of {merk} veilig is.").into();
                verzoek
            }
            Soort::Signaal => {
                let mut signaal = fixture(include_str!("../../adapters/politie/fixtures/handle-with-care/cas.json"));
                signaal["registratienummer"] = kenmerk.into();
                signaal["kind"]["achternaam"] = format!("Testpersoon {merk}").into();
                signaal
            }
        }
    }
}

fn fixture(tekst: &str) -> Value {
    serde_json::from_str(tekst).unwrap()
}

/// The messages of a night. Several of each case and lane, so that there is an order to keep.
pub fn maken(toeval: &SeededRandomness, aantal: usize) -> Vec<Bericht> {
    let zaken = (aantal / 12).max(3);
    let mut plan: Vec<Bericht> = Vec::with_capacity(aantal);
    for nummer in 0..aantal {
        let meldingen = || plan.iter().filter(|b| b.soort == Soort::Melding).collect::<Vec<_>>();
        let (soort, zaak) = match kies(toeval, 100) {
            0..45 => (Soort::Melding, Some(kies(toeval, zaken))),
            45..70 if !meldingen().is_empty() => {
                let over = meldingen()[kies(toeval, meldingen().len())];
                (Soort::Terugkoppeling(over.nummer), over.zaak)
            }
            45..85 => (Soort::Verzoek, Some(kies(toeval, zaken))),
            85..96 => (Soort::Signaal, None),
            _ => (Soort::VerzoekAanNiemand, Some(kies(toeval, zaken))),
        };
        let acuut = matches!(soort, Soort::Melding | Soort::Verzoek) && kans(toeval, 20);
        plan.push(Bericht { nummer, soort, zaak, acuut });
    }
    plan
}
