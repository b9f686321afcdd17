//! The picture of one scene: a lane for each who took part, the hub in the middle, time from top to bottom. A message runs from
//! its sender to the hub, and from there to whoever gets it.

use maud::{Markup, html};

use super::{Event, Section, name_of, short_of};
use crate::demo::timeline::Route;

/// The hub's own lane.
const HUB: &str = "knooppunt";
/// Width of a lane, in units of the picture.
const LANE: usize = 120;
/// Height of an event that goes nowhere.
const ROW: usize = 26;
/// What each recipient of a message adds to its height.
const BRANCH: usize = 14;
/// Above the first event: the names.
const HEAD: usize = 52;
/// Left of the first lane: the numbers.
const MARGIN: usize = 34;

/// The picture; nothing where no message was sent.
pub(super) fn picture(n: usize, section: &Section) -> Markup {
    if section.events.iter().all(|e| e.routes.is_empty()) {
        return html! {};
    }
    let lanes = lanes(section);
    let width = MARGIN + lanes.len() * LANE;
    let height = HEAD + section.events.iter().map(height_of).sum::<usize>() + ROW / 2;
    let mut top = HEAD;
    html! {
        figure {
            svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height)
                role="img" aria-labelledby={ "beeld-" (n) } {
                title id={ "beeld-" (n) } { "Wie wat aan wie stuurde: " (section.title) ". De tekst eronder zegt hetzelfde." }
                @for (at, lane) in lanes.iter().enumerate() {
                    @let x = middle(at);
                    line.lane.hub[*lane == HUB] x1=(x) y1=(HEAD - 8) x2=(x) y2=(height) {}
                    @let words = words(name_of(lane));
                    @for (row, word) in words.iter().enumerate() {
                        text.name x=(x) y=(12 + row * 14) text-anchor="middle" { (word) }
                    }
                }
                @for (number, event) in section.events.iter().enumerate() {
                    @let y = top + ROW / 2;
                    ({ top += height_of(event); row(number + 1, event, &lanes, y) })
                }
            }
            figcaption { "De nummers horen bij de regels hieronder." }
        }
    }
}

/// One event: a dot on the lane of who did it, and the lines of its message.
fn row(number: usize, event: &Event, lanes: &[&str], y: usize) -> Markup {
    let x = place(lanes, &event.who);
    let hub = place(lanes, HUB);
    html! {
        text.count x=(MARGIN - 12) y=(y + 4) text-anchor="end" { (number) }
        @if let Some(x) = x { circle.event cx=(x) cy=(y) r="4" {} }
        @if let (Some(x), Some(hub), false) = (x, hub, event.routes.is_empty()) {
            line.line x1=(x) y1=(y) x2=(hub) y2=(y) {}
            circle.event cx=(hub) cy=(y) r="3" {}
            @for (branch, route) in event.routes.iter().enumerate() {
                (branch_to(route, lanes, hub, y, y + (branch + 1) * BRANCH - BRANCH / 2))
            }
        }
    }
}

/// From the hub to one recipient: through, held at the hub, or stopped there.
fn branch_to(route: &Route, lanes: &[&str], hub: usize, from: usize, y: usize) -> Markup {
    let Some(to) = short_of(&route.to).and_then(|short| place(lanes, short)) else { return html! {} };
    let right = to >= hub;
    let near = if right { hub + 18 } else { hub.saturating_sub(18) };
    let tip = if right { to.saturating_sub(7) } else { to + 7 };
    html! {
        path.line d={ "M" (hub) " " (from) " L" (hub) " " (y) } {}
        @if route.allowed {
            line.line.allowed x1=(hub) y1=(y) x2=(to) y2=(y) {}
            path.tip d={ "M" (to) " " (y) " L" (tip) " " (y - 4) " L" (tip) " " (y + 4) " Z" } {}
        } @else {
            line.line.stopped x1=(hub) y1=(y) x2=(to) y2=(y) {}
        }
        @if route.refused {
            path.refused d={ "M" (near - 4) " " (y - 4) " l8 8 m0 -8 l-8 8" } { title { "geweigerd" } }
        }
        @if route.held {
            rect.held x=(near - 4) y=(y - 4) width="8" height="8" { title { "aangehouden" } }
        }
    }
}

const fn height_of(event: &Event) -> usize {
    ROW + event.routes.len() * BRANCH
}

/// Who is in the picture, in the order in which they came in, the hub in the middle.
fn lanes(section: &Section) -> Vec<&str> {
    let mut lanes: Vec<&str> = Vec::new();
    let mut add = |who| {
        if who != HUB && !lanes.contains(&who) {
            lanes.push(who);
        }
    };
    for event in &section.events {
        add(event.who.as_str());
        event.routes.iter().filter_map(|r| short_of(&r.to)).for_each(&mut add);
    }
    lanes.insert(lanes.len() / 2 + lanes.len() % 2, HUB);
    lanes
}

fn place(lanes: &[&str], who: &str) -> Option<usize> {
    lanes.iter().position(|lane| *lane == who).map(middle)
}

const fn middle(lane: usize) -> usize {
    MARGIN + lane * LANE + LANE / 2
}

/// A name in lines that fit a lane.
fn words(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 17 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
