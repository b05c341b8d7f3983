//! What do the commands about cars say? `vin` and `value`: no data folder, one line a car, a sentence where something is wrong.

use crate::support::{Fails, Failure, Ran, Rooftop, program};
use headlight::{domain::import_run::ImportKind, service::operator::Request};
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

/// A table of made-up sales: prices fall an eighth a year, and no two cars are quite alike.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "years and miles out of dice")]
fn made_up_sales(rows: u32, shift: u32) -> String {
    let mut table = String::from("year,make,model,mileage,price,date\n");
    for n in 0..rows {
        let chance = |salt: u32| f64::from((n * 7 + shift + salt).wrapping_mul(2_654_435_761) >> 12) / f64::from(1 << 20);
        let year = 2012 + (chance(1) * 12.0) as u32;
        let age = 2025.0 - f64::from(year);
        let (make, model, new) = [("Honda", "Civic", 24e3), ("Ford", "F-150", 50e3), ("Toyota", "Camry", 28e3)][(chance(2) * 3.0) as usize % 3];
        let noise = (chance(3) + chance(4) + chance(5) - 1.5) * 0.3;
        let price = new * (-0.125 * age + noise).exp();
        let miles = (12e3 * age) as u32;
        table = format!("{table}{year},{make},{model},{miles},\"${price:.0}\",2024-{:02}-15\n", 1 + n % 12);
    }
    table
}

fn evaluated(fit: &str, judge: &str) -> Result<(Ran, tempfile::TempDir), Failure> {
    let folder = tempfile::tempdir()?;
    let (a, b) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
    std::fs::write(&a, fit)?;
    std::fs::write(&b, judge)?;
    let ran = headlight(&["value", "evaluate", "--fit", &a.to_string_lossy(), "--judge", &b.to_string_lossy(), "--json"])?;
    Ok((ran, folder))
}

#[test]
fn values_are_measured_by_sales_they_have_not_seen() -> Fails {
    let judge = format!(
        "{}2019,Honda,Civic,1,-5,\n2019,Honda,Civic,999999,call,\n,Honda,Civic,1,5000,\n2018,Yugo,Koral,80000,4000,\n",
        made_up_sales(600, 31)
    );
    let (ran, _folder) = evaluated(&made_up_sales(900, 0), &judge)?;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said = ran.json();
    assert_eq!((&said["n"], &said["n_unvalued"], &said["n_fit"]), (&json!(601), &json!(3), &json!(900)), "{said}");
    assert_eq!(
        said["unvalued"],
        json!({"neither the row nor its VIN says a model year": 1, "no price is readable": 1, "the price is not above zero": 1})
    );
    let number = |name: &str| said[name].as_f64().unwrap_or(f64::NAN);
    assert!(number("median_ape") < 0.12 && number("mape") < 0.2, "{said}");
    assert!((0.72..=0.88).contains(&number("coverage80")) && said["seconds"].is_number(), "{said}");
    Ok(())
}

#[test]
fn a_table_that_is_none_of_sales_is_told_what_it_lacks() -> Fails {
    let sales = made_up_sales(20, 0);
    for (fit, judge, words) in [
        ("", sales.as_str(), "a.csv: The file is empty."),
        ("year,make,model\n2019,Honda,Civic\n", &sales, "a.csv: It has no column with a price"),
        ("year,price\n", &sales, "could be fitted: there are no rows under the header"),
        ("year,price\n2019,-4\n2018,0\n", &sales, "could be fitted: 2 rows, the price is not above zero"),
        (&sales, "make,price\nHonda,4000\n", "b.csv: It has no column with a VIN or a model year"),
        (&sales, "year,price\n2019,\n", "could be judged: 1 rows, no price is readable"),
    ] {
        let (ran, _folder) = evaluated(fit, judge)?;
        let sentence = ran.json()["error"].as_str().unwrap_or_default().to_owned();
        assert!(ran.code == Some(1) && sentence.contains(words), "{words}: {sentence}");
    }
    let (ran, _folder) = evaluated("year,price\n2019,9000\n", "year,price\n2018,8000\n")?;
    assert_eq!((ran.code, &ran.json()["n"]), (Some(0), &json!(1)), "one sale is enough to say something: {}", ran.err);
    Ok(())
}

