//! Facts from messages: embargo (48), withdrawal (42), flags (57), participants (56), joined cases (58).

use inbreng_domain::{
    BerichtId, CasusRef, DeelId, PersoonRef,
    antwoorden::Leveringstand,
    gids::{Bevestiging, Vermelding},
    problem::ProblemCode,
    receipts::Ontvangerstand,
    vocabulary::{Categorie, Deelname, Doel, Grondslag, Partnertype, Scheiding, Toegangswijze},
};
use inbreng_proof::{
    SystemRandomness,
    gids::{medeonderteken, sign_vermelding},
};
use serde_json::{Value, json};

use crate::wereld::{Brief, Organisatie, Stuk, Wereld, dagen, nu, over_minuten};

pub fn embargo(w: &Wereld, van: &Organisatie, casus: CasusRef, verklaring: Value) -> Brief {
    Brief::new(w, van, "embargo").in_casus(casus).zegt(verklaring)
}

/// An embargo of the police on the whole case.
pub fn op_zaak(w: &Wereld, casus: CasusRef, actie: &str, volgnummer: u32) -> Brief {
    let mut verklaring = json!({"actie": actie, "omvang": "zaak", "zichtbaarheid": "gesloten", "volgnummer": volgnummer});
    if actie != "opheffen" {
        verklaring["herziening"] = json!(dagen(10));
    }
    embargo(w, &w.politie, casus, verklaring)
}

/// A further report of the police to Veilig Thuis in this case.
pub fn nog_een_melding(w: &Wereld, casus: CasusRef) -> Brief {
    Brief::new(w, &w.politie, "incidentmelding").in_casus(casus).aan(&[&w.vt]).met(Stuk::new(
        Categorie::Incident,
        Doel::Beoordelen,
        Grondslag::WettelijkeTaak,
        &[&w.vt],
    ))
}

async fn stand(w: &Wereld, van: &Organisatie, id: BerichtId) -> Vec<Leveringstand> {
    w.hub.status(van.oin, id).await.unwrap().ontvangers.iter().map(|o| o.stand).collect()
}

#[tokio::test]
async fn an_embargo_is_in_force_in_the_next_decision_and_lifting_delivers() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    let gezet = w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    assert!(gezet.besluiten.is_empty());

    let melding = nog_een_melding(&w, casus);
    let antwoord = w.aangenomen(&melding).await;
    assert_eq!(antwoord.besluiten[0].stand, Ontvangerstand::InBehandeling);
    // The setter reads why, and nobody else anything.
    assert_eq!(antwoord.besluiten[0].regels.iter().map(|r| r.nummer()).collect::<Vec<_>>(), [20]);
    assert!(antwoord.besluiten[0].zin.contains("lopend onderzoek"), "{}", antwoord.besluiten[0].zin);
    assert!(w.postvak(&w.vt).await.is_empty());
    assert!(stand(&w, &w.politie, melding.id).await.is_empty());

    w.aangenomen(&op_zaak(&w, casus, "opheffen", 2)).await;
    let [levering] = w.postvak(&w.vt).await.try_into().unwrap();
    assert_eq!(levering.bericht.id, melding.id);
    assert_eq!(levering.bericht.data.delen[0].labels.id, melding.delen[0].id);
    assert_eq!(levering.besluiten.len(), 1);
    assert_eq!(stand(&w, &w.politie, melding.id).await, [Leveringstand::Onderweg]);
    w.ontvangt(&w.vt).await;
    assert_eq!(stand(&w, &w.politie, melding.id).await, [Leveringstand::Ontvangen]);
}

