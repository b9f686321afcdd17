//! A form for a message that follows on one that came in: its fields are those of the catalogue's schemas, of its statement and of
//! each part that may go with it. Asking "mag dit?" comes before sealing, and shows what would be allowed instead.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use inbreng_catalogue::{Deelname, Definitie};
use inbreng_domain::{
    Code, DeelId, Geadresseerde, Problem, ProblemCode, TypeNaam, envelope::NaarPartner, receipts::Ontvangerstand,
    vocabulary::Urgentie,
};
use maud::{Markup, html};

use super::{
    Gedeeld, Ingevuld, Paginafout, Sessie,
    bericht::{self, DOSSIER, MISPLAATST},
    bladzijde::{self, verborgen},
    deelvel::Deelvel,
    eigen_formulier,
    formulier::{self, Fout, Over, Veld, Veldsoort, Weergave, gekozen},
    lijst, naar,
    personen::{Personen, Persoon},
    sessie::willekeurig,
    verzonden,
};
use crate::{
    concept::{Casuskeuze, Concept},
    eigenaar,
    engine::{self, Aanneemfout, Getoetst, Omgeving},
    store::{Berichtnummer, Post},
};

/// How long the page waits for the hub's decision.
const WACHT: Duration = Duration::from_secs(10);
/// The field of the explanation for another purpose (R28), which goes with what is given and not with the answer.
const ANDER_DOEL: &str = "ander-doel";
/// The field of the variant.
const VARIANT: &str = "variant";
const VARIANT_VRAAG: &str = "In welke vorm?";
/// The button of who saw what may not go, and sends the rest.
const ZONDER: &str = "zonder";
/// The button of who was warned and sends all the same.
const GEZIEN: &str = "gezien";

/// A form that is about one message.
struct Vel<'o> {
    omgeving: &'o Omgeving,
    sessie: &'o Sessie,
    post: Post,
    nummer: Berichtnummer,
    delen: Vec<DeelId>,
    personen: Vec<Persoon>,
    soort: &'o Definitie,
    reeks: String,
    velden: Vec<Veld>,
    onderdelen: Vec<Deelvel>,
    /// The variant that an answer usually has.
    variant: Option<Code>,
}

/// What stands above and below a form that is shown again.
#[derive(Default)]
struct Opnieuw<'a> {
    boven: Option<Markup>,
    fouten: &'a [Fout],
    bevestigen: Option<(&'static str, &'static str)>,
}

impl<'o> Vel<'o> {
    async fn lezen(omgeving: &'o Omgeving, sessie: &'o Sessie, levering: &str, soort: &str) -> Result<Self, Paginafout> {
        let onbekend = || Problem::new(ProblemCode::NietGevonden);
        let post = bericht::zoeken(omgeving, levering).await?;
        let naam = TypeNaam::parse(soort).map_err(|_| onbekend())?;
        let soort = omgeving.catalogus.definitie(&naam).ok_or_else(onbekend)?;
        let anders = matches!(naam.to_string().as_str(), DOSSIER | MISPLAATST);
        if !anders && !bericht::antwoorden(omgeving, &post).iter().any(|d| d.naam == naam) {
            return Err(onbekend().into());
        }
        // Opened once it is known under its number; what was never opened cannot be answered.
        let ontvangen = bericht::openen(omgeving, &post).await?;
        let personen = ontvangen.as_ref().map(|o| Personen::van(&o.delen).0).unwrap_or_default();
        let nummer = omgeving.opslag.bericht(&post.bericht.to_string()).await?.ok_or_else(onbekend)?;
        let gevraagd = ontvangen.and_then(|o| o.variant);
        let variant = gewone_variant(soort, gevraagd.as_ref(), nummer.casus.is_none());
        let delen = omgeving.opslag.delen(post.bericht).await?;
        let velden = omgeving.catalogus.verklaringschema(&naam).and_then(formulier::velden).ok_or_else(onbekend)?;
        let onderdelen = bericht::onderdelen(omgeving, soort, &post, personen.is_empty());
        let reeks = format!("inbox:{}:{}", soort.naam, post.bericht);
        Ok(Self { omgeving, sessie, post, nummer, delen, personen, soort, reeks, velden, onderdelen, variant })
    }

