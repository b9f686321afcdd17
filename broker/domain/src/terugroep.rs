//! The callback (terugroep): where a partner has its deliveries brought, how often it is tried, and what came of it.

use serde::{Deserialize, Serialize};

use crate::{
    BerichtId, Berichttype, LeveringId, Oin, Tijdstip,
    ids::InvalidId,
    macros::{string_newtype, vocabulary},
    versie::Beheerfunctie,
    vocabulary::Urgentie,
};

/// Longest address, in characters.
const ADRES_TEKENS: usize = 255;

/// Where deliveries are brought: `https`, a host in lower case, perhaps a port, a plain path. No user, no query, no fragment:
/// nothing in it can be a secret or speak to anything but that path.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Terugroepadres(String);

impl Terugroepadres {
    /// Parses the one form.
    ///
    /// # Errors
    /// [`InvalidId`] for any other.
    pub fn parse(s: &str) -> Result<Self, InvalidId> {
        const RULE: InvalidId = InvalidId::new("terugroepadres", "https, een naam of adres, eventueel een poort, en een pad");
        let rest = s.strip_prefix("https://").filter(|_| s.len() <= ADRES_TEKENS).ok_or(RULE)?;
        let (plaats, pad) = rest.find('/').map_or((rest, ""), |i| rest.split_at(i));
        let (host, poort) = match plaats.strip_prefix('[') {
            Some(zes) => {
                let (adres, na) = zes.split_once(']').ok_or(RULE)?;
                adres.parse::<std::net::Ipv6Addr>().map_err(|_| RULE)?;
                (adres, if na.is_empty() { None } else { Some(na.strip_prefix(':').ok_or(RULE)?) })
            }
            None => plaats.split_once(':').map_or((plaats, None), |(host, poort)| (host, Some(poort))),
        };
        let poort_goed = poort.is_none_or(|p| !p.starts_with('0') && p.parse::<u16>().is_ok_and(|n| n > 0));
        let pad_goed = pad.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~".contains(&b)) && !pad.contains("/.");
        let host_goed = plaats.starts_with('[') || is_naam(host);
        if host_goed && poort_goed && pad_goed { Ok(Self(s.to_owned())) } else { Err(RULE) }
    }

    /// The address as it was registered.
    #[must_use]
    pub fn as_str(&self) -> std::borrow::Cow<'_, str> {
        self.0.as_str().into()
    }
}
string_newtype!(Terugroepadres);

/// A name of the DNS, or four numbers with dots. Other spellings of an address (`0x7f.1`, `2130706433`) are none: a URL parser
/// takes them for one, and who checks the text would not.
fn is_naam(host: &str) -> bool {
    let label = |l: &str| {
        let tekens = l.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        !l.is_empty() && l.len() <= 63 && tekens && !l.starts_with('-') && !l.ends_with('-')
    };
    let laatste = host.rsplit('.').next().unwrap_or_default();
    let lijkt_getal = laatste.starts_with(|c: char| c.is_ascii_digit());
    host.split('.').all(label) && (!lijkt_getal || host.parse::<std::net::Ipv4Addr>().is_ok())
}