#[tokio::test]
async fn what_was_accepted_and_not_delivered_is_held_and_comes_back() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    // But for the place in the mailbox, which is another each time.
    let leveringen = async || w.postvaktekst(&w.vt).await.split_once(r#","verder""#).unwrap().0.to_owned();
    let voor = leveringen().await;
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    assert_eq!(leveringen().await, r#"{"leveringen":[]"#);
    assert_eq!(stand(&w, &w.politie, melding).await, [Leveringstand::InBehandeling]);
    w.aangenomen(&op_zaak(&w, casus, "opheffen", 2)).await;
    assert_eq!(leveringen().await, voor, "byte for byte what it was");
}

#[tokio::test]
async fn an_embargo_covers_parts_of_its_setter_only_and_its_setter_alone_lifts_it() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    w.aangenomen(&op_zaak(&w, casus, "zetten", 1)).await;
    // Another's message in the same case goes its way.
    let besluit = Brief::new(&w, &w.vt, "triagebesluit")
        .in_casus(casus)
        .antwoord(melding)
        .aan(&[&w.politie])
        .zegt(json!({"uitkomst": "directe-overdracht"}));
    w.aangenomen(&besluit).await;
    assert_eq!(w.postvak(&w.politie).await.len(), 1);
    // The OM takes part too; what it lifts is its own, of which there is none.
    w.vraag(casus, &w.om).await;
    let lift = json!({"actie": "opheffen", "omvang": "zaak", "zichtbaarheid": "gesloten", "volgnummer": 9});
    w.aangenomen(&embargo(&w, &w.om, casus, lift.clone())).await;
    w.aangenomen(&nog_een_melding(&w, casus)).await;
    assert!(w.postvak(&w.vt).await.is_empty());
    // Nobody else sets or lifts one, and who takes no part learns nothing.
    assert_eq!(w.code(&embargo(&w, &w.vt, casus, lift.clone())).await, ProblemCode::RolOntbreekt);
    assert_eq!(w.code(&embargo(&w, &w.ggz, casus, lift)).await, ProblemCode::NietToegestaan);
}

#[tokio::test]
async fn numbers_count_up_and_a_review_lies_within_two_weeks() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    w.aangenomen(&op_zaak(&w, casus, "zetten", 3)).await;
    for nummer in [1, 3] {
        assert_eq!(w.code(&op_zaak(&w, casus, "opheffen", nummer)).await, ProblemCode::VolgnummerBezet);
    }
    for herziening in [dagen(15), over_minuten(-1)] {
        let mut laat = op_zaak(&w, casus, "verlengen", 4);
        laat.verklaring["herziening"] = json!(herziening);
        assert_eq!(w.code(&laat).await, ProblemCode::VerklaringOngeldig);
    }
    w.aangenomen(&op_zaak(&w, casus, "verlengen", 4)).await;
    assert!(w.postvak(&w.vt).await.is_empty());
}

#[tokio::test]
async fn an_embargo_on_a_part_or_a_person_leaves_the_rest_alone() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    let persoon = PersoonRef::mint(&SystemRandomness);
    let over = json!({"actie": "zetten", "omvang": "persoon", "persoon": persoon, "zichtbaarheid": "gesloten",
        "herziening": dagen(5), "volgnummer": 1});
    w.aangenomen(&embargo(&w, &w.politie, casus, over)).await;
    let stuk = |p| Stuk::new(Categorie::Incident, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.vt]).over(p);
    let (vast, vrij) = (stuk(persoon), stuk(PersoonRef::mint(&SystemRandomness)));
    let melding = Brief::new(&w, &w.politie, "incidentmelding").in_casus(casus).aan(&[&w.vt]).met(vast.clone()).met(vrij.clone());
    w.aangenomen(&melding).await;
    let delen =
        |l: &inbreng_domain::levering::Levering| -> Vec<DeelId> { l.bericht.data.delen.iter().map(|d| d.labels.id).collect() };
    let [levering] = w.ontvangt(&w.vt).await.try_into().unwrap();
    assert_eq!(delen(&levering), [vrij.id]);

    // Lifted for the person and set for the part: still held. Lifted for the part too: it comes in a delivery of its own.
    let deel = |actie: &str, n: u32| {
        let mut v = json!({"actie": actie, "omvang": "deel", "deel": vast.id, "zichtbaarheid": "open", "volgnummer": n});
        if actie == "zetten" {
            v["herziening"] = json!(dagen(5));
        }
        embargo(&w, &w.politie, casus, v)
    };
    w.aangenomen(&deel("zetten", 1)).await;
    let opgeheven =
        json!({"actie": "opheffen", "omvang": "persoon", "persoon": persoon, "zichtbaarheid": "gesloten", "volgnummer": 2});
    w.aangenomen(&embargo(&w, &w.politie, casus, opgeheven)).await;
    assert!(w.postvak(&w.vt).await.is_empty());
    w.aangenomen(&deel("opheffen", 2)).await;
    let [levering] = w.ontvangt(&w.vt).await.try_into().unwrap();
    assert_eq!((levering.bericht.id, delen(&levering)), (melding.id, vec![vast.id]));
    assert_eq!(stand(&w, &w.politie, melding.id).await, [Leveringstand::Ontvangen; 2]);
}

