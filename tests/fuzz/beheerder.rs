//! What is fuzzed of an officer's desk: files that another organisation wrote, and that the covenant manager signs or an authority issues
//! a certificate on; and files that came back from the covenant manager, which an organisation brings to the hub. Nothing is signed but what
//! that organisation signed, nothing is brought but what both signed, and what is refused is refused in Dutch, with a way out.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use clap::Subcommand;
use inbreng_adapter::{
    beleid::{
        Beleidopdracht, Fout, Partijopdracht, Sleutelopdracht, Terugroepopdracht, Vermeldingopdracht, partij_uitvoeren,
        sleutel_uitvoeren, terugroep_uitvoeren, uitvoeren, vermelding_uitvoeren,
    },
    opzetten::{Opzet, opzetten},
};
use inbreng_certs::Pki;
use inbreng_domain::{
    Clock, Code, Oin,
    clock::SystemClock,
    gids::{Gidsvermelding, Medeondertekend, Vermelding},
    terugroep::{Bestemming, Bezorgschema, Terugroepverzoek},
    vocabulary::Partnertype,
};
use inbreng_harness::{Regio, adapterconfig, slug};
use inbreng_proof::{SystemRandomness, digest_of, jws::unverified_payload};
use serde_json::{Value, json};

/// Who is no party yet and asks for a certificate.
const NIEUW: &str = "00000099000000008000";

/// A desk with the covenant manager's keys on it.
pub struct Bureau {
    regio: Regio,
    runtime: tokio::runtime::Runtime,
    /// What the parties and partners signed.
    toetreding: String,
    gids: Gidsvermelding,
    bundel: Value,
    /// What came back to the police, to be brought: an accession, and where its deliveries go.
    getekend: Medeondertekend,
    terugroep: Terugroepverzoek,
    /// The configuration of the police, whose hub takes whoever connects and hangs up; how often somebody did.
    config: PathBuf,
    gebeld: Arc<AtomicUsize>,
    /// The authority, which keeps a register; and the request that it gets.
    pki: Mutex<Pki>,
    aanvragen: Vec<Vec<u8>>,
}

pub static BUREAU: LazyLock<Bureau> = LazyLock::new(|| {
    let regio = Regio::maken();
    let lezen = |naam: &str| std::fs::read_to_string(regio.pad(naam)).expect("a file of the region");
    let gids: Vec<Gidsvermelding> = serde_json::from_str(&lezen("pki/gids.json")).expect("the directory");
    let map = regio.pad("nieuw");
    let oin = Oin::parse(NIEUW).expect("an OIN");
    let opzet = Opzet {
        map: map.clone(),
        oin,
        naam: "Organisatie nieuw (test)".to_owned(),
        partnertype: Partnertype::Wijkteam,
        systeem: Code::parse("eigen").expect("a code"),
        knooppunt: "https://knooppunt.example:8443".to_owned(),
        knooppunt_oin: None,
        eigen_systeem: None,
        postvak: false,
        staat: None,
    };
    opzetten(&opzet, &SystemRandomness).expect("a folder with requests");
    let aanvragen = ["tls.csr", "ondertekening.csr"].map(|naam| std::fs::read(map.join(naam)).expect("a request")).to_vec();
    let (hub, gebeld) = die_ophangt();
    let config = regio.pad("adapter.toml");
    std::fs::write(&config, adapterconfig(&regio, "politie", hub)).expect("room on the disk");
    let schema = Bezorgschema::new(vec![1], 5, 10, 3_600).expect("a schedule");
    let adres = "https://localhost:8443/leveringen".parse().expect("an address");
    let terugroep = regio.pki.terugroep(&slug("politie"), 1, Some(Bestemming { adres, schema })).expect("a statement");
    let van_politie = |t: &&Medeondertekend| {
        let gelezen: Value = unverified_payload(&t.verklaring).expect("an accession");
        gelezen["partij"] == json!(regio.partner("politie").oin)
    };
    let pki = Pki::open(regio.pki.dir(), Arc::new(SystemClock)).expect("the authority");
    Bureau {
        runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"),
        toetreding: regio.toetredingen.first().expect("a party").verklaring.clone(),
        getekend: regio.toetredingen.iter().find(van_politie).expect("the police are a party").clone(),
        terugroep,
        config,
        gebeld,
        gids: gids.into_iter().next().expect("a partner"),
        bundel: unverified_payload(lezen("voorbeeldregio.jws").trim()).expect("a policy"),
        pki: Mutex::new(pki),
        aanvragen,
        regio,
    }
});

