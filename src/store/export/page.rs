//! What is in this folder? The page a dealer opens first: every table and column in words, and how to bring it all back.

use super::{Left, Made, Manifest, Sheet, rows_left_out};

const STYLE: &str = "body{font:16px/1.55 system-ui,sans-serif;max-width:62rem;margin:2.5rem auto;padding:0 1.25rem;color:#1d2430;background:#fff}\
    h1{font-size:1.7rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2.5rem 0 .5rem}h3{font:600 1rem ui-monospace,monospace;margin:2rem 0 .25rem}\
    p,li{max-width:46rem}.faint{color:#5b6675}table{border-collapse:collapse;width:100%;margin:.5rem 0}\
    th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid #e3e7ec}th{font-weight:600}\
    td:first-child,th:first-child{white-space:nowrap}\
    td.number,th.number{text-align:right}code{font:.9em ui-monospace,monospace}p code{overflow-wrap:anywhere}a{color:#0b57d0}";

pub(super) fn page(manifest: &Manifest, made: &Made, sheets: &[Sheet], left: &[Left]) -> String {
    let columns: String = sheets.iter().map(columns).collect();
    let parts = [&head(manifest, made), ABOUT, &origin(manifest), &tables(sheets), &left_out(sheets, left), "<h2>Columns</h2>\n", &columns];
    parts.concat() + "</body></html>\n"
}

fn head(manifest: &Manifest, made: &Made) -> String {
    let rooftop = text(&manifest.rooftop);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{rooftop}: everything in Headlight</title><style>{STYLE}</style></head><body>\n\
         <h1>Everything of {rooftop}</h1>\n<p class=\"faint\">Made on {} by Headlight {}. {} rows in {} tables.</p>\n",
        text(&made.shown_at),
        text(&manifest.headlight),
        grouped(manifest.rows),
        manifest.tables.len(),
    )
}

fn origin(manifest: &Manifest) -> String {
    format!(
        "<p>The store this came from is <code>{}</code>. The digest of its state is <code>{}</code>: a store that was filled from this \
         folder has the same.</p>\n",
        text(&manifest.store_id),
        text(&manifest.digest)
    )
}

/// What holds for every export.
const ABOUT: &str = "<p>This is your data, all of it. Keep this folder as you keep your deal jackets: whoever has it can read everything, \
    without any password or key.</p>\n\
    <h2>What is here</h2>\n<ul>\n\
    <li><code>tables/NAME.csv</code> is for reading: open it in any spreadsheet. UTF-8, every field in quotes. Times are UTC, money is in \
    dollars, a list is parted by \u{201c}; \u{201d}. A cell that would begin with <code>=</code>, <code>+</code>, <code>-</code>, <code>@</code>, \
    a tab or a line break has a <code>'</code> put before it, because a spreadsheet would run it as a formula; numbers have none.</li>\n\
    <li><code>tables/NAME.jsonl</code> is for programs: one JSON object a line, with <code>key</code> and <code>value</code>, exactly as they \
    are stored. Times are milliseconds since 1970 in UTC, money is in cents, bytes are base 64. This is what is imported.</li>\n\
    <li><code>manifest.json</code> says what was exported, when and from where, with the rows of each table.</li>\n\
    <li><code>SHA256SUMS</code> has the sum of every file. <code>sha256sum -c SHA256SUMS</code> checks that nothing was changed.</li>\n\
    </ul>\n<h2>To bring it back</h2>\n\
    <p>Stop Headlight if it runs on the new folder, then run <code>headlight restore THIS-FOLDER --data NEW-FOLDER</code>. Every file is \
    checked before anything is written. The new folder gets a key of its own. Passwords do not come along: \
    <code>headlight user reset NAME --data NEW-FOLDER</code> gives each person a new one, and lead senders get new keys by \
    <code>headlight key add</code>.</p>\n\
    <p>A <em>fingerprint</em> in a key stands for a phone number, an email address or an id that is not written there itself. It is found \
    again in the new store by what stands under <code>fingerprints</code> in the manifest.</p>\n";

fn tables(sheets: &[Sheet]) -> String {
    let rows = sheets.iter().map(|sheet| {
        let name = text(&sheet.line.name);
        format!(
            "<tr><td><a href=\"#{name}\"><code>{name}</code></a></td><td>{}{}</td><td class=\"number\">{}</td></tr>\n",
            text(sheet.says),
            rows_left_out(&sheet.line.name).map(|(_, why)| format!(" <span class=\"faint\">Not all of it: {}</span>", text(why))).unwrap_or_default(),
            grouped(sheet.line.rows)
        )
    });
    format!(
        "<h2>Tables</h2>\n<table><tr><th>Table</th><th>What it holds</th><th class=\"number\">Rows</th></tr>\n{}</table>\n",
        rows.collect::<String>()
    )
}

fn left_out(sheets: &[Sheet], left: &[Left]) -> String {
    let tables =
        left.iter().map(|table| format!("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n", table.name, text(table.says), text(table.why)));
    let mut html = format!(
        "<h2>What is not here</h2>\n<table><tr><th>Table</th><th>What it holds</th><th>Why it stays</th></tr>\n{}",
        tables.collect::<String>()
    );
    if sheets.iter().any(|sheet| sheet.line.name == "LOGINS") {
        html += "<tr><td><code>LOGINS</code></td><td>The passwords in it.</td><td>Secret, and kept as hashes only.</td></tr>\n";
    }
    html + "<tr><td></td><td>The key file of the store.</td><td>Secret. What is here needs none.</td></tr>\n\
            <tr><td></td><td>The search index.</td><td>Built anew from the tables.</td></tr>\n</table>\n"
}

fn columns(sheet: &Sheet) -> String {
    let name = text(&sheet.line.name);
    let rows = sheet.columns.iter().map(|column| {
        format!("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n", text(&column.name), text(&column.kind.words()), words(&column.says))
    });
    format!(
        "<h3 id=\"{name}\">{name}</h3>\n<p>{} <span class=\"faint\">{} rows.</span></p>\n\
         <table><tr><th>Column</th><th>Type</th><th>Meaning</th></tr>\n{}</table>\n",
        text(sheet.says),
        grouped(sheet.line.rows),
        rows.collect::<String>()
    )
}

/// What the source says of a field: between backticks stands code, in brackets what the source links to.
fn words(says: &str) -> String {
    let plain = says.replace("[`", "`").replace("`]", "`");
    let parts = plain.split('`').enumerate();
    parts.map(|(n, part)| if n % 2 == 1 { format!("<code>{}</code>", text(part)) } else { text(part) }).collect()
}

/// Text as HTML: a rooftop's name is the store's own, and the words of a field are ours, but neither is markup.
fn text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            '\'' => html += "&#39;",
            c => html.push(c),
        }
    }
    html
}

/// `25,000`.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_marks_stays_text_and_numbers_are_grouped() {
        assert_eq!(words("As [`Vin`] has it: `<17>`."), "As <code>Vin</code> has it: <code>&lt;17&gt;</code>.");
        assert_eq!(text("<b>Bob & \"Sons'\"</b>"), "&lt;b&gt;Bob &amp; &quot;Sons&#39;&quot;&lt;/b&gt;");
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
