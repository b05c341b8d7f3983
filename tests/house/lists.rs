//! Are lists narrowed as asked, given out whole to whom may have them, and kept by name for whom they are?

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{domain::import_run::ImportKind, service::operator::Request};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn with_people() -> Result<Rooftop, Failure> {
    let rooftop = Rooftop::open().await?;
    let people = "customer number,first name,last name,phone,city,state\n\
        1,Dana,Whitfield,207-555-0148,Portland,ME\n2,Omar,Haddad,207-555-0149,Bangor,ME\n3,\"=cmd|' /C calc'\",Doe,207-555-0150,Portland,OR\n";
    let lot = "stock,vin,year,make,model,trim,body,price,miles,in stock date\n\
        24117,2HKRW2H8XNH614882,2022,Honda,CR-V,EX-L,SUV,27650,31480,2026-11-01\n24118,2HGFC2F59KH512345,2019,Honda,Civic,EX,Sedan,18995,52000,2026-08-01\n";
    for (kind, file, text) in [(ImportKind::Customers, "people.csv", people), (ImportKind::Inventory, "lot.csv", lot)] {
        rooftop.operate(Request::Import { kind: Some(kind), file: file.to_owned(), bytes: text.as_bytes().to_vec(), rehearse: false }).await?;
    }
    rooftop.settled().await?;
    Ok(rooftop)
}

