//! One message: opened for this page, and kept nowhere. Once a person says that it was received and read, the hub gets our
//! signed word and the content goes; what was view-only can be read again, asked each time.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use inbreng_catalogue::{Definitie, Van, VanWoord};
use inbreng_domain::{
    DeelId, LeveringId, Problem, ProblemCode, TypeNaam,
    receipts::Weigeringscode,
    vocabulary::{Categorie, Doel},
};
use maud::{Markup, html};
use serde_json::Value;

use super::{
    Gedeeld, Ingevuld, Paginafout, Sessie,
    bladzijde::{self, leesbaar, verborgen},
    deelvel::{Deelvel, deelvellen},
    eigen_formulier, formulier,
    formulier::gekozen,
    lijst, naar,
    namen::Namen,
    schema, tijd,
    woorden::{self, woord},
};
use crate::{
    concept::{Deelinhoud, Eigennummers, Ontvangen, OntvangenDeel},
    eigenaar,
    engine::{self, Omgeving},
    store::{Instand, Post, Stop},
};

/// How long the page waits until the hub has our word, before it says that a person read it.
const MELDEN: Duration = Duration::from_secs(5);

pub(super) async fn zoeken(omgeving: &Omgeving, levering: &str) -> Result<Post, Paginafout> {
    let onbekend = || Problem::new(ProblemCode::NietGevonden);
    let levering: LeveringId = levering.parse().map_err(|_| onbekend())?;
    Ok(omgeving.opslag.post(levering).await?.ok_or_else(onbekend)?)
}

/// The message, opened, while its content is still here.
pub(super) async fn openen(omgeving: &Omgeving, post: &Post) -> Result<Option<Ontvangen>, Paginafout> {
    if matches!(post.stand, Instand::Opgehaald | Instand::Geopend) {
        Ok(engine::verifieren(omgeving, post).await?)
    } else {
        Ok(None)
    }
}

pub(super) async fn pagina(
    omgeving: Gedeeld,
    sessie: web::ReqData<Sessie>,
    levering: web::Path<String>,
) -> Result<HttpResponse, Paginafout> {
    let post = zoeken(&omgeving, &levering).await?;
    let ontvangen = openen(&omgeving, &post).await?;
    // Opening may have refused it.
    let post = zoeken(&omgeving, &levering).await?;
    let titel = lijst::titel(&omgeving, &post);
    let over = match ontvangen.as_ref().and_then(|o| o.over.as_ref()).filter(|_| eigenaar::is_woord(&post.soort)) {
        Some(over) => omgeving.opslag.post_van_bericht(over.id).await?,
        None => None,
    };
    let wat = ontvangen.as_ref().map_or("", |o| eigenaar::wat(&o.soort, &o.verklaring));
    let namen = match &ontvangen {
        Some(ontvangen) => Namen::van(&omgeving, ontvangen).await?,
        None => Namen::default(),
    };
    // For what belongs to no case there is no file to ask.
    let in_zaak = omgeving.opslag.bericht(&post.bericht.to_string()).await?.is_some_and(|b| b.casus.is_some());
    let inhoud = html! {
        p.klein { a href="/inbox" { "← Berichten" } }
        h1 { (titel) }
        p {
            "Van " strong { (lijst::van(&omgeving, &post)) } ", binnengekomen " (tijd::leesbaar(post.opgehaald_op)) ". "
            span.stand { (lijst::stand(&post)) } (lijst::baan(&post))
        }
        @if let Some(over) = &over {
            div.melding { (wat) " Het gaat over " a href={ "/inbox/bericht/" (over.levering) } { "dit bericht" } "." }
        }
        @match &ontvangen {
            Some(ontvangen) => (geopend(&omgeving, &sessie, &post, ontvangen, &namen)),
            None => (dicht(&omgeving, &sessie, &post).await?),
        }
        @if !matches!(post.stand, Instand::Geweigerd | Instand::WeigeringGemeld | Instand::Vastgelopen) {
            (vervolg(&omgeving, &post, in_zaak))
        }
    };
    Ok(super::html(bladzijde::blad(&omgeving.organisatie.naam, Some(&sessie), &titel, &inhoud)))
}

