//! A photo or document that somebody added to a customer. Its bytes lie beside it, in pieces.

use super::{
    ids::{FileId, PartId, Seq, StaffId},
    time::At,
};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct StoredFile {
    pub id: FileId,
    /// The record it lies under.
    pub part: PartId,
    /// As it was called where it came from; for showing only.
    pub name: String,
    pub kind: FileKind,
    pub bytes: u64,
    pub by: StaffId,
    pub at: At,
    /// The journal entry that added it.
    pub cause: Seq,
    /// When it was taken away, and by whom. Its bytes are gone then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<(At, StaffId)>,
}

/// What the bytes are, whatever the name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Jpeg,
    Png,
    Gif,
    Webp,
    Pdf,
    /// Anything else: only to be saved, never shown.
    #[serde(other)]
    Other,
}

impl FileKind {
    /// By how the bytes begin.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Self::Png,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::Webp,
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Pdf,
            _ => Self::Other,
        }
    }

    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Other => "application/octet-stream",
        }
    }

    /// A browser may show it within our pages. A PDF may not: it can carry scripts.
    #[must_use]
    pub fn is_picture(self) -> bool {
        match self {
            Self::Jpeg | Self::Png | Self::Gif | Self::Webp => true,
            Self::Pdf | Self::Other => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (bytes, kind) in [
            (&b"\xff\xd8\xff\xe0\x00\x10JFIF"[..], FileKind::Jpeg),
            (b"\x89PNG\r\n\x1a\n\x00", FileKind::Png),
            (b"GIF89a", FileKind::Gif),
            (b"RIFF\x10\x00\x00\x00WEBPVP8 ", FileKind::Webp),
            (b"%PDF-1.7", FileKind::Pdf),
            (b"<html><script>", FileKind::Other),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>", FileKind::Other),
            (b"RIFF\x10\x00\x00\x00WAVE", FileKind::Other),
            (b"", FileKind::Other),
        ] {
            assert_eq!(FileKind::of(bytes), kind, "{}", String::from_utf8_lossy(bytes));
        }
        assert!(!FileKind::Pdf.is_picture() && !FileKind::Other.is_picture());
    }
}
