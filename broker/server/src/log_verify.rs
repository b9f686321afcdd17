//! `inbreng log verify` and `export`: the log recomputed without a running hub, from its store or from an export, and held
//! against a head that someone kept.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::Path,
    process::ExitCode,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{Code, Digest, receipts::Checkpoint};
use inbreng_proof::{Typ, VerifyingKey, jws, merkle};
use inbreng_storage::{Blad, Logboek};
use inbreng_storage_sql::sqlite::SqliteStore;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    bevinding::keten,
    cli::{Logbron, Logplaats},
    opslaglezer::{met_runtime, openen},
};

/// Leaves read at a time.
const BLADZIJDE: u32 = 4096;

type Uitkomst<T> = Result<T, String>;

/// A leaf in an export: one line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Regel {
    index: u64,
    soort: Code,
    record: String,
    zout: String,
    hash: Digest,
}

/// Recomputes a log.
pub fn verify(bron: &Logbron) -> ExitCode {
    let uitslag = met_runtime(narekenen(bron));
    let (goed, tekst, als_json) = match uitslag {
        Ok(klopt) => {
            let tekst = format!("Het logboek klopt: {} bladen, wortel {}.", klopt.bladen, klopt.wortel);
            (true, tekst, json!({ "ok": true, "bladen": klopt.bladen, "wortel": klopt.wortel }))
        }
        Err(waarom) => (false, format!("Het logboek klopt niet: {waarom}."), json!({ "ok": false, "reden": waarom })),
    };
    let _gone = writeln!(io::stdout(), "{}", if bron.json { als_json.to_string() } else { tekst });
    if goed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes a log as lines of JSON.
pub fn export(db: &Path, uit: &Path) -> ExitCode {
    match met_runtime(schrijven(db, uit)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(waarom) => {
            let _gone = writeln!(io::stderr(), "{waarom}");
            ExitCode::FAILURE
        }
    }
}

/// What a good log amounts to.
#[derive(Debug, PartialEq, Eq)]
struct Klopt {
    bladen: u64,
    wortel: Digest,
}

async fn narekenen(bron: &Logbron) -> Uitkomst<Klopt> {
    let kop = kop(bron)?;
    let mut boom = Boom::new(kop.as_ref().map(|k| k.omvang));
    match &bron.plaats {
        Logplaats { db: Some(db), .. } => {
            let store = openen(db).await?;
            let (omvang, wortel) = store.hoofd().await.map_err(|e| keten(&e))?;
            uit_opslag(&store, omvang, |bladen| boom.groeien(bladen)).await?;
            let _closed = store.sluiten().await;
            if boom.wortel()? != wortel {
                return Err("de wortel die de opslag bewaart is een andere dan die uit de bladen volgt".into());
            }
        }
        Logplaats { export: Some(export), .. } => uit_export(export, &mut boom)?,
        Logplaats { .. } => return Err("noem --db of --export".into()),
    }
    if let Some(kop) = kop {
        boom.vergelijken(&kop)?;
    }
    Ok(Klopt { bladen: boom.omvang, wortel: boom.wortel()? })
}

fn uit_export(export: &Path, boom: &mut Boom) -> Uitkomst<()> {
    let niet = |e: io::Error| format!("{} is niet te lezen ({e})", export.display());
    let mut bladen = Vec::new();
    for (nummer, regel) in BufReader::new(File::open(export).map_err(niet)?).lines().enumerate() {
        let regel: Regel =
            serde_json::from_str(&regel.map_err(niet)?).map_err(|_| format!("regel {} is geen blad", nummer + 1))?;
        bladen.push(regel.blad().ok_or_else(|| format!("regel {} heeft geen geldig zout", nummer + 1))?);
        if bladen.len() >= BLADZIJDE as usize {
            boom.groeien(&std::mem::take(&mut bladen))?;
        }
    }
    boom.groeien(&bladen)
}

impl Regel {
    fn blad(self) -> Option<Blad> {
        let zout = URL_SAFE_NO_PAD.decode(&self.zout).ok()?.try_into().ok()?;
        Some(Blad { index: self.index, soort: self.soort, record: self.record, zout, hash: self.hash })
    }
}

async fn uit_opslag(store: &SqliteStore, omvang: u64, mut neem: impl FnMut(&[Blad]) -> Uitkomst<()>) -> Uitkomst<()> {
    let mut gelezen = 0;
    while gelezen < omvang {
        let hoogstens = u32::try_from(omvang - gelezen).unwrap_or(BLADZIJDE).min(BLADZIJDE);
        let bladen = store.bladen(gelezen, hoogstens).await.map_err(|e| keten(&e))?;
        if bladen.is_empty() {
            return Err(format!("blad {gelezen} ontbreekt"));
        }
        neem(&bladen)?;
        gelezen += bladen.len() as u64;
    }
    Ok(())
}

async fn schrijven(db: &Path, uit: &Path) -> Uitkomst<()> {
    let store = openen(db).await?;
    let (omvang, _) = store.hoofd().await.map_err(|e| keten(&e))?;
    let mut doel: Box<dyn Write> = if uit == Path::new("-") {
        Box::new(BufWriter::new(io::stdout()))
    } else {
        Box::new(BufWriter::new(File::create_new(uit).map_err(|e| format!("{} is niet te maken ({e})", uit.display()))?))
    };
    let niet = |e: io::Error| format!("de export is niet te schrijven ({e})");
    uit_opslag(&store, omvang, |bladen| {
        for blad in bladen {
            let zout = URL_SAFE_NO_PAD.encode(blad.zout);
            let regel =
                Regel { index: blad.index, soort: blad.soort.clone(), record: blad.record.clone(), zout, hash: blad.hash };
            serde_json::to_writer(&mut doel, &regel).map_err(|e| niet(e.into()))?;
            doel.write_all(b"\n").map_err(niet)?;
        }
        Ok(())
    })
    .await?;
    doel.flush().map_err(niet)?;
    let _closed = store.sluiten().await;
    Ok(())
}

/// A head that someone kept, verified.
fn kop(bron: &Logbron) -> Uitkomst<Option<Checkpoint>> {
    let (Some(checkpoint), Some(certificaat)) = (&bron.checkpoint, &bron.certificaat) else { return Ok(None) };
    let lezen = |pad: &Path| std::fs::read_to_string(pad).map_err(|e| format!("{} is niet te lezen ({e})", pad.display()));
    let der = CertificateDer::from_pem_slice(lezen(certificaat)?.as_bytes())
        .map_err(|_| "er staat geen certificaat in --certificaat")?;
    let sleutel = VerifyingKey::from_certificate_der(&der).map_err(|e| keten(&e))?;
    let kop = jws::verify(lezen(checkpoint)?.trim(), Typ::Checkpoint, &sleutel)
        .map_err(|e| format!("de kop is niet door dit certificaat ondertekend ({})", keten(&e)))?;
    Ok(Some(kop))
}

/// The tree as far as it has been recomputed: only the roots of its complete subtrees are kept.
struct Boom {
    omvang: u64,
    knopen: HashMap<(u8, u64), [u8; 32]>,
    /// The size of the head to compare with, and the root at that size once it has been passed.
    merk: Option<u64>,
    wortel_bij_merk: Option<Digest>,
}

impl Boom {
    fn new(merk: Option<u64>) -> Self {
        let wortel_bij_merk = (merk == Some(0)).then(merkle::empty_root);
        Self { omvang: 0, knopen: HashMap::new(), merk, wortel_bij_merk }
    }

    fn groeien(&mut self, bladen: &[Blad]) -> Uitkomst<()> {
        // Up to the kept head first, so that its root can be taken.
        let tot_merk = self.merk.and_then(|m| m.checked_sub(self.omvang)).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let (eerst, dan) = bladen.split_at(tot_merk.min(bladen.len()));
        self.toevoegen(eerst)?;
        if self.merk == Some(self.omvang) && self.wortel_bij_merk.is_none() {
            self.wortel_bij_merk = Some(self.wortel()?);
        }
        self.toevoegen(dan)
    }

    fn toevoegen(&mut self, bladen: &[Blad]) -> Uitkomst<()> {
        let mut hashes = Vec::with_capacity(bladen.len());
        for (verwacht, blad) in (self.omvang..).zip(bladen) {
            let hash = merkle::blad_hash(&blad.zout, blad.record.as_bytes());
            if blad.index != verwacht {
                return Err(format!("na blad {} komt blad {}", verwacht.saturating_sub(1), blad.index));
            }
            if hash != blad.hash {
                return Err(format!("blad {verwacht} past niet bij zijn hash"));
            }
            hashes.push(*hash.as_bytes());
        }
        let nieuw = merkle::append(&self.knopen, self.omvang, &hashes).map_err(|e| keten(&e))?;
        self.knopen.extend(nieuw.into_iter().map(|k| ((k.level, k.index), k.hash)));
        self.omvang += hashes.len() as u64;
        let nodig: HashSet<_> = merkle::nodes_for_root(self.omvang).into_iter().collect();
        self.knopen.retain(|plaats, _| nodig.contains(plaats));
        Ok(())
    }

    fn wortel(&self) -> Uitkomst<Digest> {
        merkle::root(&self.knopen, self.omvang).map_err(|e| keten(&e))
    }

    fn vergelijken(&self, kop: &Checkpoint) -> Uitkomst<()> {
        match self.wortel_bij_merk {
            Some(wortel) if wortel == kop.wortel => Ok(()),
            Some(_) => Err(format!("bij {} bladen was de wortel volgens de bewaarde kop een andere", kop.omvang)),
            None => Err(format!("de bewaarde kop telt {} bladen, dit logboek maar {}", kop.omvang, self.omvang)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blad(index: u64) -> Blad {
        let (record, zout) = (format!("{{\"nummer\":{index}}}"), [u8::try_from(index % 251).unwrap(); 32]);
        let hash = merkle::blad_hash(&zout, record.as_bytes());
        Blad { index, soort: Code::parse("bericht").unwrap(), record, zout, hash }
    }

    fn kop(omvang: u64, wortel: Digest) -> Checkpoint {
        let tijd = inbreng_domain::Tijdstip::from_unix_millis(0);
        Checkpoint { hub: inbreng_domain::Oin::parse("00000001003214345000").unwrap(), omvang, wortel, tijd }
    }

    #[test]
    fn a_kept_head_is_found_back_at_its_size_whatever_the_pages() {
        let bladen: Vec<Blad> = (0..37).map(blad).collect();
        for merk in 0..=37 {
            let mut klein = Boom::new(None);
            klein.groeien(&bladen[..merk]).unwrap();
            let wortel = klein.wortel().unwrap();
            for bladzijde in [1, 5, 37] {
                let mut boom = Boom::new(Some(merk as u64));
                for deel in bladen.chunks(bladzijde) {
                    boom.groeien(deel).unwrap();
                }
                boom.vergelijken(&kop(merk as u64, wortel)).unwrap();
                assert!(boom.vergelijken(&kop(merk as u64, Digest::from_bytes([9; 32]))).is_err());
            }
        }
        let mut kort = Boom::new(Some(38));
        kort.groeien(&bladen).unwrap();
        assert!(kort.vergelijken(&kop(38, merkle::empty_root())).unwrap_err().contains("maar 37"));
    }

    #[test]
    fn every_kind_of_tampering_is_found() {
        let bladen: Vec<Blad> = (0..9).map(blad).collect();
        let eerlijk = {
            let mut boom = Boom::new(Some(9));
            boom.groeien(&bladen).unwrap();
            kop(9, boom.wortel().unwrap())
        };
        let klopt = |bladen: &[Blad]| {
            let mut boom = Boom::new(Some(9));
            boom.groeien(bladen).and_then(|()| boom.vergelijken(&eerlijk))
        };
        assert!(klopt(&bladen).is_ok());
        let met = |verander: &dyn Fn(&mut Vec<Blad>)| {
            let mut anders = bladen.clone();
            verander(&mut anders);
            klopt(&anders)
        };
        assert!(met(&|b| b[4].record = "{}".into()).is_err());
        assert!(met(&|b| b[4].zout[0] ^= 1).is_err());
        assert!(met(&|b| b[4].hash = Digest::from_bytes([0; 32])).is_err());
        assert!(met(&|b| drop(b.remove(4))).is_err());
        assert!(met(&|b| drop(b.pop())).is_err());
        assert!(met(&|b| b.swap(3, 4)).is_err());
        // Rewritten with care: every leaf fits its hash, but the root at the kept size is another.
        assert!(met(&|b| b[4] = Blad { index: 4, ..blad(100) }).is_err());
    }
}
