//! Keeping up: TLS files, own keys, the directory and policy; and our own new key statement towards the hub.

use std::sync::Arc;

use inbreng_domain::gids::{Gidsvermelding, Sleutelverklaring};
use inbreng_proof::jws;

use super::{Omgeving, Werkfout, sleutelbos::Tekenaar};
use crate::sealing::Zegelsleutel;

impl Omgeving {
    /// The key to sign with now.
    pub(crate) fn tekenaar(&self) -> Result<Arc<Tekenaar>, Werkfout> {
        let gids = self.boek.gids();
        let getoond = gids.partner(self.organisatie.oin).map(|p| p.certificaat.thumbprint.as_str());
        self.bos.load().tekenaar(getoond).ok_or_else(|| Werkfout::intern("no signing key"))
    }

    /// The own encryption key that the directory shows now; the newest where it shows none.
    pub(super) fn eigen_sleutel(&self) -> Result<Zegelsleutel, Werkfout> {
        let gids = self.boek.gids();
        let getoond = gids.partner(self.organisatie.oin).and_then(|p| p.sleutel(self.clock.now()));
        let bos = self.bos.load();
        let passend = getoond.and_then(|g| bos.zegels().iter().find(|s| s.kid() == g.kid));
        passend.or_else(|| bos.zegels().first()).cloned().ok_or_else(|| Werkfout::intern("no encryption key"))
    }

    /// Reads TLS files and keys again, publishes or makes a new key statement, fetches directory and policy again; who put something
    /// back is an alarm. A hub that was put back from a copy is one already, and our people heard of that.
    pub(super) async fn verversen(&self) -> Result<(), Werkfout> {
        if let Some(tls) = self.tls.veranderd().map_err(Werkfout::intern)? {
            self.hub.vernieuwen(tls)?;
            tracing::info!("TLS opnieuw gelezen");
        }
        self.sleutels_herlezen().await?;
        let opgevallen = self.boek.verversen(&self.hub, &self.opslag, self.clock.now()).await?;
        let ouder = [&opgevallen.teruggezet, &opgevallen.vertakt].iter().any(|wie| wie.contains(&self.organisatie.oin));
        self.opgevallen(opgevallen).await?;
        if self.sleutels_plaatsen(ouder).await? | self.sleutel_wisselen().await? {
            self.boek.verversen(&self.hub, &self.opslag, self.clock.now()).await?;
        }
        self.sleutels_bewaken().await?;
        let tekenaar = self.tekenaar()?;
        self.hub.ondertekenen_met(tekenaar.sleutel.kid(), &tekenaar.pem).await?;
        Ok(())
    }

    /// What cannot be read is an alarm, and what was in use stays so.
    pub(super) async fn sleutels_herlezen(&self) -> Result<(), Werkfout> {
        match self.sleutelbron.veranderd() {
            Ok(None) => Ok(()),
            Ok(Some(nieuw)) => {
                let samen = nieuw.voor(&self.bos.load());
                self.bos.store(Arc::new(samen));
                tracing::info!("sleutels opnieuw gelezen");
                Ok(())
            }
            Err(fout) => {
                let uitleg =
                    format!("De sleutels kunnen niet opnieuw worden gelezen: {fout}. De adapter werkt door met de vorige.");
                self.alarm("sleutels-onleesbaar", "sleutels", &uitleg).await
            }
        }
    }

    /// Publishes our newest key statement where the directory does not show it yet, or shows an older one again (`ouder`): then the
    /// newest that ever stood there. True when it did.
    async fn sleutels_plaatsen(&self, ouder: bool) -> Result<bool, Werkfout> {
        let stond = if ouder { self.opslag.gids_van(self.organisatie.oin).await? } else { None };
        let stond: Option<Gidsvermelding> = stond.and_then(|tekst| serde_json::from_str(&tekst).ok());
        let kandidaten = stond.into_iter().chain(self.bos.load().gids().map(|g| (*g).clone()));
        let nieuwste = kandidaten.filter_map(|g| Some((nieuwste(&g)?, g))).max_by_key(|(sleutel, _)| sleutel.volgnummer);
        let Some((nieuw, eigen)) = nieuwste else { return Ok(false) };
        let gids = self.boek.gids();
        // Without a directory entry there is nothing that a key could be added to.
        let Some(getoond) = gids.partner(self.organisatie.oin) else { return Ok(false) };
        if !ouder && getoond.sleutels.first().is_some_and(|s| s.volgnummer >= nieuw.volgnummer) {
            return Ok(false);
        }
        if !self.bos.load().zegels().iter().any(|z| z.kid() == nieuw.kid) {
            let uitleg = "De nieuwe sleutelverklaring hoort bij een sleutel die niet in sleutels.verzegeling staat. Ze is niet \
                          geplaatst: berichten daaronder zouden hier niet opengaan.";
            self.alarm("sleutel-ontbreekt", &nieuw.kid, uitleg).await?;
            return Ok(false);
        }
        match self.hub.sleutels_plaatsen(self.organisatie.oin, eigen.sleutels.clone()).await {
            Ok(()) => {
                tracing::info!(volgnummer = nieuw.volgnummer, "nieuwe sleutelverklaring geplaatst");
                Ok(true)
            }
            Err(crate::hub::Hubfout::Probleem(probleem)) if probleem.status < 500 => {
                let uitleg = format!("Het knooppunt neemt de nieuwe sleutelverklaring niet aan ({}).", probleem.code);
                self.alarm("sleutelverklaring-geweigerd", nieuw.volgnummer, &uitleg).await?;
                Ok(false)
            }
            Err(fout) => Err(fout.into()),
        }
    }
}

/// The newest key statement of an entry, by its number. What it says counts only once the hub and we have verified it.
fn nieuwste(gids: &Gidsvermelding) -> Option<Sleutelverklaring> {
    let gelezen = gids.sleutels.iter().filter_map(|s| jws::unverified_payload::<Sleutelverklaring>(&s.verklaring).ok());
    gelezen.max_by_key(|s| s.volgnummer)
}