/// A hub that takes whoever connects and hangs up; and how often.
fn die_ophangt() -> (SocketAddr, Arc<AtomicUsize>) {
    let luisteraar = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let (adres, gebeld) = (luisteraar.local_addr().expect("an address"), Arc::new(AtomicUsize::new(0)));
    let teller = Arc::clone(&gebeld);
    std::thread::spawn(move || {
        for verbinding in luisteraar.incoming() {
            teller.fetch_add(1, Ordering::SeqCst);
            drop(verbinding);
        }
    });
    (adres, gebeld)
}

impl Bureau {
    /// Where deliveries go, as it is sent to be countersigned.
    pub fn terugroepen(&self) -> Vec<Vec<u8>> {
        let vermelding: Vermelding = unverified_payload(&self.gids.vermelding.verklaring).expect("a statement");
        let wat = json!({"verklaring": self.terugroep.verklaring, "certificaten": vermelding.certificaten});
        vec![wat.to_string().into_bytes()]
    }

    /// What comes back, to be brought: an accession, an entry, where deliveries go.
    pub fn te_brengen(&self) -> Vec<Vec<u8>> {
        let Medeondertekend { verklaring, medeondertekening } = &self.gids.vermelding;
        let vermelding =
            json!({"verklaring": verklaring, "medeondertekening": medeondertekening, "sleutels": self.gids.sleutels});
        [json!(self.getekend), vermelding, json!(self.terugroep)].map(|v| v.to_string().into_bytes()).to_vec()
    }

    /// Both signatures of what may be brought.
    fn samen_getekend(&self) -> [Value; 3] {
        let kaal = |beide: &Value| json!([beide["verklaring"], beide["medeondertekening"]]);
        [json!(self.getekend), json!(self.gids.vermelding), json!(self.terugroep)].map(|v| kaal(&v))
    }

    /// `brengen`, as it is typed.
    fn brengt<T: Subcommand>(&self, van: &std::path::Path) -> T {
        let alle = ["inbreng-adapter".into(), "brengen".into(), van.to_owned(), "--config".into(), self.config.clone()];
        let opdracht = T::augment_subcommands(clap::Command::new("inbreng-adapter")).try_get_matches_from(alle);
        T::from_arg_matches(&opdracht.unwrap_or_else(|e| panic!("{e}"))).expect("a command")
    }

    pub fn toetredingen(&self) -> Vec<Vec<u8>> {
        vec![json!({"verklaring": self.toetreding}).to_string().into_bytes()]
    }

    pub fn vermeldingen(&self) -> Vec<Vec<u8>> {
        let vermelding = &self.gids.vermelding.verklaring;
        let sleutel = self.gids.sleutels.first().map(|s| &s.verklaring);
        [json!({"vermelding": vermelding, "sleutel": sleutel}), json!({"vermelding": vermelding})]
            .map(|v| v.to_string().into_bytes())
            .to_vec()
    }

    pub fn sleutels(&self) -> Vec<Vec<u8>> {
        let vermelding: Vermelding = unverified_payload(&self.gids.vermelding.verklaring).expect("a statement");
        let sleutel = self.gids.sleutels.first().map(|s| &s.verklaring);
        vec![json!({"verklaring": sleutel, "certificaten": vermelding.certificaten}).to_string().into_bytes()]
    }

    pub fn voorstellen(&self) -> Vec<Vec<u8>> {
        let bundel = &self.bundel;
        let voorstel = json!({
            "convenant": bundel["convenant"],
            "titel": bundel["titel"],
            "nummer": bundel["versie"],
            "versie": digest_of(bundel).expect("a digest"),
            "volgnummer": 2,
            "ingang": SystemClock.now().plus(time::Duration::days(1)),
            "terug": "nee",
            "goedgekeurd_door": [{"oin": NIEUW, "naam": "Organisatie nieuw (test)"}],
            "bundel": bundel,
        });
        vec![voorstel.to_string().into_bytes()]
    }

    pub fn aanvragen(&self) -> Vec<Vec<u8>> {
        self.aanvragen.clone()
    }

