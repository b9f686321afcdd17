//! Watching the keys of all: what is frozen, what nobody proved, and what stands in our name that we did not make. Each is told to people.

use std::collections::BTreeSet;

use inbreng_domain::gids::Bevriesreden;

use super::{Omgeving, Werkfout, boek::Opgevallen, checkpoint};

/// Under which name is kept of which frozen keys our people were told.
const GEMELD: &str = "bevroren-gemeld";

impl Omgeving {
    /// Tells our people what the directory showed that does not count.
    pub(super) async fn opgevallen(&self, opgevallen: Opgevallen) -> Result<(), Werkfout> {
        let hersteld = !opgevallen.teruggezet.is_empty() && checkpoint::is_teruggezet(self).await?;
        for oin in opgevallen.teruggezet {
            if hersteld {
                // Our people heard of that.
                tracing::warn!(%oin, "gidsvermelding is ouder: het knooppunt is teruggezet uit een kopie");
                continue;
            }
            let uitleg = format!("De gidsvermelding van {oin} is ouder dan een eerdere. Ze telt niet.");
            self.alarm("gids-teruggezet", oin, &uitleg).await?;
        }
        for oin in opgevallen.vertakt {
            let uitleg = format!(
                "Het knooppunt toont van {oin} andere verklaringen dan eerder, in plaats van de volgende. Ze tellen niet; de eerdere \
                 gelden. Iemand kan een oude sleutel van {oin} hebben. Bel {oin} en de convenantbeheerder."
            );
            self.alarm("gids-teruggezet", oin, &uitleg).await?;
        }
        for oin in opgevallen.van_ander {
            let uitleg = format!(
                "Het knooppunt toont op naam van {oin} een sleutel die al van een andere organisatie is. Er wordt niet voor \
                 verzegeld; de vorige geldt. Bel {oin} en de convenantbeheerder."
            );
            self.alarm("sleutel-onbewezen", oin, &uitleg).await?;
        }
        for oin in opgevallen.onbewezen {
            let uitleg = format!(
                "Het knooppunt toont een nieuwe sleutel van {oin} die de vorige sleutel niet bewijst en de convenantbeheerder niet \
                 bevestigde. Er wordt niet voor verzegeld; de vorige geldt. Bel {oin} en de convenantbeheerder."
            );
            self.alarm("sleutel-onbewezen", oin, &uitleg).await?;
        }
        Ok(())
    }

    /// Tells our people of each frozen key once, and of each key in our name that is not ours.
    pub(super) async fn sleutels_bewaken(&self) -> Result<(), Werkfout> {
        self.bevroren_melden().await?;
        let gids = self.boek.gids();
        let Some(eigen) = gids.partner(self.organisatie.oin) else { return Ok(()) };
        let (bos, nu) = (self.bos.load(), self.clock.now());
        let lopend = eigen.sleutels.iter().filter(|s| nu < s.geldig_tot && !eigen.vervallen.contains(&s.volgnummer));
        for sleutel in lopend.filter(|s| !bos.zegels().iter().any(|z| z.kid() == s.kid) && !eigen.is_bevroren(&s.kid)) {
            let uitleg = format!(
                "In de gids staat op naam van uw organisatie sleutel {} ({}), die hier niet is. Maakte u haar niet zelf, bevries haar \
                 dan meteen (inbreng-adapter sleutel bevriezen) en bel de convenantbeheerder: wie haar heeft, leest mee.",
                sleutel.volgnummer, sleutel.kid
            );
            self.alarm("sleutel-vreemd", &sleutel.kid, &uitleg).await?;
        }
        Ok(())
    }

    async fn bevroren_melden(&self) -> Result<(), Werkfout> {
        let gids = self.boek.gids();
        let bevroren: Vec<_> =
            gids.partners().flat_map(|p| p.bevriezingen.iter().map(|b| (p.vermelding.naam.clone(), b))).collect();
        if bevroren.is_empty() {
            return Ok(());
        }
        let gemeld = self.opslag.vast(GEMELD).await?;
        let mut gemeld: BTreeSet<String> = gemeld.and_then(|tekst| serde_json::from_str(&tekst).ok()).unwrap_or_default();
        let mut tx = self.opslag.begin().await?;
        let mut nieuw = false;
        for (naam, bevriezing) in bevroren {
            // Of whom, too: who shows another's key as its own and freezes it, says nothing of the other's.
            let welke = format!("{} {}", bevriezing.oin, bevriezing.kid);
            if !gemeld.insert(welke.clone()) {
                continue;
            }
            nieuw = true;
            let waarom = match bevriezing.reden {
                Bevriesreden::Gelekt => "een ander heeft haar, of kan haar hebben",
                Bevriesreden::Verloren => "de organisatie heeft haar niet meer",
            };
            let wie = if bevriezing.oin == self.organisatie.oin {
                "Uw eigen sleutel is bevroren".to_owned()
            } else {
                format!("Een sleutel van {naam} is bevroren")
            };
            let uitleg = format!("{wie} ({}): {waarom}. Er wordt niet meer voor verzegeld tot er een nieuwe is.", bevriezing.kid);
            self.alarm_in(&mut tx, "sleutel-bevroren", &welke, &uitleg).await?;
        }
        if nieuw {
            tx.vasthouden(GEMELD, &serde_json::to_string(&gemeld).map_err(Werkfout::intern)?).await?;
            tx.vastleggen().await?;
        }
        Ok(())
    }
}
