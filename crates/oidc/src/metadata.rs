//! What a provider says about itself. OIDC Discovery 1.0.

use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::json::{self, Object, Value};
use portvakt_jose::{Algorithm, UnixTime};

use crate::config::ClientConfig;
use crate::error::{ApiMisuse, Error, ProviderMisbehaved};
use crate::http::{HttpRequest, HttpResponse, TransportError};
use crate::issuer::Issuer;
use crate::url::Url;

/// The most bytes of metadata that are read. Large providers have about 6 KiB.
pub const MAX_METADATA_BYTES: usize = 64 * 1024;

/// How long metadata may be kept, in seconds: a day, which is what Digdir recommends for its
/// services.
pub const METADATA_LIFETIME_SECONDS: u64 = 24 * 60 * 60;

/// The part of a provider's metadata that a login needs, checked.
///
/// It can be kept: [`to_json`](Self::to_json), [`from_json`](Self::from_json), and
/// [`is_fresh`](Self::is_fresh). What was kept is checked again in full when it is read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProviderMetadata {
    issuer: Issuer,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    userinfo_endpoint: Option<Url>,
    revocation_endpoint: Option<Url>,
    end_session_endpoint: Option<Url>,
    returns_iss: bool,
    id_token_algorithms: Vec<Algorithm>,
    supports_dpop: bool,
    fetched_at: UnixTime,
}

impl ProviderMetadata {
    /// The request for the metadata of an issuer. It goes to the configured issuer and nowhere
    /// else.
    pub(crate) fn request(issuer: &Issuer) -> Result<HttpRequest, ApiMisuse> {
        Ok(HttpRequest::get(issuer.metadata_url()?, MAX_METADATA_BYTES))
    }

    /// Reads the answer to [`request`](Self::request).
    pub(crate) fn from_response(
        response: Result<HttpResponse, TransportError>,
        config: &ClientConfig,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let response = crate::http::received(response, MAX_METADATA_BYTES)?;
        if response.status != 200 {
            return Err(ProviderMisbehaved::MetadataStatus.into());
        }
        if !response.may_be_json() {
            return Err(ProviderMisbehaved::MetadataContentType.into());
        }
        let metadata = json::parse(&response.body, MAX_METADATA_BYTES)
            .ok()
            .and_then(Value::into_object)
            .ok_or(ProviderMisbehaved::MetadataMalformed)?;
        let metadata = Self::from_object(&metadata, config.issuer.as_str(), now)?;
        metadata.check_against(config)?;
        Ok(metadata)
    }

    /// Writes the metadata for keeping: the members of OIDC Discovery §3 and the time of fetching.
    pub fn to_json(&self) -> String {
        Value::from(self.to_object()).to_json()
    }

