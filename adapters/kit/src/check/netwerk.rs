//! Whether the hub can be reached with what the configuration names, and what its directory shows of us.

use std::sync::Arc;

use inbreng_domain::{Clock, ProblemCode, Randomness, schermtekst};
use inbreng_proof::SigningKey;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use zeroize::Zeroizing;

use super::Verslag;
use crate::{
    config::Config,
    hub::{Hubfout, Knooppunt, Verbinding, client_config},
};

/// Connects, asks for a token and the directory. For a configuration in which nothing else is wrong.
pub async fn verbinden(verslag: &mut Verslag, config: &Config, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) {
    let Some(hub) = knooppunt(config, clock, random) else {
        return verslag.fout(
            "verbinding-niet-op-te-zetten",
            "Met deze certificaten en sleutels kan geen verbinding worden opgezet.",
            "Gebruik voor TLS en ondertekening sleutels op P-256 (PKCS#8, PEM), zoals 'inbreng-adapter init' ze maakt, en vraag daar \
             certificaten voor aan.",
        );
    };
    let adres = &config.knooppunt.adres;
    match hub.partners().await {
        Ok(gids) => {
            let wij = gids.partners.iter().find(|p| p.oin == config.organisatie.oin);
            match wij {
                Some(wij) if wij.partnertype != config.organisatie.partnertype => verslag.fout(
                    "ander-partnertype",
                    format!("De gids noemt uw organisatie {}, de configuratie {}.", wij.partnertype, config.organisatie.partnertype),
                    "Verbeter organisatie.partnertype, of laat de convenantbeheerder uw vermelding verbeteren.",
                ),
                Some(_) => {}
                None => niet_in_de_gids(verslag),
            }
        }
        Err(Hubfout::Onbereikbaar(fout)) => verslag.fout(
            "knooppunt-onbereikbaar",
            format!("{adres} is niet te bereiken, of vertrouwt ons certificaat niet: {}.", fout.without_url()),
            "Controleer adres, firewall en naam; en of uw TLS-certificaat onder de root van het knooppunt is uitgegeven en niet is \
             ingetrokken.",
        ),
        // Who is in nothing gets no token.
        Err(Hubfout::Probleem(probleem)) if probleem.code == ProblemCode::PartnerOnbekend => niet_in_de_gids(verslag),
        Err(Hubfout::Probleem(probleem) | Hubfout::Straks(probleem, _)) => verslag.fout(
            "knooppunt-weigert",
            format!("Het knooppunt antwoordt {} ({}): {}", probleem.status, probleem.code, schermtekst::regel(&probleem.detail)),
            "Vraag de beheerder van het knooppunt of uw organisatie is aangesloten met dit ondertekencertificaat.",
        ),
        Err(fout) => verslag.fout(
            "knooppunt-vreemd-antwoord",
            format!("Het antwoord van {adres} is niet dat van een knooppunt: {fout}."),
            "Controleer het adres, en of er geen andere server tussen staat.",
        ),
    }
}

fn niet_in_de_gids(verslag: &mut Verslag) {
    verslag.fout(
        "niet-in-de-gids",
        "Uw organisatie staat niet in de gids van het knooppunt.",
        "Maak uw vermelding met `inbreng-adapter vermelding maken`, laat de convenantbeheerder haar meetekenen, en breng haar met \
         `vermelding brengen`. Stond u er al in: kijk of uw certificaten zijn ingetrokken of uw vermelding is verlopen.",
    );
}

fn knooppunt(config: &Config, clock: Arc<dyn Clock>, random: Arc<dyn Randomness>) -> Option<Knooppunt> {
    let tekst = |pad: &std::path::Path| std::fs::read_to_string(pad).map(Zeroizing::new).ok();
    let s = &config.sleutels;
    let (root, crl) = (tekst(&config.vertrouwen.root)?, tekst(&config.vertrouwen.crl)?);
    let tls = client_config(&root, &crl, &tekst(&s.tls_certificaat)?, &tekst(&s.tls_sleutel)?).ok()?;
    let pem = tekst(&s.ondertekening_sleutel)?;
    let certificaat = CertificateDer::from_pem_slice(tekst(&s.ondertekening_certificaat)?.as_bytes()).ok()?;
    let verbinding = Verbinding {
        adres: config.knooppunt.adres.clone(),
        knooppunt: config.knooppunt.oin,
        eigen: config.organisatie.oin,
        tls,
        kid: SigningKey::from_pem(&pem, &certificaat).ok()?.kid().to_owned(),
        ondertekening_pem: pem,
    };
    Knooppunt::new(verbinding, clock, random).ok()
}
