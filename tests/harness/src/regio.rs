//! A region in a temporary folder: its PKI, its policy, and the configuration of its hub.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use inbreng_catalogue::Catalogus;
use inbreng_certs::{Partnerspec, Pki, PkiSpec};
use inbreng_domain::{
    Clock, Code, Digest, Oin,
    clock::SystemClock,
    convenant::Convenanttekst,
    gids::{Gidsvermelding, Medeondertekend},
};
use inbreng_policy::{Bundel, Convenantbron, Deelpartij, Route};
use inbreng_proof::{digest_of, gids::medeonderteken};
use tempfile::TempDir;

use crate::Partner;

/// The partners of the region: slug, OIN, kind.
const PARTNERS: &[(&str, &str, &str)] = &[
    ("politie", "00000099000000003000", "politie"),
    ("veilig-thuis", "00000099000000004000", "veilig-thuis"),
    ("ggz", "00000099000000005000", "ggz"),
    ("om", "00000099000000006000", "om"),
    ("school", "00000099000000007000", "school"),
];

/// A region.
#[derive(Debug)]
pub struct Regio {
    map: TempDir,
    /// Its PKI, to revoke and reissue with.
    pub pki: Pki,
    /// Its policy version.
    pub beleid: Digest,
    /// What the parties of its covenant sign.
    pub tekst: Convenanttekst,
    /// What the parties of its covenant signed: everyone to whom it is open.
    pub toetredingen: Vec<Medeondertekend>,
}

/// A short name.
pub fn slug(naam: &str) -> Code {
    Code::parse(naam).unwrap()
}

impl Regio {
    /// How many partners a region has.
    pub const PARTNERS: usize = PARTNERS.len();

    /// Makes a region with its partners.
    pub fn maken() -> Self {
        Self::met_convenant("voorbeeldregio", &[])
    }

    /// A region under a covenant of another name, which all to whom it is open have signed, but these. Whoever is no party has
    /// confirmed the rules of the example covenants alone.
    pub fn met_convenant(convenant: &str, zonder: &[&str]) -> Self {
        Self::bouwen(bundel(convenant), zonder, &[])
    }

    /// A region as it was before: under this version of the example covenant, which an earlier program wrote, and with keys that the
    /// covenant manager countersigned without saying why (ADR 20).
    pub fn van_eerder(mut bundel: Bundel) -> Self {
        bundel.ondertekenaars.organisaties.clear();
        bundel.routes = routes();
        let regio = Self::bouwen(bundel, &[], &[]);
        let (bestand, beheerder) = (regio.pad("pki/gids.json"), regio.pki.beheerdersleutel().unwrap());
        let mut gids: Vec<Gidsvermelding> = serde_json::from_slice(&fs::read(&bestand).unwrap()).unwrap();
        for sleutel in gids.iter_mut().flat_map(|g| &mut g.sleutels) {
            *sleutel = medeonderteken(&beheerder, sleutel.verklaring.clone(), SystemClock.now()).unwrap().into();
        }
        fs::write(&bestand, serde_json::to_vec(&gids).unwrap()).unwrap();
        regio
    }

    /// A region in which these partners are registered for emergencies (R9).
    pub fn met_noodontvangers(nood: &[&str]) -> Self {
        Self::bouwen(bundel("voorbeeldregio"), &[], nood)
    }

    fn bouwen(bundel: Bundel, zonder: &[&str], nood: &[&str]) -> Self {
        let map = tempfile::tempdir().unwrap();
        let partners = PARTNERS
            .iter()
            .map(|(naam, oin, soort)| Partnerspec {
                slug: slug(naam),
                naam: format!("Organisatie {naam} (test)"),
                oin: oin.parse().unwrap(),
                partnertype: soort.parse().unwrap(),
                gebied: vec!["0518".parse().unwrap()],
                functies: vec![slug("piketdesk"), slug("aandachtsfunctionaris")],
                noodontvanger: nood.contains(naam),
                namen: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
            })
            .collect();
        let spec = PkiSpec { partners, ..PkiSpec::default() };
        let pki = Pki::create(&map.path().join("pki"), &spec, Arc::new(SystemClock)).unwrap();
        let toetredingen = toetredingen(&pki, &bundel, zonder);
        let regio = Self { map, pki, beleid: digest_of(&bundel).unwrap(), tekst: bundel.tekst(), toetredingen };
        fs::write(regio.pad("toetredingen.json"), serde_json::to_vec(&regio.toetredingen).unwrap()).unwrap();
        fs::write(regio.pad("voorbeeldregio.jws"), regio.pki.beleid_ondertekenen(&bundel).unwrap()).unwrap();
        fs::write(regio.config(), format!("{CONFIG}{RUIM}")).unwrap();
        regio
    }

