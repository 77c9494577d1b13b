//! The client signs in with providers that are not ours, so that it is right about more than our
//! own simulator: one in JavaScript and one in Python. Both walk the same roads.

use anyhow::{Context, Result, ensure};
use portvakt_oidc::{
    Algorithm, BeginLogin, BeginLogout, Callback, Check, ClientConfig, CompleteLogin, Error,
    FetchUserinfo, Issuer, Login, LoginRequest, LogoutRequest, LogoutReturn, PendingLogin, Prompt,
    Redirect, Refresh, Url, json,
};
use portvakt_tests::foreign::{Person, Program, Provider};
use portvakt_tests::native::{drive, entropy, now};
use tokio::task::block_in_place;

/// Makes a test of each road, with a provider of its own.
macro_rules! roads {
    ($module:ident, $program:expr, [$($road:ident),+ $(,)?]) => {
        mod $module {
            use super::*;

            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $road() -> Result<()> {
                    let name = concat!(stringify!($module), "::", stringify!($road));
                    with_provider(name, $program, super::$road).await
                }
            )+
        }
    };
}

roads!(
    oidc_provider,
    Program::OidcProvider,
    [
        a_person_signs_in_with_rs256,
        a_person_signs_in_with_ps256,
        a_person_signs_in_with_es256,
        a_person_signs_in_with_eddsa,
        an_id_token_signed_with_an_algorithm_that_is_not_allowed_is_refused,
        the_age_of_the_sign_in_is_asked_for_and_checked,
        a_cancelled_sign_in_says_so,
        a_changed_answer_is_refused,
        a_code_can_be_redeemed_once_and_by_its_client_only,
        an_unknown_client_does_not_get_tokens,
        metadata_of_another_issuer_is_refused,
        a_person_signs_out_and_comes_back,
        a_session_is_renewed_with_a_refresh_token_that_is_used_once,
        authorization_details_come_back_as_they_were_asked_for,
    ]
);

roads!(
    idpyoidc,
    Program::Idpyoidc,
    [
        a_person_signs_in_with_rs256,
        a_person_signs_in_with_ps256,
        a_person_signs_in_with_es256,
        a_person_signs_in_with_eddsa,
        an_id_token_signed_with_an_algorithm_that_is_not_allowed_is_refused,
        the_age_of_the_sign_in_is_asked_for_and_checked,
        a_cancelled_sign_in_says_so,
        a_changed_answer_is_refused,
        a_code_can_be_redeemed_once_and_by_its_client_only,
        an_unknown_client_does_not_get_tokens,
        metadata_of_another_issuer_is_refused,
        a_person_signs_out_and_comes_back,
        a_session_is_renewed_with_a_refresh_token_that_is_used_once,
    ]
);

fn a_person_signs_in_with_rs256(provider: &Provider) -> Result<()> {
    signs_in_with(provider, Algorithm::Rs256)
}

fn a_person_signs_in_with_ps256(provider: &Provider) -> Result<()> {
    signs_in_with(provider, Algorithm::Ps256)
}

fn a_person_signs_in_with_es256(provider: &Provider) -> Result<()> {
    signs_in_with(provider, Algorithm::Es256)
}

fn a_person_signs_in_with_eddsa(provider: &Provider) -> Result<()> {
    signs_in_with(provider, Algorithm::EdDsa)
}

fn an_id_token_signed_with_an_algorithm_that_is_not_allowed_is_refused(
    provider: &Provider,
) -> Result<()> {
    let mut config = provider.client(Algorithm::Es256)?;
    let (callback, pending) = person_agrees(&config, LoginRequest::default())?;
    // The provider signs with ES256 for this client, whatever the client thinks.
    config.algorithms = vec![Algorithm::Rs256];
    let refused = complete(&config, &callback, pending);
    assert_eq!(code_of(refused), "token_alg_not_allowed");
    Ok(())
}