    fn over(&self) -> Over<'_> {
        Over { bericht: self.post.bericht, delen: &self.delen, personen: &self.personen, reeks: &self.reeks }
    }

    /// Whether it answers the message, or is about it.
    fn is_antwoord(&self) -> bool {
        self.soort.antwoord_op.contains(&self.post.soort)
    }

    /// Whether it decides on a request to pass something on, or to use it for another purpose.
    fn kan_ander_doel(&self) -> bool {
        self.soort.naam.as_str() == eigenaar::EIGENAAR_BESLUIT && self.post.soort.as_str() == eigenaar::DOORVERSTREKKING_VERZOEK
    }

    /// Whether it is nothing without a part.
    fn moet_delen(&self) -> bool {
        self.soort.delen.zonder_delen.is_none()
    }

    /// What stands in a fresh form.
    fn gewoonlijk(&self) -> Vec<(String, String)> {
        let delen = self.velden.iter().filter(|v| v.soort == Veldsoort::Delen);
        let delen = delen.flat_map(|v| self.delen.iter().map(|d| (v.naam.clone(), d.to_string())));
        let enige = self.moet_delen() && self.onderdelen.len() == 1;
        let onderdelen = self.onderdelen.iter().flat_map(|o| o.gewoonlijk(self.over(), &self.sessie.functie, enige));
        let variant = self.variant.iter().map(|v| (VARIANT.to_owned(), v.to_string()));
        delen.chain(variant).chain(onderdelen).collect()
    }

    /// The variant that was picked: one of its type, or none.
    fn gekozen_variant(&self, ingevuld: &[(String, String)]) -> Result<Option<Code>, Fout> {
        let Some(tekst) = gekozen(ingevuld, VARIANT) else { return Ok(None) };
        let bekend = self.soort.varianten.iter().find(|v| *v.code.as_str() == *tekst);
        bekend.map(|v| Some(v.code.clone())).ok_or_else(|| Fout {
            veld: VARIANT.to_owned(),
            titel: VARIANT_VRAAG.to_owned(),
            tekst: "Kies uit de lijst.".to_owned(),
        })
    }

    fn variant_vragen(&self, weergave: &Weergave<'_>) -> Markup {
        let nu = gekozen(weergave.ingevuld, VARIANT);
        html! {
            @if !self.soort.varianten.is_empty() {
                label for=(VARIANT) { (VARIANT_VRAAG) span.klein { " (mag leeg)" } }
                (weergave.foutregel(VARIANT))
                select id=(VARIANT) name=(VARIANT) {
                    option value="" { "Gewoon" }
                    @for variant in &self.soort.varianten {
                        option value=(variant.code.as_str()) selected[nu == Some(&*variant.code.as_str())] { (variant.omschrijving) }
                    }
                }
            }
        }
    }

    /// What was filled in, as a message.
    fn concept(&self, ingevuld: &[(String, String)]) -> Result<Concept, Vec<Fout>> {
        let (gewoonlijk, catalogus) = (self.gewoonlijk(), &self.omgeving.catalogus);
        let mut verklaring = formulier::lezen(&self.velden, "", ingevuld, self.over());
        let mut fouten = std::mem::take(&mut verklaring.fouten);
        let variant = self.gekozen_variant(ingevuld).unwrap_or_else(|fout| {
            fouten.push(fout);
            None
        });
        let mut delen = Vec::new();
        for onderdeel in &self.onderdelen {
            match onderdeel.lezen(catalogus, self.soort, ingevuld, &gewoonlijk, self.over(), &self.sessie.functie) {
                Ok(deel) => delen.extend(deel),
                Err(mis) => fouten.extend(mis),
            }
        }
        if fouten.is_empty() && delen.is_empty() && self.moet_delen() {
            let tekst = "Kies ten minste een onderdeel dat meegaat.".to_owned();
            fouten.push(Fout { veld: "onderdelen".to_owned(), titel: "Onderdelen".to_owned(), tekst });
        }
        if !fouten.is_empty() {
            return Err(fouten);
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
            variant,
            // What is said on something acute waits behind nothing that is not.
            urgentie: self.post.baan,
            casus,
            antwoord_op,
            gemeente: None,
            geadresseerden: vec![Geadresseerde::Partner(NaarPartner { oin: self.post.van, functie: None })],
            verklaring: verklaring.waarde,
            delen,
            toelichting: gekozen(ingevuld, ANDER_DOEL).filter(|_| self.kan_ander_doel()).map(str::to_owned),
        })
    }

    fn bladzijde(&self, ingevuld: &[(String, String)], opnieuw: &Opnieuw<'_>) -> String {
        let (titel, gewoonlijk) = (self.titel(), self.gewoonlijk());
        let weergave = Weergave { ingevuld, fouten: opnieuw.fouten, over: self.over() };
        let inhoud = html! {
            p.klein { a href={ "/inbox/bericht/" (self.post.levering) } { "← " (lijst::titel(self.omgeving, &self.post)) } }
            h1 { (titel) }
            p { (self.soort.omschrijving) " Aan " strong { (lijst::van(self.omgeving, &self.post)) } "." }
            (formulier::fouten(opnieuw.fouten))
            @if let Some(boven) = &opnieuw.boven { (boven) }
            form.vel method="post" autocomplete="off" novalidate action={ "/inbox/bericht/" (self.post.levering) "/antwoord/" (self.soort.naam) } {
                (verborgen(self.sessie))
                input type="hidden" name="kenmerk" value=(gekozen(ingevuld, "kenmerk").map_or_else(|| willekeurig(&*self.omgeving.random), str::to_owned));
                // What the enter key does.
                button.overslaan name="actie" value="toets" tabindex="-1" aria-hidden="true" { "Mag dit?" }
                (self.variant_vragen(&weergave))
                (weergave.velden(&self.velden, ""))
                @if self.kan_ander_doel() {
                    label for=(ANDER_DOEL) { "Waarom is dit nodig voor dat doel?" }
                    p.uitleg {
                        "Bij een ja voor een ander doel dan waarvoor u het deelde. Wat een kind of cliënt zei, gaat niet naar een strafzaak \
                         zonder deze uitleg. Alleen wie het krijgt, leest haar. Geen namen, adressen of BSN."
                    }
                    textarea id=(ANDER_DOEL) name=(ANDER_DOEL) maxlength="1000" { (gekozen(ingevuld, ANDER_DOEL).unwrap_or_default()) }
                }
                (self.onderdelen_tonen(&weergave, &gewoonlijk))
                div.knoppen {
                    button.tweede name="actie" value="toets" { "Mag dit?" }
                    button name="actie" value="stuur" { "Versturen" }
                    @if let Some((actie, tekst)) = opnieuw.bevestigen { button.tweede name="actie" value=(actie) { (tekst) } }
                }
            }
        };
        bladzijde::blad(&self.omgeving.organisatie.naam, Some(self.sessie), &titel, &inhoud)
    }

    fn onderdelen_tonen(&self, weergave: &Weergave<'_>, gewoonlijk: &[(String, String)]) -> Markup {
        html! {
            @if !self.onderdelen.is_empty() {
                h2 id="onderdelen" tabindex="-1" { "Wat stuurt u mee?" }
                p.uitleg {
                    "Open een onderdeel, kies dat het meegaat en vul het in. Elk onderdeel gaat verzegeld mee: alleen wie het krijgt, leest \
                     het. Schrijf niet meer dan de ander nodig heeft, en geen namen, adressen of BSN waar er niet om wordt gevraagd."
                }
                @if self.personen.is_empty() {
                    p.uitleg {
                        "Het bericht noemt niemand, of u bevestigde het al: dan is hier weg over wie het gaat. Wie u bedoelt kunt u dan niet \
                         aanwijzen, en een onderdeel dat daarom vraagt staat hier niet."
                    }
                }
                @for onderdeel in &self.onderdelen { (onderdeel.tonen(weergave, gewoonlijk)) }
            }
        }
    }

    fn titel(&self) -> String {
        match self.soort.naam.to_string().as_str() {
            DOSSIER => "Vragen of het in ons dossier mag".to_owned(),
            MISPLAATST => "Melden dat dit verkeerd is bezorgd".to_owned(),
            _ => self.soort.titel.clone(),
        }
    }
}

