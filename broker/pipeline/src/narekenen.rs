//! The log recomputed: every leaf from its record, every node from its leaves. The same for a running hub, a store without
//! one, and an export.

use std::{cmp::Ordering, collections::BTreeMap};

use inbreng_domain::{Digest, Tijdstip, receipts::Checkpoint};
use inbreng_proof::{
    blad::{OVERGANG, Overgang, Soortenreeks, hash_van_kern, hash_zonder_soort, kern},
    merkle::{Accumulator, MerkleError, Node},
};
use inbreng_storage::{Blad, Logboek, StoreError};
use serde::Deserialize;
use time::Duration;

use crate::{bewaren::BEWIJS, leaf::Soort};

/// Leaves that are read at once.
const BLADZIJDE: u32 = 4096;
/// How far the clock of a hub may be ahead of the one it is read by.
const VOORUIT: Duration = Duration::days(1);

/// Why a log does not hold.
#[derive(Debug, thiserror::Error)]
pub enum Logfout {
    /// A leaf is not there.
    #[error("leaf {0} is missing")]
    Ontbreekt(u64),
    /// A leaf in another's place.
    #[error("leaf {gevonden} stands where leaf {verwacht} should be")]
    Volgorde {
        /// Its place.
        verwacht: u64,
        /// What it says it is.
        gevonden: u64,
    },
    /// A leaf whose record, salt, kind, moment and hash do not belong together.
    #[error("leaf {0} does not fit its hash")]
    Hash(u64),
    /// A leaf without its record behind an older one that still has it: records end in the order in which they came (R40).
    #[error("leaf {0} has lost its record before an older one")]
    Gesnoeid(u64),
    /// A leaf without its record that no sweep behind it was to empty: the log names none, or one whose term was not over.
    #[error("leaf {0} has lost its record, and no sweep in the log ended it")]
    Ongedekt(u64),
    /// A leaf whose hash does not cover its kind, behind one whose hash does (ADR 19).
    #[error("the hash of leaf {0} does not cover its kind, and that of an older one does")]
    Vorm(u64),
    /// Hashes begin to cover kinds at a leaf that does not say so, or a leaf says so elsewhere.
    #[error("leaf {0} is not where hashes begin to cover kinds, or does not say so")]
    Overgang(u64),
    /// The leaves from which hashes cover no kind have other kinds or moments than the leaf behind them says.
    #[error("leaves before leaf {0} have another kind or moment than it says")]
    Soorten(u64),
    /// Hashes begin to cover kinds elsewhere than the store or a head says, or nowhere.
    #[error("hashes cover kinds from another leaf than leaf {bewaard} on")]
    SoortVanaf {
        /// Where they should.
        bewaard: u64,
    },
    /// A head that someone kept has another root, or counts more leaves than there are.
    #[error("the kept head of {kop} leaves is not of this log")]
    Kop {
        /// Its size.
        kop: u64,
        /// How many leaves there are, where those are fewer.
        omvang: Option<u64>,
    },
    /// A stored node that is not the one that follows from the leaves.
    #[error("node {index} of level {niveau} is another than follows from the leaves")]
    Knoop {
        /// Its level; 0 is the leaves.
        niveau: u8,
        /// Its index in that level.
        index: u64,
    },
    /// A leaf behind the end that the store keeps.
    #[error("leaf {blad} stands behind the end of the log")]
    Buiten {
        /// The first of them.
        blad: u64,
    },
    /// The stored tree is whole, but has another root.
    #[error("the stored root is another than follows from the leaves")]
    Wortel,
    /// The tree cannot be made.
    #[error("tree cannot be made")]
    Boom(#[from] MerkleError),
    /// The store does not answer.
    #[error("log cannot be read")]
    Opslag(#[from] StoreError),
}

impl Logfout {
    /// The first leaf that is wrong, where a leaf is.
    #[must_use]
    pub const fn blad(&self) -> Option<u64> {
        match self {
            Self::Ontbreekt(blad)
            | Self::Hash(blad)
            | Self::Gesnoeid(blad)
            | Self::Ongedekt(blad)
            | Self::Vorm(blad)
            | Self::Overgang(blad)
            | Self::Soorten(blad)
            | Self::SoortVanaf { bewaard: blad }
            | Self::Buiten { blad }
            | Self::Volgorde { verwacht: blad, .. } => Some(*blad),
            Self::Knoop { niveau: 0, index } => Some(*index),
            Self::Knoop { .. } | Self::Kop { .. } | Self::Wortel | Self::Boom(_) | Self::Opslag(_) => None,
        }
    }
}

/// A log under recomputation.
#[derive(Debug, Default)]
pub struct Narekening {
    boom: Accumulator,
    /// Sizes at which the root is wanted, and that root once it has been passed.
    merken: BTreeMap<u64, Option<Digest>>,
    gesnoeid: u64,
    /// Whether a leaf was passed that may lose its record and has it.
    heel: bool,
    /// The youngest leaf without its record that no sweep was passed for: its moment and index.
    ongedekt: Option<(Tijdstip, u64)>,
    /// The latest sweep that such a leaf was held against: its moment, and the index of that leaf.
    veeg: Option<(Tijdstip, u64)>,
    /// The leaf from which hashes cover the kind, once it has been passed.
    soort_vanaf: Option<u64>,
    /// Kinds and moments of the leaves up to there.
    soorten: Soortenreeks,
}

impl Narekening {
    /// Begins, with sizes at which the root will be asked, and nodes that will be needed for proofs.
    pub fn met(merken: impl IntoIterator<Item = u64>, knopen: impl IntoIterator<Item = (u8, u64)>) -> Result<Self, Logfout> {
        let boom = Accumulator::keeping(knopen);
        let merken = merken.into_iter().map(|m| (m, None)).collect();
        let mut narekening = Self { boom, merken, ..Self::default() };
        narekening.merken()?;
        Ok(narekening)
    }

    /// Goes on with the next leaves, in order; gives the nodes that they complete.
    ///
    /// # Errors
    /// [`Logfout`] at the first leaf that is wrong; then the log does not hold, whatever follows.
    pub fn bladen(&mut self, bladen: &[Blad]) -> Result<Vec<Node>, Logfout> {
        let mut gemaakt = Vec::new();
        let mut rest = bladen;
        while !rest.is_empty() {
            // Up to the next size at which the root is wanted.
            let omvang = self.boom.size();
            let tot_merk = self.merken.range(omvang + 1..).next().map(|(m, _)| m - omvang);
            let hier = tot_merk.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX).min(rest.len());
            let (eerst, dan) = rest.split_at(hier);
            let mut hashes = Vec::with_capacity(eerst.len());
            for (verwacht, blad) in (omvang..).zip(eerst) {
                if blad.index != verwacht {
                    return Err(Logfout::Volgorde { verwacht, gevonden: blad.index });
                }
                if blad.is_gesnoeid() {
                    if self.heel {
                        return Err(Logfout::Gesnoeid(verwacht));
                    }
                    self.gesnoeid += 1;
                    self.ongedekt = self.ongedekt.max(Some((blad.tijd, blad.index)));
                } else {
                    self.heel |= blad.is_snoeibaar();
                }
                self.blad(blad)?;
                self.veegt(blad);
                hashes.push(*blad.hash.as_bytes());
            }
            gemaakt.extend(self.boom.grow(&hashes)?);
            self.merken()?;
            rest = dan;
        }
        Ok(gemaakt)
    }

    /// Whether the hash of a leaf is over what stands there, in the form that its place asks (ADR 19).
    fn blad(&mut self, blad: &Blad) -> Result<(), Logfout> {
        let (soort, gesnoeid) = (blad.soort.as_str(), blad.is_gesnoeid());
        let kern = if gesnoeid { blad.zout } else { kern(&blad.zout, blad.record.as_bytes()) };
        let met_soort = hash_van_kern(&soort, blad.tijd, &kern) == blad.hash;
        match self.soort_vanaf {
            Some(_) if met_soort && *soort == *OVERGANG => Err(Logfout::Overgang(blad.index)),
            Some(_) if met_soort => Ok(()),
            Some(_) if !gesnoeid && hash_zonder_soort(&blad.zout, blad.record.as_bytes()) == blad.hash => {
                Err(Logfout::Vorm(blad.index))
            }
            Some(_) => Err(Logfout::Hash(blad.index)),
            None if met_soort => self.begint(blad),
            // Of what was pruned the hash stands for itself: the nodes above it, and every head that was signed, still hold it.
            None if gesnoeid && blad.zout == [0; 32]
                || !gesnoeid && hash_zonder_soort(&blad.zout, blad.record.as_bytes()) == blad.hash =>
            {
                self.soorten.bij(&soort, blad.tijd);
                Ok(())
            }
            None => Err(Logfout::Hash(blad.index)),
        }
    }

    /// The first leaf whose hash covers its kind: the first of all, or one that says what stands before it.
    fn begint(&mut self, blad: &Blad) -> Result<(), Logfout> {
        if (blad.index == 0) == (&*blad.soort.as_str() == OVERGANG) {
            return Err(Logfout::Overgang(blad.index));
        }
        if blad.index > 0 {
            let overgang: Overgang = serde_json::from_str(&blad.record).map_err(|_| Logfout::Overgang(blad.index))?;
            if overgang.vanaf != blad.index {
                return Err(Logfout::Overgang(blad.index));
            }
            if overgang.soorten != self.soorten.digest() {
                return Err(Logfout::Soorten(blad.index));
            }
        }
        self.soort_vanaf = Some(blad.index);
        Ok(())
    }

    /// A sweep covers what is older than it is itself by the term of evidence, and stands before it. What it says beyond that counts for nothing:
    /// whoever has the database can add a leaf.
    fn veegt(&mut self, blad: &Blad) {
        if *blad.soort.as_str() != *Soort::Opgeruimd.as_str() {
            return;
        }
        let Ok(Veeg { bewijs_tot }) = serde_json::from_str(&blad.record) else { return };
        let tot = bewijs_tot.min(blad.tijd.plus(-BEWIJS));
        if let Some((_, leeg)) = self.ongedekt.take_if(|(tijd, _)| *tijd <= tot) {
            self.veeg = self.veeg.max(Some((blad.tijd, leeg)));
        }
    }

    /// Whether every record that is gone was ended by a sweep that the log names (R40), once all leaves have been passed. `nu` is the
    /// moment of who recomputes: a sweep of later than that is none.
    ///
    /// # Errors
    /// [`Logfout::Ongedekt`] with the youngest of those that was not.
    pub fn gedekt(&self, nu: Tijdstip) -> Result<(), Logfout> {
        let niet = self.ongedekt.or_else(|| self.veeg.filter(|(tijd, _)| *tijd > nu.plus(VOORUIT)));
        niet.map_or(Ok(()), |(_, blad)| Err(Logfout::Ongedekt(blad)))
    }

    /// Whether hashes cover kinds from this leaf on; of a log without leaves there is nothing to say.
    ///
    /// # Errors
    /// [`Logfout::SoortVanaf`]
    pub const fn soort_vanaf(&self, bewaard: u64) -> Result<(), Logfout> {
        match self.soort_vanaf {
            Some(vanaf) if vanaf == bewaard => Ok(()),
            None if self.omvang() == 0 => Ok(()),
            _ => Err(Logfout::SoortVanaf { bewaard }),
        }
    }

    /// Whether this is the log of a head that someone kept: its root at the size of the head, and where hashes begin to cover kinds.
    /// In a head of before any did they may only begin behind it.
    ///
    /// # Errors
    /// [`Logfout::Kop`] and [`Logfout::SoortVanaf`].
    pub fn past_bij(&self, kop: &Checkpoint) -> Result<(), Logfout> {
        if self.wortel_bij(kop.omvang) != Some(kop.wortel) {
            let omvang = self.wortel_bij(kop.omvang).is_none().then_some(self.omvang());
            return Err(Logfout::Kop { kop: kop.omvang, omvang });
        }
        match (kop.soort_vanaf, self.soort_vanaf) {
            (Some(bewaard), _) => self.soort_vanaf(bewaard),
            (None, Some(vanaf)) if vanaf < kop.omvang => Err(Logfout::SoortVanaf { bewaard: kop.omvang }),
            (None, _) => Ok(()),
        }
    }

    fn merken(&mut self) -> Result<(), Logfout> {
        if let Some(merk) = self.merken.get_mut(&self.boom.size()) {
            *merk = Some(self.boom.root()?);
        }
        Ok(())
    }

    /// Reads the whole log of a store, and compares with it every node above the leaves that is stored, and the head; `nu` as for
    /// [`Self::gedekt`].
    ///
    /// Leaves first, the head last: a log may grow meanwhile, and what is wrong with a leaf or a node is named as that and
    /// not as a head that cannot be made.
    ///
    /// # Errors
    /// [`Logfout`] at the first thing that is wrong.
    pub async fn uit_opslag(&mut self, store: &(impl Logboek + ?Sized), nu: Tijdstip) -> Result<(), Logfout> {
        loop {
            let gelezen = self.boom.size();
            let bladen = store.bladen(gelezen, BLADZIJDE).await?;
            if !bladen.is_empty() {
                self.vergelijken(store, &bladen).await?;
                continue;
            }
            let (omvang, wortel) = match store.hoofd().await {
                // Every node that there can be was compared: what is missing lies beyond the leaves.
                Err(StoreError::Corrupt { .. }) => return Err(Logfout::Ontbreekt(gelezen)),
                hoofd => hoofd?,
            };
            match omvang.cmp(&gelezen) {
                Ordering::Less => return Err(Logfout::Buiten { blad: omvang }),
                Ordering::Equal if wortel == self.boom.root()? => {
                    self.soort_vanaf(store.soort_vanaf().await?)?;
                    return self.gedekt(nu);
                }
                Ordering::Equal => return Err(Logfout::Wortel),
                Ordering::Greater if store.bladen(gelezen, 1).await?.is_empty() => return Err(Logfout::Ontbreekt(gelezen)),
                Ordering::Greater => {}
            }
        }
    }

    async fn vergelijken(&mut self, store: &(impl Logboek + ?Sized), bladen: &[Blad]) -> Result<(), Logfout> {
        let gemaakt: Vec<Node> = self.bladen(bladen)?.into_iter().filter(|k| k.level > 0).collect();
        let plaatsen: Vec<(u8, u64)> = gemaakt.iter().map(|k| (k.level, k.index)).collect();
        let bewaard = store.knopen(&plaatsen).await?;
        match gemaakt.iter().zip(&bewaard).find(|(knoop, bewaard)| **bewaard != Some(knoop.hash)) {
            Some((knoop, _)) => Err(Logfout::Knoop { niveau: knoop.level, index: knoop.index }),
            None => Ok(()),
        }
    }

    /// The root over the leaves so far.
    ///
    /// # Errors
    /// [`Logfout::Boom`]
    pub fn wortel(&self) -> Result<Digest, Logfout> {
        Ok(self.boom.root()?)
    }

    /// How many leaves so far.
    #[must_use]
    pub const fn omvang(&self) -> u64 {
        self.boom.size()
    }

    /// Of how many of them the record has gone because its term was over (R40).
    #[must_use]
    pub const fn gesnoeid(&self) -> u64 {
        self.gesnoeid
    }

    /// The root at one of the sizes that were asked for, once it has been passed.
    #[must_use]
    pub fn wortel_bij(&self, omvang: u64) -> Option<Digest> {
        self.merken.get(&omvang).copied().flatten()
    }

    /// The tree, for proofs over the nodes that were asked for.
    #[must_use]
    pub const fn boom(&self) -> &Accumulator {
        &self.boom
    }
}

/// As much of the leaf of a sweep as says what it was to empty.
#[derive(Deserialize)]
struct Veeg {
    #[serde(rename = "bewijsTot")]
    bewijs_tot: Tijdstip,
}

#[cfg(test)]
mod tests;