fn the_age_of_the_sign_in_is_asked_for_and_checked(provider: &Provider) -> Result<()> {
    let config = provider.client(Algorithm::Es256)?;
    let mut request = LoginRequest::default();
    request.max_age_seconds = Some(60);
    request.prompt = vec![Prompt::Login];
    let (callback, pending) = person_agrees(&config, request)?;
    let login = complete(&config, &callback, pending)?;
    assert!(login.checks.contains(&Check::AuthTime));
    let auth_time = login.id_token.auth_time().context("auth_time is there")?;
    assert!(auth_time <= now().saturating_add(1), "{auth_time:?}");
    Ok(())
}

fn authorization_details_come_back_as_they_were_asked_for(provider: &Provider) -> Result<()> {
    let config = provider.client(Algorithm::Rs256)?;
    let details = r#"[{"type":"representation","resource":"urn:example:inbox"}]"#;
    let mut request = LoginRequest::default();
    request.authorization_details = Some(json::parse(details.as_bytes(), details.len())?);
    request.resource = vec!["urn:example:inbox".to_owned()];
    let (callback, pending) = person_agrees(&config, request)?;
    let login = complete(&config, &callback, pending)?;
    let granted = login
        .authorization_details
        .context("something was granted")?;
    assert_eq!(granted.to_json(), details);
    assert_eq!(
        login.requested_authorization_details.as_deref(),
        Some(details)
    );
    Ok(())
}

fn a_cancelled_sign_in_says_so(provider: &Provider) -> Result<()> {
    let config = provider.client(Algorithm::Rs256)?;
    let redirect = begin(&config, LoginRequest::default())?;
    let callback = Person::default().cancel(&redirect.url)?;
    let refused = complete(&config, &callback, redirect.pending);
    assert_eq!(code_of(refused), "provider_access_denied");
    Ok(())
}

fn a_changed_answer_is_refused(provider: &Provider) -> Result<()> {
    let config = provider.client(Algorithm::Rs256)?;
    let (callback, pending) = person_agrees(&config, LoginRequest::default())?;
    for (parameter, value, code) in [
        ("state", Some("another"), "callback_state_mismatch"),
        ("state", None, "callback_state_missing"),
        (
            "iss",
            Some("https://provider.example"),
            "callback_iss_mismatch",
        ),
        ("code", Some("another"), "provider_invalid_grant"),
        ("code", None, "callback_empty"),
        ("iss", None, "callback_iss_missing"),
    ] {
        let changed = with_parameter(&callback, parameter, value)?;
        let refused = complete(&config, &changed, pending.clone());
        assert_eq!(code_of(refused), code, "{parameter}");
    }
    Ok(())
}

fn a_code_can_be_redeemed_once_and_by_its_client_only(provider: &Provider) -> Result<()> {
    let config = provider.client(Algorithm::Rs256)?;
    let (callback, pending) = person_agrees(&config, LoginRequest::default())?;
    complete(&config, &callback, pending.clone())?;
    let again = complete(&config, &callback, pending);
    assert_eq!(code_of(again), "provider_invalid_grant");

    let (callback, pending) = person_agrees(&config, LoginRequest::default())?;
    let stolen = stolen(&pending, "ES256")?;
    let other = provider.client(Algorithm::Es256)?;
    let refused = complete(&other, &callback, pending);
    assert_eq!(code_of(refused), "callback_pending_of_other_client");
    let refused = complete(&other, &callback, stolen);
    assert_eq!(code_of(refused), "provider_invalid_grant");
    Ok(())
}

fn an_unknown_client_does_not_get_tokens(provider: &Provider) -> Result<()> {
    let known = provider.client(Algorithm::Rs256)?;
    let mut unknown = known.clone();
    unknown.client_id = "unknown".to_owned();
    // The provider shows an error page and sends nobody back.
    let redirect = begin(&unknown, LoginRequest::default())?;
    let page = Person::default()
        .agree(&redirect.url)
        .expect_err("it is no way to the application");
    assert!(page.to_string().contains("client"), "{page}");
    // And with the answer of another client's login, its token endpoint refuses as well.
    let (callback, pending) = person_agrees(&known, LoginRequest::default())?;
    let refused = complete(&unknown, &callback, stolen(&pending, "unknown")?);
    assert_eq!(code_of(refused), "provider_invalid_client");
    Ok(())
}

