//! Replacing our own encryption key in time, without a human: the next key, its statement, and the proof by the one before it (ADR 20).

use std::{
    fs::{DirBuilder, File},
    io::{ErrorKind, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::Path,
};

use inbreng_domain::{
    Oin, Tijdstip,
    gids::{MAX_KEY_DAYS, Sleutelverklaring, Sleutelvermelding},
};
use inbreng_proof::{
    Partner, SigningKey,
    gids::{opvolgen, sign_sleutel, verklaring_digest},
    jws,
};
use time::Duration;

use super::{Omgeving, Werkfout, sleutelbos::sleutelpad};
use crate::{hub::Hubfout, sealing::Zegelsleutel, versbestand};

/// How long before its end a key is replaced: time enough for somebody to look at an alarm.
const VOORAF: Duration = Duration::days(14);
/// For clocks that run behind.
const VOORSPRONG: Duration = Duration::minutes(5);

/// A statement for this key, to follow on the newest that the directory shows; with the compact JWS of that one.
///
/// Nothing where the entry cannot be read.
pub(crate) fn volgende_verklaring(
    oin: Oin,
    eigen: &Partner,
    sleutel: &Zegelsleutel,
    nu: Tijdstip,
) -> Option<(Sleutelverklaring, Option<String>)> {
    let vorige = nieuwste_jws(eigen);
    if vorige.is_none() && !eigen.sleutels.is_empty() {
        return None;
    }
    let volgnummer = eigen.sleutels.first().map_or(0, |s| s.volgnummer).checked_add(1)?;
    let eerste = eerste_verklaring(oin, sleutel, nu);
    let verklaring = Sleutelverklaring { volgnummer, vorige: vorige.as_deref().map(verklaring_digest), ..eerste };
    Some((verklaring, vorige))
}

/// The first statement of an organisation, for this key.
pub(crate) fn eerste_verklaring(oin: Oin, sleutel: &Zegelsleutel, nu: Tijdstip) -> Sleutelverklaring {
    let geldig_vanaf = nu.plus(-VOORSPRONG);
    Sleutelverklaring {
        oin,
        kid: sleutel.kid().to_owned(),
        jwk: sleutel.jwk().clone(),
        volgnummer: 1,
        vorige: None,
        geldig_vanaf,
        geldig_tot: geldig_vanaf.plus(Duration::days(MAX_KEY_DAYS)),
    }
}

/// The newest key statement of an entry, as it was signed.
fn nieuwste_jws(eigen: &Partner) -> Option<String> {
    let nummer = eigen.sleutels.first()?.volgnummer;
    let met_nummer = |v: &&Sleutelvermelding| {
        jws::unverified_payload::<Sleutelverklaring>(&v.verklaring).is_ok_and(|s| s.volgnummer == nummer)
    };
    eigen.gids.sleutels.iter().find(met_nummer).map(|v| v.verklaring.clone())
}

/// The key of this number in the folder; made where it is not there yet. It is on disk before anybody hears of it: a crash in between finds
/// it again.
pub(crate) fn bewaarde_sleutel(map: &Path, nummer: u32) -> Result<Zegelsleutel, Werkfout> {
    let pad = sleutelpad(map, nummer);
    match std::fs::read_to_string(&pad).map(zeroize::Zeroizing::new) {
        Ok(pem) => return Zegelsleutel::from_pem(pem.as_bytes()).map_err(Werkfout::intern),
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) => return Err(Werkfout::intern(e)),
    }
    DirBuilder::new().recursive(true).mode(0o700).create(map).map_err(Werkfout::intern)?;
    let sleutel = Zegelsleutel::generate().map_err(Werkfout::intern)?;
    let pem = sleutel.pem().map_err(Werkfout::intern)?;
    // Whole or not there: what is half written would be no key, and would stand in the way of one.
    let half = pad.with_extension("half");
    let mut bestand = versbestand::maken(&half, 0o600).map_err(Werkfout::intern)?;
    bestand.write_all(pem.as_bytes()).and_then(|()| bestand.sync_all()).map_err(Werkfout::intern)?;
    std::fs::rename(&half, &pad).map_err(Werkfout::intern)?;
    File::open(map).and_then(|map| map.sync_all()).map_err(Werkfout::intern)?;
    Ok(sleutel)
}

impl Omgeving {
    /// Publishes the next key when the present one nears its end. True when it did.
    pub(super) async fn sleutel_wisselen(&self) -> Result<bool, Werkfout> {
        let Some(map) = self.sleutelbron.wisselmap().map_err(Werkfout::intern)? else { return Ok(false) };
        let (gids, nu) = (self.boek.gids(), self.clock.now());
        let Some(eigen) = gids.partner(self.organisatie.oin) else { return Ok(false) };
        let Some(huidig) = eigen.sleutels.first() else { return Ok(false) };
        if huidig.geldig_tot.since(nu) > VOORAF || eigen.is_bevroren(&huidig.kid) || eigen.vervallen.contains(&huidig.volgnummer)
        {
            return Ok(false);
        }
        let Some(oud) = self.bos.load().zegels().iter().find(|z| z.kid() == huidig.kid).cloned() else {
            let uitleg = "De eigen sleutel loopt af, en is hier niet om de volgende te bewijzen. Maak een nieuwe (inbreng-adapter \
                          sleutel nieuw) en laat die door de convenantbeheerder bevestigen.";
            self.alarm("sleutel-ontbreekt", &huidig.kid, uitleg).await?;
            return Ok(false);
        };
        let nummer = huidig.volgnummer.saturating_add(1);
        let nieuw = match bewaarde_sleutel(&map, nummer) {
            Ok(nieuw) => nieuw,
            Err(fout) => {
                let uitleg = format!(
                    "De volgende sleutel kan niet in sleutels.wisselmap worden bewaard: {fout}. De eigen sleutel loopt af."
                );
                self.alarm("sleutel-ontbreekt", nummer, &uitleg).await?;
                return Ok(false);
            }
        };
        // From here on it opens what is sealed for it, also in this process.
        self.sleutels_herlezen().await?;
        let Some((verklaring, Some(vorige))) = volgende_verklaring(self.organisatie.oin, eigen, &nieuw, nu) else {
            return Ok(false);
        };
        let bewijs = SigningKey::of_encryption_key(&oud.pem().map_err(Werkfout::intern)?).map_err(Werkfout::intern)?;
        let jws = sign_sleutel(&self.tekenaar()?.sleutel, &verklaring).map_err(Werkfout::intern)?;
        let mut sleutels = vec![opvolgen(&bewijs, &vorige, jws).map_err(Werkfout::intern)?];
        sleutels.extend(eigen.gids.sleutels.iter().cloned());
        match self.hub.sleutels_plaatsen(self.organisatie.oin, sleutels).await {
            Ok(()) => {
                tracing::info!(volgnummer = nummer, "eigen sleutel vernieuwd");
                Ok(true)
            }
            Err(Hubfout::Probleem(probleem)) if probleem.status < 500 => {
                let uitleg = format!("Het knooppunt neemt de nieuwe sleutelverklaring niet aan ({}).", probleem.code);
                self.alarm("sleutelverklaring-geweigerd", nummer, &uitleg).await?;
                Ok(false)
            }
            Err(fout) => Err(fout.into()),
        }
    }
}
