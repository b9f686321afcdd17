//! The bus that carries delivery work: embedded.
