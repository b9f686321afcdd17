//! The commands of `inbreng-certs`.

mod beleid;
mod overzicht;
mod partijen;
mod terugroep;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, Parser, Subcommand};
use inbreng_domain::{Clock, Code, GemeenteCode, Oin, vocabulary::Partnertype};
use inbreng_proof::parse_strict;
use serde_json::{Value, json};
use time::Duration;

use crate::{Certificaatsoort, Partnerspec, Pki, PkiFout, PkiSpec, bestanden, fout::keten_van_redenen};

/// Nesting that a policy bundle may have.
const BUNDEL_NESTING: usize = 32;

/// Maakt en onderhoudt de PKI voor ontwikkeling: certificaten met OIN, intrekkingslijsten, gids en sleutelverklaringen.
///
/// Alleen voor ontwikkeling en tests. In productie komen certificaten van PKIoverheid.
#[derive(Debug, Parser)]
#[command(name = "inbreng-certs", version)]
pub struct Opdracht {
    /// De map van de PKI.
    #[arg(long, global = true, default_value = "pki")]
    dir: PathBuf,
    /// Antwoord als één JSON-object.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    wat: Wat,
}

#[derive(Debug, Subcommand)]
enum Wat {
    /// Maakt een nieuwe PKI.
    Init {
        /// TOML-bestand met de partners.
        #[arg(long)]
        partners: Option<PathBuf>,
        /// Naam of adres van het knooppunt, naast localhost en 127.0.0.1; mag vaker.
        #[arg(long = "naam")]
        namen: Vec<String>,
    },
    /// Partners beheren.
    #[command(subcommand)]
    Partner(Partneropdracht),
    /// Geeft een organisatie nieuwe certificaten, met nieuwe sleutels. De oude gelden tot ze zijn ingetrokken of verlopen.
    Reissue {
        /// Korte naam van de partner, `knooppunt` of `convenantbeheerder`.
        slug: Code,
    },
    /// Trekt certificaten in en maakt nieuwe intrekkingslijsten. Zonder keuze beide soorten.
    Revoke {
        /// Korte naam van de partner, `knooppunt` of `convenantbeheerder`.
        slug: Code,
        /// Alleen de TLS-certificaten.
        #[arg(long)]
        tls: bool,
        /// Alleen de ondertekeningscertificaten.
        #[arg(long)]
        ondertekening: bool,
    },
    /// Maakt nieuwe intrekkingslijsten.
    Crl {
        /// Hoe lang ze gelden. Een negatief getal maakt verlopen lijsten, om te testen dat die worden geweigerd.
        #[arg(long, allow_negative_numbers = true, default_value_t = i64::from(crate::CRL_DAGEN))]
        geldig_dagen: i64,
    },
    /// Maakt de volgende verzegelingssleutel van een partner, met zijn verklaring.
    Sleutel {
        /// Korte naam van de partner.
        slug: Code,
    },
    /// Geeft een certificaat op een aanvraag, zoals `inbreng-adapter init` haar maakt: de sleutel blijft bij wie haar maakte.
    SignCsr {
        /// De aanvraag (PKCS#10, PEM).
        aanvraag: PathBuf,
        /// Het OIN van de organisatie, zoals u het kent; het moet ook in de aanvraag staan.
        #[arg(long)]
        oin: Oin,
        /// Waar het certificaat komt, met het tussencertificaat erachter.
        #[arg(long)]
        uit: PathBuf,
    },
    /// Toont wat er is en wat nog geldt.
    Show,
    /// Ondertekent een beleidsbundel als convenantbeheerder.
    SignBeleid {
        /// JSON-bestand met de bundel.
        #[arg(long)]
        bundel: PathBuf,
    },
    /// Toont de digest van een JSON-bestand: SHA-256 van zijn canonieke vorm (RFC 8785).
    Digest {
        /// Een bundel, of een lijst met tabellen.
        bestand: PathBuf,
    },
    /// Ondertekent een handeling aan een beleidsversie, namens een partner.
    SignHandeling(beleid::Handelingargumenten),
    /// Ondertekent als convenantbeheerder vanaf wanneer een beleidsversie geldt.
    SignActivering(beleid::Activeringargumenten),
    /// Ondertekent dat een partner toetreedt tot een convenant, met de medeondertekening van de convenantbeheerder.
    SignToetreding(partijen::Toetredingargumenten),
    /// Het zelfde voor alle partners: de lijst waarmee een installatie begint.
    SignToetredingen(partijen::Toetredingenargumenten),
    /// Ondertekent dat een partner uittreedt.
    SignUittreding(partijen::Uittredingargumenten),
    /// Ondertekent waar een partner zijn leveringen laat bezorgen, namens die partner en als convenantbeheerder.
    SignTerugroep(terugroep::Terugroepargumenten),
}

