//! From configuration to a hub: reads and checks every file, then puts store, bus, policy and directory together.

use std::{path::Path, sync::Arc};

use inbreng_api::{
    Knooppunt, Metrieken, Onderhanden, Ruimte,
    drempels::Drempels,
    tls::{TlsMateriaal, Vertrouwen},
    token::Uitgever,
};
use inbreng_bus::{Bus, amqp::AmqpBus, embedded::EmbeddedBus};
use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Clock, Oin, Randomness, Tijdstip,
    clock::SystemClock,
    gids::{Gidsvermelding, Medeondertekend},
};
use inbreng_pipeline::{Hub, Onderdelen};
use inbreng_proof::{
    Anchors, SigningCertificate, SigningKey, SystemRandomness, VerifyingKey,
    certificate::{CertificateError, oin_of},
};
use inbreng_storage_sql::SqlStore;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use time::Duration;
use tokio::sync::watch;

use crate::{
    bevinding::{Bevinding, keten},
    config::{Config, Pki},
    maten,
};

/// A certificate that ends within this time deserves a warning.
const BIJNA: Duration = Duration::days(14);
/// A revocation list that ends within this time deserves a warning.
const LIJST_BIJNA: Duration = Duration::hours(12);

/// Everything that is read from files, checked.
#[derive(Debug)]
pub struct Materiaal {
    /// For the partner listener.
    pub tls: TlsMateriaal,
    /// For signing certificates.
    pub anchors: Anchors,
    /// Policy bundles.
    pub bundels: Vec<String>,
    /// Directory statements to start from.
    pub gids: Vec<Gidsvermelding>,
    /// What the first parties signed.
    pub toetredingen: Vec<Medeondertekend>,
    beheerder: VerifyingKey,
    sleutel: SigningKey,
    sleutel_pem: String,
    certificaat: Vec<u8>,
    /// The hub.
    pub oin: Oin,
}

impl Materiaal {
    /// The covenant manager's key.
    pub const fn beheerder(&self) -> &VerifyingKey {
        &self.beheerder
    }

    /// Reads all files of a configuration. Without findings that are errors there is always material.
    pub fn lezen(config: &Config, nu: Tijdstip) -> (Option<Self>, Vec<Bevinding>) {
        let mut lezer = Lezer { bevindingen: Vec::new(), nu };
        let materiaal = lezer.alles(config);
        (materiaal, lezer.bevindingen)
    }
}

struct Lezer {
    bevindingen: Vec<Bevinding>,
    nu: Tijdstip,
}

