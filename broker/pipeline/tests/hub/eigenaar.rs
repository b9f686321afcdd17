//! The owner's say: its yes or no (43–45), recall and correction (46, 47), misdelivery (59). In force in the next decision, for what
//! waits and for what may only be viewed.

use inbreng_domain::{
    BerichtId, CasusRef, DeelId, Uitkomst,
    antwoorden::Leveringstand,
    levering::Levering,
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Doel, Grondslag, Toegangswijze, Urgentie},
};
use inbreng_policy::Vastlegging;
use serde_json::{Value, json};

use crate::wereld::{Brief, Organisatie, Stuk, Wereld};

pub(crate) async fn stand(w: &Wereld, van: &Organisatie, id: BerichtId) -> Vec<Leveringstand> {
    w.hub.status(van.oin, id).await.unwrap().ontvangers.iter().map(|o| o.stand).collect()
}

pub(crate) fn delen(levering: &Levering) -> Vec<DeelId> {
    levering.bericht.data.delen.iter().map(|d| d.labels.id).collect()
}

pub(crate) fn van(leveringen: &[Levering], id: BerichtId) -> Option<&Levering> {
    leveringen.iter().find(|l| l.bericht.id == id)
}

/// A case in which police, Veilig Thuis, wijkteam and OM take part.
pub(crate) async fn zaak(w: &Wereld) -> CasusRef {
    let (casus, _) = w.zaak().await;
    for (n, wie) in [&w.wijkteam, &w.om].into_iter().enumerate() {
        let erbij = json!({"partner": wie.oin, "actie": "toevoegen", "rol": "deelnemer", "volgnummer": n + 1});
        w.aangenomen(&Brief::new(w, &w.vt, "deelname").in_casus(casus).zegt(erbij)).await;
    }
    casus
}

/// A plan of the wijkteam for the OM, for this purpose.
pub(crate) fn plan(w: &Wereld, casus: CasusRef, doel: Doel) -> Brief {
    Brief::new(w, &w.wijkteam, "veiligheidssignaal").in_casus(casus).aan(&[&w.om]).met(Stuk::new(
        Categorie::Plan,
        doel,
        Grondslag::Convenant,
        &[&w.om],
    ))
}

pub(crate) fn ander_doel(w: &Wereld, over: &Brief) -> Brief {
    let deel = over.delen[0].id;
    let mut brief = Brief::new(w, &w.om, "doorverstrekking-verzoek")
        .in_casus(over.casus.unwrap())
        .zegt(json!({"bericht": over.id, "delen": [deel], "ontvangers": [w.om.oin], "doel": "strafzaak"}));
    brief.variant = Some("ander-doel".parse().unwrap());
    brief
}

pub(crate) fn besluit(w: &Wereld, van: &Organisatie, op: &Brief, verklaring: Value) -> Brief {
    Brief::new(w, van, "eigenaar-besluit").in_casus(op.casus.unwrap()).antwoord(op.id).zegt(verklaring)
}

#[tokio::test]
async fn a_yes_of_the_owner_lets_go_what_is_held_for_it_and_a_no_refuses_it() {
    for (antwoord, verwacht) in [("ja", Ontvangerstand::ToegestaanMetPlicht), ("nee", Ontvangerstand::Geweigerd)] {
        let w = Wereld::new().await;
        let casus = zaak(&w).await;
        let eerder = plan(&w, casus, Doel::Plan);
        w.aangenomen(&eerder).await;
        w.ontvangt(&w.om).await;
        // From care to prosecution is another purpose: no answer is no yes (R28).
        let wacht = plan(&w, casus, Doel::Strafzaak);
        assert_eq!(w.aangenomen(&wacht).await.besluiten[0].stand, Ontvangerstand::InBehandeling);
        assert!(w.postvak(&w.om).await.is_empty());
        let verzoek = ander_doel(&w, &eerder);
        w.aangenomen(&verzoek).await;
        assert!(van(&w.postvak(&w.wijkteam).await, verzoek.id).is_some());
        assert!(van(&w.postvak(&w.om).await, wacht.id).is_none(), "a request is no answer");

        // Wider than what was asked is no wider yes; a number counts once.
        let te_ruim = json!({"besluit": antwoord, "ontvangers": [w.vt.oin], "volgnummer": 1});
        assert_eq!(w.code(&besluit(&w, &w.wijkteam, &verzoek, te_ruim)).await, ProblemCode::VerklaringOngeldig);
        let woord = json!({"besluit": antwoord, "volgnummer": 1});
        w.aangenomen(&besluit(&w, &w.wijkteam, &verzoek, woord.clone())).await;
        assert_eq!(w.code(&besluit(&w, &w.wijkteam, &verzoek, woord)).await, ProblemCode::VolgnummerBezet);
        let leveringen = w.ontvangt(&w.om).await;
        assert_eq!(van(&leveringen, wacht.id).is_some(), antwoord == "ja");
        let uit = w.stuur(&plan(&w, casus, Doel::Strafzaak)).await;
        let besluiten = uit.map_or_else(|fout| fout.problem().besluiten.clone(), |a| a.besluiten);
        assert_eq!(besluiten[0].stand, verwacht, "{antwoord}: {besluiten:?}");
        // The other way round, at once.
        let om = if antwoord == "ja" { "nee" } else { "ja" };
        w.aangenomen(&besluit(&w, &w.wijkteam, &verzoek, json!({"besluit": om, "volgnummer": 2}))).await;
        assert_eq!(w.stuur(&plan(&w, casus, Doel::Strafzaak)).await.is_ok(), om == "ja");
    }
}

