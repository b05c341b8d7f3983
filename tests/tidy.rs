//! Is the house in order? Reads every source as text and holds it to what ARCHITECTURE.md promises: arrows, first lines, names, words.
//!
//! The arrows are read from ARCHITECTURE.md itself, so that the page and the check cannot disagree.
#![expect(clippy::print_stdout, reason = "the ten longest files and functions are for a person to read")]

use headlight::config::Config;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn rooms_name_only_the_rooms_their_arrows_reach() {
    let arrows = arrows();
    let mut broken = Vec::new();
    for file in house() {
        let room = file.room();
        if room == "lib" {
            continue;
        }
        let Some(reached) = arrows.get(&room) else {
            broken.push(format!("{}: the room {room} has no arrow in ARCHITECTURE.md", file.name));
            continue;
        };
        for named in rooms_named(&file.code(), file.depth()) {
            if named.room != room && !reached.contains(&named.room) && !reached.contains("every room") {
                broken.push(format!("{}:{}: {room} may not name {}", file.name, named.line, named.room));
            }
        }
    }
    nothing("arrows that ARCHITECTURE.md does not draw", &broken);
}

#[test]
fn every_arrow_leads_from_a_room_to_a_room() {
    let rooms: BTreeSet<String> = house().iter().map(Source::room).collect();
    let lost: Vec<String> = arrows()
        .iter()
        .flat_map(|(from, to)| std::iter::once(from).chain(to))
        .filter(|room| !rooms.contains(*room) && room.as_str() != "every room")
        .cloned()
        .collect();
    nothing("names in the arrows of ARCHITECTURE.md that are no room", &lost);
}

#[test]
fn the_journey_names_functions_that_are_there() {
    let page = architecture();
    let rows: Vec<(&str, &str)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | `"))
        .filter_map(|(file, rest)| Some((file, rest.split_once('`')?.0)))
        .collect();
    let lost: Vec<String> = rows
        .iter()
        .filter(|(file, function)| {
            let text = fs::read_to_string(Path::new(ROOT).join(file)).unwrap_or_default();
            let spelled = tokens(&text).into_iter().any(|t| t.text == *function);
            !spelled
        })
        .map(|(file, function)| format!("{function} in {file}"))
        .collect();
    assert!(rows.len() > 10, "the table of the journey was not found");
    nothing("steps of the journey in ARCHITECTURE.md that are not there", &lost);
}

#[test]
fn a_nested_use_tree_hides_no_room() {
    let tree = "use crate::{clock::Clock, store::{Rows, Span, tables::{self, TABLES}}, hub};\nfn f() -> crate::domain::time::At { super::super::search::f() }";
    let named: Vec<String> = rooms_named(&tokens(tree), 2).into_iter().map(|n| n.room).collect();
    assert_eq!(named, ["clock", "store", "hub", "domain", "search"]);
    let quiet = "// use crate::store;\nconst A: &str = \"crate::store\"; const B: char = '\"'; #[cfg(test)] mod tests { use crate::store::Store; }";
    assert!(rooms_named(&without_tests(&tokens(quiet)), 2).is_empty());
}

/// A crate that one room knows, and who else may name it, and why.
const KEPT_IN: &[(&[&str], &[&str])] = &[
    (&["redb"], &["store"]),
    (&["tantivy"], &["search"]),
    // commands speak to a running server through its socket; the demo's shoppers are clients like any browser.
    // outside is a client by its calling.
    (&["hyper", "hyper_util", "http_body_util"], &["http", "commands", "demo", "outside"]),
    (&["tokio_rustls"], &["outside"]),
    (&["sd_notify", "clap"], &["commands"]),
];

#[test]
fn a_crate_that_one_room_knows_is_named_nowhere_else() {
    let mut strays = Vec::new();
    for file in house() {
        let room = file.room();
        for token in file.code() {
            let stray = KEPT_IN.iter().find(|(crates, rooms)| crates.contains(&token.text.as_str()) && !rooms.contains(&room.as_str()));
            if let Some((_, rooms)) = stray {
                strays.push(format!("{}:{}: {} is named outside {}", file.name, token.line, token.text, rooms.join(", ")));
            }
        }
    }
    nothing("crates outside their room", &strays);
}

