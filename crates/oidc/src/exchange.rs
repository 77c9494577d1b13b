//! From a request to the token endpoint to an id_token with a good signature: what a login and a
//! renewal have in common.

mod token_response;

use portvakt_jose::{
    Jwks, MAX_JWKS_BYTES, SignatureAnswer, SignatureQuestion, UnixTime, UnverifiedJws, VerifiedJwt,
};

use crate::config::{ClientConfig, JwksSource};
use crate::error::{Error, ProviderMisbehaved};
use crate::flow::{Answer, Flow, Step};
use crate::http::{HttpRequest, HttpResponse, TransportError, received};
use crate::id_token::{may_be_other_keys, unverified_id_token};
use crate::metadata::ProviderMetadata;
use token_response::MAX_TOKEN_RESPONSE_BYTES;
pub(crate) use token_response::{TokenResponse, refusal};

/// Asks for tokens, and for what it takes to know that the id_token among them is the provider's.
///
/// What the id_token says is for the flow around this one to judge, which knows what it must say.
pub(crate) struct Exchange {
    config: ClientConfig,
    metadata: ProviderMetadata,
    /// A renewal need not bring an id_token: OIDC Core §12.2.
    is_id_token_optional: bool,
    awaiting: Awaiting,
}

enum Awaiting {
    Tokens,
    Keys {
        tokens: TokenResponse,
        id_token: UnverifiedJws,
    },
    Signature {
        tokens: TokenResponse,
        id_token: UnverifiedJws,
        /// The keys are the application's, so that the provider may have newer ones.
        may_be_outdated: bool,
    },
}

/// Tokens, and the id_token among them read.
pub(crate) struct Exchanged {
    pub(crate) tokens: TokenResponse,
    pub(crate) id_token: Option<VerifiedJwt>,
}

impl Exchange {
    /// Starts with the form that the token endpoint is to get.
    pub(crate) fn start<'a>(
        config: &ClientConfig,
        metadata: &ProviderMetadata,
        form: impl IntoIterator<Item = (&'a str, &'a str)>,
        is_id_token_optional: bool,
    ) -> Step<Self> {
        let endpoint = metadata.token_endpoint().clone();
        let request = HttpRequest::post_form(endpoint, form, MAX_TOKEN_RESPONSE_BYTES);
        let next = Self {
            config: config.clone(),
            metadata: metadata.clone(),
            is_id_token_optional,
            awaiting: Awaiting::Tokens,
        };
        Step::Fetch { request, next }
    }

    pub(crate) fn config(&self) -> &ClientConfig {
        &self.config
    }

    /// What is asked for, for `Debug`.
    pub(crate) fn awaiting(&self) -> &'static str {
        match self.awaiting {
            Awaiting::Tokens => "tokens",
            Awaiting::Keys { .. } => "keys",
            Awaiting::Signature { .. } => "signature",
        }
    }

    fn take_tokens(self, tokens: TokenResponse) -> Result<Step<Self>, Error> {
        let Some(raw) = &tokens.id_token else {
            return if self.is_id_token_optional {
                Ok(Step::Done(Exchanged {
                    tokens,
                    id_token: None,
                }))
            } else {
                Err(ProviderMisbehaved::TokenIdTokenMissing.into())
            };
        };
        let id_token = unverified_id_token(raw, &self.config.algorithms)?;
        match &self.config.jwks {
            JwksSource::Discovered => Ok(self.fetch_keys(tokens, id_token)),
            JwksSource::Uri(uri) => {
                let request = HttpRequest::get(uri.clone(), MAX_JWKS_BYTES);
                let next = self.then(Awaiting::Keys { tokens, id_token });
                Ok(Step::Fetch { request, next })
            }
            JwksSource::Keys(keys) => match id_token.question(keys) {
                Err(error) if may_be_other_keys(error) => Ok(self.fetch_keys(tokens, id_token)),
                question => Ok(self.verify(question?, tokens, id_token, true)),
            },
        }
    }

    /// Asks the provider itself for its keys.
    fn fetch_keys(self, tokens: TokenResponse, id_token: UnverifiedJws) -> Step<Self> {
        let uri = self.metadata.jwks_uri().clone();
        let next = self.then(Awaiting::Keys { tokens, id_token });
        let request = HttpRequest::get(uri, MAX_JWKS_BYTES);
        Step::Fetch { request, next }
    }

    fn verify(
        self,
        question: SignatureQuestion,
        tokens: TokenResponse,
        id_token: UnverifiedJws,
        may_be_outdated: bool,
    ) -> Step<Self> {
        let next = self.then(Awaiting::Signature {
            tokens,
            id_token,
            may_be_outdated,
        });
        Step::Verify { question, next }
    }

    fn then(self, awaiting: Awaiting) -> Self {
        Self { awaiting, ..self }
    }
}

impl Flow for Exchange {
    type Output = Exchanged;
    type Error = Error;

    fn resume(mut self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        match core::mem::replace(&mut self.awaiting, Awaiting::Tokens) {
            Awaiting::Tokens => {
                let tokens = TokenResponse::from_response(answer.response()?, now)?;
                self.take_tokens(tokens)
            }
            Awaiting::Keys { tokens, id_token } => {
                let keys = read_keys(answer.response()?)?;
                let question = id_token.question(&keys)?;
                Ok(self.verify(question, tokens, id_token, false))
            }
            Awaiting::Signature {
                tokens,
                id_token,
                may_be_outdated,
            } => {
                let answer = answer.signature()?;
                if may_be_outdated && answer == SignatureAnswer::No {
                    // The keys may have been replaced since they were kept: once, the provider is
                    // asked.
                    return Ok(self.fetch_keys(tokens, id_token));
                }
                let id_token = VerifiedJwt::from_jws(id_token.into_verified(answer)?)?;
                Ok(Step::Done(Exchanged {
                    tokens,
                    id_token: Some(id_token),
                }))
            }
        }
    }
}

fn read_keys(response: Result<HttpResponse, TransportError>) -> Result<Jwks, Error> {
    let response = received(response, MAX_JWKS_BYTES)?;
    if response.status != 200 {
        return Err(ProviderMisbehaved::JwksStatus.into());
    }
    if !response.may_be_json() {
        return Err(ProviderMisbehaved::JwksContentType.into());
    }
    Ok(Jwks::parse(&response.body)?)
}