#[tokio::test]
async fn a_yes_has_an_end_and_reaches_its_recipients_and_purpose_only() {
    let w = Wereld::new().await;
    let casus = zaak(&w).await;
    let eerder = plan(&w, casus, Doel::Plan);
    w.aangenomen(&eerder).await;
    w.ontvangt(&w.om).await;
    let verzoek = ander_doel(&w, &eerder);
    w.aangenomen(&verzoek).await;
    let vandaag = inbreng_domain::Clock::now(&*w.clock).to_string();
    let tot = vandaag.split('T').next().unwrap();
    w.aangenomen(&besluit(&w, &w.wijkteam, &verzoek, json!({"besluit": "ja", "tot": tot, "volgnummer": 1}))).await;
    let uitkomst = async |brief: Brief| w.stuur(&brief).await.unwrap().besluiten[0].stand;
    assert_eq!(uitkomst(plan(&w, casus, Doel::Strafzaak)).await, Ontvangerstand::ToegestaanMetPlicht);
    // Another category than that of the parts that were asked about.
    let mut risico = plan(&w, casus, Doel::Strafzaak);
    risico.delen[0].categorie = Categorie::Risico;
    assert_eq!(uitkomst(risico).await, Ontvangerstand::InBehandeling);
    w.clock.advance(time::Duration::days(2));
    assert_eq!(uitkomst(plan(&w, casus, Doel::Strafzaak)).await, Ontvangerstand::InBehandeling);
}

/// An answer of the GGZ to this question of Veilig Thuis.
pub(crate) fn hulp_op(w: &Wereld, casus: CasusRef, vraag: BerichtId, wijze: Toegangswijze) -> Brief {
    let mut stuk = Stuk::new(Categorie::Hulp, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]);
    stuk.voor[0].1 = wijze;
    Brief::new(w, &w.ggz, "informatie-antwoord").in_casus(casus).antwoord(vraag).zegt(json!({"antwoord": "gedeeld"})).met(stuk)
}

/// An answer of the GGZ to Veilig Thuis, sent.
async fn hulp(w: &Wereld, wijze: Toegangswijze) -> Brief {
    let (casus, _) = w.zaak().await;
    let vraag = w.vraag(casus, &w.ggz).await;
    w.ontvangt(&w.vt).await;
    let antwoord = hulp_op(w, casus, vraag, wijze);
    w.aangenomen(&antwoord).await;
    antwoord
}

#[tokio::test]
async fn a_yes_to_the_file_takes_that_duty_away() {
    let w = Wereld::new().await;
    let antwoord = hulp(&w, Toegangswijze::Meegeleverd).await;
    let plicht = async || {
        let leveringen = w.postvak(&w.vt).await;
        let levering = van(&leveringen, antwoord.id).unwrap();
        levering.besluiten[0].verplichtingen.iter().any(|p| p.soort.as_str() == "niet-in-dossier")
    };
    assert!(plicht().await);
    let verzoek = Brief::new(&w, &w.vt, "dossier-verzoek")
        .in_casus(antwoord.casus.unwrap())
        .zegt(json!({"bericht": antwoord.id, "delen": [antwoord.delen[0].id]}));
    w.aangenomen(&verzoek).await;
    assert!(plicht().await, "no answer is no");
    w.aangenomen(&besluit(&w, &w.ggz, &verzoek, json!({"besluit": "ja", "volgnummer": 1}))).await;
    assert!(!plicht().await);
    w.aangenomen(&besluit(&w, &w.ggz, &verzoek, json!({"besluit": "nee", "volgnummer": 2}))).await;
    assert!(plicht().await);
}

