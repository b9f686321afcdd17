//! Generates the rows of a covenant: the national minimum, what the catalogue says of every type, and what region and
//! organisations add.

mod bronnen;
mod rijen;

use inbreng_catalogue::{Catalogus, Deelname as Deelnamewijze, Definitie, Naar, NaarWoord, Regelbron, Van, VanWoord};
use inbreng_domain::{
    Code, TypeNaam,
    vocabulary::{
        Categorie, Deelname, Doel, Eigenaarsbesluit, Gebruik, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort,
        Partnertype, Toestemmingsstand,
    },
};

use crate::{
    BeleidFout, Bundel, Convenantbron, Effect, Handhaving, Laag, Rij, Stap, VORM, Voorwaarden, Zinnen, convenantbron::Landelijk,
};

use self::rijen::{in_nood, plicht, regel, samenvoegen, tegenhouden, toelaten, wijkt_alleen_in};

/// How deep an answer to an answer is followed to find who may send or receive it.
const DIEPTE: u8 = 3;

/// Uses in which a part reaches its recipient.
const ONTVANGST: [Handeling; 2] = [Handeling::Ontvangen, Handeling::Inzien];

impl Bundel {
    /// Generates a policy version: the national minimum, the rows of the covenant from the catalogue, and the stricter
    /// rows of region and organisations.
    ///
    /// # Errors
    /// [`BeleidFout`] where source and catalogue do not fit.
    pub fn genereren(bron: &Convenantbron, catalogus: &Catalogus) -> Result<Self, BeleidFout> {
        if let Some((n, rij)) = (1..).zip(&bron.rijen).find(|(_, r)| r.effect == Effect::Toelaten || r.laag == Laag::Landelijk) {
            return Err(BeleidFout::Verruiming {
                laag: rij.laag.as_str(),
                waarom: format!("row {n} of the covenant source must hold back; what is allowed comes from the catalogue"),
            });
        }
        let landelijk = Landelijk::ingebouwd()?;
        let maker = Maker { bron, catalogus, landelijk: &landelijk };
        let mut rijen = maker.landelijke_rijen();
        for definitie in catalogus.definities() {
            maker.deelname(definitie, &mut rijen)?;
            maker.gronden(definitie, &mut rijen)?;
            maker.gebruik(definitie, &mut rijen)?;
        }
        maker.buiten_convenant(&mut rijen)?;
        maker.noodpad(&mut rijen)?;
        let nood = maker.noodsoorten();
        let in_nood = |rijen: Vec<Rij>| rijen.into_iter().flat_map(|rij| wijkt_alleen_in(rij, &nood)).collect::<Vec<_>>();
        let mut rijen = samenvoegen(in_nood(rijen));
        rijen.extend(in_nood(bron.rijen.clone()));
        Ok(Self {
            vorm: VORM,
            convenant: bron.convenant.clone(),
            titel: bron.titel.clone(),
            versie: bron.versie,
            geldig_vanaf: bron.geldig_vanaf,
            geldig_tot: bron.geldig_tot,
            document: bron.document,
            ondertekenaars: bron.ondertekenaars.clone(),
            noodontvangers: bron.noodontvangers.clone(),
            buiten_convenant: bron.buiten_convenant.clone(),
            routes: bron.routes.clone(),
            ontvangers: bron.ontvangers.clone(),
            instellingen: bron.instellingen.clone(),
            rijen,
            standaarden: landelijk.standaarden,
            zinnen: Zinnen::ingebouwd()?,
        })
    }
}

struct Maker<'a> {
    bron: &'a Convenantbron,
    catalogus: &'a Catalogus,
    landelijk: &'a Landelijk,
}

