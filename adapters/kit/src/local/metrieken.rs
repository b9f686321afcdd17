//! `GET /metrics`: numbers for monitoring in the text format of Prometheus. Labels come from short fixed lists, and nothing
//! says anything about a person, a case or a message.

use std::fmt::{Display, Write as _};

use actix_web::{HttpResponse, http::Method, web};
use inbreng_domain::Tijdstip;

use super::{
    Gedeeld,
    antwoord::Antwoordfout,
    eindpunt::{Eindpunt, Plek, Slot},
    gezondheid,
    openapi::Operatie,
    tellers::Tellers,
};
use crate::{
    engine::{Omgeving, Werkfout},
    store::{ALARMSOORTEN, Telling, Tellingen},
};

/// Text exposition format.
const SOORT: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn eindpunt() -> Eindpunt {
    Eindpunt {
        methode: Method::GET,
        plek: Plek::Vast("/metrics"),
        slot: Slot::Geheim,
        route: || web::get().to(handler),
        operatie: || {
            Operatie::new(
                "metrieken",
                "Toezicht",
                "Metrieken",
                "Tellingen in het tekstformaat van Prometheus, zonder persoonsgegevens.",
            )
            .tekst(200, "De tellingen.")
        },
    }
}

async fn handler(omgeving: Gedeeld, tellers: web::Data<Tellers>) -> Result<HttpResponse, Antwoordfout> {
    let tellingen = omgeving.opslag.tellingen().await.map_err(Werkfout::from)?;
    let ontbreekt = gezondheid::ontbreekt(&omgeving).await;
    let tekst = schrijven(&omgeving, &tellers, &tellingen, ontbreekt.is_empty());
    Ok(HttpResponse::Ok().content_type(SOORT).body(tekst))
}

fn schrijven(omgeving: &Omgeving, tellers: &Tellers, tellingen: &Tellingen, gereed: bool) -> String {
    let nu = omgeving.clock.now();
    let gids = omgeving.boek.gids();
    let mut blad = Blad::default();
    blad.maat("gereed", "gauge", "Of er verstuurd en ontvangen kan worden.", kaal(u8::from(gereed)));
    blad.maat("partners", "gauge", "Partners in de gids.", kaal(gids.partners().count()));
    blad.maat("zendingen", "gauge", "Berichten die wij versturen, per stand.", standen(&tellingen.zendingen, |s| s.as_str()));
    blad.maat("leveringen", "gauge", "Leveringen die wij kregen, per stand.", standen(&tellingen.leveringen, |s| s.as_str()));
    blad.maat(
        "oudste_wacht_seconden",
        "gauge",
        "Hoe lang de oudste die nog open is al wacht.",
        [
            (vec![("richting", "uit")], wacht(tellingen.zendingen.oudste, nu)),
            (vec![("richting", "in")], wacht(tellingen.leveringen.oudste, nu)),
        ],
    );
    blad.maat("alarmen_totaal", "counter", "Hoe vaak een alarm is gezien, per soort.", alarmen(&tellingen.alarmen));
    let sleutel = gids.partner(omgeving.organisatie.oin).and_then(|p| p.sleutel(nu));
    blad.maat(
        "sleutel_geldig_tot_tijdstip_seconden",
        "gauge",
        "Tot wanneer anderen voor ons kunnen verzegelen (Unix-tijd).",
        sleutel.into_iter().flat_map(|s| kaal(s.geldig_tot.unix_millis().div_euclid(1000))),
    );
    blad.maat(
        "certificaat_geldig_tot_tijdstip_seconden",
        "gauge",
        "Tot wanneer een eigen certificaat geldt (Unix-tijd).",
        omgeving.sleutelbron.certificaten_geldig_tot().into_iter().map(|(gebruik, tot)| (vec![("gebruik", gebruik)], tot)),
    );
    blad.maat("verzoeken_totaal", "counter", "Lokale aanroepen, per route en status.", tellers.stand());
    blad.0
}

fn standen<S: Copy>(telling: &Telling<S>, woord: fn(&S) -> &'static str) -> Vec<(Vec<(&'static str, &'static str)>, i64)> {
    telling.per_stand.iter().map(|(stand, aantal)| (vec![("stand", woord(stand))], *aantal)).collect()
}

/// A value without labels.
fn kaal<W>(waarde: W) -> [(Vec<(&'static str, &'static str)>, W); 1] {
    [(Vec::new(), waarde)]
}

fn wacht(sinds: Option<Tijdstip>, nu: Tijdstip) -> i64 {
    sinds.map_or(0, |s| nu.unix_millis().saturating_sub(s.unix_millis()).max(0).div_euclid(1000))
}

/// Every kind that there is, seen or not; one of an earlier version counts as `overig`.
fn alarmen(gezien: &[(String, i64)]) -> Vec<(Vec<(&'static str, &'static str)>, i64)> {
    let aantal = |soort: &str| gezien.iter().filter(|(s, _)| s == soort).map(|(_, n)| *n).sum::<i64>();
    let mut uit: Vec<_> = ALARMSOORTEN.iter().map(|soort| (vec![("soort", *soort)], aantal(soort))).collect();
    let overig = gezien.iter().filter(|(s, _)| !ALARMSOORTEN.contains(&s.as_str())).map(|(_, n)| *n).sum();
    uit.push((vec![("soort", "overig")], overig));
    uit
}

/// The page as it grows.
#[derive(Default)]
struct Blad(String);

impl Blad {
    fn maat<T: Display, W: Display>(
        &mut self,
        naam: &str,
        soort: &str,
        uitleg: &str,
        waarden: impl IntoIterator<Item = (Vec<(&'static str, T)>, W)>,
    ) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.0, "# HELP inbreng_adapter_{naam} {uitleg}\n# TYPE inbreng_adapter_{naam} {soort}");
        for (labels, waarde) in waarden {
            let labels: Vec<String> = labels.iter().map(|(l, w)| format!("{l}=\"{w}\"")).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(self.0, "inbreng_adapter_{naam}{labels} {waarde}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_written_as_prometheus_reads_it() {
        let mut blad = Blad::default();
        blad.maat("gereed", "gauge", "Of het gaat.", kaal(1));
        blad.maat("zendingen", "gauge", "Berichten.", [(vec![("stand", "aangenomen"), ("baan", "acuut")], 2)]);
        let verwacht = "# HELP inbreng_adapter_gereed Of het gaat.\n# TYPE inbreng_adapter_gereed gauge\ninbreng_adapter_gereed 1\n\
                        # HELP inbreng_adapter_zendingen Berichten.\n# TYPE inbreng_adapter_zendingen gauge\n\
                        inbreng_adapter_zendingen{stand=\"aangenomen\",baan=\"acuut\"} 2\n";
        assert_eq!(blad.0, verwacht);
    }

    #[test]
    fn every_kind_of_alarm_is_explained_to_who_sees_it() {
        let uitleg = include_str!("../../../../docs/partners/adapter.md");
        for soort in ALARMSOORTEN {
            assert!(uitleg.contains(&format!("`{soort}`")), "{soort}");
        }
    }

    #[test]
    fn an_unknown_kind_of_alarm_makes_no_new_label() {
        let waarden = alarmen(&[("gids-teruggezet".to_owned(), 3), ("iets-van-vroeger".to_owned(), 2)]);
        assert_eq!(waarden.len(), ALARMSOORTEN.len() + 1);
        let van = |soort| waarden.iter().find(|(l, _)| l[0].1 == soort).unwrap().1;
        assert_eq!((van("gids-teruggezet"), van("overig"), van("levering-geweigerd")), (3, 2, 0));
    }
}
