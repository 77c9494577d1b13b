//! The challenge of an API: `WWW-Authenticate`.

use portvakt_digdir::Service;
use portvakt_oidc::StepUp;

use super::text;

pub(super) fn seeds() -> Vec<Vec<u8>> {
    [
        r#"Bearer error="insufficient_user_authentication", acr_values="high substantial", max_age=300"#,
        r#"DPoP algs="ES256", Bearer realm="a\"b", error="insufficient_user_authentication", max_age="0""#,
        r#"Basic dGVzdA==, Bearer error=insufficient_user_authentication"#,
        r#"Negotiate a87421000492aa874209af8bc028=, Bearer error="invalid_token""#,
    ]
    .map(Vec::from)
    .to_vec()
}

pub(super) fn run(input: &[u8]) {
    let Some(challenge) = text(input) else { return };
    for status in [401, 403, 200] {
        let Some(step_up) = StepUp::parse(status, challenge) else {
            continue;
        };
        assert_eq!(status, 401);
        assert!(
            challenge
                .to_ascii_lowercase()
                .contains("insufficient_user_authentication")
                || challenge.contains('\\')
        );
        for acr in &step_up.acr_values {
            assert!(!acr.is_empty() && acr.bytes().all(|byte| byte.is_ascii_graphic()));
        }
        for service in [Service::IdPorten, Service::Ansattporten] {
            let ours = portvakt_digdir::login::StepUp::of_challenge(service, &step_up);
            if let Some(ours) = ours {
                assert!(ours.acr_values.iter().all(|acr| acr.service() == service));
            }
        }
    }
}
