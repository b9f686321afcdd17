//! A version of the covenant through the hands of privacy officers: `inbreng-adapter beleid`, beside adapters that go on sending. What
//! is put in force, and what is brought back, every adapter takes by itself.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use inbreng_domain::{Clock, clock::SystemClock};
use serde_json::{Value, json};

use crate::{
    eigen_systeem::EigenSysteem,
    regio::{Draaiend, Partner, Regio, bestand, fixture},
};

/// What the officer typed, and what came back.
pub struct Uit {
    goed: bool,
    pub gezegd: String,
    pub klacht: String,
}

impl Uit {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.gezegd).unwrap_or_else(|e| panic!("{e}: {}{}", self.gezegd, self.klacht))
    }

    #[track_caller]
    pub fn gelukt(self) -> Self {
        assert!(self.goed, "{}{}", self.gezegd, self.klacht);
        self
    }

    #[track_caller]
    pub fn mislukt(self, woorden: &str) -> Self {
        assert!(!self.goed && self.klacht.contains(woorden), "`{woorden}`: {}{}", self.gezegd, self.klacht);
        assert!(self.klacht.contains("Zo lost u dit op:"), "{}", self.klacht);
        self
    }
}

/// `inbreng-adapter beleid …`; this is typed when it asks.
async fn beleid(argumenten: Vec<String>, getypt: &'static str) -> Uit {
    opdracht("beleid", argumenten, getypt).await
}

/// `inbreng-adapter` with a command of its own.
pub async fn opdracht(wat: &'static str, argumenten: Vec<String>, getypt: &'static str) -> Uit {
    let draaien = move || {
        let mut kind = Command::new(env!("CARGO_BIN_EXE_inbreng-adapter"))
            .arg(wat)
            .args(&argumenten)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _unread = kind.stdin.take().unwrap().write_all(getypt.as_bytes());
        kind.wait_with_output().unwrap()
    };
    let uit = tokio::task::spawn_blocking(draaien).await.unwrap();
    let tekst = |bytes| String::from_utf8(bytes).unwrap();
    Uit { goed: uit.status.success(), gezegd: tekst(uit.stdout), klacht: tekst(uit.stderr) }
}

/// A privacy officer, at a machine with the configuration of its organisation.
pub struct Officer {
    pub config: PathBuf,
}

impl Officer {
    pub fn bij(regio: &Regio, wie: Partner) -> Self {
        Self { config: regio.config_bestand(wie, &EigenSysteem::start(), 0) }
    }

    /// The same, whose machine calls another hub.
    pub fn bij_adres(regio: &Regio, wie: Partner, adres: &str) -> Self {
        let officer = Self::bij(regio, wie);
        let config = std::fs::read_to_string(&officer.config).unwrap();
        assert!(config.contains(regio.adres()), "{config}");
        std::fs::write(&officer.config, config.replace(regio.adres(), adres)).unwrap();
        officer
    }

    pub async fn doet(&self, woorden: &[&str], getypt: &'static str) -> Uit {
        beleid(self.met_config(woorden), getypt).await
    }

    /// `inbreng-adapter partij …`.
    pub async fn partij(&self, woorden: &[&str], getypt: &'static str) -> Uit {
        opdracht("partij", self.met_config(woorden), getypt).await
    }

    fn met_config(&self, woorden: &[&str]) -> Vec<String> {
        let config = ["--config".to_owned(), self.config.display().to_string()];
        woorden.iter().map(|w| (*w).to_owned()).chain(config).collect()
    }

    /// A signed act on a version, with a yes.
    pub async fn daad(&self, wat: &str, versie: &str) -> Uit {
        self.doet(&[wat, "--versie", versie, "--functie", "privacy-officer", "--ja"], "").await
    }

    async fn staat(&self, versie: &str) -> String {
        let json = self.doet(&["status", "--versie", versie, "--json"], "").await.gelukt().json();
        json["staat"].as_str().unwrap().to_owned()
    }
}

