//! Where the hub brings deliveries, through three hands: `inbreng-adapter terugroep`.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    beleid::{Uit, opdracht},
    eigen_systeem::EigenSysteem,
    nieuw::meetekenen,
    regio::{Partner, Regio},
};

const ADRES: &str = "https://adapter.example:9443/leveringen";

async fn terugroep(woorden: &[&str], config: &Path, getypt: &'static str) -> Uit {
    let config = ["--config", config.to_str().unwrap()];
    opdracht("terugroep", woorden.iter().chain(&config).map(|w| (*w).to_owned()).collect(), getypt).await
}

fn lezen(pad: &Path) -> Value {
    serde_json::from_slice(&fs::read(pad).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_callback_is_made_signed_too_and_brought_by_commands() {
    let regio = Regio::nieuw().await;
    let [politie, vt] = [Partner::Politie, Partner::VeiligThuis].map(|p| regio.config_bestand(p, &EigenSysteem::start(), 0));
    let [gemaakt, mee] = ["terugroep.json", "mee.json"].map(|naam| regio.pad(naam));
    let [gemaakt_tekst, mee_tekst] = [&gemaakt, &mee].map(|pad| pad.to_str().unwrap());

    // The organisation says where and how often; nothing is sent.
    let maken = ["maken", "--adres", ADRES, "--pogingen", "50", "--uit", gemaakt_tekst];
    terugroep(&maken, &politie, "nee\n").await.mislukt("U zei geen ja.");
    assert!(!gemaakt.exists());
    let gezien = terugroep(&maken, &politie, "ja\n").await.gelukt();
    assert!(gezien.klacht.contains(&format!("naar {ADRES}\n")) && gezien.klacht.contains("na 50 pogingen"), "{}", gezien.klacht);
    let korter = ["maken", "--adres", ADRES, "--pauzes", "60,1", "--uit", gemaakt_tekst, "--ja"];
    terugroep(&korter, &politie, "").await.mislukt("geen pauze korter dan de vorige");
    terugroep(&["brengen", gemaakt_tekst], &politie, "").await.mislukt("terugroep.json");

    // The covenant manager sees whose it is and where it leads.
    meetekenen("terugroep", &regio, &gemaakt, &mee, "nee\n").await.mislukt("U zei geen ja.");
    let gezien = meetekenen("terugroep", &regio, &gemaakt, &mee, "ja\n").await.gelukt();
    assert!(gezien.klacht.contains(ADRES) && gezien.klacht.contains("Politie Voorbeeldregio"), "{}", gezien.klacht);

    // The hub takes it, of the organisation that signed it alone.
    terugroep(&["brengen", mee_tekst], &vt, "").await.mislukt("uw organisatie tekende dit niet");
    let na = terugroep(&["brengen", mee_tekst, "--json"], &politie, "").await.gelukt().json();
    assert_eq!((&na["volgnummer"], &na["adres"], &na["schema"]["pogingen"]), (&json!(1), &json!(ADRES), &json!(50)));
    let mut zonder = lezen(&mee);
    zonder.as_object_mut().unwrap().remove("medeondertekening");
    fs::write(&gemaakt, zonder.to_string()).unwrap();
    terugroep(&["brengen", gemaakt_tekst], &politie, "").await.mislukt("de convenantbeheerder tekende haar niet mee");

    // The next has the next number. Where an adapter takes nothing, whoever signs is warned.
    let elders = ["maken", "--adres", "https://adapter.example:9443", "--uit", gemaakt_tekst, "--ja"];
    let gezien = terugroep(&elders, &politie, "").await.gelukt();
    assert!(gezien.klacht.contains("Verklaring 2 van") && gezien.klacht.contains("LET OP"), "{}", gezien.klacht);
    let certificaten = lezen(&gemaakt)["certificaten"].clone();

    // That it ends, the organisation says alone; what was before does not come back.
    terugroep(&["maken", "--uit", gemaakt_tekst, "--ja"], &politie, "").await.gelukt();
    let einde = json!({ "verklaring": lezen(&gemaakt)["verklaring"], "certificaten": certificaten });
    fs::write(regio.pad("einde.json"), einde.to_string()).unwrap();
    meetekenen("terugroep", &regio, &regio.pad("einde.json"), &regio.pad("x.json"), "ja\n").await.mislukt("noemt geen adres");
    let na = terugroep(&["brengen", gemaakt_tekst], &politie, "").await.gelukt();
    assert!(na.gezegd.contains("Het knooppunt brengt niets meer"), "{}", na.gezegd);
    terugroep(&["brengen", mee_tekst], &politie, "").await.mislukt("volgnummer-bezet");
}
