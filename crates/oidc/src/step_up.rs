//! An API that wants the person to be authenticated in another way, or more recently. RFC 9470.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::challenge::Challenge;
use crate::config::is_acr;

/// The most `acr` values that are taken from a challenge; providers have a handful.
const MAX_ACR_VALUES: usize = 16;

/// What an API asks for in place of the authentication that there is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct StepUp {
    /// The ways of authentication of which one will do, the preferred one first. Any will do if
    /// there are none.
    pub acr_values: Vec<String>,
    /// How long ago the person may have authenticated, in seconds.
    pub max_age_seconds: Option<u32>,
}

impl StepUp {
    /// Reads the challenge of a response with status 401: `WWW-Authenticate` with
    /// `error="insufficient_user_authentication"`. RFC 9470 §3.
    ///
    /// None for any other, and for one that asks for what cannot be asked for. Across origins a
    /// browser shows the header only if the API lets it.
    pub fn parse(status: u16, www_authenticate: &str) -> Option<Self> {
        if status != 401 {
            return None;
        }
        let challenges = Challenge::parse_all(www_authenticate);
        let challenge = challenges.iter().find(|challenge| {
            (challenge.is("bearer") || challenge.is("dpop"))
                && challenge.parameter("error") == Some("insufficient_user_authentication")
        })?;
        let acr_values: Vec<String> = challenge
            .parameter("acr_values")
            .unwrap_or_default()
            .split(' ')
            .filter(|acr| !acr.is_empty())
            .map(ToString::to_string)
            .collect();
        let max_age_seconds = match challenge.parameter("max_age") {
            None => None,
            Some(seconds) => Some(whole_seconds(seconds)?),
        };
        if acr_values.len() > MAX_ACR_VALUES || !acr_values.iter().all(|acr| is_acr(acr)) {
            return None;
        }
        Some(Self {
            acr_values,
            max_age_seconds,
        })
    }
}

fn whole_seconds(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    let mut seconds: u32 = 0;
    for byte in text.bytes() {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        seconds = seconds.checked_mul(10)?.checked_add(u32::from(digit))?;
    }
    Some(seconds)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_challenges_of_the_rfc_are_read() {
        // RFC 9470 §3, figures 3 and 4.
        let acr = r#"Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR""#;
        let age = r#"Bearer error="insufficient_user_authentication", error_description="More recent authentication is required", max_age="5""#;
        let step_up = StepUp::parse(401, acr).unwrap();
        assert_eq!(step_up.acr_values, ["myACR"]);
        assert_eq!(step_up.max_age_seconds, None);
        let step_up = StepUp::parse(401, age).unwrap();
        assert!(step_up.acr_values.is_empty());
        assert_eq!(step_up.max_age_seconds, Some(5));
    }

    #[test]
    fn other_challenges_ask_for_nothing() {
        let good = r#"Bearer error="insufficient_user_authentication", acr_values="high""#;
        assert!(StepUp::parse(401, good).is_some());
        assert_eq!(StepUp::parse(403, good), None);
        for header in [
            "",
            "Bearer",
            r#"Bearer error="invalid_token", acr_values="high""#,
            r#"Basic error="insufficient_user_authentication", acr_values="high""#,
            r#"Bearer error="insufficient_user_authentication", max_age="-1""#,
            r#"Bearer error="insufficient_user_authentication", max_age="4294967296""#,
            r#"Bearer error="insufficient_user_authentication", acr_values="é""#,
            r#"Bearer error="insufficient_user_authentication", error="x""#,
        ] {
            assert_eq!(StepUp::parse(401, header), None, "{header}");
        }
        let many = "a ".repeat(MAX_ACR_VALUES + 1);
        let many = [
            "DPoP error=insufficient_user_authentication, acr_values=\"",
            &many,
            "\"",
        ];
        assert_eq!(StepUp::parse(401, &many.concat()), None);
    }
}
