//! The third step of the acute ladder: the crisis service gets a message that nobody reads within one and a half times the hour.

use inbreng_domain::{
    Code, Deel, GemeenteCode, Toegang, Uitkomst,
    antwoorden::{Aannameantwoord, Leveringstand, Toegangsverzoek},
    clock::FixedClock,
    levering::{Levering, Postvak},
    limits::Limits,
    part::Toegangsverklaring,
    problem::ProblemCode,
    receipts::{Gelezen, Ontvangerstand},
    toets::{Toetsdeel, Toetsverzoek},
    vocabulary::{Categorie, Doel, Grondslag, JaNee, Partnertype, Toegangswijze, Urgentie},
};
use inbreng_pipeline::{
    Hub,
    herstel::{heropenen, merken, ontbreken, stand},
};
use inbreng_proof::{
    SystemRandomness, Typ,
    deel::{inhoud_digest, sign_toegang, wrap_digest},
    jws,
};
use serde_json::json;
use time::Duration;

use crate::wereld::{Brief, Organisatie, Stuk, Wereld, brief::wrap, nu, ontvangst};

/// A region with a crisis service, and one that comes to nobody's mind.
async fn wereld() -> (Wereld, Organisatie) {
    let w = Wereld::new().await;
    let crisis = w.pki.organisatie("00000001000000000007", "Crisisdienst Voorbeeld", Partnertype::Crisisdienst, &w.beheerder);
    w.hub.gids_vullen(vec![crisis.gids.clone()]).await.unwrap();
    (w, crisis)
}

/// An acute barring order to the wijkteam; what is named `later` is sealed for a later step.
pub(crate) fn huisverbod(w: &Wereld, later: &[&Organisatie]) -> Brief {
    let mut stuk = Stuk::new(Categorie::Bestuur, Doel::Huisverbod, Grondslag::WettelijkeTaak, &[&w.wijkteam]);
    stuk.voor.extend(later.iter().map(|o| ((*o).clone(), Toegangswijze::Terugval)));
    let mut brief = Brief::new(w, &w.politie, "huisverbod-opgelegd")
        .zegt(json!({"opgelegdOp": "2026-11-22T00:30:00.000Z", "eindigtOp": "2026-12-02T00:30:00.000Z"}))
        .aan(&[&w.wijkteam])
        .met(stuk)
        .opent()
        .0;
    brief.urgentie = Urgentie::Acuut;
    brief
}

async fn over(w: &Wereld, minuten: i64) {
    w.clock.advance(Duration::minutes(minuten));
    w.hub.beleid_bijhouden().await.unwrap();
}

pub(crate) async fn leest(w: &Wereld, wie: &Organisatie, levering: &Levering) {
    leest_bij(&w.hub, wie, levering).await;
}

async fn leest_bij(hub: &Hub, wie: &Organisatie, levering: &Levering) {
    let gelezen = Gelezen { levering: levering.id, functie: Code::parse("piketdesk").unwrap(), ontvanger: wie.oin, tijd: nu() };
    hub.gelezen(wie.oin, levering.id, &jws::sign(&wie.sleutel, Typ::Gelezen, &gelezen).unwrap()).await.unwrap();
}

#[tokio::test]
async fn what_nobody_reads_goes_to_the_crisis_service_at_its_step_and_not_before() {
    let (w, crisis) = wereld().await;
    let brief = huisverbod(&w, &[&crisis]);
    let antwoord = w.aangenomen(&brief).await;
    let later: Vec<_> = antwoord.besluiten.iter().filter(|b| b.ontvanger == crisis.oin).collect();
    assert_eq!(later.iter().map(|b| b.stand).collect::<Vec<_>>(), [Ontvangerstand::Terugval]);
    assert!(later[0].zin.contains("90 minuten") && later[0].zin.contains("Crisisdienst Voorbeeld"), "{}", later[0].zin);
    // Received is not read: a machine signed for it.
    assert_eq!(w.ontvangt(&w.wijkteam).await.len(), 1);
    over(&w, 89).await;
    assert!(w.postvak(&crisis).await.is_empty(), "not yet");
    let status = w.hub.status(w.politie.oin, brief.id).await.unwrap();
    assert!(status.ontvangers.iter().all(|o| o.ontvanger != crisis.oin));

    over(&w, 2).await;
    let gekregen = w.postvak(&crisis).await;
    assert_eq!(gekregen.len(), 1);
    let [deel] = &gekregen[0].bericht.data.delen[..] else { panic!("{gekregen:?}") };
    assert_eq!(deel.labels.id, brief.delen[0].id);
    assert_eq!(deel.inhoud.recipients.len(), 1, "its own key, and nobody else's");
    assert_eq!(deel.toegang.iter().map(|t| t.oin).collect::<Vec<_>>(), [crisis.oin]);
    w.hub.ontvangst(crisis.oin, gekregen[0].id, &ontvangst(&crisis, &gekregen[0])).await.unwrap();
    let status = w.hub.status(w.politie.oin, brief.id).await.unwrap();
    let hoe = status.ontvangers.iter().find(|o| o.ontvanger == crisis.oin).unwrap();
    assert_eq!(hoe.stand, Leveringstand::Ontvangen);
    // It takes part from then on, as whoever a message that opens the case was brought to.
    let zaak = w.store.zaakstand(brief.casus.unwrap()).await.unwrap();
    assert!(zaak.deelnemers.iter().any(|d| d.partner == crisis.oin));
    over(&w, 1000).await;
    assert!(w.postvak(&crisis).await.is_empty(), "once");
}

