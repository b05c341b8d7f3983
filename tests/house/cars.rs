//! What do the commands about cars say? `vin` and `value`: no data folder, one line a car, a sentence where something is wrong.

use crate::support::{Fails, Failure, Ran, program};
use serde_json::{Value, json};

fn headlight(args: &[&str]) -> Result<Ran, Failure> {
    let ran = program().args(args).output()?;
    Ok(Ran { code: ran.status.code(), out: String::from_utf8(ran.stdout)?, err: String::from_utf8(ran.stderr)? })
}

fn objects(out: &str) -> Result<Vec<Value>, Failure> {
    Ok(out.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

#[test]
fn each_number_of_a_file_gets_its_line() -> Fails {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("vins.txt").to_string_lossy().into_owned();
    std::fs::write(&file, b"\xef\xbb\xbf2hkrw2h88nh614882\r\n\n1HGCM82633AOO4352\n\"1FTEW1EP7MFA12345\"\n\x1b[2J\xff\xfe\nWVWZZZ1KZAW000001\n")?;
    let ran = headlight(&["vin", "--file", &file, "--json"])?;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said = objects(&ran.out)?;
    let valid: Vec<bool> = said.iter().filter_map(|car| car["valid"].as_bool()).collect();
    assert_eq!(valid, [true, false, false, false, false, true], "{}", ran.out);
    assert_eq!(
        said[0],
        json!({
            "vin": "2HKRW2H88NH614882", "valid": true, "reason": null, "year": 2022, "make": "Honda", "model": "CR-V", "trim": "EX-L",
            "series": null, "body": "SUV", "drive": "AWD", "fuel": "Gasoline", "cylinders": 4, "litres": 1.5, "suggestions": [],
        })
    );
    assert_eq!((&said[1]["vin"], &said[1]["reason"]), (&json!(""), &json!("it is empty")));
    assert_eq!(said[2]["suggestions"][0], "1HGCM82633A004352");
    assert_eq!((&said[3]["reason"], &said[3]["model"]), (&json!("its check digit, character 9, is 7 and should be 0"), &json!("F-150")));
    assert!(!ran.out.contains('\u{1b}'), "{}", ran.out);
    Ok(())
}

#[test]
fn a_number_is_told_in_a_line_for_a_person() -> Fails {
    let ran = headlight(&["vin", "2HKRW2H88NH614882", "1HGCM82633A004325"])?;
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], "2HKRW2H88NH614882  valid  2022  Honda CR-V  EX-L?  SUV  AWD  Gasoline  4 cylinders  1.5 L");
    assert!(lines[1].contains("not valid") && lines[1].contains("perhaps 1HGCM82633A004352"), "{}", lines[1]);
    assert_eq!(lines.len(), 2);
    Ok(())
}

#[test]
fn a_file_that_is_not_there_is_said_so() -> Fails {
    let ran = headlight(&["vin", "2HKRW2H88NH614882", "--file", "nowhere.txt", "--json"])?;
    assert_eq!(ran.code, Some(1));
    assert!(ran.json()["error"].as_str().is_some_and(|said| said.contains("nowhere.txt could not be read")), "{}", ran.out);
    assert_eq!(headlight(&["vin"])?.code, Some(2), "neither a number nor a file is wrong usage");
    Ok(())
}
