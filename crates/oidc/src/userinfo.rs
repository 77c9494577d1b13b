//! Claims about the person from the userinfo endpoint. OIDC Core §5.3.

use alloc::string::{String, ToString};
use core::fmt;

use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Object, Value};

use crate::complete_login::Login;
use crate::error::{ApiMisuse, Error, ProviderError, ProviderMisbehaved};
use crate::exchange::refusal;
use crate::flow::{Answer, Flow, Step};
use crate::http::{HttpRequest, HttpResponse, received};

/// The most bytes of a userinfo response that are read; without pictures in it, one has about 1
/// KiB.
pub const MAX_USERINFO_BYTES: usize = 256 * 1024;

/// Fetches the claims that the provider's userinfo endpoint has about the person who signed in.
///
/// The output is a [`Userinfo`], which is about the same person as the id_token.
#[derive(Clone, Debug)]
#[must_use = "a flow stands still until its step is taken"]
pub struct FetchUserinfo {
    sub: Sub,
}

/// What the userinfo endpoint said about the person. `Debug` shows no claim.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Userinfo {
    /// Every claim, as received over TLS; they are not signed. OIDC Core §5.1, §5.3.2.
    pub claims: Object,
}

impl FetchUserinfo {
    /// Starts the flow.
    ///
    /// # Errors
    /// `misuse_no_userinfo_endpoint` when the provider has none.
    pub fn start(login: &Login, _now: UnixTime) -> Result<Step<Self>, Error> {
        let endpoint = login
            .metadata
            .userinfo_endpoint()
            .ok_or(ApiMisuse::NoUserinfoEndpoint)?
            .clone();
        // RFC 6750 §2.1: in the header, never in the address.
        let mut credentials = String::from("Bearer ");
        credentials.push_str(login.access_token.expose());
        let request = HttpRequest::get(endpoint, MAX_USERINFO_BYTES)
            .with_header("authorization", credentials);
        let next = Self {
            sub: Sub(login.id_token.sub().to_string()),
        };
        Ok(Step::Fetch { request, next })
    }
}

impl Flow for FetchUserinfo {
    type Output = Userinfo;
    type Error = Error;

    fn resume(self, answer: Answer, _now: UnixTime) -> Result<Step<Self>, Error> {
        let response = received(answer.response()?, MAX_USERINFO_BYTES)?;
        if response.status != 200 {
            return Err(refusal(&response)
                .or_else(|| challenge(&response))
                .map_or(ProviderMisbehaved::UserinfoStatus.into(), Error::Provider));
        }
        // Signed or encrypted responses (`application/jwt`) come only to clients registered for
        // them.
        if !response.may_be_json() {
            return Err(ProviderMisbehaved::UserinfoContentType.into());
        }
        let claims = json::parse(&response.body, MAX_USERINFO_BYTES)
            .ok()
            .and_then(Value::into_object)
            .ok_or(ProviderMisbehaved::UserinfoMalformed)?;
        // §5.3.2: without this, an access token that was swapped would bring somebody else's
        // claims.
        let sub = claims
            .get("sub")
            .and_then(Value::as_str)
            .ok_or(ProviderMisbehaved::UserinfoSubMissing)?;
        if sub != self.sub.0 {
            return Err(ProviderMisbehaved::UserinfoSubMismatch.into());
        }
        Ok(Step::Done(Userinfo { claims }))
    }
}

/// The subject of the id_token, which is a claim value and as such not for `Debug`.
#[derive(Clone)]
struct Sub(String);

impl fmt::Debug for Sub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sub(..)")
    }
}

/// The `error` of a `WWW-Authenticate: Bearer` header. RFC 6750 §3.
fn challenge(response: &HttpResponse) -> Option<ProviderError> {
    let header = response.header("www-authenticate")?;
    let (scheme, parameters) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return None;
    }
    let error = parameters.split(',').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        (name.trim() == "error").then(|| value.trim().trim_matches('"'))
    })?;
    Some(ProviderError::new(error, None))
}
