use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use portvakt_jose::json::{Object, Value};
use portvakt_jose::{Algorithm, Jwks, JwsPolicy, TypRule, UnixTime, UnverifiedJws, VerifiedJwt};
use portvakt_oidc::{ApiMisuse, Issuer, MAX_CLOCK_TOLERANCE_SECONDS};

use super::policy::NO_MAX_AGE;
use super::{
    DEFAULT_CLOCK_TOLERANCE_SECONDS, DialogTokenError, VerifierMisuse, VerifyError, claims,
};
use crate::identifiers::Party;

/// What a dialog token must be for a request about one dialog to be served.
///
/// Dialogporten gives the token to whoever may see the dialog, and the token goes to the owner of the service; it
/// has no audience, and is bound to the dialog instead. So the id must come from the API's own URL or records, and
/// never from the token.
///
/// Source: Dialogporten, dialog tokens.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DialogTokenPolicy {
    /// The issuer, compared as an exact string.
    pub issuer: String,
    /// The dialog that the request is about: a UUID.
    pub dialog_id: String,
    /// The actions that are required, all of them: `read`, or with an authorization attribute `read,urn:…`. An
    /// entry is compared as a whole and without regard to case. Default: none.
    pub actions: Vec<String>,
    /// The part of the dialog that is required: its id or `tokenRef`. Default: none.
    pub entity: Option<String>,
    /// The lowest level of authentication that is accepted: 0, 3 or 4. Default: 3.
    pub minimum_level: u8,
    /// The service resource that the dialog must belong to, as a URN. Default: any.
    pub service_resource: Option<String>,
    /// The party that the dialog must belong to. Default: any.
    pub party: Option<Party>,
    /// How far the clocks of issuer and API may be apart, in seconds. Default:
    /// [`DEFAULT_CLOCK_TOLERANCE_SECONDS`]; at most 300.
    pub clock_tolerance_seconds: u32,
}

impl DialogTokenPolicy {
    /// A policy with the two things that have no default.
    #[must_use]
    pub fn new(issuer: &str, dialog_id: &str) -> Self {
        Self {
            issuer: issuer.into(),
            dialog_id: dialog_id.into(),
            actions: Vec::new(),
            entity: None,
            minimum_level: DEFAULT_MINIMUM_LEVEL,
            service_resource: None,
            party: None,
            clock_tolerance_seconds: DEFAULT_CLOCK_TOLERANCE_SECONDS,
        }
    }

    /// Checks that the policy can be met. Every verification begins with this.
    ///
    /// # Errors
    /// `misuse_verifier_dialog_id`, `misuse_verifier_dialog_action`, `misuse_verifier_dialog_entity`,
    /// `misuse_url_*` and `misuse_issuer` for the issuer, `misuse_clock_tolerance`.
    pub fn check(&self) -> Result<(), VerifyError> {
        Issuer::parse(&self.issuer)?;
        if self.clock_tolerance_seconds > MAX_CLOCK_TOLERANCE_SECONDS {
            return Err(ApiMisuse::ClockTolerance.into());
        }
        if !is_uuid(&self.dialog_id) {
            return Err(VerifierMisuse::DialogId.into());
        }
        if self
            .actions
            .iter()
            .any(|action| action.is_empty() || action.contains(';'))
        {
            return Err(VerifierMisuse::DialogAction.into());
        }
        if self
            .entity
            .as_ref()
            .is_some_and(|entity| !is_entity(entity))
        {
            return Err(VerifierMisuse::DialogEntity.into());
        }
        Ok(())
    }
}

/// A dialog token that was found to be genuine, valid, for this dialog and sufficient for it.
///
/// Only [`verify_dialog_token`] and [`judge_dialog_token`] make one. `Debug` shows no claim.
#[derive(Clone)]
pub struct VerifiedDialogToken {
    claims: Object,
    expires_at: UnixTime,
    party: Party,
    authenticated_party: Party,
    service_resource: String,
    level: u8,
    actions: Vec<String>,
    entities: Vec<String>,
}

impl VerifiedDialogToken {
    /// Every claim, as signed. The names have one letter each.
    #[must_use]
    pub const fn claims(&self) -> &Object {
        &self.claims
    }

    /// When the token expires: ten minutes after it was issued.
    #[must_use]
    pub const fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// Whose dialog it is (`p`).
    #[must_use]
    pub const fn party(&self) -> &Party {
        &self.party
    }

    /// Who is looking at it (`c`): a person, or the consumer of a system user.
    #[must_use]
    pub const fn authenticated_party(&self) -> &Party {
        &self.authenticated_party
    }

    /// The service resource that the dialog belongs to (`s`), as a URN.
    #[must_use]
    pub fn service_resource(&self) -> &str {
        &self.service_resource
    }

    /// The level of authentication (`l`): 0, 3 or 4.
    #[must_use]
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// What may be done with the dialog (`a`), entry by entry.
    #[must_use]
    pub fn actions(&self) -> &[String] {
        &self.actions
    }

    /// The parts of the dialog that may be seen besides (`e`).
    #[must_use]
    pub fn entities(&self) -> &[String] {
        &self.entities
    }

