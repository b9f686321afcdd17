//! What an accepted message changes: the case, its participants, responsibility, consent, embargoes and flags.
//!
//! Each effect is its own module: who may state it, and what it writes. Refusals here are for who takes part in the case;
//! an outsider was refused before.

mod deelname;
mod eigenaar;
mod embargo;
mod misplaatsing;
pub(crate) mod overdracht;
mod samenvoegen;
mod terugname;
pub(crate) mod toestemming;
mod vlag;

use inbreng_catalogue::{Deelnemersrol, Definitie, Gevolg, NaSluiten, Van, VanWoord};
use inbreng_domain::{
    Bericht, BerichtId, CasusRef, Oin, Toestemming,
    problem::ProblemCode,
    vocabulary::Deelname,
    zaak::{Deelnemer, Feitsoort, Zaakfeit},
};
use inbreng_storage::{Beantwoord, Store, Zaakgevolg};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    Fout,
    decide::{Situatie, Toegelaten, case},
};

/// Effects on the case and on the register of consent.
#[derive(Debug, Default)]
pub(crate) struct Gevolgen {
    pub(crate) zaak: Vec<Zaakgevolg>,
    pub(crate) toestemmingen: Vec<Toestemming>,
}

impl Gevolgen {
    /// Whether what was decided before must be decided again.
    pub(crate) fn verplaatst_feiten(&self) -> bool {
        let feit = |g: &Zaakgevolg| matches!(g, Zaakgevolg::Feit(_) | Zaakgevolg::Samenvoegen { .. });
        !self.toestemmingen.is_empty() || self.zaak.iter().any(feit)
    }
}

/// A message as its effects see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stelling<'a> {
    pub(crate) situatie: &'a Situatie<'a>,
    pub(crate) bericht: &'a Bericht,
    pub(crate) casus: CasusRef,
    /// Who is addressed.
    pub(crate) ontvangers: &'a [Oin],
    pub(crate) beantwoord: Option<&'a Beantwoord>,
}

impl Stelling<'_> {
    /// The statement as this effect reads it; its schema has judged the whole.
    fn verklaring<T: DeserializeOwned>(&self) -> Result<T, Fout> {
        T::deserialize(&self.bericht.verklaring).map_err(|_| ongeldig(""))
    }

    /// A statement that carries no number of its own: the next of its setter about this subject.
    fn volgend(&self, soort: Feitsoort, onderwerp: String, record: &impl Serialize) -> Result<Zaakgevolg, Fout> {
        let hoogste = self.situatie.zaak.feiten().hoogste(soort, &onderwerp, self.bericht.van);
        self.feit(soort, onderwerp, hoogste.unwrap_or_default().saturating_add(1), record)
    }

    /// A numbered statement; refused where the number is taken, by the same setter about the same subject.
    fn feit(&self, soort: Feitsoort, onderwerp: String, volgnummer: u32, record: &impl Serialize) -> Result<Zaakgevolg, Fout> {
        let door = self.bericht.van;
        if self.situatie.zaak.feiten().hoogste(soort, &onderwerp, door).is_some_and(|hoogste| volgnummer <= hoogste) {
            return Err(Fout::new(ProblemCode::VolgnummerBezet).at("/data/bericht/verklaring/volgnummer"));
        }
        let record = serde_json::to_string(record).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
        let bericht = self.bericht.id;
        Ok(Zaakgevolg::Feit(Zaakfeit { casus: self.casus, soort, onderwerp, door, volgnummer, bericht, record }))
    }
}

/// A place in the statement that does not hold.
fn ongeldig(veld: &str) -> Fout {
    Fout::new(ProblemCode::VerklaringOngeldig).at(format!("/data/bericht/verklaring{veld}"))
}

/// Whose place in the case a statement is about (56).
pub(crate) fn betreft(soort: &Definitie, verklaring: &Value) -> Option<Oin> {
    if !soort.gevolgen.contains(&Gevolg::DeelnameVastleggen) {
        return None;
    }
    verklaring.get("partner").and_then(Value::as_str).and_then(|oin| Oin::parse(oin).ok())
}