/// Kept, and given to nobody: not in another's delivery, and not to who asks for it by its number.
#[tokio::test]
async fn before_its_step_nobody_gets_the_wrap_that_waits() {
    let (w, crisis) = wereld().await;
    let brief = huisverbod(&w, &[&crisis]);
    w.aangenomen(&brief).await;
    let deel = brief.delen[0].id;
    for (wie, krijgt) in [(&w.wijkteam, 1), (&crisis, 0), (&w.vt, 0), (&w.politie, 0)] {
        let postvak = w.postvak(wie).await;
        let delen: Vec<&Deel> = postvak.iter().flat_map(|l| &l.bericht.data.delen).collect();
        assert_eq!(delen.len(), krijgt, "{}", wie.oin);
        let van_crisis = |d: &&Deel| d.toegang.iter().any(|t| t.oin == crisis.oin);
        assert!(delen.iter().all(|d| d.inhoud.recipients.len() == 1 && !van_crisis(d)), "its own key, and nobody else's");
        let lezen = w.hub.inzage(wie.oin, deel, &crate::reading::verzoek(wie, deel, Doel::Huisverbod)).await;
        assert_eq!(lezen.unwrap_err().code(), ProblemCode::NietGevonden, "as a part that is not there");
    }
    over(&w, 91).await;
    // At its step it comes with its delivery, and in no other way.
    let kid = crisis.kid();
    let [levering] = &w.postvak(&crisis).await[..] else { panic!("not come") };
    assert_eq!(levering.bericht.data.delen[0].inhoud.recipients[0].header.kid, kid);
    for wie in [&w.vt, &w.politie] {
        assert!(w.postvak(wie).await.is_empty());
    }
}

#[tokio::test]
async fn what_somebody_read_stays_where_it_is() {
    let (w, crisis) = wereld().await;
    let brief = huisverbod(&w, &[&crisis]);
    w.aangenomen(&brief).await;
    let gekregen = w.ontvangt(&w.wijkteam).await;
    over(&w, 60).await;
    leest(&w, &w.wijkteam, &gekregen[0]).await;
    over(&w, 40).await;
    assert!(w.postvak(&crisis).await.is_empty());
    let zaak = w.store.zaakstand(brief.casus.unwrap()).await.unwrap();
    assert!(zaak.deelnemers.iter().all(|d| d.partner != crisis.oin), "nor does it take part");
    over(&w, 1000).await;
    assert!(w.postvak(&crisis).await.is_empty());
}

/// One wrong recipient reads it, and says that it was not for it. The right one reads nothing.
#[tokio::test]
async fn who_reports_it_as_misdelivered_neither_stops_the_step_nor_read_it_for_anyone() {
    for (gelezen, besluit) in [(false, None), (true, None), (true, Some("ja")), (true, Some("nee"))] {
        let (w, crisis) = wereld().await;
        let mut brief = huisverbod(&w, &[&crisis]).aan(&[&w.wijkteam, &w.vt]);
        brief.delen[0].voor.push((w.vt.clone(), Toegangswijze::Meegeleverd));
        w.aangenomen(&brief).await;
        let gekregen = w.ontvangt(&w.vt).await;
        if gelezen {
            leest(&w, &w.vt, &gekregen[0]).await;
        }
        let gemeld = Brief::new(&w, &w.vt, "misplaatsing")
            .in_casus(brief.casus.unwrap())
            .zegt(json!({"bericht": brief.id, "reden": "verkeerde-ontvanger"}));
        w.aangenomen(&gemeld).await;
        if let Some(besluit) = besluit {
            let woord = json!({"besluit": besluit, "volgnummer": 1});
            w.aangenomen(&crate::eigenaar::besluit(&w, &w.politie, &gemeld, woord)).await;
        }
        over(&w, 89).await;
        assert!(w.postvak(&crisis).await.is_empty(), "not yet");
        over(&w, 2).await;
        // Its owner says otherwise: that nothing was wrong, and then it was read; or that nobody gets it.
        let gekregen = w.postvak(&crisis).await.iter().any(|l| l.bericht.id == brief.id);
        assert_eq!(gekregen, besluit.is_none(), "read: {gelezen}, its owner: {besluit:?}");
        assert_eq!(w.postvak(&w.wijkteam).await.iter().any(|l| l.bericht.id == brief.id), besluit != Some("nee"));
    }
}

