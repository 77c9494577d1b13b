//! From a request to the token endpoint to an id_token with a good signature: what a login and a
//! renewal have in common.

mod token_response;

use alloc::boxed::Box;
use alloc::string::String;

use portvakt_jose::{
    Jwks, MAX_JWKS_BYTES, SignatureAnswer, SignatureQuestion, UnixTime, UnverifiedJws, VerifiedJwt,
};

use crate::config::{ClientConfig, JwksSource};
use crate::dpop::{DpopBinding, DpopProofs, nonce_of};
use crate::error::{ApiMisuse, DeviceError, Error, ProviderErrorCode, ProviderMisbehaved};
use crate::flow::{Answer, Flow, Step};
use crate::http::{HttpRequest, HttpResponse, TransportError, received};
use crate::id_token::{may_be_other_keys, unverified_id_token};
use crate::metadata::ProviderMetadata;
use crate::secret::RawIdToken;
use crate::url::Url;
use token_response::MAX_TOKEN_RESPONSE_BYTES;
pub(crate) use token_response::{TokenResponse, refusal};

/// Asks for tokens, and for what it takes to know that the id_token among them is the provider's.
///
/// What the id_token says is for the flow around this one to judge, which knows what it must say.
///
/// In a box, since every step hands it on by value, through each flow that is built around it.
pub(crate) struct Exchange(Box<Exchanging>);

struct Exchanging {
    config: ClientConfig,
    jwks_uri: Url,
    /// A renewal need not bring an id_token: OIDC Core §12.2.
    is_id_token_optional: bool,
    /// Keys that are known before the token comes. The provider may have newer ones.
    keys: Option<Jwks>,
    dpop: Option<Dpop>,
    awaiting: Awaiting,
}

/// How the tokens are to be bound, and what they are bound by.
struct Dpop {
    proofs: DpopProofs,
    nonce: Option<String>,
    /// What the provider's clock has more than the device's, as far as that is known.
    clock_offset_seconds: i32,
}

enum Awaiting {
    /// Of a renewal: what it takes to judge the answer is there before the refresh token is used,
    /// since it can be used once only.
    KeysFirst(Box<HttpRequest>),
    Tokens {
        /// Of a request with a proof: the request without it, to be sent again.
        plain: Option<Box<HttpRequest>>,
        /// What the provider may not ask for again.
        second: Option<Second>,
    },
    Keys {
        tokens: TokenResponse,
        id_token: ReceivedIdToken,
        may_be_outdated: bool,
    },
    Signature {
        tokens: TokenResponse,
        id_token: ReceivedIdToken,
        may_be_outdated: bool,
    },
}

/// An id_token whose signature has not been verified.
struct ReceivedIdToken {
    raw: RawIdToken,
    unverified: UnverifiedJws,
}

/// Why a request for tokens is sent for the second time.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Second {
    /// With the nonce that was asked for.
    Nonce,
    /// Without the proof that was refused.
    WithoutProof,
}

/// Tokens, and the id_token that came with them.
pub(crate) struct Exchanged {
    pub(crate) tokens: TokenResponse,
    pub(crate) id_token: Option<SignedIdToken>,
    /// What the tokens are bound to.
    pub(crate) dpop: Option<DpopBinding>,
}

/// An id_token whose signature is good; what it says is to be judged.
pub(crate) struct SignedIdToken {
    pub(crate) raw: RawIdToken,
    pub(crate) verified: VerifiedJwt,
}

impl Exchange {
    /// Redeems a code with the form that the token endpoint is to get. The tokens will be bound if
    /// there are proofs and the provider knows DPoP.
    pub(crate) fn login(
        config: &ClientConfig,
        metadata: &ProviderMetadata,
        form: &[(&str, &str)],
        proofs: Option<DpopProofs>,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        let dpop = proofs
            .filter(|_| metadata.supports_dpop())
            .map(|proofs| Dpop {
                proofs,
                nonce: None,
                clock_offset_seconds: 0,
            });
        Self::new(config, metadata, dpop, false).request_tokens(token_request(metadata, form), now)
    }

    /// Uses a refresh token.
    pub(crate) fn renewal(
        config: &ClientConfig,
        metadata: &ProviderMetadata,
        form: &[(&str, &str)],
        dpop: Option<(DpopProofs, Option<String>)>,
        clock_offset_seconds: i32,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        let dpop = dpop.map(|(proofs, nonce)| Dpop {
            proofs,
            nonce,
            clock_offset_seconds,
        });
        let request = token_request(metadata, form);
        let flow = Self::new(config, metadata, dpop, true);
        if flow.0.keys.is_some() {
            return flow.request_tokens(request, now);
        }
        let keys_request = flow.keys_request();
        let next = flow.then(Awaiting::KeysFirst(Box::new(request)));
        Ok(Step::Fetch {
            request: keys_request,
            next,
        })
    }