    /// Reads what [`to_json`](Self::to_json) wrote, and checks it as if it came from the provider.
    ///
    /// # Errors
    /// The `misbehaved_metadata_*` codes.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let object = json::parse(text.as_bytes(), MAX_METADATA_BYTES)
            .ok()
            .and_then(Value::into_object)
            .ok_or(ProviderMisbehaved::MetadataMalformed)?;
        Ok(Self::from_kept(&object)?)
    }

    /// Whether the metadata was fetched less than [`METADATA_LIFETIME_SECONDS`] ago.
    pub fn is_fresh(&self, now: UnixTime) -> bool {
        self.fetched_at <= now && now < self.fetched_at.saturating_add(METADATA_LIFETIME_SECONDS)
    }

    /// The provider's identity.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Where the browser is sent to sign in.
    pub fn authorization_endpoint(&self) -> &Url {
        &self.authorization_endpoint
    }

    /// Where codes are redeemed.
    pub fn token_endpoint(&self) -> &Url {
        &self.token_endpoint
    }

    /// Where the provider's keys are.
    pub fn jwks_uri(&self) -> &Url {
        &self.jwks_uri
    }

    /// Where claims about the person can be fetched. OIDC Core §5.3.
    pub fn userinfo_endpoint(&self) -> Option<&Url> {
        self.userinfo_endpoint.as_ref()
    }

    /// Where tokens can be revoked. RFC 8414 §2, RFC 7009.
    pub fn revocation_endpoint(&self) -> Option<&Url> {
        self.revocation_endpoint.as_ref()
    }

    /// Where the browser is sent to sign out. OIDC RP-Initiated Logout §2.1.
    pub fn end_session_endpoint(&self) -> Option<&Url> {
        self.end_session_endpoint.as_ref()
    }

    /// Whether the provider promises `iss` in its authorization responses
    /// (`authorization_response_iss_parameter_supported`). RFC 9207 §3.
    pub fn returns_iss(&self) -> bool {
        self.returns_iss
    }

    /// Whether tokens can be bound to a key of the client by DPoP with ES256
    /// (`dpop_signing_alg_values_supported`). RFC 9449 §5.1.
    pub fn supports_dpop(&self) -> bool {
        self.supports_dpop
    }

    /// When the metadata was fetched.
    pub fn fetched_at(&self) -> UnixTime {
        self.fetched_at
    }

    /// Checks what depends on the client: the issuer, and that an algorithm is left to sign with.
    pub(crate) fn check_against(&self, config: &ClientConfig) -> Result<(), ProviderMisbehaved> {
        if self.issuer != config.issuer {
            return Err(ProviderMisbehaved::MetadataIssuer);
        }
        if !self
            .id_token_algorithms
            .iter()
            .any(|algorithm| config.algorithms.contains(algorithm))
        {
            return Err(ProviderMisbehaved::MetadataAlgorithms);
        }
        Ok(())
    }

    pub(crate) fn to_object(&self) -> Object {
        let mut object = Object::new();
        object.insert("issuer", self.issuer.as_str());
        object.insert(
            "authorization_endpoint",
            self.authorization_endpoint.as_str(),
        );
        object.insert("token_endpoint", self.token_endpoint.as_str());
        object.insert("jwks_uri", self.jwks_uri.as_str());
        for (name, endpoint) in [
            ("userinfo_endpoint", &self.userinfo_endpoint),
            ("revocation_endpoint", &self.revocation_endpoint),
            ("end_session_endpoint", &self.end_session_endpoint),
        ] {
            if let Some(endpoint) = endpoint {
                object.insert(name, endpoint.as_str());
            }
        }
        object.insert(
            "authorization_response_iss_parameter_supported",
            self.returns_iss,
        );
        object.insert("response_types_supported", Value::from_iter(["code"]));
        object.insert(
            "code_challenge_methods_supported",
            Value::from_iter(["S256"]),
        );
        object.insert(
            "id_token_signing_alg_values_supported",
            Value::from_iter(
                self.id_token_algorithms
                    .iter()
                    .map(|algorithm| algorithm.as_str()),
            ),
        );
        if self.supports_dpop {
            object.insert(
                "dpop_signing_alg_values_supported",
                Value::from_iter(["ES256"]),
            );
        }
        object.insert(FETCHED_AT, self.fetched_at.as_secs());
        object
    }

    pub(crate) fn from_kept(object: &Object) -> Result<Self, ProviderMisbehaved> {
        let fetched_at = object
            .get(FETCHED_AT)
            .and_then(Value::as_u64)
            .ok_or(ProviderMisbehaved::MetadataMember)?;
        let issuer = required_str(object, "issuer")?;
        Self::from_object(object, issuer, UnixTime::new(fetched_at))
    }

    fn from_object(
        object: &Object,
        expected_issuer: &str,
        fetched_at: UnixTime,
    ) -> Result<Self, ProviderMisbehaved> {
        // Before anything else is believed: OIDC Discovery §4.3, RFC 8414 §3.3.
        if required_str(object, "issuer")? != expected_issuer {
            return Err(ProviderMisbehaved::MetadataIssuer);
        }
        let issuer =
            Issuer::parse(expected_issuer).map_err(|_| ProviderMisbehaved::MetadataIssuer)?;

        // OIDC Discovery §3; the defaults of optional members allow what is needed here.
        if !strings(object, "response_types_supported")?
            .ok_or(ProviderMisbehaved::MetadataMember)?
            .contains(&"code")
        {
            return Err(ProviderMisbehaved::MetadataNoCodeFlow);
        }
        for (name, needed) in [
            ("response_modes_supported", "query"),
            ("grant_types_supported", "authorization_code"),
        ] {
            if strings(object, name)?.is_some_and(|values| !values.contains(&needed)) {
                return Err(ProviderMisbehaved::MetadataNoCodeFlow);
            }
        }
        // A provider that does not know PKCE ignores the challenge, and then it protects nothing:
        // RFC 9700 §2.1.1.
        if !strings(object, "code_challenge_methods_supported")?
            .is_some_and(|methods| methods.contains(&"S256"))
        {
            return Err(ProviderMisbehaved::MetadataNoS256);
        }
        let names = strings(object, "id_token_signing_alg_values_supported")?
            .ok_or(ProviderMisbehaved::MetadataMember)?;
        let id_token_algorithms = Algorithm::ALL
            .iter()
            .copied()
            .filter(|known| {
                names
                    .iter()
                    .any(|name| Algorithm::parse(name) == Some(*known))
            })
            .collect();
        let returns_iss = match object.get("authorization_response_iss_parameter_supported") {
            None => false,
            Some(value) => value.as_bool().ok_or(ProviderMisbehaved::MetadataMember)?,
        };

        let supports_dpop = strings(object, "dpop_signing_alg_values_supported")?
            .is_some_and(|algorithms| algorithms.contains(&"ES256"));

        let required =
            |name| endpoint(object, name, &issuer)?.ok_or(ProviderMisbehaved::MetadataMember);
        Ok(Self {
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            jwks_uri: required("jwks_uri")?,
            userinfo_endpoint: endpoint(object, "userinfo_endpoint", &issuer)?,
            revocation_endpoint: endpoint(object, "revocation_endpoint", &issuer)?,
            end_session_endpoint: endpoint(object, "end_session_endpoint", &issuer)?,
            returns_iss,
            id_token_algorithms,
            supports_dpop,
            fetched_at,
            issuer,
        })
    }
}