pub(crate) fn intrekking(w: &Wereld, over: &Brief) -> Brief {
    Brief::new(w, &over.van, "intrekking").in_casus(over.casus.unwrap()).zegt(json!({"bericht": over.id, "reden": "geen-grond"}))
}

#[tokio::test]
async fn what_is_recalled_is_not_handed_out_and_not_read_any_more() {
    let w = Wereld::new().await;
    let antwoord = hulp(&w, Toegangswijze::Meegeleverd).await;
    w.aangenomen(&intrekking(&w, &antwoord)).await;
    let leveringen = w.ontvangt(&w.vt).await;
    assert!(van(&leveringen, antwoord.id).is_none(), "in force at once for what was not delivered yet");
    assert_eq!(leveringen.len(), 1, "and its recipient is told");
    assert_eq!(stand(&w, &w.ggz, antwoord.id).await, [Leveringstand::Vervallen]);
    // Replayed under the version that decided, it is the same decision.
    let besluiten = w.store.besluiten(0, 100).await.unwrap();
    let laatste = besluiten.iter().rev().find(|b| b.bericht == Some((w.ggz.oin, antwoord.id))).unwrap();
    let vastlegging: Vastlegging<'_> = serde_json::from_str(&laatste.record).unwrap();
    assert_eq!((laatste.uitkomst, vastlegging.besluit.uitkomst), (Uitkomst::Weigeren, Uitkomst::Weigeren));

    // View-only, and received: the key is given no more.
    let w = Wereld::new().await;
    let antwoord = hulp(&w, Toegangswijze::Inzage).await;
    w.ontvangt(&w.vt).await;
    let deel = antwoord.delen[0].id;
    let lezen = async || w.hub.inzage(w.vt.oin, deel, &crate::reading::verzoek(&w.vt, deel, Doel::Beoordelen)).await;
    lezen().await.unwrap();
    w.aangenomen(&intrekking(&w, &antwoord)).await;
    let fout = lezen().await.unwrap_err();
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
    assert!(fout.problem().besluiten[0].zin.contains("ingetrokken"));
    assert_eq!(
        w.hub.plichten(w.vt.oin).await.unwrap().plichten.iter().filter(|p| p.soort.as_str() == "gebruik-staken").count(),
        1
    );
    // Nobody recalls what another sent.
    let vreemd = Brief { van: w.vt.clone(), ..intrekking(&w, &antwoord) };
    assert_eq!(w.code(&vreemd).await, ProblemCode::NietGelijk);
}

/// A correction of the first part that this answer of the GGZ to Veilig Thuis has.
pub(crate) fn rectificatie(w: &Wereld, antwoord: &Brief, soort: &str) -> Brief {
    let categorie = if soort == "zienswijze" { Categorie::Mening } else { Categorie::Hulp };
    Brief::new(w, &antwoord.van, "rectificatie")
        .in_casus(antwoord.casus.unwrap())
        .zegt(json!({"bericht": antwoord.id, "deel": antwoord.delen[0].id, "soort": soort}))
        .met(Stuk::new(categorie, Doel::Verantwoording, Grondslag::WettelijkeTaak, &[&w.vt]))
}

#[tokio::test]
async fn of_what_is_corrected_only_the_new_version_is_handed_out() {
    let w = Wereld::new().await;
    let antwoord = hulp(&w, Toegangswijze::Meegeleverd).await;
    let verbetering = |soort: &str| rectificatie(&w, &antwoord, soort);
    // The person's own view stands beside the part and takes nothing away.
    let staken = async || {
        let open = w.hub.plichten(w.vt.oin).await.unwrap().plichten;
        open.into_iter().filter(|p| p.soort.as_str() == "gebruik-staken").count()
    };
    let mut anders = verbetering("zienswijze");
    anders.delen[0].categorie = Categorie::Hulp;
    assert_eq!(w.code(&anders).await, ProblemCode::NietGelijk, "that would be another version");
    let zienswijze = verbetering("zienswijze");
    let besluiten = w.aangenomen(&zienswijze).await.besluiten;
    assert!(besluiten.iter().flat_map(|b| &b.verplichtingen).all(|v| v.soort.as_str() != "nieuwe-versie-gebruiken"));
    assert!(van(&w.postvak(&w.vt).await, antwoord.id).is_some());
    assert_eq!(staken().await, 0, "nor is anyone to stop");
    let nieuw = verbetering("verbeterd");
    let besluiten = w.aangenomen(&nieuw).await.besluiten;
    assert!(besluiten.iter().flat_map(|b| &b.verplichtingen).any(|v| v.soort.as_str() == "nieuwe-versie-gebruiken"));
    assert_eq!(staken().await, 1);
    let leveringen = w.ontvangt(&w.vt).await;
    assert!(van(&leveringen, antwoord.id).is_none());
    assert_eq!(delen(van(&leveringen, nieuw.id).unwrap()), [nieuw.delen[0].id]);
}

