//! What must hold of a catalogue before anything is judged by it.

use std::collections::{BTreeMap, BTreeSet};

use inbreng_domain::{Code, TypeNaam, limits::SIZE_CLASSES, vocabulary::Categorie};
use serde_json::Value;

use crate::{
    definitie::{Definitie, Naar, NaarWoord, Reactie, Verzendmoment},
    loader::CatalogusFout,
    namen::NAMEN,
    schemas::Typeschemas,
};

/// Checks one definition against its file name, its schemas and the list of all types.
pub(crate) fn definitie(naam: &str, d: &Definitie, schemas: &Typeschemas) -> Result<(), CatalogusFout> {
    let fout = |why: String| Err(CatalogusFout { file: format!("{naam}.toml"), why });
    if d.naam.as_str() != naam {
        return fout(format!("naam must be the file's name, is {}", d.naam));
    }
    if NAMEN.get(usize::from(d.nummer).wrapping_sub(1)) != Some(&naam) {
        return fout(format!("nummer {} is not that of {naam}", d.nummer));
    }
    if d.versie == 0 {
        return fout("versie counts from 1".to_owned());
    }
    for (wat, leeg) in [("van", d.van.is_empty()), ("naar", d.naar.is_empty()), ("doelen", d.doelen.is_empty())] {
        if leeg {
            return fout(format!("{wat} is empty"));
        }
    }
    for tekst in [&d.titel, &d.omschrijving] {
        if tekst.trim().is_empty() {
            return fout("titel and omschrijving are for people: fill them".to_owned());
        }
    }
    let mut codes = BTreeSet::new();
    if let Some(dubbel) = d.varianten.iter().find(|v| !codes.insert(&v.code)) {
        return fout(format!("variant {} stands twice", dubbel.code));
    }
    delen(d, schemas).or_else(&fout)?;
    for verwezen in d.antwoord_op.iter().chain(d.reacties.iter().flat_map(|r| &r.soorten)) {
        if !bestaat(verwezen) {
            return fout(format!("{verwezen} is no message type"));
        }
    }
    for reactie in &d.reacties {
        reactie_klopt(d, reactie, schemas).or_else(&fout)?;
    }
    for moment in &d.verzenden {
        moment_klopt(moment, schemas).or_else(&fout)?;
    }
    verwijzing_klopt(d, schemas).or_else(&fout)
}

/// The owner or a holder can be found only by the message that the statement refers to.
fn verwijzing_klopt(d: &Definitie, schemas: &Typeschemas) -> Result<(), String> {
    let verwijst = d.naar.iter().any(|n| matches!(n, Naar::Woord(NaarWoord::Eigenaar | NaarWoord::Houder)));
    let heeft_bericht = schemas.verklaring_vereist("bericht")
        && schemas
            .verklaringsveld("bericht")
            .and_then(|v| v.get("$ref"))
            .and_then(Value::as_str)
            .is_some_and(|r| r.ends_with("/berichtId"));
    if verwijst && !heeft_bericht {
        Err("eigenaar and houder need a required bericht in the verklaring".to_owned())
    } else {
        Ok(())
    }
}

fn delen(d: &Definitie, schemas: &Typeschemas) -> Result<(), String> {
    let delen = &d.delen;
    if delen.minimaal > delen.maximaal {
        return Err("minimaal is more than maximaal".to_owned());
    }
    if !SIZE_CLASSES.contains(&usize::try_from(delen.grootste_inhoud).unwrap_or(usize::MAX)) {
        return Err(format!("grootste_inhoud {} is no size class", delen.grootste_inhoud));
    }
    let in_regels = d.categorieen();
    let in_schemas: BTreeSet<Categorie> = schemas.categorieen().collect();
    if in_regels != in_schemas {
        return Err(format!("categories of regels {in_regels:?} and of the content schema {in_schemas:?} differ"));
    }
    match delen.zonder_delen {
        Some(c) if delen.minimaal == 0 && in_regels.contains(&c) => {}
        Some(_) if delen.minimaal > 0 => return Err("zonder_delen only where minimaal is 0".to_owned()),
        Some(c) => return Err(format!("zonder_delen {c} has no regel")),
        None if delen.minimaal == 0 => return Err("without parts it must say under which category it is judged".to_owned()),
        None => {}
    }
    for regel in &delen.regels {
        if regel.categorieen.is_empty() || regel.grondslagen.is_empty() {
            return Err("a regel needs categorieen and grondslagen".to_owned());
        }
        variant_bestaat(d, regel.varianten.iter())?;
    }
    Ok(())
}