fn geopend(omgeving: &Omgeving, sessie: &Sessie, post: &Post, ontvangen: &Ontvangen, namen: &Namen) -> Markup {
    let leeg = ontvangen.verklaring.as_object().is_none_or(serde_json::Map::is_empty);
    html! {
        @if let Some(zin) = &ontvangen.zin { div.melding.goed { (zin) } }
        @if !leeg {
            h2 { "Wat het bericht zegt" }
            (namen.geheel(&ontvangen.verklaring, omgeving.catalogus.verklaringschema(&ontvangen.soort)))
        }
        @if !ontvangen.delen.is_empty() { h2 { "De delen" } }
        @if namen.personen.alle().count() > 0 {
            p { "Over " (namen.personen.alle().collect::<Vec<_>>().join(", ")) "." }
            p.klein { "Wie in het bericht geen naam heeft, heet hier persoon 1, persoon 2: op deze pagina steeds dezelfde." }
        }
        @for (nummer, deel) in (1..).zip(&ontvangen.delen) { (een_deel(omgeving, sessie, post, nummer, deel, namen)) }
        h2 { "Bevestigen" }
        form.vel method="post" autocomplete="off" action={ "/inbox/bericht/" (post.levering) "/bevestigen" } {
            (verborgen(sessie))
            p {
                "De afzender ziet dan dat " (leesbaar(&sessie.functie.as_str()).to_lowercase()) " het las. "
                strong { "Daarna is de inhoud hier weg" }
                ": neem alleen over wat u mag bewaren. Een deel dat u alleen mag inzien, kunt u later opnieuw inzien."
            }
            div.knoppen { button { "Ontvangen en gelezen" } }
        }
    }
}

/// What people call the content of a part: the title of its schema, else its category.
pub(super) fn onderwerp(omgeving: &Omgeving, soort: &TypeNaam, categorie: Categorie) -> String {
    let titel = omgeving.catalogus.inhoudschema(soort, categorie).and_then(schema::titel);
    titel.map_or_else(|| woord(categorie.as_str()), str::to_owned)
}

/// By the type in which its owner made it, which is not always that of the message.
fn soort_van(deel: &OntvangenDeel) -> &TypeNaam {
    deel.labels.berichttype.naam()
}

fn inhoudschema<'o>(omgeving: &'o Omgeving, deel: &OntvangenDeel) -> Option<&'o Value> {
    omgeving.catalogus.inhoudschema(soort_van(deel), deel.labels.categorie)
}

fn een_deel(omgeving: &Omgeving, sessie: &Sessie, post: &Post, nummer: usize, deel: &OntvangenDeel, namen: &Namen) -> Markup {
    html! {
        section.deel {
            h3 { "Deel " (nummer) ": " (onderwerp(omgeving, soort_van(deel), deel.labels.categorie)) }
            @if !deel.zin.is_empty() { p.klein { (deel.zin) } }
            @match &deel.inhoud {
                Deelinhoud::Open(inhoud) => (namen.geheel(inhoud, inhoudschema(omgeving, deel))),
                Deelinhoud::AlleenInzage(_) => (inzageformulier(sessie, &post.levering, deel.labels.id, deel.labels.doel)),
            }
            (toelichting(deel))
            (voorwaarden(deel))
        }
    }
}

/// Why its owner gave it for another purpose than it was shared for (R28).
fn toelichting(deel: &OntvangenDeel) -> Markup {
    html! {
        @if let (Some(tekst), Some(doel)) = (&deel.toelichting, deel.doel) {
            h4 { "Waarom dit nodig is voor: " (leesbaar(doel.as_str())) }
            p { (tekst) }
        }
    }
}

