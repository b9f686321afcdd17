//! Mistakes in a configuration and in what it names, and what `check` says of each to mend it.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use inbreng_adapter::store::Opslag;
use inbreng_certs::Certificaatsoort;
use inbreng_domain::{Clock as _, clock::SystemClock, gids::MAX_KEY_DAYS};
use openssl::{
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::PKey,
};
use sqlx::{Connection as _, Executor as _, SqliteConnection, sqlite::SqliteConnectOptions};
use time::Duration;
use tokio::{runtime::Handle, task::block_in_place};

use super::{Opstelling, slug};

/// What is found, a piece of its mend, and the mistake.
pub(super) type Fout = (&'static str, &'static str, fn(&mut Opstelling));

pub(super) const FOUTEN: &[Fout] = &[
    ("configuratie-ontbreekt", "inbreng-adapter init", |o| fs::remove_file(o.pad("adapter.toml")).unwrap()),
    ("configuratie-onleesbaar", "docs/partners/adapter.md", |o| {
        o.config("systeem = \"epd\"", "systeem = \"epd\"\nkleur = \"rood\"")
    }),
    ("configuratie-onleesbaar", "docs/partners/adapter.md", |o| o.config("partnertype = \"ggz\"", "partnertype = \"brandweer\"")),
    ("luister-niet-lokaal", "127.0.0.1 of [::1]", |o| o.config("127.0.0.1:0", "0.0.0.0:8450")),
    ("inbox-naast-systeem", "Haal een van beide tabellen weg", |o| {
        o.config("[eigen_systeem]", "[inbox]\ngeheim = \"geheim\"\n[eigen_systeem]")
    }),
    ("geen-verzegelsleutel", "'inbreng-adapter init' maakt verzegeling-1.key", |o| o.config("[\"verzegeling-1.key\"]", "[]")),
    ("mapping-ontbreekt", "docs/partners/mapping.md", |o| fs::remove_file(o.pad("mapping.toml")).unwrap()),
    ("mapping-fout", "inbreng-adapter mapping", |o| {
        let tekst = fs::read_to_string(o.pad("mapping.toml")).unwrap();
        fs::write(o.pad("mapping.toml"), tekst.replacen("informatie-antwoord", "informatie-antwoorden", 1)).unwrap();
    }),
    ("knooppunt-geen-https", "https://knooppunt.example:8443", |o| o.config("https://localhost", "http://localhost")),
    ("eigen-systeem-onversleuteld", "gebruik een https-adres", |o| o.config("http://127.0.0.1:8460", "http://epd.example")),
    ("bestand-ontbreekt", "verbeter het pad", |o| fs::remove_file(o.pad("knooppunt.pem")).unwrap()),
    ("sleutel-voor-anderen", "chmod 600", |o| {
        fs::set_permissions(o.pad("ondertekening.key"), fs::Permissions::from_mode(0o644)).unwrap();
    }),
    ("geheim-ontbreekt", "openssl rand", |o| fs::remove_file(o.pad("geheim")).unwrap()),
    ("geheim-te-zwak", "openssl rand", |o| fs::write(o.pad("eigen-systeem.geheim"), "welkom01").unwrap()),
    ("verzegelsleutel-ongeldig", "openssl genpkey", |o| fs::write(o.pad("verzegeling-1.key"), "geen sleutel").unwrap()),
    ("verzegelsleutel-dubbel", "Noem elke sleutel één keer", |o| {
        o.config("[\"verzegeling-1.key\"]", "[\"verzegeling-1.key\", \"verzegeling-1.key\"]")
    }),
    ("opslag-niet-schrijfbaar", "Maak de map", |o| o.config("pad = \"adapter.db\"", "pad = \"bestaat/niet/adapter.db\"")),
    ("wisselmap-niet-schrijfbaar", "noem een map waarin hij mag schrijven", |o| {
        // Under a file nothing can be made, whoever runs this.
        o.config("[\"verzegeling-1.key\"]", "[\"verzegeling-1.key\"]\nwisselmap = \"geheim/sleutels\"");
    }),
    ("certificaat-onleesbaar", "met de tussencertificaten erachter", |o| {
        fs::write(o.pad("tls.pem"), "geen certificaat").unwrap()
    }),
    ("certificaat-verlopen", "Vraag een nieuw certificaat aan", |o| {
        let map = o.pki.verlopen_certificaten(&slug("ggz"), &o.elders("oud")).unwrap();
        o.zetten(&map.tls_pem(), "tls.pem");
        o.zetten(&map.tls_key(), "tls.key");
    }),
    ("certificaat-verlopen", "Vraag een nieuw certificaat aan", |o| {
        let map = o.pki.verlopen_certificaten(&slug("ggz"), &o.elders("oud")).unwrap();
        o.zetten(&map.ondertekening_pem(), "ondertekening.pem");
        o.zetten(&map.ondertekening_key(), "ondertekening.key");
    }),
    ("certificaat-ingetrokken", "met een nieuwe sleutel", |o| {
        o.pki.intrekken(&slug("ggz"), &[Certificaatsoort::Tls]).unwrap();
        o.zetten(&o.pki.dir().join("crl.pem"), "crl.pem");
    }),
    ("intrekkingslijst-verlopen", "Haal de intrekkingslijsten opnieuw op", |o| {
        o.pki.crl(Duration::days(-1)).unwrap();
        o.zetten(&o.pki.dir().join("crl.pem"), "crl.pem");
    }),
    ("certificaat-andere-uitgever", "onder deze root is uitgegeven", |o| {
        let vreemd = o.pki.vreemde_pki(&o.elders("vreemd")).unwrap();
        let map = vreemd.partnermap(&slug("ggz")).unwrap();
        o.zetten(&map.tls_pem(), "tls.pem");
        o.zetten(&map.tls_key(), "tls.key");
    }),
    ("certificaat-andere-uitgever", "onder deze root is uitgegeven", |o| {
        let vreemd = o.pki.vreemde_pki(&o.elders("vreemd")).unwrap();
        o.zetten(&vreemd.beheerdersmap().ondertekening_pem(), "convenantbeheerder.pem");
    }),
    ("certificaat-ander-gebruik", "niet zijn verwisseld", |o| {
        for (een, ander) in [("tls.pem", "ondertekening.pem"), ("tls.key", "ondertekening.key")] {
            fs::rename(o.pad(een), o.pad("even")).unwrap();
            fs::rename(o.pad(ander), o.pad(een)).unwrap();
            fs::rename(o.pad("even"), o.pad(ander)).unwrap();
        }
    }),
    ("zelfde-certificaat", "Vraag twee certificaten aan", |o| {
        o.config("ondertekening_certificaat = \"ondertekening.pem\"", "ondertekening_certificaat = \"tls.pem\"");
    }),
    ("sleutel-past-niet", "waarmee het certificaat is aangevraagd", |o| {
        let school = o.pki.partnermap(&slug("school")).unwrap();
        o.zetten(&school.ondertekening_key(), "ondertekening.key");
    }),
    ("ander-oin", "het certificaat van de goede organisatie", |o| {
        let school = o.pki.partnermap(&slug("school")).unwrap();
        o.zetten(&school.tls_pem(), "tls.pem");
        o.zetten(&school.tls_key(), "tls.key");
    }),
    ("ander-oin", "de gidsvermelding van de eigen organisatie", |o| {
        let school = o.pki.partnermap(&slug("school")).unwrap();
        o.zetten(&school.gids(), "gids.json");
    }),
    ("verzegelsleutel-ontbreekt", "vooraan in sleutels.verzegeling", |o| {
        o.pki.sleutel_vernieuwen(&slug("ggz")).unwrap();
        o.zetten(&o.pki.partnermap(&slug("ggz")).unwrap().gids(), "gids.json");
    }),
    ("bestand-ontbreekt", "verbeter het pad", |o| {
        o.config("[luister]", "[terugroep]\nluister = \"127.0.0.1:9\"\nverklaring = \"weg.json\"\n[luister]")
    }),
    ("terugroep-onleesbaar", "terugroep maken", |o| {
        fs::write(o.pad("terugroep.json"), "{}").unwrap();
        o.config("[luister]", "[terugroep]\nluister = \"127.0.0.1:9\"\nverklaring = \"terugroep.json\"\n[luister]");
    }),
    ("gidsvermelding-onleesbaar", "de convenantbeheerder heeft medeondertekend", |o| {
        fs::write(o.pad("gids.json"), "{}").unwrap()
    }),
    ("sleutel-andere-vorm", "openssl pkcs8 -topk8", |o| {
        let sleutel = PKey::private_key_from_pem(&fs::read(o.pad("ondertekening.key")).unwrap()).unwrap();
        fs::write(o.pad("ondertekening.key"), sleutel.ec_key().unwrap().private_key_to_pem().unwrap()).unwrap();
    }),
    ("vertrouwen-onbruikbaar", "van dezelfde uitgever", |o| {
        // A list that another authority of the same name signed.
        let vreemd = o.pki.vreemde_pki(&o.elders("vreemd")).unwrap();
        o.zetten(&vreemd.dir().join("crl.pem"), "crl.pem");
    }),
    ("vertrouwen-onbruikbaar", "opnieuw op bij de beheerder", |o| fs::write(o.pad("root.pem"), "").unwrap()),
    ("intrekkingslijst-ontbreekt", "de lijsten van root en tussencertificaat", |o| {
        // That of the root alone: it stands first.
        let lijsten = fs::read_to_string(o.pad("crl.pem")).unwrap();
        fs::write(o.pad("crl.pem"), lijsten.split_inclusive("-----END X509 CRL-----").next().unwrap()).unwrap();
    }),
    ("certificaat-andere-kromme", "voor een sleutel op P-256", |o| {
        let kromme = EcGroup::from_curve_name(Nid::SECP384R1).unwrap();
        let pem = PKey::from_ec_key(EcKey::generate(&kromme).unwrap()).unwrap().private_key_to_pem_pkcs8().unwrap();
        let map = o.pki.certificaten_voor_sleutel(&slug("ggz"), &o.elders("kromme"), &pem).unwrap();
        o.zetten(&map.ondertekening_pem(), "ondertekening.pem");
        o.zetten(&map.ondertekening_key(), "ondertekening.key");
    }),
    ("certificaat-zonder-oin", "met het OIN van uw organisatie", |o| {
        let map = o.pki.certificaten_zonder_oin(&slug("ggz"), &o.elders("naamloos")).unwrap();
        o.zetten(&map.ondertekening_pem(), "ondertekening.pem");
        o.zetten(&map.ondertekening_key(), "ondertekening.key");
    }),
    ("certificaat-zonder-oin", "'inbreng-adapter init' maakt de aanvraag", |o| {
        let map = o.pki.certificaten_zonder_oin(&slug("ggz"), &o.elders("naamloos")).unwrap();
        o.zetten(&map.tls_pem(), "tls.pem");
        o.zetten(&map.tls_key(), "tls.key");
    }),
    ("certificaat-nog-niet-geldig", "Controleer de klok", |o| o.dagen = -3),
    ("certificaat-bijna-verlopen", "Vraag nu een nieuw certificaat aan", Opstelling::bijna_verlopen),
    ("sleutelverklaring-verlopen", "laat de verklaring daarover medeondertekenen", |o| o.dagen = MAX_KEY_DAYS + 1),
    ("klok-achter", "Zet de klok goed", |o| {
        // Yesterday, of who keeps something of today.
        o.dagen = -1;
        let (pad, nu) = (o.pad("adapter.db"), SystemClock.now().unix_millis());
        block_in_place(|| Handle::current().block_on(een_bericht(&pad, nu)));
    }),
];

/// A message that was taken at this moment lies in the store.
async fn een_bericht(pad: &Path, genomen: i64) {
    Opslag::openen(pad).await.unwrap().sluiten().await;
    let mut db = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(pad)).await.unwrap();
    let sql = format!(
        "INSERT INTO uitgaand (kenmerk, vingerafdruk, bericht, zaak, baan, soort, stand, waarschuwingen, aangenomen_op) \
         VALUES ('k', 'v', 'b', 'z', 'normaal', 's', 'bevestigd', '[]', {genomen})"
    );
    db.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    db.close().await.unwrap();
}