#[derive(Debug, Subcommand)]
enum Partneropdracht {
    /// Voegt een partner toe.
    Add(Partnerargumenten),
}

#[derive(Debug, Args)]
struct Partnerargumenten {
    /// Korte naam: kleine letters, cijfers en streepjes.
    slug: Code,
    /// Naam van de organisatie.
    #[arg(long)]
    naam: String,
    /// OIN: 20 cijfers.
    #[arg(long)]
    oin: Oin,
    /// Soort organisatie, zoals politie of veilig-thuis.
    #[arg(long)]
    partnertype: Partnertype,
    /// Gemeente die de partner bedient (CBS-code); mag vaker. Zonder: de hele regio.
    #[arg(long = "gemeente")]
    gebied: Vec<GemeenteCode>,
    /// Functie of postbus die te adresseren is; mag vaker.
    #[arg(long = "functie")]
    functies: Vec<Code>,
    /// Geregistreerd als ontvanger bij nood.
    #[arg(long)]
    noodontvanger: bool,
    /// Naam of adres waaronder het knooppunt de organisatie bereikt om te bezorgen; mag vaker.
    #[arg(long = "server")]
    namen: Vec<String>,
}

/// Carries out a command and writes its answer.
///
/// # Errors
/// [`PkiFout`]; nothing was written to `uit` then.
pub fn uitvoeren(opdracht: &Opdracht, clock: Arc<dyn Clock>, uit: &mut dyn Write) -> Result<(), PkiFout> {
    let (tekst, waarde) = opdracht.antwoord(clock)?;
    let regel = if opdracht.json { waarde.to_string() } else { tekst };
    writeln!(uit, "{}", regel.trim_end()).map_err(PkiFout::bestand("stdout"))
}

impl Opdracht {
    /// Writes an error the way the command was asked to answer.
    pub fn melden(&self, fout: &PkiFout, uit: &mut dyn Write) {
        let reden = keten_van_redenen(fout);
        let tekst = if self.json { json!({"ok": false, "fout": reden}).to_string() } else { format!("fout: {reden}") };
        // Nobody is left to tell when even this cannot be written.
        let _: io::Result<()> = writeln!(uit, "{tekst}");
    }

