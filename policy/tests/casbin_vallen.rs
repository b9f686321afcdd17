//! The traps of Casbin 2.20, each shown as it is and shown not to catch us.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod samen;

use casbin::{Adapter, CoreApi, DefaultModel, Enforcer, Filter, MemoryAdapter, MgmtApi, Model, Result};

fn model_files() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/model");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&p).unwrap()))
        .collect()
}

fn enforcer(model: &str, rows: &[&[&str]]) -> Enforcer {
    pollster::block_on(async {
        let model = DefaultModel::from_str(model).await.unwrap();
        let mut e = Enforcer::new(model, MemoryAdapter::default()).await.unwrap();
        for row in rows {
            e.add_policy(row.iter().map(ToString::to_string).collect()).await.unwrap();
        }
        e
    })
}

fn one_column() -> String {
    model_files().into_iter().find(|(n, _)| n == "vraag1.conf").unwrap().1
}

/// A matcher of equalities joined by `&&`, one per column, with the effect that denies over allowing: nothing to trip on.
/// So no `!=` (a missing attribute would allow), no `eval` (no limits), no `g` (one graph for all), no numbers (32 bits).
#[test]
fn the_models_hold_nothing_but_equality() {
    let files = model_files();
    assert_eq!(files.len(), 8);
    for (name, text) in files {
        let line =
            |key: &str| text.lines().find_map(|l| l.strip_prefix(key)).unwrap_or_else(|| panic!("{name}: {key}")).to_owned();
        let columns: Vec<String> = line("r = ").split(", ").map(str::to_owned).collect();
        assert_eq!(name, format!("vraag{}.conf", columns.len()));
        assert_eq!(line("p = "), format!("{}, eft", columns.join(", ")));
        let equalities: Vec<String> = columns.iter().map(|c| format!("r.{c} == p.{c}")).collect();
        assert_eq!(line("m = "), equalities.join(" && "));
        assert_eq!(line("e = "), "some(where (p.eft == allow)) && !some(where (p.eft == deny))");
        assert!(!text.contains("role_definition"));
    }
}

#[test]
fn an_empty_policy_allows_an_empty_request_and_is_never_asked() {
    let e = enforcer(&one_column(), &[]);
    assert!(e.enforce((String::new(),)).unwrap(), "the trap is as described");
    assert!(!e.enforce(("altijd".to_owned(),)).unwrap());
    // Ours: without rows that allow, a covenant refuses everything.
    let catalogus = samen::catalogus();
    let mut b = samen::bundel(&catalogus);
    b.rijen.retain(|r| r.effect == inbreng_policy::Effect::Tegenhouden);
    let beleid = inbreng_policy::Beleid::laden(b, inbreng_domain::Digest::from_bytes([0; 32]), &catalogus).unwrap();
    let mut t = samen::toeval::Toeval::met(1);
    for _ in 0..300 {
        assert!(!beleid.uitkomst(&samen::toeval::verzoek(&mut t, &catalogus)).levert());
    }
}

#[test]
fn an_effect_in_another_spelling_is_ignored_and_cannot_be_written() {
    let e = enforcer(&one_column(), &[&["altijd", "allow"], &["altijd", "Deny"]]);
    assert!(e.enforce(("altijd".to_owned(),)).unwrap(), "the trap is as described: the denial is lost");
    // Ours: an effect is a word of a closed vocabulary before it is a row.
    let row = serde_json::json!({ "laag": "landelijk", "stap": "embargo", "effect": "Tegenhouden" });
    assert!(serde_json::from_value::<inbreng_policy::Rij>(row).is_err());
}

#[test]
fn a_row_of_wrong_length_breaks_every_decision_and_cannot_be_made() {
    let e = enforcer(&one_column(), &[&["altijd", "allow"], &["altijd", "extra", "allow"]]);
    assert!(e.enforce(("altijd".to_owned(),)).is_err(), "the trap is as described");
    // Ours: rows are made from the columns of their question, counted after building (`BeleidFout::Onvolledig`).
}

/// An adapter whose store fails half-way.
struct Kapot;

