//! Claims about the person from the userinfo endpoint. OIDC Core §5.3.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;

use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Object, Value};

use crate::challenge::Challenge;
use crate::clock;
use crate::dpop::{DpopProofs, nonce_of};
use crate::error::{ApiMisuse, Error, ProviderError, ProviderErrorCode, ProviderMisbehaved};
use crate::exchange::refusal;
use crate::flow::{Answer, Flow, Step};
use crate::http::{HttpRequest, HttpResponse, received};
use crate::login::Login;
use crate::secret::AccessToken;

/// The most bytes of a userinfo response that are read; without pictures in it, one has about 1
/// KiB.
pub const MAX_USERINFO_BYTES: usize = 256 * 1024;

/// Fetches the claims that the provider's userinfo endpoint has about the person who signed in.
///
/// The output is a [`Userinfo`], which is about the same person as the id_token.
#[must_use = "a flow stands still until its step is taken"]
pub struct FetchUserinfo {
    sub: String,
    /// For tokens that are bound: the request, to be sent again with the nonce that the provider
    /// may ask for.
    again: Option<Box<(HttpRequest, DpopProofs)>>,
    access_token: AccessToken,
    clock_offset_seconds: i32,
}

/// What the userinfo endpoint said about the person. `Debug` shows no claim.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Userinfo {
    /// Every claim, as received over TLS; they are not signed. OIDC Core §5.1, §5.3.2.
    pub claims: Object,
}

impl FetchUserinfo {
    /// Starts the flow. A login whose tokens are [bound](Login::dpop) needs proofs by the same key;
    /// others ignore them.
    ///
    /// # Errors
    /// `misuse_no_userinfo_endpoint` when the provider has none; `misuse_dpop_key`.
    pub fn start(
        login: &Login,
        proofs: Option<DpopProofs>,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        let endpoint = login
            .metadata
            .userinfo_endpoint()
            .ok_or(ApiMisuse::NoUserinfoEndpoint)?
            .clone();
        // RFC 6750 §2.1: in the header, never in the address.
        let mut request = HttpRequest::get(endpoint, MAX_USERINFO_BYTES)
            .with_header("authorization", login.authorization());
        let mut again = None;
        if let Some(mut proofs) = login.proofs(proofs)? {
            let plain = request.clone();
            let now = login.by_provider(now);
            request.proof = proofs.next("GET", &plain.url, Some(&login.access_token), None, now);
            again = Some(Box::new((plain, proofs)));
        }
        let next = Self {
            sub: login.id_token.sub().to_string(),
            again,
            access_token: login.access_token.clone(),
            clock_offset_seconds: login.clock_offset_seconds,
        };
        Ok(Step::Fetch { request, next })
    }
}

impl Flow for FetchUserinfo {
    type Output = Userinfo;
    type Error = Error;

    fn resume(mut self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        let response = received(answer.response()?, MAX_USERINFO_BYTES)?;
        if response.status != 200 {
            // RFC 9449 §9: once.
            if let (Some(nonce), Some(again)) = (nonce_of(&response), self.again.take())
                && is_refusal(&response, ProviderErrorCode::UseDpopNonce)
            {
                let (mut request, mut proofs) = *again;
                let now = clock::by_provider(now, self.clock_offset_seconds);
                let token = Some(&self.access_token);
                request.proof = proofs.next("GET", &request.url, token, Some(&nonce), now);
                let next = self;
                return Ok(Step::Fetch { request, next });
            }
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
        if sub != self.sub {
            return Err(ProviderMisbehaved::UserinfoSubMismatch.into());
        }
        Ok(Step::Done(Userinfo { claims }))
    }
}

/// Shows neither the token nor whom it is about.
impl fmt::Debug for FetchUserinfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FetchUserinfo(..)")
    }
}

fn is_refusal(response: &HttpResponse, code: ProviderErrorCode) -> bool {
    challenge(response).is_some_and(|error| error.code() == code)
}

/// The `error` of a `WWW-Authenticate` header. RFC 6750 §3, RFC 9449 §7.1.
fn challenge(response: &HttpResponse) -> Option<ProviderError> {
    let challenges = Challenge::parse_all(response.header("www-authenticate")?);
    let error = challenges
        .iter()
        .filter(|challenge| challenge.is("bearer") || challenge.is("dpop"))
        .find_map(|challenge| challenge.parameter("error"))?;
    Some(ProviderError::new(error, None))
}