    /// The answer in words and as JSON.
    fn antwoord(&self, clock: Arc<dyn Clock>) -> Result<(String, Value), PkiFout> {
        let dir = self.dir.as_path();
        let nu = clock.now();
        if let Wat::Init { partners, namen } = &self.wat {
            let pki = Pki::create(dir, &spec(partners.as_deref(), namen)?, clock)?;
            let text = format!("PKI gemaakt in {}.\n\n{}", dir.display(), overzicht::tekst(&pki, nu)?);
            return Ok((text, overzicht::json(&pki, nu)?));
        }
        let mut pki = Pki::open(dir, clock)?;
        match &self.wat {
            Wat::Init { .. } | Wat::Show => Ok((overzicht::tekst(&pki, nu)?, overzicht::json(&pki, nu)?)),
            Wat::Partner(Partneropdracht::Add(argumenten)) => {
                let map = pki.partner_toevoegen(&argumenten.spec())?;
                let pad = map.pad().display().to_string();
                Ok((format!("Partner {} toegevoegd in {pad}.", argumenten.slug), json!({"ok": true, "map": pad})))
            }
            Wat::Reissue { slug } => {
                pki.heruitgeven(slug)?;
                Ok((format!("{slug} heeft nieuwe certificaten."), json!({"ok": true, "organisatie": slug})))
            }
            Wat::Revoke { slug, tls, ondertekening } => {
                let series = pki.intrekken(slug, &soorten(*tls, *ondertekening))?;
                let text = format!("Ingetrokken van {slug}: {}. De nieuwe intrekkingslijst staat in crl.pem.", series.join(", "));
                Ok((text, json!({"ok": true, "organisatie": slug, "ingetrokken": series})))
            }
            Wat::Crl { geldig_dagen } => {
                pki.crl(Duration::days(*geldig_dagen))?;
                let tot = nu.plus(Duration::days(*geldig_dagen));
                Ok((format!("Nieuwe intrekkingslijsten, geldig tot {tot}."), json!({"ok": true, "geldigTot": tot})))
            }
            Wat::Sleutel { slug } => {
                let nummer = pki.sleutel_vernieuwen(slug)?;
                let pad = pki.partnermap(slug)?.verzegeling_key(nummer).display().to_string();
                let text = format!("Sleutel {nummer} van {slug} staat in {pad}.");
                Ok((text, json!({"ok": true, "organisatie": slug, "volgnummer": nummer, "sleutel": pad})))
            }
            Wat::SignCsr { aanvraag, oin, uit } => {
                let op = pki.aanvraag_ondertekenen(bestanden::lezen(aanvraag)?.as_bytes(), *oin)?;
                bestanden::schrijven(uit, &op.pem, bestanden::Leesbaar::Ieder)?;
                let pad = uit.display().to_string();
                let text = format!("Het certificaat ({}) van {oin} staat in {pad}. Intrekken: revoke {}.", op.soort, op.houder);
                Ok((text, json!({"ok": true, "soort": op.soort, "houder": op.houder, "certificaat": pad})))
            }
            Wat::SignBeleid { bundel } => {
                let waarde = parse_strict(bestanden::lezen(bundel)?.as_bytes(), BUNDEL_NESTING)?;
                let jws = pki.beleid_ondertekenen(&waarde)?;
                let digest = inbreng_proof::digest_of(&waarde)?;
                Ok((jws.clone(), json!({"ok": true, "beleid": jws, "digest": digest})))
            }
            Wat::Digest { bestand } => {
                let waarde = parse_strict(bestanden::lezen(bestand)?.as_bytes(), BUNDEL_NESTING)?;
                let digest = inbreng_proof::digest_of(&waarde)?;
                Ok((digest.to_string(), json!({"ok": true, "digest": digest})))
            }
            Wat::SignHandeling(argumenten) => argumenten.ondertekenen(&pki, nu),
            Wat::SignActivering(argumenten) => argumenten.ondertekenen(&pki, nu),
            Wat::SignToetreding(argumenten) => argumenten.ondertekenen(&pki, nu),
            Wat::SignToetredingen(argumenten) => argumenten.ondertekenen(&pki),
            Wat::SignUittreding(argumenten) => argumenten.ondertekenen(&pki, nu),
            Wat::SignTerugroep(argumenten) => argumenten.ondertekenen(&pki),
        }
    }
}

fn spec(partners: Option<&Path>, namen: &[String]) -> Result<PkiSpec, PkiFout> {
    let mut spec = partners.map_or_else(|| Ok(PkiSpec::default()), PkiSpec::lezen)?;
    spec.namen.extend_from_slice(namen);
    Ok(spec)
}

fn soorten(tls: bool, ondertekening: bool) -> Vec<Certificaatsoort> {
    let beide = tls == ondertekening;
    let gevraagd = [(Certificaatsoort::Tls, tls), (Certificaatsoort::Ondertekening, ondertekening)];
    gevraagd.into_iter().filter(|(_, ja)| beide || *ja).map(|(soort, _)| soort).collect()
}

impl Partnerargumenten {
    fn spec(&self) -> Partnerspec {
        Partnerspec {
            slug: self.slug.clone(),
            naam: self.naam.clone(),
            oin: self.oin,
            partnertype: self.partnertype,
            gebied: self.gebied.clone(),
            functies: self.functies.clone(),
            noodontvanger: self.noodontvanger,
            namen: self.namen.clone(),
        }
    }
}
