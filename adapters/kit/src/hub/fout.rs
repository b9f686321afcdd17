//! Why a call to the hub did not succeed.

use std::time::Duration;

use inbreng_domain::{Problem, ProblemCode};

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Hubfout {
    /// The hub answered with a problem.
    #[error("the hub answered {}", .0.code)]
    Probleem(Box<Problem>),
    /// We ask too much (429), or the hub cannot now (503), and it says how long the same gets the same answer (`Retry-After`).
    #[error("the hub answered {}, for {} s", .0.code, .1.as_secs())]
    Straks(Box<Problem>, Duration),
    /// The hub could not be reached, or went silent.
    #[error("the hub cannot be reached")]
    Onbereikbaar(#[source] reqwest::Error),
    /// The answer is not what the contract says.
    #[error("the hub's answer is not as agreed: {0}")]
    Antwoord(&'static str),
    /// TLS or the signing key cannot be used.
    #[error("the connection to the hub cannot be set up")]
    Instelling(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Hubfout {
    /// Whether the same call may succeed later: 5xx, 429, a timeout or no connection.
    #[must_use]
    pub fn is_tijdelijk(&self) -> bool {
        match self {
            Self::Probleem(p) => p.status >= 500 || p.status == 429 || p.status == 408,
            Self::Straks(..) | Self::Onbereikbaar(_) => true,
            Self::Antwoord(_) | Self::Instelling(_) => false,
        }
    }

    /// Whether it may succeed within a second. Who is told that it asks too much does not ask again at once, nor who is told when.
    pub(super) fn is_kortstondig(&self) -> bool {
        self.is_tijdelijk() && !matches!(self, Self::Straks(..)) && !matches!(self, Self::Probleem(p) if p.status == 429)
    }

    /// How long the hub asks to wait, where it does.
    #[must_use]
    pub const fn pas_na(&self) -> Option<Duration> {
        if let Self::Straks(_, wacht) = self { Some(*wacht) } else { None }
    }

    /// The problem's code, where the hub gave one.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Probleem(p) | Self::Straks(p, _) => Some(p.code),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_much_does_not_ask_again_at_once() {
        let probleem = |status| Box::new(Problem { status, ..Problem::new(ProblemCode::InterneFout) });
        for (status, tijdelijk, kortstondig) in
            [(400, false, false), (408, true, true), (429, true, false), (500, true, true), (503, true, true)]
        {
            let fout = Hubfout::Probleem(probleem(status));
            assert_eq!((fout.is_tijdelijk(), fout.is_kortstondig(), fout.pas_na()), (tijdelijk, kortstondig, None), "{status}");
        }
        let wacht = Duration::from_secs(5);
        for status in [429, 503] {
            let fout = Hubfout::Straks(probleem(status), wacht);
            assert_eq!((fout.is_tijdelijk(), fout.is_kortstondig(), fout.pas_na()), (true, false, Some(wacht)), "{status}");
        }
    }
}