#[test]
fn the_pure_rooms_do_no_io_and_wait_for_nobody() {
    const IO: &[&str] = &["std::fs", "std::env", "std::io", "std::net::TcpStream", "std::thread", "std::process", "tokio", "Instant", "async"];
    let impure = found_in_code(|room| matches!(room, "domain" | "engine" | "formats"), IO);
    nothing("IO, threads or waiting in domain, engine or formats", &impure);
}

#[test]
fn only_the_clock_reads_the_wall_clock() {
    let readers = found_in_code(|room| room != "clock", &["SystemTime", "Timestamp::now", "Zoned::now"]);
    nothing("readers of the wall clock besides clock.rs", &readers);
}

#[test]
fn every_file_opens_with_the_question_it_answers() {
    let silent: Vec<String> = house()
        .into_iter()
        .filter(|file| {
            let first = file.text.lines().next().unwrap_or_default();
            !first.starts_with("//! ") || first.len() < 12
        })
        .map(|file| file.name)
        .collect();
    nothing("files whose first line does not say what they are for", &silent);
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here so that this file does not find itself.
    let words = [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX:")];
    nothing("things left for later", &found_in_text(&words));
}

#[test]
fn no_file_names_the_machine_it_was_written_on() {
    let words = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), &format!("{ROOT}/")];
    nothing("paths of one machine", &found_in_text(&words));
}

#[test]
fn email_is_written_one_way_wherever_people_read_it() {
    /// They read what others wrote, in every spelling.
    const READERS: &[&str] = &["src/formats/leads/said.rs", "src/formats/leads/labels.rs"];
    let other = concat!("e-", "mail");
    let mut found = Vec::new();
    for file in every_text(&["rs", "svelte", "ts", "toml"]) {
        let is_read = ["src/", "web/src/", "packaging/"].iter().any(|folder| file.name.starts_with(folder));
        if !is_read || READERS.contains(&file.name.as_str()) {
            continue;
        }
        let lines = (1..).zip(file.text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"));
        found.extend(lines.filter(|(_, line)| line.to_lowercase().contains(other)).map(|(n, _)| format!("{}:{n}", file.name)));
    }
    nothing("lines that do not write Email as everywhere else", &found);
}

#[test]
fn the_packaged_configuration_shows_every_setting_with_its_default() {
    let page = fs::read_to_string(Path::new(ROOT).join("packaging/headlight.toml")).expect("packaging/headlight.toml is here");
    assert!(toml::from_str::<Config>(&page).is_ok_and(|config| config.policy().is_ok()), "the packaged configuration cannot be used as it is");
    let opened: Vec<&str> = page.lines().map(|line| line.strip_prefix('#').filter(|l| l.starts_with(char::is_lowercase)).unwrap_or(line)).collect();
    let shown: Config = toml::from_str(&opened.join("\n")).expect("with every # taken away it is a configuration");
    assert_eq!(shown.key_file.as_deref(), Some(Config::default().key_file(Path::new("/var/lib/headlight/data")).as_path()));
    assert_eq!(shown.drop_folder.as_deref(), Some(Path::new("/var/spool/headlight")), "the folder that the package makes");
    let shown = Config { key_file: None, drop_folder: None, ..shown };
    assert_eq!(toml::to_string(&shown), toml::to_string(&Config::default()), "a default has another value there");
    let names = |text: &str| -> BTreeSet<String> {
        text.lines()
            .filter_map(|l| l.split_once(" = "))
            .map(|(name, _)| name.to_owned())
            .filter(|name| name != "key_file" && name != "drop_folder")
            .collect()
    };
    assert_eq!(names(&opened.join("\n")), names(&toml::to_string(&shown).unwrap_or_default()), "a setting is missing there");
}

#[test]
fn test_names_are_sentences() {
    let mut short = Vec::new();
    for file in every_text(&["rs"]) {
        let tokens = tokens(&file.text);
        for (at, name) in tests_in(&tokens) {
            if name.split('_').filter(|word| !word.is_empty()).count() < 3 {
                short.push(format!("{}:{at}: {name}", file.name));
            }
        }
    }
    nothing("tests whose names say no sentence", &short);
}

#[test]
fn the_lock_of_the_screens_names_no_host() {
    let lock = fs::read_to_string(Path::new(ROOT).join("web/package-lock.json")).expect("web/package-lock.json is committed");
    let named: Vec<String> = (1..).zip(lock.lines()).filter(|(_, line)| line.contains("\"resolved\"")).map(|(n, _)| format!("line {n}")).collect();
    nothing("addresses in web/package-lock.json (keep omit-lockfile-registry-resolved=true in web/.npmrc)", &named);
}

#[test]
fn every_dependency_says_why_it_is_here() {
    let manifest = fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).expect("Cargo.toml is here");
    let mut wordless = Vec::new();
    let (mut listing, mut before) = (false, "");
    for line in manifest.lines() {
        if line.starts_with('[') {
            listing = line.contains("dependencies]");
        } else if listing && line.contains('=') && !line.starts_with('#') && !before.starts_with("# ") {
            wordless.push(line.to_owned());
        }
        before = line;
    }
    nothing("dependencies without their line of reason", &wordless);
}

