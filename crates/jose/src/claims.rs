//! The checks of the registered claims, one method each, for the caller to make in its own order.

use core::fmt;

use crate::json::{Object, Value};
use crate::{Error, UnixTime, VerifiedJwt};

/// The longest subject, in characters. Source: OIDC Core §2.
const MAX_SUBJECT_LENGTH: usize = 255;

impl VerifiedJwt {
    /// The checks of the claims as of `now`.
    ///
    /// `clock_tolerance_seconds` is how far the issuer's clock and this one may be apart. It is
    /// granted in the token's favour by every check of time.
    pub const fn checks(&self, now: UnixTime, clock_tolerance_seconds: u32) -> ClaimChecks<'_> {
        ClaimChecks {
            claims: self.claims(),
            now,
            clock_tolerance: clock_tolerance_seconds as u64,
        }
    }
}

/// The checks of the registered claims of one verified token, at one moment.
///
/// Each is independent of the others and none is made unless it is called: which are due differs
/// between an ID token, an access token and a logout token. A claim that is there with the wrong
/// type is an error, never the same as one that is absent.
#[derive(Clone, Copy)]
#[must_use = "no claim is checked until its method is called"]
pub struct ClaimChecks<'a> {
    claims: &'a Object,
    now: UnixTime,
    clock_tolerance: u64,
}

impl<'a> ClaimChecks<'a> {
    /// `iss` is exactly this text. Source: OIDC Core §3.1.3.7 (2).
    ///
    /// # Errors
    ///
    /// `token_iss_missing`, `token_iss_malformed`, `token_iss_mismatch`.
    pub fn issuer(&self, expected: &str) -> Result<(), Error> {
        let issuer = self.claims.get("iss").ok_or(Error::IssuerMissing)?;
        match issuer.as_str() {
            Some(issuer) if issuer == expected => Ok(()),
            Some(_) => Err(Error::IssuerMismatch),
            None => Err(Error::IssuerMalformed),
        }
    }

    /// `sub` is a text of 1 to 255 printable ASCII characters, and is returned. Source: OIDC Core
    /// §2.
    ///
    /// # Errors
    ///
    /// `token_sub_missing`, `token_sub_malformed`.
    pub fn subject(&self) -> Result<&'a str, Error> {
        let subject = self.claims.get("sub").ok_or(Error::SubjectMissing)?;
        subject
            .as_str()
            .filter(|subject| (1..=MAX_SUBJECT_LENGTH).contains(&subject.len()))
            .filter(|subject| subject.bytes().all(|byte| matches!(byte, 0x20..=0x7e)))
            .ok_or(Error::SubjectMalformed)
    }

    /// `aud` is or contains this audience, and contains no other than those that are trusted.
    ///
    /// For an ID token the audience is the `client_id`. Source: OIDC Core §3.1.3.7 (3).
    ///
    /// # Errors
    ///
    /// `token_aud_missing`, `token_aud_malformed`, `token_aud_mismatch`, `token_aud_untrusted`.
    pub fn audience(&self, expected: &str, also_trusted: &[&str]) -> Result<(), Error> {
        let mut is_found = false;
        let mut has_untrusted = false;
        for audience in self.audiences()? {
            let audience = audience.as_str().ok_or(Error::AudienceMalformed)?;
            is_found |= audience == expected;
            has_untrusted |= audience != expected && !also_trusted.contains(&audience);
        }
        match (is_found, has_untrusted) {
            (true, false) => Ok(()),
            (true, true) => Err(Error::AudienceUntrusted),
            (false, _) => Err(Error::AudienceMismatch),
        }
    }

    /// `azp` is this client; it may be absent when there is one audience only.
    ///
    /// Stricter than OIDC Core §3.1.3.7 (4) and (5), which leave it to extensions: among several
    /// audiences nothing else tells for whom the token was made.
    ///
    /// # Errors
    ///
    /// `token_azp_missing`, `token_azp_malformed`, `token_azp_mismatch`, `token_aud_missing`,
    /// `token_aud_malformed`.
    pub fn authorized_party(&self, client_id: &str) -> Result<(), Error> {
        match self.claims.get("azp") {
            Some(Value::String(party)) if *party == *client_id => Ok(()),
            Some(Value::String(_)) => Err(Error::AuthorizedPartyMismatch),
            Some(_) => Err(Error::AuthorizedPartyMalformed),
            None if self.audiences()?.len() > 1 => Err(Error::AuthorizedPartyMissing),
            None => Ok(()),
        }
    }

    /// `exp` is in the future, and is returned. Source: OIDC Core §3.1.3.7 (9), RFC 7519 §4.1.4.
    ///
    /// # Errors
    ///
    /// `token_exp_missing`, `token_exp_malformed`, `token_expired`.
    pub fn expiry(&self) -> Result<UnixTime, Error> {
        let expiry = self
            .date("exp", Error::ExpiryMalformed)?
            .ok_or(Error::ExpiryMissing)?;
        if self.now >= expiry.saturating_add(self.clock_tolerance) {
            return Err(Error::Expired);
        }
        Ok(expiry)
    }

    /// `nbf` is absent or not in the future. Source: RFC 7519 §4.1.5.
    ///
    /// # Errors
    ///
    /// `token_nbf_malformed`, `token_not_yet_valid`.
    pub fn not_before(&self) -> Result<(), Error> {
        match self.date("nbf", Error::NotBeforeMalformed)? {
            Some(start) if self.is_future(start) => Err(Error::NotYetValid),
            _ => Ok(()),
        }
    }

    /// `iat` is not in the future and at most so many seconds ago, and is returned. Source: OIDC
    /// Core §3.1.3.7 (10).
    ///
    /// # Errors
    ///
    /// `token_iat_missing`, `token_iat_malformed`, `token_iat_future`, `token_iat_too_old`.
    pub fn issued_at(&self, max_age_seconds: u32) -> Result<UnixTime, Error> {
        let issued_at = self
            .date("iat", Error::IssuedAtMalformed)?
            .ok_or(Error::IssuedAtMissing)?;
        if self.is_future(issued_at) {
            return Err(Error::IssuedInTheFuture);
        }
        let latest = issued_at.saturating_add(max_age_seconds.into());
        if self.now > latest.saturating_add(self.clock_tolerance) {
            return Err(Error::IssuedTooLongAgo);
        }
        Ok(issued_at)
    }

    /// The elements of `aud`, of which there is at least one; they may be of any type.
    fn audiences(&self) -> Result<&'a [Value], Error> {
        match self.claims.get("aud").ok_or(Error::AudienceMissing)? {
            Value::Array(audiences) if !audiences.is_empty() => Ok(audiences),
            audience @ Value::String(_) => Ok(core::slice::from_ref(audience)),
            _ => Err(Error::AudienceMalformed),
        }
    }

    fn date(&self, name: &str, malformed: Error) -> Result<Option<UnixTime>, Error> {
        let Some(value) = self.claims.get(name) else {
            return Ok(None);
        };
        let date = value.as_number().and_then(UnixTime::from_numeric_date);
        date.map(Some).ok_or(malformed)
    }

    fn is_future(&self, moment: UnixTime) -> bool {
        moment > self.now.saturating_add(self.clock_tolerance)
    }
}

/// Prints no claim.
impl fmt::Debug for ClaimChecks<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClaimChecks")
            .field("claims", self.claims)
            .field("now", &self.now)
            .field("clock_tolerance", &self.clock_tolerance)
            .finish()
    }
}
