//! Where are the cars in JSON? The first list of objects, at the top or under a name; nested values become cells by the names on the way.

use super::{EachRow, put};
use crate::formats::delimited::{Reader, Row};
use csv::StringRecord;
use serde_json::Value;

/// Most values read of one car.
const MOST_VALUES: usize = 2_000;

/// JSON has no lines to speak of: a row's line is its place in the list, from 1.
pub(super) fn each_row(text: &str, reader: &mut Reader<'_>, each: &mut EachRow<'_>) -> Result<(), String> {
    let file: Value =
        serde_json::from_str(text).map_err(|e| format!("The JSON breaks off or is damaged in line {}; nothing of it was taken.", e.line()))?;
    for (car, line) in cars(&file).unwrap_or_default().iter().zip(1..) {
        let mut cells = Vec::new();
        let mut left = MOST_VALUES;
        flatten(car, &mut Vec::new(), reader, &mut cells, &mut left);
        let cells = StringRecord::from(cells);
        each(reader, Row::new(line, &cells))?;
    }
    Ok(())
}

fn cars(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(list) if list.iter().any(Value::is_object) => Some(list),
        Value::Object(object) => object.values().find_map(cars),
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn flatten<'v>(value: &'v Value, path: &mut Vec<&'v str>, reader: &mut Reader<'_>, cells: &mut Vec<String>, left: &mut usize) {
    *left = left.saturating_sub(1);
    if *left == 0 {
        return;
    }
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                path.push(name);
                flatten(inner, path, reader, cells, left);
                path.pop();
            }
        }
        Value::Array(list) => {
            for inner in list {
                flatten(inner, path, reader, cells, left);
            }
        }
        Value::String(text) => put(reader, cells, path, text),
        Value::Number(number) => put(reader, cells, path, &number.to_string()),
        Value::Bool(yes) => put(reader, cells, path, if *yes { "true" } else { "false" }),
        Value::Null => {}
    }
}