#[test]
fn the_ten_longest_files_and_functions_are_shown() {
    let mut files: Vec<(usize, String)> =
        every_text(&["rs", "ts", "svelte", "mjs", "js"]).into_iter().map(|f| (f.text.lines().count(), f.name)).collect();
    let mut functions: Vec<(usize, String)> = Vec::new();
    for file in every_text(&["rs"]) {
        let spans = functions_in(&tokens(&file.text));
        functions.extend(spans.into_iter().map(|(name, first, last)| (last - first + 1, format!("{}:{first} {name}", file.name))));
    }
    assert!(files.len() > 50 && functions.len() > 500, "the reader of sources found too little to be right");
    println!("The ten longest files, in lines:");
    show_ten(&mut files);
    println!("The ten longest functions, in lines:");
    show_ten(&mut functions);
}

fn show_ten(all: &mut [(usize, String)]) {
    all.sort_by(|a, b| b.cmp(a));
    for (lines, name) in all.iter().take(10) {
        println!("{lines:>6}  {name}");
    }
}

/// Fails with the whole list, not with its first line.
fn nothing(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

fn architecture() -> String {
    fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is here")
}

/// The block of ARCHITECTURE.md that begins with ```arrows: `room -> room room`, or `room -> nothing`.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let page = architecture();
    let block = page.split_once("```arrows\n").and_then(|(_, rest)| rest.split_once("```")).expect("ARCHITECTURE.md has a block of arrows").0;
    let mut arrows = BTreeMap::new();
    for line in block.lines() {
        let (from, to) = line.split_once("->").expect("each line of the arrows is `room -> room room`");
        let to = to.trim();
        let reached = match to {
            "nothing" => BTreeSet::new(),
            "every room" => BTreeSet::from([to.to_owned()]),
            rooms => rooms.split_whitespace().map(str::to_owned).collect(),
        };
        assert!(arrows.insert(from.trim().to_owned(), reached).is_none(), "{from} has two lines of arrows");
    }
    arrows
}

struct Source {
    /// From the root of the project, with `/`.
    name: String,
    text: String,
}

impl Source {
    /// `src/http/lan.rs` is in `http`; `src/app.rs` is the room `app`.
    fn room(&self) -> String {
        let within = self.name.trim_start_matches("src/");
        within.split_once('/').map_or_else(|| within.trim_end_matches(".rs"), |(room, _)| room).to_owned()
    }

