//! Why a call to the hub did not succeed.

use inbreng_domain::{Problem, ProblemCode};

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Hubfout {
    /// The hub answered with a problem.
    #[error("the hub answered {}", .0.code)]
    Probleem(Box<Problem>),
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
            Self::Onbereikbaar(_) => true,
            Self::Antwoord(_) | Self::Instelling(_) => false,
        }
    }

    /// The problem's code, where the hub gave one.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Probleem(p) => Some(p.code),
            _ => None,
        }
    }
}
