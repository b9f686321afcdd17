//! `inbreng policy noodgebruik`: which organisations used the emergency path above the threshold, for who keeps the covenant (R35).

use std::path::PathBuf;

use clap::Args;
use inbreng_domain::{
    Clock,
    clock::SystemClock,
    noodgebruik::{Nooddrempel, Noodgebruik},
    strengheid::Maand,
};
use inbreng_pipeline::noodgebruik;

use super::{Afloop, Fout, tekst::tonen};
use crate::{
    bevinding::keten,
    logboek::Uitkomst,
    opslaglezer::{met_runtime, openen},
};

/// Which month.
#[derive(Debug, Args)]
pub struct Opties {
    /// De opslag van het knooppunt.
    #[arg(long, value_name = "BESTAND")]
    pub db: PathBuf,
    /// De maand, die voorbij moet zijn.
    #[arg(long, value_name = "JJJJ-MM")]
    pub maand: Maand,
    /// Meld wie er in die maand meer dan zoveel berichten in nood stuurde; vanaf 4, zodat geen aantal onder de vijf wordt gemeld.
    #[arg(long, value_name = "AANTAL", default_value_t = 5)]
    pub drempel: u16,
    /// Geef de telling als JSON.
    #[arg(long)]
    pub json: bool,
}

/// Counts and prints; something above the threshold is a difference.
pub fn run(opties: &Opties) -> Result<Afloop, Fout> {
    let drempel = Nooddrempel::new(opties.drempel).ok_or_else(|| Fout::new("de drempel is een getal vanaf 4".to_owned()))?;
    let geteld = met_runtime(tellen(opties, drempel)).map_err(Fout::new)?;
    let afloop = if geteld.regels.is_empty() { Afloop::Goed } else { Afloop::Verschil };
    tonen(opties.json, &geteld, |g| in_woorden(g) + "\n", afloop)
}

async fn tellen(opties: &Opties, drempel: Nooddrempel) -> Uitkomst<Noodgebruik> {
    // Two reports of a month that goes on could be subtracted from each other (R43).
    if SystemClock.now() < opties.maand.einde() {
        return Err(format!("{} is nog niet voorbij", opties.maand));
    }
    let store = openen(&opties.db).await?;
    let geteld = noodgebruik::tellen(&store, opties.maand, drempel).await.map_err(|e| keten(&e))?;
    let _closed = store.sluiten().await;
    Ok(geteld.boven())
}

fn in_woorden(geteld: &Noodgebruik) -> String {
    let mut regels = vec![format!("Noodpad, {}: meer dan {} keer", geteld.maand, geteld.drempel)];
    if geteld.regels.is_empty() {
        regels.push("Geen organisatie.".to_owned());
    }
    for regel in &geteld.regels {
        regels.push(format!("{}  {:>6} keer, waarvan {} achteraf getoetst", regel.organisatie, regel.aantal, regel.getoetst));
    }
    regels.join("\n")
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{Oin, noodgebruik::Noodregel, vocabulary::JaNee};

    use super::*;

    #[test]
    fn only_who_is_above_is_named() {
        let regel = |oin: &str, aantal, boven| Noodregel { organisatie: Oin::parse(oin).unwrap(), aantal, getoetst: 1, boven };
        let geteld = Noodgebruik {
            maand: "2026-10".parse().unwrap(),
            drempel: 5,
            regels: vec![regel("00000099000000003000", 7, JaNee::Ja), regel("00000099000000004000", 5, JaNee::Nee)],
        };
        let tekst = in_woorden(&geteld.boven());
        assert!(tekst.contains("00000099000000003000       7 keer, waarvan 1 achteraf getoetst"), "{tekst}");
        assert!(!tekst.contains("00000099000000004000"), "{tekst}");
        assert!(in_woorden(&Noodgebruik { regels: Vec::new(), ..geteld }).ends_with("Geen organisatie."));
    }
}
