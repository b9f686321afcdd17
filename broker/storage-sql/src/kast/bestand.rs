//! A key store in a file: a header, and keys behind each other, each in a place of its own that is never given out twice.
//!
//! Keys are written a block at a time, ahead of their use, so that no message waits for a second flush. Destroying one writes
//! zeros over it, in its place.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use inbreng_domain::Randomness;
use inbreng_proof::SystemRandomness;

use super::{
    BLOK, Kastfout, Kaststand,
    wissleutel::{LENGTE, Wissleutel},
};

/// What a file begins with; behind it the number of its series, how often keys were destroyed in it, and zeros up to the length of
/// a key.
const MERK: &[u8; 16] = b"inbreng-kast-v1\n";
/// Where that count stands: eight bytes, the highest first.
const TELLER: u64 = 20;

/// The file, open.
#[derive(Debug)]
pub(crate) struct Bestand {
    pad: PathBuf,
    bestand: Mutex<File>,
    reeks: u32,
}

impl Bestand {
    /// Opens it; makes it where it is not there and the store knows of none yet.
    pub(crate) fn openen(pad: &Path, stand: Option<Kaststand>) -> Result<Self, Kastfout> {
        let niet = |source| Kastfout::Bestand { pad: pad.to_owned(), source };
        if stand.is_some() && !pad.is_file() {
            return Err(Kastfout::Weg);
        }
        let mut opties = OpenOptions::new();
        opties.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut opties, 0o600);
        let mut bestand = opties.open(pad).map_err(niet)?;
        // Processes that start together make one.
        bestand.lock().map_err(niet)?;
        let reeks = reeks(&mut bestand, pad);
        bestand.unlock().map_err(niet)?;
        let reeks = reeks.map_err(niet)?.ok_or_else(|| Kastfout::Vreemd(pad.to_owned()))?;
        let kast = Self { pad: pad.to_owned(), bestand: Mutex::new(bestand), reeks };
        match stand {
            Some(stand) if stand.reeks != reeks => Err(Kastfout::Weg),
            Some(stand) if kast.aantal().map_err(niet)? < stand.hoogste => Err(Kastfout::Ouder),
            // As long as before, and of before something was destroyed.
            Some(stand) if kast.keren().map_err(niet)? < stand.vernietigd => Err(Kastfout::Ouder),
            _ => Ok(kast),
        }
    }

    fn fout(&self, source: io::Error) -> Kastfout {
        Kastfout::Bestand { pad: self.pad.clone(), source }
    }

    fn open(&self) -> MutexGuard<'_, File> {
        // Every use finds its own place first.
        self.bestand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many places there are.
    fn aantal(&self) -> io::Result<u64> {
        Ok(plaatsen(self.open().metadata()?.len()))
    }

    /// Writes new keys behind the others, durably; a place each.
    pub(crate) fn blok(&self) -> Result<Vec<Wissleutel>, Kastfout> {
        let mut geheim = vec![0; usize::from(BLOK) * LENGTE];
        SystemRandomness.fill(&mut geheim);
        let mut bestand = self.open();
        let schrijven = |bestand: &mut File| -> io::Result<u64> {
            // Behind half a block of a process that was killed a whole one begins in a place of its own.
            let eerste = plaatsen(bestand.metadata()?.len()).next_multiple_of(BLOK.into());
            bestand.seek(SeekFrom::Start(begin(eerste)))?;
            bestand.write_all(&geheim)?;
            bestand.sync_data()?;
            Ok(eerste)
        };
        let eerste = bestand.lock().and_then(|()| {
            let gedaan = schrijven(&mut bestand);
            bestand.unlock()?;
            gedaan
        });
        let eerste = eerste.map_err(|e| self.fout(e))?;
        let (sleutels, _) = geheim.as_chunks::<LENGTE>();
        (eerste..).zip(sleutels).map(|(nr, geheim)| Ok(Wissleutel::new(self.plaats(nr)?, *geheim))).collect()
    }

    /// The keys of these places; of a destroyed one, or one of another key store, nothing.
    pub(crate) fn lezen(&self, plaatsen: &[i64]) -> Result<Vec<Wissleutel>, Kastfout> {
        let mut bestand = self.open();
        let gezocht: Vec<_> = plaatsen.iter().filter_map(|p| Some((*p, self.nummer(*p)?))).collect();
        let gevonden = zoeken(&mut bestand, &gezocht).map_err(|e| self.fout(e))?;
        if gevonden.len() == gezocht.len() {
            return Ok(gevonden);
        }
        // A file system that machines share may show what it showed a while ago; who takes the lock sees what is there now.
        let opnieuw = bestand.lock_shared().and_then(|()| {
            let gevonden = zoeken(&mut bestand, &gezocht);
            bestand.unlock()?;
            gevonden
        });
        opnieuw.map_err(|e| self.fout(e))
    }

    /// How often keys were destroyed in it.
    fn keren(&self) -> io::Result<u64> {
        keren(&mut self.open())
    }

    /// Destroys the keys of these places, durably, and gives how often that was done by now: the store remembers it, and knows a file
    /// of before by it. Doing it again destroys nothing more.
    pub(crate) fn vernietigen(&self, plaatsen: &[i64]) -> Result<u64, Kastfout> {
        let aantal = self.aantal().map_err(|e| self.fout(e))?;
        let mut bestand = self.open();
        let schrijven = |bestand: &mut File| -> io::Result<u64> {
            for nr in plaatsen.iter().filter_map(|p| self.nummer(*p)).filter(|nr| *nr < aantal) {
                bestand.seek(SeekFrom::Start(begin(nr)))?;
                bestand.write_all(&[0; LENGTE])?;
            }
            let keren = keren(bestand)?.saturating_add(1);
            bestand.seek(SeekFrom::Start(TELLER))?;
            bestand.write_all(&keren.to_be_bytes())?;
            bestand.sync_data()?;
            Ok(keren)
        };
        let gedaan = bestand.lock().and_then(|()| {
            let gedaan = schrijven(&mut bestand);
            bestand.unlock()?;
            gedaan
        });
        gedaan.map_err(|e| self.fout(e))
    }

    /// A place says of which key store it is: after a loss another begins, and touches nothing of the former.
    fn plaats(&self, nr: u64) -> Result<i64, Kastfout> {
        let nr = u32::try_from(nr).map_err(|_| Kastfout::Vol)?;
        Ok(i64::from(self.reeks) << 32 | i64::from(nr))
    }

    fn nummer(&self, plaats: i64) -> Option<u64> {
        let stand = Kaststand::van_plaats(plaats)?;
        (stand.reeks == self.reeks).then_some(stand.hoogste)
    }
}

