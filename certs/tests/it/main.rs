//! The PKI on real files, seen by its library readers, by OpenSSL and from the command line.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail the test")]

mod aanvraag;
mod commands;
mod gemeen;
mod openssl_cli;
mod pki;