/// On which ground and for what it was shared, and what holds of it.
fn voorwaarden(deel: &OntvangenDeel) -> Markup {
    let doel = leesbaar(deel.doel.unwrap_or(deel.labels.doel).as_str()).to_lowercase();
    let gronden: Vec<String> = deel.labels.grondslagen.iter().map(|g| woord(g.as_str()).to_lowercase()).collect();
    let gebruik: Vec<String> = deel.gebruik.iter().map(|g| leesbaar(g.as_str()).to_lowercase()).collect();
    html! {
        div.plicht {
            "Gedeeld voor: " (doel) ". Grond: " (gronden.join(", ")) ". "
            @if gebruik.is_empty() { "Alleen lezen: niet in het eigen dossier, niet doorgeven." } @else { "Naast lezen mag: " (gebruik.join(", ")) "." }
            @if let Some(vanaf) = deel.oud_vanaf { " Dit geldt als oud vanaf " (tijd::dag(vanaf)) "." }
            @if let Some(tot) = deel.bewaren_tot { " Bewaren mag tot " (tijd::leesbaar(tot)) "." }
            @if !deel.verplichtingen.is_empty() {
                ul { @for plicht in &deel.verplichtingen {
                    li { (woorden::plicht(&plicht.soort)) @if let Some(uiterlijk) = plicht.uiterlijk { " Uiterlijk " (tijd::leesbaar(uiterlijk)) "." } span.klein { " (" (plicht.regel) ")" } }
                } }
            }
        }
    }
}

fn inzageformulier(sessie: &Sessie, levering: &LeveringId, id: DeelId, gebruikelijk: Doel) -> Markup {
    html! {
        p { "Dit deel mag u alleen inzien. Elke keer wordt het gevraagd, besloten en vastgelegd; de eigenaar ziet het." }
        form method="post" autocomplete="off" action={ "/inbox/bericht/" (levering) "/inzage/" (id) } {
            (verborgen(sessie))
            label for={ "doel-" (id) } { "Waarvoor leest u het?" }
            select id={ "doel-" (id) } name="doel" {
                @for doel in Doel::ALL { option value=(doel.as_str()) selected[*doel == gebruikelijk] { (leesbaar(doel.as_str())) } }
            }
            div.knoppen { button.tweede { "Nu inzien" } }
        }
    }
}

/// What is left of a message that was confirmed or refused.
async fn dicht(omgeving: &Omgeving, sessie: &Sessie, post: &Post) -> Result<Markup, Paginafout> {
    let inzage = omgeving.opslag.inzagedelen(post.levering).await?;
    Ok(match post.stand {
        Instand::Geweigerd | Instand::WeigeringGemeld if post.code == Some(Weigeringscode::Teruggenomen) => html! {
            div.melding.fout { "De afzender nam dit bericht terug voor u het bevestigde. Gebruik het niet. Er is niets meer van te lezen." }
        },
        Instand::Opgehaald | Instand::Geopend => html! {
            div.melding.fout {
                @if post.stop == Some(Stop::Bevroren) {
                    "Dit bericht is gemeld als verkeerd bezorgd. Het is niet te lezen tot de afzender besluit."
                } @else {
                    "De afzender stopte dit bericht, of er wordt nog nagegaan of dat zo is. Het is nu niet te lezen."
                }
            }
        },
        Instand::Geweigerd | Instand::WeigeringGemeld => html! {
            div.melding.fout {
                "Deze levering is geweigerd: zij klopt niet, of gaat niet open. Er is niets van te lezen en de afzender krijgt bericht."
                @if let Some(code) = post.code { " (" (code.as_str()) ")" }
            }
        },
        _ => html! {
            p { "De inhoud is hier weg sinds u bevestigde." }
            @for deel in inzage { section.deel { h3 { "Alleen inzien" } (inzageformulier(sessie, &post.levering, deel, Doel::Beoordelen)) } }
        },
    })
}

