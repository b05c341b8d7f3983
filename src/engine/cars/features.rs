//! With what is a car equipped, said in anybody's words? Options, equipment lists and descriptions become one short closed list.

use crate::domain::{feature::Feature, vehicle::CarFacts};
use std::{collections::HashMap, sync::LazyLock};

/// Words that say a feature, in small letters, one space between them.
const SAID: &[(Feature, &[&str])] = &[
    (Feature::AllWheelDrive, &["awd", "4wd", "4x4", "4 x 4", "all wheel drive", "four wheel drive", "4 wheel drive", "4matic", "quattro", "xdrive"]),
    (Feature::Leather, &["leather"]),
    (
        Feature::HeatedSeats,
        &[
            "heated seats",
            "heated seat",
            "heated front seats",
            "heated front seat",
            "heated front seat s",
            "seat heaters",
            "heated leather",
            "htd seats",
        ],
    ),
    (
        Feature::CooledSeats,
        &[
            "cooled seats",
            "ventilated seats",
            "ventilated front seats",
            "ventilated front seat",
            "cooled front seats",
            "cooled front seat",
            "air conditioned seats",
        ],
    ),
    (Feature::HeatedWheel, &["heated steering wheel", "heated wheel"]),
    (
        Feature::ThirdRow,
        &["third row", "3rd row", "3 row", "3 rows", "third seat", "7 passenger", "8 passenger", "seven passenger", "eight passenger"],
    ),
    (Feature::CaptainsChairs, &["captain s chairs", "captains chairs", "captain chairs", "quad seats", "second row buckets"]),
    (Feature::MemorySeat, &["memory seat", "memory seats", "seat memory", "driver memory", "memory driver seat"]),
    (Feature::Sunroof, &["sunroof", "moonroof", "sun roof", "moon roof", "sun moonroof"]),
    (
        Feature::PanoramicRoof,
        &["panoramic roof", "panoramic sunroof", "panoramic moonroof", "pano roof", "dual pane sunroof", "vista roof", "panorama roof"],
    ),
    (Feature::CarPlay, &["carplay", "car play"]),
    (Feature::AndroidAuto, &["android auto"]),
    (Feature::Navigation, &["navigation", "nav", "navi", "gps", "navigation system"]),
    (
        Feature::PremiumAudio,
        &[
            "premium audio",
            "premium sound",
            "premium sound system",
            "bose",
            "harman kardon",
            "jbl",
            "mark levinson",
            "burmester",
            "b o",
            "infinity audio",
        ],
    ),
    (
        Feature::BackupCamera,
        &["backup camera", "back up camera", "rear view camera", "rearview camera", "rear camera", "reverse camera", "rear vision camera"],
    ),
    (Feature::SurroundCamera, &["360 camera", "360 degree camera", "surround view", "around view", "bird s eye view", "surround camera"]),
    (Feature::BlindSpot, &["blind spot", "bsm", "blind zone", "bliss"]),
    (Feature::AdaptiveCruise, &["adaptive cruise", "adaptive cruise control", "distronic", "radar cruise", "dynamic cruise", "smart cruise"]),
    (Feature::LaneKeeping, &["lane keeping", "lane keep", "lane departure", "lane assist", "lane keep assist"]),
    (Feature::ParkingSensors, &["parking sensors", "park assist", "parking assist", "park distance control", "parking sensor", "rear park aid"]),
    (Feature::KeylessEntry, &["keyless entry", "keyless", "smart key", "proximity key", "remote keyless"]),
    (Feature::PushStart, &["push button start", "push start", "pushbutton start", "keyless start", "keyless ignition", "keyless go"]),
    (Feature::RemoteStart, &["remote start", "remote starter", "remote engine start", "remote vehicle start"]),
    (
        Feature::PowerLiftgate,
        &["power liftgate", "power tailgate", "hands free liftgate", "power trunk", "power rear liftgate", "foot activated liftgate"],
    ),
    (
        Feature::Tow,
        &[
            "tow package",
            "towing package",
            "tow hitch",
            "trailer hitch",
            "trailer tow",
            "hitch receiver",
            "towing prep",
            "class iv hitch",
            "class iii hitch",
        ],
    ),
    (Feature::RoofRack, &["roof rack", "roof rails", "luggage rack", "crossbars", "cross bars"]),
    (Feature::BedLiner, &["bed liner", "bedliner", "spray in liner"]),
    (Feature::WirelessCharging, &["wireless charging", "wireless charger", "wireless phone charger", "qi charging"]),
    (Feature::HeadUpDisplay, &["head up display", "heads up display", "hud"]),
    (Feature::RearEntertainment, &["rear entertainment", "rear seat entertainment", "dvd", "dvd entertainment"]),
];

