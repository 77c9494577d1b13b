use alloc::string::String;
use alloc::vec::Vec;

use portvakt_jose::json::Object;
use portvakt_jose::{
    ClaimChecks, Error as TokenError, Jwks, JwsPolicy, TypRule, UnixTime, UnverifiedJws,
    VerifiedJwt,
};
use portvakt_oidc::IdTokenError;

use super::maskinporten::{self, Supplier, SystemUser};
use super::policy::{Moment, NO_MAX_AGE};
use super::{
    AccessTokenError, AccessTokenPolicy, CheckedPolicy, DpopError, DpopPolicy, DpopRequest,
    TokenProfile, VerifiedDpopProof, VerifyError, claims, representation, verify_dpop_proof,
};
use crate::acr::Acr;
use crate::identifiers::{OrganisationNumber, Pid};
use crate::rar::AuthorizedParty;

/// An access token that was found to be genuine, valid, for this API and sufficient for it.
///
/// Only [`verify_access_token`] and [`judge_access_token`] make one. `Debug` shows no claim.
#[derive(Clone, Debug)]
pub struct VerifiedAccessToken {
    claims: Object,
    expires_at: UnixTime,
    scope: Vec<String>,
    acr: Option<Acr>,
    pid: Option<Pid>,
    consumer: Option<OrganisationNumber>,
    supplier: Option<Supplier>,
    system_user: Option<SystemUser>,
    organisations: Vec<AuthorizedParty>,
}

impl VerifiedAccessToken {
    /// Every claim, as signed.
    #[must_use]
    pub const fn claims(&self) -> &Object {
        &self.claims
    }

    /// When the token expires.
    #[must_use]
    pub const fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// The client that the token was issued to, if it says. RFC 8693 §4.3.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.claims.get("client_id")?.as_str()
    }

    /// Whom the token is about: pairwise at ID-porten and Ansattporten, absent at Maskinporten.
    #[must_use]
    pub fn sub(&self) -> Option<&str> {
        self.claims.get("sub")?.as_str()
    }

    /// What the token may be used for, in the order of the token.
    #[must_use]
    pub fn scope(&self) -> &[String] {
        &self.scope
    }

    /// How the person was authenticated, if it is one of the values that are known.
    #[must_use]
    pub const fn acr(&self) -> Option<Acr> {
        self.acr
    }

    /// The person's number. Never from Maskinporten, where it does not mean that the person signed in.
    #[must_use]
    pub const fn pid(&self) -> Option<&Pid> {
        self.pid.as_ref()
    }

    /// The organisation that owns the client.
    #[must_use]
    pub const fn consumer(&self) -> Option<OrganisationNumber> {
        self.consumer
    }

    /// Who holds the token on the consumer's behalf, if somebody does.
    #[must_use]
    pub const fn supplier(&self) -> Option<&Supplier> {
        self.supplier.as_ref()
    }

    /// The system user, if the token is that of one.
    #[must_use]
    pub const fn system_user(&self) -> Option<&SystemUser> {
        self.system_user.as_ref()
    }

    /// The organisations that the person acts for, in all that the policy for representation asks for. Without
    /// such a policy there are none, whatever the token says.
    #[must_use]
    pub fn organisations(&self) -> &[AuthorizedParty] {
        &self.organisations
    }
}

/// Judges an access token that was presented as it is (`Authorization: Bearer`).
///
/// # Errors
/// `misuse_*` for a policy that protects nothing; the `token_*` codes in the order of the checks: signature,
/// issuer, kind, time, binding, sufficiency; `representation_*` for authorization details that cannot be read.
/// `token_sender_constrained` for one that is bound to a key of its client.
pub fn verify_access_token(
    token: &str,
    jwks: &Jwks,
    policy: &AccessTokenPolicy,
    now: UnixTime,
) -> Result<VerifiedAccessToken, VerifyError> {
    policy.check()?;
    let unverified = unverified(token, policy)?;
    let answer = unverified.question(jwks)?.answer();
    judge(unverified.into_verified_jwt(answer)?, None, policy, now)
}

/// Judges an access token that was presented with a proof (`Authorization: DPoP`), and the proof.
///
/// The proof is good for one request: see [`VerifiedDpopProof`].
///
/// # Errors
/// Those of [`verify_access_token`] and of [`verify_dpop_proof`]; `token_dpop_key_mismatch`, `token_not_bound`;
/// `token_sender_constrained` for one that is bound in another way.
pub fn verify_bound_access_token(
    token: &str,
    proof: &str,
    request: DpopRequest<'_>,
    jwks: &Jwks,
    policy: &AccessTokenPolicy,
    dpop: &DpopPolicy,
    now: UnixTime,
) -> Result<(VerifiedAccessToken, VerifiedDpopProof), VerifyError> {
    policy.check()?;
    let unverified = unverified(token, policy)?;
    let proof = verify_dpop_proof(proof, request, token, dpop, now)?;
    let answer = unverified.question(jwks)?.answer();
    let verified = unverified.into_verified_jwt(answer)?;
    let token = judge(verified, Some(proof.thumbprint()), policy, now)?;
    Ok((token, proof))
}