impl Lezer {
    fn alles(&mut self, config: &Config) -> Option<Materiaal> {
        let pki = &config.pki;
        // All of them, before any of them can end the reading: a keeper wants the whole list at once.
        let wortel = self.tekst("pki.wortel", &pki.wortel);
        let tussen = self.tekst("pki.tussen", &pki.tussen);
        let crl = self.tekst("pki.crl", &pki.crl);
        let tls_certificaat = self.tekst("pki.tls_certificaat", &pki.tls_certificaat);
        let tls_sleutel = self.geheim("pki.tls_sleutel", &pki.tls_sleutel);
        let certificaat = self.tekst("pki.ondertekening_certificaat", &pki.ondertekening_certificaat);
        let sleutel = self.geheim("pki.ondertekening_sleutel", &pki.ondertekening_sleutel);
        let beheerder = self.tekst("pki.convenantbeheerder", &pki.convenantbeheerder);
        let bundels = self.bundels(config);
        let gids = self.gids(config);
        let toetredingen = self.toetredingen(config);
        let (wortel, tussen, crl) = (wortel?, tussen?, crl?);

        let anchors =
            self.gelukt("pki", Anchors::from_pem(&wortel, &tussen, &crl), "Controleer pki.wortel, pki.tussen en pki.crl.");
        let tls = self.tls(pki, &wortel, &crl, tls_certificaat.as_deref(), tls_sleutel.as_deref());
        let anchors = anchors?;
        let eigen = self.ondertekenaar("pki.ondertekening_certificaat", &anchors, certificaat.as_deref());
        let beheerder = self.ondertekenaar("pki.convenantbeheerder", &anchors, beheerder.as_deref());
        let tls_oin = self.oin("pki.tls_certificaat", tls_certificaat.as_deref());
        let (eigen, keten_der) = eigen?;
        if let Some(tls_oin) = tls_oin
            && tls_oin != eigen.oin
        {
            let wat = format!("het TLS-certificaat is van {tls_oin}, het ondertekeningscertificaat van {}", eigen.oin);
            self.bevindingen.push(Bevinding::fout(
                "pki.tls_certificaat",
                wat,
                "Gebruik twee certificaten van dezelfde organisatie.",
            ));
        }
        let certificaat = keten_der.into_iter().next()?;
        let sleutel_pem = sleutel?;
        let sleutel = self.gelukt(
            "pki.ondertekening_sleutel",
            SigningKey::from_pem(&sleutel_pem, &certificaat),
            "Geef de P-256-sleutel (PKCS#8, PEM) die bij pki.ondertekening_certificaat hoort.",
        );
        Some(Materiaal {
            tls: tls?,
            anchors,
            bundels,
            gids,
            toetredingen,
            beheerder: beheerder?.0.key,
            sleutel: sleutel?,
            sleutel_pem,
            certificaat,
            oin: eigen.oin,
        })
    }

    fn tekst(&mut self, sleutel: &str, pad: &Path) -> Option<String> {
        std::fs::read_to_string(pad)
            .map_err(|error| {
                let wat = format!("{} is niet te lezen ({error})", pad.display());
                self.bevindingen.push(Bevinding::fout(sleutel, wat, "Geef het pad van een bestand dat het knooppunt mag lezen."));
            })
            .ok()
    }

    /// A private key: also looks whether others may read the file.
    fn geheim(&mut self, sleutel: &str, pad: &Path) -> Option<String> {
        use std::os::unix::fs::PermissionsExt;
        let text = self.tekst(sleutel, pad)?;
        if std::fs::metadata(pad).is_ok_and(|m| m.permissions().mode() & 0o077 != 0) {
            let wat = format!("anderen kunnen {} lezen", pad.display());
            self.bevindingen.push(Bevinding::let_op(sleutel, wat, format!("Voer uit: chmod 600 {}", pad.display())));
        }
        Some(text)
    }

    fn gelukt<T, E: std::error::Error>(&mut self, sleutel: &str, uitslag: Result<T, E>, oplossing: &str) -> Option<T> {
        uitslag.map_err(|error| self.bevindingen.push(Bevinding::fout(sleutel, keten(&error), oplossing))).ok()
    }

    fn tls(&mut self, pki: &Pki, wortel: &str, crl: &str, keten: Option<&str>, sleutel: Option<&str>) -> Option<TlsMateriaal> {
        let tls = self.gelukt(
            "pki.tls_certificaat",
            TlsMateriaal::uit_pem(keten?.as_bytes(), sleutel?.as_bytes(), wortel.as_bytes(), crl.as_bytes()),
            "Geef een keten (eerst het eigen certificaat) met de sleutel die erbij hoort, en een CRL van elke uitgever.",
        )?;
        let over = tls.lijsten_tot().since(self.nu);
        if over <= Duration::ZERO {
            let wat = format!("{} is verlopen: elk certificaat wordt geweigerd", pki.crl.display());
            self.bevindingen.push(Bevinding::fout("pki.crl", wat, "Haal een nieuwe intrekkingslijst op bij de uitgever."));
        } else if over <= LIJST_BIJNA {
            let wat = format!("{} verloopt op {}", pki.crl.display(), tls.lijsten_tot());
            self.bevindingen.push(Bevinding::let_op(
                "pki.crl",
                wat,
                "Haal op tijd een nieuwe intrekkingslijst op bij de uitgever.",
            ));
        }
        Some(tls)
    }