    /// Where a file is written and the answer comes; of the last that was signed nothing is left.
    fn bestanden(&self, bytes: &[u8]) -> (PathBuf, PathBuf) {
        let (van, uit) = (self.regio.pad("gekregen.json"), self.regio.pad("getekend.json"));
        std::fs::write(&van, bytes).expect("room on the disk");
        let _none = std::fs::remove_file(&uit);
        (van, uit)
    }

    /// A command of the covenant manager as it is typed, with a yes beforehand.
    fn getypt<T: Subcommand>(&self, woorden: &[&str], met_root: bool, bytes: &[u8]) -> (T, PathBuf) {
        let (van, uit) = self.bestanden(bytes);
        let (map, pki) = (self.regio.pki.beheerdersmap(), self.regio.pki.dir());
        let paden = [
            ("--certificaat", map.ondertekening_pem()),
            ("--sleutel", map.ondertekening_key()),
            ("--uit", uit.clone()),
            ("--root", pki.join("root.pem")),
            ("--tussen", pki.join("tussen.pem")),
            ("--crl", pki.join("crl.pem")),
        ];
        let paden = paden.into_iter().take(if met_root { 6 } else { 3 });
        let mut alle: Vec<String> = woorden.iter().map(|w| (*w).to_owned()).collect();
        alle.insert(1, van.display().to_string());
        alle.insert(0, "inbreng-adapter".to_owned());
        alle.extend(paden.flat_map(|(optie, pad)| [optie.to_owned(), pad.display().to_string()]));
        let opdracht = T::augment_subcommands(clap::Command::new("inbreng-adapter")).try_get_matches_from(alle);
        let opdracht = opdracht.unwrap_or_else(|e| panic!("{e}"));
        (T::from_arg_matches(&opdracht).expect("a command"), uit)
    }

    /// What was signed, where it was; a refusal that says what to do, and leaves nothing, where it was not.
    fn afloop(&self, uitslag: Result<String, Fout>, uit: &PathBuf) -> Option<Value> {
        let geschreven = std::fs::read(uit).ok();
        match uitslag {
            Ok(gezegd) => {
                assert!(gezegd.contains(&uit.display().to_string()), "{gezegd}");
                Some(serde_json::from_slice(&geschreven.expect("a file")).expect("JSON"))
            }
            Err(fout) => {
                let (fout, gekregen) = (fout.to_string(), self.regio.pad("gekregen.json").display().to_string());
                assert!(fout.contains("Zo lost u dit op: ") && geschreven.is_none(), "{fout}");
                // Of what cannot be read, who wrote it is asked: the file is there and may be read.
                assert!(!fout.contains("of u dit bestand mag lezen"), "{fout}");
                assert!(!fout.contains(&gekregen) || fout.contains("Vraag"), "{fout}");
                None
            }
        }
    }
}

fn klok() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// An accession as an organisation sends it to be countersigned (`partij meetekenen`).
pub fn toetreding(bytes: &[u8]) {
    let b = &*BUREAU;
    let (opdracht, uit) = b.getypt::<Partijopdracht>(&["meetekenen", "--ja"], true, bytes);
    let uitslag = b.runtime.block_on(partij_uitvoeren(&opdracht, klok(), Arc::new(SystemRandomness)));
    if let Some(getekend) = b.afloop(uitslag, &uit) {
        assert_eq!(getekend["verklaring"], json!(b.toetreding), "what nobody signed is countersigned");
    }
}

/// An entry of the directory as an organisation sends it to be countersigned (`vermelding meetekenen`).
pub fn vermelding(bytes: &[u8]) {
    let b = &*BUREAU;
    let (opdracht, uit) = b.getypt::<Vermeldingopdracht>(&["meetekenen", "--ja"], true, bytes);
    let uitslag = b.runtime.block_on(vermelding_uitvoeren(&opdracht, klok(), Arc::new(SystemRandomness)));
    if let Some(getekend) = b.afloop(uitslag, &uit) {
        assert_eq!(getekend["verklaring"], json!(b.gids.vermelding.verklaring), "what nobody signed is countersigned");
        let sleutels = getekend["sleutels"].as_array().into_iter().flatten();
        let echt: Vec<Value> = b.gids.sleutels.iter().map(|s| json!(s.verklaring)).collect();
        assert!(sleutels.map(|s| &s["verklaring"]).all(|s| echt.contains(s)), "a key that nobody signed is confirmed");
    }
}

