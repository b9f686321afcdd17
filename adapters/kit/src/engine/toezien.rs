//! What the own organisation still has to do, as the hub follows it, and what its privacy officer found afterwards (R9, R35).

use inbreng_domain::{
    Code, Problem, ProblemCode,
    antwoorden::Plichtregel,
    receipts::{Toetsoordeel, Toetsuitslag},
};
use inbreng_proof::{Typ, jws};

use super::{Leesfout, Omgeving, Werkfout};
use crate::hub::Hubfout;

/// An open duty, with the own system's name for the message that it came with.
#[derive(Debug)]
pub(crate) struct Plicht {
    /// The hub's line.
    pub regel: Plichtregel,
    /// The own number, where we know one.
    pub kenmerk: Option<String>,
}

/// The open duties, the most urgent first.
pub(crate) async fn open_plichten(omgeving: &Omgeving) -> Result<Vec<Plicht>, Werkfout> {
    let mut open = Vec::new();
    for regel in omgeving.hub.plichten().await?.plichten {
        let id = regel.bericht.to_string();
        let kenmerk = omgeving.opslag.bericht(&id).await?.map(|b| b.kenmerk).filter(|k| *k != id);
        open.push(Plicht { regel, kenmerk });
    }
    Ok(open)
}

/// Signs what the officer found of a message of ours, and hands it in.
pub(crate) async fn toets_achteraf(
    omgeving: &Omgeving,
    kenmerk: &str,
    functie: Code,
    oordeel: Toetsoordeel,
) -> Result<(), Leesfout> {
    let onbekend = || Leesfout::Probleem(Box::new(Problem::new(ProblemCode::NietGevonden)));
    let zending = omgeving.opslag.bericht(kenmerk).await.map_err(Werkfout::from)?;
    let bericht = zending.filter(|b| b.van == omgeving.organisatie.oin).ok_or_else(onbekend)?.id;
    let uitslag = Toetsuitslag { bericht, oordeel, organisatie: omgeving.organisatie.oin, functie, tijd: omgeving.clock.now() };
    let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Toetsuitslag, &uitslag).map_err(Werkfout::intern)?;
    omgeving.hub.toets_achteraf(bericht, jws).await.map_err(|fout| match fout {
        Hubfout::Probleem(problem) | Hubfout::Straks(problem, _) => Leesfout::Probleem(problem),
        fout => Leesfout::Werk(fout.into()),
    })
}
