//! A scene of the night, as data: what partners' own systems send, what must have arrived, and what must be refused.
//!
//! A scene has the partners' own systems send over HTTP, as their people would, looks at systems and adapters, and asserts on
//! JSON. What cannot be told that way (an intruder with keys of its own) is a named trial in [`super::trials`].

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A scene: told as one paragraph of the timeline, held by its assertions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// Stable name, for `--scene` and for the summary.
    pub naam: String,
    /// Heading on the timeline.
    pub titel: String,
    /// What holds when the scene has succeeded, in one sentence.
    pub bewering: String,
    /// Scenes whose results this one builds on.
    #[serde(default)]
    pub na: Vec<String>,
    /// The steps, in order.
    pub stap: Vec<Step>,
}

/// One step.
#[derive(Debug, Deserialize)]
#[serde(tag = "doe", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// A partner's people have their own system send a message, or ask something of it; and look at the outcome.
    Stuur(Post),
    /// Waits until an own system, an adapter or the hub shows what is expected.
    Wacht(Await),
    /// A trial that needs keys or a false hub.
    Proef(Trial),
    /// A partner's adapter goes down, or comes back.
    Adapter(Power),
    /// The same request under more than one covenant, side by side.
    Beleid(SideBySide),
}

/// A post and what must come back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Line on the timeline; `{…}` as in templates.
    pub vertel: String,
    /// Whose system: every message begins in one.
    #[serde(deserialize_with = "an_own_system")]
    pub naar: Endpoint,
    /// The message that lies ready there: its file below `adapters/`. A pattern `…-*.json` sends each, in order.
    #[serde(default)]
    pub bestand: Option<String>,
    /// Or a path of the own system,
    #[serde(default)]
    pub pad: Option<String>,
    /// and what is posted on it.
    #[serde(default)]
    pub inhoud: Option<Value>,
    /// Values set in the message: JSON Pointer to template.
    #[serde(default)]
    pub zet: BTreeMap<String, String>,
    /// The status that its adapter must answer with.
    pub status: u16,
    /// What must stand in the answer: JSON Pointer to expectation.
    #[serde(default)]
    pub verwacht: BTreeMap<String, Expect>,
    /// Keeps the answer under this name.
    #[serde(default)]
    pub als: Option<String>,
}

/// A look that is repeated until it shows what is expected.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Await {
    /// Line on the timeline.
    pub vertel: String,
    /// Where.
    pub bij: Endpoint,
    /// The path there.
    pub pad: String,
    /// The list to choose from (JSON Pointer); absent: the whole answer is looked at.
    #[serde(default)]
    pub lijst: Option<String>,
    /// What must hold of the answer, or of an element of the list.
    #[serde(default)]
    pub verwacht: BTreeMap<String, Expect>,
    /// How many elements of the list must hold it, exactly; absent: at least one.
    #[serde(default)]
    pub aantal: Option<usize>,
    /// Seconds until it has failed.
    #[serde(default = "ten_seconds")]
    pub binnen: u64,
    /// Keeps the answer, or the first element that held, under this name.
    #[serde(default)]
    pub als: Option<String>,
}

const fn ten_seconds() -> u64 {
    10
}

/// A named trial.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// Line on the timeline.
    pub vertel: String,
    /// Which.
    pub proef: String,
    /// What it is about: name to template.
    #[serde(default)]
    pub met: BTreeMap<String, String>,
}

/// One request, asked of the policy of several regions as a privacy officer would (`inbreng policy explain`).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SideBySide {
    /// Line on the timeline.
    pub vertel: String,
    /// What is asked: options of `policy explain`, without the dashes;
    #[serde(default)]
    pub vraag: BTreeMap<String, String>,
    /// or a decision that the hub took this night.
    #[serde(default)]
    pub besluit: Option<Decided>,
    /// Per covenant what its answer must hold.
    pub verwacht: BTreeMap<String, BTreeMap<String, Expect>>,
}

/// Which decision of this night: the newest about a part of this category in a message of this type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// The type.
    pub soort: String,
    /// The category.
    pub categorie: String,
}

/// An adapter that goes down, or comes back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Power {
    /// Line on the timeline.
    pub vertel: String,
    /// Whose: its short name.
    pub van: String,
    /// Which of the two.
    pub gaat: Switch,
}

