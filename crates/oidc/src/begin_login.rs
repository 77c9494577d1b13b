//! From a request to the address that the browser is sent to.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use portvakt_jose::UnixTime;
use portvakt_jose::json::Value;

use crate::config::{ClientConfig, LoginRequest, Prompt};
use crate::error::{ApiMisuse, Error};
use crate::flow::{Answer, Flow, Step};
use crate::metadata::ProviderMetadata;
use crate::pending_login::PendingLogin;
use crate::pkce::code_challenge;
use crate::secret::{CodeVerifier, Entropy, Nonce, State};
use crate::url::Url;

/// Begins a login: fetches the provider's metadata unless that is given, and makes the
/// authorization request.
///
/// The output is a [`Redirect`]. Store its `pending` before sending the browser to its `url`.
#[derive(Debug)]
#[must_use = "a flow stands still until its step is taken"]
pub struct BeginLogin {
    config: ClientConfig,
    request: LoginRequest,
    entropy: Entropy,
}

/// Where to send the browser, and what to remember meanwhile.
#[derive(Debug)]
#[non_exhaustive]
pub struct Redirect {
    /// The authorization request. OIDC Core §3.1.2.1.
    pub url: Url,
    /// What the callback will be compared with: to be stored for this tab under
    /// [`PendingLogin::storage_key`], and taken from there once.
    pub pending: PendingLogin,
}

impl BeginLogin {
    /// Starts the flow.
    ///
    /// With `metadata` that is [fresh](ProviderMetadata::is_fresh), it ends here. What it used is
    /// in [`PendingLogin::metadata`], for keeping.
    ///
    /// # Errors
    /// `misuse_*` for a configuration or request that cannot be, for entropy that is not random,
    /// and for metadata of another issuer.
    pub fn start(
        config: &ClientConfig,
        request: LoginRequest,
        metadata: Option<ProviderMetadata>,
        entropy: Entropy,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        config.check()?;
        request.check()?;
        let flow = Self {
            config: config.clone(),
            request,
            entropy,
        };
        match metadata {
            Some(metadata) if metadata.issuer() != &flow.config.issuer => {
                Err(ApiMisuse::MetadataOfOtherIssuer.into())
            }
            Some(metadata) if metadata.is_fresh(now) => {
                metadata.check_against(&flow.config)?;
                flow.redirect(metadata, now).map(Step::Done)
            }
            _ => {
                let request = ProviderMetadata::request(&flow.config.issuer)?;
                Ok(Step::Fetch {
                    request,
                    next: flow,
                })
            }
        }
    }

    fn redirect(self, metadata: ProviderMetadata, now: UnixTime) -> Result<Redirect, Error> {
        let Self {
            config,
            request,
            entropy,
        } = self;
        let [state, nonce, code_verifier] = entropy.into_parts().ok_or(ApiMisuse::Entropy)?;
        let state = State::new(state.as_str());
        let nonce = Nonce::new(nonce.as_str());
        let code_verifier = CodeVerifier::new(code_verifier.as_str());
        let authorization_details = request.authorization_details.as_ref().map(Value::to_json);

        let code_challenge = code_challenge(&code_verifier);
        let mut parameters: Vec<(&str, String)> = [
            ("response_type", "code"),
            ("client_id", &config.client_id),
            ("redirect_uri", config.redirect_uri.as_str()),
        ]
        .map(|(name, value)| (name, value.to_string()))
        .into();
        parameters.push(("scope", config.scopes.join(" ")));
        parameters.push(("state", state.expose().to_string()));
        parameters.push(("nonce", nonce.expose().to_string()));
        parameters.push(("code_challenge", code_challenge));
        parameters.push(("code_challenge_method", "S256".to_string()));
        if !request.acr_values.is_empty() {
            parameters.push(("acr_values", request.acr_values.join(" ")));
        }
        if !request.prompt.is_empty() {
            let prompt: Vec<&str> = request
                .prompt
                .iter()
                .map(|prompt| prompt.as_str())
                .collect();
            parameters.push(("prompt", prompt.join(" ")));
        }
        if let Some(max_age) = request.max_age_seconds {
            parameters.push(("max_age", Value::from(max_age).to_json()));
        }
        if !request.ui_locales.is_empty() {
            parameters.push(("ui_locales", request.ui_locales.join(" ")));
        }
        if let Some(login_hint) = request.login_hint {
            parameters.push(("login_hint", login_hint));
        }
        if let Some(authorization_details) = &authorization_details {
            parameters.push(("authorization_details", authorization_details.clone()));
        }
        parameters.extend(
            request
                .resource
                .into_iter()
                .map(|resource| ("resource", resource)),
        );

        let url = metadata.authorization_endpoint().with_query(
            parameters
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        )?;
        let acceptable_acr = if request.acceptable_acr.is_empty() {
            request.acr_values
        } else {
            request.acceptable_acr
        };
        let pending = PendingLogin {
            state,
            nonce,
            code_verifier,
            client_id: config.client_id,
            redirect_uri: config.redirect_uri,
            scopes: config.scopes,
            metadata,
            acceptable_acr,
            max_age_seconds: request.max_age_seconds,
            must_reauthenticate: request.prompt.contains(&Prompt::Login),
            authorization_details,
            subject: request.subject,
            return_to: request.return_to,
            created_at: now,
        };
        Ok(Redirect { url, pending })
    }
}

impl Flow for BeginLogin {
    type Output = Redirect;
    type Error = Error;

    fn resume(self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        let metadata = ProviderMetadata::from_response(answer.response()?, &self.config, now)?;
        self.redirect(metadata, now).map(Step::Done)
    }
}