/// How often and how long a delivery is brought. What a partner chooses for itself, within these bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Schemavorm")]
pub struct Bezorgschema {
    /// Pauses between attempts, in seconds: each no shorter than the one before; the last one stays. A pause is the most that
    /// is waited: the time itself is drawn from nothing up to it (full jitter).
    pauzes: Vec<u32>,
    /// Seconds in which the recipient has taken a delivery, from connecting to the last byte of its answer.
    antwoordtijd: u32,
    /// After how many attempts it becomes a dead letter.
    pogingen: u32,
    /// After how many seconds without a signed receipt it becomes a dead letter.
    eindleeftijd: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Schemavorm {
    pauzes: Vec<u32>,
    antwoordtijd: u32,
    pogingen: u32,
    eindleeftijd: u32,
}

/// A schedule outside the bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("het bezorgschema valt buiten de grenzen: {0}")]
pub struct SchemaOngeldig(&'static str);

impl TryFrom<Schemavorm> for Bezorgschema {
    type Error = SchemaOngeldig;

    fn try_from(v: Schemavorm) -> Result<Self, SchemaOngeldig> {
        Self::new(v.pauzes, v.antwoordtijd, v.pogingen, v.eindleeftijd)
    }
}

impl Bezorgschema {
    /// Most pauses.
    pub const PAUZES: usize = 16;
    /// Longest pause, in seconds: a day.
    pub const LANGSTE_PAUZE: u32 = 86_400;
    /// Longest time for an answer, in seconds.
    pub const LANGSTE_ANTWOORDTIJD: u32 = 60;
    /// Most attempts.
    pub const MEESTE_POGINGEN: u32 = 1_000;
    /// Shortest final age, in seconds.
    pub const KORTSTE_LEEFTIJD: u32 = 60;
    /// Longest final age, in seconds: thirty days.
    pub const LANGSTE_LEEFTIJD: u32 = 2_592_000;

    /// A schedule.
    ///
    /// # Errors
    /// [`SchemaOngeldig`] says which bound.
    pub fn new(pauzes: Vec<u32>, antwoordtijd: u32, pogingen: u32, eindleeftijd: u32) -> Result<Self, SchemaOngeldig> {
        let binnen = |waarde: u32, van: u32, tot: u32| (van..=tot).contains(&waarde);
        if pauzes.is_empty() || pauzes.len() > Self::PAUZES || !pauzes.iter().all(|p| binnen(*p, 1, Self::LANGSTE_PAUZE)) {
            return Err(SchemaOngeldig("een tot zestien pauzes van een seconde tot een dag"));
        }
        if !pauzes.is_sorted() {
            return Err(SchemaOngeldig("geen pauze korter dan de vorige"));
        }
        if !binnen(antwoordtijd, 1, Self::LANGSTE_ANTWOORDTIJD) {
            return Err(SchemaOngeldig("een antwoordtijd van een seconde tot een minuut"));
        }
        if !binnen(pogingen, 1, Self::MEESTE_POGINGEN) {
            return Err(SchemaOngeldig("een tot duizend pogingen"));
        }
        if !binnen(eindleeftijd, Self::KORTSTE_LEEFTIJD, Self::LANGSTE_LEEFTIJD) {
            return Err(SchemaOngeldig("een eindleeftijd van een minuut tot dertig dagen"));
        }
        Ok(Self { pauzes, antwoordtijd, pogingen, eindleeftijd })
    }

    /// The pause after so many attempts, at most, in seconds.
    #[must_use]
    pub fn pauze_na(&self, pogingen: u32) -> u32 {
        let plaats = usize::try_from(pogingen.saturating_sub(1)).unwrap_or(usize::MAX);
        // INVARIANT: never empty.
        self.pauzes.get(plaats).or(self.pauzes.last()).copied().unwrap_or(Self::LANGSTE_PAUZE)
    }

    /// Pauses between attempts, at most, in seconds; the last one stays.
    #[must_use]
    pub fn pauzes(&self) -> &[u32] {
        &self.pauzes
    }

    /// Seconds in which an answer must be complete.
    #[must_use]
    pub const fn antwoordtijd(&self) -> u32 {
        self.antwoordtijd
    }

    /// After how many attempts a delivery is a dead letter.
    #[must_use]
    pub const fn pogingen(&self) -> u32 {
        self.pogingen
    }

    /// After how many seconds without a receipt a delivery is a dead letter.
    #[must_use]
    pub const fn eindleeftijd(&self) -> u32 {
        self.eindleeftijd
    }
}

/// What an adapter registers unless it is told otherwise: within a minute five times, then every hour, for three days.
impl Default for Bezorgschema {
    fn default() -> Self {
        Self { pauzes: vec![1, 4, 15, 60, 300, 900, 3_600], antwoordtijd: 15, pogingen: 100, eindleeftijd: 259_200 }
    }
}

/// A partner's statement on its callback: payload of `inbreng-terugroep+jws`. Without address and schedule the partner fetches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Terugroepvorm")]
pub struct Terugroep {
    /// The partner.
    pub oin: Oin,
    /// Counts up; the highest holds.
    pub volgnummer: u32,
    /// Where and how; absent: nowhere.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub bestemming: Option<Bestemming>,
    /// When it was signed.
    pub tijd: Tijdstip,
}

/// Where deliveries are brought, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bestemming {
    /// The address.
    pub adres: Terugroepadres,
    /// The schedule.
    pub schema: Bezorgschema,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terugroepvorm {
    oin: Oin,
    volgnummer: u32,
    #[serde(default)]
    adres: Option<Terugroepadres>,
    #[serde(default)]
    schema: Option<Bezorgschema>,
    tijd: Tijdstip,
}

impl TryFrom<Terugroepvorm> for Terugroep {
    type Error = SchemaOngeldig;

    fn try_from(v: Terugroepvorm) -> Result<Self, SchemaOngeldig> {
        let bestemming = match (v.adres, v.schema) {
            (Some(adres), Some(schema)) => Some(Bestemming { adres, schema }),
            (None, None) => None,
            _ => return Err(SchemaOngeldig("adres en schema horen bij elkaar")),
        };
        Ok(Self { oin: v.oin, volgnummer: v.volgnummer, bestemming, tijd: v.tijd })
    }
}

/// Body of the request that places a callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terugroepverzoek {
    /// Compact JWS of the partner over a [`Terugroep`].
    pub verklaring: String,
    /// Compact JWS of the covenant manager over a [`crate::gids::Medeondertekening`] of it. Who stops being called needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medeondertekening: Option<String>,
}

/// Somebody has a dead letter brought again: payload of `inbreng-herbezorging+jws`, signed by its sender or its recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Herbezorging {
    /// The delivery.
    pub levering: LeveringId,
    /// The organisation.
    pub door: Oin,
    /// The function of the person who acts.
    pub functie: Beheerfunctie,
    /// When; refused when more than fifteen minutes away.
    pub tijd: Tijdstip,
}

