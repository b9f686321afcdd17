//! A form for a message that follows on one that came in: its fields are those of the catalogue's schema, and an explanation
//! travels in a part of its own. Asking "mag dit?" comes before sending, and shows what would be allowed instead.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use inbreng_catalogue::Definitie;
use inbreng_domain::{
    DeelId, Geadresseerde, Problem, ProblemCode, TypeNaam,
    envelope::NaarPartner,
    receipts::Bewijsbesluit,
    vocabulary::{Categorie, Grondslag},
};
use maud::{Markup, html};
use serde_json::json;

use super::{
    Gedeeld, Ingevuld, Paginafout, Sessie,
    bericht::{self, DOSSIER, MISPLAATST},
    bladzijde::{self, leesbaar, verborgen},
    eigen_formulier,
    formulier::{self, Over, Veld, Veldsoort, gekozen, rijnamen},
    lijst, naar,
    sessie::willekeurig,
    verzonden,
};
use crate::{
    concept::{Casuskeuze, Concept, Conceptdeel},
    eigenaar,
    engine::{self, Aanneemfout, Omgeving},
    store::{Berichtnummer, Post},
};

/// How long the page waits for the hub's decision.
const WACHT: Duration = Duration::from_secs(10);
/// The field of the explanation.
const TOELICHTING: &str = "toelichting";
/// The field of the explanation for another purpose (R28), which goes with what is given and not with the answer.
const ANDER_DOEL: &str = "ander-doel";
/// The button of who was warned and sends all the same.
const GEZIEN: &str = "gezien";

/// A form that is about one message.
struct Vel<'o> {
    omgeving: &'o Omgeving,
    post: Post,
    nummer: Berichtnummer,
    delen: Vec<DeelId>,
    soort: &'o Definitie,
    velden: Vec<Veld>,
}

impl<'o> Vel<'o> {
    async fn lezen(omgeving: &'o Omgeving, levering: &str, soort: &str) -> Result<Self, Paginafout> {
        let onbekend = || Problem::new(ProblemCode::NietGevonden);
        let post = bericht::zoeken(omgeving, levering).await?;
        let naam = TypeNaam::parse(soort).map_err(|_| onbekend())?;
        let soort = omgeving.catalogus.definitie(&naam).ok_or_else(onbekend)?;
        let anders = matches!(naam.to_string().as_str(), DOSSIER | MISPLAATST);
        if !anders && !bericht::antwoorden(omgeving, &post).iter().any(|d| d.naam == naam) {
            return Err(onbekend().into());
        }
        // Opened once it is known under its number; what was never opened cannot be answered.
        bericht::openen(omgeving, &post).await?;
        let nummer = omgeving.opslag.bericht(&post.bericht.to_string()).await?.ok_or_else(onbekend)?;
        let delen = omgeving.opslag.delen(post.bericht).await?;
        let velden = omgeving.catalogus.verklaringschema(&naam).and_then(formulier::velden).ok_or_else(onbekend)?;
        Ok(Self { omgeving, post, nummer, delen, soort, velden })
    }

    /// Whether it answers the message, or is about it.
    fn is_antwoord(&self) -> bool {
        self.soort.antwoord_op.contains(&self.post.soort)
    }

    /// The category in which an explanation can travel: the type has it, and its schema asks nothing else.
    fn toelichting(&self) -> Option<Categorie> {
        let past =
            |c: &Categorie| self.omgeving.catalogus.toets_inhoud(&self.soort.naam, *c, &json!({ TOELICHTING: "x" })).is_ok();
        self.soort.categorieen().into_iter().find(past)
    }

    /// Whether it decides on a request to pass something on, or to use it for another purpose.
    fn kan_ander_doel(&self) -> bool {
        self.soort.naam.as_str() == eigenaar::EIGENAAR_BESLUIT && self.post.soort.as_str() == eigenaar::DOORVERSTREKKING_VERZOEK
    }

    /// Grounds on which this type lets us say something in that category, the usual first.
    fn gronden(&self, categorie: Categorie) -> Vec<Grondslag> {
        let wij = self.omgeving.organisatie.partnertype;
        let regels = self.soort.delen.regels.iter().filter(|r| r.categorieen.contains(&categorie));
        let mut gronden = Vec::new();
        for grond in regels.filter(|r| r.van.is_empty() || r.van.contains(&wij)).flat_map(|r| &r.grondslagen) {
            if !gronden.contains(grond) {
                gronden.push(*grond);
            }
        }
        gronden
    }

