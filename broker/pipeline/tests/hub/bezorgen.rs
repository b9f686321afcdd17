//! Bringing deliveries, one step at a time: what is brought, when it is tried again, and what ends it. The recipient is
//! played; the hub and its store are real.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use inbreng_domain::{
    BerichtId, Clock, LeveringId, PersoonRef, Randomness,
    antwoorden::{Leveringstand, Ontvangerstatus, Verklaringverzoek},
    levering::Levering,
    problem::ProblemCode,
    randomness::SeededRandomness,
    terugroep::{Bestemming, Bezorggrens, Bezorgreden, Bezorgschema, Herbezorging, Terugroep, Terugroepverzoek},
    versie::Beheerfunctie,
    vocabulary::{Doel, Toegangswijze, Urgentie},
};
use inbreng_pipeline::bezorgen::{Antwoord, Bezorgdienst, Bezorger, Bezorgfout, Bezorglijn, Ruimte, Zending};
use inbreng_proof::{SystemRandomness, Typ, gids::medeonderteken, jws, parse_strict_as};
use serde_json::json;
use time::Duration;

use crate::{
    effects, eigenaar,
    feiten::{intrekken, nog_een_melding, op_zaak},
    wereld::{Brief, Organisatie, Wereld, nu, ontvangst},
};

/// A recipient that does what it is told, in turn; at the end the last for ever.
#[derive(Debug, Default)]
struct Speler {
    gekomen: Mutex<Vec<(Levering, u32)>>,
    genomen: Mutex<Vec<BerichtId>>,
    antwoorden: Mutex<VecDeque<Result<Antwoord, Bezorgfout>>>,
}

fn zegt(status: u16) -> Result<Antwoord, Bezorgfout> {
    Ok(Antwoord { status, pas_na: None, lichaam: Vec::new() })
}

impl Speler {
    fn doet(&self, antwoorden: impl IntoIterator<Item = Result<Antwoord, Bezorgfout>>) {
        *self.antwoorden.lock().unwrap() = antwoorden.into_iter().collect();
    }

    /// What it took, in order.
    fn genomen(&self) -> Vec<BerichtId> {
        self.genomen.lock().unwrap().clone()
    }

    fn gekomen(&self) -> Vec<(BerichtId, u32)> {
        self.gekomen.lock().unwrap().iter().map(|(l, poging)| (l.bericht.id, *poging)).collect()
    }
}

#[async_trait]
impl Bezorger for Speler {
    async fn bezorgen(&self, zending: Zending) -> Result<Antwoord, Bezorgfout> {
        let levering: Levering = parse_strict_as(zending.inhoud.as_bytes(), 40).unwrap();
        assert_eq!(levering.id, zending.levering);
        self.gekomen.lock().unwrap().push((levering, zending.poging));
        let bericht = self.gekomen.lock().unwrap().last().unwrap().0.bericht.id;
        let mut antwoorden = self.antwoorden.lock().unwrap();
        let antwoord = antwoorden.pop_front().unwrap_or_else(|| zegt(202));
        if antwoorden.is_empty() {
            antwoorden.push_back(antwoord.clone());
        }
        if antwoord.as_ref().is_ok_and(|a| a.status < 300) {
            self.genomen.lock().unwrap().push(bericht);
        }
        antwoord
    }
}

fn schema(pogingen: u32) -> Bezorgschema {
    Bezorgschema::new(vec![10, 20, 40], 5, pogingen, 3_600).unwrap()
}

pub(crate) fn verzoek(w: &Wereld, wie: &Organisatie, volgnummer: u32, bestemming: Option<Bestemming>) -> Terugroepverzoek {
    let met_adres = bestemming.is_some();
    let terugroep = Terugroep { oin: wie.oin, volgnummer, bestemming, tijd: nu() };
    let verklaring = jws::sign(&wie.sleutel, Typ::Terugroep, &terugroep).unwrap();
    let mede = medeonderteken(&w.beheerder, verklaring.clone(), nu()).unwrap();
    Terugroepverzoek { verklaring, medeondertekening: met_adres.then_some(mede.medeondertekening) }
}

pub(crate) fn hierheen(pogingen: u32) -> Option<Bestemming> {
    Some(Bestemming { adres: "https://adapter.example/leveringen".parse().unwrap(), schema: schema(pogingen) })
}

