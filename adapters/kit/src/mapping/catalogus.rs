//! Holds a mapping against the catalogue: types, variants, categories, purposes and grounds that do not exist there.

use inbreng_catalogue::{Catalogus, Definitie};
use inbreng_domain::{Code, TypeNaam};

use super::{Mapping, fout::MappingFout, uitgaand::Uitgaand};

impl Mapping {
    /// Names everything in the mapping that the catalogue does not know. What depends on a message is judged at that
    /// message.
    ///
    /// # Errors
    /// Every [`MappingFout`], in the order of the file.
    pub fn toetsen(&self, catalogus: &Catalogus) -> Result<(), Vec<MappingFout>> {
        let mut fouten = Vec::new();
        for (i, regel) in self.uitgaand.iter().enumerate() {
            let plek = format!("uitgaand[{i}]");
            let varianten = regel.variant.as_ref().map(super::woord::Woorden::mogelijk).unwrap_or_default();
            if let Some(definitie) = soort(catalogus, &regel.soort, &varianten, &plek, &mut fouten) {
                delen(regel, definitie, &plek, &mut fouten);
            }
        }
        for (i, regel) in self.inkomend.iter().enumerate() {
            let varianten: Vec<Code> = regel.variant.iter().cloned().collect();
            soort(catalogus, &regel.soort, &varianten, &format!("inkomend[{i}]"), &mut fouten);
        }
        if fouten.is_empty() { Ok(()) } else { Err(fouten) }
    }
}

fn soort<'c>(
    catalogus: &'c Catalogus,
    naam: &TypeNaam,
    varianten: &[Code],
    plek: &str,
    fouten: &mut Vec<MappingFout>,
) -> Option<&'c Definitie> {
    let Some(definitie) = catalogus.definitie(naam) else {
        fouten.push(MappingFout::new(format!("{plek}.soort"), format!("'{naam}' staat niet in de catalogus")));
        return None;
    };
    for variant in varianten {
        if !definitie.varianten.iter().any(|v| v.code == *variant) {
            let uitleg = format!("'{variant}' is geen variant van {naam}");
            fouten.push(MappingFout::new(format!("{plek}.variant"), uitleg));
        }
    }
    Some(definitie)
}

fn delen(regel: &Uitgaand, definitie: &Definitie, plek: &str, fouten: &mut Vec<MappingFout>) {
    let mut fout = |i: usize, sleutel: &str, woord: &str| {
        fouten.push(MappingFout::new(
            format!("{plek}.delen[{i}].{sleutel}"),
            format!("'{woord}' hoort niet bij {}", definitie.naam),
        ));
    };
    for (i, deel) in regel.delen.iter().enumerate() {
        for categorie in deel.categorie.mogelijk() {
            if !definitie.delen.regels.iter().any(|r| r.categorieen.contains(&categorie)) {
                fout(i, "categorie", categorie.as_str());
            }
        }
        for doel in deel.doel.mogelijk() {
            if !definitie.doelen.contains(&doel) {
                fout(i, "doel", doel.as_str());
            }
        }
    }
}
