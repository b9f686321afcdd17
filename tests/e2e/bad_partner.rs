//! Who is not let in at all: certificates that do not hold, over real TLS. Tokens, assertions and revocation: `tests/denial`.

use inbreng_certs::Partnermap;
use inbreng_domain::envelope::MEDIA_TYPE;
use inbreng_harness::{Antwoord, Brief, Client, Deelnemer, Hub, Regio, slug, wachten_tot};
use reqwest::Method;

use crate::hub;

/// The handshake ends in an alert, and the log names the certificate by thumbprint and the reason, and nobody.
async fn geen_verbinding(regio: &Regio, hub: &Hub, tls: &Partnermap, wat: &str) {
    let eerder = hub.logregels("certificaat-afgewezen").len();
    let client = Client::zal_worden_geweigerd(regio, hub, (tls.tls_pem(), tls.tls_key()), &regio.partner("politie").map);
    let fout = client.proberen_aan_te_vragen(&client.aanvraag("berichten")).await.unwrap_err();
    assert!(fout.status().is_none() && !fout.is_timeout(), "{wat}: {fout:?}");
    let nieuwe = async || Some(hub.logregels("certificaat-afgewezen").split_off(eerder)).filter(|r| !r.is_empty());
    let regel = wachten_tot("the log line", nieuwe).await.remove(0);
    assert_eq!(regel["vingerafdruk"].as_str().unwrap().len(), 43, "{wat}: {regel}");
    assert!(regel["reden"].is_string() && regel.as_object().unwrap().len() == 6, "{wat}: {regel}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_does_not_hold() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let politie = Deelnemer::new(&regio, &hub, "politie");
    let token = politie.token("berichten").await.unwrap();
    let melding = Brief::incidentmelding(&regio, &politie.partner, &regio.partner("veilig-thuis"), "Er was ruzie.").bytes();
    let begin = hub.tellingen().await;

    // No certificate: a problem that says what to do, also with a token that someone else may use.
    let zonder = Client::met(&regio, &hub, None, &politie.partner.map);
    let fout = Antwoord::lezen(zonder.aanvragen(&politie.client.aanvraag("berichten")).await).await.unwrap();
    let fout = fout.met_status(401).probleem();
    assert_eq!((fout.code.as_str(), fout.error.as_deref()), ("geen-certificaat", Some("invalid_client")));
    let gestolen = zonder.aanroep(Method::POST, "/v1/berichten").token(&token).kop("content-type", MEDIA_TYPE);
    let fout = Antwoord::lezen(gestolen.lijf(melding.clone()).sturen().await).await.unwrap();
    assert_eq!(fout.met_status(401).probleem().code.as_str(), "geen-certificaat");

    // The same names and numbers under another root.
    let vreemd = regio.pki.vreemde_pki(&regio.pad("vreemd")).unwrap();
    geen_verbinding(&regio, &hub, &vreemd.partnermap(&slug("politie")).unwrap(), "another root").await;
    // Expired yesterday, under the real one.
    let verlopen = regio.pki.verlopen_certificaten(&slug("politie"), &regio.pad("verlopen")).unwrap();
    geen_verbinding(&regio, &hub, &verlopen, "expired").await;
    // A certificate for signing is not one for connections.
    let tekenend = Client::zal_worden_geweigerd(
        &regio,
        &hub,
        (politie.partner.map.ondertekening_pem(), politie.partner.map.ondertekening_key()),
        &politie.partner.map,
    );
    assert!(tekenend.proberen_aan_te_vragen(&tekenend.aanvraag("berichten")).await.is_err());

    // A good certificate of an organisation that is not in the directory: the hub's own.
    let zelf = Client::met(&regio, &hub, Some(&regio.pki.knooppuntmap()), &politie.partner.map);
    let fout = Antwoord::lezen(zelf.aanvragen(&zelf.aanvraag("berichten")).await).await.unwrap();
    assert_eq!(fout.met_status(403).probleem().code.as_str(), "partner-onbekend");

    // Nothing came of any of it, and others go on.
    assert_eq!(hub.tellingen().await, begin);
    let _accepted = politie.sturen(melding).await.met_status(202);
}
