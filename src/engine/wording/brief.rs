//! Who is this, in ten seconds?

use super::{
    phrases::{cut, quoted, times},
    times::{day, moment},
};
use crate::domain::{
    picture::Picture,
    story::{Road, StoryRow},
    time::At,
};

/// Sentences of a brief; with twelve words each it stays under sixty (design section 9).
const MOST: usize = 5;
/// Records cited by one sentence.
const MOST_CITED: usize = 8;

/// Up to five sentences taken from the customer's story, each with the ids of the rows it rests on. Nothing is concluded: a sentence
/// repeats a row, or counts rows of one kind and repeats the newest. `rows` in any order.
#[must_use]
pub fn brief(picture: &Picture, rows: &[(String, StoryRow)], now: At) -> Vec<(String, Vec<String>)> {
    let of = |road: Road| {
        let mut of_road: Vec<&(String, StoryRow)> = rows.iter().filter(|(_, row)| row.road == road).collect();
        of_road.sort_by_key(|(_, row)| std::cmp::Reverse(last(row)));
        of_road
    };
    let sentences = [
        newest(picture, &of(Road::Sales), now),
        newest(picture, &of(Road::Messages), now),
        on_the_web(picture, &of(Road::Web), now),
        service(picture, &of(Road::Service), now),
        newest(picture, &of(Road::Finance), now),
        newest(picture, &of(Road::Note), now),
    ];
    sentences.into_iter().flatten().take(MOST).collect()
}

fn last(row: &StoryRow) -> At {
    row.until.max(row.at)
}

/// The newest row as it stands.
fn newest(picture: &Picture, of_road: &[&(String, StoryRow)], now: At) -> Option<(String, Vec<String>)> {
    let (id, row) = of_road.first()?;
    let detail = match row.detail.trim() {
        "" => String::new(),
        words => format!(": {}", quoted(words, 70)),
    };
    let when = day(&picture.rooftop.zone, last(row), now);
    Some((format!("{} {when}{detail}.", cut(row.title.trim_end_matches('.'), 70)), vec![id.clone()]))
}

/// The car most looked at of late, else how often they were on the site.
fn on_the_web(picture: &Picture, of_road: &[&(String, StoryRow)], now: At) -> Option<(String, Vec<String>)> {
    let (_, newest) = of_road.first()?;
    let same_car: Vec<&&(String, StoryRow)> = of_road.iter().filter(|(_, row)| row.vehicle.is_some() && row.vehicle == newest.vehicle).collect();
    let rows: Vec<&(String, StoryRow)> = if same_car.len() > 1 { same_car.into_iter().copied().collect() } else { of_road.to_vec() };
    let zone = &picture.rooftop.zone;
    let when = moment(zone, last(newest), now);
    let cited = rows.iter().take(MOST_CITED).map(|(id, _)| id.clone()).collect();
    let title = cut(newest.title.trim_end_matches('.'), 60);
    let text = match (rows.len(), rows.last()) {
        (1, _) | (_, None) => format!("{title}, {when}."),
        (n, Some((_, oldest))) if newest.vehicle.is_some() && oldest.vehicle == newest.vehicle => {
            format!("{title}; {} records of that car since {}, the last {when}.", n, since(picture, oldest.at, now))
        }
        (n, Some((_, oldest))) => format!("On the website {} since {}, last: {title}, {when}.", times(n), since(picture, oldest.at, now)),
    };
    Some((text, cited))
}

/// The day, without its "on".
fn since(picture: &Picture, at: At, now: At) -> String {
    let said = day(&picture.rooftop.zone, at, now);
    said.strip_prefix("on ").unwrap_or(&said).to_owned()
}

fn service(picture: &Picture, of_road: &[&(String, StoryRow)], now: At) -> Option<(String, Vec<String>)> {
    let (_, newest) = of_road.first()?;
    let when = day(&picture.rooftop.zone, last(newest), now);
    let title = cut(newest.title.trim_end_matches('.'), 60);
    let cited: Vec<String> = of_road.iter().take(MOST_CITED).map(|(id, _)| id.clone()).collect();
    let text = match of_road.len() {
        1 => format!("In service once: {title} {when}."),
        n => format!("In service {}, last {when}: {title}.", times(n)),
    };
    Some((text, cited))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            alert::Icon,
            ids::{Seq, VehicleId},
        },
        engine::sample::{CRV, Sample, hours_ago, now},
    };

    fn row(id: &str, hours: i64, road: Road, title: &str, detail: &str, vehicle: Option<VehicleId>) -> (String, StoryRow) {
        let at = hours_ago(hours);
        let row =
            StoryRow { at, until: at, road, icon: Icon::Eye, title: title.into(), detail: detail.into(), vehicle, by: None, times: 1, cause: Seq(1) };
        (id.into(), row)
    }

    fn check(rows: &[(String, StoryRow)], expected: &[(&str, &[&str])]) {
        let sample = Sample::dana();
        let brief = brief(&sample.picture(), rows, now());
        let told: Vec<(&str, Vec<&str>)> = brief.iter().map(|(text, cites)| (text.as_str(), cites.iter().map(String::as_str).collect())).collect();
        let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(text, cites)| (*text, cites.to_vec())).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn nothing_known_is_no_brief() {
        check(&[], &[]);
    }

    #[test]
    fn each_sentence_rests_on_rows_it_names() {
        check(
            &[
                row("a", 90, Road::Sales, "Asked about #24117 through Cars.com", "Is it still available?", Some(CRV)),
                row("b", 40, Road::Web, "Looked at #24117", "", Some(CRV)),
                row("c", 2, Road::Web, "Looked at #24117", "", Some(CRV)),
                row("d", 20, Road::Web, "Looked up hours", "", None),
                row("e", 80, Road::Messages, "Texted us", "Yes please", None),
                row("f", 24 * 100, Road::Service, "60k service", "", None),
                row("g", 24 * 300, Road::Service, "Oil change", "", None),
                row("h", 50, Road::Note, "Priya noted", "Wants white or gray", None),
            ],
            &[
                ("Asked about #24117 through Cars.com on Friday: \u{201c}Is it still available?\u{201d}.", &["a"]),
                ("Texted us on Saturday: \u{201c}Yes please\u{201d}.", &["e"]),
                ("Looked at #24117; 2 records of that car since Sunday, the last 7:41 am.", &["c", "b"]),
                ("In service twice, last on Aug 16: 60k service.", &["f", "g"]),
                ("Priya noted on Sunday: \u{201c}Wants white or gray\u{201d}.", &["h"]),
            ],
        );
    }

    #[test]
    fn it_stays_short() {
        let long = "word ".repeat(200);
        let rows: Vec<_> = [Road::Sales, Road::Messages, Road::Web, Road::Service, Road::Finance, Road::Note]
            .into_iter()
            .flat_map(|road| (0..30).map(move |n| (road, n)))
            .map(|(road, n)| row("x", n, road, &long, &long, Some(CRV)))
            .collect();
        let sample = Sample::dana();
        let brief = brief(&sample.picture(), &rows, now());
        assert_eq!(brief.len(), MOST);
        assert!(brief.iter().all(|(text, cites)| text.chars().count() < 170 && !cites.is_empty() && cites.len() <= MOST_CITED));
    }
}