/// The effects of this message, in order.
///
/// # Errors
/// `rol-ontbreekt`, `volgnummer-bezet`, `verklaring-ongeldig`, `overdracht-afgerond`: nothing is written then.
pub(crate) async fn bepalen(
    store: &dyn Store,
    situatie: &Situatie<'_>,
    bericht: &Bericht,
    ontvangers: &[Oin],
    beantwoord: Option<&Beantwoord>,
    toegelaten: &[Toegelaten<'_>],
) -> Result<Gevolgen, Fout> {
    let mut gevolgen = Gevolgen::default();
    let Some(casus) = situatie.zaak.casus else {
        if situatie.soort.gevolgen.iter().any(|g| ZONDER_ZAAK.contains(g)) {
            gevolgen.zaak = zonder_zaak(store, situatie, bericht, beantwoord).await?;
        }
        return Ok(gevolgen);
    };
    let stelling = Stelling { situatie, bericht, casus, ontvangers, beantwoord };
    if !situatie.soort.gevolgen.is_empty() && !mag_stellen(situatie) {
        return Err(Fout::new(ProblemCode::RolOntbreekt));
    }
    gevolgen.zaak = openen(situatie, casus, toegelaten);
    if situatie.zaak.is_gesloten() && situatie.soort.na_sluiten(situatie.variant) == NaSluiten::Heropent {
        gevolgen.zaak.push(Zaakgevolg::Heropenen { casus });
    }
    for gevolg in &situatie.soort.gevolgen {
        match gevolg {
            Gevolg::ToestemmingRegistreren => gevolgen.toestemmingen.push(toestemming::gegeven(&stelling)?),
            Gevolg::ToestemmingIntrekken => gevolgen.toestemmingen.push(toestemming::ingetrokken(&stelling)?),
            Gevolg::EmbargoVastleggen => gevolgen.zaak.push(embargo::vastleggen(&stelling)?),
            Gevolg::VlagVastleggen => gevolgen.zaak.push(vlag::vastleggen(&stelling)?),
            Gevolg::DeelnameVastleggen => gevolgen.zaak.extend(deelname::vastleggen(&stelling)?),
            Gevolg::ZakenSamenvoegen => gevolgen.zaak.extend(samenvoegen::vastleggen(store, &stelling).await?),
            Gevolg::EigenaarsbesluitVastleggen => gevolgen.zaak.push(eigenaar::besluiten(store, &stelling).await?),
            Gevolg::DelenTerugnemen => gevolgen.zaak.extend(terugname::vastleggen(&stelling)?),
            Gevolg::DelenBevriezen => gevolgen.zaak.push(misplaatsing::melden(store, &stelling).await?),
            // What duties they meet or bring stands with the duties.
            Gevolg::OpenheidVastleggen | Gevolg::GebruikStaken => {}
            Gevolg::VerantwoordelijkheidVerplaatsen => {
                gevolgen.zaak.extend(overdracht::verplaatsen(&stelling, !toegelaten.is_empty())?);
            }
        }
    }
    Ok(gevolgen)
}

/// What can be stated of a message that has no case.
const ZONDER_ZAAK: [Gevolg; 3] = [Gevolg::DelenTerugnemen, Gevolg::DelenBevriezen, Gevolg::EigenaarsbesluitVastleggen];

/// What is stated about a message that has no case (Handle with Care, a message on how much room there is): recall and correction, a
/// report of misdelivery, and its owner's answer to that. It stands by itself. That its sender sent or got the message was seen before.
async fn zonder_zaak(
    store: &dyn Store,
    situatie: &Situatie<'_>,
    bericht: &Bericht,
    beantwoord: Option<&Beantwoord>,
) -> Result<Vec<Zaakgevolg>, Fout> {
    let Some((eigenaar, over)) = over_bericht(store, situatie, bericht, beantwoord).await? else { return Ok(Vec::new()) };
    let casus = case::feiten_van(None, eigenaar, over);
    let zaak = case::zonder_zaak(store, None, eigenaar, over, situatie.nu).await?;
    let eigen = Situatie { zaak: &zaak, ..*situatie };
    let stelling = Stelling { situatie: &eigen, bericht, casus, ontvangers: &[], beantwoord };
    let gevolg = |g| situatie.soort.gevolgen.contains(&g);
    let feit = if gevolg(Gevolg::DelenTerugnemen) {
        terugname::vastleggen(&stelling)?
    } else if gevolg(Gevolg::DelenBevriezen) {
        Some(misplaatsing::melden(store, &stelling).await?)
    } else {
        Some(eigenaar::besluiten(store, &stelling).await?)
    };
    let Some(feit) = feit else { return Ok(Vec::new()) };
    let stand = zaak.stand;
    let openen = (stand == 0).then_some(Zaakgevolg::Openen { casus, door: eigenaar });
    Ok(openen.into_iter().chain([Zaakgevolg::Verbinden { casus, van: eigenaar, bericht: over, stand }, feit]).collect())
}

/// Which message without a case a statement is about, and whose it is; nothing for a type that states nothing of one.
async fn over_bericht(
    store: &dyn Store,
    situatie: &Situatie<'_>,
    bericht: &Bericht,
    beantwoord: Option<&Beantwoord>,
) -> Result<Option<(Oin, BerichtId)>, Fout> {
    let van = bericht.van;
    if let Some(over) = case::ingebracht(situatie.soort, &bericht.verklaring) {
        let alle = store.beantwoord(over).await?;
        let zonder = |b: &&Beantwoord| b.casus.is_none();
        let eigen = alle.iter().filter(zonder).any(|b| b.van == van);
        let ander = alle.iter().filter(zonder).find(|b| b.ontvangers.contains(&van)).map(|b| b.van);
        return Ok(if eigen { Some(van) } else { ander }.map(|eigenaar| (eigenaar, over)));
    }
    let Some((melding, melder)) = case::afgedaan(situatie.soort, bericht.antwoord_op).zip(beantwoord.map(|b| b.van)) else {
        return Ok(None);
    };
    let Some(tekst) = store.berichttekst(melder, melding).await? else { return Ok(None) };
    let gemeld: Bericht = serde_json::from_str(&tekst).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    let over = gemeld.verklaring.get("bericht").and_then(Value::as_str).and_then(|id| BerichtId::parse(id).ok());
    Ok(over.map(|over| (van, over)))
}

/// Whether the catalogue lets this partner state it, its words resolved against the case. The engine asks the same for every
/// recipient; a statement to the hub alone has none.
fn mag_stellen(situatie: &Situatie<'_>) -> bool {
    let van = situatie.van.vermelding.oin;
    situatie.soort.van.iter().any(|wie| match wie {
        Van::Partner(soort) => *soort == situatie.van.vermelding.partnertype,
        // Only a message that answers one which its sender received comes this far.
        Van::Woord(VanWoord::Iedereen | VanWoord::Ontvanger) => true,
        Van::Woord(VanWoord::Deelnemer) => situatie.zaak.deelname(van) != Deelname::Nee,
        Van::Woord(VanWoord::Knooppunt) => false,
        Van::Woord(VanWoord::Casusregisseur) => situatie.zaak.feiten().casusregisseur() == Some(van),
    })
}

/// A new case with its minter, and whoever an opening message gives a part: as a participant or, where the type says so, as
/// one who thinks along (R17, R18). Nobody who takes part already is made less.
fn openen(situatie: &Situatie<'_>, casus: CasusRef, toegelaten: &[Toegelaten<'_>]) -> Vec<Zaakgevolg> {
    let zaak = situatie.zaak;
    let van = situatie.van.vermelding.oin;
    let mut gevolgen = Vec::new();
    let mut erbij = |partner, rol| {
        gevolgen.push(Zaakgevolg::Deelnemer { casus, deelnemer: Deelnemer::doorlopend(partner, rol) });
    };
    if zaak.nieuw {
        erbij(van, Deelname::Ja);
    }
    if zaak.opent {
        let rol = match situatie.soort.opent_als {
            None | Some(Deelnemersrol::Deelnemer) => Deelname::Ja,
            Some(Deelnemersrol::Deskundige) => Deelname::Deskundige,
        };
        for een in toegelaten.iter().filter(|t| !t.delen().is_empty()) {
            match (zaak.deelname(een.ontvanger().oin()), rol) {
                (Deelname::Ja, _) | (Deelname::Deskundige, Deelname::Deskundige) => {}
                _ => erbij(een.ontvanger().oin(), rol),
            }
        }
    }
    if zaak.nieuw {
        gevolgen.insert(0, Zaakgevolg::Openen { casus, door: van });
    }
    gevolgen
}
