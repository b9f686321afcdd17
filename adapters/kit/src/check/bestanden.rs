//! Files: there, readable for the right people, and with something usable in them.

use std::{collections::BTreeSet, io::Write as _, os::unix::fs::PermissionsExt, path::Path};

use inbreng_domain::terugroep::Terugroepverzoek;

use super::Verslag;
use crate::{
    config::Config,
    geheim::{Geheim, Geheimfout},
    sealing::Zegelsleutel,
    versbestand,
};

/// Rights that nobody but the owner of a secret file may have.
const ANDEREN: u32 = 0o077;

pub(super) fn controleren(verslag: &mut Verslag, config: &Config) {
    let sleutels = &config.sleutels;
    let openbaar = [
        ("knooppunt.certificaat", &config.knooppunt.certificaat),
        ("vertrouwen.root", &config.vertrouwen.root),
        ("vertrouwen.tussen", &config.vertrouwen.tussen),
        ("vertrouwen.crl", &config.vertrouwen.crl),
        ("vertrouwen.convenantbeheerder", &config.vertrouwen.convenantbeheerder),
        ("sleutels.tls_certificaat", &sleutels.tls_certificaat),
        ("sleutels.ondertekening_certificaat", &sleutels.ondertekening_certificaat),
    ];
    for (veld, pad) in openbaar.into_iter().chain(sleutels.gidsvermelding.iter().map(|p| ("sleutels.gidsvermelding", p))) {
        aanwezig(verslag, veld, pad);
    }
    let prive =
        [("sleutels.tls_sleutel", &sleutels.tls_sleutel), ("sleutels.ondertekening_sleutel", &sleutels.ondertekening_sleutel)];
    for (veld, pad) in prive.into_iter().chain(sleutels.verzegeling.iter().map(|p| ("sleutels.verzegeling", p))) {
        if aanwezig(verslag, veld, pad) {
            besloten(verslag, veld, pad);
        }
    }
    zegels(verslag, config);
    geheim(verslag, "luister.geheim", &config.luister.geheim);
    if let Some(eigen) = &config.eigen_systeem {
        geheim(verslag, "eigen_systeem.geheim", &eigen.geheim);
    }
    if let Some(inbox) = &config.inbox {
        geheim(verslag, "inbox.geheim", &inbox.geheim);
    }
    opslag(verslag, &config.opslag.pad);
    if let Some(map) = &sleutels.wisselmap {
        wisselmap(verslag, map);
    }
    if let Some(verklaring) = config.terugroep.as_ref().and_then(|t| t.verklaring.as_ref()) {
        terugroep(verslag, verklaring);
    }
}

/// The statement on where the hub brings, as the covenant manager gave it back.
fn terugroep(verslag: &mut Verslag, pad: &Path) {
    if !aanwezig(verslag, "terugroep.verklaring", pad) {
        return;
    }
    let gelezen = std::fs::read(pad).ok().and_then(|tekst| serde_json::from_slice::<Terugroepverzoek>(&tekst).ok());
    if gelezen.is_none() {
        verslag.fout(
            "terugroep-onleesbaar",
            format!("terugroep.verklaring: in {} staat geen ondertekende terugroepverklaring.", pad.display()),
            "Maak haar met `inbreng-adapter terugroep maken`, en zet er neer wat de convenantbeheerder meetekende (`terugroep meetekenen`).",
        );
    }
}

fn aanwezig(verslag: &mut Verslag, veld: &str, pad: &Path) -> bool {
    let er = std::fs::File::open(pad).is_ok() && pad.is_file();
    if !er {
        verslag.fout(
            "bestand-ontbreekt",
            format!("{veld}: {} is er niet of is niet te lezen.", pad.display()),
            "Zet het bestand daar neer, verbeter het pad (relatief aan de map van de configuratie), of geef de gebruiker van de \
             adapter leesrecht.",
        );
    }
    er
}

