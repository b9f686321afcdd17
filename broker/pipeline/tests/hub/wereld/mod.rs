//! A small region: a hub, its covenant, and seven invented organisations.

pub mod brief;
pub mod pki;

use std::{sync::Arc, time::Duration};

use inbreng_bus::{Bus, embedded::EmbeddedBus};
use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    BerichtId, CasusRef, Digest, Oin, Tijdstip,
    antwoorden::Aannameantwoord,
    clock::FixedClock,
    convenant::Convenanttekst,
    gids::Medeondertekend,
    levering::{Levering, Postvak},
    limits::Limits,
    problem::ProblemCode,
    receipts::Ontvangst,
    vocabulary::{Categorie, Doel, Grondslag, Partnertype},
};
use inbreng_pipeline::{Fout, Hub, Onderdelen};
use inbreng_policy::{Bundel, Convenantbron};
use inbreng_proof::{SigningKey, SystemRandomness, Typ, digest_of, jws};
use inbreng_storage::Store;
use inbreng_storage_sql::sqlite;
use serde_json::json;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

pub use brief::{Brief, Stuk};
pub use pki::{Organisatie, Pki, dagen, nu};

pub const CONVENANT: &str = r#"
convenant = "voorbeeldregio"
titel = "Convenant Voorbeeldregio"
versie = 1
geldig_vanaf = "2026-01-01T00:00:00.000Z"
geldig_tot = "2028-01-01T00:00:00.000Z"
noodontvangers = ["politie", "veilig-thuis", "crisisdienst"]
buiten_convenant = ["medisch"]

[ondertekenaars]
typen = ["politie", "om", "veilig-thuis", "ggz", "wijkteam", "jeugdbescherming"]

[[routes]]
rol = "veilig-thuis"
partners = ["00000001000000000002"]

[[ontvangers]]
soort = "incidentmelding"
naar = ["veilig-thuis"]
"#;

/// Everything that a test needs.
pub struct Wereld {
    pub hub: Arc<Hub>,
    pub store: Arc<dyn Store>,
    pub clock: Arc<FixedClock>,
    pub pki: Pki,
    pub hub_sleutel: SigningKey,
    pub beheerder: SigningKey,
    pub politie: Organisatie,
    pub vt: Organisatie,
    pub om: Organisatie,
    pub ggz: Organisatie,
    pub wijkteam: Organisatie,
    pub school: Organisatie,
    pub bundels: Vec<String>,
    /// What the parties sign.
    pub tekst: Convenanttekst,
    /// What they signed.
    pub toetredingen: Vec<Medeondertekend>,
    beleid: Digest,
    map: tempfile::TempDir,
}

pub const HUB: &str = "00000001000000000099";

impl Wereld {
    pub async fn new() -> Self {
        Self::met(|store| store, Arc::new(EmbeddedBus::new())).await
    }

    /// With settings of its own: TOML of a `[instellingen]`.
    pub async fn onder(instellingen: &str) -> Self {
        Self::bouwen(|store| store, Arc::new(EmbeddedBus::new()), &format!("{CONVENANT}\n[instellingen]\n{instellingen}\n")).await
    }

    /// With a store around the real one, and another bus.
    pub async fn met(om: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>, bus: Arc<dyn Bus>) -> Self {
        Self::bouwen(om, bus, CONVENANT).await
    }

