//! What stands in a table that may be about anything? Cells as text, by columns that are only named.

use super::{delimited::Table, sheet::Fixes};

/// A table about anything.
pub struct Plain<'t>(Table<'t>);

impl<'t> Plain<'t> {
    /// Finds encoding and separator; the first line that says something is the header.
    ///
    /// # Errors
    /// A sentence for whoever brought the file, when it is no table.
    pub fn open(bytes: &'t [u8]) -> Result<Self, String> {
        Ok(Self(Table::open_plain(bytes)?))
    }

    /// The names of the columns; one without a name has an empty one.
    pub fn header(&self) -> impl Iterator<Item = &str> {
        self.0.header.iter().map(str::trim)
    }

    /// Hands out every row, as many cells as the header has; the rest of a row that ends early is blank. Returns how many rows were left
    /// out because they are no rows of this table.
    pub fn each_row(&self, mut give: impl FnMut(&mut dyn Iterator<Item = &str>)) -> u64 {
        let mut left_out = 0;
        self.0.each_row(&Fixes::new(), &mut |line| {
            if line.flaw.is_some() {
                left_out += 1;
            } else {
                give(&mut line.cells.iter().chain(std::iter::repeat("")).take(self.0.header.len()));
            }
        });
        left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], header: &[&str], expected: &[&[&str]], left_out: u64) {
        let plain = Plain::open(bytes).unwrap();
        let mut rows: Vec<Vec<String>> = Vec::new();
        let lost = plain.each_row(|cells| rows.push(cells.map(str::to_owned).collect()));
        assert_eq!(
            (plain.header().collect::<Vec<_>>(), rows, lost),
            (header.to_vec(), expected.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect(), left_out)
        );
    }

    #[test]
    fn any_first_line_is_a_header() {
        check(b",V1,V14\n0,-1.5,x\n1,2,\n", &["", "V1", "V14"], &[&["0", "-1.5", "x"], &["1", "2", ""]], 0);
    }

    #[test]
    fn semicolons_quotes_and_old_encodings_are_read() {
        check(b"\"job\";\"caf\xe9\"\r\n\"blue;collar\";\"no\"\r\n", &["job", "caf\u{e9}"], &[&["blue;collar", "no"]], 0);
    }

    #[test]
    fn a_row_that_ends_early_is_blank_to_its_end_and_one_that_is_too_long_is_left_out() {
        check(b"a,b,c\n1,2\n1,2,3,4\n5,6,7\n", &["a", "b", "c"], &[&["1", "2", ""], &["5", "6", "7"]], 1);
    }

    #[test]
    fn what_is_no_table_is_refused_in_a_sentence() {
        assert_eq!(Plain::open(b" \n").err().as_deref(), Some("The file is empty."));
        assert!(Plain::open(b"%PDF-1.7").is_err_and(|why| why.contains("PDF")));
    }
}
