//! Signing out at the provider. OIDC RP-Initiated Logout 1.0, RFC 7009.

mod pending;
mod returned;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::UnixTime;

pub use pending::PendingLogout;
pub use returned::LogoutReturn;

use crate::config::ClientConfig;
use crate::error::{ApiMisuse, Error, ProviderMisbehaved};
use crate::exchange::refusal;
use crate::flow::{Answer, Flow, Step};
use crate::http::{HttpRequest, HttpResponse, TransportError, received};
use crate::login::Login;
use crate::metadata::ProviderMetadata;
use crate::return_path::ReturnPath;
use crate::secret::{AccessToken, Entropy, RawIdToken, RefreshToken, State};
use crate::url::Url;

/// The most bytes of a revocation response that are read; what there is of it is an error at most.
const MAX_REVOCATION_BYTES: usize = 16 * 1024;

/// Signs a person out: revokes the tokens that would outlive the session, then makes the address of
/// the provider's logout.
///
/// Forget the local session and its tokens *before* the first step: the rest is courtesy to the
/// provider. The output is a [`LogoutRedirect`].
#[derive(Debug)]
#[must_use = "a flow stands still until its step is taken"]
pub struct BeginLogout {
    config: ClientConfig,
    metadata: Option<ProviderMetadata>,
    id_token_hint: Option<RawIdToken>,
    return_to: Option<ReturnPath>,
    entropy: Entropy,
    /// What is left to revoke; the last one first.
    tokens: Vec<Token>,
    revocations: Vec<Revocation>,
}

/// What to sign out of.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct LogoutRequest {
    /// The provider's metadata; it is fetched if it is not given.
    pub metadata: Option<ProviderMetadata>,
    /// A refresh token to revoke. Default: none.
    pub refresh_token: Option<RefreshToken>,
    /// An access token to revoke, if its scopes call for that. Default: none.
    pub access_token: Option<AccessToken>,
    /// The scopes of these tokens.
    ///
    /// Providers end tokens that have only `openid` and `profile` together with the session. Those
    /// with another scope live on, and are therefore revoked first.
    pub scope: Vec<String>,
    /// The id_token, for providers that want it. Default: none.
    ///
    /// It ends up in the address bar, in history and in logs, with what it says about the person;
    /// `client_id`, which is always sent, is enough for ID-porten and Ansattporten. An expired one
    /// is fine. OIDC RP-Initiated Logout §2.
    pub id_token_hint: Option<RawIdToken>,
    /// Where in the application the person continues afterwards. Never sent to the provider.
    pub return_to: Option<ReturnPath>,
}

impl LogoutRequest {
    /// A request to sign out of a login, without `id_token_hint`.
    pub fn of(login: &Login) -> Self {
        Self {
            metadata: Some(login.metadata.clone()),
            refresh_token: login.refresh_token.clone(),
            access_token: Some(login.access_token.clone()),
            scope: login.scope.clone(),
            id_token_hint: None,
            return_to: None,
        }
    }

    fn must_revoke(&self) -> bool {
        self.scope
            .iter()
            .any(|scope| scope != "openid" && scope != "profile")
    }
}

/// Where to send the browser to sign out, and what to remember meanwhile.
#[derive(Debug)]
#[non_exhaustive]
pub struct LogoutRedirect {
    /// The logout request. OIDC RP-Initiated Logout §2.
    pub url: Url,
    /// What the return will be compared with; none where people do not come back, for want of a
    /// `post_logout_redirect_uri`.
    pub pending: Option<PendingLogout>,
    /// What became of the tokens that were to be revoked. A failure does not hinder the logout, but
    /// such a token lives on until it expires.
    pub revocations: Vec<Revocation>,
}

/// What became of one token that was to be revoked.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Revocation {
    /// Which token.
    pub token: RevokedToken,
    /// How that went.
    pub outcome: Result<(), Error>,
}

/// Which token was to be revoked. RFC 7009 §2.1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RevokedToken {
    /// The access token.
    AccessToken,
    /// The refresh token.
    RefreshToken,
}

impl RevokedToken {
    /// The `token_type_hint`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
        }
    }
}

