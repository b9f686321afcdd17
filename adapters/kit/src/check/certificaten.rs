//! Certificates: whose they are, what they are for, under which root, until when, revoked or not; and the keys with them.

use std::{path::Path, sync::Arc};

use inbreng_domain::{
    Oin, Tijdstip,
    gids::{Gidsvermelding, Sleutelverklaring, Vermelding},
};
use inbreng_proof::{Anchors, CertificateError, jws};
use openssl::{pkey::PKey, x509::X509};
use rustls::{RootCertStore, server::WebPkiClientVerifier};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivatePkcs8KeyDer, UnixTime, pem::PemObject};
use time::Duration;

use super::Verslag;
use crate::{config::Config, engine::eigen_sleutels, sealing::Zegelsleutel};

/// A certificate that ends within this time is asked for anew now.
const BIJNA: Duration = Duration::days(30);

pub(super) fn controleren(verslag: &mut Verslag, config: &Config, nu: Tijdstip) {
    let (v, s) = (&config.vertrouwen, &config.sleutels);
    let Some(ankers) = ankers(verslag, config) else { return };
    let eigen = config.organisatie.oin;
    let tls = keten(verslag, "sleutels.tls_certificaat", &s.tls_certificaat);
    let ondertekening = keten(verslag, "sleutels.ondertekening_certificaat", &s.ondertekening_certificaat);
    if let Some(keten) = &tls {
        let uitslag = tls_toetsen(keten, &v.root, &v.crl, nu);
        oordeel(verslag, "sleutels.tls_certificaat", uitslag.map(|()| None), keten, Some(eigen), nu);
        past(verslag, "sleutels.tls_sleutel", &s.tls_sleutel, keten);
    }
    if let Some(keten) = &ondertekening {
        let uitslag = ankers.signing_certificate(keten, nu).map(|c| Some(c.oin)).map_err(|e| Reden::van(&e));
        oordeel(verslag, "sleutels.ondertekening_certificaat", uitslag, keten, Some(eigen), nu);
        past(verslag, "sleutels.ondertekening_sleutel", &s.ondertekening_sleutel, keten);
        in_pkcs8(verslag, "sleutels.ondertekening_sleutel", &s.ondertekening_sleutel);
    }
    if let (Some(tls), Some(ondertekening)) = (&tls, &ondertekening)
        && tls.first() == ondertekening.first()
    {
        verslag.fout(
            "zelfde-certificaat",
            "TLS en ondertekening gebruiken hetzelfde certificaat.",
            "Vraag twee certificaten aan: één voor TLS en één voor ondertekening, elk met een eigen sleutel.",
        );
    }
    if let Some(keten) = keten(verslag, "knooppunt.certificaat", &config.knooppunt.certificaat) {
        let uitslag = ankers.signing_certificate(&keten, nu).map(|c| Some(c.oin)).map_err(|e| Reden::van(&e));
        oordeel(verslag, "knooppunt.certificaat", uitslag, &keten, Some(config.knooppunt.oin), nu);
    }
    if let Some(keten) = keten(verslag, "vertrouwen.convenantbeheerder", &v.convenantbeheerder) {
        let uitslag = ankers.signing_certificate(&keten, nu).map(|c| Some(c.oin)).map_err(|e| Reden::van(&e));
        oordeel(verslag, "vertrouwen.convenantbeheerder", uitslag, &keten, None, nu);
    }
    gids(verslag, config, nu);
}

fn ankers(verslag: &mut Verslag, config: &Config) -> Option<Anchors> {
    let v = &config.vertrouwen;
    let lezen = |pad: &Path| std::fs::read_to_string(pad).ok();
    // What is not there was told already.
    let (root, tussen, crl) = (lezen(&v.root)?, lezen(&v.tussen)?, lezen(&v.crl)?);
    match Anchors::from_pem(&root, &tussen, &crl) {
        Ok(ankers) => Some(ankers),
        Err(fout) => {
            verslag.fout(
                "vertrouwen-onbruikbaar",
                format!("vertrouwen.root, tussen en crl kunnen niet samen worden gebruikt: {fout}."),
                "Haal root, tussencertificaat en intrekkingslijsten opnieuw op bij de beheerder van het knooppunt; ze moeten van \
                 dezelfde uitgever zijn.",
            );
            None
        }
    }
}