fn keren(bestand: &mut File) -> io::Result<u64> {
    let mut keren = [0; 8];
    bestand.seek(SeekFrom::Start(TELLER))?;
    bestand.read_exact(&mut keren)?;
    Ok(u64::from_be_bytes(keren))
}

/// Of these places the keys that are there.
fn zoeken(bestand: &mut File, gezocht: &[(i64, u64)]) -> io::Result<Vec<Wissleutel>> {
    let mut gevonden = Vec::with_capacity(gezocht.len());
    for (plaats, nr) in gezocht {
        let mut geheim = [0; LENGTE];
        bestand.seek(SeekFrom::Start(begin(*nr)))?;
        match bestand.read_exact(&mut geheim) {
            Ok(()) if geheim != [0; LENGTE] => gevonden.push(Wissleutel::new(*plaats, geheim)),
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {}
            Err(e) => return Err(e),
        }
    }
    Ok(gevonden)
}

/// The number of its series, which a new file gets; nothing where it is no key store.
fn reeks(bestand: &mut File, pad: &Path) -> io::Result<Option<u32>> {
    let mut kop = [0; LENGTE];
    if bestand.metadata()?.len() < begin(0) {
        let reeks = nieuwe_reeks();
        bestand.write_all(&[MERK.as_slice(), &reeks.to_be_bytes(), &[0; 12]].concat())?;
        bestand.sync_all()?;
        // The name must survive a power cut too.
        if let Some(map) = pad.parent().filter(|p| !p.as_os_str().is_empty()) {
            File::open(map)?.sync_all()?;
        }
        return Ok(Some(reeks));
    }
    bestand.read_exact(&mut kop)?;
    let Some((merk, rest)) = kop.split_first_chunk::<16>() else { return Ok(None) };
    let reeks = rest.first_chunk::<4>().map(|r| u32::from_be_bytes(*r));
    Ok(reeks.filter(|_| merk == MERK))
}

/// A number of a series: never 0, and never so high that a place is negative.
fn nieuwe_reeks() -> u32 {
    let mut bytes = [0; 4];
    SystemRandomness.fill(&mut bytes);
    (u32::from_be_bytes(bytes) >> 1).max(1)
}

/// Where a key begins.
const fn begin(nr: u64) -> u64 {
    LENGTE as u64 * (nr + 1)
}

/// How many places a file of this length has.
const fn plaatsen(lengte: u64) -> u64 {
    lengte.saturating_sub(LENGTE as u64).div_ceil(LENGTE as u64)
}
