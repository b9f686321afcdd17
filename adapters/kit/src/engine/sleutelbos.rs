//! Our keys, as they lie on disk: read again while we run, so that a renewed certificate or a new encryption key needs no
//! restart. What was read before stays usable until the process ends: what was sealed for it must still open, and others know
//! a new signing certificate only once the directory shows it.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use inbreng_domain::{Digest, gids::Gidsvermelding};
use inbreng_proof::{SigningKey, sha256};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use zeroize::Zeroizing;

use crate::{
    config::{Config, Configfout, Sleutels},
    sealing::{Sleutelfout, Zegelsleutel},
};

/// Why keys cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Bosfout {
    /// A file cannot be read.
    #[error("cannot read {0}")]
    Bestand(PathBuf, #[source] std::io::Error),
    /// The configuration cannot be read again.
    #[error(transparent)]
    Config(#[from] Configfout),
    /// The signing certificate, or its key, cannot be used.
    #[error("{0} cannot be used to sign")]
    Ondertekening(PathBuf, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// An encryption key cannot be used.
    #[error("{0} cannot be used to open")]
    Verzegeling(PathBuf, #[source] Sleutelfout),
    /// The own directory entry cannot be read.
    #[error("{0} is no directory entry")]
    Gids(PathBuf, #[source] serde_json::Error),
}

/// A key that we sign with, and its text: tokens are asked with it too.
pub(crate) struct Tekenaar {
    /// The key.
    pub sleutel: SigningKey,
    /// PKCS#8 PEM.
    pub pem: Zeroizing<String>,
}

/// The keys that we have. Immutable: what is read anew makes a new one.
#[derive(Clone)]
pub struct Sleutelbos {
    tekenaars: Vec<Arc<Tekenaar>>,
    zegels: Vec<Zegelsleutel>,
    gids: Option<Arc<Gidsvermelding>>,
}

impl std::fmt::Debug for Sleutelbos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sleutelbos").field("zegels", &self.zegels).finish_non_exhaustive()
    }
}

impl Sleutelbos {
    /// The key to sign with: the one whose certificate the directory shows (`kid`), or else the newest.
    pub(crate) fn tekenaar(&self, kid: Option<&str>) -> Option<Arc<Tekenaar>> {
        let getoond = kid.and_then(|kid| self.tekenaars.iter().find(|t| t.sleutel.kid() == kid));
        getoond.or_else(|| self.tekenaars.first()).cloned()
    }

    /// All encryption keys, the newest first.
    pub(crate) fn zegels(&self) -> &[Zegelsleutel] {
        &self.zegels
    }

    /// The own directory entry, as the covenant manager countersigned it.
    pub(crate) fn gids(&self) -> Option<Arc<Gidsvermelding>> {
        self.gids.clone()
    }

    /// These keys in front, those of before behind them.
    pub(crate) fn voor(self, eerder: &Self) -> Self {
        let mut samen = self;
        for oud in &eerder.tekenaars {
            if !samen.tekenaars.iter().any(|t| t.sleutel.kid() == oud.sleutel.kid()) {
                samen.tekenaars.push(Arc::clone(oud));
            }
        }
        for oud in &eerder.zegels {
            if !samen.zegels.iter().any(|z| z.kid() == oud.kid()) {
                samen.zegels.push(oud.clone());
            }
        }
        samen
    }
}

/// Where the keys lie.
#[derive(Debug)]
pub struct Sleutelbron {
    /// The configuration file, which may name other files by now.
    config: Option<PathBuf>,
    paden: Sleutels,
    gelezen: Mutex<Option<Digest>>,
}

impl Sleutelbron {
    /// Of a configuration.
    #[must_use]
    pub const fn new(config: Option<PathBuf>, paden: Sleutels) -> Self {
        Self { config, paden, gelezen: Mutex::new(None) }
    }

    /// The keys, if they are others than were read before.
    ///
    /// # Errors
    /// [`Bosfout`]; then what was in use stays so.
    pub fn veranderd(&self) -> Result<Option<Sleutelbos>, Bosfout> {
        let paden = match &self.config {
            Some(bestand) => Config::lezen(bestand)?.sleutels,
            None => self.paden.clone(),
        };
        let pem = geheim(&paden.ondertekening_sleutel)?;
        let certificaat = geheim(&paden.ondertekening_certificaat)?;
        let mut zegelpaden = paden.wisselmap.as_deref().map(eigen_sleutels).transpose()?.unwrap_or_default();
        zegelpaden.extend_from_slice(&paden.verzegeling);
        let zegels = zegelpaden.iter().map(|pad| geheim(pad)).collect::<Result<Vec<_>, _>>()?;
        let gids = paden.gidsvermelding.as_deref().map(geheim).transpose()?;
        let alles: Vec<&[u8]> =
            [&pem, &certificaat].into_iter().chain(&zegels).chain(&gids).map(|tekst| tekst.as_bytes()).collect();
        let digest = sha256(&Zeroizing::new(alles.join(&0)));
        let mut gelezen = self.gelezen.lock().unwrap_or_else(PoisonError::into_inner);
        if *gelezen == Some(digest) {
            return Ok(None);
        }
        let fout = |e: Box<dyn std::error::Error + Send + Sync>| Bosfout::Ondertekening(paden.ondertekening_sleutel.clone(), e);
        let der = CertificateDer::from_pem_slice(certificaat.as_bytes()).map_err(|e| fout(e.to_string().into()))?;
        let sleutel = SigningKey::from_pem(&pem, &der).map_err(|e| fout(e.into()))?;
        let mut bos = Vec::with_capacity(zegels.len());
        for (pad, tekst) in zegelpaden.iter().zip(&zegels) {
            bos.push(Zegelsleutel::from_pem(tekst.as_bytes()).map_err(|e| Bosfout::Verzegeling(pad.clone(), e))?);
        }
        let gids = match (&paden.gidsvermelding, gids) {
            (Some(pad), Some(tekst)) => Some(Arc::new(serde_json::from_str(&tekst).map_err(|e| Bosfout::Gids(pad.clone(), e))?)),
            _ => None,
        };
        *gelezen = Some(digest);
        Ok(Some(Sleutelbos { tekenaars: vec![Arc::new(Tekenaar { sleutel, pem })], zegels: bos, gids }))
    }
}

impl Sleutelbron {
    /// Where the adapter keeps the encryption keys that it makes itself, if it does.
    ///
    /// # Errors
    /// [`Bosfout`] when the configuration cannot be read again.
    pub fn wisselmap(&self) -> Result<Option<PathBuf>, Bosfout> {
        match &self.config {
            Some(bestand) => Ok(Config::lezen(bestand)?.sleutels.wisselmap),
            None => Ok(self.paden.wisselmap.clone()),
        }
    }

    /// Until when our certificates hold, in Unix time; one that cannot be read is left out.
    #[must_use]
    pub fn certificaten_geldig_tot(&self) -> Vec<(&'static str, i64)> {
        let paden = [("tls", &self.paden.tls_certificaat), ("ondertekening", &self.paden.ondertekening_certificaat)];
        paden.into_iter().filter_map(|(gebruik, pad)| Some((gebruik, geldig_tot(pad)?))).collect()
    }
}

fn geldig_tot(pad: &Path) -> Option<i64> {
    let certificaat = openssl::x509::X509::from_pem(&std::fs::read(pad).ok()?).ok()?;
    let verschil = openssl::asn1::Asn1Time::from_unix(0).ok()?.diff(certificaat.not_after()).ok()?;
    Some(i64::from(verschil.days) * 86_400 + i64::from(verschil.secs))
}

/// The encryption keys that the adapter made itself, newest first by their number. A folder that is not there yet holds none.
pub(crate) fn eigen_sleutels(map: &Path) -> Result<Vec<PathBuf>, Bosfout> {
    let fout = |e| Bosfout::Bestand(map.to_owned(), e);
    let gelezen = match std::fs::read_dir(map) {
        Ok(gelezen) => gelezen,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(fout(e)),
    };
    let mut gevonden = Vec::new();
    for een in gelezen {
        let pad = een.map_err(fout)?.path();
        let naam = pad.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let nummer = naam.strip_prefix("verzegeling-").and_then(|n| n.strip_suffix(".key")).and_then(|n| n.parse::<u32>().ok());
        gevonden.extend(nummer.map(|nummer| (nummer, pad)));
    }
    gevonden.sort_unstable_by_key(|(nummer, _)| std::cmp::Reverse(*nummer));
    Ok(gevonden.into_iter().map(|(_, pad)| pad).collect())
}

/// Where the adapter keeps the key of this number.
pub(crate) fn sleutelpad(map: &Path, nummer: u32) -> PathBuf {
    map.join(format!("verzegeling-{nummer}.key"))
}

fn geheim(pad: &Path) -> Result<Zeroizing<String>, Bosfout> {
    std::fs::read_to_string(pad).map(Zeroizing::new).map_err(|e| Bosfout::Bestand(pad.to_owned(), e))
}