/// Reads an access token as far as its form and its type, for those who let others answer for its signature.
///
/// This and [`judge_access_token`] are [`verify_access_token`] in steps.
///
/// # Errors
/// The `token_*` codes of [`UnverifiedJws::parse`].
pub fn unverified_access_token(
    token: &str,
    policy: &CheckedPolicy,
) -> Result<UnverifiedJws, VerifyError> {
    Ok(unverified(token, policy)?)
}

fn unverified(token: &str, policy: &AccessTokenPolicy) -> Result<UnverifiedJws, TokenError> {
    let parse = |typ| UnverifiedJws::parse(token, &JwsPolicy::new(&policy.algorithms, typ));
    if policy.profile == TokenProfile::Rfc9068 {
        return parse(TypRule::Required(ACCESS_TOKEN_TYP));
    }
    // The services give no type today. One that begins to give the right one is welcome.
    match parse(TypRule::AbsentOr("JWT")) {
        Err(TokenError::TypeMismatch) => parse(TypRule::Required(ACCESS_TOKEN_TYP)),
        result => result,
    }
}

/// Judges what an access token says, of which `token` is the outcome of checking the signature.
///
/// # Errors
/// As [`verify_access_token`], after the signature.
pub fn judge_access_token(
    token: VerifiedJwt,
    policy: &CheckedPolicy,
    now: UnixTime,
) -> Result<VerifiedAccessToken, VerifyError> {
    judge(token, None, policy, now)
}

/// Judges what an access token says that came with a proof.
///
/// # Errors
/// As [`verify_bound_access_token`], after the signature and the proof.
pub fn judge_bound_access_token(
    token: VerifiedJwt,
    proof: &VerifiedDpopProof,
    policy: &CheckedPolicy,
    now: UnixTime,
) -> Result<VerifiedAccessToken, VerifyError> {
    judge(token, Some(proof.thumbprint()), policy, now)
}

fn judge(
    token: VerifiedJwt,
    proven_key: Option<&str>,
    policy: &AccessTokenPolicy,
    now: UnixTime,
) -> Result<VerifiedAccessToken, VerifyError> {
    let moment = Moment {
        now,
        clock_tolerance_seconds: policy.clock_tolerance_seconds,
    };
    let registered = token.checks(moment.now, moment.clock_tolerance_seconds);

    registered.issuer(&policy.issuer)?;
    check_kind(token.claims())?;
    check_confirmation(token.claims(), proven_key)?;
    let expires_at = registered.expiry()?;
    registered.not_before()?;
    registered.issued_at(NO_MAX_AGE)?;
    if policy.profile == TokenProfile::Rfc9068 {
        registered.subject()?;
        claims::text(token.claims(), "jti")
            .ok()
            .flatten()
            .ok_or(AccessTokenError::JwtIdMissing)?;
    }

    check_audience(registered, token.claims(), policy)?;
    check_client(token.claims(), policy)?;
    let scope = check_scope(token.claims(), policy)?;

    let acr = check_acr(token.claims(), policy)?;
    let consumer = maskinporten::check_consumer(token.claims(), policy)?;
    let supplier = maskinporten::check_supplier(token.claims(), policy)?;
    let system_user = maskinporten::check_system_user(token.claims(), policy)?;
    let organisations = match &policy.representation {
        Some(policy) => representation::check(token.claims(), policy)?,
        None => Vec::new(),
    };
    let pid = pid(token.claims(), policy.profile)?;
    Ok(VerifiedAccessToken {
        claims: token.into_claims(),
        expires_at,
        scope,
        acr,
        pid,
        consumer,
        supplier,
        system_user,
        organisations,
    })
}

/// RFC 9068 §2.1.
const ACCESS_TOKEN_TYP: &str = "at+jwt";

/// Tells an access token from the other kinds that the same keys sign.
fn check_kind(claims: &Object) -> Result<(), AccessTokenError> {
    // `nonce` and the hashes are an id_token's, `events` a logout token's.
    const OTHER_KINDS: [&str; 5] = ["nonce", "at_hash", "c_hash", "s_hash", "events"];
    if OTHER_KINDS.iter().any(|name| claims.contains(name)) {
        return Err(AccessTokenError::OtherKind);
    }
    Ok(())
}

