//! One decision, on the example covenant and on larger ones, beside a look-up in a hash map and one plain Casbin enforcer.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use inbreng_catalogue::Catalogus;
use inbreng_domain::vocabulary::{
    Categorie, Deelname, Doel, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort, Partnertype,
};
use inbreng_domain::{ConvenantId, TypeNaam, Uitkomst};
use inbreng_policy::{Beleid, Bundel, Convenantbron, Namen, Organisatienamen, Rij, Vastlegging, Verzoek};
use serde_json::json;

use crate::table::{Figure, Table, median};
use crate::{Extent, Outcome, activation};

/// Batches; the median counts.
const BATCHES: usize = 9;

/// Rows of the smallest covenant that is measured.
const FEW: usize = 100;

/// Adds the figures.
pub async fn measure(table: &mut Table, extent: Extent) -> Outcome {
    let catalogue = Catalogus::ingebouwd()?;
    let small = Bundel::genereren(&Convenantbron::voorbeeldregio()?, &catalogue)?;
    let large = enlarged(&catalogue, extent.rows)?;
    let largest = enlarged(&catalogue, extent.most_rows)?;
    let (few, many, most) = (small.rijen.len(), large.rijen.len(), largest.rijen.len());
    let (allowed, refused) = (request(Categorie::Incident)?, request(Categorie::Medisch)?);
    let hundred = reduced(&small, &allowed, &catalogue)?;
    let floor = look_up(&catalogue, &allowed, extent)?;
    let flat = activation::flat(&large, &allowed, extent.decisions / 1000).await?;

    let small = activation::load(small, &catalogue)?.policy;
    let large = activation::load(large, &catalogue)?;
    let outcome = |policy: &Beleid| -> Outcome<f64> {
        let outcome = policy.uitkomst(&allowed);
        if !outcome.levert() || policy.uitkomst(&refused).levert() {
            return Err(format!("a covenant decides otherwise than it should: {outcome}").into());
        }
        Ok(batches(extent, || policy.uitkomst(black_box(&allowed))))
    };
    let outcome_hundred = outcome(&hundred)?;
    let outcome_small = outcome(&small)?;
    let outcome_large = outcome(&large.policy)?;
    activation::measure(table, &large, many, extent, &allowed, &catalogue)?;
    let whole_large = whole(&large.policy, &allowed, &refused, extent);
    drop(large);
    let outcome_largest = outcome(&activation::load(largest, &catalogue)?.policy)?;
    table.add(
        Figure::new("decision", format!("one allowing decision, outcome, {few} rows"), outcome_small, "µs")
            .floor("hash map of whole requests", floor)
            .bar("≤ 15 µs"),
    );
    table.add(Figure::new("decision-100", format!("the same, {FEW} rows"), outcome_hundred, "µs"));
    for (key, rows, time, bar) in
        [("decision-10000", many, outcome_large, "≤ 1.5 × floor"), ("decision-100000", most, outcome_largest, "")]
    {
        let beside = format!("the same at {FEW} rows");
        table.add(Figure::new(key, format!("the same, {rows} rows"), time, "µs").floor(beside, outcome_hundred).bar(bar));
    }
    let what = format!("one step of it in one plain Casbin enforcer, {many} rows");
    table.add(Figure::new("decision-casbin", what, flat, "µs").floor("all six steps here", outcome_large));
    let whole_small = whole(&small, &allowed, &refused, extent);
    for ((key, what, time), (_, _, time_large)) in whole_small.into_iter().zip(whole_large) {
        table.add(Figure::new(key, format!("{what}, {few} rows"), time, "µs").floor("outcome alone", outcome_small));
        let large = Figure::new(format!("{key}-10000"), format!("the same, {many} rows"), time_large, "µs");
        table.add(large.floor(format!("the same at {few} rows"), time));
    }
    Ok(())
}

/// The whole of a decision, as it is given and as it is stored: name, meaning and time of each.
fn whole(policy: &Beleid, allowed: &Verzoek, refused: &Verzoek, extent: Extent) -> Vec<(&'static str, &'static str, f64)> {
    let names = Namen { eigenaar: "Organisatie politie", ontvanger: "Organisatie Veilig Thuis", betrokkene: None };
    let own = Organisatienamen { eigenaar: names.eigenaar.to_owned(), ontvanger: names.ontvanger.to_owned() };
    let time = |request: &Verzoek, recorded: bool| {
        batches(extent, || {
            let besluit = policy.beslissen(black_box(request), &names);
            if !recorded {
                return Ok((Some(besluit), None));
            }
            let record = Vastlegging {
                besluit: Cow::Borrowed(&besluit),
                namen: Cow::Borrowed(&own),
                overzicht: None,
                verzoek: Cow::Borrowed(request),
            };
            inbreng_proof::canonical_string(&record).map(|text| (None, Some(text)))
        })
    };
    vec![
        ("decision-full", "one allowing decision with reason and duties", time(allowed, false)),
        ("decision-record", "the same with its record as it is stored", time(allowed, true)),
        ("decision-refusal", "one refusal with reason and alternatives", time(refused, false)),
        ("decision-refusal-record", "the same with its record as it is stored", time(refused, true)),
    ]
}