/// Down or up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Switch {
    /// Killed, as when its machine loses power.
    Uit,
    /// Started again, with what it has on disk.
    Aan,
}

/// `systeem:<slug>`, `adapter:<slug>` or `knooppunt`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// A partner's own system.
    Systeem(String),
    /// A partner's adapter, its local side.
    Adapter(String),
    /// The hub's operational side.
    Knooppunt,
}

impl Endpoint {
    /// The partner, for the timeline.
    pub fn partner(&self) -> &str {
        match self {
            Self::Systeem(slug) | Self::Adapter(slug) => slug,
            Self::Knooppunt => "knooppunt",
        }
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Systeem(slug) => write!(f, "systeem {slug}"),
            Self::Adapter(slug) => write!(f, "adapter {slug}"),
            Self::Knooppunt => f.write_str("knooppunt"),
        }
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        match text.split_once(':') {
            Some(("systeem", slug)) => Ok(Self::Systeem(slug.to_owned())),
            Some(("adapter", slug)) => Ok(Self::Adapter(slug.to_owned())),
            None if text == "knooppunt" => Ok(Self::Knooppunt),
            _ => Err(serde::de::Error::custom("an endpoint is systeem:<slug>, adapter:<slug> or knooppunt")),
        }
    }
}

/// No scene posts to an adapter or to the hub by itself: an own system does.
fn an_own_system<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Endpoint, D::Error> {
    match Endpoint::deserialize(d)? {
        system @ Endpoint::Systeem(_) => Ok(system),
        other => Err(serde::de::Error::custom(format!("{other}: a message begins in systeem:<slug>"))),
    }
}

/// What must hold of one value.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Expect {
    /// A condition by name.
    Condition(Condition),
    /// Exactly this value; a string is a template.
    Equal(Value),
}

/// A condition by name; several must all hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The text (or the JSON of the value) contains this.
    #[serde(default)]
    pub bevat: Option<String>,
    /// The text (or the JSON of the value) does not contain this.
    #[serde(default)]
    pub bevat_niet: Option<String>,
    /// The list has exactly this many elements.
    #[serde(default)]
    pub aantal: Option<usize>,
    /// The list has at least this many.
    #[serde(default)]
    pub minstens: Option<usize>,
    /// There is no such member.
    #[serde(default)]
    pub afwezig: Option<bool>,
    /// The instant lies before this one (RFC 3339; a template).
    #[serde(default)]
    pub voor: Option<String>,
}

/// Instants that scenes can name: `{klok/nu}`, `{klok/over3uur}`.
#[expect(clippy::disallowed_methods, reason = "scenes take place now; nothing of the product depends on it")]
pub fn clock() -> Value {
    let now = OffsetDateTime::now_utc();
    let text = |at: OffsetDateTime| at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default();
    let later = |hours| text(now + time::Duration::hours(hours));
    serde_json::json!({"nu": text(now), "over3uur": later(3), "over8dagen": later(8 * 24), "over10dagen": later(10 * 24)})
}

/// What earlier steps kept.
pub type Kept = BTreeMap<String, Value>;

/// Fills `{name/pointer}` from what was kept; an unknown name is an error that says which.
pub fn fill(template: &str, kept: &Kept) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (key, tail) = after.split_once('}').ok_or_else(|| format!("{template}: a brace is not closed"))?;
        out.push_str(before);
        let (name, pointer) = key.split_once('/').map_or((key, String::new()), |(n, p)| (n, format!("/{p}")));
        let value =
            kept.get(name).and_then(|v| v.pointer(&pointer)).ok_or_else(|| format!("{template}: nothing is kept under {key}"))?;
        out.push_str(&text_of(value));
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Expect {
    /// Whether it holds; the error says what was found instead.
    pub fn holds(&self, at: &str, found: Option<&Value>, kept: &Kept) -> Result<(), String> {
        match self {
            Self::Equal(Value::String(template)) => {
                let want = fill(template, kept)?;
                let got = found.map(text_of);
                if got.as_deref() == Some(&want) { Ok(()) } else { Err(format!("{at} is {}, expected {want}", shown(found))) }
            }
            Self::Equal(want) => {
                if found == Some(want) {
                    Ok(())
                } else {
                    Err(format!("{at} is {}, expected {want}", shown(found)))
                }
            }
            Self::Condition(condition) => condition.holds(at, found, kept),
        }
    }
}