impl Maker<'_> {
    /// The rows of the national minimum. A type that this catalogue does not have is left out of them.
    fn landelijke_rijen(&self) -> Vec<Rij> {
        let known = |soort: &TypeNaam| self.catalogus.definitie(soort).is_some();
        let mut rijen = Vec::new();
        for rij in &self.landelijk.rijen {
            let mut rij = rij.clone();
            let named = !rij.soorten.is_empty();
            for plicht in rij.verplichtingen.iter_mut().filter(|p| p.soort.as_str() == "transparantiebericht") {
                let eigen = self.bron.instellingen.transparantie_werkdagen;
                plicht.werkdagen = plicht.werkdagen.map(|landelijk| landelijk.min(eigen));
            }
            rij.soorten.retain(known);
            rij.behalve_soorten.retain(known);
            if !named || !rij.soorten.is_empty() {
                rijen.push(rij);
            }
        }
        rijen
    }

    /// Audience (R16–R18) and confirmation of the rules (R44), by the type's effect on participation.
    fn deelname(&self, definitie: &Definitie, rijen: &mut Vec<Rij>) -> Result<(), BeleidFout> {
        let apart: Vec<Code> = definitie.varianten.iter().filter(|v| v.deelname.is_some()).map(|v| v.code.clone()).collect();
        let of_type = |rij: Rij| Rij { soorten: vec![definitie.naam.clone()], ..rij };
        for rij in self.deelnamerijen(definitie, definitie.deelname)? {
            rijen.push(Rij { behalve_varianten: apart.clone(), ..of_type(rij) });
        }
        for code in apart {
            for rij in self.deelnamerijen(definitie, definitie.deelname_van(Some(&code)))? {
                rijen.push(Rij { varianten: vec![code.clone()], ..of_type(rij) });
            }
        }
        Ok(())
    }

    fn deelnamerijen(&self, definitie: &Definitie, wijze: Deelnamewijze) -> Result<Vec<Rij>, BeleidFout> {
        use Deelname::{Deskundige, Ja, Nee};
        let partners: Vec<Ontvangersoort> = Partnertype::ALL.iter().map(|p| (*p).into()).collect();
        if wijze == Deelnamewijze::Geen {
            let waarom = "dit bericht hoort bij geen zaak waaraan iemand deelneemt (R17)";
            return Ok(vec![Rij { regel: None, ..toelaten(Stap::Kring, waarom) }]);
        }
        let houders = self.landelijk.houders.contains(&definitie.naam);
        let opent = wijze == Deelnamewijze::Opent;
        let senders = if opent { vec![Ja] } else { vec![Ja, Deskundige] };
        let buiten = Rij {
            voorwaarden: Voorwaarden { van_deelnemer: vec![Nee], ..Voorwaarden::GEEN },
            ..tegenhouden(
                Stap::Kring,
                16,
                Handhaving::Weigeren,
                "wie niet meedoet aan de zaak, merkt er niets van (PD; 001:387-388)",
            )?
        };
        let naar_persoon = Rij {
            naar: vec![Ontvangersoort::Betrokkene],
            voorwaarden: Voorwaarden { van_deelnemer: vec![Ja], ..Voorwaarden::GEEN },
            ..toelaten(Stap::Kring, "wie meedoet, kan het iemand vertellen over wie het gaat (001:2823-2824)")
        };
        if houders {
            // Holders of a part are told, whatever became of their place in the case (catalogue: never refused to them).
            let told = Rij {
                voorwaarden: Voorwaarden { van_deelnemer: senders, ..Voorwaarden::GEEN },
                ..toelaten(Stap::Kring, "wie een deel heeft, hoort altijd wat de eigenaar of de wet erover zegt (001:1098-1102)")
            };
            return Ok(vec![told, buiten]);
        }
        if definitie.bevraagt_buiten {
            // Who is asked whether a person is known need take no part (R16: the one exception).
            let asks = Rij {
                regel: Some(regel(17)?),
                naar: partners,
                voorwaarden: Voorwaarden { van_deelnemer: vec![Ja], ..Voorwaarden::GEEN },
                ..toelaten(Stap::Kring, "vragen of iemand bekend is: de ene uitzondering van R16 (001:3548-3559)")
            };
            return Ok(vec![asks, buiten]);
        }
        if self.catalogus.antwoordt_van_buiten(definitie) {
            let answers = Rij {
                regel: Some(regel(17)?),
                naar: partners,
                voorwaarden: Voorwaarden { naar_deelnemer: vec![Ja], ..Voorwaarden::GEEN },
                ..toelaten(Stap::Kring, "wie van buiten de zaak is gevraagd, mag antwoorden (R16; 001:3548-3559)")
            };
            return Ok(vec![answers]);
        }
        let deelnemers = if opent { vec![Ja, Nee] } else { vec![Ja] };
        let ordinary = Rij {
            regel: Some(regel(17)?),
            naar: partners.clone(),
            voorwaarden: Voorwaarden { van_deelnemer: senders.clone(), naar_deelnemer: deelnemers, ..Voorwaarden::GEEN },
            ..toelaten(Stap::Kring, "alleen wie nodig is voor deze zaak staat op de lijst (001:708-713; 002:613-614)")
        };
        let briefing = Rij {
            regel: Some(regel(18)?),
            naar: partners.clone(),
            handelingen: ONTVANGST.to_vec(),
            verplichtingen: vec![
                plicht("alleen-inzien", 18, None)?,
                plicht("niet-in-dossier", 18, None)?,
                plicht("niet-doorverstrekken", 18, None)?,
            ],
            voorwaarden: Voorwaarden {
                van_deelnemer: senders,
                naar_deelnemer: vec![Deskundige],
                briefing: vec![JaNee::Ja],
                ..Voorwaarden::GEEN
            },
            ..toelaten(Stap::Kring, "wie meedenkt als deskundige krijgt een korte samenvatting (001:2446-2457; grenzen PD)")
        };
        let geen_briefing = Rij {
            naar: partners.clone(),
            voorwaarden: Voorwaarden { naar_deelnemer: vec![Deskundige], briefing: vec![JaNee::Nee], ..Voorwaarden::GEEN },
            wijkt_voor_nood: true,
            ..tegenhouden(
                Stap::Kring,
                18,
                Handhaving::Weigeren,
                "een deskundige kent het gezin alleen van papier en krijgt niet alles (001:2446-2457; 001:4351-4360)",
            )?
        };
        let bevestigen = Rij {
            naar: partners,
            handelingen: ONTVANGST.to_vec(),
            voorwaarden: Voorwaarden { bevestigd: vec![JaNee::Nee], ..Voorwaarden::GEEN },
            wijkt_voor_nood: true,
            ..tegenhouden(
                Stap::Plicht,
                44,
                Handhaving::Aanhouden,
                "wie nieuw is, leest en bevestigt eerst de afspraken (001:2579-2585; 001:4487-4496)",
            )?
        };
        Ok(vec![ordinary, naar_persoon, briefing, geen_briefing, buiten, bevestigen])
    }

    /// Grounds: every line of the catalogue, consent beside it, and the other purpose of R28.
    fn gronden(&self, definitie: &Definitie, rijen: &mut Vec<Rij>) -> Result<(), BeleidFout> {
        for bron in &definitie.delen.regels {
            let van = if bron.van.is_empty() {
                self.afzenders(definitie, DIEPTE)
            } else {
                bron.van.iter().map(|p| (*p).into()).collect()
            };
            let naar = if bron.naar.is_empty() { self.ontvangers(definitie, DIEPTE) } else { bron.naar.clone() };
            let mut gronden = bron.grondslagen.clone();
            let consent_carries = !gronden.contains(&Grondslag::Toestemming)
                && gronden.iter().any(|g| *g != Grondslag::Geen)
                && !self.landelijk.niet_op_toestemming.contains(&definitie.naam);
            if consent_carries {
                gronden.push(Grondslag::Toestemming);
            }
            for grond in gronden {
                let line = Regellijn { definitie, bron, van: &van, naar: &naar, grond };
                rijen.extend(self.grondrij(&line)?);
                rijen.extend(self.ander_doel(&line)?);
            }
            if bron.noodzaak_toelichten {
                rijen.push(Rij {
                    soorten: vec![definitie.naam.clone()],
                    varianten: bron.varianten.clone(),
                    categorieen: bron.categorieen.clone(),
                    van,
                    naar,
                    grondslagen: bron.grondslagen.clone(),
                    voorwaarden: Voorwaarden { noodzaak: vec![Noodzaak::NietToegelicht], ..Voorwaarden::GEEN },
                    wijkt_voor_nood: true,
                    ..tegenhouden(
                        Stap::Plicht,
                        7,
                        Handhaving::Vragen,
                        "wat verder gaat dan de gewone gegevens van dit bericht, vraagt een uitleg (001:2577-2579)",
                    )?
                });
            }
        }
        Ok(())
    }

    /// One line on one ground, with what that ground asks for.
    fn grondrij(&self, line: &Regellijn<'_>) -> Result<Option<Rij>, BeleidFout> {
        let buiten = |c: &Categorie| self.bron.buiten_convenant.contains(c);
        let mut categorieen = line.bron.categorieen.clone();
        let mut doelen = line.definitie.doelen.clone();
        let mut voorwaarden = Voorwaarden::GEEN;
        let mut verplichtingen = Vec::new();
        let noodtoets = self.bron.instellingen.noodtoets_werkdagen;
        let rule = match line.grond {
            Grondslag::Convenant => {
                categorieen.retain(|c| !buiten(c));
                voorwaarden.ondertekend = vec![Ondertekend::Beide];
                regel(6)?
            }
            Grondslag::Toestemming => {
                if !self.landelijk.toestemming_zelf.contains(&line.definitie.naam) {
                    // The row says that the ground exists here; what must be asked again is asked of every line (R26).
                    voorwaarden.toestemming = vec![Toestemmingsstand::Gegeven, Toestemmingsstand::OpnieuwVragen];
                }
                regel(10)?
            }
            Grondslag::DoorbrekenBeroepsgeheim => {
                // The row says that the ground exists here; whether the professional decided is asked of every line (R9).
                verplichtingen.push(plicht("toets-achteraf", 9, Some(noodtoets))?);
                regel(9)?
            }
            Grondslag::WettelijkeTaak => {
                categorieen.retain(|c| *c != Categorie::Medisch);
                regel(13)?
            }
            Grondslag::ZonderToestemming => {
                categorieen.retain(|c| *c != Categorie::Medisch && !buiten(c));
                doelen.retain(|d| *d != Doel::Strafzaak);
                verplichtingen.push(plicht("transparantiebericht", 12, Some(self.bron.instellingen.transparantie_werkdagen))?);
                regel(12)?
            }
            Grondslag::Geen => regel(5)?,
        };
        if categorieen.is_empty() || doelen.is_empty() || line.van.is_empty() || line.naar.is_empty() {
            return Ok(None);
        }
        Ok(Some(Rij {
            regel: Some(rule),
            verplichtingen,
            soorten: vec![line.definitie.naam.clone()],
            varianten: line.bron.varianten.clone(),
            categorieen,
            doelen,
            van: line.van.to_vec(),
            naar: line.naar.to_vec(),
            grondslagen: vec![line.grond],
            voorwaarden,
            ..toelaten(Stap::Grond, &bronnen::van_lijn(line.definitie, line.bron, line.grond))
        }))
    }

    /// A care part asked for a criminal case: the ground is that of the part; the change of purpose is the owner's to
    /// allow, which the step of the owner asks (R28).
    fn ander_doel(&self, line: &Regellijn<'_>) -> Result<Option<Rij>, BeleidFout> {
        let carries = matches!(line.grond, Grondslag::Convenant | Grondslag::Toestemming | Grondslag::DoorbrekenBeroepsgeheim);
        if !carries || line.definitie.doelen.contains(&Doel::Strafzaak) {
            return Ok(None);
        }
        let zorg: Vec<Ontvangersoort> =
            line.van.iter().copied().filter(|v| self.landelijk.zorg.iter().any(|z| Ontvangersoort::from(*z) == *v)).collect();
        let straf: Vec<Ontvangersoort> =
            line.naar.iter().copied().filter(|n| self.landelijk.straf.iter().any(|s| Ontvangersoort::from(*s) == *n)).collect();
        if zorg.is_empty() || straf.is_empty() {
            return Ok(None);
        }
        Ok(self.grondrij(line)?.map(|rij| Rij { doelen: vec![Doel::Strafzaak], van: zorg, naar: straf, ..rij }))
    }

    /// What the owner gives beyond reading (R3, R4), by the type's default.
    fn gebruik(&self, definitie: &Definitie, rijen: &mut Vec<Rij>) -> Result<(), BeleidFout> {
        use Eigenaarsbesluit::{Geen, Ja, Nee};
        let gebruik = &definitie.toegang.gebruik;
        let soorten = vec![definitie.naam.clone()];
        let besluit = |woorden: Vec<Eigenaarsbesluit>| Voorwaarden { eigenaarsbesluit: woorden, ..Voorwaarden::GEEN };
        let personal = vec![
            Grondslag::Convenant,
            Grondslag::Toestemming,
            Grondslag::DoorbrekenBeroepsgeheim,
            Grondslag::WettelijkeTaak,
            Grondslag::ZonderToestemming,
        ];
        let partners: Vec<Ontvangersoort> = Partnertype::ALL.iter().map(|p| (*p).into()).collect();
        let gegeven = "de inbrenger geeft het bij dit bericht meteen, tenzij hij nee zei (PD; 001:2574-2577)";
        let gevraagd = "alleen na een ja van de inbrenger (001:2574-2577)";
        for (toegestaan, handeling, n) in [
            (gebruik.contains(&Gebruik::Dossier), Handeling::OpnemenInDossier, 3),
            (gebruik.contains(&Gebruik::Doorverstrekken), Handeling::Doorverstrekken, 4),
        ] {
            let decided = if toegestaan { vec![Ja, Geen] } else { vec![Ja] };
            rijen.push(Rij {
                regel: Some(regel(n)?),
                soorten: soorten.clone(),
                handelingen: vec![handeling],
                voorwaarden: besluit(decided),
                ..toelaten(Stap::Eigenaar, if toegestaan { gegeven } else { gevraagd })
            });
        }
        let dossier = if gebruik.contains(&Gebruik::Dossier) { vec![Nee] } else { vec![Nee, Geen] };
        let niet_in_dossier = Rij {
            verplichtingen: vec![plicht("niet-in-dossier", 3, None)?],
            soorten: soorten.clone(),
            handelingen: ONTVANGST.to_vec(),
            naar: partners.clone(),
            grondslagen: personal.clone(),
            voorwaarden: besluit(dossier),
            ..toelaten(Stap::Plicht, "lezen mag, overnemen in het eigen dossier pas na een ja van de inbrenger (001:2574-2577)")
        };
        rijen.push(in_nood(&niet_in_dossier));
        rijen.push(niet_in_dossier);
        if !gebruik.contains(&Gebruik::Doorverstrekken) {
            let niet_doorverstrekken = Rij {
                verplichtingen: vec![plicht("niet-doorverstrekken", 4, None)?],
                soorten,
                handelingen: vec![Handeling::Ontvangen, Handeling::Inzien, Handeling::Doorverstrekken],
                naar: partners,
                grondslagen: personal,
                ..toelaten(Stap::Plicht, "doorgeven alleen na een ja van de inbrenger (001:1098-1102; 001:2574-2577)")
            };
            rijen.push(in_nood(&niet_doorverstrekken));
            rijen.push(niet_doorverstrekken);
        }
        Ok(())
    }

    /// Categories that this covenant is no ground for, beyond the medical ones of the national minimum.
    fn buiten_convenant(&self, rijen: &mut Vec<Rij>) -> Result<(), BeleidFout> {
        let categorieen: Vec<Categorie> =
            self.bron.buiten_convenant.iter().copied().filter(|c| *c != Categorie::Medisch).collect();
        if !categorieen.is_empty() {
            rijen.push(Rij {
                categorieen,
                grondslagen: vec![Grondslag::Convenant],
                wijkt_voor_nood: true,
                ..tegenhouden(
                    Stap::Grond,
                    6,
                    Handhaving::Weigeren,
                    "deze gegevens vallen volgens dit convenant erbuiten (buiten_convenant)",
                )?
            });
        }
        Ok(())
    }

    /// The types that the emergency path is for, as far as this catalogue has them (R35).
    fn noodsoorten(&self) -> Vec<TypeNaam> {
        self.landelijk.noodsoorten.iter().filter(|soort| self.catalogus.definitie(soort).is_some()).cloned().collect()
    }

    /// The emergency path: a decision of a named professional satisfies audience, ground and owner's conditions, for own
    /// parts, receiving, and registered recipients, in the types that it is for (R35).
    fn noodpad(&self, rijen: &mut Vec<Rij>) -> Result<(), BeleidFout> {
        let naar: Vec<Ontvangersoort> = self.bron.noodontvangers.iter().map(|p| (*p).into()).collect();
        let partners: Vec<Ontvangersoort> = Partnertype::ALL.iter().map(|p| (*p).into()).collect();
        let soorten = self.noodsoorten();
        if naar.is_empty() || soorten.is_empty() {
            return Ok(());
        }
        let waarom = "noodpad: gemotiveerd besluit van een professional, toets achteraf (001:2592-2607; toets PD)";
        for stap in [Stap::Kring, Stap::Grond, Stap::Eigenaar] {
            let van_deelnemer = if stap == Stap::Kring { vec![Deelname::Ja, Deelname::Deskundige] } else { Vec::new() };
            let rij = Rij {
                regel: Some(regel(35)?),
                verplichtingen: vec![plicht("toets-achteraf", 35, Some(self.bron.instellingen.noodtoets_werkdagen))?],
                soorten: soorten.clone(),
                handelingen: vec![Handeling::Ontvangen],
                naar: naar.clone(),
                voorwaarden: Voorwaarden { van_deelnemer, noodbesluit: vec![JaNee::Ja], ..Voorwaarden::GEEN },
                ..toelaten(stap, waarom)
            };
            // Who directs the case takes part in it, so that the step of the audience needs no row of its own.
            if stap != Stap::Kring {
                rijen.push(Rij {
                    naar: partners.clone(),
                    voorwaarden: Voorwaarden { regisseur: vec![JaNee::Ja], ..rij.voorwaarden.clone() },
                    ..rij.clone()
                });
            }
            rijen.push(rij);
        }
        Ok(())
    }

    /// Who may send a type: its words against the case become kinds of partners.
    fn afzenders(&self, definitie: &Definitie, diepte: u8) -> Vec<Ontvangersoort> {
        let mut out = Vec::new();
        for van in &definitie.van {
            match van {
                Van::Partner(p) => out.push((*p).into()),
                Van::Woord(VanWoord::Iedereen) => out.extend(Partnertype::ALL.iter().map(|p| Ontvangersoort::from(*p))),
                Van::Woord(VanWoord::Deelnemer | VanWoord::Casusregisseur) => out.extend(self.deelnemers()),
                Van::Woord(VanWoord::Ontvanger) => {
                    out.extend(self.beantwoord(definitie, diepte, |maker, asked, d| maker.ontvangers(asked, d)));
                }
                Van::Woord(VanWoord::Knooppunt) => {}
            }
        }
        ordered(out)
    }

    /// Who may receive a type. What goes to the hub alone has no recipient.
    fn ontvangers(&self, definitie: &Definitie, diepte: u8) -> Vec<Ontvangersoort> {
        let mut out = Vec::new();
        for naar in &definitie.naar {
            match naar {
                Naar::Soort(s) => out.push(*s),
                // Whoever owns or holds a part may be any partner; which one, the hub reads from the message referred to.
                Naar::Woord(NaarWoord::Iedereen | NaarWoord::Eigenaar | NaarWoord::Houder) => {
                    out.extend(Partnertype::ALL.iter().map(|p| Ontvangersoort::from(*p)));
                }
                Naar::Woord(NaarWoord::Deelnemer | NaarWoord::Casusregisseur) => out.extend(self.deelnemers()),
                Naar::Woord(NaarWoord::Vrager) => {
                    out.extend(self.beantwoord(definitie, diepte, |maker, asked, d| maker.afzenders(asked, d)));
                }
                Naar::Woord(NaarWoord::Knooppunt) => {}
            }
        }
        ordered(out)
    }

    /// Over the types that this one answers; a type that answers nothing in particular may concern any partner.
    fn beantwoord(
        &self,
        definitie: &Definitie,
        diepte: u8,
        wie: impl Fn(&Self, &Definitie, u8) -> Vec<Ontvangersoort>,
    ) -> Vec<Ontvangersoort> {
        if definitie.antwoord_op.is_empty() {
            return Partnertype::ALL.iter().map(|p| Ontvangersoort::from(*p)).collect();
        }
        if diepte == 0 {
            return Vec::new();
        }
        let asked = definitie.antwoord_op.iter().filter_map(|naam| self.catalogus.definitie(naam));
        asked.flat_map(|d| wie(self, d, diepte - 1)).collect()
    }

    fn deelnemers(&self) -> Vec<Ontvangersoort> {
        self.landelijk.deelnemers.iter().map(|p| (*p).into()).collect()
    }
}

/// One line of the catalogue on one ground.
struct Regellijn<'a> {
    definitie: &'a Definitie,
    bron: &'a Regelbron,
    van: &'a [Ontvangersoort],
    naar: &'a [Ontvangersoort],
    grond: Grondslag,
}

fn ordered(mut soorten: Vec<Ontvangersoort>) -> Vec<Ontvangersoort> {
    soorten.sort_unstable();
    soorten.dedup();
    soorten
}