    fn new(
        config: &ClientConfig,
        metadata: &ProviderMetadata,
        dpop: Option<Dpop>,
        is_id_token_optional: bool,
    ) -> Self {
        let keys = match &config.jwks {
            JwksSource::Keys(keys) => Some(keys.clone()),
            JwksSource::Discovered | JwksSource::Uri(_) => None,
        };
        Self(Box::new(Exchanging {
            config: config.clone(),
            jwks_uri: metadata.jwks_uri().clone(),
            is_id_token_optional,
            keys,
            dpop,
            awaiting: NOTHING,
        }))
    }

    pub(crate) fn config(&self) -> &ClientConfig {
        &self.0.config
    }

    /// What is asked for, for `Debug`.
    pub(crate) fn awaiting(&self) -> &'static str {
        match self.0.awaiting {
            Awaiting::KeysFirst(_) | Awaiting::Keys { .. } => "keys",
            Awaiting::Tokens { .. } => "tokens",
            Awaiting::Signature { .. } => "signature",
        }
    }

    fn request_tokens(mut self, request: HttpRequest, now: UnixTime) -> Result<Step<Self>, Error> {
        let plain = self.0.dpop.as_ref().map(|_| Box::new(request.clone()));
        let mut request = self.proven(request, now)?;
        if self.0.keys.is_none() {
            request.ahead = Some(Box::new(self.keys_request()));
        }
        let second = None;
        let next = self.then(Awaiting::Tokens { plain, second });
        Ok(Step::Fetch { request, next })
    }

    /// The request with the proof that it needs, if it needs one.
    fn proven(&mut self, mut request: HttpRequest, now: UnixTime) -> Result<HttpRequest, Error> {
        if let Some(dpop) = &mut self.0.dpop {
            let now = crate::clock::by_provider(now, dpop.clock_offset_seconds);
            let nonce = dpop.nonce.as_deref();
            let proof = dpop
                .proofs
                .next(request.method.as_str(), &request.url, None, nonce, now)
                // There are three, and two are used at most.
                .ok_or(ApiMisuse::Entropy)?;
            request.proof = Some(proof);
        }
        Ok(request)
    }

    fn take_response(
        mut self,
        response: Result<HttpResponse, TransportError>,
        plain: Option<Box<HttpRequest>>,
        second: Option<Second>,
        now: UnixTime,
    ) -> Result<Step<Self>, Error> {
        let response = received(response, MAX_TOKEN_RESPONSE_BYTES)?;
        let refused = refused_with(&response);
        if let Some(dpop) = &mut self.0.dpop {
            let nonce = nonce_of(&response);
            // RFC 9449 §8: once. A provider that asks again and again would be asked for ever.
            if refused == Some(ProviderErrorCode::UseDpopNonce)
                && nonce.is_some()
                && second.is_none()
                && let Some(plain) = plain
            {
                dpop.nonce = nonce;
                let request = self.proven((*plain).clone(), now)?;
                let next = self.then(Awaiting::Tokens {
                    plain: Some(plain),
                    second: Some(Second::Nonce),
                });
                return Ok(Step::Fetch { request, next });
            }
            // Our proofs are right but for the time: providers give them a few seconds, and before
            // the first id_token nobody knows how far this clock is off.
            if refused == Some(ProviderErrorCode::InvalidDpopProof) {
                return self.without_proof(plain);
            }
            // §8.2: a new one may come with any answer.
            dpop.nonce = nonce.or_else(|| dpop.nonce.take());
        }
        if second == Some(Second::WithoutProof) && refused.is_some() {
            return Err(DeviceError::ClockWrong.into());
        }
        let tokens = TokenResponse::read(&response, self.0.dpop.is_some(), now)?;
        self.take_tokens(tokens)
    }

    /// Redeems the code once more, for tokens that are not bound: a clock that is off by little
    /// must not keep people out. The id_token tells how far it is off. A renewal knew that, so that
    /// the clock has changed since.
    fn without_proof(mut self, plain: Option<Box<HttpRequest>>) -> Result<Step<Self>, Error> {
        match plain {
            Some(plain) if !self.0.is_id_token_optional => {
                self.0.dpop = None;
                let next = self.then(Awaiting::Tokens {
                    plain: None,
                    second: Some(Second::WithoutProof),
                });
                let request = *plain;
                Ok(Step::Fetch { request, next })
            }
            _ => Err(DeviceError::ClockWrong.into()),
        }
    }

    fn take_tokens(mut self, mut tokens: TokenResponse) -> Result<Step<Self>, Error> {
        let Some(raw) = tokens.id_token.take() else {
            return if self.0.is_id_token_optional {
                Ok(self.done(tokens, None))
            } else {
                Err(ProviderMisbehaved::TokenIdTokenMissing.into())
            };
        };
        let unverified = unverified_id_token(&raw, &self.0.config.algorithms)?;
        let id_token = ReceivedIdToken { raw, unverified };
        match self.0.keys.take() {
            Some(keys) => self.take_keys(&keys, tokens, id_token, true),
            // They may have been fetched ahead, and the provider may have replaced them just before it
            // signed.
            None => Ok(self.fetch_keys(tokens, id_token, true)),
        }
    }

    /// Asks about the signature; or for the keys once more, where others may have come since.
    fn take_keys(
        self,
        keys: &Jwks,
        tokens: TokenResponse,
        id_token: ReceivedIdToken,
        may_be_outdated: bool,
    ) -> Result<Step<Self>, Error> {
        match id_token.unverified.question(keys) {
            Err(error) if may_be_outdated && may_be_other_keys(error) => {
                Ok(self.fetch_keys(tokens, id_token, false))
            }
            question => Ok(self.verify(question?, tokens, id_token, may_be_outdated)),
        }
    }

    /// The request for the provider's keys, or for those that the application has fetched from
    /// elsewhere.
    fn keys_request(&self) -> HttpRequest {
        let uri = match &self.0.config.jwks {
            JwksSource::Uri(uri) => uri,
            JwksSource::Discovered | JwksSource::Keys(_) => &self.0.jwks_uri,
        };
        HttpRequest::get(uri.clone(), MAX_JWKS_BYTES)
    }

    fn fetch_keys(
        self,
        tokens: TokenResponse,
        id_token: ReceivedIdToken,
        may_be_outdated: bool,
    ) -> Step<Self> {
        let request = self.keys_request();
        let next = self.then(Awaiting::Keys {
            tokens,
            id_token,
            may_be_outdated,
        });
        Step::Fetch { request, next }
    }

    fn verify(
        self,
        question: SignatureQuestion,
        tokens: TokenResponse,
        id_token: ReceivedIdToken,
        may_be_outdated: bool,
    ) -> Step<Self> {
        let next = self.then(Awaiting::Signature {
            tokens,
            id_token,
            may_be_outdated,
        });
        Step::Verify { question, next }
    }

    fn done(self, tokens: TokenResponse, id_token: Option<SignedIdToken>) -> Step<Self> {
        let dpop = self.0.dpop.map(|dpop| DpopBinding {
            thumbprint: dpop.proofs.key().thumbprint(),
            nonce: dpop.nonce,
        });
        Step::Done(Exchanged {
            tokens,
            id_token,
            dpop,
        })
    }

    fn then(mut self, awaiting: Awaiting) -> Self {
        self.0.awaiting = awaiting;
        self
    }
}

