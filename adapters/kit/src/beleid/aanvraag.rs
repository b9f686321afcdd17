//! What an organisation sends to the covenant manager to be signed too: read, and held against the certificate that comes with it.

use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use inbreng_domain::{Oin, Tijdstip, schermtekst};
use inbreng_proof::{Anchors, SigningCertificate, SigningKey, Typ, jws, jws::JwsError};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    bureau::{ankers, sleutel},
    fout::Fout,
    opdracht::{Wie, laten_zien, vragen},
    stappen::schrijven,
};

/// Who makes something to be signed too.
#[derive(Debug, Args)]
pub struct Maakopdracht {
    #[command(flatten)]
    pub(super) wie: Wie,
    /// Het bestand waarin het komt; daarna gaat het naar de convenantbeheerder.
    #[arg(long)]
    pub(super) uit: PathBuf,
    /// Vraag niet om een ja (voor scripts).
    #[arg(long)]
    pub(super) ja: bool,
}

/// Who signs too: the covenant manager.
#[derive(Debug, Args)]
pub struct Meetekenopdracht {
    /// Wat de organisatie maakte en tekende.
    pub(super) aanvraag: PathBuf,
    #[command(flatten)]
    pub(super) beheerder: Beheerderbestanden,
    /// Het bestand dat terug gaat naar de organisatie.
    #[arg(long)]
    pub(super) uit: PathBuf,
    /// Vraag niet om een ja (voor scripts).
    #[arg(long)]
    pub(super) ja: bool,
}

impl Meetekenopdracht {
    /// Shows what is signed, and asks whether that organisation was called.
    pub(super) fn gesproken(&self, voorgelegd: &str) -> Result<(), Fout> {
        laten_zien(voorgelegd);
        vragen("U hebt de organisatie gesproken, en tekent mee.", self.ja)
    }

    /// Writes down what both signed.
    pub(super) fn meegetekend(&self, wat: &impl Serialize) -> Result<String, Fout> {
        schrijven(&self.uit, wat)?;
        Ok(format!("Meegetekend: {}. Stuur dit terug naar de organisatie.", self.uit.display()))
    }
}

/// What the covenant manager reads before its yes: what is signed, and whose certificate it is. `vraag`: what the organisation is asked.
pub(super) fn voorgelegd(woorden: &str, door: &SigningCertificate, vraag: &str) -> String {
    format!(
        "{woorden}\nHet certificaat is van {} (OIN {}).\n\nBel de organisatie op een nummer dat u al had. Vraag {vraag}",
        schermtekst::regel(&door.naam),
        door.oin,
    )
}

/// Who brings what was signed by both.
#[derive(Debug, Args)]
pub struct Brengopdracht {
    #[command(flatten)]
    pub(super) wie: Wie,
    /// Wat u terugkreeg van de convenantbeheerder.
    pub(super) bestand: PathBuf,
}

/// What goes to the covenant manager where the statement does not hold its certificates itself: both.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verklaring {
    pub verklaring: String,
    pub certificaten: Vec<String>,
}

/// The covenant manager's own files.
#[derive(Debug, Args)]
pub struct Beheerderbestanden {
    /// Het ondertekeningscertificaat van de convenantbeheerder (PEM).
    #[arg(long)]
    certificaat: PathBuf,
    /// De sleutel daarbij (PEM).
    #[arg(long)]
    sleutel: PathBuf,
    /// De root waaronder organisaties hun certificaat hebben (PEM).
    #[arg(long)]
    root: PathBuf,
    /// De tussencertificaten (PEM).
    #[arg(long)]
    tussen: PathBuf,
    /// De lijsten met ingetrokken certificaten (PEM).
    #[arg(long)]
    crl: PathBuf,
}

impl Beheerderbestanden {
    /// Under which certificates of organisations are judged.
    pub(super) fn ankers(&self) -> Result<Anchors, Fout> {
        ankers(&self.root, &self.tussen, &self.crl)
    }

    /// The covenant manager's key.
    pub(super) fn ondertekensleutel(&self) -> Result<SigningKey, Fout> {
        Ok(sleutel(&self.certificaat, &self.sleutel)?.0)
    }
}

/// Reads a file that another wrote.
pub(super) fn lezen<T: DeserializeOwned>(pad: &Path) -> Result<T, Fout> {
    let tekst = std::fs::read(pad).map_err(|e| Fout::bestand(pad, e))?;
    serde_json::from_slice(&tekst).map_err(|e| Fout::van_een_ander(pad, e))
}

/// Why the covenant manager does not put its name under this.
pub(super) fn weiger(waarom: &str) -> Fout {
    Fout::new(
        format!("Dit is niet te bevestigen: {waarom}."),
        "Bevestig niet. Vraag de organisatie om opnieuw te tekenen, met een certificaat dat geldt.",
    )
}

/// The certificate that these, leaf first, are; where it holds now.
pub(super) fn houder(certificaten: &[String], anchors: &Anchors, nu: Tijdstip) -> Result<SigningCertificate, Fout> {
    let keten: Result<Vec<_>, _> = certificaten.iter().map(|c| STANDARD.decode(c)).collect();
    let keten = keten.map_err(|_| weiger("het certificaat is niet te lezen"))?;
    anchors.signing_certificate(&keten, nu).map_err(|_| weiger("het certificaat geldt niet"))
}

/// A statement that is signed with this certificate, and about the organisation that the certificate is of.
pub(super) fn verklaring<T: DeserializeOwned>(
    tekst: &str,
    typ: Typ,
    door: &SigningCertificate,
    oin: impl Fn(&T) -> Oin,
) -> Result<T, Fout> {
    let verklaring: T =
        jws::verify(tekst, typ, &door.key).map_err(|_| weiger("de handtekening past niet bij het certificaat"))?;
    if oin(&verklaring) != door.oin {
        return Err(weiger("het certificaat is van een andere organisatie"));
    }
    Ok(verklaring)
}

/// Signing did not succeed.
pub(super) fn niet_getekend(fout: &JwsError) -> Fout {
    Fout::new(format!("Ondertekenen lukt niet: {fout}."), "Draai `inbreng-adapter check`.")
}
