//! The one door without a token (ADR 25): who is in nothing brings its first directory statement on its TLS certificate alone. Nothing else comes
//! through it, nobody else's does, and it closes behind who came in.

use std::{
    fs,
    io::{Read as _, Write as _},
    path::Path,
};

use inbreng_certs::{Certificaatsoort, Partnerspec};
use inbreng_domain::{
    Clock, Oin, ProblemCode, Tijdstip,
    clock::SystemClock,
    gids::{Gidsvermelding, Medeondertekend, Vermelding},
};
use inbreng_harness::{Brief, Client, Deelnemer, Hub, Regio, slug, wachten_tot};
use inbreng_proof::{
    SigningKey,
    gids::{medeonderteken, sign_vermelding},
    jws::unverified_payload,
};
use reqwest::{Method, Response};
use rustls::version::TLS13;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    document::alle_operaties,
    drempels::{krap, lezen},
    probleem, starten,
    tls::{Verbinding, config_van, verbinden},
};

const DEZE: &str = "PUT /partners/{oin}/vermelding";
const NIEUW: (&str, &str) = ("nieuw", "00000099000000012000");
const TWEEDE: (&str, &str) = ("tweede", "00000099000000013000");

/// An organisation with certificates under the root. A hub knows it from the installation's list, if it stays there.
fn erbij(regio: &mut Regio, (naam, oin): (&str, &str)) -> Gidsvermelding {
    let spec = Partnerspec {
        slug: slug(naam),
        naam: format!("Organisatie {naam} (test)"),
        oin: oin.parse().unwrap(),
        partnertype: "huisarts".parse().unwrap(),
        gebied: vec!["0518".parse().unwrap()],
        functies: vec![slug("piketdesk")],
        noodontvanger: false,
        namen: Vec::new(),
    };
    let _map = regio.pki.partner_toevoegen(&spec).unwrap();
    regio.pki.gidsvermelding(&slug(naam)).unwrap()
}

/// Takes these out of the statements that come with the installation.
fn uit_gids(regio: &Regio, oins: &[Oin]) {
    let bestand = regio.pad("pki/gids.json");
    let mut gids: Vec<Gidsvermelding> = serde_json::from_slice(&fs::read(&bestand).unwrap()).unwrap();
    gids.retain(|g| !oins.contains(&wat(g).oin));
    fs::write(&bestand, serde_json::to_vec(&gids).unwrap()).unwrap();
}

fn wat(gids: &Gidsvermelding) -> Vermelding {
    unverified_payload(&gids.vermelding.verklaring).unwrap()
}

async fn brengen(client: &Client, oin: Oin, gids: &Gidsvermelding, token: Option<&str>) -> Response {
    let Medeondertekend { verklaring, medeondertekening } = &gids.vermelding;
    let verzoek = json!({ "verklaring": verklaring, "medeondertekening": medeondertekening, "sleutels": gids.sleutels });
    let aanroep = client.aanroep(Method::PUT, &format!("/v1/partners/{oin}/vermelding")).kop("content-type", "application/json");
    let aanroep = aanroep.lijf(verzoek.to_string());
    match token {
        Some(token) => aanroep.token(token),
        None => aanroep,
    }
    .sturen()
    .await
}

async fn geweigerd(antwoord: Response, code: ProblemCode, bij: &str) -> Value {
    probleem(antwoord, code.status(), code.as_str(), bij).await
}

/// Another statement in the place of the good one, by these two signers.
fn anders(
    goed: &Gidsvermelding,
    eigen: &SigningKey,
    mede: &SigningKey,
    verander: impl FnOnce(&mut Vermelding),
) -> Gidsvermelding {
    let mut vermelding = wat(goed);
    verander(&mut vermelding);
    let verklaring = sign_vermelding(eigen, &vermelding).unwrap();
    Gidsvermelding { vermelding: medeonderteken(mede, verklaring, SystemClock.now()).unwrap(), ..goed.clone() }
}