#[tokio::test]
async fn what_was_taken_back_meanwhile_goes_to_nobody() {
    let (w, crisis) = wereld().await;
    let brief = huisverbod(&w, &[&crisis]);
    w.aangenomen(&brief).await;
    let terug = Brief::new(&w, &w.politie, "intrekking")
        .in_casus(brief.casus.unwrap())
        .zegt(json!({"bericht": brief.id, "reden": "geen-grond"}));
    w.aangenomen(&terug).await;
    over(&w, 100).await;
    let gekregen = w.postvak(&crisis).await;
    assert!(gekregen.iter().all(|l| l.bericht.id != brief.id), "{gekregen:?}");
}

#[tokio::test]
async fn only_whom_the_ladder_names_and_only_what_is_acute() {
    let (w, crisis) = wereld().await;
    let code = async |brief: &Brief| {
        let fout = w.geweigerd(&w.politie, &brief.tekst()).await;
        (fout.code(), fout.pad().map(str::to_owned))
    };
    let mut gewoon = huisverbod(&w, &[&crisis]);
    gewoon.urgentie = Urgentie::Normaal;
    let pad = |rest: &str| Some(format!("/data/delen/0/toegang/1/{rest}"));
    assert_eq!(code(&gewoon).await, (ProblemCode::VeldOngeldig, pad("verklaring")));
    assert_eq!(code(&huisverbod(&w, &[&w.vt])).await, (ProblemCode::OpnieuwToetsen, pad("oin")));
    // Whoever gets it now is no fallback.
    let mut beide = huisverbod(&w, &[&crisis]).aan(&[&crisis]);
    beide.delen.push(Stuk::new(Categorie::Bestuur, Doel::Huisverbod, Grondslag::WettelijkeTaak, &[&crisis]));
    assert_eq!(code(&beide).await, (ProblemCode::NietGelijk, pad("oin")));
    // And nobody is one alone.
    let mut alleen = huisverbod(&w, &[&crisis]);
    alleen.delen[0].voor.remove(0);
    let (fout, _) = code(&alleen).await;
    assert_eq!(fout, ProblemCode::VeldOngeldig);
}

/// A message about acute danger is never refused for its fallback; of what may not go there nothing is kept.
#[tokio::test]
async fn what_may_not_go_there_is_not_kept_and_holds_up_nothing() {
    let (w, crisis) = wereld().await;
    let (mut melding, _) = w.melding();
    melding.urgentie = Urgentie::Acuut;
    melding.delen[0].voor.push((crisis.clone(), Toegangswijze::Terugval));
    let antwoord = w.aangenomen(&melding).await;
    let stand = |oin| antwoord.besluiten.iter().find(|b| b.ontvanger == oin).unwrap().stand;
    assert_eq!((stand(w.vt.oin), stand(crisis.oin)), (Ontvangerstand::ToegestaanMetPlicht, Ontvangerstand::Geweigerd));
    assert_eq!(w.ontvangt(&w.vt).await.len(), 1);
    over(&w, 100).await;
    assert!(w.postvak(&crisis).await.is_empty());
}