#[async_trait::async_trait]
impl Adapter for Kapot {
    async fn load_policy(&mut self, _: &mut dyn Model) -> Result<()> {
        Err(casbin::Error::IoError(std::io::Error::other("the store went away")))
    }
    async fn load_filtered_policy<'a>(&mut self, m: &mut dyn Model, _: Filter<'a>) -> Result<()> {
        self.load_policy(m).await
    }
    async fn save_policy(&mut self, _: &mut dyn Model) -> Result<()> {
        Ok(())
    }
    async fn clear_policy(&mut self) -> Result<()> {
        Ok(())
    }
    fn is_filtered(&self) -> bool {
        false
    }
    async fn add_policy(&mut self, _: &str, _: &str, _: Vec<String>) -> Result<bool> {
        Ok(true)
    }
    async fn add_policies(&mut self, _: &str, _: &str, _: Vec<Vec<String>>) -> Result<bool> {
        Ok(true)
    }
    async fn remove_policy(&mut self, _: &str, _: &str, _: Vec<String>) -> Result<bool> {
        Ok(true)
    }
    async fn remove_policies(&mut self, _: &str, _: &str, _: Vec<Vec<String>>) -> Result<bool> {
        Ok(true)
    }
    async fn remove_filtered_policy(&mut self, _: &str, _: &str, _: usize, _: Vec<String>) -> Result<bool> {
        Ok(true)
    }
}

#[test]
fn a_failed_reload_leaves_an_empty_policy_and_we_never_reload() {
    pollster::block_on(async {
        let model = DefaultModel::from_str(&one_column()).await.unwrap();
        let mut e = Enforcer::new_raw(model, Kapot).await.unwrap();
        e.add_policy(vec!["altijd".to_owned(), "deny".to_owned()]).await.unwrap();
        assert!(e.load_policy().await.is_err());
        assert!(e.get_policy().is_empty(), "the trap is as described");
    });
    // Ours: a version is built aside; one that cannot be built is an error, and the one in use is untouched.
    let catalogus = samen::catalogus();
    let (beleid, _) = samen::voorbeeldregio();
    let mut broken = samen::bundel(&catalogus);
    broken.standaarden.clear();
    assert!(inbreng_policy::Beleid::laden(broken, inbreng_domain::Digest::from_bytes([9; 32]), &catalogus).is_err());
    assert_eq!(beleid.digest(), inbreng_domain::Digest::from_bytes([1; 32]));
}

/// `CachedEnforcer` ignores the enforce context; `explain`, `logging` and `watcher` change what `enforce` does; the SQL
/// adapter drags in a second sqlx. None of them is built.
#[test]
fn features_that_trap_are_not_built() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let manifest: toml::Table = toml::from_str(&std::fs::read_to_string(root).unwrap()).unwrap();
    let casbin = &manifest["workspace"]["dependencies"]["casbin"];
    assert_eq!(casbin["default-features"].as_bool(), Some(false));
    let features: Vec<&str> = casbin["features"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    assert_eq!(features, ["runtime-tokio", "incremental"]);
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    assert!(!lock.contains("\"sqlx-adapter\""));
}

/// A text of an officer that looks like a matcher stays a text: notes are never read, names are closed.
#[test]
fn no_text_becomes_a_matcher() {
    let catalogus = samen::catalogus();
    let mut b = samen::bundel(&catalogus);
    let plain = inbreng_policy::Beleid::laden(b.clone(), inbreng_domain::Digest::from_bytes([0; 32]), &catalogus).unwrap();
    for rij in &mut b.rijen {
        rij.toelichting = Some("\") || true || (\"\n[matchers]\nm = true, eval(p.a) # allow".to_owned());
    }
    let noted = inbreng_policy::Beleid::laden(b, inbreng_domain::Digest::from_bytes([0; 32]), &catalogus).unwrap();
    let mut t = samen::toeval::Toeval::met(2);
    for _ in 0..500 {
        let v = samen::toeval::verzoek(&mut t, &catalogus);
        assert_eq!(plain.uitkomst(&v), noted.uitkomst(&v));
    }
    let row = serde_json::json!({ "laag": "landelijk", "stap": "grond", "effect": "toelaten", "varianten": ["x\" || true"] });
    assert!(serde_json::from_value::<inbreng_policy::Rij>(row).is_err());
}

fn model(matcher: &str) -> String {
    format!(
        "[request_definition]\nr = a\n[policy_definition]\np = a, eft\n[policy_effect]\n\
         e = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n[matchers]\nm = {matcher}\n"
    )
}

#[test]
fn a_missing_attribute_with_unequal_allows_and_we_only_ask_for_equal() {
    let e = enforcer(&model("r.a.geheim != \"ja\""), &[&["x", "allow"]]);
    let nothing_said = std::collections::BTreeMap::<String, String>::new();
    assert!(e.enforce((nothing_said,)).unwrap(), "the trap is as described");
    // Ours: the models hold equalities only (above); and a request that leaves a fact out gets its most restrictive word.
    let v: inbreng_policy::Verzoek = serde_json::from_value(serde_json::json!({
        "convenant": "voorbeeldregio", "van": "ggz", "naar": "veilig-thuis", "soort": "informatie-antwoord",
        "categorie": "hulp", "doel": "beoordelen", "handeling": "ontvangen",
    }))
    .unwrap();
    assert!(v.embargo.is_ja() && v.afgeschermd.is_ja() && !v.bevestigd.is_ja() && !v.noodbesluit.is_ja());
    assert!(!samen::voorbeeldregio().0.uitkomst(&v).levert());
}

