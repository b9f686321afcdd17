//! The report says what the terminal said: every event, every decision with its rules and its sentence, every verdict, of each scene
//! in the same order.

use std::collections::BTreeMap;

use serde_json::Value;

/// A scene as it was told, wherever it was told.
#[derive(Debug, Default, PartialEq)]
pub struct Scene {
    title: String,
    lines: Vec<Line>,
    verdicts: Vec<String>,
}

/// One line of a scene.
#[derive(Debug, PartialEq)]
enum Line {
    /// When, and what; who is called otherwise on the page.
    Event { at: String, what: String },
    /// `geweigerd (R8): Dat mag niet.`
    Because(String),
}

/// Who did each event, in order.
type Who = Vec<String>;

/// What the terminal told, with wrapped lines as one.
pub fn told(text: &str) -> (Vec<Scene>, Who) {
    let (mut scenes, mut who) = (vec![Scene { title: "Opbouw".to_owned(), ..Scene::default() }], Vec::new());
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("── ") {
            scenes.push(Scene { title: title.trim_end_matches(['─', ' ']).to_owned(), ..Scene::default() });
            continue;
        }
        let scene = scenes.last_mut().unwrap();
        let words = line.trim_start();
        let indent = line.chars().count() - words.chars().count();
        if let Some((at, rest)) = words.split_once("s  ").filter(|(at, _)| at.parse::<f64>().is_ok()) {
            let (actor, what) = rest.split_once(' ').unwrap();
            who.push(actor.to_owned());
            scene.lines.push(Line::Event { at: at.to_owned(), what: what.trim_start().to_owned() });
        } else if let Some(because) = words.strip_prefix("→ ").filter(|_| indent == 27) {
            scene.lines.push(Line::Because(because.to_owned()));
        } else if let Some(claim) = words.strip_prefix("✓  ").filter(|_| indent == 6) {
            scene.verdicts.push(claim.to_owned());
        } else if let Some(more) = Some(words).filter(|w| !w.is_empty()) {
            // What is wrapped stands below where it began.
            let open = match (indent, scene.lines.last_mut()) {
                (9, _) => scene.verdicts.last_mut(),
                (27, Some(Line::Because(text))) | (25, Some(Line::Event { what: text, .. })) => Some(text),
                _ => None,
            };
            if let Some(open) = open {
                open.push(' ');
                open.push_str(more);
            }
        }
    }
    scenes.retain(|s| !s.lines.is_empty() || !s.verdicts.is_empty());
    (scenes.into_iter().map(tidy).collect(), who)
}

/// What the page tells.
pub fn on_page(page: &str) -> (Vec<Scene>, Who) {
    let (mut scenes, mut who) = (Vec::new(), Vec::new());
    for section in page.split("<section id=\"deel-").skip(1) {
        let section = section.split("</section>").next().unwrap();
        let mut scene = Scene { title: plain(between(section, "<h2>", "</h2>")), ..Scene::default() };
        for verdict in section.split("<p class=\"verdict").skip(1) {
            scene.verdicts.push(plain(between(verdict, ">", "</p>")).trim_start_matches("✓ ").to_owned());
        }
        for event in section.split("<li>").skip(1) {
            let (event, because) = event.split_once("<p class=\"because\">").unwrap_or((event, ""));
            who.push(plain(between(event, "<strong>", "</strong>")));
            let at = plain(between(event, "<span class=\"at\">", "</span>")).replace(" s", "").replace(',', ".");
            scene.lines.push(Line::Event { at, what: plain(event.split_once("</strong>").unwrap().1) });
            for one in because.split("<p class=\"because\">").filter(|b| !b.is_empty()) {
                let outcome = plain(between(one, ">", "</span>"));
                let (rules, sentence) =
                    match one.split_once("<span class=\"rules\">").map(|(_, rest)| rest.split_once("</span>").unwrap()) {
                        Some((rules, sentence)) => (format!(" ({})", plain(rules)), sentence),
                        None => (String::new(), one.split_once("</span>").unwrap().1),
                    };
                let sentence = Some(plain(sentence)).filter(|s| !s.is_empty()).map(|s| format!(": {s}")).unwrap_or_default();
                scene.lines.push(Line::Because(format!("{outcome}{rules}{sentence}")));
            }
        }
        scenes.push(tidy(scene));
    }
    (scenes, who)
}

/// Both told the same; and whoever is called something on the page is called that everywhere.
pub fn the_same(page: &str, text: &str, last: &Value) {
    let ((told, told_by), (shown, shown_by)) = (told(text), on_page(page));
    assert_eq!(
        told.len(),
        usize::try_from(last["scenes"].as_u64().unwrap()).unwrap() + 2,
        "the scenes, before and after: {told:?}"
    );
    for (told, shown) in told.iter().zip(&shown) {
        assert_eq!(told, shown, "{}", told.title);
    }
    assert_eq!(told.len(), shown.len());
    let lines = || told.iter().flat_map(|s| &s.lines);
    let because = |word: &str| lines().filter(|l| matches!(l, Line::Because(text) if text.starts_with(word))).count();
    assert!(because("toegestaan-met-plicht (") > 20 && because("geweigerd (") > 1 && because("wel mogelijk: ") > 2, "{told:?}");
    assert!(told.iter().filter(|s| !s.verdicts.is_empty()).count() >= 16, "every scene has its verdict");
    assert_eq!(told_by.len(), shown_by.len());
    let mut names = BTreeMap::new();
    for (short, name) in told_by.iter().zip(&shown_by) {
        assert_eq!(names.entry(short).or_insert(name), &name, "{short}");
    }
    assert_eq!(names.get(&"veilig-thuis".to_owned()).map(|n| n.as_str()), Some("Veilig Thuis Voorbeeldregio"), "{names:?}");

    // The picture of each scene stops what the lines say is refused.
    assert!(page.matches("<svg").count() >= 8, "most scenes send messages");
    assert!(page.contains("line allowed") && page.contains("line stopped"), "what went through and what was refused");
    for count in ["berichten", "leveringen", "bladen"] {
        assert!(page.contains(&format!("<td class=\"number\">{}</td>", last[count])), "{count}");
    }
    assert!(!page.contains("✗ nee"));
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    assert!(text.contains(from), "no {from} in {text}");
    let (_, rest) = text.split_once(from).unwrap();
    rest.split(to).next().unwrap()
}

/// Without elements, as a browser shows it.
fn plain(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, after)| after));
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    one_line(&text)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tidy(mut scene: Scene) -> Scene {
    for line in &mut scene.lines {
        match line {
            Line::Event { what, .. } => *what = one_line(what),
            Line::Because(text) => *text = one_line(text),
        }
    }
    scene.verdicts.iter_mut().for_each(|v| *v = one_line(v));
    scene
}