    /// A folder for a hub of its own, beside the first: the same certificates, directory and policy, another store, and
    /// further tables in its configuration, such as `[grenzen]`.
    pub fn kamer(&self, naam: &str, tabellen: &str) -> PathBuf {
        let map = self.pad(naam);
        fs::create_dir_all(&map).unwrap();
        let config = CONFIG.replace("\"pki/", "\"../pki/").replace("\"voorbeeldregio.jws\"", "\"../voorbeeldregio.jws\"");
        let config = config.replace("\"toetredingen.json\"", "\"../toetredingen.json\"");
        let ruim = if tabellen.contains("[drempels]") { "" } else { RUIM };
        fs::write(map.join("hub.toml"), format!("{config}{ruim}\n[log]\nniveau = \"debug\"\n{tabellen}\n")).unwrap();
        map
    }

    /// A partner with all its keys.
    pub fn partner(&self, naam: &str) -> Partner {
        Partner::lezen(&self.pki, &slug(naam))
    }

    /// The hub's number.
    pub fn knooppunt(&self) -> Oin {
        fs::read_to_string(self.pki.knooppuntmap().oin()).unwrap().trim().parse().unwrap()
    }

    /// A file of the region.
    pub fn pad(&self, naam: &str) -> PathBuf {
        self.map.path().join(naam)
    }

    /// The hub's configuration.
    pub fn config(&self) -> PathBuf {
        self.pad("hub.toml")
    }

    /// The folder of the region.
    pub fn map(&self) -> &Path {
        self.map.path()
    }
}

const CONFIG: &str = r#"
[partners]
adres = "127.0.0.1:0"
adres_bestand = "partners.adres"
werkers = 1
inlezen_seconden = 2
afronden_seconden = 5

[beheer]
adres = "127.0.0.1:0"
adres_bestand = "beheer.adres"

[pki]
wortel = "pki/root.pem"
tussen = "pki/tussen.pem"
crl = "pki/crl.pem"
tls_certificaat = "pki/knooppunt/tls.pem"
tls_sleutel = "pki/knooppunt/tls.key"
ondertekening_certificaat = "pki/knooppunt/ondertekening.pem"
ondertekening_sleutel = "pki/knooppunt/ondertekening.key"
convenantbeheerder = "pki/convenantbeheerder/ondertekening.pem"

[opslag]
pad = "hub.sqlite"

[beleid]
bundels = ["voorbeeldregio.jws"]
toetredingen = "toetredingen.json"

[gids]
bestand = "pki/gids.json"
"#;

/// Tests ask and miss far more often than a partner does.
const RUIM: &str = "
[drempels]
per_seconde = 1000000
tegelijk = 1000000
acuut_per_seconde = 1000000
acuut_tegelijk = 1000000
missers_per_minuut = 1000000
";

/// Everyone to whom the covenant is open has signed it.
fn toetredingen(pki: &Pki, bundel: &Bundel, zonder: &[&str]) -> Vec<Medeondertekend> {
    let nu = SystemClock.now();
    let open = |p: &Partnerspec| {
        let partij = Deelpartij { oin: p.oin, partnertype: p.partnertype };
        bundel.staat_open(&partij, nu) && !zonder.iter().any(|naam| slug(naam) == p.slug)
    };
    pki.allen_toetreden(&bundel.tekst(), bundel.versie, open).unwrap()
}

/// The example covenant, with this region's organisations in its routes.
fn bundel(convenant: &str) -> Bundel {
    let mut bron = Convenantbron::voorbeeldregio().unwrap();
    bron.convenant = convenant.parse().unwrap();
    bron.ondertekenaars.organisaties.clear();
    bron.routes = routes();
    Bundel::genereren(&bron, &Catalogus::ingebouwd().unwrap()).unwrap()
}

/// Each of the region's organisations has its own role.
fn routes() -> Vec<Route> {
    PARTNERS
        .iter()
        .map(|(_, oin, soort)| Route {
            soort: None,
            rol: soort.parse().unwrap(),
            gemeente: None,
            partners: vec![oin.parse().unwrap()],
        })
        .collect()
}
