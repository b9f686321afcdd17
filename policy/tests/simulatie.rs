//! A draft on past decisions: what stays is not listed, what changes is listed the right way round and counted once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use inbreng_domain::{Digest, Oin, Tijdstip, Uitkomst, convenant::Partijen, vocabulary::Partnertype};
use inbreng_policy::{
    Beleid, Besluitrecord, Bundel, Lidmaatschap, Namen, Simulatie, Simulatietelling, Verzoek, Wijziging, simulatie::Richting,
};
use samen::toeval::{Toeval, verzoek};

fn laden(bundel: Bundel, n: u8) -> Beleid {
    Beleid::laden(bundel, Digest::from_bytes([n; 32]), &samen::catalogus()).unwrap()
}

fn beslist(beleid: &Beleid, verzoek: Verzoek) -> Besluitrecord {
    let besluit = beleid.beslissen(&verzoek, &Namen::default());
    Besluitrecord { besluit, verzoek }
}

/// Requests with organisations and a moment, so that signatures are asked again.
fn verleden(beleid: &Beleid, hoeveel: usize) -> Vec<Besluitrecord> {
    let (catalogus, mut t) = (samen::catalogus(), Toeval::met(11));
    let een = |_| {
        let mut v = verzoek(&mut t, &catalogus);
        v.van_oin = Oin::parse("00000001000000000010").ok();
        v.naar_oin = Oin::parse("00000001000000000020").ok();
        v.nu = Tijdstip::parse("2026-11-22T01:00:00.000Z").ok();
        let partij = |s, oin| {
            let partnertype =
                Partnertype::ALL.iter().copied().find(|p| inbreng_domain::vocabulary::Ontvangersoort::from(*p) == s)?;
            Some(inbreng_policy::Deelpartij { oin, partnertype })
        };
        if let (Some(a), Some(b)) = (partij(v.van, v.van_oin.unwrap()), partij(v.naar, v.naar_oin.unwrap())) {
            v.ondertekend = beleid.ondertekend(&beide(beleid), &a, &b, v.nu.unwrap());
        }
        beslist(beleid, v)
    };
    (0..hoeveel).map(een).collect()
}

/// Both organisations of these requests signed.
fn beide(beleid: &Beleid) -> Partijen {
    samen::getekend(beleid, &["00000001000000000010", "00000001000000000020"])
}

fn draaien(beleid: &Beleid, verleden: &[Besluitrecord]) -> (Simulatietelling, Vec<Wijziging>) {
    let mut simulatie = Simulatie::van(beleid);
    let wijzigingen = verleden.iter().filter_map(|r| simulatie.besluit(r)).collect();
    (simulatie.af(), wijzigingen)
}