    async fn bouwen(om: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>, bus: Arc<dyn Bus>, convenant: &str) -> Self {
        let pki = Pki::new();
        let (beheerder, ..) = pki.sleutel("00000001000000000098", "Convenantbeheerder");
        let (hub_sleutel, ..) = pki.sleutel(HUB, "Knooppunt");
        let org = |nr: u8, naam: &str, soort| pki.organisatie(&format!("000000010000000000{nr:02}"), naam, soort, &beheerder);
        let politie = org(1, "Politie Voorbeeld", Partnertype::Politie);
        let vt = org(2, "Veilig Thuis Voorbeeld", Partnertype::VeiligThuis);
        let openbaar_ministerie = org(3, "OM Voorbeeld", Partnertype::Om);
        let ggz = org(4, "GGZ Voorbeeld", Partnertype::Ggz);
        let wijkteam = org(5, "Wijkteam Voorbeeld", Partnertype::Wijkteam);
        let school = org(6, "School Voorbeeld", Partnertype::School);

        let clock = Arc::new(FixedClock::at(nu()));
        let map = tempfile::tempdir().unwrap();
        let sqlite = sqlite::open(map.path().join("hub.db"), clock.clone()).await.unwrap();
        let store = om(Arc::new(sqlite));
        let catalogus = Arc::new(Catalogus::ingebouwd().unwrap());
        let bundel = Bundel::genereren(&Convenantbron::lezen(convenant).unwrap(), &catalogus).unwrap();
        let bundels = vec![jws::sign(&beheerder, Typ::Beleid, &bundel).unwrap()];
        let hub = Hub::new(Onderdelen {
            store: store.clone(),
            bus,
            clock: clock.clone(),
            random: Arc::new(SystemRandomness),
            catalogus,
            anchors: pki.anchors(&[]),
            beheerder: beheerder.verifying_key().clone(),
            beleid: bundels.clone(),
            sleutel: hub_sleutel.clone(),
            oin: Oin::parse(HUB).unwrap(),
            limits: Limits::default(),
        })
        .await
        .unwrap();
        let alle = [&politie, &vt, &openbaar_ministerie, &ggz, &wijkteam, &school];
        assert_eq!(hub.gids_vullen(alle.iter().map(|o| o.gids.clone()).collect()).await.unwrap(), 6);
        let tekst = bundel.tekst();
        // Not the school: the covenant is not open to it.
        let toetredingen: Vec<_> = alle[..5].iter().map(|o| o.toetreding(&tekst, &beheerder)).collect();
        assert_eq!(hub.partijen_vullen(toetredingen.clone()).await.unwrap(), 5);
        Self {
            bundels,
            tekst,
            toetredingen,
            hub,
            store,
            clock,
            pki,
            hub_sleutel,
            beheerder,
            politie,
            vt,
            om: openbaar_ministerie,
            ggz,
            wijkteam,
            school,
            beleid: digest_of(&bundel).unwrap(),
            map,
        }
    }

    pub fn organisaties(&self) -> [&Organisatie; 6] {
        [&self.politie, &self.vt, &self.om, &self.ggz, &self.wijkteam, &self.school]
    }

    /// Another hub with an empty store of its own and the same keys, clock, directory and policy.
    pub async fn tweede_hub(&self) -> Arc<Hub> {
        self.hub_op(self.lege_opslag("tweede").await, Limits::default()).await
    }

    /// An empty store beside that of the hub.
    pub async fn lege_opslag(&self, naam: &str) -> Arc<dyn Store> {
        Arc::new(sqlite::open(self.map.path().join(format!("{naam}.db")), self.clock.clone()).await.unwrap())
    }

    /// Changes the file of the hub's store below it.
    pub async fn in_opslag(&self, sql: &'static str) {
        let bestand = SqliteConnectOptions::new().filename(self.map.path().join("hub.db"));
        let mut verbinding = bestand.connect().await.unwrap();
        sqlx::query(sql).execute(&mut verbinding).await.unwrap();
        verbinding.close().await.unwrap();
    }

    /// Another hub on the same file, with a store and a clock of its own: as another process would be.
    pub async fn hub_erbij(&self, clock: Arc<FixedClock>) -> Arc<Hub> {
        let store = sqlite::open(self.map.path().join("hub.db"), clock.clone()).await.unwrap();
        self.hub_van(Arc::new(store), clock, Limits::default()).await
    }

    /// Another hub on the same store, with a clock of its own.
    pub async fn hub_op_klok(&self, clock: Arc<FixedClock>) -> Arc<Hub> {
        self.hub_van(self.store.clone(), clock, Limits::default()).await
    }

    /// A hub on another store, or with other limits.
    pub async fn hub_op(&self, store: Arc<dyn Store>, limits: Limits) -> Arc<Hub> {
        self.hub_van(store, self.clock.clone(), limits).await
    }