/// The folder is named by HEADLIGHT_REAL_DATA; it is not part of the project.
#[test]
fn real_auctions_are_valued_as_promised() -> Fails {
    let Some(folder) = std::env::var_os("HEADLIGHT_REAL_DATA").map(std::path::PathBuf::from) else {
        eprintln!("skipped: HEADLIGHT_REAL_DATA is not set");
        return Ok(());
    };
    let text = std::fs::read_to_string(folder.join("vehicles/auction_mmr_toyota_camry.csv"))?;
    let (header, rows) = text.split_once('\n').ok_or("a header")?;
    let month = |row: &str| {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul"];
        let date = row.rsplit(',').next().unwrap_or_default();
        let word = |n: usize| date.split(' ').nth(n).unwrap_or_default().to_owned();
        let place = months.iter().position(|m| *m == word(1)).unwrap_or_default();
        (word(3), place, word(2))
    };
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.sort_by_key(|row| month(row));
    for share in [5, 7, 9] {
        let (earlier, later) = rows.split_at(rows.len() * share / 10);
        let table = |rows: &[&str]| format!("{header}\n{}\n", rows.join("\n"));
        let (ran, _folder) = evaluated(&table(earlier), &table(later))?;
        let said = ran.json();
        eprintln!("first {share} of ten fitted: {said}");
        let good = said["median_ape"].as_f64() < Some(0.10) && (0.75..=0.85).contains(&said["coverage80"].as_f64().unwrap_or_default());
        assert!(ran.code == Some(0) && good, "{share}: {said} {}", ran.err);
    }
    Ok(())
}

async fn bring(rooftop: &Rooftop, file: &str) -> Fails {
    let request = Request::Import { kind: Some(ImportKind::Inventory), rehearse: false, file: "lot.csv".to_owned(), bytes: file.into() };
    rooftop.operate(request).await?;
    rooftop.settled().await
}

#[tokio::test]
async fn a_car_that_came_by_its_number_alone_is_known_until_somebody_says_otherwise() -> Fails {
    let rooftop = Rooftop::open().await?;
    bring(&rooftop, "stock,vin,price\n24117,2HKRW2H88NH614882,27650\n24118,1FTEW1EP7MFA12345,31000\n").await?;
    let lot = rooftop.get("/api/vehicles").await?;
    let of = |stock: &str| lot["items"].as_array().and_then(|cars| cars.iter().find(|car| car["stock"] == stock)).cloned().unwrap_or_default();
    let (known, doubtful) = (of("24117"), of("24118"));
    assert_eq!((&known["label"], &known["body"]), (&json!("2022 Honda CR-V"), &json!("SUV")), "{lot}");
    assert_eq!(doubtful["label"], "Vehicle without a description", "its digit fails, so it may be another car's: {lot}");
    let page = rooftop.get(&format!("/api/vehicles/{}", known["id"])).await?;
    assert_eq!((&page["trim"], &page["trim_hint"], &page["drivetrain"]), (&Value::Null, &json!("EX-L"), &json!("AWD")), "{page}");
    bring(&rooftop, "stock,vin,price,model,trim,body\n24117,2HKRW2H88NH614882,27650,CR-V AWD,EX-L Navi,Crossover\n").await?;
    let page = rooftop.get(&format!("/api/vehicles/{}", known["id"])).await?;
    assert_eq!((&page["label"], &page["body"]), (&json!("2022 Honda CR-V AWD EX-L Navi"), &json!("Crossover")), "{page}");
    assert_eq!((&page["trim"], &page["trim_hint"]), (&json!("EX-L Navi"), &Value::Null), "{page}");
    Ok(())
}
