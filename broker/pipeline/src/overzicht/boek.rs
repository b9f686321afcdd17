//! What one overview decided, for the supervisor of the hub alone: each question that the policy was asked, with what was told of what
//! it is about. Neither the partner that asked nor the person reads any of it, nor how much of it there is (R16, R20, R21).

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use inbreng_domain::{Besluit, CasusRef, ConvenantId, Digest, Oin, RegelId, Uitkomst, problem::ProblemCode};
use inbreng_policy::{Organisatienamen, Vastlegging, Vertelgroep, Vertelling, Verzoek};
use inbreng_proof::canonical_string;
use inbreng_storage::NieuwBesluit;
use serde::Serialize;

use crate::{Fout, decide::vastgelegd};

/// Kinds of delivery that the records of one overview tell apart; those of after it are kept without their recipient.
const GROEPEN: usize = 2000;

/// What the policy was asked of one owner's deliveries: the same for all of them in one case, under one covenant, and with or without an
/// embargo.
pub(super) type Vraagsleutel = (CasusRef, ConvenantId, Oin, bool);

/// A question with its answer.
#[derive(Debug)]
pub(super) struct Beslist {
    pub(super) verzoek: Verzoek,
    pub(super) besluit: Besluit,
    pub(super) namen: Organisatienamen,
    groepen: BTreeSet<Vertelgroep>,
}

impl Beslist {
    pub(super) const fn nieuw(verzoek: Verzoek, besluit: Besluit, namen: Organisatienamen) -> Self {
        Self { verzoek, besluit, namen, groepen: BTreeSet::new() }
    }
}

/// The record of what no version could be asked about.
#[derive(Serialize)]
struct Zonder {
    overzicht: Vertelling,
}

/// What was decided so far.
#[derive(Debug, Default)]
pub(super) struct Boek {
    beslist: BTreeMap<Vraagsleutel, Beslist>,
    /// Owners of which nobody can say what they are, or whose covenant is no more: left out, by which rule.
    zonder: BTreeMap<(Oin, RegelId), BTreeSet<Vertelgroep>>,
    groepen: usize,
}

impl Boek {
    /// Whether a delivery is told, and writes down that this was decided. `vragen` asks the policy, once for each question.
    pub(super) fn beslissen(
        &mut self,
        sleutel: Vraagsleutel,
        mut groep: Vertelgroep,
        vragen: impl FnOnce() -> Result<Beslist, Fout>,
    ) -> Result<bool, Fout> {
        let beslist = match self.beslist.entry(sleutel) {
            std::collections::btree_map::Entry::Occupied(bekend) => bekend.into_mut(),
            std::collections::btree_map::Entry::Vacant(plek) => plek.insert(vragen()?),
        };
        groep.regel = groep.verzwegen(beslist.verzoek.van, &beslist.verzoek.scheiding);
        let verteld = groep.regel.is_none() && beslist.besluit.uitkomst.levert();
        bij(&mut beslist.groepen, groep, &mut self.groepen);
        Ok(verteld)
    }

    /// Writes down that a delivery is left out by this rule, where the policy has nothing to be asked.
    pub(super) fn zonder(&mut self, eigenaar: Oin, regel: RegelId, groep: Vertelgroep) {
        let groepen = self.zonder.entry((eigenaar, regel)).or_default();
        bij(groepen, Vertelgroep { regel: Some(regel), ..groep }, &mut self.groepen);
    }

    /// For the store, under the digest of the request.
    pub(super) fn records(self, verklaring: Digest, van: Oin) -> Result<Vec<NieuwBesluit>, Fout> {
        let mut records = Vec::with_capacity(self.beslist.len() + self.zonder.len());
        for Beslist { verzoek, besluit, namen, groepen } in self.beslist.into_values() {
            let overzicht = Vertelling { verklaring, eigenaar: None, groepen: groepen.into_iter().collect() };
            let vastlegging = Vastlegging {
                besluit: Cow::Owned(besluit),
                namen: Cow::Owned(namen),
                overzicht: Some(Cow::Owned(overzicht)),
                verzoek: Cow::Owned(verzoek),
            };
            records.push(vastgelegd(None, van, &vastlegging)?);
        }
        for ((eigenaar, regel), groepen) in self.zonder {
            let overzicht = Vertelling { verklaring, eigenaar: Some(eigenaar), groepen: groepen.into_iter().collect() };
            let record =
                canonical_string(&Zonder { overzicht }).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
            let regel = Some(regel.nummer());
            records.push(NieuwBesluit { deel: None, ontvanger: van, uitkomst: Uitkomst::Weigeren, regel, record });
        }
        Ok(records)
    }
}

/// Adds a kind of delivery, within bounds.
fn bij(groepen: &mut BTreeSet<Vertelgroep>, mut groep: Vertelgroep, geteld: &mut usize) {
    if *geteld >= GROEPEN && !groepen.contains(&groep) {
        groep.ontvanger = None;
    }
    *geteld += usize::from(groepen.insert(groep));
}
