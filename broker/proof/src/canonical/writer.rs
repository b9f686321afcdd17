//! Writing the canonical form (RFC 8785 §3.2) in one pass over a value: members are put in order when their object closes.
//!
//! Every accepted message passes here several times, so it neither builds a tree nor copies what stands in order already.
//! Numbers that are not plain whole ones are written by `serde_json_canonicalizer` (ECMAScript's form of a double).

use std::{
    cell::RefCell,
    io::{self, ErrorKind, Write},
};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Beyond this a whole number is written as the double it would be read as (RFC 8785 §3.2.2.3).
const MAX_EXACT: u64 = 1 << 53;

pub(super) fn write<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    let out = RefCell::new(Vec::with_capacity(1024));
    value.serialize(&mut Serializer::with_formatter(Out(&out), Canonical { out: &out, open: Vec::new() }))?;
    Ok(out.into_inner())
}

/// Appends to the text that the formatter looks back on.
struct Out<'a>(&'a RefCell<Vec<u8>>);

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Canonical<'a> {
    out: &'a RefCell<Vec<u8>>,
    open: Vec<Object>,
}

/// An object that is being written: where its first member starts, and its members.
struct Object {
    start: usize,
    members: Vec<Member>,
}

/// Positions in the text: `start..key_end` is the name with its quotes, `start..end` the whole member.
#[derive(Clone, Copy)]
struct Member {
    start: usize,
    key_end: usize,
    end: usize,
}

impl Canonical<'_> {
    fn here(&self) -> usize {
        self.out.borrow().len()
    }

    fn member(&mut self) -> io::Result<&mut Member> {
        self.open.last_mut().and_then(|object| object.members.last_mut()).ok_or_else(refused)
    }
}

impl Formatter for Canonical<'_> {
    fn write_i64<W: ?Sized + Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        if value.unsigned_abs() <= MAX_EXACT { write!(writer, "{value}") } else { double(writer, value as f64) }
    }

    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        if value <= MAX_EXACT { write!(writer, "{value}") } else { double(writer, value as f64) }
    }

    fn write_i128<W: ?Sized + Write>(&mut self, writer: &mut W, value: i128) -> io::Result<()> {
        double(writer, value as f64)
    }

    fn write_u128<W: ?Sized + Write>(&mut self, writer: &mut W, value: u128) -> io::Result<()> {
        double(writer, value as f64)
    }

    fn write_f32<W: ?Sized + Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        double(writer, f64::from(value))
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        double(writer, value)
    }

    fn write_number_str<W: ?Sized + Write>(&mut self, writer: &mut W, value: &str) -> io::Result<()> {
        double(writer, value.parse().map_err(|_| refused())?)
    }

    /// Text that someone else made is not known to be canonical.
    fn write_raw_fragment<W: ?Sized + Write>(&mut self, _: &mut W, _: &str) -> io::Result<()> {
        Err(refused())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"{")?;
        self.open.push(Object { start: self.here(), members: Vec::new() });
        Ok(())
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        let start = self.here();
        let object = self.open.last_mut().ok_or_else(refused)?;
        object.members.push(Member { start, key_end: start, end: start });
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.member()?.key_end = self.here();
        Ok(())
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.member()?.end = self.here();
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let object = self.open.pop().ok_or_else(refused)?;
        put_in_order(&mut self.out.borrow_mut(), object)?;
        writer.write_all(b"}")
    }
}

fn put_in_order(text: &mut Vec<u8>, Object { start, mut members }: Object) -> io::Result<()> {
    let key = |m: &Member| text.get(m.start..m.key_end).unwrap_or_default();
    if members.iter().zip(members.iter().skip(1)).all(|(a, b)| precedes(key(a), key(b))) {
        return Ok(());
    }
    if members.iter().all(|m| is_plain(key(m))) {
        members.sort_unstable_by(|a, b| unquoted(key(a)).cmp(unquoted(key(b))));
    } else {
        members.sort_by_cached_key(|m| utf16(key(m)));
    }
    if members.iter().zip(members.iter().skip(1)).any(|(a, b)| key(a) == key(b)) {
        // A type that gives one name twice: which of them is meant cannot be known.
        return Err(refused());
    }
    let mut ordered = Vec::with_capacity(text.len() - start);
    for (i, member) in members.iter().enumerate() {
        if i > 0 {
            ordered.push(b',');
        }
        ordered.extend_from_slice(text.get(member.start..member.end).unwrap_or_default());
    }
    text.truncate(start);
    text.extend_from_slice(&ordered);
    Ok(())
}

/// Whether two names, with their quotes and in canonical spelling, stand in order and differ.
pub(super) fn in_order(a: &[u8], b: &[u8]) -> bool {
    if is_plain(a) && is_plain(b) { unquoted(a) < unquoted(b) } else { utf16(a) < utf16(b) }
}

/// Whether the names certainly stand in order as they are. A name that is not plain is left to the sorting.
fn precedes(a: &[u8], b: &[u8]) -> bool {
    is_plain(a) && is_plain(b) && unquoted(a) < unquoted(b)
}

/// Whether the bytes of a name compare as its UTF-16 code units do: ASCII, nothing escaped.
fn is_plain(name: &[u8]) -> bool {
    name.iter().all(|b| b.is_ascii() && *b != b'\\')
}

/// A name without its quotes: the closing one would sort `a"` behind `a!`.
fn unquoted(name: &[u8]) -> &[u8] {
    name.strip_prefix(b"\"").and_then(|n| n.strip_suffix(b"\"")).unwrap_or(name)
}

/// The code units of a name, by which RFC 8785 §3.2.3 sorts.
fn utf16(name: &[u8]) -> Vec<u16> {
    let name: String = serde_json::from_slice(name).unwrap_or_default();
    name.encode_utf16().collect()
}

fn double<W: ?Sized + Write>(writer: &mut W, value: f64) -> io::Result<()> {
    writer.write_all(&serde_json_canonicalizer::to_vec(&value)?)
}

fn refused() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "no canonical form")
}
