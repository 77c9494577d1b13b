//! The pages: headers, languages, marks, escaping.

use crate::support::*;
use http::{HeaderMap, StatusCode};
use portvakt_simulator::world::{Person, Pid};
use portvakt_simulator::{Arrival, Eid, Page, ProviderName, SignIn, Simulator, Visitor};
use serde_json::json;

use ProviderName::{Ansattporten, Idporten};

#[test]
fn every_page_keeps_to_itself() {
    let simulator = simulator();
    for page in pages(&simulator) {
        let value = |name| header(&page.headers, name).unwrap_or_default();
        let policy = value("content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "style-src 'self'",
        ] {
            assert!(policy.contains(part), "{page:?}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{page:?}");
        assert_eq!(value("cache-control"), "no-store", "{page:?}");
        assert_eq!(value("x-content-type-options"), "nosniff", "{page:?}");
        assert_eq!(value("x-frame-options"), "DENY", "{page:?}");
        assert!(
            ["no-referrer", "same-origin"].contains(&value("referrer-policy")),
            "{page:?}"
        );
        assert!(value("content-type").starts_with("text/html"), "{page:?}");
    }
}

#[test]
fn no_page_has_a_script_or_a_style_inside_or_anything_from_elsewhere() {
    let simulator = simulator();
    for page in pages(&simulator) {
        for forbidden in [
            "<style",
            " style=",
            " onclick",
            " onload",
            "src=\"http",
            "href=\"//",
        ] {
            assert!(!page.html.contains(forbidden), "{page:?}: {forbidden}");
        }
        for script in page.html.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"/assets/"), "{page:?}");
        }
    }
}

#[test]
fn every_page_says_that_it_is_a_simulator_in_its_language() {
    let simulator = simulator();
    for page in pages(&simulator) {
        let html = &page.html;
        assert!(html.contains("<strong>SIMULATOR</strong>"), "{page:?}");
        match html.contains("<html lang=\"nb\">") {
            true => assert!(html.contains("ikke ekte innlogging"), "{page:?}"),
            false => assert!(
                html.contains("<html lang=\"en\">") && html.contains("not a real login"),
                "{page:?}"
            ),
        }
        assert_eq!(html.matches("<h1").count(), 1, "{page:?}");
        assert!(
            html.contains("<main id=\"main\"") && html.contains("href=\"#main\""),
            "{page:?}"
        );
        assert!(html.contains("name=\"viewport\""), "{page:?}");
    }
}

#[test]
fn every_field_has_a_label_and_every_id_is_there_once() {
    let simulator = simulator();
    for page in pages(&simulator) {
        let ids: Vec<&str> = values(&page.html, " id=\"");
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(ids.len(), unique.len(), "{page:?}: {ids:?}");
        let labelled = values(&page.html, "<label for=\"");
        for tag in ["<input ", "<select ", "<textarea "] {
            for rest in page.html.split(tag).skip(1) {
                let (field, before) = (
                    rest.split('>').next().unwrap(),
                    page.html.split(rest).next().unwrap(),
                );
                let is_inside =
                    before.rfind("<label").unwrap_or(0) > before.rfind("</label").unwrap_or(0);
                let has_label = values(field, "id=\"")
                    .iter()
                    .any(|id| labelled.contains(id));
                assert!(
                    field.contains("type=\"hidden\"") || is_inside || has_label,
                    "{page:?}: {tag}{field}"
                );
            }
        }
    }
}

#[test]
fn the_marks_that_tests_hold_on_to_are_there() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let request = Authorize::at(Ansattporten).set("authorization_details", &details(false));
    let Arrival::Page(page) = run(visitor.open(&request.url(&simulator))) else {
        panic!()
    };
    assert!(
        page.html
            .contains("data-testid=\"eid\" data-eid=\"bankid\"")
            && page.html.contains("data-testid=\"cancel\"")
    );
    let Arrival::Page(page) = run(visitor.submit(&page, "/login/eid", vec![("eid", "bankid")]))
    else {
        panic!()
    };
    assert!(
        page.html
            .contains(&format!("data-testid=\"person\" data-pid=\"{KARI}\""))
    );
    assert!(page.html.contains("data-testid=\"cancel\""));
    let Arrival::Page(page) = run(visitor.submit(&page, "/login/person", vec![("pid", KARI)]))
    else {
        panic!()
    };
    for mark in [
        "data-testid=\"organisation-option\" data-orgno=\"310000019\"",
        "data-testid=\"represent-self\"",
        "data-testid=\"continue\"",
        "data-testid=\"cancel\"",
    ] {
        assert!(page.html.contains(mark), "{mark}");
    }
    assert!(page.html.contains("type=\"radio\"") && !page.html.contains("type=\"checkbox\""));
}

