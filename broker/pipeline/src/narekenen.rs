//! The log recomputed: every leaf from its record, every node from its leaves. The same for a running hub, a store without
//! one, and an export.

use std::{cmp::Ordering, collections::BTreeMap};

use inbreng_domain::Digest;
use inbreng_proof::merkle::{Accumulator, MerkleError, Node, blad_hash};
use inbreng_storage::{Blad, Logboek, StoreError};

/// Leaves that are read at once.
const BLADZIJDE: u32 = 4096;

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
    /// A leaf whose record, salt and hash do not belong together.
    #[error("leaf {0} does not fit its hash")]
    Hash(u64),
    /// A leaf without its record behind an older one that still has it: records end in the order in which they came (R40).
    #[error("leaf {0} has lost its record before an older one")]
    Gesnoeid(u64),
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
            | Self::Buiten { blad }
            | Self::Volgorde { verwacht: blad, .. } => Some(*blad),
            Self::Knoop { niveau: 0, index } => Some(*index),
            Self::Knoop { .. } | Self::Wortel | Self::Boom(_) | Self::Opslag(_) => None,
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
}

impl Narekening {
    /// Begins, with sizes at which the root will be asked, and nodes that will be needed for proofs.
    pub fn met(merken: impl IntoIterator<Item = u64>, knopen: impl IntoIterator<Item = (u8, u64)>) -> Result<Self, Logfout> {
        let boom = Accumulator::keeping(knopen);
        let mut narekening = Self { boom, merken: merken.into_iter().map(|m| (m, None)).collect(), gesnoeid: 0, heel: false };
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
                // Of what was pruned the hash stands for itself: the nodes above it, and every head that was signed, still hold it.
                let hash = if blad.is_gesnoeid() {
                    if self.heel {
                        return Err(Logfout::Gesnoeid(verwacht));
                    }
                    self.gesnoeid += 1;
                    blad.hash
                } else {
                    self.heel |= blad.is_snoeibaar();
                    blad_hash(&blad.zout, blad.record.as_bytes())
                };
                if hash != blad.hash {
                    return Err(Logfout::Hash(verwacht));
                }
                hashes.push(*hash.as_bytes());
            }
            gemaakt.extend(self.boom.grow(&hashes)?);
            self.merken()?;
            rest = dan;
        }
        Ok(gemaakt)
    }

    fn merken(&mut self) -> Result<(), Logfout> {
        if let Some(merk) = self.merken.get_mut(&self.boom.size()) {
            *merk = Some(self.boom.root()?);
        }
        Ok(())
    }

    /// Reads the whole log of a store, and compares with it every node above the leaves that is stored, and the head.
    ///
    /// Leaves first, the head last: a log may grow meanwhile, and what is wrong with a leaf or a node is named as that and
    /// not as a head that cannot be made.
    ///
    /// # Errors
    /// [`Logfout`] at the first thing that is wrong.
    pub async fn uit_opslag(&mut self, store: &(impl Logboek + ?Sized)) -> Result<(), Logfout> {
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
                Ordering::Equal if wortel == self.boom.root()? => return Ok(()),
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
