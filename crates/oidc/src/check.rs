//! The verification steps of a login, by name, so that an application can show which were taken.

macro_rules! checks {
    ($($(#[$doc:meta])* $variant:ident => $code:literal, $sentence:literal, $source:literal;)+) => {
        /// A verification step that was taken, and passed. There is no value for one that failed:
        /// that is an error.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum Check {
            $(
                #[doc = $sentence]
                #[doc = concat!("\n\nCode `", $code, "`. Source: ", $source, ".")]
                $variant,
            )+
        }

        impl Check {
            /// Every step that there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub(crate) fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|check| check.code() == code)
            }

            /// The stable code, such as `nonce`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What was found to be true, as one English sentence.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }

            /// Where the step is prescribed.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$variant => $source,)+ }
            }
        }
    };
}

checks! {
    Client => "client",
        "The login was begun with the same issuer, client_id and redirect_uri.",
        "RFC 9700 §4.4";
    RedirectUri => "redirect_uri",
        "The answer came to the redirect_uri.",
        "RFC 9700 §4.1.3";
    State => "state",
        "The state of the answer is the one that this tab sent.",
        "RFC 6749 §10.12";
    Age => "age",
        "The login was begun less than half an hour ago.",
        "RFC 9700 §4.2.4";
    ResponseIss => "response_iss",
        "The answer is from the issuer that was asked.",
        "RFC 9207 §2.4";
    Pkce => "pkce",
        "The code was redeemed with the code_verifier that only this tab had.",
        "RFC 7636 §4.5";
    TokenResponse => "token_response",
        "The token response has the token and the id_token that were asked for, in their form.",
        "OIDC Core §3.1.3.3";
    DpopBound => "dpop_bound",
        "The tokens are bound to a key that does not leave this device.",
        "RFC 9449 §5";
    Signature => "signature",
        "The id_token is signed with a key that the issuer publishes.",
        "OIDC Core §3.1.3.7 (6)";
    Algorithm => "algorithm",
        "The signature algorithm is one that this application allows.",
        "OIDC Core §3.1.3.7 (7)";
    Typ => "typ",
        "The token does not say that it is of another kind.",
        "RFC 8725 §3.11";
    Iss => "iss",
        "The id_token is from the issuer, compared as an exact string.",
        "OIDC Core §3.1.3.7 (2)";
    Aud => "aud",
        "The id_token is for this client and nobody else.",
        "OIDC Core §3.1.3.7 (3)";
    Azp => "azp",
        "The id_token was issued to this client.",
        "OIDC Core §3.1.3.7 (5)";
    Exp => "exp",
        "The id_token has not expired.",
        "OIDC Core §3.1.3.7 (9)";
    Nbf => "nbf",
        "The id_token is valid already.",
        "RFC 7519 §4.1.5";
    Iat => "iat",
        "The id_token was issued just now, neither in the future nor long ago.",
        "OIDC Core §3.1.3.7 (10)";
    Nonce => "nonce",
        "The id_token was issued for this login: it has the nonce that this tab sent.",
        "OIDC Core §3.1.3.7 (11)";
    Acr => "acr",
        "The person was authenticated in a way that is acceptable.",
        "OIDC Core §3.1.3.7 (12)";
    AuthTime => "auth_time",
        "The person was authenticated recently enough.",
        "OIDC Core §3.1.3.7 (13)";
    Sub => "sub",
        "The id_token says who the person is, in the form that it must have.",
        "OIDC Core §2";
    SamePerson => "same_person",
        "The id_token is about the person who was signed in.",
        "OIDC Core §12.2";
    AtHash => "at_hash",
        "The access token is the one that the id_token was issued with.",
        "OIDC Core §3.1.3.8";
}