pub(super) async fn pagina(
    omgeving: Gedeeld,
    sessie: web::ReqData<Sessie>,
    pad: web::Path<(String, String)>,
) -> Result<HttpResponse, Paginafout> {
    let vel = Vel::lezen(&omgeving, &sessie, &pad.0, &pad.1).await?;
    Ok(super::html(vel.bladzijde(&vel.gewoonlijk(), &Opnieuw::default())))
}

pub(super) async fn versturen(
    omgeving: Gedeeld,
    sessie: web::ReqData<Sessie>,
    pad: web::Path<(String, String)>,
    ingevuld: web::Form<Ingevuld>,
) -> Result<HttpResponse, Paginafout> {
    eigen_formulier(&sessie, &ingevuld)?;
    let vel = Vel::lezen(&omgeving, &sessie, &pad.0, &pad.1).await?;
    let opnieuw = |opnieuw: &Opnieuw<'_>| Ok(super::html(vel.bladzijde(&ingevuld, opnieuw)));
    let met = |boven: Markup| Opnieuw { boven: Some(boven), ..Opnieuw::default() };
    let actie = gekozen(&ingevuld, "actie").unwrap_or_default();
    if actie == "regels" {
        return opnieuw(&Opnieuw::default());
    }
    let concept = match vel.concept(&ingevuld) {
        Ok(concept) => concept,
        Err(fouten) => return opnieuw(&Opnieuw { fouten: &fouten, ..Opnieuw::default() }),
    };
    let onderwerpen: Vec<String> =
        concept.delen.iter().map(|d| bericht::onderwerp(&omgeving, &vel.soort.naam, d.categorie)).collect();
    if !matches!(actie, "stuur" | ZONDER | GEZIEN) {
        return match engine::vragen_concept(&omgeving, concept).await {
            Ok(getoetst) => opnieuw(&met(tonen(&omgeving, &getoetst, &onderwerpen))),
            Err(Aanneemfout::Probleem(problem)) => opnieuw(&met(melding(&problem.detail))),
            Err(fout) => Err(fout.into()),
        };
    }
    if actie == "stuur" && concept.urgentie == Urgentie::Normaal && concept.delen.len() > 1 {
        // Who sends several parts hears beforehand which may not go. What is acute waits for no second look, and while the hub cannot
        // be asked the message waits in its place: the decision comes with the answer.
        if let Ok(getoetst) = engine::vragen_concept(&omgeving, concept.clone()).await
            && getoetst.besluiten.iter().any(|b| b.stand == Ontvangerstand::Geweigerd)
        {
            let bevestigen = Some((ZONDER, "Versturen zonder wat niet mag"));
            return opnieuw(&Opnieuw { bevestigen, ..met(tonen(&omgeving, &getoetst, &onderwerpen)) });
        }
    }
    match engine::aannemen_concept(&omgeving, concept, &zonder_actie(&ingevuld), actie == GEZIEN).await {
        Ok(aangenomen) => {
            engine::wachten(&omgeving, &aangenomen.kenmerk, WACHT).await?;
            Ok(naar(&format!("/inbox/verzonden/{}", aangenomen.kenmerk)))
        }
        // Nothing was sealed: who sends looks once more, and decides.
        Err(Aanneemfout::Probleem(problem)) if problem.code == ProblemCode::WaarschuwingBevestigen => {
            let bevestigen = Some((GEZIEN, "Het hoort daar: toch versturen"));
            opnieuw(&Opnieuw { bevestigen, ..met(melding(&problem.detail)) })
        }
        Err(Aanneemfout::Probleem(problem)) => opnieuw(&met(melding(&problem.detail))),
        Err(fout) => Err(fout.into()),
    }
}