/// The certificates of a file, leaf first.
fn keten(verslag: &mut Verslag, veld: &str, pad: &Path) -> Option<Vec<Vec<u8>>> {
    let tekst = std::fs::read(pad).ok()?;
    let keten: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&tekst).map(|c| c.map(|c| c.to_vec())).collect();
    match keten {
        Ok(keten) if !keten.is_empty() => Some(keten),
        _ => {
            verslag.fout(
                "certificaat-onleesbaar",
                format!("{veld}: in {} staat geen certificaat (PEM).", pad.display()),
                "Zet er het certificaat in met de tussencertificaten erachter, zoals de uitgever het gaf.",
            );
            None
        }
    }
}

/// Why a certificate cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reden {
    Verlopen,
    NogNietGeldig,
    Ingetrokken,
    LijstVerlopen,
    LijstOntbreekt,
    AndereUitgever,
    AnderGebruik,
    Sleutel,
    Vorm,
}

impl Reden {
    const fn van(fout: &CertificateError) -> Self {
        match fout {
            CertificateError::Expired => Self::Verlopen,
            CertificateError::NotYetValid => Self::NogNietGeldig,
            CertificateError::Revoked => Self::Ingetrokken,
            CertificateError::CrlExpired => Self::LijstVerlopen,
            CertificateError::CrlMissing | CertificateError::NoCrl | CertificateError::Crl => Self::LijstOntbreekt,
            CertificateError::Untrusted(_) | CertificateError::NoRoot => Self::AndereUitgever,
            CertificateError::Usage => Self::AnderGebruik,
            CertificateError::Key => Self::Sleutel,
            CertificateError::Pem | CertificateError::Malformed | CertificateError::Empty | CertificateError::Oin => Self::Vorm,
        }
    }

    const fn code_wat_herstel(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Verlopen => {
                ("certificaat-verlopen", "is verlopen", "Vraag een nieuw certificaat aan en zet het in dit bestand.")
            }
            Self::NogNietGeldig => {
                ("certificaat-nog-niet-geldig", "geldt nog niet", "Controleer de klok van deze machine, of wacht tot het geldt.")
            }
            Self::Ingetrokken => {
                ("certificaat-ingetrokken", "is ingetrokken", "Vraag een nieuw certificaat aan, met een nieuwe sleutel.")
            }
            Self::LijstVerlopen => (
                "intrekkingslijst-verlopen",
                "kan niet worden gecontroleerd: vertrouwen.crl is verlopen",
                "Haal de intrekkingslijsten opnieuw op, en zorg dat dat vanzelf blijft gebeuren.",
            ),
            Self::LijstOntbreekt => (
                "intrekkingslijst-ontbreekt",
                "kan niet worden gecontroleerd: in vertrouwen.crl staat geen lijst van de uitgever",
                "Zet in vertrouwen.crl de lijsten van root en tussencertificaat achter elkaar (PEM).",
            ),
            Self::AndereUitgever => (
                "certificaat-andere-uitgever",
                "is niet uitgegeven onder vertrouwen.root",
                "Gebruik het certificaat dat onder deze root is uitgegeven, met de tussencertificaten erachter; of verbeter \
                 vertrouwen.root en tussen.",
            ),
            Self::AnderGebruik => (
                "certificaat-ander-gebruik",
                "is niet voor dit gebruik uitgegeven",
                "Controleer of de certificaten voor TLS en voor ondertekening niet zijn verwisseld.",
            ),
            Self::Sleutel => {
                ("certificaat-andere-kromme", "heeft geen sleutel op P-256", "Vraag het aan voor een sleutel op P-256.")
            }
            Self::Vorm => (
                "certificaat-zonder-oin",
                "heeft geen OIN (20 cijfers) in subject.serialNumber, of is geen certificaat",
                "Vraag een certificaat aan met het OIN van uw organisatie; 'inbreng-adapter init' maakt de aanvraag.",
            ),
        }
    }
}