    /// How many `super::` lead out of the room.
    fn depth(&self) -> usize {
        let parts = self.name.trim_start_matches("src/").split('/').count();
        if self.name.ends_with("/mod.rs") { parts - 1 } else { parts }
    }

    fn code(&self) -> Vec<Token> {
        without_tests(&tokens(&self.text))
    }
}

/// The sources of the program, without the modules that exist for tests only.
fn house() -> Vec<Source> {
    let all: Vec<Source> = every_text(&["rs"]).into_iter().filter(|f| f.name.starts_with("src/")).collect();
    let mut for_tests: BTreeSet<String> = BTreeSet::new();
    for file in &all {
        let folder = file.name.trim_end_matches("mod.rs").trim_end_matches(".rs").trim_end_matches('/');
        let tokens = tokens(&file.text);
        let declared = tokens.windows(10).filter(|w| spells(w, "# [ cfg ( test ) ] mod") && w[9].text == ";");
        for_tests.extend(declared.flat_map(|w| [format!("{folder}/{}.rs", w[8].text), format!("{folder}/{}/mod.rs", w[8].text)]));
    }
    all.into_iter().filter(|f| !for_tests.contains(&f.name)).collect()
}

/// What is ours to keep tidy: neither what was built nor what was installed.
fn every_text(endings: &[&str]) -> Vec<Source> {
    const NOT_OURS: &[&str] = &["target", "node_modules", "dist", ".git"];
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(ROOT)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project can be read").flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if NOT_OURS.contains(&name.as_str()) {
                continue;
            }
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                folders.push(path);
                continue;
            }
            let wanted = endings.is_empty() || endings.iter().any(|e| name.ends_with(&format!(".{e}")));
            if wanted && let Ok(text) = fs::read_to_string(&path) {
                let name = path.strip_prefix(ROOT).unwrap_or(&path).to_string_lossy().into_owned();
                found.push(Source { name, text });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn found_in_text(words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in every_text(&[]) {
        // Digests in lock files are random letters.
        if file.name.ends_with("package-lock.json") || file.name == "Cargo.lock" {
            continue;
        }
        for (n, line) in (1..).zip(file.text.lines()) {
            if let Some(word) = words.iter().find(|w| line.contains(**w)) {
                found.push(format!("{}:{n}: {word}", file.name));
            }
        }
    }
    found
}

/// Where code (comments, strings and tests aside) of some rooms names one of these paths.
fn found_in_code(room: impl Fn(&str) -> bool, paths: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in house().iter().filter(|f| room(&f.room())) {
        let code = file.code();
        for at in 0..code.len() {
            let hit = paths.iter().find(|path| {
                let spelled: Vec<&str> = path.split("::").collect();
                let names = code[at..].iter().step_by(2).zip(&spelled).filter(|(token, name)| token.text == **name).count();
                let joints = code[at..].iter().skip(1).step_by(2).take(spelled.len() - 1).all(|token| token.text == "::");
                names == spelled.len() && joints
            });
            if let Some(path) = hit {
                found.push(format!("{}:{}: {path}", file.name, code[at].line));
            }
        }
    }
    found
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    text: String,
    line: usize,
}

fn spells(tokens: &[Token], words: &str) -> bool {
    words.split(' ').enumerate().all(|(n, word)| tokens.get(n).is_some_and(|t| t.text == word))
}

/// Names, `::` and single signs. Comments, strings, characters and lifetimes are passed over.
fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text;
    let mut line = 1;
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let length = passed_over(rest).unwrap_or_else(|| {
            let length = match first {
                _ if first.is_alphanumeric() || first == '_' => rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                _ => first.len_utf8(),
            };
            found.push(Token { text: rest[..length].to_owned(), line });
            length
        });
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// The length of what says nothing about arrows, when the text begins with such a thing.
fn passed_over(text: &str) -> Option<usize> {
    let to = |mark: &str, from: usize| text[from..].find(mark).map_or(text.len(), |at| from + at + mark.len());
    let first = text.chars().next()?;
    if first.is_whitespace() {
        return Some(first.len_utf8());
    }
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(to("*/", 2));
    }
    let quoted = text.trim_start_matches(['b', 'c', 'r']);
    let prefix = text.len() - quoted.len();
    if prefix <= 2 {
        let hashes = quoted.len() - quoted.trim_start_matches('#').len();
        if text[..prefix].contains('r') && quoted[hashes..].starts_with('"') {
            return Some(to(&format!("\"{}", "#".repeat(hashes)), prefix + hashes + 1));
        }
        if quoted.starts_with('"') {
            return Some(prefix + closed_by(quoted, '"'));
        }
    }
    if first == '\'' {
        let mut after = text[1..].chars();
        let (one, two) = (after.next()?, after.next());
        return Some(if one == '\\' || two == Some('\'') { closed_by(text, '\'') } else { 1 });
    }
    None
}

