//! `inbreng policy strengheid`: where more was allowed than was shared, for the covenant manager and for one organisation.

use std::path::PathBuf;

use clap::Args;
use inbreng_domain::{
    Clock, Oin,
    clock::SystemClock,
    strengheid::{Maand, ONDERGRENS, Strengheid, Strengheidssoort},
};
use inbreng_pipeline::strengheid;
use time::Duration;

use super::{Afloop, Fout, tekst::tonen};
use crate::{
    bevinding::keten,
    logboek::Uitkomst,
    opslaglezer::{met_runtime, openen},
};

/// Which counts.
#[derive(Debug, Args)]
pub struct Opties {
    /// De opslag van het knooppunt.
    #[arg(long, value_name = "BESTAND")]
    pub db: PathBuf,
    /// De maand, die voorbij moet zijn, met de dagen waarin nog verstuurd kon worden.
    #[arg(long, value_name = "JJJJ-MM")]
    pub maand: Maand,
    /// Alleen van deze organisatie.
    #[arg(long, value_name = "OIN")]
    pub organisatie: Option<Oin>,
    /// Dagen na een "dat mag" waarin nog verstuurd kon worden.
    #[arg(long, value_name = "DAGEN", default_value_t = 7)]
    pub dagen: u16,
    /// Aantallen daaronder worden niet getoond; zet hier wat uw convenant zegt (aantallen_ondergrens). Nooit minder dan vijf.
    #[arg(long, value_name = "AANTAL", default_value_t = ONDERGRENS, value_parser = clap::value_parser!(u64).range(ONDERGRENS..))]
    pub ondergrens: u64,
    /// Geef de telling als JSON.
    #[arg(long)]
    pub json: bool,
}

/// Counts and prints.
pub fn run(opties: &Opties) -> Result<Afloop, Fout> {
    let geteld = met_runtime(tellen(opties)).map_err(Fout::new)?;
    tonen(opties.json, &geteld, |g| in_woorden(g) + "\n", Afloop::Goed)
}

async fn tellen(opties: &Opties) -> Uitkomst<Strengheid> {
    let store = openen(&opties.db).await?;
    let termijn = Duration::days(opties.dagen.into());
    let geteld =
        strengheid::tellen(&store, opties.maand, termijn, opties.ondergrens, SystemClock.now()).await.map_err(|e| keten(&e))?;
    let _closed = store.sluiten().await;
    let geteld = geteld.ok_or_else(|| {
        format!("{} is nog niet af: wacht tot de maand en {} dagen daarna voorbij zijn", opties.maand, opties.dagen)
    })?;
    Ok(match opties.organisatie {
        Some(organisatie) => geteld.van(organisatie),
        None => geteld,
    })
}

fn in_woorden(geteld: &Strengheid) -> String {
    let mut regels = vec![format!("Strenger dan nodig, {}", geteld.maand)];
    if geteld.regels.is_empty() {
        regels.push("Er is niets te melden.".to_owned());
    }
    let mut organisatie = None;
    for regel in &geteld.regels {
        if organisatie != Some(regel.organisatie) {
            organisatie = Some(regel.organisatie);
            regels.push(regel.organisatie.to_string());
        }
        regels.push(format!("  {:>6}  {:<4}{}", regel.aantal, regel.regel.as_str(), zin(regel.soort)));
    }
    regels.push(format!("Aantallen onder de {} laten wij niet zien, zodat niemand te herkennen is.", geteld.ondergrens));
    regels.join("\n")
}

const fn zin(soort: Strengheidssoort) -> &'static str {
    match soort {
        Strengheidssoort::GeweigerdMetAlternatief => "keer geweigerd, terwijl het met een kleine wijziging wel mocht",
        Strengheidssoort::ToegestaanNietGedeeld => "keer mocht het, en is het niet verstuurd",
        Strengheidssoort::NietGedeeldMetReden => "keer niet gedeeld met reden, terwijl het mocht",
    }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{RegelId, strengheid::Strengheidsregel};

    use super::*;

    #[test]
    fn a_count_is_said_in_words() {
        let regel = |soort, aantal| Strengheidsregel {
            organisatie: Oin::parse("00000099000000003000").unwrap(),
            soort,
            regel: RegelId::new(8).unwrap(),
            aantal,
        };
        let regels =
            vec![regel(Strengheidssoort::GeweigerdMetAlternatief, 12), regel(Strengheidssoort::ToegestaanNietGedeeld, 7)];
        let geteld = Strengheid { maand: "2026-10".parse().unwrap(), ondergrens: 5, regels };
        let tekst = in_woorden(&geteld);
        assert!(tekst.starts_with("Strenger dan nodig, 2026-10\n00000099000000003000\n      12  R8  keer"), "{tekst}");
        assert_eq!(tekst.matches("00000099000000003000").count(), 1);
        assert!(tekst.ends_with("Aantallen onder de 5 laten wij niet zien, zodat niemand te herkennen is."), "{tekst}");
        let leeg = Strengheid { regels: Vec::new(), ..geteld };
        assert!(in_woorden(&leeg).contains("Er is niets te melden."));
    }
}