/// What one can do with it: answer, ask for the dossier, report a mistake.
fn vervolg(omgeving: &Omgeving, post: &Post, in_zaak: bool) -> Markup {
    let antwoorden = antwoorden(omgeving, post);
    let pad = |soort: &str| format!("/inbox/bericht/{}/antwoord/{soort}", post.levering);
    html! {
        h2 { "Antwoorden" }
        @if antwoorden.is_empty() { p.klein { "Op dit soort bericht hoort geen antwoord dat hier kan worden gegeven." } }
        div.knoppen {
            @for soort in &antwoorden { a.knop.tweede href=(pad(&soort.naam.to_string())) { (soort.titel) } }
        }
        h2 { "Anders" }
        div.knoppen {
            @if in_zaak { a.knop.tweede href=(pad(DOSSIER)) { "Vragen of het in ons dossier mag" } }
            a.knop.tweede href=(pad(MISPLAATST)) { "Dit is verkeerd bezorgd" }
        }
    }
}

/// 43.
pub(super) const DOSSIER: &str = "dossier-verzoek";
/// 59.
pub(super) const MISPLAATST: &str = "misplaatsing";

/// The types that we may answer a message with and that a form can ask.
pub(super) fn antwoorden<'o>(omgeving: &'o Omgeving, post: &Post) -> Vec<&'o Definitie> {
    let wij = omgeving.organisatie.partnertype;
    let mag = |d: &Definitie| {
        d.van.iter().any(|van| match van {
            Van::Partner(soort) => *soort == wij,
            Van::Woord(VanWoord::Knooppunt) => false,
            Van::Woord(_) => true,
        })
    };
    // What is nothing without a part is offered where a form can ask one of its parts.
    let met_delen = |d: &Definitie| !onderdelen(omgeving, d, post, false).is_empty();
    let past = |d: &&Definitie| {
        d.antwoord_op.contains(&post.soort)
            && mag(d)
            && omgeving.catalogus.verklaringschema(&d.naam).and_then(formulier::velden).is_some()
            && (d.delen.zonder_delen.is_some() || met_delen(d))
    };
    omgeving.catalogus.definities().filter(past).collect()
}

/// The parts that a message of ours to the sender of this one may have.
pub(super) fn onderdelen(omgeving: &Omgeving, soort: &Definitie, post: &Post, zonder_personen: bool) -> Vec<Deelvel> {
    let gids = omgeving.boek.gids();
    let naar = gids.partner(post.van).map(|p| p.vermelding.partnertype);
    deelvellen(&omgeving.catalogus, soort, omgeving.organisatie.partnertype, naar, zonder_personen)
}

pub(super) async fn bevestigen(
    omgeving: Gedeeld,
    sessie: web::ReqData<Sessie>,
    levering: web::Path<String>,
    ingevuld: web::Form<Ingevuld>,
) -> Result<HttpResponse, Paginafout> {
    eigen_formulier(&sessie, &ingevuld)?;
    let post = zoeken(&omgeving, &levering).await?;
    if let Some(ontvangen) = openen(&omgeving, &post).await? {
        engine::afgeleverd(&omgeving, &ontvangen, Eigennummers::default()).await?;
        omgeving.wek_in.notify_one();
        gemeld(&omgeving, &post).await?;
        engine::gelezen(&omgeving, post.levering, sessie.functie.clone()).await?;
    }
    Ok(naar(&format!("/inbox/bericht/{}", post.levering)))
}

