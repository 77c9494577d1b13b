use core::fmt;

use portvakt_jose::errors;
use portvakt_oidc::{ApiMisuse, IdTokenError};

use crate::rar::RepresentationError;

/// Why a token was not accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The policy cannot be: a mistake of the API's own.
    Misuse(VerifierMisuse),
    /// The policy has a setting that cannot be, wherever it is used.
    Setting(ApiMisuse),
    /// The issuer's metadata cannot be used.
    Metadata(MetadataError),
    /// The token is not genuine, not of the issuer, or not valid now.
    Token(portvakt_jose::Error),
    /// How the person was authenticated is not enough.
    Authentication(IdTokenError),
    /// The token is genuine, but not for this API or not sufficient for it.
    AccessToken(AccessTokenError),
    /// What the token says about representation cannot be read.
    Representation(RepresentationError),
    /// The dialog token is genuine, but not for this dialog or not sufficient for it.
    DialogToken(DialogTokenError),
    /// The proof beside the token is not one for it.
    Dpop(DpopError),
}

impl VerifyError {
    /// What its table says of it.
    #[must_use]
    pub const fn row(self) -> &'static portvakt_jose::TableRow {
        match self {
            Self::Misuse(error) => error.row(),
            Self::Setting(error) => error.row(),
            Self::Metadata(error) => error.row(),
            Self::Token(error) => error.row(),
            Self::Authentication(error) => error.row(),
            Self::AccessToken(error) => error.row(),
            Self::Representation(error) => error.row(),
            Self::DialogToken(error) => error.row(),
            Self::Dpop(error) => error.row(),
        }
    }

    /// The stable code, such as `token_expired`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.row().code
    }

    /// One English sentence for a developer.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        self.row().sentence
    }

    /// Where the rule that was broken is written down.
    #[must_use]
    pub const fn source_of_rule(self) -> &'static str {
        self.row().source
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.sentence())
    }
}

impl core::error::Error for VerifyError {}

macro_rules! from_kind {
    ($($variant:ident($kind:ty)),+ $(,)?) => {
        $(impl From<$kind> for VerifyError {
            fn from(kind: $kind) -> Self {
                Self::$variant(kind)
            }
        })+
    };
}

from_kind! {
    Misuse(VerifierMisuse),
    Setting(ApiMisuse),
    Metadata(MetadataError),
    Token(portvakt_jose::Error),
    Authentication(IdTokenError),
    AccessToken(AccessTokenError),
    Representation(RepresentationError),
    DialogToken(DialogTokenError),
    Dpop(DpopError),
}

errors! {
    /// What an API has configured and what cannot protect it.
    pub enum VerifierMisuse {
        Unbound => "misuse_verifier_unbound",
            "Without an audience, a verifier must be bound to client ids or to a scope other than openid and profile, or it would accept tokens that were issued for anything.",
            "RFC 9700 §2.3; Digdir, access token";
        AudienceRequired => "misuse_verifier_audience_required",
            "Access tokens by RFC 9068 have an audience, and the verifier must name it.",
            "RFC 9068 §4";
        Audience => "misuse_verifier_audience",
            "An audience must not be empty.",
            "RFC 7519 §4.1.3";
        ClientId => "misuse_verifier_client_id",
            "A client id must not be empty.",
            "RFC 6749 §2.2";
        Scope => "misuse_verifier_scope",
            "Each required scope is one scope by itself, without spaces.",
            "RFC 6749 §3.3";
        OtherService => "misuse_verifier_other_service",
            "The policy asks for something that tokens of this service do not have.",
            "Digdir, access token";
        Representation => "misuse_verifier_representation",
            "A policy for representation names the resource for Altinn's types, as a URN, and neither resource nor actions for organisations of work accounts.",
            "Ansattporten, RAR";
        SystemUser => "misuse_verifier_system_user",
            "The system id of a system user must not be empty.",
            "Maskinporten, system user";
        Dpop => "misuse_verifier_dpop",
            "A policy for proofs has an algorithm, an age of 1 to 300 seconds, a tolerance of at most 300, and no empty nonce.",
            "RFC 9449 §11.1";
        DialogId => "misuse_verifier_dialog_id",
            "The id of the dialog must be a UUID.",
            "Dialogporten, dialog tokens";
        DialogAction => "misuse_verifier_dialog_action",
            "A required action must not be empty and must not contain a semicolon.",
            "Dialogporten, dialog tokens";
        DialogEntity => "misuse_verifier_dialog_entity",
            "A required entity must be 1 to 50 characters.",
            "Dialogporten, dialog tokens";
    }
}

