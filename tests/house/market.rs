//! By which sales does the store know what cars bring?

use crate::{
    equity::imported,
    support::{Fails, Rooftop},
};
use headlight::{
    domain::{import_run::ImportKind, money::Cents, time::DAY_MS, vehicle::CarFacts, vin::Vin},
    engine::equity::valuation::Subject,
    service::market,
};

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
        (6, "11/20/2026,Fay,Pike,207-555-0156,{},2020,Toyota,Corolla,40000,Cash,9900,,Cancelled,2HGFC2F59KH500056,2019,Honda,Civic,7000", 0),
    ] {
        let row = row.replace("{}", &format!("{sale}{n:02}"));
        imported(&rooftop, ImportKind::Deals, &format!("{HEADER}\n{n},{row}\n")).await?;
        count += counts;
        assert_eq!(market::fit(&rooftop.house.rooms, now).await?, count, "{row}");
    }
    assert_eq!(market::standing(&rooftop.house.rooms), (Some(now), count));
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