/// Waits until the hub has our receipt: that somebody read it comes after that.
async fn gemeld(omgeving: &Omgeving, post: &Post) -> Result<(), Paginafout> {
    let einde = tokio::time::Instant::now() + MELDEN;
    while tokio::time::Instant::now() < einde {
        if omgeving.opslag.post(post.levering).await?.is_none_or(|p| p.stand != Instand::Afgeleverd) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

pub(super) async fn inzage(
    omgeving: Gedeeld,
    sessie: web::ReqData<Sessie>,
    pad: web::Path<(String, String)>,
    ingevuld: web::Form<Ingevuld>,
) -> Result<HttpResponse, Paginafout> {
    eigen_formulier(&sessie, &ingevuld)?;
    let (levering, deel) = pad.into_inner();
    let post = zoeken(&omgeving, &levering).await?;
    let deel = deel.parse().map_err(|_| Problem::new(ProblemCode::NietGevonden))?;
    let doel = gekozen(&ingevuld, "doel").and_then(|d| d.parse().ok()).ok_or_else(|| Problem::new(ProblemCode::VeldOngeldig))?;
    let gelezen = engine::inzien(&omgeving, deel, sessie.functie.clone(), doel).await?;
    let titel = format!("Ingezien: {}", onderwerp(&omgeving, soort_van(&gelezen), gelezen.labels.categorie).to_lowercase());
    // The same person has the same number as on the page of the message, while that is still here.
    let ontvangen = openen(&omgeving, &post).await?;
    let andere = ontvangen.iter().flat_map(|o| &o.delen).filter(|d| d.labels.id != deel);
    let samen: Vec<&OntvangenDeel> = match ontvangen.as_ref().and_then(|o| o.delen.iter().position(|d| d.labels.id == deel)) {
        Some(plek) => {
            let mut samen: Vec<&OntvangenDeel> = andere.collect();
            samen.insert(plek.min(samen.len()), &gelezen);
            samen
        }
        None => vec![&gelezen],
    };
    let namen = Namen::zoeken(&omgeving, &samen, &Value::Null).await?;
    let inhoud = html! {
        p.klein { a href={ "/inbox/bericht/" (post.levering) } { "← " (lijst::titel(&omgeving, &post)) } }
        h1 { (titel) }
        div.melding { "Dit staat alleen nu op uw scherm. Het wordt nergens bewaard, en deze inzage is vastgelegd." }
        section.deel {
            @if let Some(inhoud) = gelezen.inhoud.open() { (namen.geheel(inhoud, inhoudschema(&omgeving, &gelezen))) }
            (toelichting(&gelezen))
            (voorwaarden(&gelezen))
        }
    };
    Ok(super::html(bladzijde::blad(&omgeving.organisatie.naam, Some(&sessie), &titel, &inhoud)))
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{Datum, Tijdstip, vocabulary::Gebruik};
    use serde_json::json;

    use super::*;
    use crate::testsleutels::{VEILIG_THUIS, labels};

    #[test]
    fn what_holds_of_a_part_is_told_with_days_as_people_write_them() {
        let kaal = OntvangenDeel {
            labels: labels(VEILIG_THUIS),
            inhoud: Deelinhoud::Open(json!({})),
            gebruik: Vec::new(),
            doel: None,
            genoemd: None,
            bewaren_tot: None,
            oud_vanaf: None,
            toelichting: None,
            zin: String::new(),
            verplichtingen: Vec::new(),
        };
        let niets = voorwaarden(&kaal).into_string();
        assert!(niets.contains("Alleen lezen") && !niets.contains("geldt als oud") && !niets.contains("Bewaren mag"), "{niets}");
        let deel = OntvangenDeel {
            gebruik: vec![Gebruik::Dossier],
            oud_vanaf: Some(Datum::parse("2026-04-03").unwrap()),
            bewaren_tot: Some(Tijdstip::parse("2026-04-03T22:30:00.000Z").unwrap()),
            ..kaal
        };
        let alles = voorwaarden(&deel).into_string();
        assert!(alles.contains(" Dit geldt als oud vanaf 3 april 2026."), "{alles}");
        assert!(alles.contains(" Bewaren mag tot za 4 apr 2026, 00:30."), "{alles}");
        assert!(!alles.contains("2026-04"), "{alles}");
    }
}