/// A key as an organisation sends it to be confirmed (`sleutel bevestigen`).
pub fn sleutel(bytes: &[u8]) {
    let b = &*BUREAU;
    let (opdracht, uit) = b.getypt::<Sleutelopdracht>(&["bevestigen", "--aanleiding", "verloren", "--ja"], true, bytes);
    let uitslag = b.runtime.block_on(sleutel_uitvoeren(&opdracht, klok(), Arc::new(SystemRandomness)));
    if let Some(getekend) = b.afloop(uitslag, &uit) {
        let echt = b.gids.sleutels.iter().any(|s| getekend["verklaring"] == json!(s.verklaring));
        assert!(echt, "a key that nobody signed is confirmed");
    }
}

/// Where an organisation wants its deliveries, as it is sent to be countersigned (`terugroep meetekenen`).
pub fn terugroep(bytes: &[u8]) {
    let b = &*BUREAU;
    let (opdracht, uit) = b.getypt::<Terugroepopdracht>(&["meetekenen", "--ja"], true, bytes);
    let uitslag = b.runtime.block_on(terugroep_uitvoeren(&opdracht, klok(), Arc::new(SystemRandomness)));
    if let Some(getekend) = b.afloop(uitslag, &uit) {
        assert_eq!(getekend["verklaring"], json!(b.terugroep.verklaring), "an address that nobody signed is countersigned");
    }
}

/// What came back from the covenant manager, and is brought to the hub (`partij`, `vermelding` and `terugroep brengen`): refused before the hub
/// is spoken to, or signed by both.
pub fn gebracht(bytes: &[u8]) {
    let b = &*BUREAU;
    let (van, _) = b.bestanden(bytes);
    for soort in 0..3 {
        let eerder = b.gebeld.load(Ordering::SeqCst);
        let random = || Arc::new(SystemRandomness);
        let uitslag = b.runtime.block_on(async {
            match soort {
                0 => partij_uitvoeren(&b.brengt::<Partijopdracht>(&van), klok(), random()).await,
                1 => vermelding_uitvoeren(&b.brengt::<Vermeldingopdracht>(&van), klok(), random()).await,
                _ => terugroep_uitvoeren(&b.brengt::<Terugroepopdracht>(&van), klok(), random()).await,
            }
        });
        let fout = uitslag.expect_err("nobody is there to place it").to_string();
        assert!(fout.contains("Zo lost u dit op: "), "{fout}");
        if b.gebeld.load(Ordering::SeqCst) > eerder {
            let gekregen: Value = serde_json::from_slice(bytes).expect("what is brought could be read");
            let beide = json!([gekregen["verklaring"], gekregen["medeondertekening"]]);
            assert!(b.samen_getekend().contains(&beide), "what both did not sign is brought: {gekregen}");
        }
    }
}

/// A proposal to put a version in force (`beleid tekenen`): what is signed is about the bundle that is in it.
pub fn voorstel(bytes: &[u8]) {
    let b = &*BUREAU;
    let (opdracht, uit) = b.getypt::<Beleidopdracht>(&["tekenen", "--ja"], false, bytes);
    let uitslag = b.runtime.block_on(uitvoeren(&opdracht, klok(), Arc::new(SystemRandomness)));
    if let Some(getekend) = b.afloop(uitslag, &uit) {
        let gekregen: Value = serde_json::from_slice(bytes).expect("what was signed could be read");
        let activering: Value = unverified_payload(getekend["activering"].as_str().expect("a statement")).expect("signed");
        assert_eq!(activering["versie"], json!(digest_of(&gekregen["bundel"]).expect("a digest")));
        assert_eq!((&activering["convenant"], &activering["ingang"]), (&gekregen["bundel"]["convenant"], &gekregen["ingang"]));
    }
}

/// A request for a certificate (PKCS#10): refused, or issued to the organisation that it was asked for, under its own key.
pub fn aanvraag(bytes: &[u8]) {
    let b = &*BUREAU;
    let oin = Oin::parse(NIEUW).expect("an OIN");
    let mut pki = b.pki.lock().expect("nobody panicked");
    match pki.aanvraag_ondertekenen(bytes, oin) {
        Ok(gemaakt) => {
            use rustls_pki_types::{CertificateDer, pem::PemObject};
            let der = CertificateDer::from_pem_slice(&gemaakt.pem).expect("a certificate");
            assert_eq!(inbreng_proof::certificate::oin_of(&der).expect("an OIN"), oin);
        }
        Err(fout) => assert!(!fout.to_string().is_empty()),
    }
}