fn reactie_klopt(d: &Definitie, reactie: &Reactie, schemas: &Typeschemas) -> Result<(), String> {
    variant_bestaat(d, reactie.variant.iter())?;
    if let Some(als) = &reactie.als {
        voorwaarde_bestaat(als, schemas)?;
    }
    reactie.voor.as_deref().map_or(Ok(()), |naam| datum_bestaat("voor", naam, schemas))
}

fn moment_klopt(moment: &Verzendmoment, schemas: &Typeschemas) -> Result<(), String> {
    if let Some(als) = &moment.als {
        voorwaarde_bestaat(als, schemas)?;
    }
    match (&moment.voor, &moment.na) {
        (Some(naam), None) => datum_bestaat("voor", naam, schemas),
        (None, Some(naam)) => datum_bestaat("na", naam, schemas),
        _ => Err("verzenden counts from one date: voor or na".to_owned()),
    }
}

fn veld<'a>(naam: &str, schemas: &'a Typeschemas) -> Result<&'a Value, String> {
    schemas.verklaringsveld(naam).ok_or_else(|| format!("the verklaring has no member {naam}"))
}

fn voorwaarde_bestaat(als: &str, schemas: &Typeschemas) -> Result<(), String> {
    let (naam, woord) = als.split_once('=').map_or((als, None), |(naam, woord)| (naam, Some(woord)));
    let klopt = match woord {
        None => veld(naam, schemas)?.get("type").and_then(Value::as_str) == Some("boolean"),
        Some(woord) => veld(naam, schemas)?
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|e| e.iter().any(|w| w.as_str() == Some(woord))),
    };
    if klopt { Ok(()) } else { Err(format!("als: {als} is not a boolean, or not a word, of the verklaring")) }
}

fn datum_bestaat(wat: &str, naam: &str, schemas: &Typeschemas) -> Result<(), String> {
    let soort = veld(naam, schemas)?.get("$ref").and_then(Value::as_str).unwrap_or_default();
    if soort.ends_with("/datum") || soort.ends_with("/tijdstip") {
        Ok(())
    } else {
        Err(format!("{wat}: {naam} is not a date of the verklaring"))
    }
}

fn variant_bestaat<'a>(d: &Definitie, mut codes: impl Iterator<Item = &'a Code>) -> Result<(), String> {
    codes.find(|code| d.variant(code).is_none()).map_or(Ok(()), |code| Err(format!("variant {code} is not one of varianten")))
}

fn bestaat(naam: &TypeNaam) -> bool {
    NAMEN.contains(&naam.as_str().as_ref())
}

