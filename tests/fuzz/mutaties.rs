//! Bytes bent at random, over and over: what a fuzzer does where there is none.
//!
//! In every test run a fixed number of rounds from a fixed seed; with `INBRENG_FUZZ_SECONDEN` so many seconds for each target,
//! from another seed each time, which is printed (`INBRENG_SEED` brings it back).

use std::time::{Duration, Instant, SystemTime};

/// SplitMix64 (Steele, Lea, Flood 2014): enough for tests, and the same on every machine.
pub struct Toeval(u64);

impl Toeval {
    pub const fn met(seed: u64) -> Self {
        Self(seed)
    }

    pub fn getal(&mut self, onder: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(onder).unwrap()).unwrap()
    }

    pub fn kans(&mut self, een_op: usize) -> bool {
        self.getal(een_op) == 0
    }

    pub fn kies<T: Clone>(&mut self, uit: &[T]) -> T {
        uit[self.getal(uit.len())].clone()
    }

    /// Up to three of them, often none.
    pub fn enige<T: Clone>(&mut self, uit: &[T]) -> Vec<T> {
        let n = self.getal(5).saturating_sub(1);
        (0..n).map(|_| self.kies(uit)).collect()
    }
}

/// Odd numbers, other spellings, brackets: where readers differ.
const VREEMD: [&str; 20] = [
    "\"\"",
    "[]",
    "{}",
    "null",
    "-1",
    "-0",
    "1e999",
    "9007199254740993",
    "0.1",
    "*",
    "R45",
    "\u{1F642}",
    "\\ud800",
    "\\u0000",
    "\u{feff}",
    "//",
    "..",
    "%00",
    "=",
    ".",
];

/// Bits flipped, pieces cut out, doubled, nested or put elsewhere, odd values put in, and one of `woorden` for a word.
pub fn muteren(t: &mut Toeval, seed: &[u8], woorden: &[&str]) -> Vec<u8> {
    let mut out = seed.to_vec();
    for _ in 0..=t.getal(4) {
        if out.is_empty() {
            break;
        }
        let at = t.getal(out.len());
        let end = (at + 1 + t.getal(24)).min(out.len());
        match t.getal(7) {
            0 => out[at] ^= 1 << t.getal(8),
            1 => drop(out.drain(at..end)),
            2 => {
                let piece = out[at..end].to_vec();
                let place = t.getal(out.len());
                out.splice(place..place, piece);
            }
            3 => drop(out.splice(at..end, t.kies(&VREEMD).bytes())),
            4 => out.truncate(at),
            5 => {
                let open = t.kies(&[b'[', b'{', b'"', b'\\', 0x80]);
                let many = 1 << t.getal(9);
                out.splice(at..at, std::iter::repeat_n(open, many));
            }
            _ => woord_voor_woord(t, &mut out, at, woorden),
        }
    }
    out
}

/// What stands between two quotes becomes one of the words: most of what stays readable.
fn woord_voor_woord(t: &mut Toeval, out: &mut Vec<u8>, at: usize, woorden: &[&str]) {
    let quote = |from: usize| out.iter().skip(from).position(|b| *b == b'"').map(|n| from + n);
    let Some(open) = quote(at) else { return };
    let Some(close) = quote(open + 1).filter(|_| !woorden.is_empty()) else { return };
    out.splice(open + 1..close, t.kies(woorden).bytes());
}

/// Takes the seeds, and then so many mutations of them.
pub fn draaien(wat: &str, seeds: &[Vec<u8>], woorden: &[&str], rondes: usize, ingang: impl FnMut(&[u8])) {
    een_van(1, wat, seeds, woorden, rondes, ingang);
}

/// As [`draaien`], as one of so many that share the time.
pub fn een_van(delen: u32, wat: &str, seeds: &[Vec<u8>], woorden: &[&str], rondes: usize, mut ingang: impl FnMut(&[u8])) {
    for s in seeds {
        ingang(s);
    }
    let seconden =
        std::env::var("INBRENG_FUZZ_SECONDEN").ok().and_then(|s| s.parse().ok()).map(|s| Duration::from_secs(s) / delen);
    let Some(duur) = seconden else {
        let mut t = Toeval::met(0xF0 + u64::try_from(wat.len()).unwrap());
        for _ in 0..rondes {
            let s = t.kies(seeds);
            ingang(&muteren(&mut t, &s, woorden));
        }
        return;
    };
    #[allow(clippy::disallowed_methods, reason = "a seed that is another each time, and how long it has taken")]
    let (nu, begin) = (SystemTime::now(), Instant::now());
    let seed = std::env::var("INBRENG_SEED").ok().and_then(|s| s.parse().ok());
    let seed = seed.unwrap_or_else(|| nu.duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos().into());
    eprintln!("{wat}: INBRENG_SEED={seed}");
    let (mut t, mut gedaan) = (Toeval::met(seed), 0u64);
    // What got far stays: mutations of mutations reach further than those of the seeds alone.
    let mut bron = seeds.to_vec();
    while begin.elapsed() < duur {
        let s = t.kies(&bron);
        let ander = muteren(&mut t, &s, woorden);
        ingang(&ander);
        if t.kans(64) && ander.len() < 64 * 1024 {
            let plaats = t.getal(seeds.len() + 256);
            match bron.get_mut(plaats).filter(|_| plaats >= seeds.len()) {
                Some(oud) => *oud = ander,
                None => bron.push(ander),
            }
            bron.truncate(seeds.len() + 256);
        }
        gedaan += 1;
    }
    eprintln!("{wat}: {gedaan} inputs");
}
