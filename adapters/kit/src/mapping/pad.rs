//! Paths into a message: a JSON Pointer (RFC 6901) from the whole message, or from the present item of a list.

use serde_json::Value;

use super::fout::MappingFout;

/// A path as the mapping file writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pad {
    vanaf: Vanaf,
    stappen: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Vanaf {
    /// `/naam`: the whole message.
    Bericht,
    /// `./naam`, or `.`: the present item.
    Item,
}

/// One step of a pattern: a name (or index), or each item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stap {
    Naam(String),
    Elk,
}

/// A place in a message that a mapping mentions.
pub(super) type Patroon = Vec<Stap>;

/// Where the translation stands: the whole message, and the present item with its own pointer.
#[derive(Clone)]
pub(super) struct Plek<'v> {
    pub(super) bericht: &'v Value,
    pub(super) item: &'v Value,
    pub(super) pad: String,
}

impl<'v> Plek<'v> {
    pub(super) const fn begin(bericht: &'v Value) -> Self {
        Self { bericht, item: bericht, pad: String::new() }
    }
}

impl Pad {
    /// Whether a text in a mapping is a path and not a constant.
    pub(super) fn is_pad(tekst: &str) -> bool {
        tekst.starts_with('/') || tekst == "." || tekst.starts_with("./")
    }

    pub(super) fn lezen(tekst: &str, plek: &str) -> Result<Self, MappingFout> {
        let fout = |waarom: &str| MappingFout::new(plek, format!("'{tekst}' is geen pad: {waarom}"));
        let (vanaf, rest) = match tekst.strip_prefix('.') {
            Some(rest) => (Vanaf::Item, rest),
            None => (Vanaf::Bericht, tekst),
        };
        if rest.is_empty() {
            return match vanaf {
                Vanaf::Item => Ok(Self { vanaf, stappen: Vec::new() }),
                Vanaf::Bericht => Err(fout("het is leeg")),
            };
        }
        let rest = rest.strip_prefix('/').ok_or_else(|| fout("begin met / (hele bericht) of ./ (dit onderdeel van de lijst)"))?;
        let stappen = rest.split('/').map(ontsnapt).collect::<Option<Vec<_>>>().ok_or_else(|| {
            fout("tussen twee strepen moet een naam staan; schrijf ~1 voor een streep en ~0 voor een tilde in een naam")
        })?;
        Ok(Self { vanaf, stappen })
    }

    pub(super) const fn is_van_item(&self) -> bool {
        matches!(self.vanaf, Vanaf::Item)
    }

    pub(super) fn vind<'v>(&self, plek: &Plek<'v>) -> Option<&'v Value> {
        let begin = match self.vanaf {
            Vanaf::Bericht => plek.bericht,
            Vanaf::Item => plek.item,
        };
        self.stappen.iter().try_fold(begin, |v, stap| match v {
            Value::Object(leden) => leden.get(stap),
            Value::Array(items) => stap.parse::<usize>().ok().and_then(|i| items.get(i)),
            _ => None,
        })
    }

    /// The pointer from the whole message, for errors.
    pub(super) fn aanwijzer(&self, plek: &Plek<'_>) -> String {
        let mut pad = match self.vanaf {
            Vanaf::Bericht => String::new(),
            Vanaf::Item => plek.pad.clone(),
        };
        for stap in &self.stappen {
            pad.push('/');
            pad.push_str(&ontsnap(stap));
        }
        pad
    }

    /// The pattern from the whole message, where `item` is that of the list around it.
    pub(super) fn patroon(&self, item: &[Stap]) -> Patroon {
        let begin = match self.vanaf {
            Vanaf::Bericht => &[],
            Vanaf::Item => item,
        };
        begin.iter().cloned().chain(self.stappen.iter().cloned().map(Stap::Naam)).collect()
    }
}

/// A pattern of `negeren`: a pointer from the whole message in which `*` is each item of a list.
pub(super) fn patroon(tekst: &str, plek: &str) -> Result<Patroon, MappingFout> {
    let pad = Pad::lezen(tekst, plek)?;
    match pad.vanaf {
        Vanaf::Item => Err(MappingFout::new(plek, "begin met /; schrijf * voor elk onderdeel van een lijst")),
        Vanaf::Bericht => Ok(pad.stappen.into_iter().map(|s| if s == "*" { Stap::Elk } else { Stap::Naam(s) }).collect()),
    }
}

/// A name as it stands in a pointer (RFC 6901 §3).
pub(super) fn ontsnap(naam: &str) -> String {
    naam.replace('~', "~0").replace('/', "~1")
}

fn ontsnapt(stap: &str) -> Option<String> {
    if stap.is_empty() || stap.replace("~0", "").replace("~1", "").contains('~') {
        return None;
    }
    Some(stap.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_finds_what_rfc_6901_says() {
        let bericht = json!({"a": {"b/c": [10, {"d~": 1}]}, "lijst": [{"x": 5}]});
        let plek = Plek { bericht: &bericht, item: &bericht["lijst"][0], pad: "/lijst/0".into() };
        let vind = |p: &str| Pad::lezen(p, "").unwrap().vind(&plek).cloned();
        assert_eq!(vind("/a/b~1c/1/d~0"), Some(json!(1)));
        assert_eq!(vind("./x"), Some(json!(5)));
        assert_eq!(vind("."), Some(json!({"x": 5})));
        assert_eq!(vind("/a/x/y"), None);
        assert_eq!(Pad::lezen("./x", "").unwrap().aanwijzer(&plek), "/lijst/0/x");
        assert_eq!(Pad::lezen("/a/b~1c", "").unwrap().aanwijzer(&plek), "/a/b~1c");
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for fout in ["", "/", "//", "a/b", ".x", "/a//b", "/a~2", "/a/~"] {
            assert!(Pad::lezen(fout, "hier").is_err(), "{fout}");
        }
    }
}