/// Checks what holds between types: an owed answer must be one that its type may give.
pub(crate) fn onderling(definities: &BTreeMap<TypeNaam, Definitie>) -> Result<(), CatalogusFout> {
    for d in definities.values() {
        for soort in d.reacties.iter().filter(|r| !r.vervolgstap).flat_map(|r| &r.soorten) {
            if definities.get(soort).is_some_and(|antwoord| !antwoord.antwoord_op.contains(&d.naam)) {
                return Err(CatalogusFout { file: format!("{soort}.toml"), why: format!("antwoord_op lacks {}", d.naam) });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{
        Catalogus, CatalogusFout,
        files::{BESTANDEN, Bestanden},
    };

    /// Loads one type of the built-in catalogue with its definition changed.
    fn met(naam: &str, van: &str, naar: &str) -> Result<Catalogus, CatalogusFout> {
        let b = BESTANDEN.iter().find(|b| b.naam == naam).unwrap();
        assert!(b.definitie.contains(van), "{van}");
        let definitie = Box::leak(b.definitie.replacen(van, naar, 1).into_boxed_str());
        Catalogus::lezen(&[Bestanden { definitie, ..*b }])
    }

    #[test]
    fn a_definition_that_contradicts_itself_is_refused_by_name() {
        for (naam, van, naar, why) in [
            ("advies", "naam = \"advies\"", "naam = \"adviezen\"", "file's name"),
            ("advies", "nummer = 4", "nummer = 5", "not that of"),
            ("advies", "nummer = 4", "nummer = 0", "not that of"),
            ("advies", "versie = 1", "versie = 0", "from 1"),
            ("advies", "naar = [\"vrager\"]", "naar = []", "naar is empty"),
            ("advies", "naar = [\"vrager\"]", "naar = [\"buren\"]", "buren"),
            ("advies", "\"egg-checklist\"", "\"egg-cheklist\"", "no message type"),
            ("advies", "[\"proces\"]", "[\"proces\", \"status\"]", "differ"),
            ("advies", "minimaal = 1", "minimaal = 0", "under which category"),
            ("advies", "minimaal = 1", "minimaal = 9", "more than maximaal"),
            ("advies", "minimaal = 1", "minimaal = 1\nzonder_delen = \"proces\"", "only where minimaal is 0"),
            ("advies", "grootste_inhoud = 16384", "grootste_inhoud = 20000", "no size class"),
            ("advies", "versie = 1", "versie = 1\nkleur = \"rood\"", "kleur"),
            ("informatie-antwoord", "zonder_delen = \"hulp\"", "zonder_delen = \"plan\"", "has no regel"),
            ("informatieverzoek", "variant = \"stand-van-zaken\"", "variant = \"haast\"", "haast"),
            ("informatieverzoek", "voor = \"overlegOp\"", "voor = \"gevraagd\"", "not a date"),
            ("informatieverzoek", "termijn = \"5 wd\"", "termijn = \"5 dagen\"", "termijn"),
            ("afdoeningsbericht", "als = \"hulpAlsVoorwaarde\"", "als = \"hulp\"", "no member hulp"),
            ("strafproces-gebeurtenis", "soort=vrijlating", "soort=vrijheid", "not a word"),
            ("strafproces-gebeurtenis", "soort=zitting\"\nvoor", "soort=rust\"\nvoor", "not a word"),
            ("uitnodiging-casusoverleg", "voor = \"overlegOp\"", "voor = \"vorm\"", "not a date"),
            ("uitnodiging-casusoverleg", "voor = \"overlegOp\"", "", "from one date"),
            ("afsprakenlijst", "na = \"overlegOp\"", "na = \"overlegOp\"\nvoor = \"overlegOp\"", "from one date"),
            ("zijschaling", "naar = [\"iedereen\"]", "naar = [\"houder\"]", "required bericht"),
        ] {
            let fout = met(naam, van, naar).unwrap_err();
            assert!(fout.why.contains(why), "{naar}: {fout}");
            assert!(fout.file.starts_with(naam), "{fout}");
        }
    }

    #[test]
    fn an_owed_answer_must_be_one_that_its_type_may_give() {
        let kies = |naam: &str| BESTANDEN.iter().find(|b| b.naam == naam).unwrap();
        let (vraag, antwoord) = (kies("informatieverzoek"), kies("informatie-antwoord"));
        let definitie = Box::leak(antwoord.definitie.replace("[\"informatieverzoek\"]", "[\"advies\"]").into_boxed_str());
        let fout = Catalogus::lezen(&[Bestanden { ..*vraag }, Bestanden { definitie, ..*antwoord }]).unwrap_err();
        assert!(fout.why.contains("antwoord_op lacks informatieverzoek"), "{fout}");
    }

    #[test]
    fn a_schema_under_another_name_is_refused() {
        let kies = |naam: &str| BESTANDEN.iter().find(|b| b.naam == naam).unwrap();
        let (a, b) = (kies("advies"), kies("overdracht"));
        assert!(Catalogus::lezen(&[Bestanden { verklaring: b.verklaring, ..*a }]).unwrap_err().why.contains("$id"));
        assert!(Catalogus::lezen(&[Bestanden { inhoud: "{}", ..*a }]).unwrap_err().why.contains("$id"));
        assert!(Catalogus::lezen(&[Bestanden { ..*a }, Bestanden { ..*a }]).unwrap_err().why.contains("twice"));
    }
}