/// The covenant manager signs what lies in a file, with this key.
async fn tekenen(voorstel: &Path, map: &inbreng_certs::Partnermap, uit: &Path, getypt: &'static str) -> Uit {
    let tekst = |pad: &Path| pad.display().to_string();
    let argumenten = vec![
        "tekenen".to_owned(),
        tekst(voorstel),
        "--certificaat".to_owned(),
        tekst(&map.ondertekening_pem()),
        "--sleutel".to_owned(),
        tekst(&map.ondertekening_key()),
        "--uit".to_owned(),
        tekst(uit),
    ];
    beleid(argumenten, getypt).await
}

/// The covenant as it is, with one row more: no incident data for Veilig Thuis.
pub fn concept(regio: &Regio) -> [PathBuf; 2] {
    let bron = std::fs::read_to_string(bestand("../policy/convenanten/voorbeeldregio.toml")).unwrap();
    let rij = "\n[[rijen]]\nlaag = \"convenant\"\nstap = \"grond\"\neffect = \"tegenhouden\"\nregel = \"R6\"\nuitkomst = \"weigeren\"\n\
        soorten = [\"incidentmelding\"]\ncategorieen = [\"incident\"]\ntoelichting = \"eerst overleggen\"\n";
    let tabel = std::fs::read_to_string(bestand("../docs/privacy-officers/voorbeeld/tabel.toml")).unwrap();
    let kop = tabel.split("[[geval]]").next().unwrap();
    let geval = "[[geval]]\nnaam = \"incident: niet meer\"\nverzoek = { van = \"politie\", naar = \"veilig-thuis\", \
        soort = \"incidentmelding\", categorie = \"incident\", doel = \"beoordelen\", handeling = \"ontvangen\", \
        grondslag = \"wettelijke-taak\" }\nverwacht = \"weigeren\"\n";
    let [concept, tabellen] = ["concept.toml", "incidenten.toml"].map(|naam| regio.pad(naam));
    std::fs::write(&concept, bron.replacen("versie = 1\n", "versie = 2\n", 1) + rij).unwrap();
    std::fs::write(&tabellen, format!("{kop}{geval}")).unwrap();
    [concept, tabellen]
}

/// The day so many days from now.
fn dag(over: i64) -> String {
    SystemClock.now().plus(time::Duration::days(over)).to_string()[..10].to_owned()
}

fn over_seconden(n: i64) -> String {
    SystemClock.now().plus(time::Duration::seconds(n)).to_string()
}

/// Whether the police adapter shares incident data in a new report, by what it is answered; nothing where it says neither.
async fn deelt(politie: &Draaiend, nummer: &str) -> Option<bool> {
    let mut mutatie = fixture("politie/fixtures/mutaties/huiselijk-geweld/01-olijf.json");
    mutatie["registratienummer"] = json!(nummer);
    mutatie["huishoudnummer"] = json!(format!("HH-{nummer}"));
    let antwoord = politie.post("/mutaties/huiselijk-geweld?wacht=20", &mutatie).await;
    let besluiten = antwoord.json["besluiten"].as_array().cloned().unwrap_or_default();
    let geweigerd: Vec<_> = besluiten.iter().filter(|b| b["stand"] == "geweigerd").collect();
    assert!(geweigerd.iter().all(|b| b["regels"][0] == "R6"), "{antwoord:?}");
    let alles = geweigerd.is_empty() && antwoord.status == 202 && antwoord.json["stand"] == "bevestigd";
    if alles { Some(true) } else { (!geweigerd.is_empty()).then_some(false) }
}

