//! The way from a leaf's hash to its place: sorted runs beside the log, written when their leaves are there.
//!
//! An index by hash would change a page for every leaf, and that page goes through the write-ahead log: of a message with nine
//! decisions that was half of all that is written. A run costs each leaf eight bytes, written twice.

use std::collections::BTreeMap;

use inbreng_domain::Digest;
use inbreng_storage::{StoreError, StoreResult};
use serde_json::json;

use super::{
    fout::vertaald,
    rij::Lezen,
    rijen::{Rijen, Waarde},
    sql,
    stapel::Stapelfout,
    verbinding::{Verbinding, vraag},
};

/// Leaves that are sorted together at first; as many as are looked through one by one at most.
const REEKS: i64 = 4096;
/// Leaves that are sorted together in the end.
const BLOK: i64 = 65_536;
/// Rows of a block, and of a run within it.
const VAKKEN: i64 = 256;
const VAKKEN_PER_REEKS: i64 = 16;

/// The first six bytes of a hash, and the place in its block: sorts by hash.
type Wijzer = [u8; 8];

/// Sorts the next run when its leaves are there. Gives up to where leaves are in runs.
pub(super) async fn bijwerken(tx: &mut Verbinding, gewezen: i64, omvang: i64) -> Result<i64, Stapelfout> {
    let tot = gewezen + REEKS;
    if omvang < tot {
        return Ok(gewezen);
    }
    let begin = gewezen - gewezen % BLOK;
    let nieuw = vraag(sql::REEKS).bind(gewezen).bind(tot).bind(begin).fetch_one(&mut *tx).await?;
    let mut wijzers = ontleed(&nieuw.tekst_of("reeks")?.unwrap_or_default())?;
    let eerste_vak = begin / BLOK * VAKKEN;
    let vakken = if tot % BLOK == 0 {
        // The block is full: its runs become one.
        for rij in vraag(sql::BLADWIJZERS_TUSSEN).bind(eerste_vak).bind(eerste_vak + VAKKEN).fetch_all(&mut *tx).await? {
            wijzers.extend(rij.blob("wijzers")?.as_chunks::<8>().0);
        }
        verdelen(wijzers, eerste_vak, VAKKEN, |eerste| eerste)
    } else {
        let vak = eerste_vak + (gewezen - begin) / REEKS * VAKKEN_PER_REEKS;
        verdelen(wijzers, vak, VAKKEN_PER_REEKS, |eerste| eerste >> 4)
    };
    let mut rijen = Rijen::voor(&sql::BLADWIJZER);
    for (vak, mut wijzers) in vakken {
        wijzers.sort_unstable();
        rijen.rij([Waarde::Getal(vak), Waarde::Blob(wijzers.concat())]);
    }
    rijen.schrijven(tx).await?;
    Ok(tot)
}

/// Sorts all runs whose leaves are there, for a store that was written without them.
pub(super) async fn inhalen(verbinding: &mut Verbinding) -> Result<(), Stapelfout> {
    loop {
        vraag(sql::BEGIN).execute(verbinding).await?;
        // As a batch does: whoever reads the state here is the only one who writes.
        let rij = vraag(sql::STAND).fetch_one(&mut *verbinding).await?;
        let (gewezen, omvang) = (rij.getal("gewezen")?, rij.getal("blad")?);
        let tot = bijwerken(verbinding, gewezen, omvang).await?;
        if tot == gewezen {
            return Ok(vraag(sql::ROLLBACK).execute(verbinding).await.map(drop)?);
        }
        vraag(sql::GEWEZEN_BIJWERKEN).bind(tot).execute(verbinding).await?;
        vraag(sql::COMMIT).execute(verbinding).await?;
    }
}

/// The place of a leaf. `lezer` reads one snapshot.
pub(super) async fn zoeken(lezer: &mut Verbinding, hash: Digest) -> StoreResult<Option<u64>> {
    let bytes = hash.as_bytes();
    let gewezen = vraag(sql::GEWEZEN).fetch_one(&mut *lezer).await.map_err(vertaald)?.getal("gewezen")?;
    let rij = vraag(sql::BLADINDEX).bind(gewezen).bind(bytes.as_slice()).fetch_one(&mut *lezer).await.map_err(vertaald)?;
    if let Some(nr) = rij.getal_of("nr")? {
        return index(nr).map(Some);
    }
    let (vakken, begin) = (json!(vakken(gewezen, bytes[0])).to_string(), bytes.first_chunk::<6>());
    let begin = begin.map_or(&bytes[..], <[u8; 6]>::as_slice);
    let rijen = vraag(sql::BLADWIJZERS).bind(vakken).bind(begin).fetch_all(&mut *lezer).await.map_err(vertaald)?;
    for rij in rijen {
        let eerste = rij.getal("nr")? / VAKKEN * BLOK;
        for wijzer in rij.blob("wijzers")?.as_chunks::<8>().0.iter().filter(|w| w.starts_with(begin)) {
            let nr = eerste + plaats(*wijzer);
            let gevonden = vraag(sql::BLAD_MET_HASH).bind(nr).bind(bytes.as_slice());
            if gevonden.fetch_optional(&mut *lezer).await.map_err(vertaald)?.is_some() {
                return index(nr).map(Some);
            }
        }
    }
    Ok(None)
}

fn index(nr: i64) -> StoreResult<u64> {
    u64::try_from(nr).map_err(|_| StoreError::Corrupt { what: "blad.nr" })
}

/// Where a hash with this first byte may stand.
fn vakken(gewezen: i64, eerste: u8) -> Vec<i64> {
    let blokken = gewezen / BLOK;
    let reeksen = gewezen % BLOK / REEKS;
    let heel = (0..blokken).map(|b| b * VAKKEN + i64::from(eerste));
    let deel = (0..reeksen).map(|r| blokken * VAKKEN + r * VAKKEN_PER_REEKS + i64::from(eerste >> 4));
    heel.chain(deel).collect()
}

/// Every row, also where nothing falls: it replaces what stood there.
fn verdelen(wijzers: Vec<Wijzer>, eerste_vak: i64, aantal: i64, vak: fn(u8) -> u8) -> BTreeMap<i64, Vec<Wijzer>> {
    let mut vakken: BTreeMap<i64, Vec<Wijzer>> = (0..aantal).map(|n| (eerste_vak + n, Vec::new())).collect();
    for wijzer in wijzers {
        vakken.entry(eerste_vak + i64::from(vak(wijzer[0]))).or_default().push(wijzer);
    }
    vakken
}

fn plaats(wijzer: Wijzer) -> i64 {
    let [.., hoog, laag] = wijzer;
    i64::from(u16::from_be_bytes([hoog, laag]))
}

/// From the sixteen hexadecimal digits of each leaf.
fn ontleed(hex: &str) -> Result<Vec<Wijzer>, StoreError> {
    let (leesbaar, rest) = hex.as_bytes().as_chunks::<16>();
    let wijzer = |cijfers: &[u8; 16]| {
        let getal = std::str::from_utf8(cijfers).ok().and_then(|c| u64::from_str_radix(c, 16).ok());
        getal.map(u64::to_be_bytes)
    };
    let wijzers: Option<Vec<Wijzer>> = leesbaar.iter().map(wijzer).collect();
    wijzers.filter(|_| rest.is_empty()).ok_or(StoreError::Corrupt { what: "blad.hash" })
}
