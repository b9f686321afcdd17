//! The third step of the acute ladder: who gets a message that nobody reads in time. The sender seals for it beforehand, since
//! nobody can be asked for a key at three in the morning; the hub keeps that wrap, and gives it then and not before.

use inbreng_catalogue::TERUGVAL;
use inbreng_domain::{
    DeelId, Envelope, Oin, Tijdstip,
    problem::ProblemCode,
    receipts::{Bewijsbesluit, Ontvangerstand},
    vocabulary::Toegangswijze,
};
use inbreng_storage::{Aangehouden, NieuweWrap};

use crate::{
    Fout,
    decide::{Beslissing, Besluiten, Deelvraag, Situatie, Voor, routing::Ontvanger},
};

use super::sealing::Verzegeld;

/// What a sender hears of a message that came again without its fallback.
const GEEN_TERUGVAL: &str = "Wie dit zou krijgen als niemand het leest, staat niet meer in de gids. Het bericht gaat wel naar de \
                             geadresseerden. Bel hen als er haast is.";

/// What is kept ready, and for whom.
#[derive(Debug)]
pub(super) struct Terugval {
    beslissingen: Vec<Beslissing>,
    /// What was sealed for one that is no fallback any more, in a message that cannot be sealed again: which part, for whom.
    weggelaten: Vec<(DeelId, Oin)>,
    minuten: u32,
    vanaf: Tijdstip,
}

impl Terugval {
    /// Decides on what was sealed for a later step, as if it were brought now. A message that comes again to a hub that was put back
    /// (`nagezonden`) cannot be sealed anew: it goes without who is no fallback any more.
    ///
    /// # Errors
    /// `veld-ongeldig` where the message climbs no acute ladder; `opnieuw-toetsen` where that ladder names another, as it may by
    /// now: nothing acute is refused for its fallback; `niet-gelijk` for one who gets the message already.
    pub(super) fn nemen(
        situatie: &Situatie<'_>,
        envelop: &Envelope,
        verzegeld: &[Verzegeld],
        gewoon: &[Ontvanger],
        nagezonden: bool,
    ) -> Result<Option<Self>, Fout> {
        let mut ontvangers: Vec<Ontvanger> = Vec::new();
        let (mut vragen, mut weggelaten) = (Vec::new(), Vec::new());
        let minuten = situatie.soort.terugval_minuten(envelop.data.bericht.urgentie);
        for (i, (deel, verzegeld)) in envelop.data.delen.iter().zip(verzegeld).enumerate() {
            let mut voor = Vec::new();
            for (j, toegang) in verzegeld.voor.iter().enumerate().filter(|(_, t)| t.wijze == Toegangswijze::Terugval) {
                let pad = format!("/data/delen/{i}/toegang/{j}");
                if minuten.is_none() {
                    return Err(Fout::new(ProblemCode::VeldOngeldig).at(format!("{pad}/verklaring")));
                }
                let oin = toegang.ontvanger;
                let verpakt = verzegeld.wraps.iter().any(|w| w.ontvanger == oin);
                let partner = situatie.gids.partner(oin).filter(|p| p.vermelding.partnertype == TERUGVAL && verpakt);
                let al = gewoon.iter().any(|o| o.oin() == oin);
                if nagezonden && (partner.is_none() || al) {
                    weggelaten.push((deel.labels.id, oin));
                    continue;
                }
                let partner = partner.ok_or_else(|| Fout::new(ProblemCode::OpnieuwToetsen).at(format!("{pad}/oin")))?;
                if al {
                    return Err(Fout::new(ProblemCode::NietGelijk).at(format!("{pad}/oin")));
                }
                if !ontvangers.iter().any(|o| o.oin() == oin) {
                    ontvangers.push(Ontvanger { partner: partner.clone(), functie: None, geadresseerde: None });
                }
                // The ladder named it, not the owner: no secret address goes there (R24).
                voor.push(Voor { oin, wijze: Toegangswijze::Meegeleverd, genoemd: false });
            }
            if !voor.is_empty() {
                vragen.push(Deelvraag { labels: &deel.labels, voor });
            }
        }
        let iets = !vragen.is_empty() || !weggelaten.is_empty();
        let Some(minuten) = minuten.filter(|_| iets) else { return Ok(None) };
        let beslissingen = Besluiten::nemen(situatie, &ontvangers, &vragen)?.into_alle();
        Ok(Some(Self { beslissingen, weggelaten, minuten, vanaf: situatie.nu.plus(time::Duration::minutes(minuten.into())) }))
    }

    pub(super) fn alle(&self) -> impl Iterator<Item = &Beslissing> {
        self.beslissingen.iter()
    }

    /// For the sender: who gets it when, or why not.
    pub(super) fn voor_afzender(&self) -> impl Iterator<Item = Bewijsbesluit> {
        let weg = self.weggelaten.iter().map(|(deel, oin)| Bewijsbesluit {
            ontvanger: *oin,
            deel: Some(*deel),
            stand: Ontvangerstand::Geweigerd,
            regels: Vec::new(),
            zin: GEEN_TERUGVAL.to_owned(),
            verplichtingen: Vec::new(),
            alternatieven: Vec::new(),
        });
        let over = self.beslissingen.iter().map(|b| match b.besluit.uitkomst.levert() {
            true => b.voor_afzender().terugval(b.naam_ontvanger(), self.minuten),
            false => b.voor_afzender(),
        });
        over.chain(weg)
    }

    /// What the store keeps until then.
    pub(super) fn aangehouden(&self) -> impl Iterator<Item = Aangehouden> {
        self.alle().filter(|b| mag(b)).map(|b| Aangehouden {
            deel: b.deel,
            ontvanger: b.ontvanger,
            functie: None,
            wijze: b.wijze,
            vanaf: Some(self.vanaf),
        })
    }
}

/// What may never go is not kept; what waits for somebody else may be free by then.
const fn mag(beslissing: &Beslissing) -> bool {
    beslissing.besluit.uitkomst.levert() || beslissing.besluit.uitkomst.wacht()
}

/// Whether a wrap is kept: all but those for a later step that may never be given.
pub(super) fn blijft(terugval: Option<&Terugval>, wrap: &NieuweWrap) -> bool {
    let gaat = |t: &Terugval| t.alle().any(|b| b.deel == Some(wrap.deel) && b.ontvanger == wrap.ontvanger && mag(b));
    wrap.wijze != Toegangswijze::Terugval || terugval.is_some_and(gaat)
}