/// The variant that an answer has unless somebody picks another: that of the question (R39: who asks without naming anyone gets an
/// answer without), or, once that is gone, the one that belongs to no case where the question belonged to none.
fn gewone_variant(soort: &Definitie, gevraagd: Option<&Code>, zonder_casus: bool) -> Option<Code> {
    let zelfde = gevraagd.and_then(|v| soort.variant(v));
    let zonder = || soort.varianten.iter().find(|v| zonder_casus && v.deelname == Some(Deelname::Geen));
    zelfde.or_else(zonder).map(|v| v.code.clone())
}

/// What was filled in, whichever button sent it: the same message by either.
fn zonder_actie(ingevuld: &[(String, String)]) -> Vec<(String, String)> {
    ingevuld.iter().filter(|(naam, _)| naam != "actie").cloned().collect()
}

fn melding(tekst: &str) -> Markup {
    html! { div.melding.fout role="alert" { (tekst) } }
}

fn tonen(omgeving: &Omgeving, getoetst: &Getoetst, onderwerpen: &[String]) -> Markup {
    let namen: Vec<(DeelId, String)> = getoetst.delen.iter().copied().zip(onderwerpen.iter().cloned()).collect();
    html! {
        h2 { "Mag dit?" }
        (verzonden::besluiten(omgeving, &getoetst.besluiten, &namen))
        @for waarschuwing in &getoetst.waarschuwingen { div.melding { (waarschuwing) } }
        p.klein { "Er is nog niets verstuurd." }
    }
}
