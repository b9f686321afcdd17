//! A reissued certificate takes nothing away that is under way: mail, view-only parts, and what was sealed and not yet taken.

use inbreng_certs::Certificaatsoort;
use inbreng_domain::{
    ProblemCode,
    toets::{Toetsantwoord, Toetsontvanger, Toetsverzoek},
    vocabulary::Doel,
};
use inbreng_harness::{Adapter, Brief, Deelnemer, Regio, Stuk, slug, wachten_tot};
use inbreng_proof::jws::unverified_kid;
use serde_json::{Value, json};

use crate::{
    PROGRAMMA, hub,
    lying_hub::{LyingHub, alles_mag},
    mutatie,
};

/// The sender's certificate is reissued while its message waits. It opens and is read afterwards, unless the certificate of
/// before was revoked.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_before_is_delivered_and_read_after() {
    for ingetrokken in [false, true] {
        let mut regio = Regio::maken();
        let hub = hub(&regio, "hub", "");
        let mut vt = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", hub.adres).await;
        vt.kill_9();
        let politie = Deelnemer::new(&regio, &hub, "politie");
        let ontvanger = regio.partner("veilig-thuis");
        let stuk = |tekst: &str| Stuk::incident(Doel::Beoordelen, tekst, &[&ontvanger]);
        let brief = Brief::new(&regio, &politie.partner, "incidentmelding")
            .opent()
            .aan(&[&ontvanger])
            .met(stuk("Er was ruzie."))
            .met(stuk("Alleen om in te zien.").alleen_inzien());
        let _accepted = politie.sturen(brief.bytes()).await.met_status(202);

        if ingetrokken {
            regio.pki.intrekken(&slug("politie"), &[Certificaatsoort::Ondertekening]).unwrap();
        }
        regio.pki.heruitgeven(&slug("politie")).unwrap();
        hub.signaal("HUP");
        wachten_tot("the directory", async || (hub.logregels("gids-gevuld").len() > 1).then_some(())).await;
        vt.herstarten().await;

        let inzien = format!("/inzage/{}", brief.delen[1].id);
        if ingetrokken {
            let weigering = wachten_tot("the refusal", async || {
                politie.status(brief.id).await["ontvangers"][0]["weigering"].as_str().map(str::to_owned)
            })
            .await;
            assert_eq!(weigering, "handtekening-ongeldig");
            assert_eq!(vt.sturen(&inzien, &json!({"functie": "triagist", "doel": "beoordelen"})).await.0, 404);
            continue;
        }
        wachten_tot("the delivery", async || vt.postbus().await.iter().any(|l| l["stand"] == "geopend").then_some(())).await;
        let (status, gelezen) = vt.sturen(&inzien, &json!({"functie": "triagist", "doel": "beoordelen"})).await;
        assert_eq!((status, &gelezen["inhoud"]["toelichting"]), (200, &json!("Alleen om in te zien.")), "{gelezen}");
    }
}

/// A sealed message is refused since recipient or sender was reissued: it is checked, sealed and signed again. Where that made
/// no difference, the refusal is final: nothing turns for ever.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_before_is_made_again_after() {
    for (nummer, (wie, code)) in
        [("veilig-thuis", ProblemCode::SleutelOnbekend), ("politie", ProblemCode::HandtekeningOngeldig)].into_iter().enumerate()
    {
        let mut regio = Regio::maken();
        let hub = LyingHub::starten(&regio);
        hub.liegt(eerlijk(&regio));
        let mut politie = Adapter::starten(PROGRAMMA.as_ref(), &regio, "politie", hub.adres).await;
        let mutatie = mutatie(nummer);
        let _not_confirmed = politie.sturen("/mutaties/huiselijk-geweld?wacht=1", &mutatie).await;
        wachten_tot("the first attempt", async || (!hub.verstuurd().is_empty()).then_some(())).await;
        let eerst = sleutels(&hub.verstuurd()[0]);

        politie.kill_9();
        regio.pki.heruitgeven(&slug(wie)).unwrap();
        hub.gids_opnieuw(&regio);
        hub.liegt(eerlijk(&regio));
        hub.weigert(code);
        politie.herstarten().await;
        let kenmerk = format!("/verzonden/{}", mutatie["registratienummer"].as_str().unwrap());
        wachten_tot("the end", async || (politie.ophalen(&kenmerk).await.1["stand"] == "geweigerd").then_some(())).await;
        let laatst = sleutels(hub.verstuurd().last().unwrap());
        let (zelfde, anders) = if wie == "politie" { (1, 0) } else { (0, 1) };
        assert_ne!(eerst[anders], laatst[anders], "{wie}: sent as it was");
        assert_eq!(eerst[zelfde], laatst[zelfde], "{wie}");
        let partner = regio.partner(wie);
        assert!(laatst.iter().flatten().any(|kid| kid == partner.sleutel.kid() || kid == partner.zegel.kid()), "{wie}");
    }
}

/// An answer as the hub would give it: the recipient with its statements of now.
fn eerlijk(regio: &Regio) -> impl Fn(&Toetsverzoek) -> Toetsantwoord + Send + use<> {
    let (beleid, oin) = (regio.beleid, regio.partner("veilig-thuis").oin);
    let gids = regio.pki.gidsvermelding(&slug("veilig-thuis")).unwrap();
    move |vraag| {
        let geadresseerde = vraag.geadresseerden.first().cloned();
        alles_mag(beleid, vraag, vec![Toetsontvanger { geadresseerde, oin, gids: gids.clone() }])
    }
}

/// Under which keys a message was signed, and sealed for others than its sender.
fn sleutels(envelop: &Value) -> [Vec<String>; 2] {
    let handtekening = envelop["data"]["kop"]["handtekening"].as_str().unwrap();
    let wraps = envelop["data"]["delen"][0]["inhoud"]["recipients"].as_array().unwrap();
    let kids = wraps.iter().skip(1).map(|w| w["header"]["kid"].as_str().unwrap().to_owned());
    [vec![unverified_kid(handtekening).unwrap()], kids.collect()]
}
