//! One answer: the deliveries about a person in its cases, in the order of acceptance, read a piece at a time and no more told than an
//! answer holds. What is left out counts for nothing: only what is told fills an answer, and only more to tell makes one go on.

use inbreng_domain::{Labels, LeveringId, PersoonRef, overzicht::Overzichtregel, problem::ProblemCode};
use inbreng_storage::{OntvangenDeel, Ontvangenplek};

use super::{
    boek::Boek,
    vertellen::{Convenanten, Vertelvraag},
};
use crate::{Fout, Hub};

/// Lines in one answer: more than a person can be told in one conversation.
const REGELS: usize = 500;
/// Bytes of the lines in one answer; a line holds no more than a few words of each vocabulary.
const BYTES: usize = 256 * 1024;
/// Parts of one case read at a time.
const GELEZEN: u32 = 512;

/// What one answer holds.
#[derive(Debug, Default)]
pub(super) struct Bladzijde {
    pub(super) regels: Vec<Overzichtregel>,
    /// With what to go on, where there is more to tell.
    pub(super) verder: Option<LeveringId>,
    laatste: Option<LeveringId>,
    bytes: usize,
}

impl Bladzijde {
    /// Adds a part to the line of its delivery; the parts of one stand behind each other. False where the answer is full: this part
    /// stands in the next.
    fn bijschrijven(&mut self, deel: OntvangenDeel, labels: &Labels) -> Result<bool, Fout> {
        let OntvangenDeel { levering, berichttype, aangenomen_op, ontvanger, ontvangen_op, doel, .. } = deel;
        let doel = doel.unwrap_or(labels.doel);
        if let Some(regel) = self.regels.last_mut().filter(|_| self.laatste == Some(levering)) {
            if !regel.doelen.contains(&doel) {
                regel.doelen.push(doel);
            }
            if !regel.categorieen.contains(&labels.categorie) {
                regel.categorieen.push(labels.categorie);
            }
            return Ok(true);
        }
        if let Some(vorige) = self.regels.last() {
            let tekst = serde_json::to_vec(vorige).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
            self.bytes += tekst.len();
        }
        if self.regels.len() >= REGELS || self.bytes >= BYTES {
            self.verder = self.laatste;
            return Ok(false);
        }
        self.laatste = Some(levering);
        self.regels.push(Overzichtregel {
            organisatie: labels.eigenaar,
            ontvanger,
            berichttype,
            gedeeld_op: aangenomen_op,
            ontvangen_op,
            doelen: vec![doel],
            categorieen: vec![labels.categorie],
        });
        Ok(true)
    }
}

/// The deliveries behind a place, each with what of it may be told. One question for each case; all for one person.
///
/// # Errors
/// `veld-ongeldig` for a place that is none of this person in these cases.
pub(super) async fn lezen(
    hub: &Hub,
    vragen: &[Vertelvraag<'_>],
    na: Option<LeveringId>,
    boek: &mut Boek,
) -> Result<Bladzijde, Fout> {
    let mut bladzijde = Bladzijde::default();
    let mut convenanten = Convenanten::default();
    let Some(eerste) = vragen.first() else { return Ok(bladzijde) };
    let personen = eerste.zaak.feiten().van_een(eerste.persoon);
    let mut na = match na {
        None => Ontvangenplek::default(),
        Some(levering) => {
            let mut plek = None;
            for vraag in vragen {
                plek = plek.or(hub.store.ontvangen_plek(vraag.casus, &personen, levering).await?);
            }
            plek.ok_or_else(|| Fout::new(ProblemCode::VeldOngeldig).at("/verklaring"))?
        }
    };
    loop {
        let (delen, tot) = stuk(hub, vragen, &personen, na).await?;
        for (vraag, deel) in delen {
            let labels: Labels =
                serde_json::from_str(&deel.labels).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
            if !labels.betrokkenen.iter().any(|b| personen.contains(&b.persoon)) {
                continue;
            }
            // Each under the covenant under which it was shared.
            let beleid = convenanten.beleid(hub, &labels.convenant, vraag.nu).await?;
            if vraag.mag_verteld(beleid, &labels, deel.ontvanger, boek)? && !bladzijde.bijschrijven(deel, &labels)? {
                return Ok(bladzijde);
            }
        }
        match tot {
            Some(tot) => na = tot,
            None => return Ok(bladzijde),
        }
    }
}

/// The next parts of all cases together, in the order of acceptance, and up to where; no place where these are the last.
async fn stuk<'v, 'a>(
    hub: &Hub,
    vragen: &'v [Vertelvraag<'a>],
    personen: &[PersoonRef],
    na: Ontvangenplek,
) -> Result<(Vec<(&'v Vertelvraag<'a>, OntvangenDeel)>, Option<Ontvangenplek>), Fout> {
    let (mut delen, mut tot) = (Vec::new(), None::<Ontvangenplek>);
    for vraag in vragen {
        let van_zaak = hub.store.ontvangen_delen(vraag.casus, personen, na, GELEZEN).await?;
        // Of a case that has more, nothing is known behind its last part.
        if van_zaak.len() >= GELEZEN as usize {
            let laatste = van_zaak.last().map(|deel| deel.plek);
            tot = tot.into_iter().chain(laatste).min();
        }
        delen.extend(van_zaak.into_iter().map(|deel| (vraag, deel)));
    }
    if let Some(tot) = tot {
        delen.retain(|(_, deel)| deel.plek <= tot);
    }
    delen.sort_by_key(|(_, deel)| deel.plek);
    Ok((delen, tot))
}