/// Whether the token is bound to the key that was proven, and to nothing else. RFC 7800 §3.1, RFC 9449 §6.1.
fn check_confirmation(claims: &Object, proven_key: Option<&str>) -> Result<(), VerifyError> {
    let Some(confirmation) = claims.get("cnf") else {
        return match proven_key {
            None => Ok(()),
            Some(_) => Err(DpopError::NotBound.into()),
        };
    };
    let thumbprint = confirmation
        .as_object()
        .filter(|confirmation| confirmation.len() == 1)
        .and_then(|confirmation| confirmation.get("jkt")?.as_str());
    match (thumbprint, proven_key) {
        (Some(thumbprint), Some(key)) if thumbprint == key => Ok(()),
        (Some(_), Some(_)) => Err(DpopError::OtherKey.into()),
        _ => Err(AccessTokenError::SenderConstrained.into()),
    }
}

fn check_audience(
    registered: ClaimChecks<'_>,
    claims: &Object,
    policy: &AccessTokenPolicy,
) -> Result<(), VerifyError> {
    match (&policy.audience, claims.get("aud")) {
        (Some(audience), _) => match registered.audience(audience, &[]) {
            // An access token may be for several APIs at once: RFC 9068 §3.
            Ok(()) | Err(TokenError::AudienceUntrusted) => Ok(()),
            Err(error) => Err(error.into()),
        },
        (None, None) => Ok(()),
        // What older tokens say for "none".
        (None, Some(audience)) if audience.as_str() == Some("unspecified") => Ok(()),
        (None, Some(_)) => Err(AccessTokenError::AudienceUnexpected.into()),
    }
}

fn check_client(claims: &Object, policy: &AccessTokenPolicy) -> Result<(), AccessTokenError> {
    match claims::client_id(claims)? {
        Some(client_id) if policy.client_ids.iter().any(|allowed| allowed == client_id) => Ok(()),
        Some(_) if policy.client_ids.is_empty() => Ok(()),
        Some(_) => Err(AccessTokenError::ClientIdNotAllowed),
        // Altinn's own clients have none; everywhere else a token without it is not an access token.
        None if policy.client_ids.is_empty() && policy.profile == TokenProfile::Altinn => Ok(()),
        None => Err(AccessTokenError::ClientIdMissing),
    }
}

fn check_scope(
    claims: &Object,
    policy: &AccessTokenPolicy,
) -> Result<Vec<String>, AccessTokenError> {
    let scope = match claims::scope(claims)? {
        Some(scope) => scope,
        // RFC 9068 §2.2.3: only where the client asked for one. Altinn hands on what there was.
        None if policy.required_scope.is_empty()
            && matches!(policy.profile, TokenProfile::Rfc9068 | TokenProfile::Altinn) =>
        {
            Vec::new()
        }
        None => return Err(AccessTokenError::ScopeMissing),
    };
    if policy
        .required_scope
        .iter()
        .all(|required| scope.contains(required))
    {
        Ok(scope)
    } else {
        Err(AccessTokenError::ScopeInsufficient)
    }
}

fn check_acr(claims: &Object, policy: &AccessTokenPolicy) -> Result<Option<Acr>, IdTokenError> {
    let Some(service) = policy.profile.acr_service() else {
        return Ok(None);
    };
    let acr = claims::text(claims, "acr").map_err(|_| IdTokenError::AcrMalformed)?;
    let known = acr
        .and_then(|acr| Acr::parse(acr).ok())
        .filter(|acr| acr.service() == service);
    if policy.acr_values.is_empty() {
        return Ok(known);
    }
    match known {
        Some(acr)
            if policy
                .acr_values
                .iter()
                .any(|required| acr.satisfies(*required)) =>
        {
            Ok(Some(acr))
        }
        None if acr.is_none() => Err(IdTokenError::AcrMissing),
        _ => Err(IdTokenError::AcrNotAcceptable),
    }
}

fn pid(claims: &Object, profile: TokenProfile) -> Result<Option<Pid>, AccessTokenError> {
    if matches!(profile, TokenProfile::Maskinporten | TokenProfile::Rfc9068) {
        return Ok(None);
    }
    match claims::text(claims, "pid") {
        Ok(None) => Ok(None),
        Ok(Some(pid)) => Pid::parse(pid)
            .map(Some)
            .map_err(|_| AccessTokenError::PidMalformed),
        Err(_) => Err(AccessTokenError::PidMalformed),
    }
}