fn names(page: &Value, field: &str) -> Vec<String> {
    page["items"].as_array().into_iter().flatten().filter_map(|row| row[field].as_str()).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_combine_and_a_word_nobody_knows_is_refused() -> Fails {
    let rooftop = with_people().await?;
    for (query, expected) in [
        ("place=portland", 2),
        ("place=portland%20me", 1),
        ("place=portland&q=dana", 1),
        ("touch=never", 3),
        ("touch=week", 0),
        ("card=open", 0),
        ("card=none&owner=none", 3),
        ("consent=text", 0),
        ("band=cool&sort=owner", 3),
        ("drives=honda", 0),
        ("tag=vip", 0),
    ] {
        assert_eq!(rooftop.get(&format!("/api/customers?{query}")).await?["total"], expected, "{query}");
    }
    for (query, expected) in [
        ("make=HONDA", 2),
        ("body=suv", 1),
        ("price=10k_20k", 1),
        ("price=20k_30k&year=2022", 1),
        ("price=20k_30k&year=2019", 0),
        ("age=over_90", 1),
        ("age=15_30&status=available", 1),
        ("watchers=none", 2),
        ("watchers=several", 0),
    ] {
        assert_eq!(rooftop.get(&format!("/api/vehicles?{query}")).await?["total"], expected, "{query}");
    }
    for path in ["/api/customers?touch=lately", "/api/customers?owner=dana", "/api/vehicles?price=cheap", "/api/vehicles?year=new"] {
        assert_eq!(asked(&rooftop, "GET", path, &rooftop.token, None).await?.status.as_u16(), 400, "{path}");
    }
    let choices = rooftop.get("/api/lot/choices").await?;
    assert_eq!(choices["makes"], json!([{ "value": "Honda", "count": 2 }]));
    assert_eq!(choices["years"], json!([{ "value": "2022", "count": 1 }, { "value": "2019", "count": 1 }]));
    assert_eq!(names(&rooftop.get("/api/vehicles?sort=miles").await?, "stock"), ["24117", "24118"]);
    assert_eq!(names(&rooftop.get("/api/vehicles?sort=price_high").await?, "stock"), ["24117", "24118"]);
    assert_eq!(names(&rooftop.get("/api/vehicles?sort=newest").await?, "stock"), ["24117", "24118"]);
    assert_eq!(names(&rooftop.get("/api/vehicles?sort=name").await?, "stock"), ["24118", "24117"]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_holds_what_the_filter_shows_and_only_managers_get_it() -> Fails {
    let rooftop = with_people().await?;
    let sheet = asked(&rooftop, "GET", "/api/customers.csv?place=portland&sort=name&limit=1", &rooftop.token, None).await?;
    assert_eq!(sheet.status.as_u16(), 200);
    assert_eq!(sheet.headers.get("content-disposition").and_then(|h| h.to_str().ok()), Some("attachment; filename=\"customers.csv\""));
    assert_eq!(sheet.headers.get("cache-control").and_then(|h| h.to_str().ok()), Some("no-store"));
    let text = String::from_utf8(sheet.body.to_vec())?;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "a head and all two, whatever the page: {text}");
    assert!(lines[0].starts_with("\u{feff}Name,Phone,Email,Place"), "{text}");
    assert!(lines[1].starts_with("'=cmd") || lines[1].starts_with("\"'=cmd"), "no formula: {text}");
    assert!(lines[2].starts_with("Dana Whitfield,(207) 555-0148,,\"Portland, ME\","), "{text}");

    let lot = asked(&rooftop, "GET", "/api/vehicles.csv?make=honda&sort=price", &rooftop.token, None).await?;
    assert!(String::from_utf8(lot.body.to_vec())?.contains("24118,2HGFC2F59KH512345,2019 Honda Civic EX,,Sedan,52000,18995.00,"));

    let rep = rooftop.sign_in("Jo Lindqvist").await?;
    for path in ["/api/customers.csv", "/api/vehicles.csv"] {
        assert_eq!(as_rep(&rooftop, "GET", path, &rep, None).await?.status.as_u16(), 403, "{path}");
    }
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_sheet_comes_whole() -> Fails {
    let rooftop = Rooftop::open().await?;
    let lines: Vec<String> = (0..1_201).map(|n| format!("{n},Pat,Doe{n},pat{n}@example.com\n")).collect();
    let people = format!("customer number,first name,last name,email\n{}", lines.concat());
    rooftop
        .operate(Request::Import { kind: Some(ImportKind::Customers), file: "people.csv".to_owned(), bytes: people.into_bytes(), rehearse: false })
        .await?;
    rooftop.settled().await?;
    let sheet = asked(&rooftop, "GET", "/api/customers.csv?sort=name", &rooftop.token, None).await?;
    let text = String::from_utf8(sheet.body.to_vec())?;
    let said: BTreeSet<&str> = text.lines().skip(1).collect();
    let total = rooftop.get("/api/customers").await?["total"].as_u64();
    assert_eq!((Some(said.len() as u64), total), (total, Some(text.lines().count() as u64 - 1)));
    assert!(said.len() > 1_000, "{}", said.len());
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_view_is_its_author_s_until_it_is_given_to_the_store() -> Fails {
    let rooftop = Rooftop::open().await?;
    let (jo, priya) = (rooftop.sign_in("Jo Lindqvist").await?, rooftop.sign_in("Priya Nair").await?);
    let view = |name: &str, shared: bool| json!({ "list": "customers", "name": name, "words": "touch=over_month&sort=quiet", "shared": shared });

    // The same key twice saves one.
    let added = as_rep(&rooftop, "POST", "/api/views", &jo, Some(&view(" Quiet  ones ", false))).await?;
    let again = as_rep(&rooftop, "POST", "/api/views", &jo, Some(&view(" Quiet  ones ", false))).await?;
    assert_eq!((added.status.as_u16(), again.status.as_u16()), (201, 201), "{:?}", again.json());
    assert_eq!((added.json()["name"].as_str(), &added.json()["id"]), (Some("Quiet ones"), &again.json()["id"]));
    let id = added.json()["id"].as_u64().ok_or("an id")?;
    let path = format!("/api/views/{id}");

    let seen = |cookie: String| {
        let rooftop = &rooftop;
        async move { Ok::<_, Failure>(names(&as_rep(rooftop, "GET", "/api/views", &cookie, None).await?.json(), "name")) }
    };
    assert_eq!(seen(jo.clone()).await?, ["Quiet ones"]);
    assert_eq!(seen(priya.clone()).await?, [""; 0]);
    // Who does not see it is told that there is none, and their removing of it removes nothing.
    assert_eq!(as_rep(&rooftop, "PUT", &path, &priya, Some(&view("Mine now", false))).await?.status.as_u16(), 404);
    assert_eq!(as_rep(&rooftop, "DELETE", &path, &priya, None).await?.status.as_u16(), 204);
    assert_eq!(seen(jo.clone()).await?, ["Quiet ones"]);

    assert_eq!(as_rep(&rooftop, "PUT", &path, &jo, Some(&view("The quiet", true))).await?.json()["shared"], true);
    assert_eq!((seen(jo.clone()).await?, seen(priya.clone()).await?), (vec!["The quiet".to_owned()], vec!["The quiet".to_owned()]));
    assert_eq!(as_rep(&rooftop, "PUT", &path, &priya, Some(&view("Mine now", true))).await?.status.as_u16(), 403);
    assert_eq!(as_rep(&rooftop, "DELETE", &path, &priya, None).await?.status.as_u16(), 403);

    for (name, words, status) in [(" ", "", 422), ("The QUIET", "", 409), ("Long", &"x".repeat(1_001), 422)] {
        let said = json!({ "list": "customers", "name": name, "words": words, "shared": true });
        assert_eq!(asked(&rooftop, "POST", "/api/views", &rooftop.token, Some(&said)).await?.status.as_u16(), status, "{name}");
    }
    assert_eq!(as_rep(&rooftop, "DELETE", &path, &jo, None).await?.status.as_u16(), 204);
    assert_eq!(as_rep(&rooftop, "DELETE", &path, &jo, None).await?.status.as_u16(), 204);
    assert_eq!(seen(jo.clone()).await?, [""; 0]);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_an_end_to_saved_views() -> Fails {
    let rooftop = Rooftop::open().await?;
    for n in 0..=50 {
        let said = json!({ "list": "vehicles", "name": format!("View {n}"), "words": "view=aging" });
        let status = asked(&rooftop, "POST", "/api/views", &rooftop.token, Some(&said)).await?.status.as_u16();
        assert_eq!(status, if n < 50 { 201 } else { 409 }, "{n}");
    }
    rooftop.close().await;
    Ok(())
}

async fn asked(rooftop: &Rooftop, method: &str, path: &str, token: &str, body: Option<&Value>) -> Result<Answered, Failure> {
    let auth = format!("Bearer {token}");
    let body = body.map(Value::to_string).unwrap_or_default();
    send(rooftop.lan, method, path, &[("authorization", &auth), ("content-type", "application/json")], body.as_bytes()).await
}

/// As our own page does it in somebody's browser; writes carry one key.
async fn as_rep(rooftop: &Rooftop, method: &str, path: &str, cookie: &str, body: Option<&Value>) -> Result<Answered, Failure> {
    let origin = format!("http://{}", rooftop.lan);
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut headers = vec![("cookie", cookie), ("origin", &origin), ("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    if method == "POST" {
        headers.push(("idempotency-key", "a-key-of-sixteen-letters"));
    }
    send(rooftop.lan, method, path, &headers, body.as_bytes()).await
}
