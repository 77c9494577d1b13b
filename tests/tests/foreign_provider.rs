//! The client signs in with a provider that is not ours, so that it is right about more than our
//! own simulator: `oidc-provider`, which the OpenID Foundation has certified.

use anyhow::{Context, Result, ensure};
use portvakt_oidc::{
    Algorithm, BeginLogin, BeginLogout, Callback, Check, ClientConfig, CompleteLogin, Error,
    FetchUserinfo, Issuer, Login, LoginRequest, LogoutRequest, LogoutReturn, PendingLogin, Prompt,
    Redirect, Url, json,
};
use portvakt_tests::foreign::{Person, Provider};
use portvakt_tests::native::{drive, entropy, now};
use tokio::task::block_in_place;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_rs256() -> Result<()> {
    signs_in_with("a_person_signs_in_with_rs256", Algorithm::Rs256).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_ps256() -> Result<()> {
    signs_in_with("a_person_signs_in_with_ps256", Algorithm::Ps256).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_es256() -> Result<()> {
    signs_in_with("a_person_signs_in_with_es256", Algorithm::Es256).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_eddsa() -> Result<()> {
    signs_in_with("a_person_signs_in_with_eddsa", Algorithm::EdDsa).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_signed_with_an_algorithm_that_is_not_allowed_is_refused() -> Result<()> {
    let name = "an_id_token_signed_with_an_algorithm_that_is_not_allowed_is_refused";
    with_provider(name, |provider| {
        let mut config = provider.client(Algorithm::Es256)?;
        let (callback, pending) = person_agrees(&config, LoginRequest::default())?;
        // The provider signs with ES256 for this client, whatever the client thinks.
        config.algorithms = vec![Algorithm::Rs256];
        let refused = complete(&config, &callback, pending);
        assert_eq!(code_of(refused), "token_alg_not_allowed");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_age_of_the_sign_in_is_asked_for_and_checked() -> Result<()> {
    with_provider(
        "the_age_of_the_sign_in_is_asked_for_and_checked",
        |provider| {
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
        },
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn authorization_details_come_back_as_they_were_asked_for() -> Result<()> {
    with_provider(
        "authorization_details_come_back_as_they_were_asked_for",
        |provider| {
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
        },
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_sign_in_says_so() -> Result<()> {
    with_provider("a_cancelled_sign_in_says_so", |provider| {
        let config = provider.client(Algorithm::Rs256)?;
        let redirect = begin(&config, LoginRequest::default())?;
        let callback = Person::default().cancel(&redirect.url)?;
        let refused = complete(&config, &callback, redirect.pending);
        assert_eq!(code_of(refused), "provider_access_denied");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_answer_is_refused() -> Result<()> {
    with_provider("a_changed_answer_is_refused", |provider| {
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
            ("iss", None, "callback_iss_missing"),
            ("code", Some("another"), "provider_invalid_grant"),
            ("code", None, "callback_empty"),
        ] {
            let changed = with_parameter(&callback, parameter, value)?;
            let refused = complete(&config, &changed, pending.clone());
            assert_eq!(code_of(refused), code, "{parameter}");
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_can_be_redeemed_once_and_by_its_client_only() -> Result<()> {
    with_provider(
        "a_code_can_be_redeemed_once_and_by_its_client_only",
        |provider| {
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
        },
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_client_does_not_get_tokens() -> Result<()> {
    with_provider("an_unknown_client_does_not_get_tokens", |provider| {
        let known = provider.client(Algorithm::Rs256)?;
        let mut unknown = known.clone();
        unknown.client_id = "unknown".to_owned();
        // The provider shows an error page and sends nobody back.
        let redirect = begin(&unknown, LoginRequest::default())?;
        let page = Person::default()
            .agree(&redirect.url)
            .expect_err("it is no way to the application");
        assert!(page.to_string().contains("invalid_client"), "{page}");
        // And with the answer of another client's login, its token endpoint refuses as well.
        let (callback, pending) = person_agrees(&known, LoginRequest::default())?;
        let refused = complete(&unknown, &callback, stolen(&pending, "unknown")?);
        assert_eq!(code_of(refused), "provider_invalid_client");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_of_another_issuer_is_refused() -> Result<()> {
    with_provider("metadata_of_another_issuer_is_refused", |provider| {
        // The same provider under another name of the same machine.
        let mut config = provider.client(Algorithm::Rs256)?;
        let renamed = config.issuer.as_str().replace("127.0.0.1", "localhost");
        config.issuer = Issuer::parse(&renamed)?;
        let refused = begin(&config, LoginRequest::default());
        assert_eq!(code_of(refused), "misbehaved_metadata_issuer");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_out_and_comes_back() -> Result<()> {
    with_provider("a_person_signs_out_and_comes_back", |provider| {
        let mut config = provider.client(Algorithm::Rs256)?;
        config.scopes.push("offline_access".to_owned());
        let mut request = LoginRequest::default();
        request.prompt = vec![Prompt::Consent];
        let mut person = Person::default();
        let redirect = begin(&config, request)?;
        let callback = person.agree(&redirect.url)?;
        let login = complete(&config, &callback, redirect.pending)?;
        assert!(login.refresh_token.is_some());

        let logout = LogoutRequest::of(&login);
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
        let redirect = begin(&config, request)?;
        let callback = person.agree(&redirect.url)?;
        let refused = complete(&config, &callback, redirect.pending);
        assert_eq!(code_of(refused), "provider_login_required");
        Ok(())
    })
    .await
}

async fn signs_in_with(name: &str, algorithm: Algorithm) -> Result<()> {
    with_provider(name, |provider| {
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
    })
    .await
}

/// Runs a test against a provider of its own, or says why it cannot.
async fn with_provider(name: &str, test: impl FnOnce(&Provider) -> Result<()>) -> Result<()> {
    if let Some(reason) = Provider::missing() {
        println!("skipped: {name}: {reason}");
        return Ok(());
    }
    let provider = Provider::start().await?;
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

fn complete(config: &ClientConfig, callback: &str, pending: PendingLogin) -> Result<Login, Error> {
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