#[tokio::test]
async fn a_check_names_for_whom_to_seal_beforehand() {
    let (w, crisis) = wereld().await;
    let brief = huisverbod(&w, &[]);
    let gemeente = Some(GemeenteCode::parse("0518").unwrap());
    let verzoek_in = |brief: &Brief, ontvangers: bool, gemeente| {
        let deel = |stuk: &Stuk| Toetsdeel {
            labels: brief.labels(stuk),
            ontvangers: if ontvangers { brief.geadresseerden.clone() } else { Vec::new() },
            wijze: Toegangswijze::Meegeleverd,
            genoemd: false,
        };
        let verzoek = Toetsverzoek {
            berichttype: brief.berichttype.parse().unwrap(),
            variant: None,
            casus: brief.casus,
            opening: brief.opening,
            urgentie: brief.urgentie,
            antwoord_op: None,
            convenant: brief.convenant.parse().unwrap(),
            gemeente,
            geadresseerden: brief.geadresseerden.clone(),
            verklaring: brief.verklaring.clone(),
            delen: brief.delen.iter().map(deel).collect(),
        };
        serde_json::to_vec(&verzoek).unwrap()
    };
    let verzoek = |brief: &Brief, ontvangers| verzoek_in(brief, ontvangers, gemeente);
    let toets = w.hub.toetsen(w.politie.oin, &verzoek(&brief, false)).await.unwrap();
    let later = toets.terugval.unwrap();
    assert_eq!((later.na_minuten, later.ontvangers.len(), later.ontvangers[0].oin), (90, 1, crisis.oin));
    assert_eq!((later.besluiten.len(), later.besluiten[0].ontvanger), (1, crisis.oin));
    assert_eq!(later.besluiten[0].besluit.uitkomst, Uitkomst::ToestaanMetPlicht);
    assert!(toets.ontvangers.iter().all(|o| o.oin != crisis.oin), "it is no recipient now");
    let nergens = w.hub.toetsen(w.politie.oin, &verzoek_in(&brief, false, None)).await.unwrap();
    assert!(nergens.terugval.is_none(), "without a municipality it would be every one there is");
    // What is for one recipient by name is for nobody else, whatever the hour.
    assert!(w.hub.toetsen(w.politie.oin, &verzoek(&brief, true)).await.unwrap().terugval.is_none());
    let mut gewoon = huisverbod(&w, &[]);
    gewoon.urgentie = Urgentie::Normaal;
    assert!(w.hub.toetsen(w.politie.oin, &verzoek(&gewoon, false)).await.unwrap().terugval.is_none());
}

/// The owner's own wrap of a part of its own: for this recipient and purpose.
fn eigen_wrap(van: &Organisatie, deel: &Deel, voor: &Organisatie, doel: Doel) -> Vec<u8> {
    wrap_als(van, deel, voor, doel, Toegangswijze::Meegeleverd)
}

/// The same, with how the key comes.
pub fn wrap_als(van: &Organisatie, deel: &Deel, voor: &Organisatie, doel: Doel, wijze: Toegangswijze) -> Vec<u8> {
    let wrap = wrap(&voor.kid());
    let verklaring = Toegangsverklaring {
        deel: deel.labels.id,
        inhoud: inhoud_digest(&deel.inhoud).unwrap(),
        ontvanger: voor.oin,
        sleutel: voor.kid(),
        wrap: wrap_digest(&wrap).unwrap(),
        wijze,
        doel,
        gebruik: Vec::new(),
        genoemd: JaNee::Nee,
        bewaren_tot: None,
        verzoek: None,
        toelichting: None,
    };
    let verklaring = sign_toegang(&van.sleutel, &verklaring).unwrap();
    let toegang = Toegang { oin: voor.oin, verklaring, toelichting: None };
    serde_json::to_vec(&Toegangsverzoek { wrap, toegang, deel: Some(deel.clone()) }).unwrap()
}

/// The hub keeps a wrap for a step that may never come. Its owner who gives that part itself meanwhile gives it now.
#[tokio::test]
async fn what_its_owner_gives_itself_does_not_wait_for_the_step() {
    for gelezen in [false, true] {
        let (w, crisis) = wereld().await;
        let brief = huisverbod(&w, &[&crisis]);
        let envelop = brief.envelop();
        w.hub.aannemen(w.politie.oin, &serde_json::to_vec(&envelop).unwrap()).await.unwrap();
        let gekregen = w.ontvangt(&w.wijkteam).await;
        if gelezen {
            // Then the step gives nothing, and its wrap still lies there.
            leest(&w, &w.wijkteam, &gekregen[0]).await;
            over(&w, 100).await;
        }
        assert!(w.postvak(&crisis).await.is_empty());
        let deel = &envelop.data.delen[0];
        let eigen = eigen_wrap(&w.politie, deel, &crisis, Doel::Huisverbod);
        w.hub.toegang_geven(w.politie.oin, deel.labels.id, &eigen).await.unwrap();
        let postvak = w.postvak(&crisis).await;
        assert_eq!(postvak.len(), 1, "now, whatever the hour");
        let [toegang] = &postvak[0].bericht.data.delen[0].toegang[..] else { panic!("{postvak:?}") };
        let verzoek: Toegangsverzoek = serde_json::from_slice(&eigen).unwrap();
        assert_eq!(toegang.verklaring, verzoek.toegang.verklaring, "by the owner's word, not by that of the ladder");
        assert_eq!(postvak[0].bericht.data.delen[0].inhoud.recipients, [verzoek.wrap]);
        w.hub.toegang_geven(w.politie.oin, deel.labels.id, &eigen).await.unwrap();
        assert_eq!(w.postvak(&crisis).await.len(), 1);
        w.hub.ontvangst(crisis.oin, postvak[0].id, &ontvangst(&crisis, &postvak[0])).await.unwrap();
        over(&w, 100).await;
        assert!(w.postvak(&crisis).await.is_empty(), "once");
        let status = w.hub.status(w.politie.oin, brief.id).await.unwrap();
        assert_eq!(status.ontvangers.iter().filter(|o| o.ontvanger == crisis.oin).count(), 1);
    }
}