/// A world in which Veilig Thuis has its deliveries brought.
async fn toneel(pogingen: u32) -> (Wereld, Arc<Speler>, Bezorglijn) {
    let w = Wereld::new().await;
    let (speler, lijn) = brengt(&w, &w.vt, pogingen).await;
    (w, speler, lijn)
}

/// From now on this partner has its deliveries brought.
async fn brengt(w: &Wereld, wie: &Organisatie, pogingen: u32) -> (Arc<Speler>, Bezorglijn) {
    w.hub.terugroep_plaatsen(wie.oin, &verzoek(w, wie, 1, hierheen(pogingen))).await.unwrap();
    let speler = Arc::new(Speler::default());
    let lijn = Bezorgdienst::new(w.hub.clone(), speler.clone(), Ruimte::default()).lijn(wie.oin);
    (speler, lijn)
}

async fn bij_vt(w: &Wereld, id: BerichtId) -> Ontvangerstatus {
    w.hub.status(w.politie.oin, id).await.unwrap().ontvangers.remove(0)
}

async fn gestuurd(w: &Wereld, brief: Brief) -> BerichtId {
    w.aangenomen(&brief).await;
    brief.id
}

#[tokio::test]
async fn a_callback_needs_its_own_signature_and_for_an_address_the_covenant_managers() {
    let w = Wereld::new().await;
    let goed = verzoek(&w, &w.vt, 1, hierheen(3));
    let code = async |van: &Organisatie, verzoek: &Terugroepverzoek| match w.hub.terugroep_plaatsen(van.oin, verzoek).await {
        Ok(nummer) => panic!("placed as {nummer}"),
        Err(fout) => fout.code(),
    };
    assert_eq!(code(&w.om, &goed).await, ProblemCode::HandtekeningOngeldig);
    let namens = Terugroep { oin: w.vt.oin, volgnummer: 1, bestemming: None, tijd: nu() };
    let namens = jws::sign(&w.om.sleutel, Typ::Terugroep, &namens).unwrap();
    assert_eq!(code(&w.om, &Terugroepverzoek { verklaring: namens, medeondertekening: None }).await, ProblemCode::BronNietEigen);
    assert_eq!(code(&w.vt, &Terugroepverzoek { medeondertekening: None, ..goed.clone() }).await, ProblemCode::VeldOngeldig);
    let zelf = medeonderteken(&w.vt.sleutel, goed.verklaring.clone(), nu()).unwrap().medeondertekening;
    let zelf = Terugroepverzoek { medeondertekening: Some(zelf), ..goed.clone() };
    assert_eq!(code(&w.vt, &zelf).await, ProblemCode::HandtekeningOngeldig);
    // A statement of another use says nothing here.
    let anders = jws::sign(&w.vt.sleutel, Typ::Vermelding, &json!({})).unwrap();
    assert_eq!(code(&w.vt, &Terugroepverzoek { verklaring: anders, ..goed.clone() }).await, ProblemCode::HandtekeningOngeldig);
    assert!(w.store.terugroepen().await.unwrap().is_empty());

    assert_eq!(w.hub.terugroep_plaatsen(w.vt.oin, &goed).await.unwrap(), 1);
    assert_eq!(code(&w.vt, &verzoek(&w, &w.vt, 1, None)).await, ProblemCode::VolgnummerBezet);
    assert_eq!(w.hub.terugroep(w.vt.oin).await.unwrap(), (1, goed));
    let partners = w.hub.partners().partners;
    let schemas: Vec<_> = partners.iter().filter_map(|p| p.bezorgschema.clone().map(|s| (p.oin, s))).collect();
    assert_eq!(schemas, [(w.vt.oin, schema(3))]);
}

#[tokio::test]
async fn what_is_brought_is_what_the_mailbox_gives_and_2xx_stops_the_retries_only() {
    let (w, speler, mut lijn) = toneel(10).await;
    let (melding, _) = w.melding();
    let id = gestuurd(&w, melding).await;
    assert_eq!(lijn.leegmaken().await.unwrap(), 1);
    let gebracht = speler.gekomen.lock().unwrap()[0].0.clone();
    assert_eq!([gebracht], w.postvak(&w.vt).await[..], "byte for byte the same delivery");
    w.clock.advance(Duration::minutes(30));
    assert_eq!(lijn.leegmaken().await.unwrap(), 0, "taken is not tried again");
    let status = bij_vt(&w, id).await;
    assert_eq!(status.stand, Leveringstand::Onderweg);
    assert!(status.bezorging.unwrap().bezorgd_op.is_some());
    w.ontvangt(&w.vt).await;
    let status = bij_vt(&w, id).await;
    assert_eq!((status.stand, status.bezorging), (Leveringstand::Ontvangen, None));
}