    fn ketens(&mut self, sleutel: &str, pem: Option<&str>) -> Option<Vec<Vec<u8>>> {
        let der: Vec<Vec<u8>> =
            CertificateDer::pem_slice_iter(pem?.as_bytes()).filter_map(Result::ok).map(|c| c.to_vec()).collect();
        if der.is_empty() {
            self.bevindingen.push(Bevinding::fout(sleutel, "hier staat geen certificaat in", "Geef een keten in PEM."));
            return None;
        }
        Some(der)
    }

    fn oin(&mut self, sleutel: &str, pem: Option<&str>) -> Option<Oin> {
        let der = self.ketens(sleutel, pem)?;
        self.gelukt(sleutel, oin_of(der.first()?), "Gebruik een certificaat met het OIN in subject.serialNumber.")
    }

    /// A signing certificate under the anchors, now.
    fn ondertekenaar(
        &mut self,
        sleutel: &str,
        anchors: &Anchors,
        pem: Option<&str>,
    ) -> Option<(SigningCertificate, Vec<Vec<u8>>)> {
        let der = self.ketens(sleutel, pem)?;
        let certificaat = match anchors.signing_certificate(&der, self.nu) {
            Ok(certificaat) => certificaat,
            Err(fout) => {
                self.bevindingen.push(certificaatfout(sleutel, &fout));
                return None;
            }
        };
        if certificaat.geldig_tot.since(self.nu) <= BIJNA {
            let wat = format!("het certificaat verloopt op {}", certificaat.geldig_tot);
            self.bevindingen.push(Bevinding::let_op(sleutel, wat, "Vraag op tijd een nieuw certificaat aan."));
        }
        Some((certificaat, der))
    }

    fn bundels(&mut self, config: &Config) -> Vec<String> {
        if config.beleid.bundels.is_empty() {
            let wat = "er is geen beleid, dus mag er niets";
            self.bevindingen.push(Bevinding::fout("beleid.bundels", wat, "Noem het bestand van ten minste één beleidsbundel."));
        }
        let texts: Vec<_> = config.beleid.bundels.iter().filter_map(|pad| self.tekst("beleid.bundels", pad)).collect();
        texts.into_iter().map(|t| t.trim().to_owned()).collect()
    }

    fn toetredingen(&mut self, config: &Config) -> Vec<Medeondertekend> {
        let Some(pad) = &config.beleid.toetredingen else { return Vec::new() };
        let Some(text) = self.tekst("beleid.toetredingen", pad) else { return Vec::new() };
        let oplossing = "Geef een JSON-lijst van toetredingen, elk met de medeondertekening van de convenantbeheerder.";
        self.gelukt("beleid.toetredingen", serde_json::from_str(&text), oplossing).unwrap_or_default()
    }

    fn gids(&mut self, config: &Config) -> Vec<Gidsvermelding> {
        let Some(pad) = &config.gids.bestand else { return Vec::new() };
        let Some(text) = self.tekst("gids.bestand", pad) else { return Vec::new() };
        self.gelukt("gids.bestand", serde_json::from_str(&text), "Geef een JSON-lijst van gidsvermeldingen.").unwrap_or_default()
    }
}

