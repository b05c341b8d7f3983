//! Who is on which list of owners and what is left to do in finance, and who reads an amount there?

use crate::{
    equity::{DAY_MS, car, customer, imported, listed, say, store},
    support::{Fails, Failure, Rooftop, send},
};
use headlight::{
    domain::{ids::StaffId, import_run::ImportKind, staff::Role},
    service::{access, operator::Request},
    store::{Rows, tables},
};
use serde_json::{Value, json};

const HEADER: &str =
    "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Mileage,Deal Type,Sales Price,Amount Financed,APR,Term,Bank Name";

async fn sold(rooftop: &Rooftop, rows: &str) -> Fails {
    imported(rooftop, ImportKind::Deals, &format!("{HEADER}\n{rows}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_bought_within_the_year_is_on_no_list_of_equity() -> Fails {
    let rooftop = store().await?;
    sold(&rooftop, "9,11/20/2026,Olive,Brandt,207-555-0102,5YFBURHE5HP600001,2023,Toyota,Corolla,20000,Cash,19900,,,,\n").await?;
    assert_eq!(listed(&rooftop, "equity").await?, ["Marcus Chen"]);
    rooftop.clock.advance_ms(366 * DAY_MS);
    assert!(listed(&rooftop, "equity").await?.contains(&"Olive Brandt".to_owned()));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_equity_goes_by_what_the_store_said_of_the_car() -> Fails {
    let rooftop = store().await?;
    let (id, civic) = car(&rooftop, "Brandt").await?;
    assert_eq!(civic["worth"]["source"], "Usual prices, no sale of such a car here yet");
    assert!(listed(&rooftop, "equity").await?.contains(&"Olive Brandt".to_owned()));
    let opened = rooftop.post(&format!("/api/customers/{id}/appraisals"), &json!({ "vehicle": civic["vehicle_id"] })).await?.json();
    let written = rooftop
        .say_with(
            &[("if-match", "1")],
            "PUT",
            &format!("/api/appraisals/{}", opened["id"]),
            &json!({ "vin": opened["car"]["vin"], "year": 2019, "make": "Honda", "model": "Civic", "acv_cents": 90_000 }),
        )
        .await?;
    assert_eq!(written.status.as_u16(), 200, "{}", written.json());
    let (_, appraised) = car(&rooftop, "Brandt").await?;
    assert_eq!(
        (&appraised["worth"]["source"], &appraised["worth"]["middle_cents"], &appraised["worth"]["at_ms"]),
        (&json!("Appraised by the store"), &json!(90_000), &json!(rooftop.clock.now().0))
    );
    assert_eq!(listed(&rooftop, "equity").await?, ["Marcus Chen"]);
    // A season later nobody stands by it any more.
    rooftop.clock.advance_ms(121 * DAY_MS);
    assert!(listed(&rooftop, "equity").await?.contains(&"Olive Brandt".to_owned()));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn loans_leases_and_warranties_are_listed_before_their_end_and_not_after() -> Fails {
    let rooftop = store().await?;
    sold(
        &rooftop,
        "41,1/10/2022,Lia,Ender,207-555-0141,5YFBURHE5HP600041,2019,Toyota,Corolla,40000,Finance,19900,15000,6.9,60,First Bank\n\
         42,12/20/2023,Nia,Wexler,207-555-0142,5YFBURHE5HP600042,2024,Toyota,Corolla,12,Cash,24900,,,,\n",
    )
    .await?;
    assert_eq!(listed(&rooftop, "loan_end").await?, ["Lia Ender"]);
    assert_eq!(listed(&rooftop, "warranty").await?, ["Nia Wexler"], "a new car, three years old next month");
    rooftop.clock.advance_ms(60 * DAY_MS);
    assert_eq!((listed(&rooftop, "loan_end").await?, listed(&rooftop, "warranty").await?), (vec![], vec![]));
    assert_eq!(listed(&rooftop, "lease_end").await?, ["Ines Marlow"]);
    rooftop.clock.advance_ms(200 * DAY_MS);
    assert_eq!(listed(&rooftop, "lease_end").await?, Vec::<String>::new());
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn those_without_anybody_are_whoever_bought_here_and_has_nobody_who_still_works_here() -> Fails {
    let rooftop = store().await?;
    let order = "RO Number,Open Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Mileage,Customer Pay\n\
        950,5/24/2026,Sol,Reed,207-555-0150,5YFBURHE5HP600050,2018,Toyota,Corolla,54000,120\n";
    imported(&rooftop, ImportKind::RepairOrders, order).await?;
    assert_eq!(listed(&rooftop, "no_owner").await?.len(), 4, "Sol comes for service and bought elsewhere");
    let (id, jo) = (customer(&rooftop, "Chen").await?, rooftop.staff("Jo Lindqvist").await?);
    rooftop.post("/api/leads", &json!({ "customer": id, "road": "phone", "spoke": true, "to": jo })).await?;
    assert!(!listed(&rooftop, "no_owner").await?.contains(&"Marcus Chen".to_owned()));
    let jo = StaffId(jo);
    rooftop
        .house
        .rooms
        .store
        .write(move |tx| {
            let Some(mut left) = tx.get(tables::STAFF, &jo)? else { return Ok(()) };
            left.active = false;
            tx.put(tables::STAFF, &jo, &left)
        })
        .await?;
    rooftop.clock.advance_ms(DAY_MS);
    assert!(listed(&rooftop, "no_owner").await?.contains(&"Marcus Chen".to_owned()));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_see_what_is_owed_reads_no_amount_on_a_list_or_a_page() -> Fails {
    let rooftop = store().await?;
    let lot = "stock,vin,year,make,model,body,price,miles,status\n9001,1FTFW1E50PFA54321,2023,Ford,F-150,Pickup,38995,12000,available\n";
    imported(&rooftop, ImportKind::Inventory, lot).await?;
    rooftop.clock.advance_ms(60_000);
    listed(&rooftop, "equity").await?;
    let password_hash = access::hash_password("a password for tests").ok_or("a hash")?;
    rooftop.operate(Request::UserAdd { name: "Bea Dahl".to_owned(), role: Role::Bdc, password_hash }).await?;
    let bdc = rooftop.sign_in("Bea Dahl").await?;
    let (chen, verner) = (customer(&rooftop, "Chen").await?, customer(&rooftop, "Verner").await?);
    let lists = |kind: &str| format!("/api/opportunities?kind={kind}");
    for (path, place) in [
        (format!("/api/customers/{chen}/equity"), "/cars/0"),
        (format!("/api/customers/{verner}/equity"), "/cars/0"),
        (lists("equity"), "/items/0/car"),
        (lists("equity"), "/items/1/car"),
    ] {
        let hidden = send(rooftop.lan, "GET", &path, &[("cookie", &bdc)], b"").await?.json();
        let car = hidden.pointer(place).cloned().ok_or_else(|| format!("{path}: {hidden}"))?;
        for field in ["owed", "unclear", "lender", "left"] {
            assert_eq!(car[field], Value::Null, "{field} of {path}: {car}");
        }
        assert_eq!((&car["matches"], car["talk"].to_string().contains('$')), (&json!([]), false), "{path}");
    }
    let seen = car(&rooftop, "Chen").await?.1;
    assert!(seen["lender"].is_string() && seen["matches"].as_array().is_some_and(|m| !m.is_empty()), "{seen}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn finance_is_asked_only_for_what_a_deal_of_its_kind_lacks() -> Fails {
    let rooftop = store().await?;
    let header =
        format!("{HEADER},First Pay Date,Residual Amount,Allowed Miles,Monthly Payment,Trade 1 VIN,Trade 1 Make,Trade 1 Model,Trade 1 Payoff");
    let rows = "51,11/20/2026,Ana,Pike,207-555-0151,5YFBURHE5HP600051,2020,Toyota,Corolla,40000,BHPH,9900,8000,24.9,36,,,,,,,,,\n\
        52,11/20/2026,Ben,Pike,207-555-0152,5YFBURHE5HP600052,2024,Toyota,Corolla,10,Lease,24900,24000,,36,Bank,,,,400,,,,\n\
        53,11/20/2026,Cy,Pike,207-555-0153,5YFBURHE5HP600053,2020,Toyota,Corolla,40000,Cash,9900,,,,,,,,,,Ford,Focus,2500\n\
        54,11/20/2026,Di,Pike,207-555-0154,5YFBURHE5HP600054,2020,Toyota,Corolla,40000,Cash,9900,,,,,,,,,2HGFC2F59KH500054,Honda,Civic,0\n\
        55,11/20/2026,Ed,Pike,207-555-0155,5YFBURHE5HP600055,2020,Toyota,Corolla,40000,Finance,9900,8000,6.9,48,Bank,12/20/2026,,,,,,,\n\
        56,11/20/2026,Fay,Pike,207-555-0156,5YFBURHE5HP600056,2020,Toyota,Corolla,40000,Wholesale,9900,,,,,,,,,,Ford,Focus,2500\n\
        57,9/10/2026,Gus,Pike,207-555-0157,5YFBURHE5HP600057,2020,Toyota,Corolla,40000,Finance,9900,8000,,,,,,,,,,,\n\
        58,11/20/2026,Ida,Pike,207-555-0158,5YFBURHE5HP600058,2020,Toyota,Corolla,40000,Cash,9900,,,,,,,,,2HGFC2F59KH500058,Honda,Civic,6200\n";
    imported(&rooftop, ImportKind::Deals, &format!("{header}\n{rows}")).await?;
    let row = async |number: &str| -> Result<Value, Failure> {
        let list = rooftop.get("/api/finance").await?;
        Ok(list["items"].as_array().into_iter().flatten().find(|r| r["deal"] == number).cloned().unwrap_or_default())
    };
    for (number, missing) in [
        ("51", Value::Null),
        ("52", json!(["residual", "miles allowed"])),
        ("53", json!(["VIN of the trade"])),
        ("54", Value::Null),
        ("55", Value::Null),
        ("56", Value::Null),
        ("57", Value::Null),
        ("58", json!([])),
    ] {
        let row = row(number).await?;
        assert_eq!(row["missing"], missing, "{number}: {row}");
    }
    // A lender who was asked need not be asked again.
    let to_verify = row("58").await?["payoffs"][0].clone();
    assert_eq!((&to_verify["said_cents"], to_verify["vehicle_id"].is_u64()), (&json!(620_000), true), "{to_verify}");

    let ida = customer(&rooftop, "Ida Pike").await?;
    let path = format!("/api/customers/{ida}/vehicles/{}/payoff", to_verify["vehicle_id"]);
    let asked = say(&rooftop, "PUT", &path, &json!({ "amount_cents": 615_000, "from": "The bank, by phone" })).await?;
    assert_eq!((asked.status.as_u16(), row("58").await?), (200, Value::Null), "{}", asked.json());

    // Whoever sits in the office now stands there before there is a deal.
    let visit = rooftop.post("/api/visits", &json!({ "customer": customer(&rooftop, "Verner").await? })).await?.json();
    rooftop.post(&format!("/api/visits/{}/steps", visit["id"]), &json!({ "step": "finance_turnover", "done": true })).await?;
    let first = rooftop.get("/api/finance").await?["items"][0].clone();
    assert_eq!((&first["customer"]["name"], &first["deal"], first["handed_by"].is_string()), (&json!("Otis Verner"), &Value::Null, true), "{first}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_of_a_lender_goes_back_to_the_one_before_it_and_no_further() -> Fails {
    let rooftop = store().await?;
    let (id, accord) = car(&rooftop, "Verner").await?;
    let path = format!("/api/customers/{id}/vehicles/{}/payoff", accord["vehicle_id"]);
    for cents in [100_000, 90_000, 80_000] {
        say(&rooftop, "PUT", &path, &json!({ "amount_cents": cents })).await?;
    }
    let mut stood = Vec::new();
    for _ in 0..2 {
        say(&rooftop, "DELETE", &path, &json!({})).await?;
        stood.push(car(&rooftop, "Verner").await?.1["owed"]["balance_cents"].clone());
    }
    assert_eq!(stood, [json!(90_000), Value::Null]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_came_to_counts_no_car_for_another_dealer_and_makes_no_nought_of_what_nobody_said() -> Fails {
    let rooftop = store().await?;
    let id = customer(&rooftop, "Verner").await?;
    let path = format!("/api/customers/{id}/equity");
    let before = rooftop.get(&path).await?["lifecycle"].clone();
    assert_eq!(
        (&before["bought"], &before["gross_cents"], &before["customer_pay_cents"]),
        (&json!(1), &Value::Null, &Value::Null),
        "unknown is not nought"
    );
    sold(&rooftop, "61,11/20/2026,Otis,Verner,207-555-0104,5YFBURHE5HP600061,2017,Toyota,Corolla,40000,Wholesale,5000,,,,\n").await?;
    assert_eq!(rooftop.get(&path).await?["lifecycle"]["bought"], 1);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_that_nobody_told_of_is_no_empty_one() -> Fails {
    let rooftop = store().await?;
    let kinds = async |last: &str| -> Result<String, Failure> { Ok(car(&rooftop, last).await?.1["talk"]["reasons"].to_string()) };
    assert!(!kinds("Brandt").await?.contains("we_need_it"));
    let lot = "stock,vin,year,make,model,body,price,miles,status\n9001,1FTFW1E50PFA54321,2023,Ford,F-150,Pickup,38995,12000,available\n";
    imported(&rooftop, ImportKind::Inventory, lot).await?;
    rooftop.clock.advance_ms(60_000);
    assert!(kinds("Brandt").await?.contains("none is on the lot"));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_speaks_for_a_month_and_work_that_was_not_done_for_a_year() -> Fails {
    let rooftop = store().await?;
    let of = async || Ok::<_, Failure>(car(&rooftop, "Chen").await?.1);
    assert!(of().await?["talk"]["reasons"].to_string().contains("big_repair"));
    rooftop.clock.advance_ms(31 * DAY_MS);
    let later = of().await?;
    assert!(!later["talk"]["reasons"].to_string().contains("big_repair"), "{later}");
    assert_eq!((&later["declined"], listed(&rooftop, "declined").await?), (&json!(["Rear tires"]), vec!["Marcus Chen".to_owned()]));
    rooftop.clock.advance_ms(335 * DAY_MS);
    assert_eq!((&of().await?["declined"], listed(&rooftop, "declined").await?), (&json!([]), vec![]));
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_financed_deal_without_a_figure_is_unclear_and_not_paid() -> Fails {
    let rooftop = store().await?;
    sold(&rooftop, "62,11/20/2025,Ivo,Lund,207-555-0162,5YFBURHE5HP600062,2017,Toyota,Corolla,40000,Finance,9900,,,,\n").await?;
    let (_, corolla) = car(&rooftop, "Lund").await?;
    assert_eq!((&corolla["owed"], &corolla["left"], corolla["unclear"].is_string()), (&Value::Null, &Value::Null, true), "{corolla}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_car_that_is_on_hold_is_offered_to_nobody_for_about_their_payment() -> Fails {
    let rooftop = store().await?;
    for (status, offered) in [("hold", 0), ("available", 1)] {
        let lot = format!("stock,vin,year,make,model,body,price,miles,status\n9001,1FTFW1E50PFA54321,2023,Ford,F-150,Pickup,38995,12000,{status}\n");
        imported(&rooftop, ImportKind::Inventory, &lot).await?;
        rooftop.clock.advance_ms(60_000);
        let truck = car(&rooftop, "Chen").await?.1;
        assert_eq!(truck["matches"].as_array().map(Vec::len), Some(offered), "{status}: {truck}");
    }
    rooftop.close().await;
    Ok(())
}
