//! A finding: which key, what is wrong, how to mend it. `check` lists all of them, `serve` does not start with one.

use std::{error::Error, fmt};

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ernst {
    /// The hub does not start.
    Fout,
    /// The hub starts, but someone should look.
    Let,
}

/// One finding, in Dutch, for whoever keeps the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bevinding {
    /// How bad it is.
    pub ernst: Ernst,
    /// The key in the configuration.
    pub sleutel: String,
    /// What is wrong.
    pub wat: String,
    /// How to mend it.
    pub oplossing: String,
}

impl Bevinding {
    /// Something that stops the hub.
    pub fn fout(sleutel: impl Into<String>, wat: impl Into<String>, oplossing: impl Into<String>) -> Self {
        Self { ernst: Ernst::Fout, sleutel: sleutel.into(), wat: wat.into(), oplossing: oplossing.into() }
    }

    /// Something to look at.
    pub fn let_op(sleutel: impl Into<String>, wat: impl Into<String>, oplossing: impl Into<String>) -> Self {
        Self { ernst: Ernst::Let, ..Self::fout(sleutel, wat, oplossing) }
    }

    /// Whether the hub cannot start with it.
    pub fn is_fout(&self) -> bool {
        self.ernst == Ernst::Fout
    }
}

impl fmt::Display for Bevinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ernst = if self.is_fout() { "FOUT" } else { "LET OP" };
        write!(f, "{ernst} {}: {}\n     {}", self.sleutel, self.wat, self.oplossing)
    }
}

/// An error with all its causes, in one line.
pub fn keten(error: &dyn Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(source) = next {
        texts.push(source.to_string());
        next = source.source();
    }
    texts.dedup();
    texts.join(": ")
}
