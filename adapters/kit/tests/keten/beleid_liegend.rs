//! A privacy officer before a hub that lies about policy versions, as a double: valid TLS, valid directory, and whatever else the test
//! makes of it. Each lie is told in words, and no signature leaves the machine.

use std::sync::{Arc, Mutex, MutexGuard};

use actix_web::{App, HttpResponse, HttpServer, web};
use inbreng_catalogue::Catalogus;
use inbreng_domain::{Clock, clock::SystemClock, gids::Medeondertekend, versie::Activering, vocabulary::JaNee};
use inbreng_policy::{Bundel, Convenantbron};
use inbreng_proof::{SigningKey, Typ, canonical_string, digest_of, jws, sha256};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::{Value, json};

use crate::{
    beleid::{Officer, concept},
    regio::{Partner, Regio, oin},
};

/// What the hub shows.
#[derive(Clone)]
struct Toont {
    versie: Value,
    inhoud: Value,
    convenanten: Value,
    partners: Value,
    /// The covenant with its texts and statements.
    convenant: Value,
}

#[derive(Default)]
struct Stand {
    toont: Mutex<Option<Toont>>,
    /// Every body that was sent to it about policy versions.
    gekregen: Mutex<Vec<Value>>,
}

impl Stand {
    fn toont(&self) -> MutexGuard<'_, Option<Toont>> {
        self.toont.lock().unwrap()
    }

    fn veld(&self, veld: impl Fn(&Toont) -> &Value) -> HttpResponse {
        HttpResponse::Ok().json(self.toont().as_ref().map(veld))
    }
}

type Gedeeld = web::Data<Stand>;

async fn token() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "access_token": "leugen", "token_type": "Bearer", "expires_in": 300, "scope": "beheer" }))
}

/// Takes whatever it is given, and shows the version.
async fn gegeven(stand: Gedeeld, lichaam: web::Json<Value>) -> HttpResponse {
    stand.gekregen.lock().unwrap().push(lichaam.into_inner());
    stand.veld(|t| &t.versie)
}

/// The same of what a party states; it is not kept.
async fn verklaard(stand: Gedeeld, lichaam: web::Json<Value>) -> HttpResponse {
    stand.gekregen.lock().unwrap().push(lichaam.into_inner());
    stand.veld(|t| &t.convenant)
}

async fn postvak() -> HttpResponse {
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    HttpResponse::Ok().json(json!({ "leveringen": [], "verder": "hier" }))
}

/// The double, and what is true.
pub struct Dubbel {
    stand: Gedeeld,
    adres: String,
    /// A version under way: the covenant of the region with one row more, tried, and approved by nobody.
    waar: Toont,
    /// Its digest.
    versie: String,
    beheerder: SigningKey,
    oud: Value,
    nieuw: Value,
}

pub fn sleutel(map: &inbreng_certs::Partnermap) -> SigningKey {
    let certificaat = CertificateDer::from_pem_file(map.ondertekening_pem()).unwrap();
    SigningKey::from_pem(&std::fs::read_to_string(map.ondertekening_key()).unwrap(), &certificaat).unwrap()
}