errors! {
    /// Why the keys of an issuer cannot be found through its metadata.
    pub enum MetadataError {
        Malformed => "misbehaved_verifier_metadata_malformed",
            "The issuer's metadata is not a JSON object, or is too large.",
            "RFC 8414 §3.2";
        Issuer => "misbehaved_verifier_metadata_issuer",
            "The metadata is that of another issuer.",
            "RFC 8414 §3.3";
        JwksUri => "misbehaved_verifier_metadata_jwks_uri",
            "The metadata does not say where the keys are, or says it with something else than an https URL.",
            "RFC 8414 §2";
    }
}

errors! {
    /// Why a genuine token is not accepted as an access token for this API.
    pub enum AccessTokenError {
        OtherKind => "token_not_access_token",
            "The token is an id_token or a logout token, and an access token is expected here.",
            "RFC 8725 §3.12; Digdir, access token";
        SenderConstrained => "token_sender_constrained",
            "The token is bound to a key of its client, and was presented without a proof that can be judged.",
            "RFC 7800 §3.1; RFC 9449 §7.1";
        AudienceUnexpected => "token_aud_unexpected",
            "The token is meant for a named audience, and this API has none.",
            "RFC 8707 §3";
        ClientIdMissing => "token_client_id_missing",
            "The token does not name the client that it was issued to.",
            "RFC 9068 §2.2";
        ClientIdMalformed => "token_client_id_malformed",
            "The client id of the token is not a text.",
            "RFC 8693 §4.3";
        ClientIdNotAllowed => "token_client_id_not_allowed",
            "The token was issued to a client that may not call this API.",
            "Digdir, access token, claim client_id";
        ScopeMissing => "token_scope_missing",
            "The token has no scope.",
            "RFC 9068 §2.2.3";
        ScopeMalformed => "token_scope_malformed",
            "The scope of the token is not a list of scopes separated by spaces.",
            "RFC 8693 §4.2";
        ScopeInsufficient => "token_scope_insufficient",
            "The token lacks a scope that this API requires.",
            "RFC 6750 §3.1";
        JwtIdMissing => "token_jti_missing",
            "The token has no identifier of its own.",
            "RFC 9068 §2.2";
        PidMalformed => "token_pid_malformed",
            "The claim pid is not a Norwegian person number.",
            "Digdir, access token, claim pid";
        ConsumerMissing => "token_consumer_missing",
            "The token does not name the organisation that it was issued to.",
            "Maskinporten, token, claim consumer";
        ConsumerMalformed => "token_consumer_malformed",
            "The consumer is not an organisation of the Norwegian register.",
            "Maskinporten, token, claim consumer";
        ConsumerNotAllowed => "token_consumer_not_allowed",
            "The token was issued to an organisation that may not call this API.",
            "Maskinporten, token, claim consumer";
        SupplierMalformed => "token_supplier_malformed",
            "The supplier is not an organisation of the Norwegian register, or its delegation has no source.",
            "Maskinporten, delegation";
        DelegationRefused => "token_delegation_refused",
            "The token was issued to a supplier on another organisation's behalf, which this API does not accept.",
            "Maskinporten, delegation";
        SupplierNotAllowed => "token_supplier_not_allowed",
            "The token was not issued to one of the suppliers that this API accepts.",
            "Maskinporten, delegation";
        SystemUserMissing => "token_system_user_missing",
            "The token is not that of a system user.",
            "Maskinporten, system user";
        SystemUserMalformed => "token_system_user_malformed",
            "What the token says about its system user is not in its form.",
            "Maskinporten, system user";
        SystemUserNotAllowed => "token_system_user_not_allowed",
            "The system user is of another system or another organisation than is accepted here.",
            "Maskinporten, system user";
        RepresentationMissing => "token_representation_missing",
            "The person does not act for any organisation.",
            "Ansattporten, representation";
        RepresentationInsufficient => "token_representation_insufficient",
            "The person does not act for that organisation with that resource and those actions.",
            "Ansattporten, RAR";
    }
}

