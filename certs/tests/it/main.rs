//! The PKI on real files, seen by its library readers, by OpenSSL and from the command line.

mod commands;
mod gemeen;
mod openssl_cli;
mod pki;
