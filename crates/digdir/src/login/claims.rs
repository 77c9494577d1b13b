use core::fmt;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::UnixTime;
use portvakt_jose::json::{Object, Value};
use portvakt_oidc::IdToken;

use crate::acr::Acr;
use crate::identifiers::Pid;

/// The claims of an id_token of ID-porten or Ansattporten.
///
/// Nearly all of them may be missing: there is no number in a sign-in with a European eID that was not
/// matched, an e-mail address or a work account; and there is a `sid` only for clients that are registered
/// for front-channel logout. All claims, as signed, are in [`IdToken::claims`]. `Debug` shows how the person
/// signed in and nothing of who they are.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claims {
    /// Who the person is to this client. Pairwise: another client sees another value. It has changed once, and is
    /// no key to keep data under.
    pub sub: String,
    /// The person's number.
    pub pid: Option<Pid>,
    /// How the person signed in.
    pub acr: Acr,
    /// The means that were used, such as `BankID` or `Minid-PIN`. For information only.
    pub amr: Vec<String>,
    /// When the person authenticated; long before now if it was single sign-on.
    pub auth_time: Option<UnixTime>,
    /// The session, which a logout names.
    pub sid: Option<String>,
    /// The language that the person chose: `nb`, `nn`, `en` or `se`.
    pub locale: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// The given name.
    pub given_name: Option<String>,
    /// The family name.
    pub family_name: Option<String>,
    /// The e-mail address, of work accounts and self-registered users.
    pub email: Option<String>,
    /// The groups of a work account, as GUIDs; the first twenty only.
    pub groups: Vec<String>,
}

impl Claims {
    pub(super) fn read(id_token: &IdToken, acceptable: &[Acr]) -> Result<Self, ClaimsError> {
        let claims = id_token.claims();
        let acr = id_token.acr().ok_or(ClaimsError::Acr)?;
        let acr = Acr::parse(acr).ok().filter(|acr| acceptable.contains(acr));
        let pid = text(claims, "pid")?
            .map(|pid| Pid::parse(&pid).map_err(|_| ClaimsError::Pid))
            .transpose()?;
        Ok(Self {
            sub: id_token.sub().to_string(),
            pid,
            acr: acr.ok_or(ClaimsError::Acr)?,
            amr: texts(claims, "amr")?,
            auth_time: id_token.auth_time(),
            sid: text(claims, "sid")?,
            locale: text(claims, "locale")?,
            name: text(claims, "name")?,
            given_name: text(claims, "given_name")?,
            family_name: text(claims, "family_name")?,
            email: text(claims, "email")?,
            groups: texts(claims, "groups")?,
        })
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("acr", &self.acr)
            .field("amr", &self.amr)
            .field("auth_time", &self.auth_time)
            .field("pid", &self.pid)
            .finish_non_exhaustive()
    }
}

portvakt_jose::errors! {
    /// Why the claims are not believed, although the id_token is genuine.
    pub enum ClaimsError {
        Malformed => "claims_malformed",
            "A claim about the person has the wrong type or is far too long.",
            "ID-porten, id_token";
        Acr => "claims_acr",
            "The acr claim is not a value of the service that satisfies the request.",
            "ID-porten, id_token, acr values; Ansattporten, protocol";
        Pid => "claims_pid",
            "The pid claim is not a valid person number.",
            "Skatteetaten, folkeregisteropplysninger, pid";
        OtherPerson => "claims_other_person",
            "The renewed id_token has another person's number than the sign-in.",
            "OIDC Core §12.2";
        AcrLowered => "claims_acr_lowered",
            "The renewed id_token has a lower level than the sign-in.",
            "OIDC Core §12.2";
        PidNotSynthetic => "claims_pid_not_synthetic",
            "The pid claim is a real person's number, in an environment where everybody is synthetic.",
            "ID-porten, test users";
    }
}

/// A claim that is a text, if it is there. Names are shown to people, so that they have no control characters.
fn text(claims: &Object, name: &str) -> Result<Option<String>, ClaimsError> {
    claims
        .get(name)
        .filter(|value| !value.is_null())
        .map(one_text)
        .transpose()
}

fn texts(claims: &Object, name: &str) -> Result<Vec<String>, ClaimsError> {
    let Some(value) = claims.get(name).filter(|value| !value.is_null()) else {
        return Ok(Vec::new());
    };
    let values = value.as_array().ok_or(ClaimsError::Malformed)?;
    if values.len() > MAX_VALUES {
        return Err(ClaimsError::Malformed);
    }
    values.iter().map(one_text).collect()
}

fn one_text(value: &Value) -> Result<String, ClaimsError> {
    value
        .as_str()
        .filter(|text| text.len() <= MAX_CLAIM_BYTES && !text.chars().any(char::is_control))
        .map(ToString::to_string)
        .ok_or(ClaimsError::Malformed)
}

/// The longest claim is a name or an e-mail address; both end at a few hundred bytes.
const MAX_CLAIM_BYTES: usize = 1024;

/// Ansattporten gives at most twenty groups; methods of authentication are a handful.
const MAX_VALUES: usize = 100;
