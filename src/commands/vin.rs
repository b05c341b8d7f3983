//! What does a VIN say? One line a number, from the table inside the program: no data folder, no network.

use super::Out;
use crate::{
    domain::vin::Vin,
    engine::cars::{self, Decoded},
};
use anyhow::Context;
use std::{fs, path::PathBuf};

pub(super) struct Wish {
    pub(super) vins: Vec<String>,
    pub(super) file: Option<PathBuf>,
}

pub(super) fn decode(wish: &Wish, out: Out) -> anyhow::Result<()> {
    let file = wish.file.as_ref().map(|file| fs::read(file).with_context(|| format!("{} could not be read", file.display()))).transpose()?;
    for vin in &wish.vins {
        say(vin, out);
    }
    for line in String::from_utf8_lossy(&file.unwrap_or_default()).trim_start_matches('\u{feff}').lines() {
        say(line, out);
    }
    Ok(())
}

fn say(written: &str, out: Out) {
    let written = written.trim().trim_matches(['"', ',']);
    let (vin, fault) = match Vin::read(written) {
        Ok(vin) => {
            let fault = vin.fault();
            (Some(vin), fault)
        }
        Err(fault) => (None, Some(fault)),
    };
    let shown = vin.as_ref().map_or_else(|| printable(written), |vin| vin.as_str().to_owned());
    let car = vin.as_ref().map(cars::decode).unwrap_or_default();
    let meant: Vec<Vin> = if fault.is_some() { cars::suggestions(written) } else { vec![] };
    let meant: Vec<&str> = meant.iter().map(Vin::as_str).collect();
    let mut line = format!("{shown}  {}", if fault.is_none() { "valid" } else { "not valid" });
    for part in parts(&car) {
        line.push_str("  ");
        line.push_str(&part);
    }
    if let Some(fault) = &fault {
        let perhaps = if meant.is_empty() { String::new() } else { format!("; perhaps {}", meant.join(", ")) };
        line = format!("{line}  ({fault}{perhaps})");
    }
    out.line(&line);
    out.json(&serde_json::json!({
        "vin": shown, "valid": fault.is_none(), "reason": fault.map(|f| f.to_string()),
        "year": car.year, "make": said(&car.make), "model": said(&car.model), "trim": said(&car.trims.join(" / ")), "series": said(&car.series),
        "body": said(&car.body), "drive": said(&car.drivetrain), "fuel": said(&car.fuel), "cylinders": car.cylinders,
        "litres": car.deciliters.map(|d| f64::from(d) / 10.0), "suggestions": meant,
    }));
}

fn said(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// What is known, in the order in which people name it. The trim carries a question mark: it is a hint.
fn parts(car: &Decoded) -> Vec<String> {
    let trim = car.trims.join(" / ");
    let parts = [
        car.year.map(|y| y.to_string()).unwrap_or_default(),
        format!("{} {}", car.make, car.model).trim().to_owned(),
        if trim.is_empty() { trim } else { format!("{trim}?") },
        car.body.clone(),
        car.drivetrain.clone(),
        car.fuel.clone(),
        car.cylinders.map(|n| format!("{n} cylinders")).unwrap_or_default(),
        car.deciliters.map(|d| format!("{}.{} L", d / 10, d % 10)).unwrap_or_default(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// What somebody wrote, with nothing in it that a terminal would obey, and no longer than a line.
fn printable(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('\u{2026}');
    }
    shown
}
