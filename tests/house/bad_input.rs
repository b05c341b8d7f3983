//! What if it is not what it claims to be? A clear status and sentence, little work, nothing lost, the next request unaffected.

use crate::support::{Answered, Fails, Failure, Rooftop, send};
use headlight::{
    domain::{import_run::ImportKind, time::DAY_MS},
    service::{
        access,
        operator::{Reply, Request},
    },
    store::{Rows, Span, tables},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Said in every bad body, and never by an answer.
const SECRET: &str = "Dana Whitfield, dana.w@example.com, 207-555-0148";
/// What any one bad body may cost, on a busy machine and without optimisation.
const PATIENCE: Duration = Duration::from_secs(5);

fn adf(id: &str, name: &str, comments: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><adf><prospect><id source="Bad day">{id}</id><vehicle><year>2021</year><make>Subaru</make><model>Outback</model></vehicle>
        <customer><contact><name part="full">{name}</name><email>{id}@example.com</email></contact><comments>{comments}</comments></customer></prospect></adf>"#
    )
}

/// Good requests go on as if nothing had been.
async fn all_is_well(rooftop: &Rooftop, after: &str) -> Fails {
    let id: String = after.chars().filter(char::is_ascii_alphanumeric).collect();
    let lead = rooftop.from_outside("/leads/adf", adf(&id, "Wren Good", "").as_bytes()).await?;
    assert_eq!(lead.status.as_u16(), 201, "a good lead after {after}: {}", text(&lead));
    let look = json!({ "client_id": id, "event": "asc_pageview" }).to_string();
    let looked = rooftop.from_outside("/collect", look.as_bytes()).await?;
    assert_eq!((looked.status.as_u16(), &looked.json()["taken"]), (202, &json!(1)), "a good look after {after}");
    Ok(())
}

fn text(answered: &Answered) -> String {
    String::from_utf8_lossy(&answered.body).into_owned()
}

/// The status, a sentence, and nothing of what was sent.
fn check_refusal(what: &str, answered: &Answered, status: u16) {
    let said = text(answered);
    assert_eq!(answered.status.as_u16(), status, "{what}: {said}");
    for secret in SECRET.split(", ") {
        assert!(!said.contains(secret), "{what} repeats what was sent: {said}");
    }
    if status >= 400 {
        let problem = answered.json();
        assert_eq!(problem["status"], status, "{what}: {said}");
        assert!(problem["detail"].as_str().is_some_and(|sentence| sentence.ends_with('.')), "{what}: {said}");
    }
}