#[tokio::test]
async fn a_signed_word_in_the_answer_counts_and_one_that_does_not_hold_changes_nothing() {
    let (w, speler, mut lijn) = toneel(10).await;
    let (melding, _) = w.melding();
    let id = gestuurd(&w, melding).await;
    let levering = w.postvak(&w.vt).await.remove(0);
    let met = |verklaring: String| {
        let lichaam = serde_json::to_vec(&Verklaringverzoek { verklaring }).unwrap();
        Ok(Antwoord { status: 200, pas_na: None, lichaam })
    };
    // Another's signature: the delivery was taken, and is not signed for.
    speler.doet([met(ontvangst(&w.om, &levering))]);
    lijn.leegmaken().await.unwrap();
    assert_eq!(bij_vt(&w, id).await.stand, Leveringstand::Onderweg);
    let (melding, _) = w.melding();
    let id = gestuurd(&w, melding).await;
    let levering = w.postvak(&w.vt).await.remove(1);
    speler.doet([met(ontvangst(&w.vt, &levering))]);
    lijn.leegmaken().await.unwrap();
    assert_eq!(bij_vt(&w, id).await.stand, Leveringstand::Ontvangen);
}

#[tokio::test]
async fn what_fails_is_tried_again_within_its_pause_and_dies_after_its_last_attempt() {
    let (w, speler, mut lijn) = toneel(4).await;
    speler.doet([zegt(422)]);
    let (melding, _) = w.melding();
    let id = gestuurd(&w, melding).await;
    for (poging, pauze) in (1..=4).zip([10, 20, 40, 40]) {
        assert_eq!(lijn.leegmaken().await.unwrap(), 1, "attempt {poging}");
        let bezorging = bij_vt(&w, id).await.bezorging.unwrap();
        assert_eq!((bezorging.pogingen, bezorging.reden), (poging, Some(Bezorgreden::Afgewezen)));
        if poging < 4 {
            let volgende = bezorging.volgende_poging.unwrap().since(w.clock.now());
            assert!(volgende > Duration::ZERO && volgende <= Duration::seconds(pauze), "{volgende}");
        }
        w.clock.advance(Duration::seconds(pauze));
    }
    let status = bij_vt(&w, id).await;
    assert_eq!((status.stand, status.bezorging.unwrap().grens), (Leveringstand::DodeLetter, Some(Bezorggrens::Pogingen)));
    assert_eq!(lijn.leegmaken().await.unwrap(), 0);
    assert_eq!(w.postvak(&w.vt).await.len(), 1, "who comes still gets it");
    assert!(w.hub.controleer_logboek().await.is_ok());

    let levering = w.hub.dode_letters(w.vt.oin, None).await.unwrap().dode_letters[0].levering;
    let daad = |door: &Organisatie, levering: LeveringId, tijd| {
        let daad = Herbezorging { levering, door: door.oin, functie: Beheerfunctie::PrivacyOfficer, tijd };
        jws::sign(&door.sleutel, Typ::Herbezorging, &daad).unwrap()
    };
    let nu = w.clock.now();
    let oud = daad(&w.vt, levering, nu.plus(-Duration::minutes(16)));
    assert_eq!(w.hub.herbezorgen(w.vt.oin, levering, &oud).await.unwrap_err().code(), ProblemCode::NietGelijk);
    let vreemd = daad(&w.om, levering, nu);
    assert_eq!(w.hub.herbezorgen(w.om.oin, levering, &vreemd).await.unwrap_err().code(), ProblemCode::NietGevonden);
    w.hub.herbezorgen(w.vt.oin, levering, &daad(&w.vt, levering, nu)).await.unwrap();
    speler.doet([zegt(202)]);
    assert_eq!(lijn.leegmaken().await.unwrap(), 1);
    assert_eq!(speler.gekomen().last(), Some(&(id, 1)), "as if it were new");
}

