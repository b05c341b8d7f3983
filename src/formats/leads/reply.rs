//! What did they write now? The new words of an answer, above or below what it quotes.

use crate::formats::text;

/// A page cut where its quotation begins, as lines.
pub(super) fn words_of_page(html: &str) -> String {
    let marks = [
        "<blockquote",
        "class=\"gmail_quote",
        "class=gmail_quote",
        "id=\"divrplyfwdmsg",
        "id=\"appendonsend",
        "class=\"yahoo_quoted",
        "id=\"mail-editor-reference",
    ];
    let cut = marks.iter().filter_map(|m| text::find_ignoring_case(html, m)).min().unwrap_or(html.len());
    // The mark stands within a tag: the page ends before it.
    let end = if html[cut..].starts_with('<') { cut } else { html[..cut].rfind('<').unwrap_or(cut) };
    new_words(&text::from_html(&html[..end]).replace('\t', " "))
}

/// The words before the quotation, or below it when there are none before. Signatures are left out.
pub(super) fn new_words(body: &str) -> String {
    let lines: Vec<&str> = body.lines().take(5_000).collect();
    let end = (0..lines.len()).find(|at| quotation_begins(&lines, *at)).unwrap_or(lines.len());
    let above = written(&lines[..end]);
    let words =
        if above.is_empty() { written(&lines[end..].iter().copied().skip(1).filter(|l| !is_attribution(l)).collect::<Vec<_>>()) } else { above };
    text::cut(&words, 16 * 1024).to_owned()
}

fn is_attribution(line: &str) -> bool {
    let line = line.trim();
    line.ends_with("wrote:") || line.ends_with("écrit :") || line.ends_with("escribió:")
}

fn quotation_begins(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    if line.starts_with('>') {
        return true;
    }
    // "On Fri, May 1, 2026 at 10:00 AM Store <a@b> wrote:", folded over up to three lines.
    if line.starts_with("On ") || line.starts_with("Le ") || line.starts_with("El ") {
        let folded = lines[at..].iter().take(3).map(|l| l.trim()).collect::<Vec<_>>();
        if (1..=folded.len()).any(|n| is_attribution(&folded[..n].join(" "))) {
            return true;
        }
    }
    let lower = line.to_lowercase();
    let ruled = lower.starts_with("-----original message") || lower.starts_with("----- original message") || lower.contains("---- forwarded message");
    let long_rule = line.len() >= 20 && line.bytes().all(|b| b == b'_');
    // Outlook's header block.
    let block = lower.trim_matches('*').starts_with("from:")
        && lines[at + 1..].iter().take(4).any(|l| {
            let l = l.trim().trim_matches('*').to_lowercase();
            l.starts_with("sent:") || l.starts_with("date:") || l.starts_with("to:")
        });
    ruled || long_rule || block
}

/// Lines that are the writer's own, without a signature and a telephone's "Sent from my …".
fn written(lines: &[&str]) -> String {
    let mut own: Vec<&str> = vec![];
    for line in lines {
        if matches!(line.trim_end(), "--" | "-- ") {
            break;
        }
        let lower = line.trim().to_lowercase();
        if line.trim_start().starts_with('>') || lower.starts_with("sent from my ") || lower.starts_with("get outlook for") {
            continue;
        }
        own.push(line.trim_end());
    }
    text::plain(own.join("\n").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_new_words_of_an_answer_are_kept() {
        for (body, words) in [
            ("Yes, Saturday works.\n\nOn Fri, May 1, 2026 at 10:00 AM Store <a@b.com> wrote:\n> Hi Dana\n", "Yes, Saturday works."),
            ("Yes\n\nOn Fri, May 1, 2026 at 10:00 AM Store\n<a@b.com>\nwrote:\n\n> Hi", "Yes"),
            ("Ok\nSent from my iPhone\n\n-----Original Message-----\nFrom: Store", "Ok"),
            ("Fine\n\nFrom: Store <a@b.com>\nSent: Friday\nTo: Dana\nSubject: x\n\nold", "Fine"),
            ("Fine\n________________________________\nFrom: Store", "Fine"),
            ("> Hi Dana\n> still there?\nYes I am\n-- \nDana", "Yes I am"),
            ("On Saturday I can come.", "On Saturday I can come."),
        ] {
            assert_eq!(new_words(body), words, "{body}");
        }
    }

    #[test]
    fn a_page_is_cut_where_it_quotes() {
        let html = "<div>Yes,<br>please</div><div class=\"gmail_quote\"><div>On Fri Store wrote:</div><blockquote>Hi</blockquote></div>";
        assert_eq!(words_of_page(html), "Yes,\nplease");
    }
}
