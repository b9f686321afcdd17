//! The frame of every page, and the pages that stand by themselves: log in, and what went wrong.

use inbreng_domain::{Code, Problem};
use maud::{DOCTYPE, Markup, html};

use super::sessie::Sessie;

/// The stylesheet; pages have no other style, and no script.
pub(super) const STIJL: &str = include_str!("stijl.css");

/// A whole page.
pub(super) fn blad(organisatie: &str, sessie: Option<&Sessie>, titel: &str, inhoud: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="nl" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (titel) " · Postvak van " (organisatie) }
                link rel="stylesheet" href="/inbox/stijl.css";
            }
            body {
                a.overslaan href="#inhoud" { "Naar de inhoud" }
                header {
                    div {
                        strong { "Postvak" }
                        span { (organisatie) }
                        @if let Some(sessie) = sessie {
                            span.wie {
                                a href="/inbox" { "Berichten" } " · " (leesbaar(&sessie.functie.as_str())) " "
                                form method="post" autocomplete="off" action="/inbox/afmelden" {
                                    (verborgen(sessie))
                                    button { "Afmelden" }
                                }
                            }
                        }
                    }
                }
                main id="inhoud" { (inhoud) }
            }
        }
    }
    .into_string()
}

/// What every form of a session carries.
pub(super) fn verborgen(sessie: &Sessie) -> Markup {
    html! { input type="hidden" name="formulier" value=(sessie.formulier); }
}

/// The log-in page.
pub(super) fn aanmelden(organisatie: &str, fout: Option<&str>, functies: &[Code]) -> String {
    let inhoud = html! {
        h1 { "Aanmelden" }
        p { "Dit postvak staat op deze computer. U leest en beantwoordt er berichten van Inbreng." }
        @if let Some(fout) = fout { div.melding.fout role="alert" { (fout) } }
        form.vel method="post" autocomplete="off" action="/inbox/aanmelden" {
            label for="geheim" { "Geheim van het postvak" }
            input type="password" id="geheim" name="geheim" required autocomplete="off";
            label for="functie" { "Uw functie" }
            p.uitleg { "Geen naam: bij elk bericht dat u leest of stuurt wordt alleen uw functie vastgelegd, bijvoorbeeld " code { "intern-begeleider" } "." }
            input type="text" id="functie" name="functie" required maxlength="64" list="functies" spellcheck="false";
            datalist id="functies" { @for functie in functies { option value=(functie.as_str()) {} } }
            div.knoppen { button { "Aanmelden" } }
        }
    };
    blad(organisatie, None, "Aanmelden", &inhoud)
}

/// What went wrong, and where to go.
pub(super) fn probleem(organisatie: &str, sessie: Option<&Sessie>, problem: &Problem) -> String {
    let inhoud = html! {
        h1 { (problem.title) }
        div.melding.fout role="alert" { (problem.detail) }
        p { a href="/inbox" { "Naar de berichten" } }
    };
    blad(organisatie, sessie, &problem.title, &inhoud)
}

/// A code as words: `informatie-antwoord` → `Informatie antwoord`, `eersteContactOp` → `Eerste contact op`.
pub(super) fn leesbaar(code: &str) -> String {
    let mut uit = String::with_capacity(code.len() + 4);
    for (i, teken) in code.chars().enumerate() {
        match teken {
            '-' | '_' => uit.push(' '),
            c if c.is_uppercase() && i > 0 => {
                uit.push(' ');
                uit.extend(c.to_lowercase());
            }
            c if i == 0 => uit.extend(c.to_uppercase()),
            c => uit.push(c),
        }
    }
    uit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_text() {
        let pagina = aanmelden("<script>alert(1)</script>", Some("<b>fout</b>"), &[]);
        assert!(!pagina.contains("<script") && !pagina.contains("<b>"));
        assert!(pagina.contains("&lt;script&gt;"));
    }

    #[test]
    fn codes_become_words() {
        assert_eq!(leesbaar("informatie-antwoord"), "Informatie antwoord");
        assert_eq!(leesbaar("eersteContactOp"), "Eerste contact op");
    }
}