    async fn hub_van(&self, store: Arc<dyn Store>, clock: Arc<FixedClock>, limits: Limits) -> Arc<Hub> {
        let hub = Hub::new(Onderdelen {
            store,
            bus: Arc::new(EmbeddedBus::new()),
            clock,
            random: Arc::new(SystemRandomness),
            catalogus: Arc::new(Catalogus::ingebouwd().unwrap()),
            anchors: self.pki.anchors(&[]),
            beheerder: self.beheerder.verifying_key().clone(),
            beleid: self.bundels.clone(),
            sleutel: self.hub_sleutel.clone(),
            oin: Oin::parse(HUB).unwrap(),
            limits,
        })
        .await
        .unwrap();
        hub.gids_vullen(self.organisaties().iter().map(|o| o.gids.clone()).collect()).await.unwrap();
        hub.partijen_vullen(self.toetredingen.clone()).await.unwrap();
        hub
    }

    pub fn beleid(&self) -> Digest {
        self.beleid
    }

    pub async fn stuur(&self, brief: &Brief) -> Result<Aannameantwoord, Fout> {
        let antwoord = self.hub.aannemen(brief.van.oin, &brief.tekst()).await?;
        Ok(serde_json::from_str(&antwoord).unwrap())
    }

    /// Sends something that must be accepted.
    pub async fn aangenomen(&self, brief: &Brief) -> Aannameantwoord {
        self.stuur(brief).await.unwrap_or_else(|fout| panic!("{} {:?}: {fout:?}", fout.code(), fout.pad()))
    }

    /// Sends bytes that must be refused.
    pub async fn geweigerd(&self, van: &Organisatie, tekst: &[u8]) -> Fout {
        self.hub.aannemen(van.oin, tekst).await.expect_err("accepted")
    }

    pub async fn code(&self, brief: &Brief) -> ProblemCode {
        self.geweigerd(&brief.van, &brief.tekst()).await.code()
    }

    pub async fn postvaktekst(&self, van: &Organisatie) -> String {
        self.hub.postvak(van.oin, Duration::ZERO).await.unwrap()
    }

    pub async fn postvak(&self, van: &Organisatie) -> Vec<Levering> {
        let tekst = self.postvaktekst(van).await;
        let postvak: Postvak = inbreng_proof::parse_strict_as(tekst.as_bytes(), 32).unwrap();
        postvak.leveringen
    }

    /// Signs for everything that waits.
    pub async fn ontvangt(&self, van: &Organisatie) -> Vec<Levering> {
        let leveringen = self.postvak(van).await;
        for levering in &leveringen {
            self.hub.ontvangst(van.oin, levering.id, &ontvangst(van, levering)).await.unwrap();
        }
        leveringen
    }

    /// A report of the police to Veilig Thuis that opens a case.
    pub fn melding(&self) -> (Brief, CasusRef) {
        Brief::new(self, &self.politie, "incidentmelding")
            .aan(&[&self.vt])
            .met(Stuk::new(Categorie::Incident, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&self.vt]))
            .opent()
    }

    /// A case in which police and Veilig Thuis take part; gives the report too.
    pub async fn zaak(&self) -> (CasusRef, BerichtId) {
        let (melding, casus) = self.melding();
        self.aangenomen(&melding).await;
        (casus, melding.id)
    }

    /// A question of Veilig Thuis to the GGZ in a case; gives the question.
    pub async fn vraag(&self, casus: CasusRef, aan: &Organisatie) -> BerichtId {
        let vraag = Brief::new(self, &self.vt, "informatieverzoek")
            .in_casus(casus)
            .aan(&[aan])
            .zegt(json!({"gevraagd": ["hulp", "medisch"]}))
            .met(Stuk::new(Categorie::Vraag, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[aan]));
        self.aangenomen(&vraag).await;
        vraag.id
    }
}

pub fn ontvangst(van: &Organisatie, levering: &Levering) -> String {
    let woord = Ontvangst {
        levering: levering.id,
        bericht: levering.bericht.id,
        digest: digest_of(&levering.bericht.data.bericht).unwrap(),
        delen: levering.bericht.data.delen.iter().map(|d| d.labels.id).collect(),
        ontvanger: van.oin,
        tijd: nu(),
    };
    jws::sign(&van.sleutel, Typ::Ontvangst, &woord).unwrap()
}

pub fn over_minuten(n: i64) -> Tijdstip {
    nu().plus(time::Duration::minutes(n))
}
