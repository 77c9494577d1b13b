use portvakt_jose::errors;

errors! {
    /// The provider's answer is not what the protocol says. Nobody at this end can mend that, and
    /// it may be an attack.
    pub enum ProviderMisbehaved {
        Redirected => "misbehaved_redirected",
            "An endpoint answered with a redirect, and redirects are never followed.",
            "RFC 9700 §4.12";

        MetadataStatus => "misbehaved_metadata_status",
            "The provider's metadata was answered with another status than 200.",
            "OIDC Discovery §4.2";
        MetadataContentType => "misbehaved_metadata_content_type",
            "The provider's metadata says that it is something else than JSON.",
            "OIDC Discovery §4.2";
        MetadataMalformed => "misbehaved_metadata_malformed",
            "The provider's metadata is not a JSON object.",
            "OIDC Discovery §4.2";
        MetadataMember => "misbehaved_metadata_member",
            "The provider's metadata lacks a required member, or one has the wrong type.",
            "OIDC Discovery §3";
        MetadataIssuer => "misbehaved_metadata_issuer",
            "The provider's metadata is that of another issuer.",
            "OIDC Discovery §4.3";
        MetadataEndpoint => "misbehaved_metadata_endpoint",
            "An endpoint in the provider's metadata is not an https URL.",
            "OIDC Discovery §3";
        MetadataNoCodeFlow => "misbehaved_metadata_no_code_flow",
            "The provider does not support the authorization code flow.",
            "OIDC Discovery §3";
        MetadataNoS256 => "misbehaved_metadata_no_s256",
            "The provider does not say that it supports PKCE with S256.",
            "RFC 9700 §2.1.1";
        MetadataAlgorithms => "misbehaved_metadata_algorithms",
            "The provider signs id_tokens with none of the algorithms that are allowed.",
            "OIDC Discovery §3";

        TokenStatus => "misbehaved_token_status",
            "The token endpoint answered neither with success nor with an OAuth error.",
            "RFC 6749 §5.2";
        TokenContentType => "misbehaved_token_content_type",
            "The token response says that it is something else than JSON.",
            "RFC 6749 §5.1";
        TokenMalformed => "misbehaved_token_malformed",
            "The token response is not a JSON object.",
            "RFC 6749 §5.1";
        TokenAccessToken => "misbehaved_token_access_token",
            "The token response has no access token, or one that cannot be sent in a header.",
            "RFC 6749 §5.1";
        TokenType => "misbehaved_token_type",
            "The token response does not have the token_type that was asked for.",
            "OIDC Core §3.1.3.3";
        TokenNotBound => "misbehaved_token_not_bound",
            "The provider promises DPoP and got a proof, and yet gave tokens that anybody can use.",
            "RFC 9449 §5";
        TokenIdTokenMissing => "misbehaved_token_id_token_missing",
            "The token response has no id_token.",
            "OIDC Core §3.1.3.3";
        TokenExpiresIn => "misbehaved_token_expires_in",
            "The expires_in of the token response is not a sensible number of seconds.",
            "RFC 6749 §5.1";
        TokenRefreshToken => "misbehaved_token_refresh_token",
            "The refresh token of the token response is empty, too long, or not printable ASCII.",
            "RFC 6749 §5.1";
        TokenScope => "misbehaved_token_scope",
            "The scope of the token response is not a list of scopes.",
            "RFC 6749 §3.3";
        TokenAuthorizationDetails => "misbehaved_token_authorization_details",
            "The authorization_details that were granted are not an array of objects with a type.",
            "RFC 9396 §7";

        JwksStatus => "misbehaved_jwks_status",
            "The provider's keys were answered with another status than 200.",
            "OIDC Discovery §3";
        JwksContentType => "misbehaved_jwks_content_type",
            "The provider's keys say that they are something else than JSON.",
            "RFC 7517 §8.5.2";

        RevocationStatus => "misbehaved_revocation_status",
            "The revocation endpoint answered neither with success nor with an OAuth error.",
            "RFC 7009 §2.2";

        UserinfoStatus => "misbehaved_userinfo_status",
            "The userinfo endpoint answered neither with success nor with an OAuth error.",
            "OIDC Core §5.3.3";
        UserinfoContentType => "misbehaved_userinfo_content_type",
            "The userinfo response says that it is something else than JSON.",
            "OIDC Core §5.3.2";
        UserinfoMalformed => "misbehaved_userinfo_malformed",
            "The userinfo response is not a JSON object.",
            "OIDC Core §5.3.2";
        UserinfoSubMissing => "misbehaved_userinfo_sub_missing",
            "The userinfo response does not say who it is about.",
            "OIDC Core §5.3.2";
        UserinfoSubMismatch => "misbehaved_userinfo_sub_mismatch",
            "The userinfo response is about somebody else.",
            "OIDC Core §5.3.2";
    }
}
