//! Sessions: who needs to sign in again, and when.

use crate::support::*;
use portvakt_simulator::{Arrival, Eid, ProviderName, SignIn, Simulator, Visitor};

use ProviderName::{Ansattporten, Idporten};

#[test]
fn idporten_shares_a_login_among_applications() {
    let simulator = with_two_clients();
    let mut visitor = signed_in(&simulator, Idporten);
    assert!(goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten)
    ));
    assert!(goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten).set("client_id", "other")
    ));
}

#[test]
fn ansattporten_shares_a_login_with_the_same_application_only() {
    let simulator = with_two_clients();
    let mut visitor = signed_in(&simulator, Ansattporten);
    assert!(goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Ansattporten)
    ));
    assert!(!goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Ansattporten).set("client_id", "other")
    ));
    assert!(!goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten)
    ));
}

#[test]
fn a_client_without_sso_signs_in_by_itself_at_idporten_too() {
    let simulator = with_two_clients();
    let mut alone = app();
    alone.client_id = "alone".to_owned();
    alone.sso_disabled = true;
    simulator.register(alone).unwrap();
    let mut visitor = signed_in(&simulator, Idporten);
    let request = Authorize::at(Idporten).set("client_id", "alone");
    assert!(!goes_through(&mut visitor, &simulator, &request));
    run(visitor.sign_in(&request.url(&simulator), &SignIn::person(OLA))).unwrap();
    assert!(goes_through(&mut visitor, &simulator, &request));
    // The shared login is still Kari's.
    let Arrival::Left(url) = run(visitor.open(&Authorize::at(Idporten).url(&simulator))) else {
        panic!()
    };
    let tokens = redeem(&simulator, Idporten, Callback::parse(&url).code()).json();
    assert_eq!(id_token(&tokens).1["pid"], KARI);
}

#[test]
fn a_session_ends_after_thirty_idle_minutes() {
    let simulator = simulator();
    let mut visitor = signed_in(&simulator, Idporten);
    simulator.clock().advance(30 * 60 - 1);
    assert!(goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten)
    ));
    simulator.clock().advance(30 * 60);
    assert!(!goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten)
    ));
}

#[test]
fn a_session_ends_after_two_hours_however_busy_it_is() {
    let simulator = simulator();
    let mut visitor = signed_in(&simulator, Idporten);
    for _ in 0..5 {
        simulator.clock().advance(20 * 60);
        assert!(goes_through(
            &mut visitor,
            &simulator,
            &Authorize::at(Idporten)
        ));
    }
    simulator.clock().advance(20 * 60);
    assert!(!goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten)
    ));
}

#[test]
fn all_applications_share_the_clock_also_where_they_share_no_login() {
    let simulator = with_two_clients();
    let mut visitor = signed_in(&simulator, Ansattporten);
    let other = Authorize::at(Ansattporten).set("client_id", "other");
    for _ in 0..5 {
        simulator.clock().advance(20 * 60);
        // The other application keeps the session from idling ...
        run(visitor.sign_in(&other.url(&simulator), &SignIn::person(OLA))).unwrap();
    }
    assert!(goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Ansattporten)
    ));
    // ... and its own fresh login does not outlive the two hours that began with the first.
    simulator.clock().advance(20 * 60);
    assert!(!goes_through(&mut visitor, &simulator, &other));
}

#[test]
fn auth_time_is_the_time_of_the_login_and_iat_that_of_the_token() {
    let simulator = simulator();
    let mut visitor = signed_in(&simulator, Idporten);
    simulator.clock().advance(600);
    let Arrival::Left(url) = run(visitor.open(&Authorize::at(Idporten).url(&simulator))) else {
        panic!()
    };
    let tokens = redeem(&simulator, Idporten, Callback::parse(&url).code()).json();
    let (_, claims) = id_token(&tokens);
    assert_eq!(
        (claims["auth_time"].as_u64(), claims["iat"].as_u64()),
        (Some(NOW), Some(NOW + 600))
    );
}

#[test]
fn prompt_login_and_an_old_login_need_a_new_one() {
    let simulator = simulator();
    let mut visitor = signed_in(&simulator, Idporten);
    simulator.clock().advance(100);
    assert!(!goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten).set("prompt", "login")
    ));
    assert!(goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten).set("max_age", "100")
    ));
    assert!(!goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten).set("max_age", "99")
    ));
    assert!(!goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten).set("max_age", "0")
    ));
}

#[test]
fn prompt_none_gives_a_code_or_login_required_and_never_a_page() {
    let simulator = simulator();
    let none = Authorize::at(Idporten).set("prompt", "none");
    assert_eq!(
        none.redirected(&simulator).get("error"),
        Some("login_required")
    );
    let mut visitor = signed_in(&simulator, Idporten);
    assert!(goes_through(&mut visitor, &simulator, &none));
    let higher = none.set("acr_values", "eidas-loa-high");
    let Arrival::Left(url) = run(visitor.open(&higher.url(&simulator))) else {
        panic!()
    };
    assert_eq!(Callback::parse(&url).get("error"), Some("login_required"));
}