vocabulary!(
    /// Why an attempt to bring a delivery did not succeed.
    Bezorgreden, "bezorgreden" {
        /// No connection: nobody listens there, or its name is not known.
        Onbereikbaar = "onbereikbaar",
        /// The address leads to a network that the hub may not call.
        AdresNietToegestaan = "adres-niet-toegestaan",
        /// Its certificate does not hold, or the handshake failed.
        Tls = "tls",
        /// Its certificate is another organisation's.
        AndereOrganisatie = "andere-organisatie",
        /// No complete answer in time.
        TeTraag = "te-traag",
        /// The answer cannot be read: not HTTP, broken off, or too large.
        Onleesbaar = "onleesbaar",
        /// It sent the hub elsewhere (3xx), which the hub does not follow.
        Omleiding = "omleiding",
        /// It does not take the delivery (4xx).
        Afgewezen = "afgewezen",
        /// It cannot take anything now (5xx).
        Storing = "storing",
        /// It took it (2xx), and never signed for it.
        NietBevestigd = "niet-bevestigd",
        /// The hub itself stopped in the middle.
        Afgebroken = "afgebroken",
        /// It was never tried: the recipient could not be reached for others, or an earlier delivery stood before it.
        NietGeprobeerd = "niet-geprobeerd",
    }
);

vocabulary!(
    /// Which bound of the schedule made a dead letter.
    Bezorggrens, "bezorggrens" {
        /// The final age.
        Eindleeftijd = "eindleeftijd",
        /// The number of attempts.
        Pogingen = "pogingen",
    }
);

/// How bringing a delivery goes, as its sender sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Bezorging {
    /// Attempts so far.
    pub pogingen: u32,
    /// When the last one began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laatste_poging: Option<Tijdstip>,
    /// Why the last one failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reden: Option<Bezorgreden>,
    /// When the next one is due; absent when it was taken, waits for an earlier delivery, or is a dead letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volgende_poging: Option<Tijdstip>,
    /// When the recipient's adapter took it: the signed receipt follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bezorgd_op: Option<Tijdstip>,
    /// When it became a dead letter. It still lies in the recipient's mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dood_op: Option<Tijdstip>,
    /// By which bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grens: Option<Bezorggrens>,
}

/// A dead letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Dodeletter {
    /// The delivery.
    pub levering: LeveringId,
    /// The message.
    pub bericht: BerichtId,
    /// Its type.
    #[serde(rename = "type")]
    pub berichttype: Berichttype,
    /// Its sender.
    pub van: Oin,
    /// Who should have got it.
    pub ontvanger: Oin,
    /// Its lane.
    pub baan: Urgentie,
    /// Attempts.
    pub pogingen: u32,
    /// Why the last attempt failed.
    pub reden: Bezorgreden,
    /// The status of its last answer, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Which bound made it a dead letter.
    pub grens: Bezorggrens,
    /// When.
    pub dood_op: Tijdstip,
}