/// Behind these words leather is no seat: a wheel, a knob, and what only looks like it.
const NOT_SEATS: [&str; 8] = ["wrapped", "steering", "shift", "shifter", "wheel", "like", "look", "knob"];
/// Before a feature they say that it is not there.
const NOT: [&str; 6] = ["no", "not", "without", "non", "lacks", "o"];
/// Behind a feature they say that it was left out.
const LEFT_OUT: [&str; 2] = ["delete", "deleted"];
/// More words are not read of one car.
const MOST_WORDS: usize = 5_000;

type ByFirst = HashMap<&'static str, Vec<(Vec<&'static str>, Feature)>>;

/// By the first word: its whole words, and what they say.
static BY_FIRST: LazyLock<ByFirst> = LazyLock::new(|| {
    let mut by_first = ByFirst::new();
    for (feature, phrases) in SAID {
        for phrase in *phrases {
            let words: Vec<&str> = phrase.split(' ').collect();
            by_first.entry(phrase.split(' ').next().unwrap_or_default()).or_default().push((words, *feature));
        }
    }
    by_first
});

/// What a car has, each feature once, in the order of the list. What nobody says it has is not in it, and need not be missing.
#[must_use]
pub fn read(facts: &CarFacts, options: &str, description: &str) -> Vec<Feature> {
    let mut found: Vec<Feature> = Vec::new();
    for text in [facts.drivetrain.as_str(), &facts.trim, &facts.interior_color, options, description] {
        for clause in text.split(['.', ',', ';', '|', '\n', '\t', '(', ')', '•', '!', '?']).flat_map(|part| part.split("  ")) {
            let lower = clause.to_lowercase();
            let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(MOST_WORDS).collect();
            found.extend(said_in(&words));
        }
    }
    if found.contains(&Feature::PanoramicRoof) {
        found.push(Feature::Sunroof);
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn said_in(words: &[&str]) -> Vec<Feature> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let rest = words.get(at..).unwrap_or_default();
        for (phrase, feature) in BY_FIRST.get(word).into_iter().flatten().filter(|(phrase, _)| rest.starts_with(phrase)) {
            let before = at.checked_sub(1).and_then(|n| words.get(n));
            let behind = rest.get(phrase.len());
            let is_not = before.is_some_and(|w| NOT.contains(w)) || behind.is_some_and(|w| LEFT_OUT.contains(w));
            let is_no_seat = *feature == Feature::Leather && behind.is_some_and(|w| NOT_SEATS.contains(w));
            if !is_not && !is_no_seat {
                found.push(*feature);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Feature> {
        read(&CarFacts::default(), text, "")
    }

    #[test]
    fn equipment_is_found_in_the_words_of_every_sender() {
        for (text, features) in [
            ("Leather Seats,Power Moonroof,3rd Row Seating", vec![Feature::Leather, Feature::ThirdRow, Feature::Sunroof]),
            ("HEATED FRONT SEATS  TRAILER HITCH  REMOTE START", vec![Feature::HeatedSeats, Feature::RemoteStart, Feature::Tow]),
            ("Apple CarPlay/Android Auto", vec![Feature::CarPlay, Feature::AndroidAuto]),
            ("Captain’s chairs; Bird's-eye view camera", vec![Feature::CaptainsChairs, Feature::SurroundCamera]),
            ("Panoramic sunroof", vec![Feature::Sunroof, Feature::PanoramicRoof]),
            ("Heated Front Seat(s)|Cooled Front Seat(s)", vec![Feature::HeatedSeats, Feature::CooledSeats]),
            ("Bose® premium audio. Blind-Spot Monitor", vec![Feature::PremiumAudio, Feature::BlindSpot]),
            ("Adaptive Cruise Control, Lane Keep Assist", vec![Feature::AdaptiveCruise, Feature::LaneKeeping]),
        ] {
            assert_eq!(of(text), features, "{text}");
        }
    }

    #[test]
    fn what_a_text_denies_or_only_sounds_like_is_not_there() {
        for text in [
            "Leather-wrapped steering wheel",
            "leather shift knob",
            "Leatherette",
            "no sunroof",
            "Sunroof delete",
            "w/o navigation",
            "without leather",
            "Towing service available",
            "towel",
            "Navigator of the road",
            "Great 3 rowing machine",
        ] {
            assert_eq!(of(text), vec![], "{text}");
        }
    }

    #[test]
    fn how_it_is_driven_and_its_trim_count_too() {
        let facts = CarFacts { drivetrain: "4WD".into(), trim: "EX-L Navi".into(), interior_color: "Black leather".into(), ..CarFacts::default() };
        assert_eq!(read(&facts, "", ""), [Feature::AllWheelDrive, Feature::Leather, Feature::Navigation]);
    }

    #[test]
    fn every_feature_can_be_said() {
        let unsaid: Vec<_> = Feature::ALL.iter().filter(|f| !SAID.iter().any(|(said, _)| said == *f)).collect();
        assert!(unsaid.is_empty(), "{unsaid:?}");
    }
}