#[test]
fn a_higher_level_than_the_session_has_needs_a_new_login() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let low = Authorize::at(Idporten).headless(KARI, "idporten-loa-substantial");
    run(visitor.open(&low.url(&simulator)));
    assert!(goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten)
    ));
    let high = Authorize::at(Idporten).set("acr_values", "idporten-loa-high");
    assert!(!goes_through(&mut visitor, &simulator, &high));
    run(visitor.sign_in(&high.url(&simulator), &SignIn::person(KARI))).unwrap();
    assert!(goes_through(&mut visitor, &simulator, &high));
}

#[test]
fn a_step_up_authenticates_anew_within_the_session_and_keeps_the_sid() {
    let simulator = simulator();
    let mut client = app();
    client.frontchannel_logout_session_required = true;
    simulator.register(client).unwrap();
    let mut visitor = Visitor::new(&simulator);
    let details =
        r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post"}]"#;
    let at = |acr: &str| {
        Authorize::at(Ansattporten)
            .set("acr_values", acr)
            .set("authorization_details", details)
    };
    let claims =
        |callback: &Callback| id_token(&redeem(&simulator, Ansattporten, callback.code()).json()).1;
    let with_minid = SignIn::person(KARI)
        .with(Eid::Minid)
        .representing("310000019");
    let low = claims(&at("substantial").sign_in(&mut visitor, &simulator, &with_minid));
    simulator.clock().advance(60);

    // The login of the session is too low: the person signs in again, and chooses again.
    let Arrival::Page(page) = run(visitor.open(&at("high").url(&simulator))) else {
        panic!()
    };
    assert!(page.html.contains("data-testid=\"eid\"") && !page.html.contains("data-eid=\"minid\""));
    let choice = SignIn::person(KARI).representing("310000019");
    let high = claims(&at("high").sign_in(&mut visitor, &simulator, &choice));
    assert_eq!(
        (&low["acr"], &high["acr"]),
        (&"substantial".into(), &"high".into())
    );
    assert_eq!(high["auth_time"], NOW + 60);
    assert_eq!(low["sid"], high["sid"]);

    // From now on the higher level is there for whoever asks for the lower one; the picker is shown still.
    let Arrival::Page(page) = run(visitor.open(&at("substantial").url(&simulator))) else {
        panic!()
    };
    assert!(page.html.contains("data-testid=\"organisation-option\""));
    let again = claims(&at("substantial").sign_in(&mut visitor, &simulator, &choice));
    assert_eq!(
        (&again["acr"], &again["auth_time"]),
        (&high["acr"], &high["auth_time"])
    );
}

#[test]
fn a_planted_session_cookie_gets_nothing_of_the_login() {
    let simulator = simulator();
    let mut attacker = signed_in(&simulator, Idporten);
    // The victim has the attacker's cookie and signs in as somebody else.
    let mut victim = attacker.clone();
    let request = Authorize::at(Idporten).set("prompt", "login");
    run(victim.sign_in(&request.url(&simulator), &SignIn::person(OLA))).unwrap();
    assert!(goes_through(
        &mut victim,
        &simulator,
        &Authorize::at(Idporten)
    ));
    assert!(!goes_through(
        &mut attacker,
        &simulator,
        &Authorize::at(Idporten)
    ));
}

#[test]
fn a_person_who_is_removed_is_signed_in_no_longer() {
    let simulator = simulator();
    let mut visitor = signed_in(&simulator, Idporten);
    simulator.change_world(|world| {
        world.remove_person(&portvakt_simulator::world::Pid::parse(KARI).unwrap())
    });
    assert!(!goes_through(
        &mut visitor,
        &simulator,
        &Authorize::at(Idporten)
    ));
}

fn with_two_clients() -> Simulator {
    let simulator = simulator();
    let mut other = app();
    other.client_id = "other".to_owned();
    simulator.register(other).unwrap();
    simulator
}

/// A browser in which Kari has signed in to `app`.
fn signed_in(simulator: &Simulator, provider: ProviderName) -> Visitor {
    let mut visitor = Visitor::new(simulator);
    run(visitor.sign_in(
        &Authorize::at(provider).url(simulator),
        &SignIn::person(KARI),
    ))
    .unwrap();
    visitor
}

/// Whether a request is answered with a code, without a page.
fn goes_through(visitor: &mut Visitor, simulator: &Simulator, request: &Authorize) -> bool {
    match run(visitor.open(&request.url(simulator))) {
        Arrival::Left(url) => Callback::parse(&url).get("code").is_some(),
        Arrival::Page(_) => false,
    }
}