fn laughs() -> String {
    let entities = (1..10).fold(String::from("<!ENTITY l0 \"ha\">"), |mut text, n| {
        let _ = write!(text, "<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10));
        text
    });
    format!("<?xml version=\"1.0\"?><!DOCTYPE adf [{entities}]>{}", adf("laughs", "&l9;", "&l9;"))
}

fn attributes(many: usize) -> String {
    let attributes = (0..many).fold(String::new(), |mut text, n| {
        let _ = write!(text, " a{n}=\"{n}\"");
        text
    });
    adf("attributes", "Wren Wide", "").replace("<prospect>", &format!("<prospect{attributes}>"))
}

fn nested_parts(many: usize) -> String {
    (0..many).fold(String::new(), |mut text, n| {
        let _ = write!(text, "Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n");
        text
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_lead_is_set_aside_or_refused_with_a_sentence() -> Fails {
    let rooftop = Rooftop::open().await?;
    let whole = adf("truncated", "Wren Short", SECRET);
    let external = format!("<!DOCTYPE adf [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", adf("outside", "Wren &x;", "&x;"));
    let table: Vec<(&str, Vec<u8>, &[u16])> = vec![
        ("an empty body", vec![], &[400]),
        ("a body of blanks", b" \r\n\t".to_vec(), &[202]),
        ("plain words", SECRET.into(), &[200, 201, 202]),
        ("half a document", whole[..whole.len() / 2].into(), &[201, 202]),
        ("an opening alone", b"<adf>".to_vec(), &[202]),
        ("bytes of nothing", vec![0; 100_000], &[202]),
        ("bytes of a picture", (0..=255).cycle().take(200_000).collect(), &[202]),
        ("a billion laughs", laughs().into(), &[201, 202]),
        ("a file from outside", external.into(), &[201, 202]),
        ("a hundred thousand attributes", attributes(100_000).into(), &[201, 202]),
        ("a deep document", format!("{}{}", "<adf>".repeat(200_000), "x").into(), &[202]),
        ("many customers", format!("<adf>{}", "<prospect><customer><contact>".repeat(60_000)).into(), &[202]),
        ("many ampersands", adf("ampersands", "Wren Amp", &"&".repeat(1_000_000)).into(), &[201, 202]),
        (
            "many lines of a mail",
            format!("Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n".repeat(300_000)).into(),
            &[202],
        ),
        ("deep parts of a mail", nested_parts(20_000).into(), &[202]),
        ("a lead of the largest size and a byte", vec![b'x'; (2 << 20) + 1], &[413]),
    ];
    for (what, body, statuses) in table {
        let begun = Instant::now();
        let answered = rooftop.from_outside("/leads/adf", &body).await?;
        let took = begun.elapsed();
        assert!(statuses.contains(&answered.status.as_u16()), "{what}: {} {}", answered.status, text(&answered));
        check_refusal(what, &answered, answered.status.as_u16());
        assert!(took < PATIENCE, "{what} took {took:.1?}");
        if answered.status.as_u16() == 413 {
            assert!(text(&answered).contains("2 M"), "the limit is named: {}", text(&answered));
        }
        all_is_well(&rooftop, what).await?;
    }
    rooftop.settled().await?;
    let everybody = rooftop.get("/api/customers?limit=200").await?.to_string();
    assert!(!everybody.contains("root:") && !everybody.contains("haha"), "{everybody}");
    // What was set aside was kept whole, and a person can look at it.
    let aside = rooftop.get("/api/set-aside?limit=200").await?;
    assert!(aside["items"].as_array().is_some_and(|items| items.iter().any(|item| item["size_bytes"] == 200_000)), "{aside}");
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_web_events_are_refused_one_by_one_or_together() -> Fails {
    let rooftop = Rooftop::open().await?;
    let now_ms = rooftop.clock.now().0;
    let day_ms = 24 * 3_600_000;
    let at = |ms: i64| json!({ "client_id": "c", "event": "asc_pageview", "timestamp_micros": ms * 1000, "name": SECRET }).to_string();
    let table: Vec<(&str, Vec<u8>, u16)> = vec![
        ("an empty body", vec![], 400),
        ("not JSON", SECRET.into(), 400),
        ("half a JSON", format!("{{\"client_id\": \"{SECRET}\", ").into(), 400),
        ("a number", b"7".to_vec(), 400),
        ("a text", format!("\"{SECRET}\"").into(), 400),
        ("nothing at all, in JSON", b"null".to_vec(), 400),
        ("an array of numbers", b"[7, null]".to_vec(), 400),
        ("an event without a name", b"{\"client_id\":\"c\"}".to_vec(), 202),
        ("an event from the future", at(now_ms + 30 * day_ms).into(), 202),
        ("an event of the year before last", at(now_ms - 500 * day_ms).into(), 202),
        ("a time beyond all times", format!("{{\"client_id\":\"c\",\"event\":\"asc_pageview\",\"timestamp_micros\":{}}}", u64::MAX).into(), 202),
        ("a kind nobody knows", json!({ "client_id": "c", "event": "asc_teleported" }).to_string().into(), 202),
        ("thirty thousand elements", format!("[{}]", vec!["0"; 30_000].join(",")).into(), 400),
        ("a million elements", format!("[{}]", vec!["0"; 1_000_000].join(",")).into(), 413),
        ("a deep array", "[".repeat(60_000).into(), 400),
        ("a deep object", "{\"events\":".repeat(6_000).into(), 400),
        ("bytes that are no text", vec![0xFF; 10_000], 400),
        ("a long name", json!({ "client_id": "c".repeat(50_000), "event": "asc_pageview" }).to_string().into(), 202),
        ("one byte too many", vec![b' '; (64 << 10) + 1], 413),
    ];
    for (what, body, status) in table {
        let begun = Instant::now();
        let answered = rooftop.from_outside("/collect", &body).await?;
        assert!(begun.elapsed() < PATIENCE, "{what} took {:.1?}", begun.elapsed());
        check_refusal(what, &answered, status);
        let is_refused = |word: &str| what.contains(word) && answered.json()["refused"][0]["reason"].is_string();
        if what.contains("future") || what.contains("year") || what.contains("beyond") || what.contains("without") {
            assert!(["future", "year", "beyond", "without"].into_iter().any(is_refused), "{what}: {}", text(&answered));
        }
        if status == 413 {
            assert!(text(&answered).contains("64"), "the limit is named: {}", text(&answered));
        }
        all_is_well(&rooftop, what).await?;
    }
    // What was refused as a whole was kept as a whole.
    let kept = rooftop.get("/api/set-aside?limit=200").await?;
    let previews: Vec<&str> = kept["items"].as_array().into_iter().flatten().filter_map(|item| item["preview"].as_str()).collect();
    for body in ["7", "null", "[7, null]"] {
        assert!(previews.contains(&body), "{body} in {previews:?}");
    }
    // One bad event does not cost its neighbours.
    let mixed = json!([{ "client_id": "c", "event": "asc_pageview" }, 7, { "client_id": "c", "event": "asc_pageview" }]).to_string();
    let answered = rooftop.from_outside("/collect", mixed.as_bytes()).await?;
    assert_eq!((&answered.json()["taken"], &answered.json()["refused"][0]["index"]), (&json!(2), &json!(1)), "{}", text(&answered));
    let path = format!("/collect?key={}", rooftop.key);
    let short = send(rooftop.public, "POST", &path, &[("idempotency-key", "short")], mixed.as_bytes()).await?;
    check_refusal("a short idempotency key", &short, 400);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_missing_wrong_or_revoked_opens_nothing() -> Fails {
    let rooftop = Rooftop::open().await?;
    let Reply::Key { key: revoked } = rooftop.operate(Request::KeyAdd { name: "old sender".to_owned() }).await? else { return Err("no key".into()) };
    let body = adf("key", "Wren Key", SECRET);
    assert_eq!(send(rooftop.public, "POST", &format!("/leads/adf?key={revoked}"), &[], body.as_bytes()).await?.status.as_u16(), 201);
    rooftop.operate(Request::KeyRevoke { name: "old sender".to_owned() }).await?;
    for road in ["/leads/adf", "/collect"] {
        for query in [String::new(), "?key=".to_owned(), "?key=hlk_guess".to_owned(), format!("?key={revoked}"), format!("?key={}x", rooftop.key)] {
            let answered = send(rooftop.public, "POST", &format!("{road}{query}"), &[], body.as_bytes()).await?;
            check_refusal(&format!("{road}{query}"), &answered, 401);
            assert_eq!(answered.json()["code"], "wrong-key");
        }
    }
    all_is_well(&rooftop, "wrong keys").await?;
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_listener_knows_nothing_of_the_staff() -> Fails {
    let rooftop = Rooftop::open().await?;
    let auth = format!("Bearer {}", rooftop.token);
    let staff = [
        "/",
        "/index.html",
        "/operator",
        "/readyz",
        "/metrics",
        "/api",
        "/api/me",
        "/api/session",
        "/api/claim",
        "/api/alerts",
        "/api/alerts/1",
        "/api/search?q=a",
        "/api/customers",
        "/api/customers/1",
        "/api/customers/1/story",
        "/api/vehicles",
        "/api/set-aside",
        "/api/set-aside/1/raw",
        "/api/imports",
        "/api/live",
        "/api/../api/me",
        "//api/me",
        "/%61pi/me",
    ];
    for path in staff {
        for method in ["GET", "POST", "DELETE", "PUT"] {
            let answered = send(rooftop.public, method, path, &[("authorization", &auth), ("content-type", "application/json")], b"{}").await?;
            check_refusal(&format!("{method} {path}"), &answered, 404);
        }
    }
    for (to, method, path, allowed) in [
        (rooftop.public, "GET", "/leads/adf", "POST"),
        (rooftop.public, "DELETE", "/collect", "POST"),
        (rooftop.lan, "POST", "/api/alerts", "GET"),
        (rooftop.lan, "PATCH", "/api/me", "GET"),
    ] {
        let answered = send(to, method, path, &[("authorization", &auth)], b"").await?;
        check_refusal(&format!("{method} {path}"), &answered, 405);
        assert!(answered.headers.get("allow").is_some_and(|list| list.to_str().is_ok_and(|list| list.contains(allowed))), "{method} {path}");
    }
    for path in ["/api/nothing", "/api/customers/none", "/api/customers/99999999999999999999999", "/api/customers/1'--/story"] {
        let answered = send(rooftop.lan, "GET", path, &[("authorization", &auth)], b"").await?;
        check_refusal(path, &answered, 404);
    }
    let long = format!("/api/search?q={}", "x".repeat(9_000));
    check_refusal("a long address", &send(rooftop.lan, "GET", &long, &[("authorization", &auth)], b"").await?, 414);
    let signed_out = send(rooftop.lan, "GET", "/api/customers", &[("authorization", "Bearer hlt_guess")], b"").await?;
    check_refusal("a guessed token", &signed_out, 401);
    all_is_well(&rooftop, "staff paths").await?;
    rooftop.close().await;
    Ok(())
}

/// Sends bytes as they are and reads until the other end closes or has nothing more to say.
async fn raw(to: SocketAddr, bytes: &[u8]) -> Result<String, Failure> {
    let mut socket = TcpStream::connect(to).await?;
    socket.write_all(bytes).await?;
    let mut said = Vec::new();
    tokio::time::timeout(Duration::from_secs(20), socket.read_to_end(&mut said)).await??;
    Ok(String::from_utf8_lossy(&said).into_owned())
}

/// What it is, its headers, and the status it gets.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], u16);

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_somebody_else_cannot_use_our_browser() -> Fails {
    let rooftop = Rooftop::open().await?;
    for host in ["evil.example.com", "localhost.evil.example.com", "127.0.0.1.evil.example.com"] {
        let request = format!("GET /api/me HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n", rooftop.token);
        let said = raw(rooftop.lan, request.as_bytes()).await?;
        assert!(said.starts_with("HTTP/1.1 421"), "{host}: {said}");
    }
    let json_type = ("content-type", "application/json");
    let said = json!({ "name": "Sam Rourke", "password": "a password for tests" }).to_string();
    let elsewhere = send(rooftop.lan, "POST", "/api/session", &[json_type, ("origin", "http://evil.example.com")], said.as_bytes()).await?;
    check_refusal("signing in from another page", &elsewhere, 403);
    let signed_in = send(rooftop.lan, "POST", "/api/session", &[json_type], said.as_bytes()).await?;
    assert_eq!(signed_in.status.as_u16(), 200, "{}", text(&signed_in));
    let set = signed_in.headers.get("set-cookie").and_then(|line| line.to_str().ok()).ok_or("a cookie")?;
    assert!(set.contains("HttpOnly") && set.contains("SameSite"), "{set}");
    let cookie = set.split(';').next().unwrap_or_default().to_owned();
    let change = b"{\"available\":false}";
    let table: [Case<'_>; 6] = [
        ("another origin", &[json_type, ("origin", "http://evil.example.com")], 403),
        ("no origin at all, but another site", &[json_type, ("sec-fetch-site", "cross-site")], 403),
        ("a sandboxed frame", &[json_type, ("origin", "null")], 403),
        ("a plain form", &[("content-type", "text/plain")], 415),
        ("our own page", &[json_type, ("sec-fetch-site", "same-origin")], 200),
        ("a session taken for a token", &[json_type, ("authorization", "Bearer x")], 401),
    ];
    for (what, headers, status) in table {
        let headers = [&[("cookie", cookie.as_str())], headers].concat();
        let answered = send(rooftop.lan, "PUT", "/api/me/availability", &headers, change).await?;
        check_refusal(what, &answered, status);
    }
    let secret = cookie.split_once('=').map_or("", |(_, secret)| secret);
    let as_token = send(rooftop.lan, "GET", "/api/me", &[("authorization", &format!("Bearer {secret}"))], b"").await?;
    check_refusal("a stolen cookie as a token", &as_token, 401);
    let as_cookie = send(rooftop.lan, "GET", "/api/me", &[("cookie", &format!("headlight_session={}", rooftop.token))], b"").await?;
    check_refusal("a token as a cookie", &as_cookie, 401);
    let out = send(rooftop.lan, "DELETE", "/api/session", &[json_type, ("cookie", &cookie)], b"").await?;
    assert!(out.status.is_success(), "{}", text(&out));
    check_refusal("after signing out", &send(rooftop.lan, "GET", "/api/me", &[("cookie", &cookie)], b"").await?, 401);
    rooftop.close().await;
    Ok(())
}

async fn try_password(rooftop: &Rooftop, name: &str, password: &str) -> Result<(Answered, Duration), Failure> {
    let said = json!({ "name": name, "password": password }).to_string();
    let begun = Instant::now();
    let answered = send(rooftop.lan, "POST", "/api/session", &[("content-type", "application/json")], said.as_bytes()).await?;
    Ok((answered, begun.elapsed()))
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_passwords_is_slow_and_tells_nothing() -> Fails {
    let rooftop = Rooftop::open().await?;
    let (known, known_took) = try_password(&rooftop, "Priya Nair", "not her password").await?;
    let (unknown, unknown_took) = try_password(&rooftop, "Dana Whitfield", "not her password").await?;
    check_refusal("a wrong password", &known, 401);
    check_refusal("an unknown name", &unknown, 401);
    assert_eq!(known.body, unknown.body);
    let ratio = unknown_took.as_secs_f64() / known_took.as_secs_f64();
    assert!((0.2..5.0).contains(&ratio), "known {known_took:.1?}, unknown {unknown_took:.1?}");
    let mut statuses = Vec::new();
    for guess in 0..8 {
        let (answered, _) = try_password(&rooftop, "Priya Nair", &format!("guess number {guess}")).await?;
        assert!(answered.status.as_u16() != 429 || answered.headers.contains_key("retry-after"));
        statuses.push(answered.status.as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
    // A name that nobody has is counted, refused and made to wait in the same words: who works here is not to be had this way.
    let mut same = Vec::new();
    for guess in 1..8 {
        same.push(try_password(&rooftop, "Dana Whitfield", &format!("guess number {guess}")).await?.0.status.as_u16());
    }
    assert_eq!(same, [401, 401, 401, 401, 401, 429, 429]);
    assert_eq!(try_password(&rooftop, "DANA  whitfield", "guess").await?.0.status.as_u16(), 429);
    let (known, _) = try_password(&rooftop, "Priya Nair", "guess").await?;
    let (unknown, _) = try_password(&rooftop, "Dana Whitfield", "guess").await?;
    assert_eq!((known.status.as_u16(), &known.body), (429, &unknown.body));
    assert_eq!(known.headers.get("retry-after"), unknown.headers.get("retry-after"));
    // The right password has to wait as well, and nobody else does.
    assert_eq!(try_password(&rooftop, "Priya Nair", "a password for tests").await?.0.status.as_u16(), 429);
    assert_eq!(try_password(&rooftop, "Jo Lindqvist", "a password for tests").await?.0.status.as_u16(), 200);
    rooftop.clock.advance_ms(60_000);
    assert_eq!(try_password(&rooftop, "Priya Nair", "a password for tests").await?.0.status.as_u16(), 200);
    // A day without another guess, and it is as if there had been none.
    let store = &rooftop.house.rooms.store;
    let day_later = rooftop.clock.now().plus_ms(DAY_MS);
    assert_eq!(store.write(move |tx| access::forget_failures(tx, day_later.plus_ms(-60_001))).await?, 0);
    assert_eq!(store.write(move |tx| access::forget_failures(tx, day_later)).await?, 1);
    assert_eq!(store.read()?.keys(tables::FAILED_SIGN_INS, &Span::all(), 9)?.len(), 0);
    rooftop.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_senders_are_given_up_and_keep_nobody_waiting() -> Fails {
    let rooftop = Rooftop::open().await?;
    let mut slow = tokio::task::JoinSet::new();
    for n in 0..40 {
        let (to, key) = (rooftop.public, rooftop.key.clone());
        slow.spawn(async move {
            let head = format!("POST /leads/adf?key={key} HTTP/1.1\r\nhost: localhost\r\n");
            let head = if n % 2 == 0 { head } else { format!("{head}content-length: 100000\r\n\r\n<adf>") };
            let begun = Instant::now();
            let mut socket = TcpStream::connect(to).await?;
            socket.write_all(head.as_bytes()).await?;
            let (mut reading, mut writing) = socket.into_split();
            let drip = tokio::spawn(async move {
                while writing.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(700)).await;
                }
            });
            let mut said = Vec::new();
            // A connection that is cut is as good as one that is closed.
            let _ = tokio::time::timeout(Duration::from_secs(30), reading.read_to_end(&mut said)).await.map_err(|_| "never given up")?;
            drip.abort();
            Ok::<_, Failure>((n, begun.elapsed(), String::from_utf8_lossy(&said).into_owned()))
        });
    }
    for turn in 0..10 {
        let begun = Instant::now();
        all_is_well(&rooftop, &format!("slow senders, turn {turn}")).await?;
        assert!(begun.elapsed() < PATIENCE, "{:.1?}", begun.elapsed());
    }
    while let Some(ended) = slow.join_next().await {
        let (n, took, said) = ended??;
        assert!(took < Duration::from_secs(15), "sender {n} was let be for {took:.1?}");
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 408"), "sender {n}: {said}");
    }
    rooftop.close().await;
    Ok(())
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { files.extend(files_in(&path)?) } else { files.push(path) }
    }
    files.sort();
    Ok(files)
}

/// Every real file is understood or set aside with a reason, and the inventory feeds import.
#[tokio::test(flavor = "multi_thread")]
async fn real_files_are_leads_or_are_set_aside_with_a_reason() -> Fails {
    let Some(folder) = std::env::var_os("HEADLIGHT_REAL_DATA").map(PathBuf::from) else {
        eprintln!("skipped: HEADLIGHT_REAL_DATA is not set");
        return Ok(());
    };
    let rooftop = Rooftop::open().await?;
    for part in ["adf/xml", "adf/email_bodies", "torture"] {
        let mut became: BTreeMap<String, usize> = BTreeMap::new();
        for file in files_in(&folder.join(part))? {
            let bytes = std::fs::read(&file)?;
            let begun = Instant::now();
            let answered = rooftop.from_outside("/leads/adf", &bytes).await?;
            let what = file.display();
            assert!(begun.elapsed() < PATIENCE, "{what} took {:.1?}", begun.elapsed());
            let receipt = answered.json();
            let status = match answered.status.as_u16() {
                200..=202 => receipt["status"].as_str().ok_or("a status")?.to_owned(),
                400 if bytes.is_empty() => "empty".to_owned(),
                413 if bytes.len() > 2 << 20 => "too large".to_owned(),
                status => return Err(format!("{what}: {status} {}", text(&answered)).into()),
            };
            let is_explained = receipt["notes"][0].as_str().is_some_and(|note| note.len() > 10);
            assert!(!matches!(status.as_str(), "set-aside" | "not-a-lead") || is_explained, "{what}: {}", text(&answered));
            let kind = if status == "received" && receipt["leads"] == json!([]) { "reply".to_owned() } else { status };
            *became.entry(kind).or_default() += 1;
        }
        eprintln!("{part}: {became:?}");
        if part == "adf/xml" {
            assert!(became.keys().all(|kind| matches!(kind.as_str(), "received" | "already-received" | "set-aside")), "{became:?}");
        }
    }
    rooftop.settled().await?;
    assert_eq!(
        rooftop.get("/api/set-aside?limit=200").await?["items"].as_array().map(|i| i.iter().filter(|i| i["source"] == "journal").count()),
        Some(0)
    );
    for feed in ["autodepot_feed.xml", "boyer_google_sample.tsv", "fikes_feed.xml", "netruck_feed.xml", "dealercenter_sample_feed.csv"] {
        let bytes = std::fs::read(folder.join("inventory").join(feed))?;
        let request = Request::Import { kind: Some(ImportKind::Inventory), rehearse: false, file: feed.to_owned(), bytes };
        let Reply::Import(begun) = rooftop.operate(request).await? else { return Err("no import".into()) };
        rooftop.settled().await?;
        let page: Value = rooftop.get(&format!("/api/imports/{}", begun.id)).await?;
        let run = &page["run"];
        eprintln!(
            "{feed}: {} rows, {} new, {} joined, {} unchanged, {} held back {}",
            run["rows"], run["new"], run["joined"], run["unchanged"], run["held_back"], run["reasons"]
        );
        assert_eq!(run["state"], "done", "{feed}: {run}");
        assert!(run["new"].as_u64() > Some(0), "{feed}: {run}");
    }
    rooftop.close().await;
    Ok(())
}
