use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::UnixTime;
use portvakt_jose::json::{self, Object, Value};

use crate::config::{is_authorization_details, is_scope_token};
use crate::error::{Error, ProviderError, ProviderMisbehaved};
use crate::http::HttpResponse;
use crate::secret::{AccessToken, RawIdToken, RefreshToken, is_token};

/// The most bytes of a token response that are read.
///
/// Most have 5 KiB. `authorization_details` with many organisations come three times over: by
/// themselves, in the id_token and in the access token.
pub(crate) const MAX_TOKEN_RESPONSE_BYTES: usize = 512 * 1024;

/// The longest time that an access token may live, in seconds: ten years. What is longer is not in
/// seconds.
const MAX_EXPIRES_IN_SECONDS: u64 = 10 * 366 * 24 * 60 * 60;

/// A successful token response, in its form. OIDC Core §3.1.3.3, RFC 6749 §5.1.
pub(crate) struct TokenResponse {
    pub(crate) access_token: AccessToken,
    pub(crate) refresh_token: Option<RefreshToken>,
    pub(crate) id_token: Option<RawIdToken>,
    pub(crate) expires_at: Option<UnixTime>,
    pub(crate) scope: Option<Vec<String>>,
    pub(crate) authorization_details: Option<Value>,
}

impl TokenResponse {
    /// `is_bound`: a proof went along, so that the tokens must be bound to its key.
    pub(crate) fn read(
        response: &HttpResponse,
        is_bound: bool,
        now: UnixTime,
    ) -> Result<Self, Error> {
        if response.status != 200 {
            return Err(
                refusal(response).map_or(ProviderMisbehaved::TokenStatus.into(), Error::Provider)
            );
        }
        if !response.may_be_json() {
            return Err(ProviderMisbehaved::TokenContentType.into());
        }
        let object = json::parse(&response.body, MAX_TOKEN_RESPONSE_BYTES)
            .ok()
            .and_then(Value::into_object)
            .ok_or(ProviderMisbehaved::TokenMalformed)?;
        Ok(Self::from_object(object, is_bound, now)?)
    }

    fn from_object(
        mut object: Object,
        is_bound: bool,
        now: UnixTime,
    ) -> Result<Self, ProviderMisbehaved> {
        // A type that is not understood makes the token unusable: RFC 6749 §7.1. Case does not
        // matter: §5.1.
        let token_type = object.get("token_type").and_then(Value::as_str);
        let is_type =
            |expected| token_type.is_some_and(|text: &str| text.eq_ignore_ascii_case(expected));
        match is_bound {
            true if is_type("DPoP") => {}
            // RFC 9449 §5 leaves it to the client whether it is content with that. This one is not:
            // what would be stolen is worth as much as if there were no DPoP at all.
            true if is_type("Bearer") => return Err(ProviderMisbehaved::TokenNotBound),
            false if is_type("Bearer") => {}
            _ => return Err(ProviderMisbehaved::TokenType),
        }
        let access_token = token(&object, "access_token")
            .ok_or(ProviderMisbehaved::TokenAccessToken)?
            .map(AccessToken::new)
            .ok_or(ProviderMisbehaved::TokenAccessToken)?;
        let id_token = token(&object, "id_token")
            .map(|token| {
                token
                    .map(RawIdToken::new)
                    .ok_or(ProviderMisbehaved::TokenIdTokenMissing)
            })
            .transpose()?;
        let refresh_token = token(&object, "refresh_token")
            .map(|token| {
                token
                    .map(RefreshToken::new)
                    .ok_or(ProviderMisbehaved::TokenRefreshToken)
            })
            .transpose()?;
        let expires_at = object
            .get("expires_in")
            .map(|value| {
                value
                    .as_u64()
                    .filter(|seconds| *seconds <= MAX_EXPIRES_IN_SECONDS)
                    .map(|seconds| now.saturating_add(seconds))
                    .ok_or(ProviderMisbehaved::TokenExpiresIn)
            })
            .transpose()?;
        let scope = object
            .get("scope")
            .map(|value| {
                value
                    .as_str()
                    .and_then(scopes)
                    .ok_or(ProviderMisbehaved::TokenScope)
            })
            .transpose()?;
        let authorization_details = object.remove("authorization_details");
        if authorization_details
            .as_ref()
            .is_some_and(|details| !is_authorization_details(details))
        {
            return Err(ProviderMisbehaved::TokenAuthorizationDetails);
        }
        Ok(Self {
            access_token,
            refresh_token,
            id_token,
            expires_at,
            scope,
            authorization_details,
        })
    }
}

/// The OAuth error in a response that is not a success, if there is one. RFC 6749 §5.2.
pub(crate) fn refusal(response: &HttpResponse) -> Option<ProviderError> {
    if !response.may_be_json() {
        return None;
    }
    let object = json::parse(&response.body, MAX_TOKEN_RESPONSE_BYTES)
        .ok()?
        .into_object()?;
    let error = object.get("error")?.as_str()?;
    Some(ProviderError::new(
        error,
        object.get("error_description").and_then(Value::as_str),
    ))
}

/// None if there is no such member; Some(None) if it is not a token that a header or form can
/// carry.
fn token<'a>(object: &'a Object, name: &str) -> Option<Option<&'a str>> {
    object
        .get(name)
        .map(|value| value.as_str().filter(|token| is_token(token)))
}

/// `scope` of RFC 6749 §3.3. An empty one, which the grammar does not have, grants nothing.
fn scopes(text: &str) -> Option<Vec<String>> {
    text.split(' ')
        .filter(|scope| !scope.is_empty())
        .map(|scope| is_scope_token(scope).then(|| scope.to_string()))
        .collect()
}
