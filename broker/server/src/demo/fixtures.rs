//! The files that the binary carries: mappings and fixtures of the partners, and the scenes.

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The text of a file, by its path below `adapters/` (or `scenes/`).
pub fn text(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}

/// All names, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// The mapping file of a kind of partner.
pub fn mapping(folder: &str) -> Option<&'static str> {
    text(&format!("{folder}/mapping.toml"))
}

/// Every fixture that can be read as JSON.
pub fn documents() -> impl Iterator<Item = serde_json::Value> {
    FILES.iter().filter(|(name, _)| name.ends_with(".json")).filter_map(|(_, text)| serde_json::from_str(text).ok())
}

/// The scenes, in the order of their file names.
pub fn scenes() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter(|(name, _)| name.starts_with("scenes/")).map(|(name, text)| (*name, *text))
}