errors! {
    /// Why a genuine token is not accepted as a dialog token for this dialog.
    pub enum DialogTokenError {
        Malformed => "token_dialog_malformed",
            "The token lacks a claim that every dialog token has, or one is not in its form.",
            "Dialogporten, dialog tokens";
        OtherDialog => "token_dialog_mismatch",
            "The token was issued for another dialog.",
            "Dialogporten, dialog tokens, claim i";
        ActionMissing => "token_dialog_action_missing",
            "The token does not permit an action that is required.",
            "Dialogporten, dialog tokens, claim a";
        EntityMissing => "token_dialog_entity_missing",
            "The token does not give access to the part of the dialog that is required.",
            "Dialogporten, dialog tokens, claim e";
        LevelTooLow => "token_dialog_level_too_low",
            "The person was authenticated at a lower level than is required.",
            "Dialogporten, dialog tokens, claim l";
        OtherServiceResource => "token_dialog_service_resource_mismatch",
            "The dialog belongs to another service resource.",
            "Dialogporten, dialog tokens, claim s";
        OtherParty => "token_dialog_party_mismatch",
            "The dialog belongs to another party.",
            "Dialogporten, dialog tokens, claim p";
    }
}

errors! {
    /// Why the proof beside an access token is not accepted.
    pub enum DpopError {
        Missing => "token_dpop_missing",
            "There is no proof beside the token, or more than one.",
            "RFC 9449 §4.3 (1)";
        Malformed => "token_dpop_malformed",
            "The proof is not a JWT of its own type, signed with an algorithm that is allowed here.",
            "RFC 9449 §4.3 (2)";
        Key => "token_dpop_key",
            "The proof does not carry a public key that is fit for its algorithm.",
            "RFC 9449 §4.3 (7)";
        Signature => "token_dpop_signature",
            "The proof is not signed with the key that it carries.",
            "RFC 9449 §4.3 (6)";
        Method => "token_dpop_htm_mismatch",
            "The proof is for a request by another method.",
            "RFC 9449 §4.3 (8)";
        Url => "token_dpop_htu_mismatch",
            "The proof is for a request to another address.",
            "RFC 9449 §4.3 (9)";
        Nonce => "token_dpop_nonce",
            "The proof does not have the nonce that this API handed out.",
            "RFC 9449 §4.3 (10)";
        Time => "token_dpop_iat",
            "The proof was made too long ago, or in the future by this clock.",
            "RFC 9449 §4.3 (11)";
        AccessToken => "token_dpop_ath_mismatch",
            "The proof is for another access token.",
            "RFC 9449 §4.3 (12)";
        JwtId => "token_dpop_jti",
            "The proof has no identifier of its own, or one that is too long.",
            "RFC 9449 §4.2";
        OtherKey => "token_dpop_key_mismatch",
            "The token is bound to another key than the one that made the proof.",
            "RFC 9449 §4.3 (12)";
        NotBound => "token_not_bound",
            "The token is not bound to any key, and was presented as one that is.",
            "RFC 9449 §7.1";
        Replayed => "token_dpop_replayed",
            "The proof was used before.",
            "RFC 9449 §11.1";
    }
}