fn metadata_of_another_issuer_is_refused(provider: &Provider) -> Result<()> {
    // The same provider under another name of the same machine.
    let mut config = provider.client(Algorithm::Rs256)?;
    let renamed = config.issuer.as_str().replace("127.0.0.1", "localhost");
    config.issuer = Issuer::parse(&renamed)?;
    let refused = begin(&config, LoginRequest::default());
    assert_eq!(code_of(refused), "misbehaved_metadata_issuer");
    Ok(())
}

fn a_person_signs_out_and_comes_back(provider: &Provider) -> Result<()> {
    let mut config = provider.client(Algorithm::Rs256)?;
    config.scopes.push("offline_access".to_owned());
    let mut request = LoginRequest::default();
    request.prompt = vec![Prompt::Consent];
    let mut person = Person::default();
    let redirect = begin(&config, request)?;
    let callback = person.agree(&redirect.url)?;
    let login = complete(&config, &callback, redirect.pending)?;
    assert!(login.refresh_token.is_some());

    let mut logout = LogoutRequest::of(&login);
    // Some providers take nobody back without it.
    logout.id_token_hint = Some(login.id_token.raw().clone());
    let logout = drive(BeginLogout::start(&config, logout, entropy()?, now())?)?;
    assert_eq!(logout.revocations.len(), 2);
    assert!(
        logout
            .revocations
            .iter()
            .all(|revocation| revocation.outcome.is_ok())
    );
    let userinfo = FetchUserinfo::start(&login, None, now()).and_then(drive);
    assert_eq!(code_of(userinfo), "provider_invalid_token");

    let returned = person.agree(&logout.url)?;
    let pending = logout.pending.context("the person comes back")?;
    assert_eq!(
        LogoutReturn::storage_key(&returned),
        Some(pending.storage_key())
    );
    let returned = LogoutReturn::check(&returned, Some(&pending.to_json()), now());
    assert!(
        matches!(returned, LogoutReturn::Confirmed { .. }),
        "{returned:?}"
    );

    // The session at the provider is over: without a page to show, it cannot sign anybody in.
    let mut request = LoginRequest::default();
    request.prompt = vec![Prompt::None];
    // Which calls for consent: OIDC Core §11.
    config.scopes.retain(|scope| scope != "offline_access");
    if provider.program() == Program::Idpyoidc {
        // It names itself in its answers, but not in its errors, and announces neither: RFC 9207.
        let redirect = begin(&config, request.clone())?;
        let refused = complete(&config, &person.agree(&redirect.url)?, redirect.pending);
        assert_eq!(code_of(refused), "callback_iss_missing");
        config.require_response_iss = false;
    }
    let redirect = begin(&config, request)?;
    let callback = person.agree(&redirect.url)?;
    let refused = complete(&config, &callback, redirect.pending);
    assert_eq!(code_of(refused), "provider_login_required");
    Ok(())
}

fn a_session_is_renewed_with_a_refresh_token_that_is_used_once(provider: &Provider) -> Result<()> {
    let mut config = provider.client(Algorithm::Es256)?;
    config.scopes.push("offline_access".to_owned());
    let mut request = LoginRequest::default();
    request.prompt = vec![Prompt::Consent];
    let (callback, pending) = person_agrees(&config, request)?;
    let login = complete(&config, &callback, pending)?;
    let renewal = drive(Refresh::start(&config, &login, None, now())?)?;
    let renewed = renewal.login;
    assert_eq!(renewed.id_token.sub(), login.id_token.sub());
    let token_of = |login: &Login| {
        login
            .refresh_token
            .as_ref()
            .map(|token| token.expose().to_owned())
    };
    assert_ne!(token_of(&renewed), token_of(&login), "a token of its own");
    let userinfo = drive(FetchUserinfo::start(&renewed, None, now())?)?;
    assert_eq!(
        userinfo.claims.get("sub").and_then(json::Value::as_str),
        Some("kari")
    );
    let again = Refresh::start(&config, &login, None, now()).and_then(drive);
    let expected = match provider.program() {
        Program::OidcProvider => "session_renewal_refused",
        // It says invalid_request, where RFC 6749 §5.2 has invalid_grant.
        Program::Idpyoidc => "provider_invalid_request",
    };
    assert_eq!(code_of(again), expected);
    Ok(())
}