#[tokio::test]
async fn only_who_may_know_hears_of_an_embargo() {
    let w = Wereld::new().await;
    let (mut melding, casus) = w.melding();
    melding.delen[0].voor[0].1 = Toegangswijze::Inzage;
    w.aangenomen(&melding).await;
    w.ontvangt(&w.vt).await;
    let deel = melding.delen[0].id;
    let lezen = async || {
        let fout = w.hub.inzage(w.vt.oin, deel, &crate::reading::verzoek(&w.vt, deel, Doel::Beoordelen)).await.unwrap_err();
        (fout.code(), serde_json::to_string(&fout.problem()).unwrap())
    };
    let geen = Stuk::new(Categorie::Incident, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[]).id;
    let onbekend = w.hub.inzage(w.vt.oin, geen, &crate::reading::verzoek(&w.vt, geen, Doel::Beoordelen)).await.unwrap_err();
    let onbekend = serde_json::to_string(&onbekend.problem()).unwrap();
    for (n, niveau, weet) in [(1, "gesloten", false), (2, "regie", false), (3, "open", true)] {
        let mut zetten = op_zaak(&w, casus, "verlengen", n);
        zetten.verklaring["zichtbaarheid"] = json!(niveau);
        w.aangenomen(&zetten).await;
        let (code, tekst) = lezen().await;
        if weet {
            assert_eq!(code, ProblemCode::NietToegestaan);
            assert!(tekst.contains("Er is informatie die nu niet gedeeld kan worden.") && !tekst.contains("R20"), "{tekst}");
        } else {
            assert_eq!(tekst, onbekend, "{niveau}: as if there were nothing");
        }
    }
    // Told by message: only who may know, and never with a reference to a person or a part.
    let aan = |brief: Brief| brief.aan(&[&w.vt]);
    assert_eq!(w.code(&aan(op_zaak(&w, casus, "verlengen", 4))).await, ProblemCode::RolOntbreekt);
    let mut open = aan(op_zaak(&w, casus, "verlengen", 4));
    open.verklaring["zichtbaarheid"] = json!("open");
    w.aangenomen(&open).await;
    assert_eq!(w.postvak(&w.vt).await.len(), 1);
}

/// The withdrawal of what `effects::toestemming` registers.
pub fn intrekken(w: &Wereld, casus: CasusRef, persoon: PersoonRef, volgnummer: u32) -> Brief {
    Brief::new(w, &w.ggz, "toestemming-ingetrokken").in_casus(casus).zegt(json!({
        "persoon": persoon, "leeftijdsgroep": "18+", "door": "betrokkene", "eigenaar": w.ggz.oin,
        "ontvangers": [w.vt.oin], "categorieen": ["medisch"], "doelen": ["beoordelen"], "volgnummer": volgnummer
    }))
}

