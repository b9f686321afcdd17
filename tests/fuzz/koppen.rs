//! What is fuzzed of a request beside its body: headers that are read by hand, and the query of its address; and of an answer when it may
//! be asked again. What is read has one meaning, and it is the one that any other reader gives it.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use inbreng_adapter::hub;
use inbreng_api::{
    koppen::{aangekondigd, bearer, gastheer, if_match, mediatype, spoor},
    vraag::{Getal, Query, paren},
};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

/// Headers as they may come: a name and a value on each line.
pub const KOPPEN: [&str; 4] = [
    "content-type: application/json; charset=utf-8\ncontent-length: 17\nif-match: \"3\"\nauthorization: Bearer abc.def.ghi\n",
    "content-type: application/cloudevents+json\ncontent-encoding: identity\nhost: hub.example:8443\n",
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\nhost: [::1]:8443\n",
    "authorization: bearer a\nauthorization: Bearer b\ncontent-length: 0\ncontent-length: 1\nif-match: *\n",
];

/// Queries as they may come.
pub const VRAGEN: [&str; 3] = ["wacht=30&na=3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ", "van=3&naar=7", "wacht=0&wacht=%30&x="];

/// When an answer may be asked for again, as it may say so: `Retry-After`, and its `Date` on a second line.
pub const PAUZES: [&str; 5] = [
    "120",
    "0",
    "18446744073709551616\nMon, 23 Nov 2026 07:00:00 GMT",
    "Mon, 23 Nov 2026 07:00:30 GMT\nMon, 23 Nov 2026 07:00:00 GMT",
    "Monday, 23-Nov-26 07:00:30 GMT\nMon Nov 23 07:00:00 2026",
];

fn gelezen(bytes: &[u8]) -> HeaderMap {
    let mut koppen = HeaderMap::new();
    for regel in bytes.split(|b| *b == b'\n') {
        let Some(plaats) = regel.iter().position(|b| *b == b':') else { continue };
        let (naam, waarde) = regel.split_at(plaats);
        let naam = HeaderName::from_bytes(naam.trim_ascii());
        let waarde = HeaderValue::from_bytes(waarde.get(1..).unwrap_or_default().trim_ascii());
        if let (Ok(naam), Ok(waarde)) = (naam, waarde) {
            koppen.append(naam, waarde);
        }
    }
    koppen
}

/// Headers: each refused, or there once with the one text that says what was read.
pub fn koppen(bytes: &[u8]) {
    let koppen = gelezen(bytes);
    let enige = |naam: HeaderName| {
        let alle: Vec<&HeaderValue> = koppen.get_all(&naam).collect();
        let [een] = alle.as_slice() else { panic!("{naam} is read, and is there {} times", alle.len()) };
        String::from_utf8(een.as_bytes().to_vec()).expect("a header that is read is text")
    };
    for soort in ["application/json", "application/cloudevents+json", "application/x-www-form-urlencoded"] {
        if mediatype(&koppen, soort).is_ok() {
            assert!(enige(header::CONTENT_TYPE).to_lowercase().trim().starts_with(soort));
            assert!(koppen.get_all(header::CONTENT_ENCODING).all(|e| e == "identity"), "a body that is encoded");
        }
    }
    if let (Ok(bytes), Some(kop)) = (aangekondigd(&koppen), koppen.get(header::CONTENT_LENGTH)) {
        let tekst = kop.to_str().expect("a header that is read is text");
        let breed = tekst.len();
        assert_eq!(format!("{bytes:0>breed$}"), tekst, "a length has one meaning");
    }
    if let Ok(stand) = if_match(&koppen) {
        assert_eq!(enige(header::IF_MATCH), format!("\"{stand}\""));
    }
    if let Ok(token) = bearer(&koppen) {
        let kop = enige(header::AUTHORIZATION);
        assert!(!token.is_empty() && kop.to_lowercase().starts_with("bearer ") && kop.ends_with(token), "{kop}");
    }
    if let Some(spoor) = spoor(&koppen) {
        let kop = enige(HeaderName::from_static("traceparent"));
        assert!(kop.contains(spoor.trace_id()) && kop.len() == 55, "{kop}");
        assert_eq!((spoor.trace_id().len(), spoor.parent_id().len()), (32, 16));
    }
    for host in koppen.get_all(header::HOST).filter_map(|h| h.to_str().ok()) {
        if let Some(naam) = gastheer(host) {
            assert!(!naam.is_empty() && !naam.contains(['@', '/', '?', '#', ' ', '"', '<']), "{naam} is the name of a hub");
        }
    }
}