/// Why a signing certificate cannot be used, and what helps: another certificate, or another list.
fn certificaatfout(sleutel: &str, fout: &CertificateError) -> Bevinding {
    let (sleutel, wat, oplossing) = match fout {
        CertificateError::Revoked => (sleutel, "het certificaat is ingetrokken", "Vraag een nieuw certificaat aan."),
        CertificateError::Expired => (sleutel, "het certificaat is verlopen", "Vraag een nieuw certificaat aan."),
        CertificateError::NotYetValid => {
            (sleutel, "het certificaat geldt nog niet", "Kijk of de klok van deze machine goed staat, of wacht tot het geldt.")
        }
        CertificateError::Usage => (
            sleutel,
            "het certificaat is niet bedoeld om mee te ondertekenen",
            "Geef het certificaat voor ondertekening, niet dat voor TLS.",
        ),
        CertificateError::CrlMissing => (
            "pki.crl",
            "van een van de uitgevers is er geen intrekkingslijst, dus niemand weet wat is ingetrokken",
            "Zet in dit bestand de lijst van elke uitgever: die van de wortel en van elk tussencertificaat.",
        ),
        CertificateError::CrlExpired => {
            ("pki.crl", "de intrekkingslijst is verlopen", "Haal een nieuwe intrekkingslijst op bij de uitgever.")
        }
        CertificateError::Untrusted(_) => (
            sleutel,
            "het certificaat komt niet van een uitgever onder pki.wortel",
            "Geef een certificaat van die uitgever, en noem in pki.tussen wat ertussen staat.",
        ),
        anders => {
            let oplossing = "Geef een geldig ondertekeningscertificaat onder pki.wortel dat niet is ingetrokken.";
            return Bevinding::fout(sleutel, keten(anders), oplossing);
        }
    };
    Bevinding::fout(sleutel, wat, oplossing)
}

/// A hub that is ready to serve.
#[derive(Debug)]
pub struct Gereed {
    /// The state of the partner API.
    pub knooppunt: Knooppunt,
    /// To say that it stops.
    pub stop: watch::Sender<bool>,
    /// The store, to close at the end.
    pub store: Arc<SqlStore>,
    /// The bus between processes, not connected yet; `None` where this one is alone.
    pub bus: Option<Arc<AmqpBus>>,
    /// The certificate of its signing key (DER).
    pub certificaat: Vec<u8>,
    /// What to look at.
    pub bevindingen: Vec<Bevinding>,
}

/// Puts a hub together.
///
/// # Errors
/// The findings, of which at least one is an error.
pub async fn gereedmaken(config: &Config) -> Result<Gereed, Vec<Bevinding>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Randomness> = Arc::new(SystemRandomness);
    let nu = clock.now();
    let (materiaal, gevonden) = Materiaal::lezen(config, nu);
    let mut bevindingen = maten::controleren(config);
    bevindingen.extend(gevonden);
    let Some(materiaal) = materiaal.filter(|_| !bevindingen.iter().any(Bevinding::is_fout)) else { return Err(bevindingen) };
    let fout = |bevindingen: &mut Vec<Bevinding>, sleutel: &str, wat: String, oplossing: &str| {
        bevindingen.push(Bevinding::fout(sleutel, wat, oplossing));
        std::mem::take(bevindingen)
    };
    let tokens = Uitgever::new(&materiaal.sleutel_pem, &materiaal.certificaat, materiaal.oin, Arc::clone(&random), nu)
        .map_err(|e| fout(&mut bevindingen, "pki.ondertekening_sleutel", keten(&e), "Geef een P-256-sleutel (PKCS#8, PEM)."))?;
    let catalogus = Catalogus::ingebouwd()
        .map_err(|e| fout(&mut bevindingen, "(programma)", keten(&e), "Dit is een fout in het programma zelf; meld hem."))?;
    let bus = match config.bus.maken(Arc::clone(&random)) {
        Ok(bus) => bus,
        Err(bevinding) => {
            bevindingen.push(bevinding);
            return Err(bevindingen);
        }
    };
    let store = match config.opslag.openen(Arc::clone(&clock)).await {
        Ok(store) => Arc::new(store),
        Err(bevinding) => {
            bevindingen.push(bevinding);
            return Err(bevindingen);
        }
    };
    let werkbus: Arc<dyn Bus> = match &bus {
        Some(tussen) => Arc::clone(tussen) as Arc<dyn Bus>,
        None => Arc::new(EmbeddedBus::new()),
    };
    let hub = Hub::new(Onderdelen {
        store: Arc::clone(&store) as Arc<dyn inbreng_storage::Store>,
        bus: werkbus,
        clock: Arc::clone(&clock),
        random,
        catalogus: Arc::new(catalogus),
        anchors: materiaal.anchors,
        beheerder: materiaal.beheerder,
        beleid: materiaal.bundels,
        sleutel: materiaal.sleutel,
        oin: materiaal.oin,
        limits: config.grenzen,
    })
    .await
    .map_err(|e| {
        fout(&mut bevindingen, "beleid.bundels", keten(&e), "Geef bundels die pki.convenantbeheerder heeft ondertekend.")
    })?;
    hub.strengheid_na(Duration::days(config.beleid.strengheid_dagen.into()));
    hub.nood_boven(config.beleid.nood_drempel.0);
    hub.bewaren(config.bewaren.termijnen());
    gids_vullen(&hub, materiaal.gids, &mut bevindingen).await;
    partijen_vullen(&hub, materiaal.toetredingen, &mut bevindingen).await;
    let (stop, stopt) = watch::channel(false);
    let knooppunt = Knooppunt {
        oin: materiaal.oin,
        hub,
        tokens,
        vertrouwen: Vertrouwen::new(materiaal.tls),
        clock,
        grenzen: config.api_grenzen(),
        drempels: if bus.is_some() { Drempels::gedeeld(config.maten()) } else { Drempels::new(config.maten()) },
        basis: config.partners.basis.as_ref().map(|b| b.0.clone()),
        stopt,
        onderhanden: Onderhanden::default(),
        ruimte: Ruimte::new(config.lichamen()),
        antwoorden: Ruimte::new(config.lichamen()),
        metrieken: Metrieken::default(),
    };
    Ok(Gereed { knooppunt, stop, store, bus, certificaat: materiaal.certificaat, bevindingen })
}