#[tokio::test]
async fn a_recipient_that_is_down_costs_one_attempt_at_a_time_and_is_noticed_when_it_is_back() {
    let (w, speler, mut lijn) = toneel(1_000).await;
    speler.doet([Err(Bezorgfout::Onbereikbaar)]);
    for _ in 0..40 {
        let (melding, _) = w.melding();
        gestuurd(&w, melding).await;
    }
    // A handful of attempts a minute at most, whatever waits.
    for _ in 0..50 {
        lijn.leegmaken().await.unwrap();
        w.clock.advance(Duration::minutes(1));
    }
    let pogingen = speler.gekomen().len();
    assert!((10..=70).contains(&pogingen), "{pogingen} attempts in fifty minutes for forty deliveries");
    speler.doet([zegt(202)]);
    for _ in 0..3 {
        w.clock.advance(Duration::minutes(1));
        lijn.leegmaken().await.unwrap();
    }
    let dood = w.hub.dode_letters(w.vt.oin, None).await.unwrap().dode_letters.len();
    assert_eq!(dood, 0);
    let genomen = speler.gekomen().len() - pogingen;
    assert_eq!(genomen, 40, "all of them at once, not each after its own pause");
}

/// Under the schedule that holds where a partner chose none.
#[tokio::test]
async fn a_recipient_that_is_down_for_a_day_gets_everything_when_it_is_back() {
    let (w, speler, mut lijn) = toneel(100).await;
    let bestemming = Bestemming { schema: Bezorgschema::default(), ..hierheen(100).unwrap() };
    w.hub.terugroep_plaatsen(w.vt.oin, &verzoek(&w, &w.vt, 2, Some(bestemming))).await.unwrap();
    speler.doet([Err(Bezorgfout::Onbereikbaar)]);
    let mut gestuurd_toen = Vec::new();
    for uur in 0..24 {
        if uur % 2 == 0 {
            let (melding, _) = w.melding();
            gestuurd_toen.push(gestuurd(&w, melding).await);
        }
        for _ in 0..60 {
            lijn.leegmaken().await.unwrap();
            w.clock.advance(Duration::minutes(1));
        }
    }
    let pogingen = speler.gekomen().len();
    assert!((24..=24 * 60).contains(&pogingen), "{pogingen} attempts in a day: never none, never more than one a minute");
    assert_eq!(w.hub.dode_letters(w.vt.oin, None).await.unwrap().dode_letters.len(), 0, "a day is no final age");
    speler.doet([zegt(202)]);
    // The longest pause, and its jitter.
    for _ in 0..120 {
        lijn.leegmaken().await.unwrap();
        w.clock.advance(Duration::minutes(1));
    }
    let mut genomen = speler.genomen();
    genomen.sort_unstable();
    genomen.dedup();
    gestuurd_toen.sort_unstable();
    assert_eq!(genomen, gestuurd_toen, "each of them");
}

#[tokio::test]
async fn what_was_stopped_is_not_brought_also_when_it_waits_for_its_next_attempt() {
    let (w, speler, mut lijn) = toneel(100).await;
    speler.doet([zegt(422)]);
    let (casus, _) = w.zaak().await;
    let later = gestuurd(&w, nog_een_melding(&w, casus)).await;
    lijn.leegmaken().await.unwrap();
    assert_eq!(speler.gekomen().len(), 1, "the second waits for the first");
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    speler.doet([zegt(202)]);
    w.clock.advance(Duration::minutes(5));
    assert_eq!(lijn.leegmaken().await.unwrap(), 0);
    assert_eq!(speler.gekomen().len(), 1);
    w.aangenomen(&op_zaak(&w, casus, "opheffen", 2)).await;
    assert_eq!(lijn.leegmaken().await.unwrap(), 2);
    assert_eq!(speler.gekomen()[2].0, later, "in order again");
}

/// A delivery that waits for its next attempt, and the word of its owner that stops it.
struct Gestopt {
    ontvanger: Organisatie,
    wacht: Brief,
    /// Of the same case and lane, and not what the word is about.
    erachter: Brief,
    woord: Brief,
    /// What becomes of what waits.
    wordt: Leveringstand,
}

