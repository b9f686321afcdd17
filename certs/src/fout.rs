//! What can go wrong, said so that the reader knows what to do.

use std::path::PathBuf;

use inbreng_proof::{CanonicalError, CertificateError, JwsError, StrictError, jws::KeyError};
use openssl::error::ErrorStack;

/// Why the PKI could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum PkiFout {
    /// A file that cannot be read or written.
    #[error("kan {pad} niet lezen of schrijven")]
    Bestand {
        /// Which.
        pad: PathBuf,
        /// Why.
        #[source]
        bron: std::io::Error,
    },
    /// A file whose content is not what it should be.
    #[error("{pad} heeft niet de verwachte inhoud: {reden}")]
    Inhoud {
        /// Which.
        pad: PathBuf,
        /// What is wrong.
        reden: String,
    },
    /// There is a PKI already; making one over it would orphan every certificate.
    #[error("in {0} staat al een PKI; kies een lege map of verwijder die eerst")]
    Bestaat(PathBuf),
    /// No PKI here.
    #[error("in {0} staat geen PKI; maak er een met `inbreng-certs init`")]
    GeenPki(PathBuf),
    /// A specification that cannot be.
    #[error("opgave klopt niet: {0}")]
    Opgave(String),
    /// No such organisation.
    #[error("onbekende organisatie: {0}; `inbreng-certs show` noemt ze allemaal")]
    Onbekend(String),
    /// A name or OIN that is taken.
    #[error("{0} is al in gebruik")]
    Dubbel(String),
    /// Nothing to revoke.
    #[error("{0} heeft geen certificaat van deze soort dat nog geldt")]
    NietsInTeTrekken(String),
    /// A check of what was made found an error.
    #[error("controle faalt: {0}")]
    Controle(String),
    /// The certificate library refused.
    #[error("openssl weigert")]
    Openssl(#[from] ErrorStack),
    /// A certificate that does not hold.
    #[error("certificaat deugt niet")]
    Certificaat(#[from] CertificateError),
    /// A key that does not hold.
    #[error("sleutel deugt niet")]
    Sleutel(#[from] KeyError),
    /// Signing failed.
    #[error("ondertekenen lukt niet")]
    Ondertekenen(#[from] JwsError),
    /// A value without canonical form.
    #[error("waarde heeft geen canonieke vorm")]
    Canoniek(#[from] CanonicalError),
    /// A JSON file that is not strict JSON.
    #[error("geen geldige JSON")]
    Json(#[from] StrictError),
}

impl PkiFout {
    /// Ties an I/O error to its file.
    pub(crate) fn bestand(pad: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let pad = pad.into();
        move |bron| Self::Bestand { pad, bron }
    }

    /// A file with unexpected content.
    pub(crate) fn inhoud(pad: impl Into<PathBuf>, reden: impl std::fmt::Display) -> Self {
        Self::Inhoud { pad: pad.into(), reden: reden.to_string() }
    }
}

/// An error with what caused it, for people.
pub(crate) fn keten_van_redenen(fout: &dyn std::error::Error) -> String {
    let mut tekst = fout.to_string();
    let mut bron = fout.source();
    while let Some(onder) = bron {
        tekst.push_str(": ");
        tekst.push_str(&onder.to_string());
        bron = onder.source();
    }
    tekst
}