/// As the hub verifies us: the same verifier.
fn tls_toetsen(keten: &[Vec<u8>], root: &Path, crl: &Path, nu: Tijdstip) -> Result<(), Reden> {
    let tekst = |pad: &Path| std::fs::read(pad).map_err(|_| Reden::Vorm);
    let (root, crl) = (tekst(root)?, tekst(crl)?);
    let mut roots = RootCertStore::empty();
    for der in CertificateDer::pem_slice_iter(&root) {
        roots.add(der.map_err(|_| Reden::Vorm)?).map_err(|_| Reden::AndereUitgever)?;
    }
    let lijsten: Result<Vec<_>, _> = CertificateRevocationListDer::pem_slice_iter(&crl).collect();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let toetser = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .with_crls(lijsten.map_err(|_| Reden::LijstOntbreekt)?)
        .enforce_revocation_expiration()
        .build()
        .map_err(|_| Reden::LijstOntbreekt)?;
    let certificaten: Vec<CertificateDer<'_>> = keten.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
    let (blad, rest) = certificaten.split_first().ok_or(Reden::Vorm)?;
    let moment = u64::try_from(nu.unix_millis().div_euclid(1000)).map_err(|_| Reden::NogNietGeldig)?;
    let moment = UnixTime::since_unix_epoch(std::time::Duration::from_secs(moment));
    match toetser.verify_client_cert(blad, rest, moment) {
        Ok(_) => Ok(()),
        Err(rustls::Error::InvalidCertificate(fout)) => Err(tlsreden(&fout)),
        Err(_) => Err(Reden::Vorm),
    }
}

const fn tlsreden(fout: &rustls::CertificateError) -> Reden {
    use rustls::CertificateError as F;
    match fout {
        F::Expired | F::ExpiredContext { .. } => Reden::Verlopen,
        F::NotValidYet | F::NotValidYetContext { .. } => Reden::NogNietGeldig,
        F::Revoked => Reden::Ingetrokken,
        F::ExpiredRevocationList | F::ExpiredRevocationListContext { .. } => Reden::LijstVerlopen,
        F::UnknownRevocationStatus => Reden::LijstOntbreekt,
        F::InvalidPurpose | F::InvalidPurposeContext { .. } => Reden::AnderGebruik,
        F::BadEncoding => Reden::Vorm,
        _ => Reden::AndereUitgever,
    }
}

/// Tells what is wrong with a certificate: the verdict, whose it is, and whether it ends soon.
fn oordeel(
    verslag: &mut Verslag,
    veld: &str,
    uitslag: Result<Option<Oin>, Reden>,
    keten: &[Vec<u8>],
    van: Option<Oin>,
    nu: Tijdstip,
) {
    if let Err(reden) = uitslag {
        let (code, wat, herstel) = reden.code_wat_herstel();
        verslag.fout(code, format!("{veld}: het certificaat {wat}."), herstel);
    }
    let Some(blad) = keten.first() else { return };
    let gevonden = uitslag.ok().flatten().or_else(|| inbreng_proof::certificate::oin_of(blad).ok());
    match (gevonden, van) {
        (Some(gevonden), Some(van)) if gevonden != van => verslag.fout(
            "ander-oin",
            format!("{veld}: het certificaat is van OIN {gevonden}, de configuratie zegt {van}."),
            "Verbeter het OIN in de configuratie, of zet het certificaat van de goede organisatie neer.",
        ),
        (None, Some(_)) if uitslag.is_ok() => {
            let (code, wat, herstel) = Reden::Vorm.code_wat_herstel();
            verslag.fout(code, format!("{veld}: het certificaat {wat}."), herstel);
        }
        _ => {}
    }
    if uitslag.is_ok()
        && let Some(dagen) = dagen_geldig(blad, nu)
        && i64::from(dagen) < BIJNA.whole_days()
    {
        verslag.waarschuwing(
            "certificaat-bijna-verlopen",
            format!("{veld}: het certificaat verloopt over {dagen} dagen."),
            "Vraag nu een nieuw certificaat aan. Het nieuwe bestand wordt zonder herstart gelezen.",
        );
    }
}

fn dagen_geldig(der: &[u8], nu: Tijdstip) -> Option<i32> {
    let certificaat = X509::from_der(der).ok()?;
    let nu = openssl::asn1::Asn1Time::from_unix(nu.unix_millis().div_euclid(1000)).ok()?;
    Some(nu.diff(certificaat.not_after()).ok()?.days)
}