#[test]
fn the_same_rules_change_nothing() {
    let beleid = samen::voorbeeldregio().0;
    let verleden = verleden(&beleid, 500);
    let (telling, wijzigingen) = draaien(&beleid, &verleden);
    assert_eq!((telling.bekeken, telling.gelijk, wijzigingen.len()), (500, 500, 0));
    // A record is read as the store keeps it; what no version decided is passed over.
    let tekst = serde_json::to_string(&verleden[0]).unwrap();
    assert_eq!(Besluitrecord::lezen(&tekst).unwrap(), Some(verleden[0].clone()));
    let overzicht = tekst.replacen('{', r#"{"overzicht":{"verklaring":"x","groepen":[]},"#, 1);
    assert_eq!(Besluitrecord::lezen(&overzicht).unwrap(), None, "who was told of it is no matter of whose message it is");
    let mut simulatie = Simulatie::van(&beleid);
    assert_eq!(simulatie.record(r#"{"bericht":"x","uitkomst":"weigeren"}"#).unwrap(), None);
    assert_eq!(simulatie.telling().overgeslagen, 1);
    assert!(simulatie.record("{").is_err());
}

#[test]
fn there_and_back_are_each_others_mirror() {
    let (oud, catalogus) = samen::voorbeeldregio();
    let mut bundel = samen::bundel(&catalogus);
    let partij = Oin::parse("00000001000000000020").unwrap();
    bundel.ondertekenaars.organisaties.push(Lidmaatschap { oin: partij, ondertekend: false, vanaf: None, tot: None });
    let nieuw = laden(bundel, 9);
    let gisteren = verleden(&oud, 3_000);
    let (heen, lijst) = draaien(&nieuw, &gisteren);
    assert!(heen.gewijzigd.strenger > 0, "a party that did not sign gets less: {heen:?}");
    assert_eq!(heen.gewijzigd.ruimer, 0, "{:?}", lijst.iter().find(|w| w.richting == Richting::Ruimer));
    assert_eq!(heen.bekeken, heen.gelijk + heen.gewijzigd.strenger + heen.gewijzigd.anders);
    assert_eq!(lijst.len() as u64, heen.bekeken - heen.gelijk);
    assert_eq!(heen.per_organisatie[&partij].krijgt, heen.gewijzigd);
    let per_regel: u64 = heen.per_regel.values().map(|t| t.strenger + t.ruimer + t.anders).sum();
    assert_eq!(per_regel, lijst.len() as u64, "every change is counted under one rule");

    let onder_nieuw: Vec<_> =
        gisteren.iter().map(|r| Besluitrecord { besluit: r.opnieuw(&nieuw), verzoek: r.verzoek.clone() }).collect();
    let (terug, _) = draaien(&oud, &onder_nieuw);
    assert_eq!((terug.gewijzigd.ruimer, terug.gewijzigd.strenger), (heen.gewijzigd.strenger, heen.gewijzigd.ruimer));
    // Counts go on where they were left: half and half is the whole.
    let (links, rechts) = gisteren.split_at(1_000);
    let mut verder = Simulatie::voortzetten(&nieuw, draaien(&nieuw, links).0);
    for record in rechts {
        verder.besluit(record);
    }
    assert_eq!(verder.af(), heen);
}

#[test]
fn another_covenant_is_passed_over_and_a_change_names_no_person() {
    let beleid = samen::voorbeeldregio().0;
    let mut record = verleden(&beleid, 1).remove(0);
    record.verzoek.convenant = "andere-regio".parse().unwrap();
    let (telling, _) = draaien(&beleid, &[record.clone()]);
    assert_eq!((telling.bekeken, telling.overgeslagen), (0, 1));
    record.verzoek.convenant = beleid.bundel().convenant.clone();
    record.besluit.uitkomst = if record.besluit.uitkomst.levert() { Uitkomst::Weigeren } else { Uitkomst::Toestaan };
    let (_, lijst) = draaien(&beleid, &[record]);
    let velden: Vec<String> = serde_json::to_value(&lijst[0]).unwrap().as_object().unwrap().keys().cloned().collect();
    let bekend = [
        "categorie",
        "doel",
        "handeling",
        "naar",
        "naarOin",
        "richting",
        "soort",
        "van",
        "vanOin",
        "variant",
        "was",
        "wordt",
        "zin",
    ];
    assert!(velden.iter().all(|v| bekend.contains(&v.as_str())), "{velden:?}");
}

#[test]
fn what_others_see_is_in_fives_and_nothing_smaller_is_there() {
    let beleid = samen::voorbeeldregio().0;
    let mut strenger = beleid.bundel().clone();
    let row = strenger.rijen.iter().position(|r| r.effect == inbreng_policy::Effect::Toelaten && r.regel.is_some()).unwrap();
    strenger.rijen.remove(row);
    let (telling, _) = draaien(&laden(strenger, 2), &verleden(&beleid, 1_000));
    let shown = telling.clone().afgerond(5);
    let of = |t: &inbreng_policy::simulatie::Richtingtelling| [t.ruimer, t.strenger, t.anders];
    let counts = |t: &Simulatietelling| {
        let mut all = vec![t.bekeken, t.gelijk, t.overgeslagen];
        all.extend(of(&t.gewijzigd));
        all.extend(t.per_regel.values().flat_map(of));
        all.extend(t.per_organisatie.values().flat_map(|o| [of(&o.geeft), of(&o.krijgt)].concat()));
        all
    };
    assert!(counts(&shown).iter().all(|n| n % 5 == 0), "{shown:?}");
    assert_eq!((shown.bekeken, shown.gelijk), (1_000, telling.gelijk / 5 * 5));
    for (regel, t) in &telling.per_regel {
        let seen = shown.per_regel.get(regel).map_or([0; 3], of);
        assert_eq!(seen, of(t).map(|n| n / 5 * 5), "{regel}");
    }
    assert!(shown.per_regel.values().all(|t| of(t).iter().any(|n| *n > 0)), "a rule with nothing to show is not named");
    assert_eq!(telling.clone().afgerond(1), telling);
}
