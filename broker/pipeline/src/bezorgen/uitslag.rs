//! What an answer means: for the delivery, and for its recipient.

use inbreng_domain::terugroep::Bezorgreden;

use super::{Antwoord, Bezorgfout};

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Afloop {
    /// Taken: it is not tried again. Only a signed receipt ends the delivery.
    Bezorgd,
    /// Not taken.
    Mislukt(Misluking),
    /// Not tried: it may not be handed out now, or there was no room.
    NietGedaan,
}

/// How an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misluking {
    pub(super) reden: Bezorgreden,
    pub(super) status: Option<u16>,
    /// Seconds for which it asks to be left alone.
    pub(super) pas_na: Option<u32>,
    /// Whether it says something about the recipient, and not about this delivery alone.
    pub(super) van_ontvanger: bool,
}

/// Longest that a recipient can ask to be left alone, in seconds.
pub(super) const LANGSTE_PAS_NA: u32 = 600;

/// What this answer, or its absence, means.
pub(super) fn duiden(uitkomst: &Result<Antwoord, Bezorgfout>) -> Afloop {
    let (reden, van_ontvanger, antwoord) = match uitkomst {
        Err(fout) => (reden(*fout), true, None),
        Ok(antwoord) => match antwoord.status {
            200..=299 => return Afloop::Bezorgd,
            300..=399 => (Bezorgreden::Omleiding, true, Some(antwoord)),
            // 400, 409, 413, 422 speak of this delivery; that nobody is let in, nothing is there or all is too much, does not.
            status @ 400..=499 => {
                (Bezorgreden::Afgewezen, matches!(status, 401 | 403 | 404 | 405 | 407 | 408 | 410 | 425 | 429), Some(antwoord))
            }
            500..=599 => (Bezorgreden::Storing, true, Some(antwoord)),
            _ => (Bezorgreden::Onleesbaar, true, Some(antwoord)),
        },
    };
    let pas_na = antwoord.and_then(|a| a.pas_na).map(|s| s.min(LANGSTE_PAS_NA));
    Afloop::Mislukt(Misluking { reden, status: antwoord.map(|a| a.status), pas_na, van_ontvanger })
}

const fn reden(fout: Bezorgfout) -> Bezorgreden {
    match fout {
        Bezorgfout::Onbereikbaar => Bezorgreden::Onbereikbaar,
        Bezorgfout::AdresNietToegestaan => Bezorgreden::AdresNietToegestaan,
        Bezorgfout::Tls => Bezorgreden::Tls,
        Bezorgfout::AndereOrganisatie => Bezorgreden::AndereOrganisatie,
        Bezorgfout::TeTraag => Bezorgreden::TeTraag,
        Bezorgfout::Onleesbaar => Bezorgreden::Onleesbaar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn van(status: u16, pas_na: Option<u32>) -> Afloop {
        duiden(&Ok(Antwoord { status, pas_na, lichaam: Vec::new() }))
    }

    #[test]
    fn only_2xx_is_taken_and_every_other_answer_says_why() {
        for status in 200..300 {
            assert_eq!(van(status, None), Afloop::Bezorgd);
        }
        for (status, reden, van_ontvanger) in [
            (301, Bezorgreden::Omleiding, true),
            (308, Bezorgreden::Omleiding, true),
            (400, Bezorgreden::Afgewezen, false),
            (404, Bezorgreden::Afgewezen, true),
            (422, Bezorgreden::Afgewezen, false),
            (429, Bezorgreden::Afgewezen, true),
            (500, Bezorgreden::Storing, true),
            (503, Bezorgreden::Storing, true),
            (999, Bezorgreden::Onleesbaar, true),
        ] {
            let misluking = Misluking { reden, status: Some(status), pas_na: None, van_ontvanger };
            assert_eq!(van(status, None), Afloop::Mislukt(misluking), "{status}");
        }
        let Afloop::Mislukt(druk) = van(503, Some(u32::MAX)) else { panic!("not taken") };
        assert_eq!(druk.pas_na, Some(LANGSTE_PAS_NA), "nobody asks to be left alone for ever");
    }
}