fn besloten(verslag: &mut Verslag, veld: &str, pad: &Path) {
    let rechten = std::fs::metadata(pad).map(|m| m.permissions().mode()).unwrap_or_default();
    if rechten & ANDEREN != 0 {
        verslag.fout(
            "sleutel-voor-anderen",
            format!("{veld}: {} is ook voor andere gebruikers van deze machine te lezen of te wijzigen.", pad.display()),
            format!("Geef het bestand aan de gebruiker van de adapter alleen: chmod 600 {}", pad.display()),
        );
    }
}

fn zegels(verslag: &mut Verslag, config: &Config) {
    let mut gezien = BTreeSet::new();
    for pad in &config.sleutels.verzegeling {
        let Ok(pem) = std::fs::read(pad).map(zeroize::Zeroizing::new) else { continue };
        match Zegelsleutel::from_pem(&pem) {
            Ok(sleutel) if !gezien.insert(sleutel.kid().to_owned()) => verslag.fout(
                "verzegelsleutel-dubbel",
                format!("sleutels.verzegeling noemt twee keer dezelfde sleutel ({}).", pad.display()),
                "Noem elke sleutel één keer, de nieuwste eerst.",
            ),
            Ok(_) => {}
            Err(_) => verslag.fout(
                "verzegelsleutel-ongeldig",
                format!("sleutels.verzegeling: {} is geen private sleutel op P-256 (PKCS#8, PEM).", pad.display()),
                "Maak er een met 'inbreng-adapter init', of met: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
            ),
        }
    }
}

fn geheim(verslag: &mut Verslag, veld: &str, pad: &Path) {
    let herstel = format!("Maak er een: (umask 077; openssl rand -base64 32 > {})", pad.display());
    match Geheim::lezen(pad) {
        Ok(_) => besloten(verslag, veld, pad),
        Err(Geheimfout::Lezen(..)) => {
            verslag.fout("geheim-ontbreekt", format!("{veld}: {} is er niet of is niet te lezen.", pad.display()), herstel);
        }
        Err(Geheimfout::Vorm(_)) => verslag.fout(
            "geheim-te-zwak",
            format!("{veld}: {} bevat niet één regel van 32 tot 1024 zichtbare tekens zonder spaties.", pad.display()),
            herstel,
        ),
    }
}

fn opslag(verslag: &mut Verslag, pad: &Path) {
    let map = pad.parent().filter(|m| !m.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !schrijfbaar(map) {
        verslag.fout(
            "opslag-niet-schrijfbaar",
            format!("opslag.pad: in {} kan niet worden geschreven.", map.display()),
            "Maak de map, en geef de gebruiker van de adapter er schrijfrecht. Wat de adapter aanneemt moet daar veilig staan.",
        );
    }
}

/// The folder itself, or what it would be made in: the adapter makes it when it needs a key.
fn wisselmap(verslag: &mut Verslag, map: &Path) {
    let hier = |m| if m == Path::new("") { Path::new(".") } else { m };
    let bestaand = map.ancestors().map(hier).find(|m| m.exists()).unwrap_or(map);
    if !schrijfbaar(bestaand) {
        verslag.fout(
            "wisselmap-niet-schrijfbaar",
            format!("sleutels.wisselmap: in {} kan niet worden geschreven.", bestaand.display()),
            "Geef de gebruiker van de adapter er schrijfrecht, of noem een map waarin hij mag schrijven. Veertien dagen voor het einde \
             van de verzegelingssleutel komt de volgende daar; zonder die map loopt de sleutel af en kan niemand u meer iets sturen.",
        );
    }
}

/// Tried, since rights alone do not say it: a full or read-only file system has them too.
fn schrijfbaar(map: &Path) -> bool {
    let proef = map.join(format!(".inbreng-proef-{}", std::process::id()));
    let gelukt = versbestand::maken(&proef, 0o600).and_then(|mut proef| proef.write_all(b"proef")).is_ok();
    let _ = std::fs::remove_file(&proef);
    gelukt
}
