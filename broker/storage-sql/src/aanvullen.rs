//! A further recipient for a part that was accepted before: its wrap, its delivery, and its content again where that had left. A wrap
//! that was kept for a fallback makes room for it.

use inbreng_domain::vocabulary::Doel;
use inbreng_storage::{Aanvulling, Aanvullingsuitslag, NieuweWrap, StoreError, StoreResult, Vervangt};

use super::{aannemen::DOEL_VAN_HET_DEEL, rijen::Waarde, stapel::Stapel};

impl<'a> Stapel<'a> {
    /// Compares, then gathers; nothing is gathered unless all fits.
    pub(super) fn aanvullen(&mut self, a: &'a Aanvulling, sleutel: i64) -> StoreResult<Aanvullingsuitslag> {
        if self.feitenstand(a.casus)? != a.feiten || !self.in_kracht(a.beleid) {
            return Ok(Aanvullingsuitslag::Verouderd);
        }
        let anders = |what| StoreError::Conflict { what };
        let bericht = *self.berichtnummers.get(&(a.bericht_id, a.van)).ok_or(anders("a further wrap of an unknown message"))?;
        let deel = *self.delen.get(&a.wrap.deel).ok_or(anders("a further wrap of an unknown part"))?;
        if a.levering.ontvanger != a.wrap.ontvanger || a.levering.delen.iter().any(|(d, _)| *d != a.wrap.deel) {
            return Err(anders("a further wrap and its delivery differ"));
        }
        let wie = (bericht, a.wrap.ontvanger);
        if self.niet_meer_aangehouden.contains(&wie) {
            // What is held for it is decided in this same batch: whether it has the part by now shows after it.
            return Ok(Aanvullingsuitslag::Verouderd);
        }
        // A wrap that only waits for nobody to read the message holds up no owner who gives the part itself.
        let bewaard = self.bewaard.contains(&(a.wrap.deel, a.wrap.ontvanger));
        let voor = (a.wrap.deel, a.wrap.ontvanger, a.doel);
        if self.wraps.contains(&voor) && (!bewaard || a.vervangt == Some(Vervangt::Wrap)) {
            let NieuweWrap { deel: id, ontvanger, wrap, toegang, .. } = &a.wrap;
            if let Some(vervangt) = a.vervangt {
                let nieuw = serde_json::json!([deel, ontvanger, wrap, sleutel, toegang, a.doel]);
                match vervangt {
                    Vervangt::Wrap => self.herwikkeld.vervangen.push(nieuw),
                    Vervangt::BijInhoud => self.herwikkeld.erbij.push(nieuw),
                }
                a.besluiten.iter().for_each(|b| self.besluit(Some(bericht), b));
                a.bladen.iter().for_each(|b| self.blad(b));
            } else if self.verloren {
                self.herwikkeld.apart.push(serde_json::json!([id, ontvanger, wrap, sleutel, toegang, a.doel]));
            }
            if a.vervangt.is_some() || self.verloren {
                self.hoogste_sleutel = self.hoogste_sleutel.max(Some(sleutel));
            }
            return Ok(Aanvullingsuitslag::AlGegeven);
        }
        if !self.inhouden.contains(&a.wrap.deel) {
            let Some(inhoud) = &a.inhoud else { return Ok(Aanvullingsuitslag::InhoudWeg) };
            self.uit.inhoud.rij([Waarde::Getal(deel), Waarde::Tekst(inhoud), Waarde::Tekst("[]"), Waarde::Leeg]);
            self.inhouden.insert(a.wrap.deel);
        }
        if bewaard {
            self.bewaard.remove(&(a.wrap.deel, a.wrap.ontvanger));
            self.ingeruild.push(serde_json::json!([bericht, a.wrap.ontvanger, deel]));
            if let Some(wacht) = self.aangehouden.get_mut(&wie) {
                wacht.remove(&Some(deel));
            }
        }
        self.wraps.insert(voor);
        self.uit.wrap.rij([
            Waarde::Getal(deel),
            Waarde::eigen(&a.wrap.ontvanger),
            Waarde::Tekst(a.wrap.wijze.as_str()),
            Waarde::Tekst(&a.wrap.wrap),
            Waarde::tekst_of(a.wrap.toegang.as_deref()),
            Waarde::Getal(sleutel),
            Waarde::Tekst(a.doel.map_or(DOEL_VAN_HET_DEEL, Doel::as_str)),
        ]);
        self.hoogste_sleutel = self.hoogste_sleutel.max(Some(sleutel));
        let stand = self.herzienstand(a.casus);
        self.latere_levering(&a.levering, a.doel, bericht, stand);
        self.plichten(&a.plichten, bericht);
        a.besluiten.iter().for_each(|b| self.besluit(Some(bericht), b));
        a.bladen.iter().for_each(|b| self.blad(b));
        Ok(Aanvullingsuitslag::Vastgelegd)
    }
}