    /// What was filled in, as a message.
    fn concept(&self, sessie: &Sessie, ingevuld: &[(String, String)]) -> Result<Concept, formulier::Invulfout> {
        let reeks = format!("inbox:{}:{}", self.soort.naam, self.post.bericht);
        let over = Over { bericht: self.post.bericht, delen: &self.delen, reeks: &reeks };
        let verklaring = formulier::verklaring(&self.velden, ingevuld, over)?;
        let mut delen = Vec::new();
        if let (Some(categorie), Some(tekst)) = (self.toelichting(), gekozen(ingevuld, TOELICHTING)) {
            let grond = gekozen(ingevuld, "grondslag").and_then(|g| g.parse().ok());
            let grond = grond.filter(|g| self.gronden(categorie).contains(g));
            let grond = grond.ok_or_else(|| formulier::Invulfout("Kies de grond waarop u de toelichting geeft.".to_owned()))?;
            let doel = self.soort.doelen.first().copied();
            let doel = doel.ok_or_else(|| formulier::Invulfout("Dit berichttype heeft geen doel.".to_owned()))?;
            let deel = Conceptdeel::new(categorie, doel, vec![grond], sessie.functie.clone(), json!({ TOELICHTING: tekst }));
            delen.push(deel);
        }
        let (casus, antwoord_op) = if self.is_antwoord() {
            // What has no case is answered without one.
            let casus = self.nummer.casus.map_or(Casuskeuze::Geen, |_| Casuskeuze::VanAntwoord);
            (casus, Some(self.nummer.kenmerk.clone()))
        } else {
            (self.nummer.casus.map_or(Casuskeuze::Geen, |c| Casuskeuze::Eigen(c.to_string())), None)
        };
        Ok(Concept {
            kenmerk: gekozen(ingevuld, "kenmerk").map(|k| format!("inbox-{k}")),
            soort: self.soort.naam.clone(),
            variant: None,
            // What is said on something acute waits behind nothing that is not.
            urgentie: self.post.baan,
            casus,
            antwoord_op,
            gemeente: None,
            geadresseerden: vec![Geadresseerde::Partner(NaarPartner { oin: self.post.van, functie: None })],
            verklaring,
            delen,
            toelichting: gekozen(ingevuld, ANDER_DOEL).filter(|_| self.kan_ander_doel()).map(str::to_owned),
        })
    }

    fn bladzijde(&self, sessie: &Sessie, ingevuld: &[(String, String)], boven: &Markup, bevestigen: bool) -> String {
        let titel = self.titel();
        let inhoud = html! {
            p.klein { a href={ "/inbox/bericht/" (self.post.levering) } { "← " (lijst::titel(self.omgeving, &self.post)) } }
            h1 { (titel) }
            p { (self.soort.omschrijving) " Aan " strong { (lijst::van(self.omgeving, &self.post)) } "." }
            (boven)
            form.vel method="post" action={ "/inbox/bericht/" (self.post.levering) "/antwoord/" (self.soort.naam) } {
                (verborgen(sessie))
                input type="hidden" name="kenmerk" value=(gekozen(ingevuld, "kenmerk").map_or_else(|| willekeurig(&*self.omgeving.random), str::to_owned));
                @for veld in &self.velden { (self.veld(veld, &veld.naam, ingevuld)) }
                @if self.kan_ander_doel() {
                    label for=(ANDER_DOEL) { "Waarom is dit nodig voor dat doel?" }
                    p.uitleg {
                        "Bij een ja voor een ander doel dan waarvoor u het deelde. Wat een kind of cliënt zei, gaat niet naar een strafzaak \
                         zonder deze uitleg. Alleen wie het krijgt, leest haar. Geen namen, adressen of BSN."
                    }
                    textarea id=(ANDER_DOEL) name=(ANDER_DOEL) maxlength="1000" { (gekozen(ingevuld, ANDER_DOEL).unwrap_or_default()) }
                }
                @if let Some(categorie) = self.toelichting() { (self.toelichtingveld(categorie, ingevuld)) }
                div.knoppen {
                    button.tweede name="actie" value="toets" { "Mag dit?" }
                    button name="actie" value="stuur" { "Versturen" }
                    @if bevestigen { button.tweede name="actie" value=(GEZIEN) { "Het hoort daar: toch versturen" } }
                }
            }
        };
        bladzijde::blad(&self.omgeving.organisatie.naam, Some(sessie), &titel, &inhoud)
    }

    fn titel(&self) -> String {
        match self.soort.naam.to_string().as_str() {
            DOSSIER => "Vragen of het in ons dossier mag".to_owned(),
            MISPLAATST => "Melden dat dit verkeerd is bezorgd".to_owned(),
            _ => self.soort.titel.clone(),
        }
    }

    fn toelichtingveld(&self, categorie: Categorie, ingevuld: &[(String, String)]) -> Markup {
        let gekozen_grond = gekozen(ingevuld, "grondslag");
        html! {
            label for=(TOELICHTING) { "Toelichting" }
            p.uitleg { "Mag leeg blijven. Geen namen, adressen of BSN: zij gaat verzegeld mee, in een deel '" (categorie) "'." }
            textarea id=(TOELICHTING) name=(TOELICHTING) maxlength="1000" { (gekozen(ingevuld, TOELICHTING).unwrap_or_default()) }
            label for="grondslag" { "Op welke grond?" }
            select id="grondslag" name="grondslag" {
                @for grond in self.gronden(categorie) {
                    option value=(grond.as_str()) selected[gekozen_grond == Some(grond.as_str())] { (leesbaar(grond.as_str())) }
                }
            }
        }
    }