#[tokio::test]
async fn a_withdrawal_stops_at_once_what_was_not_delivered_and_tells_who_received() {
    for ontvangen in [false, true] {
        let w = Wereld::new().await;
        let (casus, _) = w.zaak().await;
        let vraag = w.vraag(casus, &w.ggz).await;
        let persoon = PersoonRef::mint(&SystemRandomness);
        w.aangenomen(&crate::effects::toestemming(&w, &w.ggz, casus, persoon, "gegeven", 1)).await;
        let antwoord = crate::effects::medisch(&w, casus, vraag, persoon);
        w.aangenomen(&antwoord).await;
        if ontvangen {
            w.ontvangt(&w.vt).await;
        }
        assert_eq!(w.code(&intrekken(&w, casus, persoon, 1)).await, ProblemCode::VolgnummerBezet);
        w.aangenomen(&intrekken(&w, casus, persoon, 2)).await;
        let leveringen = w.postvak(&w.vt).await;
        let verteld = leveringen.iter().find(|l| l.bericht.berichttype.naam().as_str() == "toestemming-ingetrokken").unwrap();
        assert!(verteld.besluiten[0].zin.contains("niet meer gebruiken"), "{}", verteld.besluiten[0].zin);
        assert!(
            verteld.besluiten[0].verplichtingen.iter().any(|p| p.soort.as_str() == "gebruik-staken" && p.uiterlijk.is_some())
        );
        let antwoorden = leveringen.iter().filter(|l| l.bericht.id == antwoord.id).count();
        assert_eq!(antwoorden, 0, "received already, or lapsed");
        let verwacht = if ontvangen { Leveringstand::Ontvangen } else { Leveringstand::Vervallen };
        assert_eq!(stand(&w, &w.ggz, antwoord.id).await, [verwacht]);
        assert_eq!(w.code(&crate::effects::medisch(&w, casus, vraag, persoon)).await, ProblemCode::NietToegestaan);
    }
}

fn vlag(w: &Wereld, van: &Organisatie, casus: CasusRef, soort: &str, actie: &str, nummer: u32) -> Brief {
    let mut verklaring = json!({"soort": soort, "actie": actie, "volgnummer": nummer});
    if soort == "pleger-slachtoffer" {
        verklaring["personen"] = json!([PersoonRef::from_bytes([1; 16]), PersoonRef::from_bytes([2; 16])]);
    }
    if actie == "opheffen" {
        verklaring["reden"] = json!("onjuist");
    }
    Brief::new(w, van, "vlag").in_casus(casus).zegt(verklaring)
}

/// The flags that the next decision of the police in this case rests on.
async fn vlaggen(w: &Wereld, casus: CasusRef) -> Vec<Scheiding> {
    w.aangenomen(&nog_een_melding(w, casus)).await;
    let bladen = w.store.zaakstand(casus).await.unwrap();
    let mut gezet = std::collections::BTreeMap::new();
    for feit in bladen.feiten.into_iter().filter(|f| f.soort == inbreng_domain::zaak::Feitsoort::Vlag) {
        let vlag: inbreng_domain::zaak::Vlag = serde_json::from_str(&feit.record).unwrap();
        gezet.insert(feit.onderwerp, vlag);
    }
    gezet.into_values().filter(|v| v.geldt).map(|v| v.soort).collect()
}

#[tokio::test]
async fn any_professional_sets_a_flag_and_only_who_has_the_role_clears_it() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    w.aangenomen(&vlag(&w, &w.politie, casus, "pleger-slachtoffer", "zetten", 1)).await;
    w.aangenomen(&vlag(&w, &w.vt, casus, "eergerelateerd", "zetten", 1)).await;
    assert_eq!(vlaggen(&w, casus).await, [Scheiding::Eergerelateerd, Scheiding::PlegerSlachtoffer]);
    assert_eq!(w.code(&vlag(&w, &w.politie, casus, "pleger-slachtoffer", "opheffen", 2)).await, ProblemCode::RolOntbreekt);
    // The pair works in both directions: named the other way round it is the same flag.
    let mut opheffen = vlag(&w, &w.vt, casus, "pleger-slachtoffer", "opheffen", 1);
    opheffen.verklaring["personen"] = json!([PersoonRef::from_bytes([2; 16]), PersoonRef::from_bytes([1; 16])]);
    w.aangenomen(&opheffen).await;
    assert_eq!(vlaggen(&w, casus).await, [Scheiding::Eergerelateerd]);
    // Set again after it was cleared: it is in force.
    w.aangenomen(&vlag(&w, &w.politie, casus, "pleger-slachtoffer", "zetten", 2)).await;
    assert_eq!(vlaggen(&w, casus).await.len(), 2);
    assert_eq!(w.code(&vlag(&w, &w.ggz, casus, "om-client", "zetten", 1)).await, ProblemCode::NietToegestaan);
}