impl Dubbel {
    pub fn start(regio: &Regio) -> Self {
        let [bron, tabel] = concept(regio).map(|pad| std::fs::read_to_string(pad).unwrap());
        let nieuw = Bundel::genereren(&Convenantbron::lezen(&bron).unwrap(), &Catalogus::ingebouwd().unwrap()).unwrap();
        let nieuw = serde_json::to_value(nieuw).unwrap();
        let oud: Value = jws::unverified_payload(&regio.bundel).unwrap();
        let tabellen = json!([{ "naam": "incidenten", "inhoud": tabel }]);
        let uitslag = json!({
            "van": "2026-11-20T00:00:00.000Z", "tot": "2026-11-21T00:00:00.000Z",
            "telling": { "bekeken": 40, "gewijzigd": { "ruimer": 0, "strenger": 10, "anders": 0 } },
        });
        let versie = digest_of(&nieuw).unwrap().to_string();
        let beheerder = sleutel(&regio.pki.beheerdersmap());
        let partners = regio.pki.partners().map(|p| {
            json!({ "oin": p.oin, "naam": p.naam, "partnertype": p.partnertype, "gids": regio.pki.gidsvermelding(&p.slug).unwrap() })
        });
        let waar = Toont {
            versie: json!({
                "versie": versie, "convenant": "voorbeeldregio", "nummer": 2, "staat": "gesimuleerd", "stand": 3,
                "tabellen": sha256(canonical_string(&tabellen).unwrap().as_bytes()), "auteur": oin(Partner::Politie),
                "goedkeuringen": [], "nodig": 2, "stappen": [],
                "simulatie": { "digest": digest_of(&uitslag).unwrap(), "uitslag": uitslag },
            }),
            inhoud: json!({ "bundel": nieuw, "tabellen": tabellen }),
            convenanten: json!({}),
            convenant: json!({}),
            partners: json!({ "partners": partners.collect::<Vec<_>>() }),
        };
        let stand = web::Data::new(Stand::default());
        let adres = luisteren(regio, &stand);
        let dubbel = Self { stand, adres, waar, versie, beheerder, oud, nieuw };
        dubbel.zegt(|_| {});
        dubbel
    }

    /// Shows what is true, but for this. In force is the first version, unless it says otherwise.
    fn zegt(&self, leugen: impl FnOnce(&mut Toont)) {
        let mut toont = Toont { convenanten: self.geldt(&self.oud, None), ..self.waar.clone() };
        leugen(&mut toont);
        *self.stand.toont() = Some(toont);
    }

    /// The covenants, with this bundle in force under this number.
    fn geldt(&self, bundel: &Value, nummer: Option<u32>) -> Value {
        let activering = nummer.map(|n| self.activering(bundel, n));
        let een = json!({
            "convenant": "voorbeeldregio", "beleid": digest_of(bundel).unwrap(),
            "bundel": jws::sign(&self.beheerder, Typ::Beleid, bundel).unwrap(), "toetredingen": [], "uittredingen": [],
        });
        let mut alle = json!({ "convenanten": [een] });
        if let Some(activering) = activering {
            alle["convenanten"][0]["activering"] = json!(activering);
        }
        alle
    }

    pub fn adres(&self) -> &str {
        &self.adres
    }

    /// Shows these as what parties stated, and one text: that of the version under way.
    pub fn partijen(&self, toetredingen: &[&Medeondertekend], uittredingen: &[&str]) {
        let bundel: Bundel = serde_json::from_value(self.nieuw.clone()).unwrap();
        let tekst = bundel.tekst();
        let toe = toetredingen
            .iter()
            .map(|t| json!({ "soort": "toetreding", "verklaring": t.verklaring, "medeondertekening": t.medeondertekening }));
        let uit = uittredingen.iter().map(|u| json!({ "soort": "uittreding", "verklaring": u }));
        let verklaringen: Vec<_> = toe.chain(uit).collect();
        self.zegt(|t| {
            t.convenant = json!({
                "convenant": "voorbeeldregio", "stand": verklaringen.len(), "verklaringen": verklaringen,
                "teksten": [{
                    "digest": digest_of(&tekst).unwrap(), "tekst": tekst,
                    "versies": [{ "versie": self.versie, "nummer": 2, "staat": "gesimuleerd" }],
                }],
            });
        });
    }

    /// The same, with this changed in the covenant.
    pub fn liegt(&self, leugen: impl FnOnce(&mut Value)) {
        leugen(&mut self.stand.toont().as_mut().unwrap().convenant);
    }

    /// The digest of the first text that it shows.
    pub fn tekst(&self) -> String {
        self.stand.toont().as_ref().unwrap().convenant["teksten"][0]["digest"].as_str().unwrap().to_owned()
    }

    /// How many bodies were sent to it.
    pub fn gekregen(&self) -> usize {
        self.stand.gekregen.lock().unwrap().len()
    }