/// By the number of the word. Nothing waits for this recipient yet.
async fn gestopt(w: &Wereld, soort: &str) -> Gestopt {
    let (vervalt, ontvanger) = (Leveringstand::Vervallen, w.vt.clone());
    if soort == "45" {
        let casus = eigenaar::zaak(w).await;
        let eerder = eigenaar::plan(w, casus, Doel::Plan);
        w.aangenomen(&eerder).await;
        let verzoek = eigenaar::ander_doel(w, &eerder);
        w.aangenomen(&verzoek).await;
        let besluit =
            |besluit, nummer| eigenaar::besluit(w, &w.wijkteam, &verzoek, json!({"besluit": besluit, "volgnummer": nummer}));
        w.aangenomen(&besluit("ja", 1)).await;
        w.ontvangt(&w.om).await;
        let (wacht, erachter) = (eigenaar::plan(w, casus, Doel::Strafzaak), eigenaar::plan(w, casus, Doel::Plan));
        return Gestopt { ontvanger: w.om.clone(), wacht, erachter, woord: besluit("nee", 2), wordt: vervalt };
    }
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    let persoon = PersoonRef::mint(&SystemRandomness);
    w.aangenomen(&effects::toestemming(w, &w.ggz, casus, persoon, "gegeven", 1)).await;
    w.ontvangt(&w.vt).await;
    let antwoord = || eigenaar::hulp_op(w, casus, vraag, Toegangswijze::Meegeleverd);
    let (wacht, erachter) = (antwoord(), antwoord());
    match soort {
        "42" => {
            let (wacht, woord) = (effects::medisch(w, casus, vraag, persoon), intrekken(w, casus, persoon, 2));
            Gestopt { ontvanger, wacht, erachter, woord, wordt: vervalt }
        }
        "46" => {
            let woord = eigenaar::rectificatie(w, &wacht, "verbeterd");
            Gestopt { ontvanger, wacht, erachter, woord, wordt: vervalt }
        }
        "47" => {
            let woord = eigenaar::intrekking(w, &wacht);
            Gestopt { ontvanger, wacht, erachter, woord, wordt: vervalt }
        }
        "59" => {
            let verklaring = json!({"bericht": wacht.id, "reden": "verkeerde-ontvanger"});
            let woord = Brief::new(w, &w.ggz, "misplaatsing").in_casus(casus).zegt(verklaring);
            Gestopt { ontvanger, wacht, erachter, woord, wordt: Leveringstand::InBehandeling }
        }
        _ => panic!("no such row: {soort}"),
    }
}

#[tokio::test]
async fn what_its_owner_stops_while_it_waits_for_its_next_attempt_is_not_brought() {
    for soort in ["42", "45", "46", "47", "59"] {
        let w = Wereld::new().await;
        let Gestopt { ontvanger, wacht, erachter, woord, wordt } = gestopt(&w, soort).await;
        let (speler, mut lijn) = brengt(&w, &ontvanger, 100).await;
        speler.doet([zegt(422)]);
        w.aangenomen(&wacht).await;
        w.aangenomen(&erachter).await;
        assert_eq!(lijn.leegmaken().await.unwrap(), 1, "{soort}");
        w.aangenomen(&woord).await;
        assert_eq!(eigenaar::stand(&w, &wacht.van, wacht.id).await, [wordt], "{soort}: at once");
        speler.doet([zegt(202)]);
        w.clock.advance(Duration::minutes(5));
        lijn.leegmaken().await.unwrap();
        // Not what waited; what stands behind it, and then the word itself, which is the correction (46).
        assert_eq!(speler.gekomen(), [wacht.id, erachter.id, woord.id].map(|id| (id, 1)), "{soort}");
        assert_eq!(eigenaar::stand(&w, &wacht.van, wacht.id).await, [wordt], "{soort}");
    }
}

#[tokio::test]
async fn what_nobody_signs_for_in_time_is_a_dead_letter_with_the_reason() {
    let (w, speler, mut lijn) = toneel(100).await;
    let (melding, casus) = w.melding();
    let genomen = gestuurd(&w, melding).await;
    lijn.leegmaken().await.unwrap();
    speler.doet([zegt(422)]);
    let geweigerd = gestuurd(&w, nog_een_melding(&w, casus)).await;
    let erachter = gestuurd(&w, nog_een_melding(&w, casus)).await;
    // What waits behind another is seen by the next sweep.
    w.clock.advance(Duration::seconds(6));
    lijn.leegmaken().await.unwrap();
    w.clock.advance(Duration::minutes(61));
    lijn.leegmaken().await.unwrap();
    for (id, reden) in
        [(genomen, Bezorgreden::NietBevestigd), (geweigerd, Bezorgreden::Afgewezen), (erachter, Bezorgreden::NietGeprobeerd)]
    {
        let status = bij_vt(&w, id).await;
        let bezorging = status.bezorging.unwrap();
        assert_eq!(status.stand, Leveringstand::DodeLetter);
        assert_eq!((bezorging.grens, bezorging.reden), (Some(Bezorggrens::Eindleeftijd), Some(reden)));
    }
}