/// R22, R23, R25: whoever takes part sets each kind of flag; who clears it goes by its kind.
#[tokio::test]
async fn each_kind_of_flag_is_set_by_everyone_and_cleared_by_its_own_roles() {
    let w = Wereld::new().await;
    let zvh = w.pki.organisatie("00000001000000000007", "ZVH Voorbeeld", Partnertype::Zvh, &w.beheerder);
    let egg = w.pki.organisatie("00000001000000000008", "EGG Voorbeeld", Partnertype::ExpertisecentrumEgg, &w.beheerder);
    w.hub.gids_vullen(vec![zvh.gids.clone(), egg.gids.clone()]).await.unwrap();
    let toetredingen = [&zvh, &egg].map(|wie| wie.toetreding(&w.tekst, &w.beheerder));
    assert_eq!(w.hub.partijen_vullen(toetredingen.to_vec()).await.unwrap(), 2);
    let (casus, _) = w.zaak().await;
    for wie in [&zvh, &egg] {
        let toevoegen = json!({"partner": wie.oin, "actie": "toevoegen", "rol": "deelnemer", "volgnummer": 1});
        w.aangenomen(&plaats(&w, &w.vt, casus, toevoegen)).await;
    }
    // Not a kind that anyone states: what is unknown is how the hub takes an absent one.
    assert_eq!(w.code(&vlag(&w, &w.vt, casus, "onbekend", "zetten", 1)).await, ProblemCode::VerklaringOngeldig);
    // Who may clear it: the police never, Veilig Thuis always, the procesregisseur and the centre of expertise each their own.
    for (soort, mogen) in [
        ("om-client", [false, true, true, false]),
        ("pleger-slachtoffer", [false, true, true, false]),
        ("eergerelateerd", [false, true, false, true]),
    ] {
        let mut nummer = [0_u32; 4];
        for (nr, (wie, mag)) in [&w.politie, &w.vt, &zvh, &egg].into_iter().zip(mogen).enumerate() {
            nummer[nr] += 1;
            w.aangenomen(&vlag(&w, wie, casus, soort, "zetten", nummer[nr])).await;
            nummer[nr] += 1;
            let opheffen = vlag(&w, wie, casus, soort, "opheffen", nummer[nr]);
            if mag {
                w.aangenomen(&opheffen).await;
            } else {
                assert_eq!(w.code(&opheffen).await, ProblemCode::RolOntbreekt, "{soort}: {}", wie.naam);
            }
            let gezet = vlaggen(&w, casus).await.iter().any(|s| s.as_str() == soort);
            assert_eq!(gezet, !mag, "{soort}: {}", wie.naam);
        }
        // What stayed is taken away for the next.
        w.aangenomen(&vlag(&w, &w.vt, casus, soort, "opheffen", 3)).await;
        assert!(vlaggen(&w, casus).await.is_empty(), "{soort}");
    }
}

fn plaats(w: &Wereld, van: &Organisatie, casus: CasusRef, verklaring: Value) -> Brief {
    Brief::new(w, van, "deelname").in_casus(casus).zegt(verklaring)
}

async fn deelname(w: &Wereld, casus: CasusRef, wie: &Organisatie) -> Deelname {
    let zaak = w.store.zaakstand(casus).await.unwrap();
    let nu = inbreng_domain::Clock::now(&*w.clock);
    zaak.deelnemers.iter().find(|d| d.partner == wie.oin).map_or(Deelname::Nee, |d| d.rol_op(nu))
}