impl Condition {
    fn holds(&self, at: &str, found: Option<&Value>, kept: &Kept) -> Result<(), String> {
        if let Some(absent) = self.afwezig {
            let is_absent = found.is_none_or(Value::is_null);
            return if is_absent == absent { Ok(()) } else { Err(format!("{at} is {}", shown(found))) };
        }
        let value = found.ok_or_else(|| format!("{at} is absent"))?;
        let text = text_of(value);
        if let Some(part) = &self.bevat {
            let part = fill(part, kept)?;
            if !text.contains(&part) {
                return Err(format!("{at} is {}, expected it to contain {part}", shown(found)));
            }
        }
        if let Some(part) = &self.bevat_niet
            && text.contains(&fill(part, kept)?)
        {
            return Err(format!("{at} contains {part}"));
        }
        if let Some(limit) = &self.voor {
            let limit = fill(limit, kept)?;
            let instant = |s: &str| OffsetDateTime::parse(s, &Rfc3339).map_err(|e| format!("{at}: {s}: {e}"));
            if instant(&text)? >= instant(&limit)? {
                return Err(format!("{at} is {text}, not before {limit}"));
            }
        }
        let length = value.as_array().map(Vec::len);
        if self.aantal.is_some() && length != self.aantal {
            return Err(format!("{at} has {length:?} elements, expected {:?}", self.aantal));
        }
        if let Some(least) = self.minstens
            && length.is_none_or(|n| n < least)
        {
            return Err(format!("{at} has {length:?} elements, expected at least {least}"));
        }
        Ok(())
    }
}

fn shown(found: Option<&Value>) -> String {
    found.map_or_else(|| "absent".to_owned(), |v| v.to_string().chars().take(400).collect())
}

/// Whether all expectations hold of a value.
pub fn all_hold(expected: &BTreeMap<String, Expect>, value: &Value, kept: &Kept) -> Result<(), String> {
    expected.iter().try_for_each(|(pointer, expect)| expect.holds(pointer, value.pointer(pointer), kept))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept() -> Kept {
        Kept::from([("melding".to_owned(), json!({"dossier": "VT-1", "lijst": [1, 2]}))])
    }

    #[test]
    fn templates_take_what_was_kept() {
        assert_eq!(fill("dossier {melding/dossier} en {melding/lijst/1}", &kept()).unwrap(), "dossier VT-1 en 2");
        assert!(fill("{niets/x}", &kept()).unwrap_err().contains("niets/x"));
    }

    #[test]
    fn expectations_fail_where_they_should() {
        let value = json!({"a": "een tekst", "b": [1, 2, 3], "t": "2026-11-22T14:59:59.5Z"});
        let read = |text: &str| toml::from_str::<BTreeMap<String, Expect>>(text).unwrap();
        for good in [
            "'/a' = 'een tekst'",
            "'/a' = { bevat = 'tekst', bevat_niet = 'geheim' }",
            "'/b' = { aantal = 3, minstens = 2 }",
            "'/c' = { afwezig = true }",
            "'/b/0' = 1",
            "'/t' = { voor = '2026-11-22T16:00:00+01:00' }",
        ] {
            assert_eq!(all_hold(&read(good), &value, &kept()), Ok(()), "{good}");
        }
        for wrong in [
            "'/a' = 'iets'",
            "'/a' = { bevat = 'geheim' }",
            "'/a' = { bevat_niet = 'tekst' }",
            "'/b' = { aantal = 2 }",
            "'/a' = { afwezig = true }",
            "'/c' = { bevat = '' }",
            "'/t' = { voor = '2026-11-22T14:59:59Z' }",
        ] {
            assert!(all_hold(&read(wrong), &value, &kept()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_mistyped_condition_is_refused_when_read() {
        let read: Result<Scene, _> = toml::from_str(
            "naam = 'x'\ntitel = 'x'\nbewering = 'x'\nstap = [{ doe = 'wacht', vertel = 'x', bij = 'elders:x', pad = '/' }]",
        );
        assert!(read.is_err());
    }
}
