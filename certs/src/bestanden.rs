//! The files of the PKI: where each stands, and that private keys are for their owner's eyes only.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::PkiFout;

pub(crate) const ROOT_PEM: &str = "root.pem";
pub(crate) const ROOT_KEY: &str = "root.key";
pub(crate) const TUSSEN_PEM: &str = "tussen.pem";
pub(crate) const TUSSEN_KEY: &str = "tussen.key";
pub(crate) const CRL: &str = "crl.pem";
pub(crate) const GIDS: &str = "gids.json";
pub(crate) const REGISTER: &str = "register.json";

/// Modes: a private key is read by its owner alone.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leesbaar {
    Ieder,
    Eigenaar,
}

/// The folder of one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partnermap(PathBuf);

impl Partnermap {
    pub(crate) fn new(map: impl Into<PathBuf>) -> Self {
        Self(map.into())
    }

    /// The folder itself.
    #[must_use]
    pub fn pad(&self) -> &Path {
        &self.0
    }

    /// Its OIN, as text.
    #[must_use]
    pub fn oin(&self) -> PathBuf {
        self.0.join("oin.txt")
    }

    /// TLS certificate, with the intermediate behind it. The covenant manager has none.
    #[must_use]
    pub fn tls_pem(&self) -> PathBuf {
        self.0.join("tls.pem")
    }

    /// Private key of the TLS certificate.
    #[must_use]
    pub fn tls_key(&self) -> PathBuf {
        self.0.join("tls.key")
    }

    /// Signing certificate, with the intermediate behind it.
    #[must_use]
    pub fn ondertekening_pem(&self) -> PathBuf {
        self.0.join("ondertekening.pem")
    }

    /// Private key of the signing certificate.
    #[must_use]
    pub fn ondertekening_key(&self) -> PathBuf {
        self.0.join("ondertekening.key")
    }

    /// Private encryption key of this number. Only partners have one.
    #[must_use]
    pub fn verzegeling_key(&self, nummer: u32) -> PathBuf {
        self.0.join(format!("verzegeling-{nummer}.key"))
    }

    /// The partner's statements. Only partners have them.
    #[must_use]
    pub fn gids(&self) -> PathBuf {
        self.0.join(GIDS)
    }
}

pub(crate) fn lezen(pad: &Path) -> Result<String, PkiFout> {
    fs::read_to_string(pad).map_err(PkiFout::bestand(pad))
}

pub(crate) fn map_maken(pad: &Path) -> Result<(), PkiFout> {
    fs::create_dir_all(pad).map_err(PkiFout::bestand(pad))
}

/// Writes beside and then renames: a reader sees the old file or the new one, whole.
pub(crate) fn schrijven(pad: &Path, inhoud: &[u8], leesbaar: Leesbaar) -> Result<(), PkiFout> {
    let mut naast = pad.as_os_str().to_owned();
    naast.push(".nieuw");
    let naast = PathBuf::from(naast);
    let mode = match leesbaar {
        Leesbaar::Ieder => 0o644,
        Leesbaar::Eigenaar => 0o600,
    };
    // A file left by an interrupted run could have another mode, so it is made anew.
    if naast.exists() {
        fs::remove_file(&naast).map_err(PkiFout::bestand(&naast))?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&naast).map_err(PkiFout::bestand(&naast))?;
    file.write_all(inhoud).and_then(|()| file.sync_all()).map_err(PkiFout::bestand(&naast))?;
    fs::rename(&naast, pad).map_err(PkiFout::bestand(pad))
}