#[tokio::test]
async fn who_may_adds_changes_and_ends_and_leaving_ends_access_to_what_comes_later() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let toevoegen = json!({"partner": w.ggz.oin, "actie": "toevoegen", "rol": "deelnemer", "volgnummer": 1});
    assert_eq!(w.code(&plaats(&w, &w.politie, casus, toevoegen.clone())).await, ProblemCode::RolOntbreekt);
    w.aangenomen(&plaats(&w, &w.vt, casus, toevoegen).aan(&[&w.ggz])).await;
    assert_eq!(w.postvak(&w.ggz).await.len(), 1, "the one concerned is told");
    assert_eq!(deelname(&w, casus, &w.ggz).await, Deelname::Ja);

    // A directing partner may add as well, from then on.
    let regie = json!({"partner": w.ggz.oin, "actie": "wijzigen", "rol": "casusregisseur", "volgnummer": 2});
    w.aangenomen(&plaats(&w, &w.vt, casus, regie)).await;
    let deskundige = json!({"partner": w.wijkteam.oin, "actie": "toevoegen", "rol": "deskundige",
        "vanaf": over_minuten(10), "tot": over_minuten(20), "volgnummer": 1});
    w.aangenomen(&plaats(&w, &w.ggz, casus, deskundige)).await;
    for (verder, rol) in [(0, Deelname::Nee), (10, Deelname::Deskundige), (10, Deelname::Nee)] {
        w.clock.advance(time::Duration::minutes(verder));
        assert_eq!(deelname(&w, casus, &w.wijkteam).await, rol, "{verder}");
    }

    // It is asked for something before it leaves, and still gets that; what comes later, not.
    let signaal = |w: &Wereld| {
        Brief::new(w, &w.vt, "informatieverzoek")
            .in_casus(casus)
            .aan(&[&w.ggz])
            .zegt(json!({"gevraagd": ["hulp"]}))
            .met(Stuk::new(Categorie::Vraag, Doel::Beoordelen, Grondslag::WettelijkeTaak, &[&w.ggz]))
    };
    let eerder = signaal(&w);
    w.aangenomen(&eerder).await;
    let weg = json!({"partner": w.ggz.oin, "actie": "beeindigen", "volgnummer": 3});
    w.aangenomen(&plaats(&w, &w.vt, casus, weg.clone())).await;
    assert_eq!(deelname(&w, casus, &w.ggz).await, Deelname::Nee);
    assert!(w.ontvangt(&w.ggz).await.iter().any(|l| l.bericht.id == eerder.id));
    let nieuw = json!({"partner": w.wijkteam.oin, "actie": "toevoegen", "rol": "deelnemer", "volgnummer": 5});
    assert_eq!(w.code(&plaats(&w, &w.ggz, casus, nieuw)).await, ProblemCode::NietToegestaan, "an outsider again");
    let mut nog_eens = plaats(&w, &w.vt, casus, weg);
    nog_eens.verklaring["volgnummer"] = json!(4);
    assert_eq!(w.code(&nog_eens).await, ProblemCode::VerklaringOngeldig, "there is nothing to end");
}

#[tokio::test]
async fn who_gives_advice_thinks_along_and_a_later_opening_message_lets_it_in() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let advies = Brief::new(&w, &w.vt, "advies-verzoek").in_casus(casus).aan(&[&w.ggz]).met(Stuk::new(
        Categorie::Vraag,
        Doel::Beoordelen,
        Grondslag::Geen,
        &[&w.ggz],
    ));
    w.aangenomen(&advies).await;
    assert_eq!(deelname(&w, casus, &w.ggz).await, Deelname::Deskundige);
    w.vraag(casus, &w.ggz).await;
    assert_eq!(deelname(&w, casus, &w.ggz).await, Deelname::Ja);
    // Being asked for advice again makes nobody less.
    let mut nog_eens = advies.clone();
    nog_eens.id = Brief::new(&w, &w.vt, "advies-verzoek").id;
    nog_eens.delen[0].id = Stuk::new(Categorie::Vraag, Doel::Beoordelen, Grondslag::Geen, &[]).id;
    w.aangenomen(&nog_eens).await;
    assert_eq!(deelname(&w, casus, &w.ggz).await, Deelname::Ja);
}