fn signs_in_with(provider: &Provider, algorithm: Algorithm) -> Result<()> {
    let config = provider.client(algorithm)?;
    let (callback, pending) = person_agrees(&config, LoginRequest::default())?;
    let login = complete(&config, &callback, pending)?;
    assert_eq!(login.id_token.sub(), "kari");
    assert_eq!(login.scope, ["openid", "profile"]);
    for check in [
        Check::Signature,
        Check::Algorithm,
        Check::Iss,
        Check::Aud,
        Check::Nonce,
    ] {
        assert!(login.checks.contains(&check), "{check:?}");
    }
    let userinfo = drive(FetchUserinfo::start(&login, None, now())?)?;
    assert_eq!(
        userinfo.claims.get("name").and_then(json::Value::as_str),
        Some("Kari Prøve")
    );
    Ok(())
}

/// Runs a test against a provider of its own, or says why it cannot.
async fn with_provider(
    name: &str,
    program: Program,
    test: impl FnOnce(&Provider) -> Result<()>,
) -> Result<()> {
    if let Some(reason) = program.missing() {
        println!("skipped: {name}: {reason}");
        return Ok(());
    }
    let provider = Provider::start(program).await?;
    block_in_place(|| test(&provider))
}

fn begin(config: &ClientConfig, request: LoginRequest) -> Result<Redirect, Error> {
    let entropy = entropy().expect("the operating system gives random bytes");
    drive(BeginLogin::start(config, request, None, entropy, now())?)
}

/// Begins a login, and a person agrees to all of it: gives the address that they come back to.
fn person_agrees(config: &ClientConfig, request: LoginRequest) -> Result<(String, PendingLogin)> {
    let redirect = begin(config, request)?;
    Ok((Person::default().agree(&redirect.url)?, redirect.pending))
}

fn complete(
    config: &ClientConfig,
    callback: &str,
    pending: PendingLogin,
) -> Result<Box<Login>, Error> {
    drive(CompleteLogin::start(
        config,
        Callback::parse(callback)?,
        pending,
        None,
        now(),
    )?)
}

/// The pending login as if another client had begun it.
fn stolen(pending: &PendingLogin, client_id: &str) -> Result<PendingLogin> {
    let own = r#""client_id":"RS256""#;
    let other = format!(r#""client_id":"{client_id}""#);
    let stored = pending.to_json();
    ensure!(stored.contains(own), "the stored form names its client");
    Ok(PendingLogin::from_json(&stored.replace(own, &other))?)
}

fn code_of<T>(outcome: Result<T, Error>) -> &'static str {
    outcome.err().map_or("no error", |error| error.code())
}

/// The address with one of its parameters replaced, or left out.
fn with_parameter(address: &str, name: &str, value: Option<&str>) -> Result<String> {
    let url = Url::parse(address)?;
    let mut pairs = portvakt_oidc::url::parse_query(url.query().unwrap_or_default())?;
    ensure!(
        pairs.iter().any(|(candidate, _)| candidate == name),
        "there is no {name}"
    );
    pairs.retain(|(candidate, _)| candidate != name);
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    let pairs = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    Ok(format!(
        "{}{}?{}",
        url.origin(),
        url.path(),
        portvakt_oidc::url::form_encode(pairs)
    ))
}
