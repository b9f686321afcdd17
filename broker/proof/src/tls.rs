//! TLS: what a verifier that asks one thing more about a certificate leaves to the verifier within.

/// The three methods of a `ClientCertVerifier` or a `ServerCertVerifier` of rustls that are about the signatures of a handshake, answered
/// by the verifier within: `handtekeningen_door!(self => self.binnen);` in the `impl`. The crate that says it names `rustls` itself.
#[macro_export]
macro_rules! handtekeningen_door {
    ($self:ident => $binnen:expr) => {
        fn verify_tls12_signature(
            &$self,
            message: &[u8],
            cert: &::rustls::pki_types::CertificateDer<'_>,
            dss: &::rustls::DigitallySignedStruct,
        ) -> ::core::result::Result<::rustls::client::danger::HandshakeSignatureValid, ::rustls::Error> {
            $binnen.verify_tls12_signature(message, cert, dss)
        }

        fn verify_tls13_signature(
            &$self,
            message: &[u8],
            cert: &::rustls::pki_types::CertificateDer<'_>,
            dss: &::rustls::DigitallySignedStruct,
        ) -> ::core::result::Result<::rustls::client::danger::HandshakeSignatureValid, ::rustls::Error> {
            $binnen.verify_tls13_signature(message, cert, dss)
        }

        fn supported_verify_schemes(&$self) -> ::std::vec::Vec<::rustls::SignatureScheme> {
            $binnen.supported_verify_schemes()
        }
    };
}
