//! By which sales does the store know what cars bring?

use crate::{
    equity::imported,
    support::{Fails, Failure, Rooftop},
};
use headlight::{
    domain::{change::Changed, import_run::ImportKind, money::Cents, time::DAY_MS, vehicle::CarFacts, vin::Vin},
    engine::equity::valuation::Subject,
    service::market,
    store::{Rows, Span, tables},
};
use serde_json::{Value, json};

const HEADER: &str = "Deal Number,Sold Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Mileage,Deal Type,Sales Price,Front Gross,Deal Status,Trade 1 VIN,Trade 1 Year,Trade 1 Make,Trade 1 Model,Trade 1 Actual Cash Value";

#[tokio::test]
async fn it_counts_what_was_sold_and_taken_in_within_two_years_and_nothing_else() -> Fails {
    let rooftop = Rooftop::open().await?;
    let now = rooftop.clock.now();
    let sale = "5YFBURHE5HP6000";
    let mut count = 0;
    for (n, row, counts) in [
        (1, "11/20/2026,Ana,Pike,207-555-0151,{},2020,Toyota,Corolla,40000,Cash,9900,900,,,,,,", 1),
        (2, "11/20/2026,Ben,Pike,207-555-0152,{},2020,Toyota,Corolla,40000,Cash,9900,,,2HGFC2F59KH500054,2019,Honda,Civic,7000", 2),
        (3, "11/20/2026,Cy,Pike,207-555-0153,{},2020,Toyota,Corolla,40000,Cash,9900,,,2HGFC2F59KH500055,2019,Honda,Civic,", 1),
        (4, "11/20/2024,Di,Pike,207-555-0154,{},2020,Toyota,Corolla,40000,Cash,9900,,,,,,,", 0),
        (5, "11/20/2026,Ed,Pike,207-555-0155,{},2020,Toyota,Corolla,40000,Wholesale,9900,,,,,,,", 0),
        (7, "11/20/2026,Gus,Pike,207-555-0157,,,Toyota,Corolla,40000,Cash,9900,900,,,,,,", 0),
        (6, "11/20/2026,Fay,Pike,207-555-0156,{},2020,Toyota,Corolla,40000,Cash,9900,,Cancelled,2HGFC2F59KH500056,2019,Honda,Civic,7000", 0),
    ] {
        let row = row.replace("{}", &format!("{sale}{n:02}"));
        imported(&rooftop, ImportKind::Deals, &format!("{HEADER}\n{n},{row}\n")).await?;
        count += counts;
        assert_eq!(market::fit(&rooftop.house.rooms, now).await?, count, "{row}");
    }
    assert_eq!(market::standing(&rooftop.house.rooms), (Some(now), count));
    let newest = rooftop.house.rooms.store.read()?.last(tables::CHANGES, &Span::all(), 1)?.pop().map(|(_, what)| what);
    assert_eq!(newest, Some(Changed::Market), "whoever shows a value hears that it may be another");
    let stale = |hours: i64| market::is_stale(&rooftop.house.rooms, now.plus_ms(hours * DAY_MS / 24));
    assert_eq!((stale(23), stale(24)), (false, true));
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn a_car_brings_what_the_store_had_in_it_and_not_what_it_asked() -> Fails {
    for (gross, dollars) in [("6000", 12_000), ("", 15_840)] {
        let rooftop = Rooftop::open().await?;
        let row =
            |n: u32| format!("{n},11/1/2026,Reader{n},Pike,207-555-01{n:02},5YFBURHE5HP6{n:05},2017,Toyota,Corolla,60000,Cash,18000,{gross},,,,,,\n");
        imported(&rooftop, ImportKind::Deals, &format!("{HEADER}\n{}", (10..70).map(row).collect::<String>())).await?;
        let now = rooftop.clock.now();
        assert_eq!(market::fit(&rooftop.house.rooms, now).await?, 60);
        let facts = CarFacts { year: Some(2017), make: "Toyota".into(), model: "Corolla".into(), odometer_mi: Some(60_000), ..CarFacts::default() };
        let day = i32::try_from(now.0 / DAY_MS)?;
        let value = market::of(&rooftop.house.rooms)
            .value(&Subject::of(&facts, Vin::parse("5YFBURHE5HP600010").as_ref()).sold(None, Some(day)))
            .ok_or("a value")?;
        assert!((value.middle.0 - Cents(dollars * 100).0).abs() < 80_000, "{gross}: {value:?}");
        rooftop.close().await;
    }
    Ok(())
}

#[tokio::test]
async fn a_price_on_the_lot_stands_beside_what_such_cars_were_sold_for_here() -> Fails {
    let rooftop = Rooftop::open().await?;
    let sold = |n: u32| format!("{n},11/1/2026,Reader{n},Pike,207-555-01{n:02},5YFBURHE5HP6{n:05},2017,Toyota,Corolla,60000,Cash,16000,2400,,,,,,\n");
    imported(&rooftop, ImportKind::Deals, &format!("{HEADER}\n{}", (10..70).map(sold).collect::<String>())).await?;
    let lot = "stock,vin,year,make,model,miles,price,status\n\
        1,5YFBURHE5HP600210,2017,Toyota,Corolla,60000,14400,available\n\
        2,5YFBURHE5HP600211,2017,Toyota,Corolla,60000,17600,available\n\
        3,5YFBURHE5HP600212,2017,Toyota,Corolla,60000,,available\n\
        4,1FTFW1E55HFA12345,2017,Ford,F-150,60000,22000,available\n";
    imported(&rooftop, ImportKind::Inventory, lot).await?;
    let order = async |sort: &str| -> Result<Vec<Value>, Failure> {
        let lot = rooftop.get(&format!("/api/vehicles?sort={sort}&limit=10")).await?;
        Ok(lot["items"].as_array().into_iter().flatten().map(|car| json!([car["stock"], car["of_market"]["percent"]])).collect())
    };
    assert!(order("of_market").await?.iter().all(|car| car[1].is_null()), "before the store's own sales are fitted nothing is known");
    market::fit(&rooftop.house.rooms, rooftop.clock.now()).await?;
    let percents: Vec<i64> = order("of_market").await?.iter().filter_map(|car| car[1].as_i64()).collect();
    assert!(percents.len() == 2 && (88..=92).contains(&percents[0]) && (108..=112).contains(&percents[1]), "{percents:?}");
    let stocks = |order: Vec<Value>| order.into_iter().map(|car| car[0].clone()).collect::<Vec<_>>();
    assert_eq!(stocks(order("of_market").await?), ["1", "2", "3", "4"], "lowest first, what is not known last");
    assert_eq!(stocks(order("of_market_high").await?)[..2], ["2", "1"]);

    let lot = rooftop.get("/api/vehicles?sort=of_market&limit=1").await?;
    rooftop.clock.advance_ms(30 * DAY_MS);
    let page = rooftop.get(&format!("/api/vehicles/{}", lot["items"][0]["id"])).await?;
    let band = page["market_by_day"].as_array().ok_or("a band")?;
    assert_eq!((band.len(), page["of_market"]["sales"].as_u64()), (7, Some(60)));
    let (first, last) = (&band[0], &band[6]);
    assert!(first["high_cents"].as_i64() > last["high_cents"].as_i64(), "it ages while it waits: {band:?}");
    assert_eq!(last["low_cents"], page["of_market"]["low_cents"]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test]
async fn a_car_whose_miles_the_deal_leaves_out_was_not_sold_with_those_it_has_today() -> Fails {
    let rooftop = Rooftop::open().await?;
    let vin = |n: u32| format!("5YFBURHE5HP6{n:05}");
    let sold = |n: u32| format!("{n},3/1/2026,Reader{n},Pike,207-555-01{n:02},{},2017,Toyota,Corolla,,Cash,16000,2400,,,,,,\n", vin(n));
    imported(&rooftop, ImportKind::Deals, &format!("{HEADER}\n{}", (10..70).map(sold).collect::<String>())).await?;
    let value = async || {
        let now = rooftop.clock.now();
        market::fit(&rooftop.house.rooms, now).await?;
        let facts = CarFacts { year: Some(2017), make: "Toyota".into(), model: "Corolla".into(), odometer_mi: Some(60_000), ..CarFacts::default() };
        let subject = Subject::of(&facts, Vin::parse(&vin(10)).as_ref()).sold(None, i32::try_from(now.0 / DAY_MS).ok());
        Ok::<i64, Failure>(market::of(&rooftop.house.rooms).value(&subject).ok_or("a value")?.middle.0)
    };
    let before = value().await?;
    let header = "RO Number,Open Date,First Name,Last Name,Cell Phone,VIN,Year,Make,Model,Mileage,Customer Pay";
    let served = |n: u32| format!("{n},11/1/2026,Reader{n},Pike,207-555-01{n:02},{},2017,Toyota,Corolla,145000,80\n", vin(n));
    imported(&rooftop, ImportKind::RepairOrders, &format!("{header}\n{}", (10..70).map(served).collect::<String>())).await?;
    assert_eq!(value().await?, before);
    rooftop.close().await;
    Ok(())
}