/// A clock that is before the log at the start, and how far; the hub runs, and takes nothing in.
pub fn klok(hub: &Hub) -> Option<Bevinding> {
    let achter = hub.klok_achter()?;
    let wat = format!(
        "de klok van deze machine staat {} minuten achter op het nieuwste blad van het logboek; het knooppunt neemt zo niets aan",
        achter.whole_minutes()
    );
    let oplossing = "Zet de klok goed; daarna gaat alles vanzelf verder. Staat zij goed, en stond zij eerder te ver vooruit: inbreng klok \
                     bevestigen.";
    Some(Bevinding::let_op("(klok)", wat, oplossing))
}

/// Adds directory statements that are newer than what the store has.
pub async fn gids_vullen(hub: &Hub, gids: Vec<Gidsvermelding>, bevindingen: &mut Vec<Bevinding>) {
    if gids.is_empty() {
        return;
    }
    let totaal = gids.len();
    match hub.gids_vullen(gids).await {
        Ok(geplaatst) => tracing::info!(gebeurtenis = "gids-gevuld", aantal = geplaatst),
        Err(fout) => {
            let wat = format!("van de {totaal} vermeldingen is er een niet te plaatsen: {}", keten(&fout));
            let oplossing =
                "Geef vermeldingen die door de organisatie en door de convenantbeheerder zijn ondertekend en nu gelden.";
            bevindingen.push(Bevinding::let_op("gids.bestand", wat, oplossing));
        }
    }
}

/// Adds what parties signed and the store does not have.
pub async fn partijen_vullen(hub: &Hub, toetredingen: Vec<Medeondertekend>, bevindingen: &mut Vec<Bevinding>) {
    if toetredingen.is_empty() {
        return;
    }
    let totaal = toetredingen.len();
    match hub.partijen_vullen(toetredingen).await {
        Ok(geplaatst) => tracing::info!(gebeurtenis = "partijen-gevuld", aantal = geplaatst),
        Err(fout) => {
            let wat = format!("van de {totaal} toetredingen is er een niet te plaatsen: {}", keten(&fout));
            let oplossing = "Geef toetredingen die door de partij en door de convenantbeheerder zijn ondertekend.";
            bevindingen.push(Bevinding::let_op("beleid.toetredingen", wat, oplossing));
        }
    }
}
