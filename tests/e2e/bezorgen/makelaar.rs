//! Two hubs and the RabbitMQ between them: while it is gone everything is accepted, what waits is seen, and it comes in order; and
//! what lies at it says nothing of anybody.

use inbreng_harness::{
    Geheim, Kanaries, Klasse,
    rabbitmq::{Cluster, Makelaar},
};

use super::{
    knooppunten::{hubs_op, ontvangen},
    *,
};

/// A single node of RabbitMQ 3.10 that is killed within a second or two of making a queue elects no leader for it afterwards
/// (docs/operations/rabbitmq.md): that is not what this is about.
const NA_HET_MAKEN: Duration = Duration::from_secs(5);

async fn verbonden(hubs: &[Hub], of: bool) {
    for hub in hubs {
        wachten_tot("the bus", async || (hub.readyz().await["bus"]["verbonden"] == of).then_some(())).await;
    }
}

/// A further five messages in one case, at one hub after the other.
async fn vijf(regio: &Regio, bij: &[Deelnemer], aan: &Partner, casus: &mut Vec<Brief>) {
    for wie in bij.iter().cycle().take(5) {
        let brief = match casus.first() {
            None => melding(regio, wie, aan),
            Some(eerste) => nog_een(regio, wie, aan, eerste),
        };
        sturen(wie, &brief).await;
        casus.push(brief);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ and PostgreSQL: cargo xtask test --only rabbitmq"]
async fn a_broker_that_is_gone_holds_no_message_up_on_rabbitmq() {
    let (regio, makelaar) = (Regio::maken(), Makelaar::starten());
    let (hubs, _) = hubs_op(&regio, &makelaar.tabel());
    let vt = Deelnemer::new(&regio, &hubs[0], "veilig-thuis");
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Tekent);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 5, 100)).await;
    verbonden(&hubs, true).await;
    tokio::time::sleep(NA_HET_MAKEN).await;
    let politie: Vec<_> = hubs.iter().map(|hub| Deelnemer::new(&regio, hub, "politie")).collect();
    let mut casus = Vec::new();
    vijf(&regio, &politie, &vt.partner, &mut casus).await;
    ontvangen(&hubs).await;

    makelaar.doe("kill");
    verbonden(&hubs, false).await;
    // Accepted as before, and brought by whoever finds it due.
    vijf(&regio, &politie, &vt.partner, &mut casus).await;
    ontvangen(&hubs).await;
    // The recipient is gone too: what waits is seen, at the hub that is ready as before.
    punt.wordt(Gedrag::Zegt(503));
    vijf(&regio, &politie, &vt.partner, &mut casus).await;
    for hub in &hubs {
        let stand = hub.readyz().await;
        assert!(stand["gereed"] == true && stand["bus"]["onbevestigd"].as_u64() > Some(0), "{stand}");
        let metrics = reqwest::get(format!("http://{}/metrics", hub.beheer)).await.unwrap().text().await.unwrap();
        for regel in ["inbreng_leveringen_open 5\n", "inbreng_bus_verbonden 0\n"] {
            assert!(metrics.contains(regel), "{regel} in {metrics}");
        }
    }

    makelaar.doe("start");
    verbonden(&hubs, true).await;
    punt.wordt(Gedrag::Tekent);
    vijf(&regio, &politie, &vt.partner, &mut casus).await;
    ontvangen(&hubs).await;
    for hub in &hubs {
        let alles = async || (hub.readyz().await["bus"]["onbevestigd"] == 0).then_some(());
        wachten_tot("every sign to be confirmed", alles).await;
    }
    let verstuurd: Vec<_> = casus.iter().map(|brief| brief.id.to_string()).collect();
    assert_eq!(punt.genomen(), verstuurd, "in order, each once");
}

