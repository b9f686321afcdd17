//! Which version of which covenant: by name, from its source, as a bundle, or as the manager signed it.

use std::path::{Path, PathBuf};

use inbreng_catalogue::Catalogus;
use inbreng_domain::{Digest, convenant::Convenanttekst};
use inbreng_policy::{Beleid, Bundel, Convenantbron};
use inbreng_proof::{Typ, VerifyingKey, digest_of, jws};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Fout;
use crate::bevinding::keten;

/// What a version came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Herkomst {
    /// Shipped with the program.
    Meegeleverd,
    /// The source of a covenant, from which a bundle was made now.
    Bron,
    /// A bundle.
    Bundel,
    /// A bundle with its signature, which was checked.
    Ondertekend,
    /// A bundle with a signature that nobody checked.
    OndertekendNietGecontroleerd,
}

impl Herkomst {
    /// As people say it.
    pub const fn woorden(self) -> &'static str {
        match self {
            Self::Meegeleverd => "meegeleverd met het programma",
            Self::Bron => "gemaakt uit de bron",
            Self::Bundel => "een bundel",
            Self::Ondertekend => "ondertekend, handtekening klopt",
            Self::OndertekendNietGecontroleerd => "ondertekend, handtekening niet gecontroleerd (geef --certificaat)",
        }
    }
}

/// One version.
#[derive(Debug)]
pub struct Versie {
    /// What it was called on the command line.
    pub naam: String,
    pub herkomst: Herkomst,
    /// The document as it stands, of which the digest is.
    pub document: Value,
    pub bundel: Bundel,
    pub digest: Digest,
    /// The signed text, where there is one.
    pub jws: Option<String>,
}

/// What tools are told of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Versiekop {
    pub convenant: String,
    pub versie: u32,
    pub digest: Digest,
    pub herkomst: Herkomst,
    /// What its parties sign: period, what falls outside it, the document.
    pub tekst: Convenanttekst,
}

/// The covenants that the program ships.
pub fn meegeleverd() -> Vec<Convenantbron> {
    Convenantbron::meegeleverd().unwrap_or_default()
}

impl Versie {
    /// Finds it: the name of a covenant that is shipped, or a file.
    pub fn vinden(naam: &str, catalogus: &Catalogus, certificaat: Option<&Path>) -> Result<Self, Fout> {
        if let Some(bron) = meegeleverd().into_iter().find(|b| b.convenant.to_string() == naam) {
            return Self::uit_bron(naam, Herkomst::Meegeleverd, &bron, catalogus);
        }
        let pad = PathBuf::from(naam);
        let tekst = match std::fs::read_to_string(&pad) {
            Ok(tekst) => tekst,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let namen: Vec<String> = meegeleverd().iter().map(|b| b.convenant.to_string()).collect();
                return Err(Fout::new(format!("{naam} is geen convenant dat wordt meegeleverd, en ook geen bestand"))
                    .herstel(format!("Geef een bestand (.toml, .json of .jws), of een van deze namen: {}.", namen.join(", "))));
            }
            Err(e) => return Err(Fout::lezen(&pad, &e)),
        };
        Self::uit_tekst(naam, &tekst, catalogus, certificaat)
    }

    /// By what it looks like: JSON, a compact JWS, else TOML.
    pub fn uit_tekst(naam: &str, tekst: &str, catalogus: &Catalogus, certificaat: Option<&Path>) -> Result<Self, Fout> {
        let tekst = tekst.trim();
        if tekst.starts_with('{') {
            let document = serde_json::from_str(tekst).map_err(|e| onleesbaar(naam, &e.to_string()))?;
            return Self::uit_document(naam, Herkomst::Bundel, document, None);
        }
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if tekst.starts_with("ey") && tekst.chars().all(letters) && tekst.matches('.').count() == 2 {
            let (herkomst, document) = match certificaat {
                Some(pad) => (Herkomst::Ondertekend, geverifieerd(naam, tekst, pad)?),
                None => (
                    Herkomst::OndertekendNietGecontroleerd,
                    jws::unverified_payload(tekst).map_err(|e| onleesbaar(naam, &keten(&e)))?,
                ),
            };
            return Self::uit_document(naam, herkomst, document, Some(tekst.to_owned()));
        }
        let bron = Convenantbron::lezen(tekst).map_err(|e| Fout::beleid(naam, &e))?;
        Self::uit_bron(naam, Herkomst::Bron, &bron, catalogus)
    }

    fn uit_bron(naam: &str, herkomst: Herkomst, bron: &Convenantbron, catalogus: &Catalogus) -> Result<Self, Fout> {
        let bundel = Bundel::genereren(bron, catalogus).map_err(|e| Fout::beleid(naam, &e))?;
        let document = serde_json::to_value(&bundel).map_err(|e| onleesbaar(naam, &e.to_string()))?;
        Self::uit_document(naam, herkomst, document, None)
    }

    fn uit_document(naam: &str, herkomst: Herkomst, document: Value, jws: Option<String>) -> Result<Self, Fout> {
        let digest = digest_of(&document).map_err(|e| onleesbaar(naam, &keten(&e)))?;
        let bundel = Bundel::deserialize(&document).map_err(|e| onleesbaar(naam, &e.to_string()))?;
        Ok(Self { naam: naam.to_owned(), herkomst, document, bundel, digest, jws })
    }

    /// Makes it ready to decide.
    pub fn beleid(&self, catalogus: &Catalogus) -> Result<Beleid, Fout> {
        Beleid::laden(self.bundel.clone(), self.digest, catalogus).map_err(|e| Fout::beleid(&self.naam, &e))
    }

    /// What tools are told of it.
    pub fn kop(&self) -> Versiekop {
        Versiekop {
            convenant: self.bundel.convenant.to_string(),
            versie: self.bundel.versie,
            digest: self.digest,
            herkomst: self.herkomst,
            tekst: self.bundel.tekst(),
        }
    }

    /// What people are told of it.
    pub fn regel(&self) -> String {
        format!("convenant {}, versie {} ({})", self.bundel.convenant, self.bundel.versie, self.herkomst.woorden())
    }
}

fn onleesbaar(naam: &str, waarom: &str) -> Fout {
    Fout::new(format!("{naam} is geen bruikbare versie: {}", super::fout::lezer(waarom))).herstel(
        "Geef de bron van een convenant (TOML), een bundel (JSON, van `inbreng policy export`) of een ondertekende bundel.",
    )
}

fn geverifieerd(naam: &str, tekst: &str, certificaat: &Path) -> Result<Value, Fout> {
    let pem = std::fs::read(certificaat).map_err(|e| Fout::lezen(certificaat, &e))?;
    let geen = || {
        Fout::new(format!("{} is geen certificaat", certificaat.display()))
            .herstel("Geef het ondertekeningscertificaat van de convenantbeheerder (PEM).")
    };
    let der = CertificateDer::from_pem_slice(&pem).map_err(|_| geen())?;
    let sleutel = VerifyingKey::from_certificate_der(&der).map_err(|_| geen())?;
    jws::verify(tekst, Typ::Beleid, &sleutel).map_err(|e| {
        Fout::new(format!("{naam} is niet met dit certificaat ondertekend ({})", keten(&e)))
            .herstel("Gebruik deze bundel niet. Vraag de convenantbeheerder om de juiste.")
    })
}