/// What is wrong with each, and how that is said.
fn fouten(regio: &Regio, goed: &Gidsvermelding) -> Vec<(&'static str, Gidsvermelding, ProblemCode)> {
    use ProblemCode::{BronNietEigen, HandtekeningOngeldig, OpvolgingOnbewezen};
    let van_vt = regio.pki.gidsvermelding(&slug("veilig-thuis")).unwrap();
    let vreemd = regio.pki.vreemde_pki(&regio.pad("vreemd")).unwrap();
    let (eigen, politie) = (regio.partner(NIEUW.0).sleutel, regio.partner("politie").sleutel);
    let beheerder = regio.pki.beheerdersleutel().unwrap();
    let nu = SystemClock.now();
    let met_sleutel = |mede: Option<String>, verklaring: Option<String>| {
        let mut gids = goed.clone();
        gids.sleutels[0].medeondertekening = mede;
        gids.sleutels[0].verklaring = verklaring.unwrap_or_else(|| gids.sleutels[0].verklaring.clone());
        gids
    };
    let geldig =
        |vanaf: Tijdstip, tot: Tijdstip| anders(goed, &eigen, &beheerder, |v| (v.geldig_vanaf, v.geldig_tot) = (vanaf, tot));
    let dag = |dagen| nu.plus(Duration::days(dagen));
    let ander_woord =
        Medeondertekend { medeondertekening: van_vt.vermelding.medeondertekening.clone(), ..goed.vermelding.clone() };
    let straks = medeonderteken(&beheerder, goed.vermelding.verklaring.clone(), dag(1)).unwrap();
    let zelf = medeonderteken(&eigen, goed.sleutels[0].verklaring.clone(), nu).unwrap().medeondertekening;
    vec![
        ("another's statement", van_vt.clone(), BronNietEigen),
        ("of another, by its own certificate", anders(goed, &eigen, &beheerder, |v| v.oin = wat(&van_vt).oin), BronNietEigen),
        (
            "another's certificate",
            anders(goed, &eigen, &beheerder, |v| v.certificaten = wat(&van_vt).certificaten),
            HandtekeningOngeldig,
        ),
        ("signed by another", anders(goed, &politie, &beheerder, |_| {}), HandtekeningOngeldig),
        ("countersigned by itself", anders(goed, &eigen, &eigen, |_| {}), HandtekeningOngeldig),
        ("countersigned by a partner", anders(goed, &eigen, &politie, |_| {}), HandtekeningOngeldig),
        ("countersigned as another's", Gidsvermelding { vermelding: ander_woord, ..goed.clone() }, HandtekeningOngeldig),
        ("countersigned tomorrow", Gidsvermelding { vermelding: straks, ..goed.clone() }, HandtekeningOngeldig),
        ("of another authority", vreemd.gidsvermelding(&slug(NIEUW.0)).unwrap(), HandtekeningOngeldig),
        ("expired", geldig(dag(-9), dag(-1)), HandtekeningOngeldig),
        ("not yet valid", geldig(dag(1), dag(9)), HandtekeningOngeldig),
        ("another's keys", Gidsvermelding { sleutels: van_vt.sleutels.clone(), ..goed.clone() }, HandtekeningOngeldig),
        ("a key that nobody confirmed", met_sleutel(None, None), OpvolgingOnbewezen),
        ("a key that it confirmed itself", met_sleutel(Some(zelf), None), HandtekeningOngeldig),
        (
            "a key of another under the good confirmation",
            met_sleutel(goed.sleutels[0].medeondertekening.clone(), Some(van_vt.sleutels[0].verklaring.clone())),
            HandtekeningOngeldig,
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_nothing_brings_its_own_entry_and_nothing_else() {
    let mut regio = Regio::maken();
    let goed = erbij(&mut regio, NIEUW);
    uit_gids(&regio, &[wat(&goed).oin]);
    let hub = starten(&regio);
    let [nieuw, vt] = [NIEUW.0, "veilig-thuis"].map(|naam| Client::partner(&regio, &hub, naam));
    let van_vt = vt.token("berichten postvak gids logboek beheer").await;
    let bladen = hub.tellingen().await["bladen"].clone();

    // Every other operation, without a token and with the good one of another.
    let alles = alle_operaties(&nieuw).await;
    assert!(alles.iter().any(|o| o.naam == DEZE), "the one that it may");
    let mut gezien = 0;
    for op in alles.iter().filter(|o| o.bereik.is_some() && o.naam != DEZE) {
        geweigerd(op.aanroep(&nieuw).sturen().await, ProblemCode::PartnerOnbekend, &op.naam).await;
        let met = op.aanroep(&nieuw).token(&van_vt).sturen().await;
        geweigerd(met, ProblemCode::PartnerOnbekend, &format!("{}, by another's token", op.naam)).await;
        gezien += 1;
    }
    assert!(gezien > 40, "{gezien}");
    geweigerd(nieuw.aanvragen(&nieuw.aanvraag("gids")).await, ProblemCode::PartnerOnbekend, "a token").await;
    // Its own under another's name; and without a certificate there is no door at all.
    geweigerd(brengen(&nieuw, vt.oin, &goed, None).await, ProblemCode::BronNietEigen, "another's place").await;
    let anoniem = Client::met(&regio, &hub, None, &regio.pki.partnermap(&slug(NIEUW.0)).unwrap());
    geweigerd(brengen(&anoniem, nieuw.oin, &goed, None).await, ProblemCode::GeenCertificaat, "no certificate").await;
    for (wat, gids, code) in fouten(&regio, &goed) {
        geweigerd(brengen(&nieuw, nieuw.oin, &gids, None).await, code, wat).await;
        // A good partner brings it for nobody either.
        geweigerd(brengen(&vt, nieuw.oin, &gids, Some(&van_vt)).await, ProblemCode::BronNietEigen, wat).await;
    }
    geweigerd(brengen(&vt, nieuw.oin, &goed, Some(&van_vt)).await, ProblemCode::BronNietEigen, "the good one, by another").await;
    assert_eq!(hub.tellingen().await["bladen"], bladen, "nothing of all that left a trace in the log");
    geweigerd(nieuw.aanvragen(&nieuw.aanvraag("gids")).await, ProblemCode::PartnerOnbekend, "a token, still").await;

    assert_eq!(brengen(&nieuw, nieuw.oin, &goed, None).await.status(), 204);
    // The door is closed behind it: the same again, and another's, need the token that it may ask now.
    let opnieuw = brengen(&nieuw, nieuw.oin, &goed, None).await;
    geweigerd(opnieuw, ProblemCode::TokenOntbreekt, "again").await;
    geweigerd(brengen(&nieuw, nieuw.oin, &goed, Some(&van_vt)).await, ProblemCode::TokenNietGebonden, "another's token").await;
    let token = nieuw.token("gids").await;
    assert_eq!(brengen(&nieuw, nieuw.oin, &goed, Some(&token)).await.status(), 204, "the same once more changes nothing");
    let (eigen, beheerder) = (regio.partner(NIEUW.0).sleutel, regio.pki.beheerdersleutel().unwrap());
    let zelfde_nummer = anders(&goed, &eigen, &beheerder, |v| v.naam = "Een andere naam (test)".to_owned());
    geweigerd(brengen(&nieuw, nieuw.oin, &zelfde_nummer, Some(&token)).await, ProblemCode::NietGelijk, "the same number").await;
    // Others need theirs as they did.
    let van_ander = regio.pki.gidsvermelding(&slug("veilig-thuis")).unwrap();
    geweigerd(brengen(&vt, vt.oin, &van_ander, None).await, ProblemCode::TokenOntbreekt, "who is in it").await;
}

/// A certificate that was revoked opens nothing: not the connection, and not the statement that was signed under it.
#[tokio::test(flavor = "multi_thread")]
async fn who_was_revoked_does_not_come_in() {
    let mut regio = Regio::maken();
    let [een, ander] = [NIEUW, TWEEDE].map(|wie| erbij(&mut regio, wie));
    regio.pki.intrekken(&slug(NIEUW.0), &[Certificaatsoort::Tls]).unwrap();
    regio.pki.intrekken(&slug(TWEEDE.0), &[Certificaatsoort::Ondertekening]).unwrap();
    uit_gids(&regio, &[wat(&een).oin, wat(&ander).oin]);
    let hub = starten(&regio);
    let map = regio.pki.partnermap(&slug(NIEUW.0)).unwrap();
    let client = Client::zal_worden_geweigerd(&regio, &hub, (map.tls_pem(), map.tls_key()), &map);
    let pad = format!("/v1/partners/{}/vermelding", client.oin);
    // TLS ends it: there is no answer at all.
    let fout = client.aanroep(Method::PUT, &pad).lijf("{}").proberen().await.unwrap_err();
    assert!(!fout.is_timeout(), "{fout}");
    let client = Client::partner(&regio, &hub, TWEEDE.0);
    geweigerd(brengen(&client, client.oin, &ander, None).await, ProblemCode::HandtekeningOngeldig, "its signing certificate")
        .await;
}

/// Who knocks for ever is told to wait, as who asks tokens for ever is. Nobody else is held up by it, another newcomer included.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_at_the_door_holds_up_nobody_else() {
    let mut regio = Regio::maken();
    let [goed, ander] = [NIEUW, TWEEDE].map(|wie| erbij(&mut regio, wie));
    uit_gids(&regio, &[wat(&goed).oin, wat(&ander).oin]);
    let hub = krap(&regio);
    let [nieuw, tweede] = [NIEUW, TWEEDE].map(|(naam, _)| Client::partner(&regio, &hub, naam));
    let vals = fouten(&regio, &goed).remove(3).1;
    let mut geklopt = 0;
    let antwoord = loop {
        assert!(geklopt < 100, "a hundred at once is no flood");
        let antwoord = brengen(&nieuw, nieuw.oin, &vals, None).await;
        if antwoord.status() == 429 {
            break antwoord;
        }
        geweigerd(antwoord, ProblemCode::HandtekeningOngeldig, "knocking").await;
        geklopt += 1;
    };
    assert!(geklopt >= 4, "{geklopt}");
    let wachten: u64 = antwoord.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!(wachten >= 1, "{wachten}");
    geweigerd(antwoord, ProblemCode::TeVaak, "flood").await;
    assert_eq!(brengen(&tweede, tweede.oin, &ander, None).await.status(), 204, "another newcomer");
    assert_eq!(lezen(&Deelnemer::new(&regio, &hub, "veilig-thuis")).await.status(), 200, "a partner");
    // And who waits as long as it was told comes in with what is good.
    wachten_tot("its turn", async || (brengen(&nieuw, nieuw.oin, &goed, None).await.status() == 204).then_some(())).await;
    let _known = nieuw.token("gids").await;
}

/// With a certificate for each of many numbers, somebody outside fills what newcomers have together, and takes nothing of a partner's room.
#[tokio::test(flavor = "multi_thread")]
async fn bodies_of_newcomers_leave_partners_their_room() {
    // Of 128 MiB: a sixty-fourth of what is for long bodies, and a quarter of that for each.
    const SAMEN: usize = 96 * 1024 * 1024 / 64;
    const STUK: usize = 260_000;
    let mut regio = Regio::maken();
    let buiten: Vec<_> = (1..=7).map(|n| (format!("buiten-{n}"), format!("0000009900000002{n}000"))).collect();
    let goed: Vec<_> = buiten.iter().map(|(naam, oin)| erbij(&mut regio, (naam, oin))).collect();
    uit_gids(&regio, &goed.iter().map(|g| wat(g).oin).collect::<Vec<_>>());
    // Time to look at a body that does not end.
    let map = regio.kamer("ruim", "");
    let toml = fs::read_to_string(map.join("hub.toml")).unwrap();
    let lang = toml.replace("inlezen_seconden = 2", "inlezen_seconden = 600");
    assert_ne!(lang, toml);
    fs::write(map.join("hub.toml"), lang).unwrap();
    let hub = Hub::in_map(Path::new(env!("CARGO_BIN_EXE_inbreng")), &map);
    let bezet = async || usize::try_from(hub.getal("inbreng_verzoeken_onderhanden_bytes").await).unwrap();
    let beginnen = |(naam, oin): &(String, String), bytes: usize| {
        let mut verbinding = verbinden(&hub, &config_van(&regio, naam, &[&TLS13], &[]));
        let kop = format!(
            "PUT /v1/partners/{oin}/vermelding HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 262144\r\n\r\n"
        );
        verbinding.write_all(&[kop.as_bytes(), &vec![b' '; bytes]].concat()).unwrap();
        verbinding
    };
    let antwoord = |mut verbinding: Verbinding| {
        let mut tekst = String::new();
        let _closed = verbinding.read_to_string(&mut tekst);
        tekst
    };
    let mut onderweg = Vec::new();
    for (nummer, een) in buiten[..6].iter().enumerate() {
        onderweg.push(beginnen(een, STUK));
        wachten_tot("a body to be held", async || (bezet().await == (nummer + 1) * STUK).then_some(())).await;
        if nummer == 0 {
            // It has its quarter, and no more.
            let eigen = antwoord(beginnen(een, SAMEN / 4 - STUK + 1));
            assert!(eigen.starts_with("HTTP/1.1 429") && eigen.contains("\"te-vaak\""), "{eigen}");
        }
    }
    // And the next finds what all have together full: one byte more is too much.
    let samen = antwoord(beginnen(&buiten[6], SAMEN - 6 * STUK + 1));
    assert!(samen.starts_with("HTTP/1.1 503") && samen.contains("\"opslag-niet-beschikbaar\""), "{samen}");
    // A partner has all of its own.
    let [politie, vt] = ["politie", "veilig-thuis"].map(|naam| Deelnemer::new(&regio, &hub, naam));
    let verhaal = "Er was ruzie. ".repeat(4 * 1024);
    let brief = Brief::incidentmelding(&regio, &politie.partner, &vt.partner, &verhaal).bytes();
    // A long one, which would not fit what they left.
    assert!(brief.len() > (64 * 1024).max(SAMEN - 6 * STUK), "{}", brief.len());
    let _taken = politie.sturen(brief).await.met_status(202);
    // And who waits its turn comes in.
    drop(onderweg);
    wachten_tot("the room to be free", async || (bezet().await == 0).then_some(())).await;
    let zevende = Client::partner(&regio, &hub, &buiten[6].0);
    assert_eq!(brengen(&zevende, zevende.oin, &goed[6], None).await.status(), 204);
}