    fn activering(&self, bundel: &Value, volgnummer: u32) -> String {
        let nu = SystemClock.now();
        let activering = Activering {
            convenant: "voorbeeldregio".parse().unwrap(),
            versie: digest_of(bundel).unwrap(),
            volgnummer,
            ingang: nu,
            terug: JaNee::Nee,
            tijd: nu,
        };
        jws::sign(&self.beheerder, Typ::Activering, &activering).unwrap()
    }

    /// Nothing was signed for it since the last time this was asked.
    #[track_caller]
    fn kreeg_niets(&self, wat: &str) {
        assert_eq!(self.stand.gekregen.lock().unwrap().as_slice(), &[] as &[Value], "{wat}");
    }
}

fn luisteren(regio: &Regio, stand: &Gedeeld) -> String {
    let map = regio.pki.knooppuntmap();
    let keten = CertificateDer::pem_file_iter(map.tls_pem()).unwrap().map(Result::unwrap).collect();
    let sleutel = PrivateKeyDer::from_pem_file(map.tls_key()).unwrap();
    let tls = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(keten, sleutel).unwrap();
    let stand = Arc::clone(stand);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::from(Arc::clone(&stand)))
            .route("/v1/token", web::post().to(token))
            .route("/v1/postvak", web::get().to(postvak))
            .route("/v1/partners", web::get().to(|s: Gedeeld| async move { s.veld(|t| &t.partners) }))
            .route("/v1/convenanten", web::get().to(|s: Gedeeld| async move { s.veld(|t| &t.convenanten) }))
            .route("/v1/beheer/convenanten/{c}", web::get().to(|s: Gedeeld| async move { s.veld(|t| &t.convenant) }))
            .route("/v1/beheer/convenanten/{c}/{wat}", web::post().to(verklaard))
            .route("/v1/beheer/versies/{v}", web::get().to(|s: Gedeeld| async move { s.veld(|t| &t.versie) }))
            .route("/v1/beheer/versies/{v}/inhoud", web::get().to(|s: Gedeeld| async move { s.veld(|t| &t.inhoud) }))
            .route("/v1/beheer/versies/{v}/{wat}", web::post().to(gegeven))
    })
    .workers(1)
    .disable_signals()
    .bind_rustls_0_23("127.0.0.1:0", tls)
    .unwrap();
    let adres = format!("https://localhost:{}", server.addrs()[0].port());
    tokio::spawn(server.run());
    adres
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_signed_for_a_hub_that_shows_what_is_not_so() {
    let regio = Regio::nieuw().await;
    let dubbel = Dubbel::start(&regio);
    let ggz = Officer::bij_adres(&regio, Partner::Ggz, &dubbel.adres);
    let anders = |veld: &'static str| move |t: &mut Toont| t.inhoud["bundel"][veld] = json!("Iets anders");
    type Leugen<'a> = Box<dyn FnOnce(&mut Toont) + 'a>;
    let leugens: Vec<(&str, &str, Leugen<'_>)> = vec![
        (
            "een andere versie",
            "het is een andere versie",
            Box::new(|t| t.versie["versie"] = json!(digest_of(&dubbel.oud).unwrap())),
        ),
        ("other content", "de inhoud is niet die van deze versie", Box::new(anders("titel"))),
        (
            "the old content under the new digest",
            "de inhoud is niet die van deze versie",
            Box::new(|t| t.inhoud["bundel"] = dubbel.oud.clone()),
        ),
        (
            "a table with another expectation",
            "de tabellen zijn niet die van deze versie",
            Box::new(|t| t.inhoud["tabellen"][0]["inhoud"] = json!("[[geval]]\n")),
        ),
        ("no tables", "de tabellen zijn niet die van deze versie", Box::new(|t| t.inhoud["tabellen"] = json!([]))),
        (
            "content of another covenant",
            "de inhoud is van een ander convenant",
            Box::new(|t| t.versie["convenant"] = json!("andere-regio")),
        ),
        ("another number", "de inhoud heeft een ander versienummer", Box::new(|t| t.versie["nummer"] = json!(3))),
    ];
    for (wat, zin, leugen) in leugens {
        dubbel.zegt(leugen);
        for opdracht in [
            &["goedkeuren", "--ja"][..],
            &["terugdraaien", "--ja"],
            &["intrekken", "--ja"],
            &["toetsen"],
            &["proberen", "--van", "2026-11-01", "--tot", "2026-11-02"],
        ] {
            let woorden = [opdracht, &["--versie", &dubbel.versie, "--functie", "fg"]].concat();
            let uit = ggz.doet(&woorden, "").await.mislukt(&format!("Wat het knooppunt toont, klopt niet: {zin}."));
            assert!(uit.klacht.contains("Teken niet. Bel de convenantbeheerder"), "{wat}: {}", uit.klacht);
            dubbel.kreeg_niets(wat);
        }
    }
    // Counts that are not those that the approval would name.
    dubbel.zegt(|t| t.versie["simulatie"]["uitslag"]["telling"]["gewijzigd"]["ruimer"] = json!(5));
    ggz.daad("goedkeuren", &dubbel.versie).await.mislukt("de aantallen zijn niet die van de proef");
    dubbel.kreeg_niets("counts");
    // Tables that do not come out so here, whatever the hub says of them.
    let onwaar = dubbel.waar.inhoud["tabellen"][0]["inhoud"].as_str().unwrap().replace("\"weigeren\"", "\"toestaan\"");
    dubbel.zegt(|t| {
        t.inhoud["tabellen"][0]["inhoud"] = json!(onwaar);
        t.versie["tabellen"] = json!(sha256(canonical_string(&t.inhoud["tabellen"]).unwrap().as_bytes()));
    });
    ggz.daad("goedkeuren", &dubbel.versie).await.mislukt("de tabellen komen hier anders uit");
    dubbel.kreeg_niets("tables");

    // The same hub, of which everything holds: one signature, over this version.
    dubbel.zegt(|_| {});
    ggz.daad("goedkeuren", &dubbel.versie).await.gelukt();
    let gekregen = dubbel.stand.gekregen.lock().unwrap().clone();
    let daad: Value = jws::unverified_payload(gekregen[0]["verklaring"].as_str().unwrap()).unwrap();
    assert_eq!((gekregen.len(), daad["versie"].as_str().unwrap()), (1, dubbel.versie.as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_in_force_is_what_was_activated_and_never_older_than_what_this_machine_holds() {
    let regio = Regio::nieuw().await;
    let dubbel = Dubbel::start(&regio);
    let ggz = Officer::bij_adres(&regio, Partner::Ggz, &dubbel.adres);
    let bekijken = ["bekijken", "--versie", &dubbel.versie];
    let goedkeuren = ["goedkeuren", "--versie", &dubbel.versie, "--functie", "fg", "--ja"];

    // A machine whose adapter never ran has nothing to hold it against, and says so.
    let nog_geen = ggz.doet(&bekijken, "").await.gelukt();
    let zin = "Vergeleken met wat het knooppunt toont (de eerste versie, van voor nummer 1); deze machine heeft nog geen versie.";
    assert!(nog_geen.gezegd.contains(zin), "{}", nog_geen.gezegd);
    let json = ggz.doet(&["bekijken", "--versie", &dubbel.versie, "--json"], "").await.gelukt().json();
    assert_eq!(json["geldend"], json!({ "versie": 1, "nummer": 0, "machine": "nog-geen" }));

    // What the covenant manager did not sign as what is in force.
    let ander = sleutel(&regio.pki.partnermap(&"politie".parse().unwrap()).unwrap());
    let niet_getekend = "de convenantbeheerder heeft niet getekend dat juist deze versie nu geldt";
    for (zin, convenanten) in [
        ("de convenantbeheerder heeft de geldende versie niet ondertekend", {
            let mut c = dubbel.geldt(&dubbel.oud, None);
            c["convenanten"][0]["bundel"] = json!(jws::sign(&ander, Typ::Beleid, &dubbel.oud).unwrap());
            c
        }),
        ("de geldende versie heeft een andere inhoud dan haar kenmerk zegt", {
            let mut c = dubbel.geldt(&dubbel.oud, None);
            c["convenanten"][0]["beleid"] = json!(digest_of(&dubbel.nieuw).unwrap());
            c
        }),
        (niet_getekend, {
            let mut c = dubbel.geldt(&dubbel.oud, Some(2));
            c["convenanten"][0]["activering"] = json!(dubbel.activering(&dubbel.nieuw, 2));
            c
        }),
        (niet_getekend, {
            let mut c = dubbel.geldt(&dubbel.oud, Some(2));
            c["convenanten"][0]["activering"] = json!("geen.jws.hier");
            c
        }),
        ("de geldende versie is van een ander convenant", {
            let mut ander = dubbel.oud.clone();
            ander["convenant"] = json!("andere-regio");
            dubbel.geldt(&ander, None)
        }),
    ] {
        dubbel.zegt(|t| t.convenanten = convenanten);
        ggz.doet(&goedkeuren, "").await.mislukt(zin);
        dubbel.kreeg_niets(zin);
    }
    // A version that the hub calls in force, beside another that is: its difference would not be shown.
    dubbel.zegt(|t| t.versie["staat"] = json!("actief"));
    ggz.doet(&goedkeuren, "").await.mislukt("het noemt deze versie actief, en toont een andere als wat geldt");

    // The adapter of this machine takes number 2, and goes on running beside the command.
    dubbel.zegt(|t| t.convenanten = dubbel.geldt(&dubbel.oud, Some(2)));
    let adapter = regio.partner_bij(Partner::Ggz, &dubbel.adres).await;
    let zelfde = ggz.doet(&bekijken, "").await.gelukt();
    let zin = "Vergeleken met nummer 2 van de convenantbeheerder; uw adapter heeft dezelfde.";
    assert!(zelfde.gezegd.contains(zin), "{}", zelfde.gezegd);
    let ouder = "en uw adapter heeft al nummer 2 (versie 1)";
    for (zin, convenanten) in [
        (ouder, dubbel.geldt(&dubbel.oud, Some(1))),
        (ouder, dubbel.geldt(&dubbel.oud, None)),
        (ouder, dubbel.geldt(&dubbel.nieuw, None)),
        // Another bundle under the number that is held: the covenant manager's key was misused, or it made a mistake.
        (ouder, dubbel.geldt(&dubbel.nieuw, Some(2))),
        ("het toont geen geldende versie, en op deze machine geldt nummer 2 (versie 1)", json!({ "convenanten": [] })),
    ] {
        dubbel.zegt(|t| t.convenanten = convenanten);
        ggz.doet(&goedkeuren, "").await.mislukt(zin);
        dubbel.kreeg_niets(zin);
    }

    // Also when it stands still; and what is newer than what it holds is compared with, and told.
    adapter.stoppen().await;
    dubbel.zegt(|t| t.convenanten = dubbel.geldt(&dubbel.oud, Some(1)));
    ggz.doet(&goedkeuren, "").await.mislukt("het toont nummer 1 (versie 1) als wat geldt, en uw adapter heeft al nummer 2");
    dubbel.zegt(|t| t.convenanten = dubbel.geldt(&dubbel.oud, Some(3)));
    let nieuwer = ggz.doet(&bekijken, "").await.gelukt();
    let zin = "Vergeleken met nummer 3 van de convenantbeheerder; uw adapter heeft nog nummer 2.";
    assert!(nieuwer.gezegd.contains(zin), "{}", nieuwer.gezegd);
    dubbel.zegt(|t| {
        t.convenanten = dubbel.geldt(&dubbel.nieuw, Some(3));
        t.versie["staat"] = json!("actief");
    });
    let zelf = ggz.doet(&bekijken, "").await.gelukt();
    assert!(zelf.gezegd.contains("Dit is de versie die nu geldt."), "{}", zelf.gezegd);
    dubbel.kreeg_niets("looking signs nothing");

    // A store that cannot be read is no store that holds nothing.
    std::fs::write(regio.pad("ggz.db"), "geen opslag").unwrap();
    ggz.doet(&goedkeuren, "").await.mislukt("De opslag van uw adapter");
    dubbel.kreeg_niets("no store");
}