#[tokio::test]
async fn who_takes_no_part_writes_nothing_into_a_case_whatever_the_type() {
    let w = Wereld::new().await;
    let (casus, _) = w.zaak().await;
    let capaciteit = |van: &Organisatie, casus: Option<CasusRef>| {
        let mut brief = Brief::new(&w, van, "capaciteitsbericht").aan(&[&w.wijkteam]);
        brief.delen = vec![Stuk {
            betrokkenen: vec![],
            ..Stuk::new(Categorie::Capaciteit, Doel::HulpStarten, Grondslag::Geen, &[&w.wijkteam])
        }];
        brief.casus = casus;
        brief.zegt(json!({"peildatum": "2026-11-20"}))
    };
    let onbekend = CasusRef::from_bytes([9; 32]);
    let hier = w.geweigerd(&w.ggz, &capaciteit(&w.ggz, Some(casus)).tekst()).await;
    let nergens = w.geweigerd(&w.ggz, &capaciteit(&w.ggz, Some(onbekend)).tekst()).await;
    assert_eq!(hier.code(), ProblemCode::NietToegestaan);
    assert_eq!(serde_json::to_vec(&hier.problem()).unwrap(), serde_json::to_vec(&nergens.problem()).unwrap());
}

fn samenvoegen(w: &Wereld, van: &Organisatie, casus: CasusRef, met: CasusRef) -> Brief {
    Brief::new(w, van, "zaak-samenvoegen").in_casus(casus).zegt(json!({"met": met}))
}

#[tokio::test]
async fn joined_cases_share_what_withholds_and_nobody_is_let_in() {
    let w = Wereld::new().await;
    let (een, _) = w.zaak().await;
    let (twee, _) = w.zaak().await;
    w.vraag(twee, &w.ggz).await;
    w.ontvangt(&w.vt).await;
    w.aangenomen(&op_zaak(&w, een, "zetten", 1)).await;
    w.aangenomen(&nog_een_melding(&w, twee)).await;
    assert_eq!(w.ontvangt(&w.vt).await.len(), 1, "another case");

    assert_eq!(w.code(&samenvoegen(&w, &w.politie, een, twee)).await, ProblemCode::RolOntbreekt);
    let vreemd = CasusRef::from_bytes([5; 32]);
    assert_eq!(w.code(&samenvoegen(&w, &w.vt, een, vreemd)).await, ProblemCode::NietToegestaan);
    w.aangenomen(&samenvoegen(&w, &w.vt, een, twee)).await;
    let melding = nog_een_melding(&w, twee);
    w.aangenomen(&melding).await;
    assert!(w.postvak(&w.vt).await.is_empty(), "the embargo of the one counts in the other");
    assert_eq!(deelname(&w, een, &w.ggz).await, Deelname::Nee);
    assert_eq!(deelname(&w, twee, &w.ggz).await, Deelname::Ja);
    w.aangenomen(&op_zaak(&w, een, "opheffen", 2)).await;
    assert_eq!(w.postvak(&w.vt).await.len(), 1);

    let mut sluiten = Brief::new(&w, &w.vt, "zaak-samenvoegen").in_casus(een);
    sluiten.variant = Some("sluiten".parse().unwrap());
    w.aangenomen(&sluiten).await;
    assert!(w.store.zaakstand(een).await.unwrap().gesloten_op.is_some());
    sluiten.verklaring = json!({"met": twee});
    sluiten.id = Brief::new(&w, &w.vt, "vlag").id;
    assert_eq!(w.code(&sluiten).await, ProblemCode::VerklaringOngeldig);
}

