//! Certificates that stop being good while their connection lives.

use std::fs;

use inbreng_certs::Certificaatsoort;
use inbreng_harness::{Brief, Client, Deelnemer, Hub, Regio, slug};
use reqwest::Method;
use time::Duration;

use crate::{probleem, starten, tokens::geldig_nog};

/// One more connection of the police, to be refused.
fn nieuw(regio: &Regio, hub: &Hub) -> Client {
    let map = regio.pki.partnermap(&slug("politie")).unwrap();
    Client::zal_worden_geweigerd(regio, hub, (map.tls_pem(), map.tls_key()), &map)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_certificate_is_refused_on_a_live_connection_and_on_a_new_one() {
    let mut regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let ggz = Client::partner(&regio, &hub, "ggz");
    let (van_politie, van_ggz) = (politie.token("gids").await, ggz.token("gids").await);
    let vragen = |client: &Client, token: &str| client.aanroep(Method::GET, "/v1/partners").token(token);
    assert_eq!(vragen(&politie, &van_politie).sturen().await.status(), 200);

    regio.pki.intrekken(&slug("politie"), &[Certificaatsoort::Tls]).unwrap();
    hub.signaal("HUP");
    Hub::wachten_op(&regio, "herladen", 1).await;
    probleem(vragen(&politie, &van_politie).sturen().await, 403, "certificaat-ingetrokken", "live").await;
    let antwoord = politie.aanvragen(&politie.aanvraag("gids")).await;
    assert_eq!(probleem(antwoord, 403, "certificaat-ingetrokken", "token").await["error"], "invalid_client");
    // A new connection does not get that far.
    assert!(vragen(&nieuw(&regio, &hub), &van_politie).proberen().await.is_err_and(|f| !f.is_timeout()));
    // Whoever was not revoked notices nothing.
    assert_eq!(vragen(&ggz, &van_ggz).sturen().await.status(), 200);

    // A revoked signing certificate: the connection is good, no new token.
    regio.pki.intrekken(&slug("ggz"), &[Certificaatsoort::Ondertekening]).unwrap();
    hub.signaal("HUP");
    Hub::wachten_op(&regio, "herladen", 2).await;
    probleem(ggz.aanvragen(&ggz.aanvraag("gids")).await, 403, "partner-onbekend", "signing certificate revoked").await;
}

/// A long poll that hangs while its caller is revoked: what then comes for it stays where it is.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_revoked_while_waiting_gets_no_delivery() {
    let mut regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Deelnemer::new(&regio, &hub, "politie");
    let wacht = Client::partner(&regio, &hub, "veilig-thuis");
    let vraag = wacht.aanroep(Method::GET, "/v1/postvak?wacht=50").token(&wacht.token("postvak").await);
    let antwoord = tokio::spawn(vraag.sturen());
    // It must hang before the revocation, or it is refused at the door and this shows nothing.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;

    regio.pki.intrekken(&slug("veilig-thuis"), &[Certificaatsoort::Tls]).unwrap();
    hub.signaal("HUP");
    Hub::wachten_op(&regio, "herladen", 1).await;
    assert!(!antwoord.is_finished(), "answered while there was nothing");
    let brief = Brief::incidentmelding(&regio, &politie.partner, &regio.partner("veilig-thuis"), "Er was ruzie.");
    let _accepted = politie.sturen(brief.bytes()).await.met_status(202);
    probleem(antwoord.await.unwrap(), 403, "certificaat-ingetrokken", "a delivery after the revocation").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_while_waiting_gets_no_answer() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let token = geldig_nog(&regio, &politie, 3);
    let antwoord = politie.aanroep(Method::GET, "/v1/postvak?wacht=5").token(&token).sturen().await;
    probleem(antwoord, 401, "token-ongeldig", "ended while waiting").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_list_refuses_everyone_until_a_new_one_comes() {
    let mut regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let token = politie.token("gids").await;
    let vragen = |client: &Client| client.aanroep(Method::GET, "/v1/partners").token(&token);

    // A list that ends in a moment, noticed by the change of the file alone.
    regio.pki.crl(Duration::seconds(4)).unwrap();
    Hub::wachten_op(&regio, "herladen", 1).await;
    loop {
        let antwoord = vragen(&politie).sturen().await;
        if antwoord.status() == 503 {
            assert!(antwoord.headers().contains_key("retry-after"));
            probleem(antwoord, 503, "intrekkingslijst-verlopen", "list ended").await;
            break;
        }
        assert_eq!(antwoord.status(), 200);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(vragen(&nieuw(&regio, &hub)).proberen().await.is_err_and(|f| !f.is_timeout()), "new connections too");
    let gereed = reqwest::get(format!("http://{}/readyz", hub.beheer)).await.unwrap();
    assert_eq!(gereed.status(), 503);

    regio.pki.crl(Duration::days(1)).unwrap();
    hub.signaal("HUP");
    Hub::wachten_op(&regio, "herladen", 2).await;
    assert_eq!(vragen(&politie).sturen().await.status(), 200);
    assert_eq!(vragen(&Client::partner(&regio, &hub, "politie")).sturen().await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_used_leaves_what_is_in_use() {
    let regio = Regio::maken();
    let hub = starten(&regio);
    let politie = Client::partner(&regio, &hub, "politie");
    let token = politie.token("gids").await;
    fs::write(regio.pki.dir().join("crl.pem"), "geen lijst").unwrap();
    hub.signaal("HUP");
    Hub::wachten_op(&regio, "niet-herladen", 1).await;
    assert!(Hub::log(&regio).contains("\"sleutel\":\"pki"), "the key is named");
    let antwoord = Client::partner(&regio, &hub, "politie").aanroep(Method::GET, "/v1/partners").token(&token).sturen().await;
    assert_eq!(antwoord.status(), 200);
}
