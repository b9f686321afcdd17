//! A form on the page: every field with its label, its explanation, what was filled in, and what is wrong with it.

use maud::{Markup, html};

use super::{Fout, HOOGSTENS, Over, RIJEN, Veld, Veldsoort, gekozen, in_gebruik, is_begonnen};
use crate::inbox::woorden::woord;

/// A form as it is shown.
#[derive(Debug, Clone, Copy)]
pub(in crate::inbox) struct Weergave<'a> {
    /// What was filled in; in a fresh form what is usual.
    pub(in crate::inbox) ingevuld: &'a [(String, String)],
    /// What is wrong with it.
    pub(in crate::inbox) fouten: &'a [Fout],
    /// What it is about.
    pub(in crate::inbox) over: Over<'a>,
}

/// Shown above a form: what is wrong with it, each with a way to its field.
pub(in crate::inbox) fn fouten(fouten: &[Fout]) -> Markup {
    html! {
        @if !fouten.is_empty() {
            div.melding.fout role="alert" {
                strong { "Er is nog niets verstuurd. Kijk dit na:" }
                ul { @for fout in fouten { li { a href={ "#" (fout.veld) } { (fout.titel) } ": " (fout.tekst) } } }
            }
        }
    }
}

impl Weergave<'_> {
    /// What is wrong with one field.
    fn fout(&self, naam: &str) -> Option<&str> {
        self.fouten.iter().find(|f| f.veld == naam).map(|f| f.tekst.as_str())
    }

    /// What is wrong with a field, beside it.
    pub(in crate::inbox) fn foutregel(&self, naam: &str) -> Markup {
        html! { @if let Some(tekst) = self.fout(naam) { p.veldfout id={ "fout-" (naam) } { (tekst) } } }
    }

    /// These fields, whose names begin with `voor`; empty: that stand by themselves.
    pub(in crate::inbox) fn velden(&self, velden: &[Veld], voor: &str) -> Markup {
        html! {
            @for veld in velden {
                @if voor.is_empty() { (self.veld(veld, &veld.naam)) } @else { (self.veld(veld, &format!("{voor}.{}", veld.naam))) }
            }
        }
    }

    fn veld(&self, veld: &Veld, naam: &str) -> Markup {
        match &veld.soort {
            Veldsoort::Bericht | Veldsoort::Volgnummer | Veldsoort::Vast(_) => html! {},
            // Nobody to point out: the content of the message is gone, or names nobody.
            Veldsoort::Persoon | Veldsoort::Personen if self.over.personen.is_empty() => html! {},
            Veldsoort::Vinkjes(_) | Veldsoort::Personen | Veldsoort::Delen | Veldsoort::Groep(_) | Veldsoort::Rijen(..) => {
                self.groep(veld, naam)
            }
            _ => html! {
                label for=(naam) { (kop(veld)) }
                @if let Some(uitleg) = uitleg(veld) { p.uitleg id={ "uitleg-" (naam) } { (uitleg) } }
                (self.foutregel(naam))
                (self.invoer(veld, naam))
            },
        }
    }

    /// What belongs together, under a heading of its own; shut where it may stay empty and does.
    fn groep(&self, veld: &Veld, naam: &str) -> Markup {
        let zie = self.fout(naam).map(|_| format!("fout-{naam}"));
        let binnen = html! {
            @if let Some(uitleg) = &veld.uitleg { p.uitleg { (uitleg) } }
            (self.foutregel(naam))
            @match &veld.soort {
                Veldsoort::Vinkjes(keuzes) => @for keuze in keuzes { (self.vinkje(naam, keuze, &woord(keuze))) },
                Veldsoort::Personen => @for persoon in self.over.personen { (self.vinkje(naam, &persoon.verwijzing, &persoon.woord)) },
                Veldsoort::Delen => @for (i, deel) in self.over.delen.iter().enumerate() {
                    (self.vinkje(naam, &deel.to_string(), &format!("Deel {}", i + 1)))
                },
                Veldsoort::Groep(binnen) => (self.velden(binnen, naam)),
                Veldsoort::Rijen(binnen, hoogstens) => (self.rijen(binnen, *hoogstens, naam)),
                _ => {},
            }
        };
        if matches!(veld.soort, Veldsoort::Groep(_)) && !veld.verplicht {
            let open = is_begonnen(self.ingevuld, naam) || self.fouten.iter().any(|f| f.veld.starts_with(naam));
            return html! {
                details.onderdeel open[open] {
                    summary { (kop(veld)) }
                    fieldset id=(naam) tabindex="-1" aria-label=(veld.titel) aria-describedby=[zie] { (binnen) }
                }
            };
        }
        html! { fieldset id=(naam) tabindex="-1" aria-describedby=[zie] { legend { (kop(veld)) } (binnen) } }
    }

    /// One row more than is in use, so that there is always room for another.
    fn rijen(&self, binnen: &[Veld], hoogstens: usize, naam: &str) -> Markup {
        let hoogstens = hoogstens.min(HOOGSTENS);
        let aantal = (in_gebruik(self.ingevuld, naam, hoogstens) + 1).max(RIJEN).min(hoogstens);
        html! {
            @for i in 0..aantal {
                div.rij role="group" aria-label={ "Regel " (i + 1) } { (self.velden(binnen, &format!("{naam}.{i}"))) }
            }
            @if aantal < hoogstens { button.tweede.klein name="actie" value="regels" { "Meer regels" } }
        }
    }

    /// One box to tick.
    pub(in crate::inbox) fn vinkje(&self, naam: &str, waarde: &str, woord: &str) -> Markup {
        let aan = self.ingevuld.iter().any(|(n, w)| n == naam && w == waarde);
        html! { label.los { input type="checkbox" name=(naam) value=(waarde) checked[aan]; " " (woord) } }
    }

    fn invoer(&self, veld: &Veld, naam: &str) -> Markup {
        let nu = gekozen(self.ingevuld, naam);
        let fout = self.fout(naam).map(|_| "true");
        let zie = [uitleg(veld).map(|_| format!("uitleg-{naam}")), fout.map(|_| format!("fout-{naam}"))];
        let zie = zie.into_iter().flatten().reduce(|a, b| format!("{a} {b}"));
        let keuze = |keuzes: Vec<(&str, String)>| {
            html! {
                select id=(naam) name=(naam) aria-invalid=[fout] aria-describedby=[&zie] {
                    option value="" { "–" }
                    @for (waarde, woord) in &keuzes { option value=(waarde) selected[nu == Some(*waarde)] { (woord) } }
                }
            }
        };
        let regel = |soort: &str, nu: Option<&str>, hoogstens: Option<usize>| {
            html! { input type=(soort) id=(naam) name=(naam) value=[nu] maxlength=[hoogstens] aria-invalid=[fout] aria-describedby=[&zie]; }
        };
        let vlak = |hoogstens: usize| {
            html! { textarea id=(naam) name=(naam) maxlength=(hoogstens) aria-invalid=[fout] aria-describedby=[&zie] { (nu.unwrap_or_default()) } }
        };
        match &veld.soort {
            Veldsoort::Keuze(keuzes) => keuze(keuzes.iter().map(|k| (k.as_str(), woord(k))).collect()),
            Veldsoort::JaNee => keuze(vec![("ja", "Ja".to_owned()), ("nee", "Nee".to_owned())]),
            Veldsoort::Persoon => keuze(self.over.personen.iter().map(|p| (p.verwijzing.as_str(), p.woord.clone())).collect()),
            Veldsoort::Getal(van, tot) => html! {
                input type="number" id=(naam) name=(naam) value=[nu] min=(van) max=(tot) aria-invalid=[fout] aria-describedby=[&zie];
            },
            Veldsoort::Datum => regel("date", nu, None),
            Veldsoort::Moment => regel("datetime-local", nu, None),
            Veldsoort::Code => regel("text", nu, Some(64)),
            Veldsoort::Tekst(hoogstens) if *hoogstens > KORT => vlak(*hoogstens),
            Veldsoort::Tekst(hoogstens) => regel("text", nu, Some(*hoogstens)),
            Veldsoort::Regels(regels, lengte) => vlak(regels.saturating_mul(*lengte)),
            _ => regel("text", nu, None),
        }
    }
}

/// Up to so many characters fit on one line.
const KORT: usize = 100;

fn kop(veld: &Veld) -> Markup {
    html! { (veld.titel) @if !veld.verplicht { span.klein { " (mag leeg)" } } }
}

/// What a field explains of itself.
fn uitleg(veld: &Veld) -> Option<String> {
    let vorm = match veld.soort {
        Veldsoort::Code => "Kleine letters en cijfers, met streepjes ertussen, zoals intern-begeleider.",
        Veldsoort::Regels(..) => "Een per regel.",
        _ => "",
    };
    let delen = [veld.uitleg.as_deref().unwrap_or_default(), vorm];
    delen.into_iter().filter(|d| !d.is_empty()).map(str::to_owned).reduce(|a, b| format!("{a} {b}"))
}