    fn read(claims: &Object, expires_at: UnixTime) -> Option<Self> {
        let text = |name| claims.get(name).and_then(Value::as_str);
        let actions = text("a")?;
        let entities = match claims.get("e") {
            None => Vec::new(),
            Some(entities) => claims::texts(entities).ok()?,
        };
        if !entities.iter().all(|entity| is_entity(entity)) {
            return None;
        }
        Some(Self {
            expires_at,
            party: Party::parse(text("p")?).ok()?,
            authenticated_party: Party::parse(text("c")?).ok()?,
            service_resource: text("s")
                .filter(|resource| !resource.is_empty())?
                .to_string(),
            level: u8::try_from(claims.get("l")?.as_u64()?).ok()?,
            actions: actions
                .split(';')
                .filter(|entry| !entry.is_empty())
                .map(String::from)
                .collect(),
            entities: entities.into_iter().map(String::from).collect(),
            claims: claims.clone(),
        })
    }
}

impl fmt::Debug for VerifiedDialogToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifiedDialogToken")
            .field("claims", &self.claims)
            .field("expires_at", &self.expires_at)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// Judges a dialog token.
///
/// # Errors
/// `misuse_*` for a policy that cannot be met; the `token_*` codes in the order of the checks: signature, issuer,
/// time, dialog, actions, entity, level, service resource, party.
pub fn verify_dialog_token(
    token: &str,
    jwks: &Jwks,
    policy: &DialogTokenPolicy,
    now: UnixTime,
) -> Result<VerifiedDialogToken, VerifyError> {
    let unverified = unverified_dialog_token(token, policy)?;
    let answer = unverified.question(jwks)?.answer();
    let token = unverified.into_verified_jwt(answer)?;
    judge_dialog_token(token, policy, now)
}

/// Reads a dialog token as far as its form and its type, for those who let others answer for its signature.
///
/// This and [`judge_dialog_token`] are [`verify_dialog_token`] in steps.
///
/// # Errors
/// `misuse_*` for a policy that cannot be met; the `token_*` codes of [`UnverifiedJws::parse`].
pub fn unverified_dialog_token(
    token: &str,
    policy: &DialogTokenPolicy,
) -> Result<UnverifiedJws, VerifyError> {
    policy.check()?;
    // For some weeks in 2026 the same keys signed tokens of another type for single entities.
    let jws = JwsPolicy::new(&[Algorithm::EdDsa], TypRule::Required("JWT"));
    Ok(UnverifiedJws::parse(token, &jws)?)
}

/// Judges what a dialog token says, of which `token` is the outcome of checking the signature.
///
/// # Errors
/// As [`verify_dialog_token`], after the signature.
pub fn judge_dialog_token(
    token: VerifiedJwt,
    policy: &DialogTokenPolicy,
    now: UnixTime,
) -> Result<VerifiedDialogToken, VerifyError> {
    policy.check()?;
    let registered = token.checks(now, policy.clock_tolerance_seconds);
    registered.issuer(&policy.issuer)?;
    let expires_at = registered.expiry()?;
    registered.not_before()?;
    registered.issued_at(NO_MAX_AGE)?;

    let dialog_id = token.claims().get("i").and_then(Value::as_str);
    let dialog_id = dialog_id
        .filter(|id| is_uuid(id))
        .ok_or(DialogTokenError::Malformed)?;
    if !dialog_id.eq_ignore_ascii_case(&policy.dialog_id) {
        return Err(DialogTokenError::OtherDialog.into());
    }
    let verified =
        VerifiedDialogToken::read(token.claims(), expires_at).ok_or(DialogTokenError::Malformed)?;
    check_sufficiency(&verified, policy)?;
    Ok(verified)
}

fn check_sufficiency(
    token: &VerifiedDialogToken,
    policy: &DialogTokenPolicy,
) -> Result<(), DialogTokenError> {
    // `read,urn:altinn:subresource:x` permits to read a part, and is not `read`.
    let permits = |action: &String| {
        token
            .actions
            .iter()
            .any(|entry| entry.eq_ignore_ascii_case(action))
    };
    if !policy.actions.iter().all(permits) {
        return Err(DialogTokenError::ActionMissing);
    }
    if policy
        .entity
        .as_ref()
        .is_some_and(|entity| !token.entities.contains(entity))
    {
        return Err(DialogTokenError::EntityMissing);
    }
    if token.level < policy.minimum_level {
        return Err(DialogTokenError::LevelTooLow);
    }
    if policy
        .service_resource
        .as_ref()
        .is_some_and(|resource| *resource != token.service_resource)
    {
        return Err(DialogTokenError::OtherServiceResource);
    }
    if policy
        .party
        .as_ref()
        .is_some_and(|party| *party != token.party)
    {
        return Err(DialogTokenError::OtherParty);
    }
    Ok(())
}

/// What the old level 3 is: the lowest at which Dialogporten lets people see most dialogs.
const DEFAULT_MINIMUM_LEVEL: u8 = 3;

/// The longest id or `tokenRef` of an entity, in bytes.
const MAX_ENTITY_BYTES: usize = 50;

fn is_entity(text: &str) -> bool {
    (1..=MAX_ENTITY_BYTES).contains(&text.len())
}

/// Five groups of hexadecimal digits: 8-4-4-4-12.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(position, byte)| match position {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
}