/// A query: refused, or each of its parameters is known, there once, and read as any reader of forms reads it.
pub fn vraag(bytes: &[u8]) {
    let Ok(tekst) = std::str::from_utf8(bytes) else { return };
    let ieder: Vec<(String, String)> = url::form_urlencoded::parse(bytes).into_owned().collect();
    if let Some(paren) = paren(tekst) {
        assert_eq!(paren, ieder);
    }
    const BEKEND: [&str; 4] = ["wacht", "na", "van", "naar"];
    let Ok(query) = Query::van(tekst, &BEKEND) else { return };
    assert!(ieder.len() <= BEKEND.len() && ieder.iter().all(|(naam, _)| BEKEND.contains(&naam.as_str())), "{ieder:?}");
    for naam in BEKEND {
        let waarde = ieder.iter().find(|(n, _)| n == naam).map(|(_, w)| w.clone());
        assert_eq!(query.waarde::<String>(naam).expect("any text is text"), waarde);
        assert_eq!(query.verplicht::<String>(naam).is_ok(), waarde.is_some());
        if let Ok(Some(Getal(getal))) = query.waarde(naam) {
            assert_eq!(Some(getal.to_string()), waarde, "a number has one spelling");
        }
    }
}

/// The instant of a date in the form that answers have (RFC 9110 §5.6.7), by another reader; nothing of one that is not spelled as it is
/// written.
fn moment(tekst: &str) -> Option<OffsetDateTime> {
    let moment = OffsetDateTime::parse(tekst, &Rfc2822).ok()?;
    let gespeld = moment.format(&Rfc2822).ok()?.replace(" +0000", " GMT");
    (gespeld == tekst).then_some(moment)
}

/// When an answer may be asked for again: it says nothing, or no more than three minutes: so many seconds, or until an instant by the
/// answer's own clock.
pub fn pas_na(bytes: &[u8]) {
    const HOOGSTENS: u64 = 180;
    let mut regels = bytes.splitn(2, |b| *b == b'\n');
    let (wacht, datum) = (regels.next().unwrap_or_default(), regels.next());
    let Some(tijd) = hub::pas_na(wacht, datum) else { return };
    assert!(tijd <= Duration::from_secs(HOOGSTENS), "{tijd:?}");
    let tekst = |kop| std::str::from_utf8(kop).expect("a header that is read is text").trim();
    let wacht = tekst(wacht);
    if wacht.bytes().all(|b| b.is_ascii_digit()) {
        let getal = wacht.trim_start_matches('0');
        let seconden = if getal.len() > 3 { HOOGSTENS } else { getal.parse().unwrap_or(0) };
        assert!(!wacht.is_empty() && tijd == Duration::from_secs(seconden.min(HOOGSTENS)), "{wacht}: {tijd:?}");
        return;
    }
    let datum = tekst(datum.expect("an instant counts from the answer's own"));
    if let (Some(tot), Some(nu)) = (moment(wacht), moment(datum)) {
        let verschil = u64::try_from((tot - nu).whole_seconds()).unwrap_or(0);
        assert_eq!(tijd.as_secs(), verschil.min(HOOGSTENS), "{wacht} after {datum}");
    }
}