/// The example covenant cut down to a hundred rows: those that can speak of the measured request, and as many others. It is loaded as a
/// version of the past is, since it no longer holds the whole national minimum.
fn reduced(bundle: &Bundel, request: &Verzoek, catalogue: &Catalogus) -> Outcome<Beleid> {
    let speaks = |r: &Rij| {
        (r.soorten.is_empty() || r.soorten.contains(&request.soort)) && (r.naar.is_empty() || r.naar.contains(&request.naar))
    };
    let (own, others): (Vec<Rij>, Vec<Rij>) = bundle.rijen.iter().cloned().partition(speaks);
    if own.len() > FEW {
        return Err(format!("{} rows speak of one request, more than {FEW}", own.len()).into());
    }
    let rijen: Vec<Rij> = own.into_iter().chain(others).take(FEW).collect();
    let bundle = Bundel { rijen, ..bundle.clone() };
    let digest = inbreng_proof::digest_of(&bundle)?;
    Ok(Beleid::laden_verleden(bundle, digest, catalogue)?)
}

/// An incident report of the police to Veilig Thuis; `medisch` does not belong in one.
fn request(category: Categorie) -> Outcome<Verzoek> {
    let parties = (Ontvangersoort::from(Partnertype::Politie), Ontvangersoort::from(Partnertype::VeiligThuis));
    let kind = TypeNaam::parse("incidentmelding")?;
    let covenant = ConvenantId::parse("voorbeeldregio")?;
    Ok(Verzoek {
        grondslagen: vec![Grondslag::WettelijkeTaak],
        ondertekend: Ondertekend::Beide,
        van_deelnemer: Deelname::Ja,
        naar_deelnemer: Deelname::Ja,
        noodzaak: Noodzaak::Toegelicht,
        embargo: JaNee::Nee,
        scheiding: Vec::new(),
        afgeschermd: JaNee::Nee,
        bevestigd: JaNee::Ja,
        ..Verzoek::strengste(covenant, kind, parties, category, Doel::Beoordelen, Handeling::Ontvangen)
    })
}

/// The example covenant with rows of a stricter region: for one type, category, sender and recipient each, necessity must
/// be explained. They cover the catalogue evenly, the measured request with it.
fn enlarged(catalogue: &Catalogus, rows: usize) -> Outcome<Bundel> {
    let mut source = Convenantbron::voorbeeldregio()?;
    let own = Bundel::genereren(&source, catalogue)?.rijen.len();
    let recipients = Ontvangersoort::ALL;
    let row = |kind: &TypeNaam, category: &Categorie, from: &Partnertype, to: &Ontvangersoort| {
        serde_json::from_value::<Rij>(json!({
            "laag": "convenant", "stap": "plicht", "effect": "tegenhouden", "regel": "R7", "uitkomst": "vragen",
            "soorten": [kind], "categorieen": [category], "van": [from], "naar": [to],
            "voorwaarden": {"noodzaak": ["niet-toegelicht"]}, "toelichting": "een strengere rij van de regio",
        }))
    };
    let kinds: Vec<&TypeNaam> = catalogue.definities().map(|d| &d.naam).collect();
    // Recipient by recipient over everything else, beginning with the one that is measured.
    let begin = recipients.iter().position(|o| *o == Partnertype::VeiligThuis.into()).unwrap_or_default();
    let combinations = (0..recipients.len()).flat_map(|n| {
        let kinds = &kinds;
        Categorie::ALL.iter().flat_map(move |category| {
            Partnertype::ALL.iter().flat_map(move |from| kinds.iter().map(move |kind| (n, category, from, *kind)))
        })
    });
    for (n, category, from, kind) in combinations.take(rows.saturating_sub(own)) {
        let to = recipients.get((begin + n) % recipients.len()).ok_or("no recipients")?;
        source.rijen.push(row(kind, category, from, to)?);
    }
    Ok(Bundel::genereren(&source, catalogue)?)
}

/// The floor: as many whole requests with their outcome in a hash map; one is looked up.
fn look_up(catalogue: &Catalogus, request: &Verzoek, extent: Extent) -> Outcome<f64> {
    let mut map = HashMap::with_capacity(extent.rows);
    let kinds: Vec<TypeNaam> = catalogue.definities().map(|d| d.naam.clone()).collect();
    for (n, kind) in (0..extent.rows).zip(kinds.iter().cycle()) {
        let category = Categorie::ALL.get(n / kinds.len() % Categorie::ALL.len()).copied().unwrap_or(Categorie::Incident);
        let to = Ontvangersoort::ALL.get(n / kinds.len() / Categorie::ALL.len() % Ontvangersoort::ALL.len()).copied();
        let to = to.unwrap_or(request.naar);
        map.insert(Verzoek { soort: kind.clone(), categorie: category, naar: to, ..request.clone() }, Uitkomst::Weigeren);
    }
    map.insert(request.clone(), Uitkomst::Toestaan);
    if map.get(request) != Some(&Uitkomst::Toestaan) {
        return Err("a hash map lost its entry".into());
    }
    Ok(batches(extent, || map.get(black_box(request)).copied()))
}

/// Microseconds per call: the median of several batches.
fn batches<T>(extent: Extent, mut call: impl FnMut() -> T) -> f64 {
    let batch = || {
        let begin = Instant::now();
        for _ in 0..extent.decisions {
            black_box(call());
        }
        begin.elapsed().as_secs_f64() * 1e6 / extent.decisions as f64
    };
    median(std::iter::repeat_with(batch).take(BATCHES).collect())
}
