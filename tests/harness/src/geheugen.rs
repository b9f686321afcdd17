//! The memory of a process, as whoever may look into it sees it (Linux).

use std::{fs, os::unix::fs::FileExt, path::PathBuf};

/// Bytes of a page on the machines that run the tests.
const BLADZIJDE: u64 = 4096;

/// What the process may write to and has written to: heap, stacks, buffers. Pages that were never touched are left out: an
/// allocator reserves far more than it uses.
pub fn van(proces: u32) -> Vec<u8> {
    let proces = PathBuf::from(format!("/proc/{proces}"));
    let mem = fs::File::open(proces.join("mem")).unwrap();
    let aanwezig = fs::File::open(proces.join("pagemap")).unwrap();
    let mut alles = Vec::new();
    for regel in fs::read_to_string(proces.join("maps")).unwrap().lines() {
        let mut velden = regel.split_ascii_whitespace();
        let (Some(bereik), Some(rechten)) = (velden.next(), velden.next()) else { continue };
        if !rechten.starts_with("rw") {
            continue;
        }
        let (van, tot) = bereik.split_once('-').unwrap();
        let [van, tot] = [van, tot].map(|adres| u64::from_str_radix(adres, 16).unwrap());
        let mut kaart = vec![0; usize::try_from((tot - van) / BLADZIJDE * 8).unwrap()];
        let bladzijden = aanwezig.read_at(&mut kaart, van / BLADZIJDE * 8).unwrap_or(0) / 8;
        for (adres, blad) in (van..tot).step_by(BLADZIJDE as usize).zip(kaart.chunks_exact(8)).take(bladzijden) {
            // Bit 63: in memory; bit 62: swapped out (Linux, `Documentation/admin-guide/mm/pagemap.rst`).
            if blad[7] & 0xC0 == 0 {
                continue;
            }
            let mut stuk = [0; BLADZIJDE as usize];
            // A region may be given back between the list and the reading.
            let gelezen = mem.read_at(&mut stuk, adres).unwrap_or(0);
            alles.extend_from_slice(&stuk[..gelezen]);
        }
    }
    alles
}
