//! The `inbreng` command.
fn main() {}