#[tokio::test]
async fn a_report_of_misdelivery_freezes_until_its_owner_has_decided() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    let melding = async {
        let leveringen = w.ontvangt(&w.vt).await;
        assert_eq!(leveringen[0].bericht.id, melding);
        let mut brief = crate::feiten::nog_een_melding(&w, casus);
        brief.delen[0].voor[0].1 = Toegangswijze::Inzage;
        w.aangenomen(&brief).await;
        w.ontvangt(&w.vt).await;
        brief
    }
    .await;
    let deel = melding.delen[0].id;
    let lezen = async || w.hub.inzage(w.vt.oin, deel, &crate::reading::verzoek(&w.vt, deel, Doel::Beoordelen)).await;
    lezen().await.unwrap();
    let gemeld = Brief::new(&w, &w.vt, "misplaatsing")
        .in_casus(casus)
        .zegt(json!({"bericht": melding.id, "delen": [deel], "reden": "verkeerd-label"}));
    w.aangenomen(&gemeld).await;
    assert_eq!(lezen().await.unwrap_err().code(), ProblemCode::NietGevonden, "frozen");
    let plicht = async || {
        let open = w.hub.plichten(w.politie.oin).await.unwrap().plichten;
        open.into_iter().filter(|p| p.soort.as_str() == "misplaatsing-afhandelen").count()
    };
    assert_eq!(plicht().await, 1, "within a working day");
    assert!(van(&w.postvak(&w.politie).await, gemeld.id).is_some());
    // The reporter cannot let it go, a no leaves it frozen, a yes of its owner lets it go.
    w.aangenomen(&besluit(&w, &w.politie, &gemeld, json!({"besluit": "nee", "volgnummer": 1}))).await;
    assert_eq!((lezen().await.is_err(), plicht().await), (true, 1));
    w.aangenomen(&besluit(&w, &w.politie, &gemeld, json!({"besluit": "ja", "volgnummer": 2}))).await;
    lezen().await.unwrap();
    assert_eq!(plicht().await, 0);

    // Of what waits, its owner freezes the delivery; a recall ends it.
    let wacht = crate::feiten::nog_een_melding(&w, casus);
    w.aangenomen(&wacht).await;
    let eigen = Brief::new(&w, &w.politie, "misplaatsing")
        .in_casus(casus)
        .zegt(json!({"bericht": wacht.id, "reden": "verkeerde-ontvanger"}));
    w.aangenomen(&eigen).await;
    assert!(van(&w.postvak(&w.vt).await, wacht.id).is_none());
    assert_eq!(stand(&w, &w.politie, wacht.id).await, [Leveringstand::InBehandeling]);
    assert_eq!(plicht().await, 1);
    w.aangenomen(&intrekking(&w, &wacht)).await;
    assert_eq!(stand(&w, &w.politie, wacht.id).await, [Leveringstand::Vervallen]);
    assert_eq!(plicht().await, 0);
}

#[tokio::test]
async fn a_report_by_one_recipient_keeps_nothing_acute_from_the_others() {
    for (urgentie, komt_aan) in [(Urgentie::Acuut, true), (Urgentie::Normaal, false)] {
        let w = Wereld::new().await;
        let casus = zaak(&w).await;
        let mut signaal = plan(&w, casus, Doel::Plan).aan(&[&w.vt]);
        signaal.urgentie = urgentie;
        signaal.delen[0].voor.push((w.vt.clone(), Toegangswijze::Meegeleverd));
        w.aangenomen(&signaal).await;
        let melden = |wie: &Organisatie| {
            Brief::new(&w, wie, "misplaatsing")
                .in_casus(casus)
                .zegt(json!({"bericht": signaal.id, "delen": [signaal.delen[0].id], "reden": "verkeerd-label"}))
        };
        let gemeld = melden(&w.om);
        w.aangenomen(&gemeld).await;
        assert!(van(&w.postvak(&w.om).await, signaal.id).is_none(), "not to who reported it");
        assert_eq!(van(&w.postvak(&w.vt).await, signaal.id).is_some(), komt_aan, "{urgentie}");
        // Its owner stops it for everyone: by its own report, or by a no to that of another.
        let woord = match urgentie {
            Urgentie::Acuut => besluit(&w, &w.wijkteam, &gemeld, json!({"besluit": "nee", "volgnummer": 1})),
            Urgentie::Normaal => melden(&w.wijkteam),
        };
        w.aangenomen(&woord).await;
        assert!(van(&w.postvak(&w.vt).await, signaal.id).is_none());
    }
}

