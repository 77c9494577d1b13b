//! `Accept-Language`: which of a text's languages goes out.
//!
//! The service prunes every localisation list to one entry when it is told what the reader wants,
//! and sends them all when it is not. Norwegian has no macro code here: `nb` or `nn`, never `no`.

use super::model::{Localization, Localized};

/// Longest `Accept-Language` that is read; browsers send well under 200 bytes.
const MAX_HEADER_BYTES: usize = 1_000;

/// The languages that the reader wants, best first; empty means all of them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct AcceptedLanguages(Vec<String>);

impl AcceptedLanguages {
    /// Reads the header; `None` when its syntax is wrong.
    ///
    /// Weights are compared to two decimals, and a language named twice keeps its highest.
    pub(crate) fn parse(header: &str) -> Option<Self> {
        if header.len() > MAX_HEADER_BYTES {
            return None;
        }
        let mut wanted: Vec<(String, u8)> = Vec::new();
        for entry in header.split(',') {
            let mut parts = entry.split(';');
            let language = normalise(parts.next()?);
            let weight = match parts.next() {
                None => 100,
                Some(parameter) => weight(parameter)?,
            };
            if parts.next().is_some() {
                return None;
            }
            match wanted.iter_mut().find(|(known, _)| *known == language) {
                _ if language.is_empty() => {}
                Some((_, known)) => *known = weight.max(*known),
                None => wanted.push((language, weight)),
            }
        }
        // The sort is stable: languages of one weight stay in the reader's order.
        wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        Some(Self(
            wanted.into_iter().map(|(language, _)| language).collect(),
        ))
    }

    /// Leaves the one best entry, or the whole list where nothing fits or nothing was asked for.
    pub(crate) fn prune(&self, texts: &mut Localized) {
        if self.0.is_empty() {
            return;
        }
        // Danes and Swedes read Norwegian more easily than English.
        let scandinavian = self.0.iter().any(|code| code == "sv" || code == "da");
        let fallback = if scandinavian {
            ["nb", "en"]
        } else {
            ["en", "nb"]
        };
        let best: Option<Localization> = self
            .0
            .iter()
            .map(String::as_str)
            .chain(fallback)
            .find_map(|code| texts.iter().find(|text| text.language_code == code))
            .cloned();
        if let Some(best) = best {
            *texts = vec![best];
        }
    }
}

/// The neutral language of a culture code: `en-US` and `en_GB` are `en`.
pub(crate) fn normalise(code: &str) -> String {
    code.trim()
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// Whether the code is a language of ISO 639 that the service knows; `no` is not.
///
/// Two letters are enough for the simulator: its own texts are `nb`, `nn` and `en`.
pub(crate) fn is_known(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()) && code != "no"
}

/// `q=0.8` in hundredths. The service takes no space before the `q`, though RFC 9110 §12.4.2 does.
fn weight(parameter: &str) -> Option<u8> {
    let value = parameter.strip_prefix("q=")?.trim();
    let well_formed = value.len() <= 6
        && value.starts_with(['0', '1'])
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let weight: f32 = value.parse().ok().filter(|_| well_formed)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the filter leaves 0.0 to 1.0"
    )]
    (0.0..=1.0)
        .contains(&weight)
        .then(|| (weight * 100.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(codes: &[&'static str]) -> Localized {
        codes
            .iter()
            .map(|code| Localization {
                value: format!("in {code}"),
                language_code: code,
            })
            .collect()
    }

    fn chosen(header: &str, codes: &[&'static str]) -> Vec<&'static str> {
        let mut texts = texts(codes);
        AcceptedLanguages::parse(header)
            .expect("well formed")
            .prune(&mut texts);
        texts.into_iter().map(|text| text.language_code).collect()
    }

    #[test]
    fn nothing_asked_for_keeps_every_language() {
        assert_eq!(chosen("", &["en", "nb"]), ["en", "nb"]);
        assert_eq!(chosen(" , ", &["en", "nb"]), ["en", "nb"]);
    }

    #[test]
    fn the_heaviest_language_that_is_there_is_chosen() {
        assert_eq!(chosen("en-US,en;q=0.9,nb;q=0.8", &["en", "nb"]), ["en"]);
        assert_eq!(chosen("fr,nb;q=0.7,en;q=0.2", &["en", "nb"]), ["nb"]);
        assert_eq!(chosen("en;q=0.1, nb_NO;q=0.2", &["en", "nb"]), ["nb"]);
        assert_eq!(chosen("en;q=0.1,nb;q=0.5,en;q=0.9", &["en", "nb"]), ["en"]);
    }

    #[test]
    fn english_then_bokmal_stand_in_and_the_other_way_for_danes_and_swedes() {
        assert_eq!(chosen("de", &["en", "nb"]), ["en"]);
        assert_eq!(chosen("de", &["nb"]), ["nb"]);
        assert_eq!(chosen("*", &["en", "nb"]), ["en"]);
        assert_eq!(chosen("sv", &["en", "nb"]), ["nb"]);
        assert_eq!(chosen("da;q=0.1,de", &["en", "nb"]), ["nb"]);
    }

    #[test]
    fn a_text_in_other_languages_only_is_left_whole() {
        assert_eq!(chosen("nb", &["fr", "it"]), ["fr", "it"]);
        assert_eq!(chosen("it", &["fr", "it"]), ["it"]);
    }

    #[test]
    fn a_malformed_header_is_refused() {
        for header in [
            "invalid;;;",
            "nb;q",
            "nb;x=1",
            "nb;q=",
            "nb;q=2",
            "nb;q=-1",
            "nb;q=NaN",
            "nb; q=1",
        ] {
            assert_eq!(AcceptedLanguages::parse(header), None, "{header}");
        }
        assert_eq!(AcceptedLanguages::parse(&"nb,".repeat(400)), None);
    }

    #[test]
    fn the_macro_code_for_norwegian_is_not_a_language_here() {
        assert!(is_known("nb") && is_known("nn"));
        assert!(!is_known("no") && !is_known("nob") && !is_known(""));
    }
}