/// Three nodes that are one broker: every queue lies on all of them, and whichever is killed, the hubs are with the others within a moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ and PostgreSQL: cargo xtask test --only rabbitmq"]
async fn a_node_of_three_that_is_killed_takes_nothing_with_it_on_rabbitmq() {
    const KNOPEN: usize = 3;
    let (regio, cluster) = (Regio::maken(), Cluster::starten(KNOPEN));
    let (hubs, url) = hubs_op(&regio, &cluster.tabel());
    let vt = Deelnemer::new(&regio, &hubs[0], "veilig-thuis");
    let punt = punt(&regio, &vt, "veilig-thuis", Gedrag::Tekent);
    aanmelden(&regio, &vt, "veilig-thuis", 1, punt.adres, schema(1, 5, 100)).await;
    verbonden(&hubs, true).await;
    let overal = async || {
        let alle = || {
            let rijen = cluster.rijen(2);
            (rijen.len() > 1 && rijen.iter().all(|(_, knopen)| *knopen == KNOPEN)).then_some(())
        };
        wachten_tot("every queue on every node", async || tokio::task::block_in_place(alle)).await;
    };
    overal().await;
    tokio::time::sleep(NA_HET_MAKEN).await;
    let politie: Vec<_> = hubs.iter().map(|hub| Deelnemer::new(&regio, hub, "politie")).collect();
    let mut casus = Vec::new();
    vijf(&regio, &politie, &vt.partner, &mut casus).await;

    // First the one that both hubs are connected to, then the next.
    for knoop in 0..2 {
        let eerder = hubs[0].getal("inbreng_bus_verbindingen_total").await;
        vijf(&regio, &politie, &vt.partner, &mut casus).await;
        cluster.doe(knoop, "kill");
        // Without it: accepted, brought, and confirmed by the two that are left.
        vijf(&regio, &politie, &vt.partner, &mut casus).await;
        ontvangen(&hubs).await;
        if knoop == 0 {
            let elders = async || (hubs[0].getal("inbreng_bus_verbindingen_total").await > eerder).then_some(());
            wachten_tot("a connection to another node", elders).await;
        }
        verbonden(&hubs, true).await;
        vijf(&regio, &politie, &vt.partner, &mut casus).await;
        ontvangen(&hubs).await;
        for hub in &hubs {
            let alles = async || (hub.readyz().await["bus"]["onbevestigd"] == 0).then_some(());
            wachten_tot("every sign to be confirmed by two nodes", alles).await;
        }
        cluster.doe(knoop, "start");
        overal().await;
    }
    vijf(&regio, &politie, &vt.partner, &mut casus).await;
    ontvangen(&hubs).await;
    let verstuurd: Vec<_> = casus.iter().map(|brief| brief.id.to_string()).collect();
    assert_eq!(punt.genomen(), verstuurd, "in order, each once");
    assert_eq!(hubs[1].tellingen().await["berichten"], verstuurd.len());
    let kop = politie[0].checkpoint().await;
    for hub in hubs {
        assert!(hub.stoppen());
    }
    crate::log_klopt(Path::new(&url), &kop, &regio.pki.knooppuntmap().ondertekening_pem());
}

/// Numbers of organisations and deliveries travel, and nothing else: not in its files, of whatever age, nor in its memory.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs RabbitMQ and PostgreSQL: cargo xtask test --only rabbitmq"]
async fn a_broker_holds_numbers_and_nothing_else_on_rabbitmq() {
    let (regio, makelaar) = (Regio::maken(), Makelaar::starten());
    let (hubs, _) = hubs_op(&regio, &makelaar.tabel());
    verbonden(&hubs, true).await;
    tokio::time::sleep(NA_HET_MAKEN).await;
    let vt = Deelnemer::new(&regio, &hubs[1], "veilig-thuis");
    let politie = Deelnemer::new(&regio, &hubs[0], "politie");
    let mut geheim: Vec<String> = Klasse::ALLE.into_iter().flat_map(Klasse::woorden).map(|w| (*w).to_owned()).collect();
    let mut leveringen = Vec::new();
    for _ in 0..10 {
        let brief = Geheim::melding(&regio, &politie.partner, &vt.partner);
        let bytes = brief.bytes();
        let envelop: Value = serde_json::from_slice(&bytes).unwrap();
        sturen(&politie, &brief).await;
        geheim.extend([brief.id.to_string(), brief.casus.unwrap().to_string(), brief.berichttype.to_string()]);
        geheim.push(envelop["data"]["delen"][0]["inhoud"]["ciphertext"].as_str().unwrap().chars().take(64).collect());
        geheim.extend(brief.delen.iter().flat_map(|d| d.betrokkenen.iter().map(ToString::to_string)));
        let levering = vt.postvak().await.remove(0);
        leveringen.push(levering["id"].as_str().unwrap().to_owned());
        vt.ontvangen(&levering).await;
    }
    for hub in &hubs {
        wachten_tot("confirmed", async || (hub.readyz().await["bus"]["onbevestigd"] == 0).then_some(())).await;
    }
    let geheimen = Kanaries::new(geheim);
    let gevonden = geheimen.in_bytes(&makelaar.geheugen());
    assert!(gevonden.is_empty(), "in memory: {gevonden:?}");
    makelaar.doe("kill");
    let gevonden = geheimen.onder(makelaar.map());
    assert!(gevonden.is_empty(), "on disk: {gevonden:?}");
    // The search finds what does lie there.
    let nummers = Kanaries::new(leveringen).onder(makelaar.map());
    assert!(!nummers.is_empty(), "no sign of a delivery lies at the broker");
}