/// The place of a partner in this case, ended by Veilig Thuis.
async fn vertrekt(w: &Wereld, casus: CasusRef, wie: &Organisatie) {
    let weg = json!({"partner": wie.oin, "actie": "beeindigen", "volgnummer": 9});
    w.aangenomen(&Brief::new(w, &w.vt, "deelname").in_casus(casus).zegt(weg)).await;
}

#[tokio::test]
async fn an_owner_who_left_still_says_no_and_says_no_yes_any_more() {
    let w = Wereld::new().await;
    let casus = zaak(&w).await;
    let eerder = plan(&w, casus, Doel::Plan);
    w.aangenomen(&eerder).await;
    w.ontvangt(&w.om).await;
    let wacht = plan(&w, casus, Doel::Strafzaak);
    w.aangenomen(&wacht).await;
    let verzoek = ander_doel(&w, &eerder);
    w.aangenomen(&verzoek).await;
    vertrekt(&w, casus, &w.wijkteam).await;

    // A yes widens: from outside it is answered as for any outsider, in the same words as for a case that is not there.
    let ja = besluit(&w, &w.wijkteam, &verzoek, json!({"besluit": "ja", "volgnummer": 1}));
    let fout = w.geweigerd(&w.wijkteam, &ja.tekst()).await;
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
    let mut nergens = ja.clone();
    nergens.casus = Some(CasusRef::from_bytes(crate::wereld::brief::bytes()));
    let elders = w.geweigerd(&w.wijkteam, &nergens.tekst()).await;
    assert_eq!(serde_json::to_vec(&fout.problem()).unwrap(), serde_json::to_vec(&elders.problem()).unwrap());
    assert!(van(&w.postvak(&w.om).await, wacht.id).is_none());
    // A no of who is no owner, or was not asked, is nobody's.
    let nee = |wie: &Organisatie, op: &Brief| besluit(&w, wie, op, json!({"besluit": "nee", "volgnummer": 1}));
    assert_eq!(w.code(&nee(&w.ggz, &verzoek)).await, ProblemCode::NietToegestaan);
    assert_eq!(w.code(&nee(&w.wijkteam, &eerder)).await, ProblemCode::NietToegestaan);

    w.aangenomen(&nee(&w.wijkteam, &verzoek)).await;
    assert!(van(&w.postvak(&w.om).await, wacht.id).is_none());
    let besluiten = w.store.besluiten(0, 100).await.unwrap();
    let laatste = besluiten.iter().rev().find(|b| b.bericht == Some((w.wijkteam.oin, wacht.id))).unwrap();
    assert_eq!(laatste.uitkomst, Uitkomst::Weigeren, "held no longer: refused");
    assert_eq!(w.code(&ja).await, ProblemCode::NietToegestaan);
}

#[tokio::test]
async fn a_yes_to_the_file_is_taken_back_by_an_owner_who_left() {
    let w = Wereld::new().await;
    let antwoord = hulp(&w, Toegangswijze::Meegeleverd).await;
    let casus = antwoord.casus.unwrap();
    let plicht = async || {
        let leveringen = w.postvak(&w.vt).await;
        let levering = van(&leveringen, antwoord.id).unwrap();
        levering.besluiten[0].verplichtingen.iter().any(|p| p.soort.as_str() == "niet-in-dossier")
    };
    let verzoek = Brief::new(&w, &w.vt, "dossier-verzoek")
        .in_casus(casus)
        .zegt(json!({"bericht": antwoord.id, "delen": [antwoord.delen[0].id]}));
    w.aangenomen(&verzoek).await;
    w.aangenomen(&besluit(&w, &w.ggz, &verzoek, json!({"besluit": "ja", "volgnummer": 1}))).await;
    vertrekt(&w, casus, &w.ggz).await;
    assert!(!plicht().await, "what it allowed while it took part stands");
    w.aangenomen(&besluit(&w, &w.ggz, &verzoek, json!({"besluit": "nee", "volgnummer": 2}))).await;
    assert!(plicht().await);
    assert_eq!(
        w.code(&besluit(&w, &w.ggz, &verzoek, json!({"besluit": "ja", "volgnummer": 3}))).await,
        ProblemCode::NietToegestaan
    );
}
