//! Text in canonical form (RFC 8785), with the places of everything in it.
//!
//! What stands in canonical form already need not be built as a tree and written anew to be hashed: the bytes of each of
//! its values are the canonical form of that value. Adapters send canonical text, so the hub hashes slices of what it
//! received; what another sender spells otherwise is put in canonical form once.

use std::{borrow::Cow, ops::Range};

use serde_json::Value;

use super::{CanonicalError, canonical_string, writer::in_order};
use crate::strict::{MAX_INTEGER, MAX_NESTING, StrictError, parse_strict};

/// JSON in canonical form that is strict too: see [`crate::strict`].
#[derive(Debug)]
pub struct CanonicalText<'a> {
    text: Cow<'a, str>,
    /// Every value, each before what it holds.
    places: Vec<Place>,
}

/// Where a value stands.
#[derive(Debug, Clone)]
struct Place {
    /// Its name with the quotes; empty for what has none.
    name: Range<usize>,
    value: Range<usize>,
    /// The first place behind everything that it holds.
    next: usize,
}

/// A value in a [`CanonicalText`].
#[derive(Debug, Clone, Copy)]
pub struct Part<'t> {
    text: &'t str,
    places: &'t [Place],
    index: usize,
}

impl<'a> CanonicalText<'a> {
    /// The text, if it is in canonical form and strict. `None` says nothing about what is wrong with it.
    #[must_use]
    pub fn read(bytes: &'a [u8], max_nesting: usize) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        Some(Self { places: places(text, max_nesting)?, text: Cow::Borrowed(text) })
    }

    /// Reads strict JSON in whatever spelling.
    ///
    /// # Errors
    /// [`StrictError`], as [`parse_strict`].
    pub fn parse(bytes: &'a [u8], max_nesting: usize) -> Result<Self, StrictError> {
        match Self::read(bytes, max_nesting) {
            Some(text) => Ok(text),
            // Strict values always have a canonical form.
            None => Self::of(&parse_strict(bytes, max_nesting)?).map_err(|CanonicalError(error)| StrictError::Shape(error)),
        }
    }

    fn of(value: &Value) -> Result<Self, CanonicalError> {
        let text = canonical_string(value)?;
        let no_form = || CanonicalError(<serde_json::Error as serde::de::Error>::custom("not strict"));
        Ok(Self { places: places(&text, MAX_NESTING).ok_or_else(no_form)?, text: Cow::Owned(text) })
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The whole value.
    #[must_use]
    pub fn root(&self) -> Part<'_> {
        Part { text: &self.text, places: &self.places, index: 0 }
    }
}

impl<'t> Part<'t> {
    /// Its canonical form.
    #[must_use]
    pub fn as_str(self) -> &'t str {
        self.place().and_then(|p| self.text.get(p.value.clone())).unwrap_or_default()
    }

    /// A member of an object.
    #[must_use]
    pub fn member(self, name: &str) -> Option<Self> {
        self.as_str().starts_with('{').then(|| self.inside()).into_iter().flatten().find(|part| part.is_named(name))
    }

    /// The items of an array; none of anything else.
    pub fn items(self) -> impl Iterator<Item = Self> {
        self.as_str().starts_with('[').then(|| self.inside()).into_iter().flatten()
    }

    /// The canonical form of an object without one of its members. `None` when that member is not there.
    #[must_use]
    pub fn without(self, name: &str) -> Option<String> {
        let own = self.place()?.value.clone();
        let member = self.member(name)?.place()?;
        let (mut start, mut end) = (member.name.start, member.value.end);
        // One comma goes along: the one behind it, or else the one before it.
        if self.text.as_bytes().get(end) == Some(&b',') {
            end += 1;
        } else if self.text.as_bytes().get(start.checked_sub(1)?) == Some(&b',') {
            start -= 1;
        }
        let (before, after) = (self.text.get(own.start..start)?, self.text.get(end..own.end)?);
        let mut text = String::with_capacity(before.len() + after.len());
        text.push_str(before);
        text.push_str(after);
        Some(text)
    }

    fn place(self) -> Option<&'t Place> {
        self.places.get(self.index)
    }

    /// Whether this is the member of that name. Names with a character that is escaped are not looked for.
    fn is_named(self, name: &str) -> bool {
        let quoted = self.place().and_then(|p| self.text.get(p.name.clone())).unwrap_or_default();
        quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"')) == Some(name)
    }

    fn inside(self) -> impl Iterator<Item = Self> {
        let end = self.place().map_or(0, |p| p.next);
        let first = Some(self.index + 1).filter(|i| *i < end);
        let next = move |part: &Self| part.place().map(|p| p.next).filter(|i| *i < end).map(|index| Self { index, ..*part });
        std::iter::successors(first.map(|index| Self { index, ..self }), next)
    }
}