fn past(verslag: &mut Verslag, veld: &str, pad: &Path, keten: &[Vec<u8>]) {
    let Ok(pem) = std::fs::read(pad).map(zeroize::Zeroizing::new) else { return };
    let publiek = keten.first().and_then(|der| X509::from_der(der).ok()).and_then(|c| c.public_key().ok());
    let gelijk = match (PKey::private_key_from_pem(&pem), publiek) {
        (Ok(prive), Some(publiek)) => prive.public_eq(&publiek),
        _ => false,
    };
    if !gelijk {
        verslag.fout(
            "sleutel-past-niet",
            format!("{veld}: {} hoort niet bij het certificaat.", pad.display()),
            "Zet de sleutel neer waarmee het certificaat is aangevraagd. Is die weg, vraag dan een nieuw certificaat aan.",
        );
    }
}

/// What signs is read in one form alone; TLS takes the older one too (SEC 1: `EC PRIVATE KEY`).
fn in_pkcs8(verslag: &mut Verslag, veld: &str, pad: &Path) {
    let Ok(pem) = std::fs::read(pad).map(zeroize::Zeroizing::new) else { return };
    if PKey::private_key_from_pem(&pem).is_ok() && PrivatePkcs8KeyDer::from_pem_slice(&pem).is_err() {
        verslag.fout(
            "sleutel-andere-vorm",
            format!("{veld}: {} is geen PKCS#8 (BEGIN PRIVATE KEY).", pad.display()),
            format!(
                "Zet hem om: (umask 077; openssl pkcs8 -topk8 -nocrypt -in {0} -out nieuw.key), en zet nieuw.key daar neer.",
                pad.display()
            ),
        );
    }
}

/// The own directory entry: ours, and its newest key among our keys.
fn gids(verslag: &mut Verslag, config: &Config, nu: Tijdstip) {
    let Some(pad) = &config.sleutels.gidsvermelding else { return };
    let Ok(tekst) = std::fs::read_to_string(pad) else { return };
    let gelezen = serde_json::from_str::<Gidsvermelding>(&tekst).ok().and_then(|gids| {
        let van = jws::unverified_payload::<Vermelding>(&gids.vermelding.verklaring).ok()?.oin;
        let sleutels = gids.sleutels.iter().map(|s| jws::unverified_payload::<Sleutelverklaring>(&s.verklaring).ok());
        Some((van, sleutels.collect::<Option<Vec<_>>>()?))
    });
    let Some((van, verklaringen)) = gelezen else {
        return verslag.fout(
            "gidsvermelding-onleesbaar",
            format!("sleutels.gidsvermelding: {} is geen gidsvermelding.", pad.display()),
            "Zet er het bestand neer dat de convenantbeheerder heeft medeondertekend.",
        );
    };
    if van != config.organisatie.oin {
        verslag.fout(
            "ander-oin",
            format!("sleutels.gidsvermelding is van OIN {van}, de configuratie zegt {}.", config.organisatie.oin),
            "Zet de gidsvermelding van de eigen organisatie neer.",
        );
    }
    let wissel = config.sleutels.wisselmap.as_deref().map(eigen_sleutels).and_then(Result::ok).unwrap_or_default();
    let eigen: Vec<String> = config
        .sleutels
        .verzegeling
        .iter()
        .chain(&wissel)
        .filter_map(|pad| std::fs::read(pad).ok())
        .filter_map(|pem| Zegelsleutel::from_pem(&pem).ok().map(|s| s.kid().to_owned()))
        .collect();
    let Some(nieuwste) = verklaringen.iter().max_by_key(|s| s.volgnummer) else { return };
    if !eigen.contains(&nieuwste.kid) {
        verslag.fout(
            "verzegelsleutel-ontbreekt",
            "De nieuwste sleutel in sleutels.gidsvermelding staat niet in sleutels.verzegeling: wat anderen daarvoor verzegelen, gaat \
             hier niet open.",
            "Zet die sleutel vooraan in sleutels.verzegeling, of laat de convenantbeheerder een verklaring over uw sleutel \
             medeondertekenen.",
        );
    }
    if nieuwste.geldig_tot <= nu {
        verslag.fout(
            "sleutelverklaring-verlopen",
            "De nieuwste sleutelverklaring is verlopen: niemand kan nog voor u verzegelen.",
            "Maak een nieuwe sleutel, en laat de verklaring daarover medeondertekenen.",
        );
    }
}