impl BeginLogout {
    /// Starts the flow. Without tokens to revoke, and with metadata, it ends here.
    ///
    /// # Errors
    /// `misuse_*` for a configuration that cannot be, for metadata of another issuer, for entropy
    /// that is not random; `misuse_no_end_session_endpoint` when the provider has none.
    pub fn start(
        config: &ClientConfig,
        request: LogoutRequest,
        entropy: Entropy,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        config.check()?;
        if request
            .metadata
            .as_ref()
            .is_some_and(|metadata| metadata.issuer() != &config.issuer)
        {
            return Err(ApiMisuse::MetadataOfOtherIssuer.into());
        }
        let must_revoke = request.must_revoke();
        let LogoutRequest {
            metadata,
            refresh_token,
            access_token,
            id_token_hint,
            return_to,
            ..
        } = request;
        // RFC 7009 §2.1: revoking a refresh token ends its access tokens as well where the provider
        // can do that, which it need not. So the refresh token goes first, and the access token
        // after it.
        let tokens = if must_revoke {
            let access_token = access_token.map(Token::Access);
            access_token
                .into_iter()
                .chain(refresh_token.map(Token::Refresh))
                .collect()
        } else {
            Vec::new()
        };
        let flow = Self {
            config: config.clone(),
            metadata,
            id_token_hint,
            return_to,
            entropy,
            tokens,
            revocations: Vec::new(),
        };
        flow.next(now)
    }

    fn next(self, now: UnixTime) -> Result<Step<Self>, Error> {
        let Some(metadata) = &self.metadata else {
            let request = ProviderMetadata::request(&self.config.issuer)?;
            return Ok(Step::Fetch {
                request,
                next: self,
            });
        };
        match (metadata.revocation_endpoint(), self.tokens.last()) {
            (Some(endpoint), Some(token)) => {
                let request = HttpRequest::post_form(
                    endpoint.clone(),
                    [
                        ("token", token.expose()),
                        ("token_type_hint", token.kind().as_str()),
                        ("client_id", &self.config.client_id),
                    ],
                    MAX_REVOCATION_BYTES,
                );
                Ok(Step::Fetch {
                    request,
                    next: self,
                })
            }
            _ => {
                let endpoint = metadata
                    .end_session_endpoint()
                    .ok_or(ApiMisuse::NoEndSessionEndpoint)?
                    .clone();
                self.redirect(&endpoint, now).map(Step::Done)
            }
        }
    }

    fn redirect(self, endpoint: &Url, now: UnixTime) -> Result<LogoutRedirect, Error> {
        let Self {
            config,
            id_token_hint,
            return_to,
            entropy,
            revocations,
            ..
        } = self;
        let mut parameters = Vec::from([("client_id", config.client_id)]);
        if let Some(id_token_hint) = id_token_hint {
            parameters.push(("id_token_hint", id_token_hint.expose().to_string()));
        }
        let pending = match config.post_logout_redirect_uri {
            None => None,
            Some(post_logout_redirect_uri) => {
                let [state, ..] = entropy.into_parts().ok_or(ApiMisuse::Entropy)?;
                parameters.push((
                    "post_logout_redirect_uri",
                    post_logout_redirect_uri.as_str().to_string(),
                ));
                parameters.push(("state", state.to_string()));
                Some(PendingLogout {
                    state: State::new(state.as_str()),
                    return_to,
                    created_at: now,
                })
            }
        };
        let url = endpoint.with_query(
            parameters
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        )?;
        Ok(LogoutRedirect {
            url,
            pending,
            revocations,
        })
    }
}

impl Flow for BeginLogout {
    type Output = LogoutRedirect;
    type Error = Error;

    fn resume(mut self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        let response = answer.response()?;
        if self.metadata.is_none() {
            self.metadata = Some(ProviderMetadata::from_response(
                response,
                &self.config,
                now,
            )?);
        } else if let Some(token) = self.tokens.pop() {
            self.revocations.push(Revocation {
                token: token.kind(),
                outcome: revoked(response),
            });
        }
        self.next(now)
    }
}

#[derive(Debug)]
enum Token {
    Access(AccessToken),
    Refresh(RefreshToken),
}

impl Token {
    fn expose(&self) -> &str {
        match self {
            Self::Access(token) => token.expose(),
            Self::Refresh(token) => token.expose(),
        }
    }

    fn kind(&self) -> RevokedToken {
        match self {
            Self::Access(_) => RevokedToken::AccessToken,
            Self::Refresh(_) => RevokedToken::RefreshToken,
        }
    }
}

/// RFC 7009 §2.2: 200, also for a token that the provider does not know.
fn revoked(response: Result<HttpResponse, TransportError>) -> Result<(), Error> {
    let response = received(response, MAX_REVOCATION_BYTES)?;
    if response.status == 200 {
        return Ok(());
    }
    Err(refusal(&response).map_or(ProviderMisbehaved::RevocationStatus.into(), Error::Provider))
}