/// How many dead letters one recipient has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dodetelling {
    /// The recipient.
    pub ontvanger: Oin,
    /// How many there are for it.
    pub aantal: u32,
}

/// Dead letters, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Dodeletters {
    /// One page of them.
    pub dode_letters: Vec<Dodeletter>,
    /// Per recipient, those of this page.
    pub per_ontvanger: Vec<Dodetelling>,
    /// Where the next page begins (`na`); absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verder: Option<LeveringId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        for goed in [
            "https://adapter.example/leveringen",
            "https://adapter.example:9443",
            "https://localhost:1/",
            "https://192.0.2.7:9443/a/b-c_d",
            "https://[2001:db8::1]:9443/x",
        ] {
            assert_eq!(Terugroepadres::parse(goed).unwrap().to_string(), goed);
        }
        let lang = format!("https://{}.example/", "a".repeat(64));
        for fout in [
            "http://adapter.example/",
            "https://",
            "https:///x",
            "https://iemand@adapter.example/",
            "https://adapter.example/?a=b",
            "https://adapter.example/#x",
            "https://Adapter.example/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://127.1/",
            "https://127.0.0.01/",
            "https://adapter.example:0/",
            "https://adapter.example:99999/",
            "https://adapter.example:/",
            "https://adapter.example/a/../b",
            "https://adapter.example/%2e",
            "https://[::1/",
            "https://[::1]x/",
            "https://a..b/",
            lang.as_str(),
        ] {
            assert!(Terugroepadres::parse(fout).is_err(), "{fout}");
        }
    }

    #[test]
    fn a_schedule_has_bounds_and_its_pauses_grow() {
        let standaard = Bezorgschema::default();
        let Bezorgschema { pauzes, antwoordtijd, pogingen, eindleeftijd } = standaard.clone();
        assert_eq!(Bezorgschema::new(pauzes, antwoordtijd, pogingen, eindleeftijd), Ok(standaard.clone()));
        assert!((1..200).map(|n| standaard.pauze_na(n)).is_sorted());
        assert_eq!((standaard.pauze_na(1), standaard.pauze_na(7), standaard.pauze_na(u32::MAX)), (1, 3_600, 3_600));
        for (pauzes, tijd, pogingen, leeftijd) in [
            (vec![], 15, 10, 3_600),
            (vec![0], 15, 10, 3_600),
            (vec![2, 1], 15, 10, 3_600),
            (vec![86_401], 15, 10, 3_600),
            (vec![1; 17], 15, 10, 3_600),
            (vec![1], 0, 10, 3_600),
            (vec![1], 61, 10, 3_600),
            (vec![1], 15, 0, 3_600),
            (vec![1], 15, 1_001, 3_600),
            (vec![1], 15, 10, 59),
            (vec![1], 15, 10, 2_592_001),
        ] {
            assert!(
                Bezorgschema::new(pauzes.clone(), tijd, pogingen, leeftijd).is_err(),
                "{pauzes:?} {tijd} {pogingen} {leeftijd}"
            );
        }
    }

    #[test]
    fn address_and_schedule_come_together_or_not_at_all() {
        let weg = r#"{"oin":"00000001003214345000","volgnummer":2,"tijd":"2026-11-22T01:00:00.000Z"}"#;
        assert_eq!(serde_json::from_str::<Terugroep>(weg).unwrap().bestemming, None);
        let half = weg.replacen('{', r#"{"adres":"https://a.example/","#, 1);
        assert!(serde_json::from_str::<Terugroep>(&half).is_err());
        let heel = half.replacen('{', r#"{"schema":{"pauzes":[1],"antwoordtijd":5,"pogingen":3,"eindleeftijd":60},"#, 1);
        let gelezen: Terugroep = serde_json::from_str(&heel).unwrap();
        assert_eq!(serde_json::to_value(&gelezen).unwrap(), serde_json::from_str::<serde_json::Value>(&heel).unwrap());
        assert!(serde_json::from_str::<Terugroep>(&heel.replacen('{', r#"{"kleur":1,"#, 1)).is_err());
    }
}