/// A copy has no reading that came after it. Its reader says so again before the hub gives out; then the step gives nothing.
#[tokio::test]
async fn a_hub_that_was_put_back_hears_again_what_was_read() {
    for opnieuw in [true, false] {
        let (w, crisis) = wereld().await;
        w.aangenomen(&huisverbod(&w, &[&crisis])).await;
        let gekregen = w.ontvangt(&w.wijkteam).await;
        let store = w.store.as_ref();
        merken(store, w.clock.as_ref(), &SystemRandomness).await.unwrap();
        let terug = w.hub_op_klok(w.clock.clone()).await;
        w.clock.advance(Duration::minutes(100));
        terug.beleid_bijhouden().await.unwrap();
        if opnieuw {
            leest_bij(&terug, &w.wijkteam, &gekregen[0]).await;
        }
        let zonder = ontbreken(store, &stand(store).await.unwrap().unwrap()).await.unwrap();
        assert!(heropenen(store, &zonder, w.clock.as_ref(), &SystemRandomness).await.unwrap());
        terug.beleid_bijhouden().await.unwrap();
        let postvak = terug.postvak(crisis.oin, std::time::Duration::ZERO).await.unwrap();
        let postvak: Postvak = inbreng_proof::parse_strict_as(postvak.as_bytes(), 32).unwrap();
        assert_eq!(
            postvak.leveringen.is_empty(),
            opnieuw,
            "while it was closed nothing went; then what nobody is known to have read"
        );
    }
}

/// It was accepted with a fallback, the hub lost it, and there is no such crisis service any more: its bytes are fixed, so it goes
/// again without.
#[tokio::test]
async fn what_comes_again_goes_without_a_fallback_that_is_there_no_more() {
    let (w, crisis) = wereld().await;
    let brief = huisverbod(&w, &[&crisis]);
    let tekst = brief.tekst();
    w.hub.aannemen(w.politie.oin, &tekst).await.unwrap();
    for (naam, teruggezet, komt) in [("erna", nu(), true), ("ervoor", nu().plus(-Duration::minutes(1)), false)] {
        // With who is in the directory by now: the crisis service is not.
        let store = w.lege_opslag(naam).await;
        merken(store.as_ref(), &FixedClock::at(teruggezet), &SystemRandomness).await.unwrap();
        let terug = w.hub_op(store.clone(), Limits::default()).await;
        let uit = terug.aannemen(w.politie.oin, &tekst).await;
        if !komt {
            // Written after it was put back: no hub has lost this, and its sender can seal it for another.
            let fout = uit.unwrap_err();
            assert_eq!((fout.code(), fout.pad()), (ProblemCode::OpnieuwToetsen, Some("/data/delen/0/toegang/1/oin")));
            continue;
        }
        let antwoord: Aannameantwoord = serde_json::from_str(&uit.unwrap()).unwrap();
        let van = |oin| antwoord.besluiten.iter().find(|b| b.ontvanger == oin).unwrap();
        assert_eq!(van(w.wijkteam.oin).stand, Ontvangerstand::ToegestaanMetPlicht);
        assert_eq!(van(crisis.oin).stand, Ontvangerstand::Geweigerd);
        assert!(van(crisis.oin).zin.contains("niet meer in de gids"), "{antwoord:?}");
        assert_eq!(terug.aannemen(w.politie.oin, &tekst).await.unwrap(), serde_json::to_string(&antwoord).unwrap());
        let zonder = ontbreken(store.as_ref(), &stand(store.as_ref()).await.unwrap().unwrap()).await.unwrap();
        assert!(heropenen(store.as_ref(), &zonder, w.clock.as_ref(), &SystemRandomness).await.unwrap());
        let postvak = terug.postvak(w.wijkteam.oin, std::time::Duration::ZERO).await.unwrap();
        let postvak: Postvak = inbreng_proof::parse_strict_as(postvak.as_bytes(), 32).unwrap();
        assert_eq!(postvak.leveringen[0].bericht.id, brief.id);
    }
}