#[test]
fn eval_runs_what_a_row_says_and_no_row_of_ours_is_run() {
    let e = enforcer(&model("eval(p.a)"), &[&["true", "allow"]]);
    assert!(e.enforce(("whatever".to_owned(),)).unwrap(), "the trap is as described");
    // Ours: no model evaluates (above), and what Casbin holds are words of the vocabularies, joined by a slash.
    let (beleid, _) = samen::voorbeeldregio();
    for vraag in beleid.casbinvragen() {
        for word in vraag.rijen.iter().flatten() {
            assert!(word.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '/'), "{word}");
        }
    }
}

#[test]
fn two_role_graphs_are_one_and_we_have_none() {
    let roles = "[request_definition]\nr = a, b\n[policy_definition]\np = a, b\n[role_definition]\ng = _, _\ng2 = _, _\n\
                 [policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = g(r.a, p.a) && r.b == p.b\n";
    let mut e = enforcer(roles, &[&["arts", "lezen"]]);
    assert!(!e.enforce(("huis", "lezen")).unwrap());
    pollster::block_on(e.add_named_grouping_policy("g2", vec!["huis".to_owned(), "arts".to_owned()])).unwrap();
    assert!(e.enforce(("huis", "lezen")).unwrap(), "the trap is as described: what g2 says of things, g says of people");
    // Ours: `the_models_hold_nothing_but_equality` shows that no model has roles; so nothing can be cyclic either, and a
    // document that brings roles is not a bundle.
    let mut document = serde_json::to_value(samen::bundel(&samen::catalogus())).unwrap();
    document["rollen"] = serde_json::json!([["a", "b"], ["b", "a"]]);
    assert!(serde_json::from_value::<inbreng_policy::Bundel>(document).is_err());
}

#[test]
fn whole_numbers_are_of_32_bits_and_none_is_asked() {
    let large = model("r.a == 4294967297");
    let made = pollster::block_on(async {
        Enforcer::new(DefaultModel::from_str(&large).await?, MemoryAdapter::default()).await.map(|_| ())
    });
    assert!(made.unwrap_err().to_string().contains("Invalid number"), "the trap is as described");
    // Ours: what is asked are words (`eval_runs_what_a_row_says_and_no_row_of_ours_is_run`), terms are reckoned in Rust.
}

/// What would never end, or eat all memory, is refused before Casbin sees it.
#[test]
fn what_is_too_large_is_refused_at_once() {
    let catalogus = samen::catalogus();
    let load = |b| inbreng_policy::Beleid::laden(b, inbreng_domain::Digest::from_bytes([0; 32]), &catalogus).map(|_| ());
    let mut t = samen::toeval::Toeval::met(3);
    let mut huge = samen::bundel(&catalogus);
    let row = samen::toeval::rij(&mut t, &catalogus);
    huge.rijen.extend(std::iter::repeat_n(row, 100_001));
    assert!(load(huge).unwrap_err().to_string().contains("more than 100000"));
    // A question with more cells than anyone should ask.
    let mut wide = samen::bundel(&catalogus);
    for n in 0..12usize {
        use inbreng_domain::vocabulary::{Deelname, Eigenaarsbesluit, JaNee, Noodzaak, Toestemmingsstand};
        let one = |k: usize| n >> k & 1;
        wide.rijen.push(
            serde_json::from_value(serde_json::json!({
                "laag": "convenant", "stap": "plicht", "effect": "tegenhouden", "regel": "R7", "uitkomst": "vragen",
                "toelichting": "een rij van de proef",
                "voorwaarden": {
                    "noodzaak": [Noodzaak::ALL[one(0)]], "bevestigd": [JaNee::ALL[one(1)]],
                    "eigenaarsbesluit": [Eigenaarsbesluit::ALL[n % 3]], "toestemming": [Toestemmingsstand::ALL[n % 4]],
                    "naar_deelnemer": [Deelname::ALL[n % 3]], "noodbesluit": [JaNee::ALL[one(2)]],
                },
            }))
            .unwrap(),
        );
    }
    let error = load(wide).unwrap_err().to_string();
    assert!(error.contains("step plicht") && error.contains("more than 96: name fewer conditions"), "{error}");
    // Deeper than a document may be.
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(serde_json::from_str::<inbreng_policy::Bundel>(&deep).is_err());
}