/// Waits until a running adapter decides so, without being told anything.
async fn tot(politie: &Draaiend, deelt_zij: bool, reeks: &str) {
    for poging in 0..360 {
        if deelt(politie, &format!("PL-{reeks}-{poging}")).await == Some(deelt_zij) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("{reeks}: the adapter goes on as before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn officers_put_a_version_in_force_and_bring_the_one_before_back_and_adapters_follow() {
    let regio = Regio::nieuw().await;
    let politie = regio.partner(Partner::Politie).await;
    let [bij_politie, bij_vt, bij_ggz] =
        [Partner::Politie, Partner::VeiligThuis, Partner::Ggz].map(|wie| Officer::bij(&regio, wie));
    assert_eq!(deelt(&politie, "PL-voor").await, Some(true));

    // Handed in; a no sends nothing.
    let [bron, tabel] = concept(&regio);
    let (bron, tabel) = (bron.to_str().unwrap(), tabel.to_str().unwrap());
    let indienen = ["indienen", bron, "--tabel", tabel, "--functie", "fg", "--json"];
    bij_politie.doet(&indienen, "nee\n").await.mislukt("U zei geen ja. Er is niets verstuurd.");
    let lijst = bij_ggz.doet(&["status", "--json"], "").await.gelukt().json();
    let oud = lijst[0]["versie"].as_str().unwrap().to_owned();
    assert_eq!((lijst.as_array().unwrap().len(), &lijst[0]["staat"]), (1, &json!("actief")));
    let ingediend = bij_politie.doet(&indienen, "ja\n").await.gelukt().json();
    let nieuw = ingediend["versie"].as_str().unwrap().to_owned();
    assert_eq!((&ingediend["staat"], &ingediend["nummer"]), (&json!("concept"), &json!(2)));

    // Not approved before it was tried; tried by the hub, on days that are over.
    bij_ggz.daad("goedkeuren", &nieuw).await.mislukt("nog niet op het verleden geprobeerd");
    let toetsen = ["toetsen", "--versie", &nieuw, "--functie", "privacy-officer"];
    let toets = bij_politie.doet(&toetsen, "").await.gelukt();
    assert!(
        toets.gezegd.contains("1 gevallen, 0 anders dan verwacht") && toets.gezegd.contains("kan verder"),
        "{}",
        toets.gezegd
    );
    let (van, tot_dag) = (dag(-1), dag(0));
    let proberen = ["proberen", "--versie", &nieuw, "--functie", "fg", "--van", &van, "--tot", &tot_dag];
    bij_politie.doet(&proberen, "").await.gelukt();
    bij_politie.doet(&[&proberen[..6], &["gisteren", "--tot", &tot_dag]].concat(), "").await.mislukt("`gisteren` is geen dag");

    // What an approver sees before a yes, and what its own machine reckoned; a no sends nothing, its author does not approve.
    let goedkeuren = ["goedkeuren", "--versie", &nieuw, "--functie", "privacy-officer"];
    let nee = bij_ggz.doet(&goedkeuren, "\n").await.mislukt("U zei geen ja.");
    for zin in [
        "Politie Voorbeeldregio (00000001000000000010)",
        "Goedgekeurd door: nog niemand (2 nodig)",
        "Tabellen: 1 gevallen, 0 anders dan verwacht.",
        "Rijen: 1 erbij, 0 weg, 0 gewijzigd",
        "eerst overleggen",
        "Besluiten: 0 ruimer,",
        "strenger: incidentmelding",
        "Geprobeerd op het verleden",
        "U keurt precies deze versie goed",
        &nieuw,
    ] {
        assert!(nee.klacht.contains(zin), "`{zin}`: {}", nee.klacht);
    }
    bij_politie.daad("goedkeuren", &nieuw).await.mislukt("Uw organisatie heeft deze versie ingediend.");
    bij_ggz.daad("terugdraaien", &nieuw).await.mislukt("nooit gegolden");
    let uit = regio.pad("voorstel.json");
    let plan = regio.pad("plan.json");
    let (uit_tekst, plan_tekst) = (uit.to_str().unwrap(), plan.to_str().unwrap());
    let te_vroeg = over_seconden(60);
    let voorstel = ["voorstel", "--versie", &nieuw, "--uit", uit_tekst, "--ingang"];
    bij_vt.doet(&[&voorstel[..], &[&te_vroeg]].concat(), "").await.mislukt("nog niet door 2 organisaties goedgekeurd");
    let een = bij_ggz.doet(&goedkeuren, "ja\n").await.gelukt();
    assert!(een.gezegd.contains("GGZ Voorbeeldregio") && een.gezegd.contains("privacy-officer"), "{}", een.gezegd);
    assert_eq!(bij_ggz.staat(&nieuw).await, "gesimuleerd", "one is not two");
    bij_ggz.daad("goedkeuren", &nieuw).await.mislukt("al-goedgekeurd");
    bij_vt.daad("goedkeuren", &nieuw).await.gelukt();
    assert_eq!(bij_ggz.staat(&nieuw).await, "goedgekeurd");

    // In force by the key of the covenant manager alone, at the instant that was signed.
    bij_vt.doet(&[&voorstel[..], &["2026-01-01T00:00:00.000Z"]].concat(), "").await.mislukt("al voorbij");
    let ingang = over_seconden(8);
    bij_vt.doet(&[&voorstel[..], &[&ingang]].concat(), "").await.gelukt();
    let slug = |naam: &str| regio.pki.partnermap(&naam.parse().unwrap()).unwrap();
    tekenen(&uit, &slug("politie"), &plan, "ja\n").await.gelukt();
    bij_vt.doet(&["activeren", plan_tekst], "").await.mislukt("handtekening-ongeldig");
    let getekend = tekenen(&uit, &regio.pki.beheerdersmap(), &plan, "ja\n").await.gelukt();
    assert!(getekend.klacht.contains("Volgnummer: 1") && getekend.klacht.contains("GGZ Voorbeeldregio"), "{}", getekend.klacht);
    let gepland = bij_vt.doet(&["activeren", plan_tekst], "").await.gelukt();
    assert!(gepland.gezegd.contains("Gepland.") && gepland.gezegd.contains("gaat vanzelf gelden"), "{}", gepland.gezegd);
    tot(&politie, false, "na").await;
    assert_eq!(bij_ggz.staat(&nieuw).await, "actief");

    // A proposal that somebody changed on its way is signed by nobody.
    let mut veranderd: Value = serde_json::from_slice(&std::fs::read(&uit).unwrap()).unwrap();
    veranderd["bundel"]["titel"] = json!("Een ander convenant");
    std::fs::write(regio.pad("veranderd.json"), veranderd.to_string()).unwrap();
    let anders = tekenen(&regio.pad("veranderd.json"), &regio.pki.beheerdersmap(), &plan, "ja\n").await;
    anders.mislukt("de regels erin zijn andere dan die het noemt");

    // Back: two that are not its author, and the covenant manager with the next number. The adapter follows again.
    bij_ggz.daad("goedkeuren", &oud).await.mislukt("Gebruik `beleid terugdraaien`");
    bij_ggz.daad("terugdraaien", &oud).await.gelukt();
    bij_politie.daad("terugdraaien", &oud).await.gelukt();
    let ingang = over_seconden(6);
    bij_vt.doet(&["voorstel", "--versie", &oud, "--uit", uit_tekst, "--ingang", &ingang], "").await.gelukt();
    let getekend = tekenen(&uit, &regio.pki.beheerdersmap(), &plan, "ja\n").await.gelukt();
    assert!(getekend.klacht.contains("Volgnummer: 2") && getekend.klacht.contains("komt terug"), "{}", getekend.klacht);
    bij_vt.doet(&["activeren", plan_tekst], "").await.gelukt();
    tot(&politie, true, "terug").await;
    let verloop = bij_ggz.doet(&["status", "--versie", &oud], "").await.gelukt();
    assert!(verloop.gezegd.contains("terugdraaien · GGZ Voorbeeldregio"), "{}", verloop.gezegd);
    assert_eq!(politie.get("/gezondheid").await.json["alarmen"], json!([]));
}

/// Every command of the page for privacy officers is one that the program takes, and every command stands in the page.
#[test]
fn the_page_for_privacy_officers_shows_commands_that_are_there() {
    use clap::Subcommand as _;
    let pagina = std::fs::read_to_string(bestand("../docs/privacy-officers/regel-veranderen.md")).unwrap();
    let opdrachten = inbreng_adapter::beleid::Beleidopdracht::augment_subcommands(clap::Command::new("beleid"));
    let namen: Vec<String> = opdrachten.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let kenmerk = "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    let mut getoond = Vec::new();
    for regel in pagina.lines().filter_map(|r| r.trim().strip_prefix("inbreng-adapter ")) {
        let regel = regel.replace("$VERSIE", kenmerk);
        let gelezen = opdrachten.clone().try_get_matches_from(regel.split_whitespace());
        let gelezen = gelezen.unwrap_or_else(|e| panic!("{regel}: {e}"));
        getoond.push(gelezen.subcommand_name().unwrap().to_owned());
    }
    getoond.sort();
    getoond.dedup();
    let mut alle = namen;
    alle.sort();
    assert_eq!(getoond, alle);
}
