//! What became of a message that was sent from here: decided why, with which duties, and what would be allowed instead.

use actix_web::{HttpResponse, web};
use inbreng_domain::{
    DeelId, Problem, ProblemCode,
    antwoorden::{Plichtregel, Plichtstand},
    receipts::{Bewijsbesluit, Ontvangerstand},
};
use maud::{Markup, html};

use super::{
    Gedeeld, Paginafout, Sessie,
    bladzijde::{self, leesbaar},
    tijd, woorden,
};
use crate::{
    engine::{self, Omgeving},
    store::Uitstand,
};

pub(super) async fn pagina(
    omgeving: Gedeeld,
    sessie: web::ReqData<Sessie>,
    kenmerk: web::Path<String>,
) -> Result<HttpResponse, Paginafout> {
    let uitslag = engine::uitslag(&omgeving, &kenmerk).await?.ok_or_else(|| Problem::new(ProblemCode::NietGevonden))?;
    let (titel, soort) = match uitslag.stand {
        Uitstand::Bevestigd => ("Verstuurd", "goed"),
        Uitstand::Geweigerd => ("Niet verstuurd", "fout"),
        _ => ("Onderweg", ""),
    };
    let uitleg = match (&uitslag.probleem, uitslag.stand) {
        (Some(problem), _) => problem.detail.clone(),
        (None, Uitstand::Bevestigd) => "Het knooppunt heeft het aangenomen en ervoor getekend.".to_owned(),
        (None, _) => "Het is veilig vastgelegd en gaat weg zodra het knooppunt bereikbaar is. Ververs deze pagina.".to_owned(),
    };
    // Who must still do what; where the hub does not answer now, the page does without.
    let plichten = match uitslag.stand {
        Uitstand::Bevestigd => omgeving.hub.status(uitslag.aangenomen.bericht).await.map(|s| s.plichten).unwrap_or_default(),
        _ => Vec::new(),
    };
    let delen = omgeving.opslag.delen(uitslag.aangenomen.bericht).await?;
    // Of one part only nobody asks which.
    let namen: Vec<(DeelId, String)> =
        (1..).zip(delen.iter().filter(|_| delen.len() > 1)).map(|(n, d)| (*d, format!("Deel {n}"))).collect();
    let inhoud = html! {
        p.klein { a href="/inbox" { "← Berichten" } }
        h1 { (titel) }
        div class={ "melding " (soort) } { (uitleg) }
        @for waarschuwing in &uitslag.aangenomen.waarschuwingen { div.melding { (waarschuwing) } }
        (besluiten(&omgeving, &uitslag.besluiten, &namen))
        (openstaand(&omgeving, &plichten))
        p.klein { "Kenmerk: " (uitslag.aangenomen.kenmerk) }
    };
    Ok(super::html(bladzijde::blad(&omgeving.organisatie.naam, Some(&sessie), titel, &inhoud)))
}

/// Who must do what because of this message, and who is late.
fn openstaand(omgeving: &Omgeving, plichten: &[Plichtregel]) -> Markup {
    html! {
        @if !plichten.is_empty() {
            h2 { "Wie moet nog iets doen" }
            table {
                thead { tr { th scope="col" { "Wie" } th scope="col" { "Wat" } th scope="col" { "Uiterlijk" } th scope="col" { "Stand" } } }
                tbody { @for plicht in plichten {
                    tr {
                        td { (omgeving.naam(plicht.schuldenaar)) }
                        td { (woorden::plicht(&plicht.soort)) }
                        td { (tijd::leesbaar(plicht.uiterlijk)) }
                        td { span.stand.acuut[plicht.stand == Plichtstand::TeLaat] { (stand(plicht.stand)) } }
                    }
                } }
            }
        }
    }
}

const fn stand(stand: Plichtstand) -> &'static str {
    match stand {
        Plichtstand::Open => "nog te doen",
        Plichtstand::TeLaat => "te laat",
        Plichtstand::Voldaan => "gedaan",
    }
}

/// Decisions, each with its sentence and what would be allowed instead. `namen`: what people call the parts.
pub(super) fn besluiten(omgeving: &Omgeving, besluiten: &[Bewijsbesluit], namen: &[(DeelId, String)]) -> Markup {
    html! {
        @for besluit in besluiten {
            @let geweigerd = besluit.stand == Ontvangerstand::Geweigerd;
            section class={ "melding " (if geweigerd { "fout" } else { "goed" }) } {
                @if let Some((_, naam)) = namen.iter().find(|(deel, _)| besluit.deel == Some(*deel)) { (naam) ": " }
                @if besluit.deel.is_none() && !namen.is_empty() { "Het bericht zelf: " }
                strong { (leesbaar(besluit.stand.as_str())) }
                " aan " (omgeving.naam(besluit.ontvanger)) ": "
                (besluit.zin)
                span.klein { " (" (besluit.regels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")) ")" }
                @if !besluit.alternatieven.is_empty() {
                    p { "Wel mogelijk:" }
                    ul { @for alternatief in &besluit.alternatieven { li { (alternatief.zin) } } }
                }
                @if !besluit.verplichtingen.is_empty() {
                    p.klein { "Plichten van wie het krijgt of stuurt:" }
                    ul.klein { @for v in &besluit.verplichtingen { li { (woorden::plicht(&v.soort)) } } }
                }
            }
        }
    }
}