/// Veilig Thuis states itself again, with these confirmed versions.
async fn vt_bevestigt(w: &Wereld, volgnummer: u32, versies: &[u32]) {
    let bevestigd = versies.iter().map(|versie| Bevestiging { convenant: "voorbeeldregio".parse().unwrap(), versie: *versie });
    let vermelding = Vermelding { bevestigd: bevestigd.collect(), ..w.vt.vermelding(volgnummer) };
    let verklaring = sign_vermelding(&w.vt.sleutel, &vermelding).unwrap();
    let mede = medeonderteken(&w.beheerder, verklaring, nu()).unwrap();
    w.hub.vermelding_plaatsen(w.vt.oin, mede).await.unwrap();
}

#[tokio::test]
async fn a_newcomer_waits_until_it_has_confirmed_the_rules() {
    let w = Wereld::new().await;
    // No party: what it knows of the rules, its directory statement says.
    let convenant = "voorbeeldregio".parse().unwrap();
    let weg = w.vt.uittreding("voorbeeldregio", 2, nu());
    w.hub.uittreden(w.vt.oin, &convenant, 5, &weg).await.unwrap();
    vt_bevestigt(&w, 2, &[]).await;
    let (melding, casus) = w.melding();
    let antwoord = w.aangenomen(&melding).await;
    assert_eq!(antwoord.besluiten[0].stand, Ontvangerstand::InBehandeling);
    assert!(antwoord.besluiten[0].zin.contains("leest eerst de afspraken over delen"), "{}", antwoord.besluiten[0].zin);
    assert!(w.postvak(&w.vt).await.is_empty());
    assert_eq!(deelname(&w, casus, &w.vt).await, Deelname::Nee, "who got nothing takes no part yet");
    // Confirmed: what waited comes, and it takes part from then on.
    vt_bevestigt(&w, 3, &[1]).await;
    let [levering] = w.ontvangt(&w.vt).await.try_into().unwrap();
    assert_eq!(levering.bericht.id, melding.id);
    assert_eq!(deelname(&w, casus, &w.vt).await, Deelname::Ja);
    assert_eq!(stand(&w, &w.politie, melding.id).await, [Leveringstand::Ontvangen]);
}

#[tokio::test]
async fn a_closed_case_takes_what_is_still_owed_and_a_new_signal_opens_it_again() {
    let w = Wereld::new().await;
    let (casus, melding) = w.zaak().await;
    w.ontvangt(&w.vt).await;
    let sluiten = || {
        let mut brief = Brief::new(&w, &w.vt, "zaak-samenvoegen").in_casus(casus).zegt(json!({}));
        brief.variant = Some("sluiten".parse().unwrap());
        brief
    };
    w.aangenomen(&sluiten()).await;
    let besluit = Brief::new(&w, &w.vt, "triagebesluit")
        .in_casus(casus)
        .antwoord(melding)
        .aan(&[&w.politie])
        .zegt(json!({"uitkomst": "directe-overdracht"}));
    assert_eq!(w.code(&besluit).await, ProblemCode::ZaakGesloten);
    // Who takes no part learns nothing of it.
    let buiten = Brief { van: w.ggz.clone(), ..nog_een_melding(&w, casus) };
    let fout = w.geweigerd(&w.ggz, &buiten.tekst()).await;
    assert_eq!(fout.code(), ProblemCode::NietToegestaan);
    // What an owner still owes goes its way, and leaves the case closed.
    let terug = Brief::new(&w, &w.politie, "intrekking").in_casus(casus).zegt(json!({"bericht": melding, "reden": "geen-grond"}));
    w.aangenomen(&terug).await;
    assert_eq!(w.code(&besluit).await, ProblemCode::ZaakGesloten);
    w.aangenomen(&nog_een_melding(&w, casus)).await;
    assert!(w.store.zaakstand(casus).await.unwrap().gesloten_op.is_none(), "a new report opens it again");
    w.aangenomen(&besluit).await;
}