    fn veld(&self, veld: &Veld, naam: &str, ingevuld: &[(String, String)]) -> Markup {
        let nu = gekozen(ingevuld, naam);
        let titel = html! { (veld.uitleg) @if !veld.verplicht { span.klein { " (mag leeg)" } } };
        match &veld.soort {
            Veldsoort::Bericht | Veldsoort::Volgnummer => html! {},
            Veldsoort::Keuze(keuzes) => html! {
                label for=(naam) { (titel) }
                select id=(naam) name=(naam) {
                    option value="" { "–" }
                    @for keuze in keuzes { option value=(keuze) selected[nu == Some(keuze.as_str())] { (leesbaar(keuze)) } }
                }
            },
            Veldsoort::Datum => html! {
                label for=(naam) { (titel) }
                input type="date" id=(naam) name=(naam) value=[nu];
            },
            Veldsoort::Code => html! {
                label for=(naam) { (titel) }
                input type="text" id=(naam) name=(naam) value=[nu] maxlength="64" pattern="[a-z0-9]+(-[a-z0-9]+)*" placeholder="kleine letters en streepjes";
            },
            Veldsoort::Delen => html! {
                fieldset {
                    legend { (titel) }
                    @for (i, deel) in self.delen.iter().enumerate() {
                        @let aan = ingevuld.is_empty() || ingevuld.iter().any(|(n, w)| n == naam && *w == deel.to_string());
                        label.los { input type="checkbox" name=(naam) value=(deel) checked[aan]; " Deel " (i + 1) }
                    }
                }
            },
            Veldsoort::Rijen(binnen) => html! {
                fieldset {
                    legend { (titel) }
                    @for rij in rijnamen(naam) {
                        div.rij { @for deel in binnen { div { (self.veld(deel, &format!("{rij}.{}", deel.naam), ingevuld)) } } }
                    }
                }
            },
        }
    }
}

pub(super) async fn pagina(
    omgeving: Gedeeld,
    sessie: web::ReqData<Sessie>,
    pad: web::Path<(String, String)>,
) -> Result<HttpResponse, Paginafout> {
    let vel = Vel::lezen(&omgeving, &pad.0, &pad.1).await?;
    Ok(super::html(vel.bladzijde(&sessie, &[], &html! {}, false)))
}

pub(super) async fn versturen(
    omgeving: Gedeeld,
    sessie: web::ReqData<Sessie>,
    pad: web::Path<(String, String)>,
    ingevuld: web::Form<Ingevuld>,
) -> Result<HttpResponse, Paginafout> {
    eigen_formulier(&sessie, &ingevuld)?;
    let vel = Vel::lezen(&omgeving, &pad.0, &pad.1).await?;
    let opnieuw = |boven: &Markup| Ok(super::html(vel.bladzijde(&sessie, &ingevuld, boven, false)));
    let concept = match vel.concept(&sessie, &ingevuld) {
        Ok(concept) => concept,
        Err(fout) => return opnieuw(&melding(&fout.0)),
    };
    if !matches!(gekozen(&ingevuld, "actie"), Some("stuur" | GEZIEN)) {
        return match engine::vragen_concept(&omgeving, concept).await {
            Ok((besluiten, waarschuwingen)) => opnieuw(&getoetst(&omgeving, &besluiten, &waarschuwingen)),
            Err(Aanneemfout::Probleem(problem)) => opnieuw(&melding(&problem.detail)),
            Err(fout) => Err(fout.into()),
        };
    }
    let gezien = gekozen(&ingevuld, "actie") == Some(GEZIEN);
    match engine::aannemen_concept(&omgeving, concept, &zonder_actie(&ingevuld), gezien).await {
        Ok(aangenomen) => {
            engine::wachten(&omgeving, &aangenomen.kenmerk, WACHT).await?;
            Ok(naar(&format!("/inbox/verzonden/{}", aangenomen.kenmerk)))
        }
        // Nothing was sealed: who sends looks once more, and decides.
        Err(Aanneemfout::Probleem(problem)) if problem.code == ProblemCode::WaarschuwingBevestigen => {
            Ok(super::html(vel.bladzijde(&sessie, &ingevuld, &melding(&problem.detail), true)))
        }
        Err(Aanneemfout::Probleem(problem)) => opnieuw(&melding(&problem.detail)),
        Err(fout) => Err(fout.into()),
    }
}

/// What was filled in, whichever button sent it: the same message by either.
fn zonder_actie(ingevuld: &[(String, String)]) -> Vec<(String, String)> {
    ingevuld.iter().filter(|(naam, _)| naam != "actie").cloned().collect()
}

fn melding(tekst: &str) -> Markup {
    html! { div.melding.fout role="alert" { (tekst) } }
}

fn getoetst(omgeving: &Omgeving, besluiten: &[Bewijsbesluit], waarschuwingen: &[String]) -> Markup {
    html! {
        h2 { "Mag dit?" }
        (verzonden::besluiten(omgeving, besluiten))
        @for waarschuwing in waarschuwingen { div.melding { (waarschuwing) } }
        p.klein { "Er is nog niets verstuurd." }
    }
}