#[test]
fn the_language_is_asked_for_chosen_on_the_page_and_remembered() {
    let simulator = simulator();
    let mut visitor = Visitor::new(&simulator);
    let norwegian = Authorize::at(Idporten);
    let english = Authorize::at(Idporten).set("ui_locales", "fr en nb");
    let lang = |visitor: &mut Visitor, request: &Authorize| match run(
        visitor.open(&request.url(&simulator))
    ) {
        Arrival::Page(page) => page,
        Arrival::Left(url) => panic!("{url}"),
    };
    assert!(
        lang(&mut visitor, &english)
            .html
            .contains("<html lang=\"en\">")
    );
    let page = lang(&mut visitor, &norwegian);
    assert!(page.html.contains("<html lang=\"nb\">"));
    let href = values(&page.html, "class=\"language\" href=\"")[0].replace("&amp;", "&");
    let Arrival::Page(page) = run(visitor.open(&format!("http://127.0.0.1:8104{href}"))) else {
        panic!()
    };
    assert!(page.html.contains("<html lang=\"en\">"));
    // What the person chose counts for more than what the application asks for.
    let request = norwegian.set("ui_locales", "nb");
    let page = lang(&mut visitor, &request);
    assert!(page.html.contains("<html lang=\"en\">"));
    run(visitor.submit(&page, "/login/eid", vec![("eid", "bankid")]));
    let Arrival::Left(url) = run(visitor.submit(&page, "/login/person", vec![("pid", KARI)]))
    else {
        panic!()
    };
    let tokens = redeem(&simulator, Idporten, Callback::parse(&url).code()).json();
    assert_eq!(id_token(&tokens).1["locale"], "en");
}

#[test]
fn nynorsk_and_sami_are_kept_in_the_token_and_shown_in_bokmal() {
    let simulator = simulator();
    let request = Authorize::at(Idporten).set("ui_locales", "se");
    assert!(request.page(&simulator).html.contains("<html lang=\"nb\">"));
    let callback = request.sign_in(
        &mut Visitor::new(&simulator),
        &simulator,
        &SignIn::person(KARI).with(Eid::Minid),
    );
    let tokens = redeem(&simulator, Idporten, callback.code()).json();
    assert_eq!(id_token(&tokens).1["locale"], "se");
}

#[test]
fn foreign_text_is_escaped_everywhere() {
    let simulator = simulator();
    let nasty = "<img src=x onerror=alert(1)>\"'&";
    simulator.change_world(|world| {
        let mut organisation = world.organisations().next().unwrap().clone();
        organisation.name = nasty.to_owned();
        world.put_organisation(organisation).unwrap();
        let kari: Person = world.person(&Pid::parse(KARI).unwrap()).unwrap().clone();
        world
            .put_person(Person {
                given_name: nasty.to_owned(),
                email: Some(nasty.to_owned()),
                ..kari
            })
            .unwrap();
    });
    let mut client = app();
    client.client_name = Some(nasty.to_owned());
    simulator.register(client).unwrap();
    let mut all = pages(&simulator);
    all.push(
        Authorize::at(Idporten)
            .set("client_id", nasty)
            .page(&simulator),
    );
    all.push(
        Authorize::at(Idporten)
            .set("redirect_uri", nasty)
            .page(&simulator),
    );
    let form_post = Authorize::at(Idporten)
        .set("response_mode", "form_post")
        .headless(KARI, "idporten-loa-high");
    all.push(form_post.set("state", nasty).page(&simulator));
    assert!(all.iter().any(|page| page.html.contains("&lt;img src=x")));
    for page in all {
        assert!(!page.html.contains("<img"), "{page:?}");
    }
}

#[test]
fn a_form_may_lead_to_the_application_and_nowhere_else() {
    let simulator = simulator();
    let page = Authorize::at(Idporten).page(&simulator);
    let policy = header(&page.headers, "content-security-policy").unwrap();
    let directive = policy
        .split(';')
        .find(|part| part.trim().starts_with("form-action"))
        .unwrap();
    assert_eq!(directive.trim(), "form-action 'self' http://localhost:8080");
}