fn places(text: &str, max_nesting: usize) -> Option<Vec<Place>> {
    let mut scanner = Scanner { text: text.as_bytes(), at: 0, places: Vec::with_capacity(text.len() / 48 + 8) };
    scanner.value(0..0, max_nesting.min(MAX_NESTING))?;
    (scanner.at == text.len()).then_some(scanner.places)
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    places: Vec<Place>,
}

/// Each step gives `None` at the first byte that is not as the canonical form has it.
impl Scanner<'_> {
    fn value(&mut self, name: Range<usize>, left: usize) -> Option<()> {
        let (index, start) = (self.places.len(), self.at);
        self.places.push(Place { name, value: start..start, next: 0 });
        match self.take()? {
            b'{' => self.object(left.checked_sub(1)?)?,
            b'[' => self.array(left.checked_sub(1)?)?,
            b'"' => self.string()?,
            b't' => self.word(b"rue")?,
            b'f' => self.word(b"alse")?,
            b'n' => self.word(b"ull")?,
            first => self.number(first)?,
        }
        let next = self.places.len();
        let place = self.places.get_mut(index)?;
        place.value.end = self.at;
        place.next = next;
        Some(())
    }

    fn object(&mut self, left: usize) -> Option<()> {
        if self.took(b'}') {
            return Some(());
        }
        let mut before: Option<Range<usize>> = None;
        loop {
            let start = self.at;
            self.word(b"\"")?;
            self.string()?;
            let name = start..self.at;
            // Strictly upwards: so no name stands twice either.
            if let Some(before) = before
                && !in_order(self.text.get(before)?, self.text.get(name.clone())?)
            {
                return None;
            }
            before = Some(name.clone());
            self.word(b":")?;
            self.value(name, left)?;
            match self.take()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    fn array(&mut self, left: usize) -> Option<()> {
        if self.took(b']') {
            return Some(());
        }
        loop {
            self.value(0..0, left)?;
            match self.take()? {
                b',' => {}
                b']' => return Some(()),
                _ => return None,
            }
        }
    }

    /// The rest of a string, behind its first quote.
    fn string(&mut self) -> Option<()> {
        loop {
            self.at += plain(self.text.get(self.at..)?);
            match self.take()? {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
    }

    /// RFC 8785 §3.2.2.2: the short form where there is one, four lower-case digits for the other control characters, and
    /// nothing else escaped.
    fn escape(&mut self) -> Option<()> {
        match self.take()? {
            b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r' => Some(()),
            b'u' => {
                self.word(b"00")?;
                match (self.take()?, self.take()?) {
                    (b'0', b'0'..=b'7' | b'b' | b'e' | b'f') | (b'1', b'0'..=b'9' | b'a'..=b'f') => Some(()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A whole number within ±(2^53 − 1), without a sign or zeros that say nothing.
    fn number(&mut self, first: u8) -> Option<()> {
        let first = if first == b'-' { self.take().filter(|d| *d != b'0')? } else { first };
        let mut value = i64::from(first.checked_sub(b'0').filter(|d| *d <= 9)?);
        while let Some(digit) = self.text.get(self.at).and_then(|b| b.checked_sub(b'0')).filter(|d| *d <= 9) {
            if value == 0 {
                return None;
            }
            value = value * 10 + i64::from(digit);
            if value > MAX_INTEGER {
                return None;
            }
            self.at += 1;
        }
        Some(())
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.text.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn took(&mut self, byte: u8) -> bool {
        let is = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(is);
        is
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let end = self.at + word.len();
        let is = self.text.get(self.at..end)? == word;
        self.at = end;
        is.then_some(())
    }
}

/// How many bytes stand before the first that ends a string, escapes, or may not stand in one. Blocks at a time: most of a
/// message is base64.
fn plain(text: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let special = |b: &u8| (*b < 0x20) | (*b == b'"') | (*b == b'\\');
    let blocks = text.chunks_exact(BLOCK).take_while(|block| !block.iter().fold(false, |found, b| found | special(b))).count();
    let rest = text.get(blocks * BLOCK..).unwrap_or_default();
    blocks * BLOCK + rest.iter().position(special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests;
