//! `inbreng-adapter init`: keys, certificate requests, secrets and a configuration with comments, in a new folder. What is
//! there already is never overwritten.

use std::{
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use inbreng_domain::{Code, Oin, Randomness, vocabulary::Partnertype};
use openssl::{
    ec::{EcGroup, EcKey},
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    stack::Stack,
    x509::{
        X509NameBuilder, X509ReqBuilder,
        extension::{ExtendedKeyUsage, KeyUsage},
    },
};
use zeroize::Zeroizing;

use crate::geheim::Geheim;

/// id-kp-documentSigning (RFC 9336): a signing certificate is none for TLS.
const DOCUMENT_SIGNING: &str = "1.3.6.1.5.5.7.3.36";

/// What an adapter is set up for.
#[derive(Debug, Clone)]
pub struct Opzet {
    /// Folder that is made, or empty.
    pub map: PathBuf,
    /// The organisation's OIN.
    pub oin: Oin,
    /// Its name, as in the certificates.
    pub naam: String,
    /// What kind of organisation.
    pub partnertype: Partnertype,
    /// The name of its system.
    pub systeem: Code,
    /// Base address of the hub.
    pub knooppunt: String,
    /// The hub's OIN, where it is known already.
    pub knooppunt_oin: Option<Oin>,
    /// Where the own system takes messages; absent: it fetches.
    pub eigen_systeem: Option<String>,
    /// Whether people read and answer in the inbox page. Not beside an own system that takes messages.
    pub postvak: bool,
    /// Where the adapter writes (its store, and the keys that it makes itself), in full; absent: beside the configuration.
    pub staat: Option<PathBuf>,
}

/// Why nothing, or not everything, was made.
#[derive(Debug, thiserror::Error)]
pub enum Opzetfout {
    /// A file is there already.
    #[error("{0} is er al; kies een andere map, of verplaats wat er staat")]
    Bestaat(PathBuf),
    /// A file cannot be written.
    #[error("{0} kan niet worden geschreven")]
    Schrijven(PathBuf, #[source] std::io::Error),
    /// A name that would break the configuration file.
    #[error("de naam mag geen aanhalingstekens, backslash of regeleinden bevatten")]
    Naam,
    /// A delivery goes to the own system or to a person.
    #[error("kies een eigen systeem of een postvak, niet allebei")]
    PostvakNaastSysteem,
    /// A folder of state that the configuration cannot name as it is meant.
    #[error("de map van --staat moet voluit worden gegeven, vanaf /, zonder aanhalingstekens, backslash of regeleinden")]
    Staat,
    /// OpenSSL failed.
    #[error("de sleutels kunnen niet worden gemaakt")]
    Openssl(#[from] ErrorStack),
}

/// A text, and whether only its owner may read it.
type Bestand = (&'static str, Zeroizing<Vec<u8>>, bool);

/// Makes everything; gives the files that were made.
///
/// # Errors
/// [`Opzetfout`]; where a file is there already nothing is made.
pub fn opzetten(opzet: &Opzet, random: &dyn Randomness) -> Result<Vec<PathBuf>, Opzetfout> {
    let vrij = |tekst: &str| !tekst.contains(['"', '\\', '\n', '\r']);
    if ![Some(&opzet.naam), Some(&opzet.knooppunt), opzet.eigen_systeem.as_ref()].into_iter().flatten().all(|t| vrij(t)) {
        return Err(Opzetfout::Naam);
    }
    if opzet.postvak && opzet.eigen_systeem.is_some() {
        return Err(Opzetfout::PostvakNaastSysteem);
    }
    if opzet.staat.as_ref().is_some_and(|staat| !staat.is_absolute() || !staat.to_str().is_some_and(vrij)) {
        return Err(Opzetfout::Staat);
    }
    let (tls, ondertekening, verzegeling) = (sleutel()?, sleutel()?, sleutel()?);
    let prive = |sleutel: &PKey<Private>| sleutel.private_key_to_pem_pkcs8().map(Zeroizing::new);
    let geheim = || Zeroizing::new([Geheim::maken(random).as_bytes(), b"\n"].concat());
    let mut bestanden: Vec<Bestand> = vec![
        ("tls.key", prive(&tls)?, true),
        ("tls.csr", Zeroizing::new(aanvraag(opzet, &tls, Gebruik::Tls)?), false),
        ("ondertekening.key", prive(&ondertekening)?, true),
        ("ondertekening.csr", Zeroizing::new(aanvraag(opzet, &ondertekening, Gebruik::Ondertekening)?), false),
        ("verzegeling-1.key", prive(&verzegeling)?, true),
        ("geheim", geheim(), true),
    ];
    if opzet.eigen_systeem.is_some() {
        bestanden.push(("eigen-systeem.geheim", geheim(), true));
    }
    if opzet.postvak {
        bestanden.push(("inbox.geheim", geheim(), true));
    }
    bestanden.push(("adapter.toml", Zeroizing::new(configuratie(opzet).into_bytes()), false));

    if let Some((naam, ..)) = bestanden.iter().find(|(naam, ..)| opzet.map.join(naam).exists()) {
        return Err(Opzetfout::Bestaat(opzet.map.join(naam)));
    }
    let map = |fout| Opzetfout::Schrijven(opzet.map.clone(), fout);
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&opzet.map).map_err(map)?;
    bestanden.iter().map(|(naam, inhoud, besloten)| schrijven(&opzet.map.join(naam), inhoud, *besloten)).collect()
}

fn schrijven(pad: &Path, inhoud: &[u8], besloten: bool) -> Result<PathBuf, Opzetfout> {
    let mode = if besloten { 0o600 } else { 0o644 };
    // Never over something that came there meanwhile.
    let bestand = OpenOptions::new().write(true).create_new(true).mode(mode).open(pad);
    let gelukt = bestand.and_then(|mut bestand| bestand.write_all(inhoud).and_then(|()| bestand.sync_all()));
    gelukt.map(|()| pad.to_owned()).map_err(|fout| Opzetfout::Schrijven(pad.to_owned(), fout))
}

fn sleutel() -> Result<PKey<Private>, ErrorStack> {
    let p256 = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    PKey::from_ec_key(EcKey::generate(&p256)?)
}

#[derive(Clone, Copy)]
enum Gebruik {
    Tls,
    Ondertekening,
}

/// A request (PKCS#10) with the OIN in `serialNumber` of the subject, as PKIoverheid has it.
fn aanvraag(opzet: &Opzet, sleutel: &PKey<Private>, gebruik: Gebruik) -> Result<Vec<u8>, ErrorStack> {
    let mut naam = X509NameBuilder::new()?;
    naam.append_entry_by_nid(Nid::COUNTRYNAME, "NL")?;
    naam.append_entry_by_nid(Nid::ORGANIZATIONNAME, &opzet.naam)?;
    naam.append_entry_by_nid(Nid::SERIALNUMBER, &opzet.oin.as_str())?;
    let cn = match gebruik {
        Gebruik::Tls => "tls",
        Gebruik::Ondertekening => "ondertekening",
    };
    naam.append_entry_by_nid(Nid::COMMONNAME, cn)?;
    let mut bouw = X509ReqBuilder::new()?;
    bouw.set_version(0)?;
    bouw.set_subject_name(&naam.build())?;
    bouw.set_pubkey(sleutel)?;
    let mut uitbreidingen = Stack::new()?;
    uitbreidingen.push(KeyUsage::new().critical().digital_signature().build()?)?;
    let mut soort = ExtendedKeyUsage::new();
    uitbreidingen.push(
        match gebruik {
            Gebruik::Tls => soort.client_auth(),
            Gebruik::Ondertekening => soort.other(DOCUMENT_SIGNING),
        }
        .build()?,
    )?;
    bouw.add_extensions(&uitbreidingen)?;
    bouw.sign(sleutel, MessageDigest::sha256())?;
    bouw.build().to_pem()
}

fn configuratie(opzet: &Opzet) -> String {
    let Opzet { oin, naam, partnertype, systeem, knooppunt, .. } = opzet;
    let knooppunt_oin = opzet.knooppunt_oin.map_or_else(|| "00000000000000000000".to_owned(), |oin| oin.to_string());
    let staat = |naam: &str| opzet.staat.as_ref().map_or_else(|| naam.into(), |map| map.join(naam)).display().to_string();
    let (opslag, wisselmap) = (staat("adapter.db"), staat("sleutels"));
    let nog = if opzet.knooppunt_oin.is_some() { "" } else { "   # INVULLEN: vraag het aan de beheerder van het knooppunt" };
    let eigen = match &opzet.eigen_systeem {
        Some(adres) => format!(
            r#"
# Waar de adapter berichten bij uw systeem aflevert. Zonder deze tabel haalt uw systeem ze zelf op (GET /postbus).
[eigen_systeem]
adres = "{adres}"
geheim = "eigen-systeem.geheim"   # dit toont de adapter aan uw systeem; weiger wie het niet toont
# afwijzingen = 8                 # na zoveel 4xx-antwoorden weigert de adapter een levering, met een alarm
"#
        ),
        None if opzet.postvak => {
            "\n# De pagina waar mensen lezen en antwoorden: http://127.0.0.1:8450/inbox, op deze machine.\n[inbox]\n\
                                  geheim = \"inbox.geheim\"   # hiermee meldt een mens zich aan\n"
                .to_owned()
        }
        None => String::new(),
    };
    format!(
        r#"# De adapter van {naam}. Paden tellen vanaf de map van dit bestand.
# Controleer alles met: inbreng-adapter check --config adapter.toml

# Hoe uw eigen berichten zijn opgebouwd. Proberen kan zonder knooppunt: inbreng-adapter mapping mapping.toml
mapping = "mapping.toml"

[organisatie]
oin = "{oin}"
naam = "{naam}"
partnertype = "{partnertype}"
systeem = "{systeem}"   # de naam van uw systeem; staat in elk bericht als bron
# convenant = "voorbeeldregio"   # alleen als het knooppunt er meer dan één heeft

[knooppunt]
adres = "{knooppunt}"   # zonder /v1
oin = "{knooppunt_oin}"{nog}
certificaat = "knooppunt.pem"   # ondertekencertificaat van het knooppunt: ontvangstbewijzen worden ermee nagerekend

# Van de beheerder van het knooppunt. De lijsten (crl) worden elke minuut opnieuw gelezen: houd ze vers.
[vertrouwen]
root = "root.pem"
tussen = "tussen.pem"
crl = "crl.pem"
convenantbeheerder = "convenantbeheerder.pem"   # vastgepind: gids en beleid tellen alleen onder deze handtekening

# Stuur tls.csr en ondertekening.csr naar uw certificaatuitgever; zet de certificaten (met de keten erachter) hier neer.
# Een vernieuwd bestand geldt binnen een minuut, zonder herstart; meteen met SIGHUP.
[sleutels]
tls_certificaat = "tls.pem"
tls_sleutel = "tls.key"
ondertekening_certificaat = "ondertekening.pem"
ondertekening_sleutel = "ondertekening.key"
verzegeling = ["verzegeling-1.key"]   # nieuwste eerst; een oude blijft staan tot niets meer ermee opengaat
wisselmap = "{wisselmap}"                # hierin maakt de adapter zelf de volgende, veertien dagen voor het einde; neem haar mee in uw kopie
# gidsvermelding = "gids.json"        # uw vermelding, medeondertekend; een nieuwe sleutel daarin wordt vanzelf geplaatst

# Wat de adapter heeft aangenomen staat hier veilig. Bewaar het op een schijf die blijft.
[opslag]
pad = "{opslag}"

# Waar uw systeem de adapter bereikt: alleen op deze machine, en alleen met het geheim (Authorization: Bearer …).
[luister]
adres = "127.0.0.1:8450"
geheim = "geheim"
{eigen}"#
    )
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use inbreng_proof::SystemRandomness;
    use openssl::x509::X509Req;

    use super::*;
    use crate::{Config, check, sealing::Zegelsleutel};

    fn opzet(map: &Path) -> Opzet {
        Opzet {
            map: map.join("adapter"),
            oin: Oin::parse("00000001000000000050").unwrap(),
            naam: "GGZ Voorbeeldregio".to_owned(),
            partnertype: Partnertype::Ggz,
            systeem: Code::parse("epd").unwrap(),
            knooppunt: "https://knooppunt.example:8443".to_owned(),
            knooppunt_oin: Some(Oin::parse("00000001000000000001").unwrap()),
            eigen_systeem: Some("http://127.0.0.1:8460".to_owned()),
            postvak: false,
            staat: None,
        }
    }

    #[test]
    fn what_is_made_reads_and_lacks_only_what_others_must_give() {
        let map = tempfile::tempdir().unwrap();
        let opzet = opzet(map.path());
        let gemaakt = opzetten(&opzet, &SystemRandomness).unwrap();
        assert_eq!(gemaakt.len(), 8);
        for pad in &gemaakt {
            let mode = std::fs::metadata(pad).unwrap().permissions().mode() & 0o777;
            let geheim = pad.extension().is_some_and(|e| e == "key" || e == "geheim") || pad.ends_with("geheim");
            assert_eq!(mode, if geheim { 0o600 } else { 0o644 }, "{}", pad.display());
        }
        let config = Config::lezen(&opzet.map.join("adapter.toml")).unwrap();
        assert_eq!((config.organisatie.oin, config.knooppunt.oin), (opzet.oin, opzet.knooppunt_oin.unwrap()));
        Zegelsleutel::from_pem(&std::fs::read(opzet.map.join("verzegeling-1.key")).unwrap()).unwrap();
        let (verslag, _) = check::controleren(&opzet.map.join("adapter.toml"), &inbreng_domain::clock::SystemClock);
        let mut codes: Vec<_> = verslag.bevindingen().iter().map(|b| b.code).collect();
        codes.dedup();
        assert_eq!(codes, ["mapping-ontbreekt", "bestand-ontbreekt"]);
        // Seven certificates and lists that only others can make.
        assert_eq!(verslag.bevindingen().len(), 8);

        let geheimen = ["geheim", "eigen-systeem.geheim"].map(|n| std::fs::read_to_string(opzet.map.join(n)).unwrap());
        assert_ne!(geheimen[0], geheimen[1]);
        assert!(matches!(opzetten(&opzet, &SystemRandomness), Err(Opzetfout::Bestaat(_))), "nothing is overwritten");
    }

    #[test]
    fn a_request_holds_the_oin_and_is_signed_with_its_key() {
        let map = tempfile::tempdir().unwrap();
        let opzet = Opzet { eigen_systeem: None, ..opzet(map.path()) };
        opzetten(&opzet, &SystemRandomness).unwrap();
        for naam in ["tls", "ondertekening"] {
            let aanvraag = X509Req::from_pem(&std::fs::read(opzet.map.join(format!("{naam}.csr"))).unwrap()).unwrap();
            let sleutel = PKey::private_key_from_pem(&std::fs::read(opzet.map.join(format!("{naam}.key"))).unwrap()).unwrap();
            assert!(aanvraag.verify(&sleutel).unwrap() && aanvraag.public_key().unwrap().public_eq(&sleutel));
            let oin = aanvraag.subject_name().entries_by_nid(Nid::SERIALNUMBER).next().unwrap().data().to_string().unwrap();
            assert_eq!(oin, opzet.oin.to_string());
            assert_eq!(aanvraag.extensions().unwrap().len(), 2);
        }
        assert!(!opzet.map.join("eigen-systeem.geheim").exists());
        let beide = Opzet { postvak: true, map: map.path().join("beide"), ..self::opzet(map.path()) };
        assert!(matches!(opzetten(&beide, &SystemRandomness), Err(Opzetfout::PostvakNaastSysteem)));
        let postvak = Opzet { eigen_systeem: None, ..beide };
        opzetten(&postvak, &SystemRandomness).unwrap();
        assert!(Config::lezen(&postvak.map.join("adapter.toml")).unwrap().inbox.is_some());
    }

    #[test]
    fn what_the_adapter_writes_goes_where_it_was_told() {
        let map = tempfile::tempdir().unwrap();
        let staat = map.path().join("staat");
        let opzet = Opzet { staat: Some(staat.clone()), ..opzet(map.path()) };
        opzetten(&opzet, &SystemRandomness).unwrap();
        assert!(!staat.exists(), "whoever runs the adapter makes that folder, with its rights");
        let bestand = opzet.map.join("adapter.toml");
        let config = Config::lezen(&bestand).unwrap();
        assert_eq!((config.opslag.pad, config.sleutels.wisselmap), (staat.join("adapter.db"), Some(staat.join("sleutels"))));
        let codes = || {
            let (verslag, _) = check::controleren(&bestand, &inbreng_domain::clock::SystemClock);
            verslag.bevindingen().iter().map(|b| b.code).filter(|code| code.ends_with("-niet-schrijfbaar")).collect::<Vec<_>>()
        };
        // The folder of the keys is made with what is above it; the store is not.
        assert_eq!(codes(), ["opslag-niet-schrijfbaar"]);
        std::fs::create_dir(&staat).unwrap();
        assert!(codes().is_empty());

        for kwaad in ["staat", "./staat", "/staat\"\nkleur = \"x"] {
            let opzet = Opzet { staat: Some(kwaad.into()), map: map.path().join("kwaad"), ..opzet.clone() };
            assert!(matches!(opzetten(&opzet, &SystemRandomness), Err(Opzetfout::Staat)), "{kwaad}");
            assert!(!opzet.map.exists());
        }
    }

    #[test]
    fn a_name_cannot_break_out_of_its_quotes() {
        let map = tempfile::tempdir().unwrap();
        let kwaad = Opzet { naam: "GGZ\"\nmapping = \"x".to_owned(), ..opzet(map.path()) };
        assert!(matches!(opzetten(&kwaad, &SystemRandomness), Err(Opzetfout::Naam)));
        assert!(!kwaad.map.exists());
    }
}
