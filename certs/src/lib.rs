//! The development PKI: CA, TLS and signing certificates with OIN, CRL.
