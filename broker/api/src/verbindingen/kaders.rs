//! The frames of HTTP/2 as they come in (RFC 9113 §4.1), as far as needed to see that headers begin, how many bytes they have, and
//! that they end. What they say is for who reads them.

use std::{io, time::Instant};

/// Bytes of the headers of one request as they stand on the wire, at most: four times what may be in them. More ends the connection.
const HOOGSTENS: usize = 64 * 1024;

/// What a client sends before its first frame (RFC 9113 §3.4).
const VOORREDE: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();
/// Bytes before what is in a frame.
const KOP: u8 = 9;
const HEADERS: u8 = 1;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

/// Where one connection is.
#[derive(Debug)]
pub(crate) struct Kaders {
    voorrede: usize,
    /// The nine bytes before a frame, as far as they have come, as a number.
    kop: u128,
    gelezen: u8,
    /// Bytes of the frame that are still to come.
    rest: usize,
    /// Whether headers end with it.
    laatste: bool,
    blok: Option<Blok>,
}

/// The headers of a request that have not ended.
#[derive(Debug, Clone, Copy)]
struct Blok {
    sinds: Instant,
    bytes: usize,
}

impl Kaders {
    /// Before the first byte.
    pub(crate) const fn new() -> Self {
        Self { voorrede: VOORREDE, kop: 0, gelezen: 0, rest: 0, laatste: false, blok: None }
    }

    /// Since when headers are coming in that have not ended.
    pub(crate) fn koppen(&self) -> Option<Instant> {
        self.blok.map(|blok| blok.sinds)
    }

    /// Takes what came in.
    ///
    /// # Errors
    /// Where headers are longer than any that would be answered.
    pub(crate) fn lezen(&mut self, mut bytes: &[u8], nu: Instant) -> io::Result<()> {
        overslaan(&mut self.voorrede, &mut bytes);
        while !bytes.is_empty() {
            if self.rest > 0 {
                overslaan(&mut self.rest, &mut bytes);
            } else if let Some((byte, verder)) = bytes.split_first() {
                bytes = verder;
                self.kop = self.kop << 8 | u128::from(*byte);
                self.gelezen += 1;
                if self.gelezen < KOP {
                    continue;
                }
                self.begint(nu)?;
            }
            if self.rest == 0 && self.laatste {
                (self.laatste, self.blok) = (false, None);
            }
        }
        Ok(())
    }

    /// A frame of which all is known but what is in it.
    fn begint(&mut self, nu: Instant) -> io::Result<()> {
        let [.., l1, l2, l3, soort, vlaggen, _, _, _, _] = std::mem::take(&mut self.kop).to_be_bytes();
        self.gelezen = 0;
        let lengte = u32::from_be_bytes([0, l1, l2, l3]);
        self.rest = usize::try_from(lengte).unwrap_or(usize::MAX);
        if soort == HEADERS || soort == CONTINUATION {
            let blok = self.blok.get_or_insert(Blok { sinds: nu, bytes: 0 });
            blok.bytes = blok.bytes.saturating_add(self.rest);
            self.laatste = vlaggen & END_HEADERS != 0;
            if blok.bytes > HOOGSTENS {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "headers have no end"));
            }
        }
        Ok(())
    }
}

fn overslaan(aantal: &mut usize, bytes: &mut &[u8]) {
    let weg = bytes.len().min(*aantal);
    *aantal -= weg;
    *bytes = bytes.get(weg..).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kader(soort: u8, vlaggen: u8, inhoud: &[u8]) -> Vec<u8> {
        let mut kader = u32::try_from(inhoud.len()).unwrap().to_be_bytes()[1..].to_vec();
        kader.extend([soort, vlaggen, 0, 0, 0, 1]);
        kader.extend(inhoud);
        kader
    }

    fn begin() -> Vec<u8> {
        let mut begin = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        begin.extend(kader(4, 0, &[0; 12]));
        begin
    }

    #[test]
    fn headers_are_seen_however_the_bytes_come() {
        let nu = Instant::now();
        let mut alles = begin();
        alles.extend(kader(HEADERS, 0, b"een"));
        let open = alles.len();
        alles.extend(kader(CONTINUATION, END_HEADERS, b"twee"));
        let dicht = alles.len();
        // One in which what comes is left out: a frame without content, and data that looks like headers.
        alles.extend(kader(6, 0, &[]));
        alles.extend(kader(0, 0, &kader(HEADERS, 0, b"drie")));
        for stuk in [1, 2, 5, 8, 9, 10, 33, alles.len()] {
            let mut kaders = Kaders::new();
            let mut gelezen = 0;
            for deel in alles.chunks(stuk) {
                kaders.lezen(deel, nu).unwrap();
                gelezen += deel.len();
                if (open..dicht).contains(&gelezen) {
                    assert_eq!(kaders.koppen(), Some(nu), "{stuk} {gelezen}");
                }
                if gelezen >= dicht {
                    assert_eq!(kaders.koppen(), None, "{stuk} {gelezen}");
                }
            }
        }
    }

    #[test]
    fn a_part_of_one_frame_is_open_and_keeps_its_first_moment() {
        let (nu, later) = (Instant::now(), Instant::now() + std::time::Duration::from_secs(1));
        let mut kaders = Kaders::new();
        kaders.lezen(&begin(), nu).unwrap();
        let koppen = kader(HEADERS, END_HEADERS, b"langzaam");
        kaders.lezen(&koppen[..9], nu).unwrap();
        kaders.lezen(&koppen[9..12], later).unwrap();
        assert_eq!(kaders.koppen(), Some(nu));
        kaders.lezen(&koppen[12..], later).unwrap();
        assert_eq!(kaders.koppen(), None);
    }

    #[test]
    fn headers_without_an_end_are_none() {
        let nu = Instant::now();
        let mut kaders = Kaders::new();
        kaders.lezen(&begin(), nu).unwrap();
        let stuk = [0; 16 * 1024];
        kaders.lezen(&kader(HEADERS, 0, &stuk), nu).unwrap();
        for _ in 0..3 {
            kaders.lezen(&kader(CONTINUATION, 0, &stuk), nu).unwrap();
        }
        assert!(kaders.lezen(&kader(CONTINUATION, 0, &[0])[..9], nu).is_err());
    }
}