#[tokio::test]
async fn two_processes_bring_a_delivery_once_and_a_dead_one_leaves_it_to_the_other() {
    let (w, speler, mut lijn) = toneel(100).await;
    let ander = w.hub_erbij(w.clock.clone()).await;
    let mut ander = Bezorgdienst::new(ander, speler.clone(), Ruimte::default()).lijn(w.vt.oin);
    let mut ids = Vec::new();
    for _ in 0..20 {
        let (melding, _) = w.melding();
        ids.push(gestuurd(&w, melding).await);
    }
    let (a, b) = tokio::join!(lijn.leegmaken(), ander.leegmaken());
    assert_eq!(a.unwrap() + b.unwrap(), 20);
    let mut gekomen: Vec<_> = speler.gekomen().into_iter().map(|(id, _)| id).collect();
    gekomen.sort();
    ids.sort();
    assert_eq!(gekomen, ids);

    // Taken by a process that never says what became of it.
    let (melding, _) = w.melding();
    let id = gestuurd(&w, melding).await;
    let (nu, tot) = (w.clock.now(), w.clock.now().plus(Duration::seconds(10)));
    let greep = inbreng_storage::Greep { ontvanger: w.vt.oin, baan: Urgentie::Normaal, hoogstens: 1, nu, tot };
    assert_eq!(w.store.bezorging_nemen(greep).await.unwrap().len(), 1);
    assert_eq!(ander.leegmaken().await.unwrap(), 0);
    w.clock.advance(Duration::seconds(11));
    assert_eq!(ander.leegmaken().await.unwrap(), 1);
    assert_eq!(speler.gekomen().last(), Some(&(id, 2)));
}

/// Whatever a recipient answers, in whatever order, from two processes: of each case and lane what is taken is taken in order of
/// acceptance, and once.
#[tokio::test]
async fn order_per_case_and_lane_holds_whatever_is_answered() {
    let zaad = std::env::var("INBRENG_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0x5eed);
    let toeval = SeededRandomness::new(zaad);
    let tot = |n: u64| {
        let mut bytes = [0; 8];
        toeval.fill(&mut bytes);
        u64::from_le_bytes(bytes) % n
    };
    let (w, speler, mut lijn) = toneel(1_000).await;
    let ander = w.hub_erbij(w.clock.clone()).await;
    let mut ander = Bezorgdienst::new(ander, speler.clone(), Ruimte::default()).lijn(w.vt.oin);
    let mut lijnen: BTreeMap<(usize, bool), Vec<BerichtId>> = BTreeMap::new();
    let mut zaken = Vec::new();
    for _ in 0..40 {
        let nieuw = zaken.len() < 4 || tot(6) == 0;
        let brief = if nieuw {
            let (melding, casus) = w.melding();
            zaken.push(casus);
            melding
        } else {
            nog_een_melding(&w, zaken[usize::try_from(tot(zaken.len() as u64)).unwrap()])
        };
        let plek = zaken.iter().position(|c| Some(*c) == brief.casus).unwrap();
        let acuut = !nieuw && tot(3) == 0;
        let brief = if acuut { Brief { urgentie: Urgentie::Acuut, ..brief } } else { brief };
        lijnen.entry((plek, acuut)).or_default().push(gestuurd(&w, brief).await);
        speler.doet((0..8).map(|_| match tot(6) {
            0 => Err(Bezorgfout::TeTraag),
            1 => zegt(503),
            2 | 3 => zegt(422),
            _ => zegt(202),
        }));
        if tot(2) == 0 {
            let (a, b) = tokio::join!(lijn.leegmaken(), ander.leegmaken());
            a.unwrap();
            b.unwrap();
        }
        w.clock.advance(Duration::milliseconds(i64::try_from(tot(30_000)).unwrap()));
    }
    speler.doet([zegt(202)]);
    for _ in 0..10 {
        w.clock.advance(Duration::seconds(61));
        lijn.leegmaken().await.unwrap();
        ander.leegmaken().await.unwrap();
    }
    let genomen = speler.genomen();
    for (lijn, verwacht) in lijnen {
        let van_lijn: Vec<_> = genomen.iter().copied().filter(|id| verwacht.contains(id)).collect();
        assert_eq!(van_lijn, verwacht, "{lijn:?} with seed {zaad}");
    }
}
