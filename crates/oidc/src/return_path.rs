//! Where in the application a person continues after signing in or out.

use alloc::string::{String, ToString};
use core::fmt;

use crate::error::ApiMisuse;
use crate::url::{has_dot_segment, has_only_url_characters};

/// The longest return path, in bytes: it is stored, and is part of an address that has a limit itself.
pub const MAX_RETURN_PATH_BYTES: usize = 2048;

/// A path on the application's own origin, with query and fragment if it has them, and nothing
/// else.
///
/// An application that returns people to an address taken from its own URL is an open redirector
/// unless it makes sure that the address is its own (RFC 9700 §2.1, §4.11). So this type holds no
/// address of another origin, in none of the spellings that browsers or frameworks read as one:
/// `https:`, `//host`, `/\host`, a tab or line break in between, `/%2Fhost`, `/..//host`.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
pub struct ReturnPath(String);

impl ReturnPath {
    /// Checks a path such as `/inbox?page=2#top`.
    ///
    /// # Errors
    /// `misuse_return_path` for everything that is not a path of the same origin.
    pub fn parse(text: &str) -> Result<Self, ApiMisuse> {
        if text.len() > MAX_RETURN_PATH_BYTES || !has_only_url_characters(text) {
            return Err(ApiMisuse::ReturnPath);
        }
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let is_own = path.starts_with('/')
            && !path.starts_with("//")
            && !has_dot_segment(path)
            && !hides_a_separator(path);
        if is_own {
            Ok(Self(text.to_string()))
        } else {
            Err(ApiMisuse::ReturnPath)
        }
    }

    /// The path as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Leaves query and fragment out: they are the application's, and may be about a person.
impl fmt::Debug for ReturnPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.split(['?', '#']).next().unwrap_or_default();
        let elided = if path.len() < self.0.len() { ".." } else { "" };
        write!(formatter, "ReturnPath({path}{elided})")
    }
}

/// Whether a path has an encoded `/`, `\` or control character, which a router that decodes before
/// it navigates would turn into a real one.
fn hides_a_separator(path: &str) -> bool {
    path.split('%').skip(1).any(|after| {
        let code = after.get(..2).unwrap_or_default();
        code.eq_ignore_ascii_case("2f")
            || code.eq_ignore_ascii_case("5c")
            || code.eq_ignore_ascii_case("7f")
            || code.starts_with(['0', '1'])
    })
}
