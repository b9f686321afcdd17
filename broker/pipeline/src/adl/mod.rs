//! The Authorization Decision Log (NL GOV): every decision, as a projection of the leaves that the hub keeps anyway. Nothing is
//! written twice and nothing is sampled: a decision without its leaf was never given out.
//!
//! Read in bounded memory: a page of leaves, and a window on the decision records that the leaves of messages refer to.

pub(crate) mod begin;
mod projectie;
mod regel;

use std::collections::{HashMap, VecDeque};

use inbreng_domain::{Digest, Oin, Tijdstip};
use inbreng_policy::Vastlegging;
use inbreng_proof::sha256;
use inbreng_storage::{Besluitregel, Store, StoreResult};
use serde_json::{Map, Value};

use projectie::Bladrecord;
pub use projectie::verzoek;
pub use regel::{Gebeurtenis, Inhoud, Kenmerken, Logregel, Status};

/// The kinds of leaf that record a decision.
pub(crate) const SOORTEN: [&str; 4] = ["besluit", "toets", "inzage", "overzicht"];
/// Leaves and records read at a time.
const BLADZIJDE: u32 = 512;
/// Decision records kept at hand at most: far more than lie between a leaf and its record.
const VENSTER: usize = 8192;

/// Reads the decision log of a store.
#[derive(Debug)]
pub struct Beslissingenlog<'s, S: Store + ?Sized> {
    store: &'s S,
    vanaf: Option<Tijdstip>,
    tot: Option<Tijdstip>,
    resource: Map<String, Value>,
    /// The next leaf; absent until the beginning was looked for.
    volgende: Option<u64>,
    venster: Venster,
}

impl<'s, S: Store + ?Sized> Beslissingenlog<'s, S> {
    /// The decisions from one moment up to another; absent: from the first, to the last. `knooppunt` names the hub in each
    /// record.
    pub fn lezen(store: &'s S, vanaf: Option<Tijdstip>, tot: Option<Tijdstip>, knooppunt: Option<Oin>) -> Self {
        Self { store, vanaf, tot, resource: regel::herkomst(knooppunt), volgende: None, venster: Venster::default() }
    }

    /// The next records, in the order of the log; `None` after the last. A page may be empty.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn bladzijde(&mut self) -> StoreResult<Option<Vec<Logregel>>> {
        let volgende = match self.volgende {
            Some(volgende) => volgende,
            None => self.beginnen().await?,
        };
        let bladen = self.store.bladen_van(&SOORTEN, volgende, BLADZIJDE).await?;
        let Some(laatste) = bladen.last() else { return Ok(None) };
        self.volgende = Some(laatste.index + 1);
        let voorbij = |tot: Tijdstip| bladen.iter().all(|b| b.tijd >= tot.plus(begin::SPELING));
        if self.tot.is_some_and(voorbij) {
            return Ok(None);
        }
        let mut regels = Vec::new();
        for blad in &bladen {
            // Of a decision whose evidence ended nothing is left to show (R40).
            if blad.is_gesnoeid() || !projectie::valt_in(blad.tijd, self.vanaf, self.tot) {
                continue;
            }
            let Ok(record) = serde_json::from_str::<Bladrecord>(&blad.record) else {
                // The log itself is what counts; what this version cannot read is left to the one that wrote it.
                tracing::warn!(blad = blad.index, "a leaf about a decision is in no known form");
                continue;
            };
            let besluit = match record.record {
                Some(digest) => self.venster.zoeken(self.store, digest).await?,
                None => None,
            };
            let mut verteld = Vec::with_capacity(record.verteld.len());
            for digest in &record.verteld {
                // What no version could be asked about is in the records alone.
                verteld.extend(self.venster.zoeken(self.store, *digest).await?);
            }
            regels.push(projectie::regel(blad, record, besluit, &verteld, &self.resource));
        }
        Ok(Some(regels))
    }
}

impl<S: Store + ?Sized> Beslissingenlog<'_, S> {
    /// Goes to where the period begins, in the leaves and in the records.
    async fn beginnen(&mut self) -> StoreResult<u64> {
        let Some(vanaf) = self.vanaf else { return Ok(0) };
        let store = self.store;
        self.venster.gelezen = begin::zoeken(vanaf, async |na| {
            // A refusal that no version decided has no time of its own; the next one has.
            let regels = store.besluiten(na, 64).await?;
            Ok(regels.iter().find_map(|regel| {
                let vastlegging: Vastlegging<'_> = serde_json::from_str(&regel.record).ok()?;
                vastlegging.verzoek.nu
            }))
        })
        .await?;
        begin::zoeken(vanaf, async |na| Ok(store.bladen_van(&SOORTEN, na, 1).await?.first().map(|b| b.tijd))).await
    }
}

/// Decision records by their digest, as far as they were read.
#[derive(Debug, Default)]
struct Venster {
    records: HashMap<Digest, String>,
    volgorde: VecDeque<Digest>,
    gelezen: u64,
    op: bool,
}

impl Venster {
    /// The record with this digest. Records and leaves are written together and in the same order, so it is never far.
    async fn zoeken<S: Store + ?Sized>(&mut self, store: &S, digest: Digest) -> StoreResult<Option<Vastlegging<'static>>> {
        let mut doorgelezen = 0;
        while !self.records.contains_key(&digest) && !self.op && doorgelezen < VENSTER {
            let regels = store.besluiten(self.gelezen, BLADZIJDE).await?;
            doorgelezen += regels.len();
            self.op = regels.is_empty();
            for Besluitregel { nummer, record, .. } in regels {
                self.gelezen = nummer;
                let digest = sha256(record.as_bytes());
                if self.records.insert(digest, record).is_none() {
                    self.volgorde.push_back(digest);
                }
                if self.volgorde.len() > VENSTER
                    && let Some(oudste) = self.volgorde.pop_front()
                {
                    self.records.remove(&oudste);
                }
            }
        }
        Ok(self.records.get(&digest).and_then(|record| serde_json::from_str(record).ok()))
    }
}