/// From an opening mark to just after the closing one; a backslash takes the meaning from what follows it.
fn closed_by(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == mark => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// The code without what `#[cfg(test)]` marks.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if spells(&tokens[at..], "# [ cfg ( test ) ]") {
            at = end_of_item(tokens, at + 7);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Just after the item that begins at `at`: its last brace, or its semicolon.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    let mut open = 0_usize;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "{" | "(" | "[" => open += 1,
            "}" | ")" | "]" => open = open.saturating_sub(1),
            _ => {}
        }
        let done = open == 0 && matches!(tokens[at].text.as_str(), "}" | ";");
        at += 1;
        if done {
            break;
        }
    }
    at
}

struct Named {
    room: String,
    line: usize,
}

/// The rooms that paths from the root of the crate lead to, use trees included.
fn rooms_named(code: &[Token], depth: usize) -> Vec<Named> {
    let mut named = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let from_root = match code[at].text.as_str() {
            "crate" | "headlight" if spells(&code[at + 1..], "::") => Some(at + 2),
            "super" if at == 0 || code[at - 1].text != "::" => out_of_the_room(code, at, depth),
            _ => None,
        };
        if let Some(root) = from_root {
            named.extend(heads(code, root));
        }
        at += 1;
    }
    named
}

/// Where the path goes on at the root of the crate, when its `super::` lead there.
fn out_of_the_room(code: &[Token], mut at: usize, depth: usize) -> Option<usize> {
    let mut steps = 0;
    while spells(&code[at..], "super ::") {
        steps += 1;
        at += 2;
    }
    (steps >= depth).then_some(at)
}

/// The first names of a path, or of each branch of a use tree.
fn heads(code: &[Token], root: usize) -> Vec<Named> {
    let Some(first) = code.get(root) else { return Vec::new() };
    if first.text != "{" {
        return vec![Named { room: first.text.clone(), line: first.line }];
    }
    let mut named = Vec::new();
    let (mut open, mut branch) = (1_usize, true);
    for token in &code[root + 1..] {
        match token.text.as_str() {
            "{" => open += 1,
            "}" => open -= 1,
            "," if open == 1 => branch = true,
            _ if branch => {
                named.push(Named { room: token.text.clone(), line: token.line });
                branch = false;
            }
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
    named
}

/// Names and lines of the functions marked as tests.
fn tests_in(tokens: &[Token]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let marked = spells(&tokens[at..], "# [ test ]") || spells(&tokens[at..], "# [ tokio :: test");
        if marked && let Some(name) = tokens[at..].iter().skip_while(|t| t.text != "fn").nth(1) {
            found.push((name.line, name.text.clone()));
        }
    }
    found
}

/// Name, first and last line of each function with a body.
fn functions_in(tokens: &[Token]) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let is_named = tokens[at].text == "fn" && tokens.get(at + 1).is_some_and(|t| t.text.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        if is_named {
            let last = tokens[end_of_item(tokens, at) - 1].line;
            found.push((tokens[at + 1].text.clone(), tokens[at].line, last));
        }
    }
    found
}