/// The one member of kept metadata that is not the provider's.
const FETCHED_AT: &str = "portvakt_fetched_at";

fn required_str<'a>(object: &'a Object, name: &str) -> Result<&'a str, ProviderMisbehaved> {
    object
        .get(name)
        .and_then(Value::as_str)
        .ok_or(ProviderMisbehaved::MetadataMember)
}

/// An array of strings, if the member is there.
fn strings<'a>(object: &'a Object, name: &str) -> Result<Option<Vec<&'a str>>, ProviderMisbehaved> {
    object
        .get(name)
        .map(|value| value.as_array()?.iter().map(Value::as_str).collect())
        .map(|list: Option<Vec<&str>>| list.ok_or(ProviderMisbehaved::MetadataMember))
        .transpose()
}

/// A URL, if the member is there. The endpoints of a provider on the network are on the network as
/// well: only the issuer of a provider on this machine may name endpoints on this machine without
/// TLS.
fn endpoint(
    object: &Object,
    name: &str,
    issuer: &Issuer,
) -> Result<Option<Url>, ProviderMisbehaved> {
    let Some(value) = object.get(name) else {
        return Ok(None);
    };
    let text = value.as_str().ok_or(ProviderMisbehaved::MetadataMember)?;
    let url = Url::parse(text).map_err(|_| ProviderMisbehaved::MetadataEndpoint)?;
    if !url.is_https() && issuer.url().is_https() {
        return Err(ProviderMisbehaved::MetadataEndpoint);
    }
    Ok(Some(url))
}
