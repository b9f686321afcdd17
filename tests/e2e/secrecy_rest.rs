//! What a thief of a running machine finds where nothing is being handled: an adapter that was started on a store with messages,
//! sent and received, holds no word of them in its memory until someone asks. (On the hub: `secrecy`.)

use inbreng_harness::{Adapter, Geheim, Kanaries, Regio, wachten_tot};
use serde_json::{Value, json};

use crate::{PROGRAMMA, hub, mutatie};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_in_the_memory_of_an_adapter_at_rest() {
    let regio = Regio::maken();
    let hub = hub(&regio, "hub", "");
    let mut politie = Adapter::starten(PROGRAMMA.as_ref(), &regio, "politie", hub.adres).await;
    let mut vt = Adapter::starten(PROGRAMMA.as_ref(), &regio, "veilig-thuis", hub.adres).await;
    let (mutaties, kanaries) = ([1, 2].map(|nummer| Geheim::in_mutatie(mutatie(nummer))), Geheim::kanaries());
    for mutatie in &mutaties {
        let (status, antwoord) = politie.sturen("/mutaties/huiselijk-geweld?wacht=20", mutatie).await;
        assert_eq!((status, &antwoord["stand"]), (202, &json!("bevestigd")), "{antwoord}");
    }
    // The list that opens a delivery still shows how it stood before.
    let is_open = |l: &Value| l["lichaam"].is_object() && l["stand"] == "geopend";
    let open = async |vt: &Adapter| vt.postbus().await.into_iter().filter(is_open).collect::<Vec<_>>();
    let getoond = wachten_tot("both deliveries", async || Some(open(&vt).await).filter(|l| l.len() == 2)).await;
    // The search finds what it looks for, where it is being handled.
    let erin = Geheim::klassen_in(mutaties[0].to_string().as_bytes());
    assert_eq!(Geheim::klassen_in(json!(getoond).to_string().as_bytes()), erin, "{getoond:?}");
    assert!(!kanaries.in_bytes(&vt.geheugen()).is_empty());

    // Both have them in their stores, not yet taken by the own system of Veilig Thuis; both are started on those.
    politie.kill_9();
    vt.kill_9();
    politie.herstarten().await;
    vt.herstarten().await;
    for adapter in [&politie, &vt] {
        let geheugen = adapter.geheugen();
        // The search reaches what the adapter does hold: the number of the hub.
        assert!(!Kanaries::new([regio.knooppunt().to_string()]).in_bytes(&geheugen).is_empty());
        let gevonden = kanaries.in_bytes(&geheugen);
        assert!(gevonden.is_empty(), "{}: {gevonden:?}", adapter.map().display());
        let logtekst = adapter.logtekst();
        assert!(kanaries.in_bytes(logtekst.as_bytes()).is_empty(), "{logtekst}");
    }
    // They are there all the same, and are opened when the own system asks.
    assert_eq!(open(&vt).await, getoond);
}