#[test]
fn styles_and_scripts_are_served_with_their_type() {
    let simulator = simulator();
    for port in [8100, 8102, 8104] {
        for (name, media_type) in [
            ("pages.css", "text/css"),
            ("submit.js", "text/javascript"),
            ("icon.svg", "image/svg+xml"),
        ] {
            let answer = get(
                &simulator,
                &format!("http://127.0.0.1:{port}/assets/{name}"),
            );
            assert_eq!(answer.status, StatusCode::OK);
            assert!(
                header(&answer.headers, "content-type")
                    .unwrap()
                    .starts_with(media_type)
            );
        }
    }
}

/// One of each kind of page, in both languages where there is a choice.
fn pages(simulator: &Simulator) -> Vec<Page> {
    let mut all = Vec::new();
    for language in ["nb", "en"] {
        let mut visitor = Visitor::new(simulator);
        let mut shown = |arrival: Arrival| match arrival {
            Arrival::Page(page) => {
                all.push(page.clone());
                page
            }
            Arrival::Left(url) => panic!("{url}"),
        };
        for multiple in [false, true] {
            let request = Authorize::at(Ansattporten)
                .set("ui_locales", language)
                .set("prompt", "login")
                .set("authorization_details", &details(multiple));
            let page = shown(run(visitor.open(&request.url(simulator))));
            shown(run(visitor.submit(
                &page,
                "/login/eid",
                vec![("eid", "minid")],
            )));
            shown(run(visitor.submit(
                &page,
                "/login/person",
                vec![("pid", "15068510045")],
            )));
            shown(run(visitor.submit(
                &page,
                "/login/person",
                vec![("pid", if multiple { NORA } else { KARI })],
            )));
            if !multiple {
                shown(run(visitor.submit(&page, "/login/representation", vec![])));
                run(visitor.submit(&page, "/login/representation", vec![("party", "self")]));
                shown(run(visitor.open(&page.url)));
            }
        }
        let work = Authorize::at(Ansattporten)
            .set("ui_locales", language)
            .set("acr_values", "entraid");
        shown(run(visitor.open(&work.url(simulator))));
        shown(run(visitor.open(&format!(
            "http://127.0.0.1:8102/logout?ui_locales={language}"
        ))));
        shown(run(visitor.open(&format!(
            "http://127.0.0.1:8102/logout?ui_locales={language}"
        ))));
        shown(run(
            visitor.open(&format!("http://127.0.0.1:8100/?lang={language}"))
        ));
    }
    all.push(
        Authorize::at(Idporten)
            .set("client_id", "unknown")
            .page(simulator),
    );
    let Arrival::Page(page) =
        run(Visitor::new(simulator).open("http://127.0.0.1:8102/login?tx=unknown"))
    else {
        panic!()
    };
    all.push(page);
    let answer = get(simulator, "http://127.0.0.1:8102/nothing");
    all.push(Page {
        url: "/nothing".to_owned(),
        status: answer.status,
        headers: answer.headers,
        html: answer.text,
    });
    let form_post = Authorize::at(Idporten)
        .set("response_mode", "form_post")
        .headless(KARI, "idporten-loa-high");
    all.push(form_post.page(simulator));
    all
}

fn details(multiple: bool) -> String {
    json!([{
        "type": "ansattporten:altinn:resource",
        "resource": "urn:altinn:resource:demo-post",
        "allow_multiple_organizations": multiple,
        "representation_is_required": multiple,
        "allow_deleted_organizations": true,
    }])
    .to_string()
}

/// Every value that follows a piece of text, up to the next quotation mark.
fn values<'a>(html: &'a str, before: &str) -> Vec<&'a str> {
    html.split(before)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn headers_of_a_redirect_keep_it_out_of_caches() {
    let simulator = simulator();
    let request = Authorize::at(Idporten).headless(KARI, "idporten-loa-high");
    let answer = get(&simulator, &request.url(&simulator));
    let headers: &HeaderMap = &answer.headers;
    assert_eq!(header(headers, "cache-control"), Some("no-store"));
    assert!(
        header(headers, "set-cookie")
            .unwrap()
            .contains("HttpOnly; SameSite=Lax")
    );
}