impl Flow for Exchange {
    type Output = Exchanged;
    type Error = Error;

    fn resume(mut self, answer: Answer, now: UnixTime) -> Result<Step<Self>, Error> {
        match core::mem::replace(&mut self.0.awaiting, NOTHING) {
            Awaiting::KeysFirst(request) => {
                self.0.keys = Some(read_keys(answer.response()?)?);
                self.request_tokens(*request, now)
            }
            Awaiting::Tokens { plain, second } => {
                self.take_response(answer.response()?, plain, second, now)
            }
            Awaiting::Keys {
                tokens,
                id_token,
                may_be_outdated,
            } => {
                let keys = read_keys(answer.response()?)?;
                self.take_keys(&keys, tokens, id_token, may_be_outdated)
            }
            Awaiting::Signature {
                tokens,
                id_token,
                may_be_outdated,
            } => {
                let answer = answer.signature()?;
                if may_be_outdated && answer == SignatureAnswer::No {
                    return Ok(self.fetch_keys(tokens, id_token, false));
                }
                let ReceivedIdToken { raw, unverified } = id_token;
                let verified = unverified.into_verified_jwt(answer)?;
                Ok(self.done(tokens, Some(SignedIdToken { raw, verified })))
            }
        }
    }
}

fn token_request(metadata: &ProviderMetadata, form: &[(&str, &str)]) -> HttpRequest {
    let endpoint = metadata.token_endpoint().clone();
    HttpRequest::post_form(endpoint, form.iter().copied(), MAX_TOKEN_RESPONSE_BYTES)
}

/// What stands in the place of a state that was taken out.
const NOTHING: Awaiting = Awaiting::Tokens {
    plain: None,
    second: None,
};

fn refused_with(response: &HttpResponse) -> Option<ProviderErrorCode> {
    if response.status == 200 {
        return None;
    }
    refusal(response).map(|error| error.code())
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
