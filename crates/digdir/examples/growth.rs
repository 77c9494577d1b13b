//! Prints how long it takes to read what the services send, by how much they send: one JSON object a line.
//!
//! `cargo xtask bench growth` makes tables of them. The argument is the number of samples.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use portvakt_digdir::dialogporten::{DialogQuery, Dialogporten, SearchDialogs};
use portvakt_digdir::rar::RarResponse;
use portvakt_digdir::{Error as Refusal, Preset};
use portvakt_jose::{UnixTime, json};
use portvakt_oidc::{AccessToken, Flow, HttpResponse, Step};

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let samples = std::env::args()
        .nth(1)
        .map_or(Ok(21), |text| text.parse())?;
    // What a search is answered with: by default a hundred, at most a thousand.
    for dialogs in [1, 10, 100, 1000] {
        let body = page(dialogs);
        report("dialogs", dialogs, &body, samples, || {
            let read = answered(&body).map_err(|refusal| refusal.code())?;
            assert_eq!(read, dialogs, "a dialog was lost");
            Ok(())
        })?;
    }
    // What a login is answered with: at most as many as are read.
    for parties in [2, 10, 100, 1000, 2000] {
        let body = details(parties);
        report("parties", parties, &body, samples, || {
            let value = json::parse(body.as_bytes(), body.len()).map_err(|_| "JSON")?;
            let read = RarResponse::parse(&value).map_err(|refusal| refusal.code())?;
            let count: usize = read
                .elements
                .iter()
                .map(|element| element.parties.len())
                .sum();
            assert_eq!(count, parties, "an organisation was lost");
            Ok(())
        })?;
    }
    Ok(())
}

/// Prints the median of the samples, each of so many readings that the clock can tell them.
fn report(
    what: &str,
    count: usize,
    body: &str,
    samples: usize,
    read: impl Fn() -> Result<(), &'static str>,
) -> Outcome {
    let readings = (2000 / count).max(1);
    let mut taken = Vec::with_capacity(samples);
    for _ in 0..samples.max(1) {
        let begin = Instant::now();
        for _ in 0..readings {
            black_box(read())?;
        }
        taken.push(begin.elapsed().as_secs_f64() * 1e6 / readings as f64);
    }
    taken.sort_by(f64::total_cmp);
    let median = taken.get(taken.len() / 2).copied().unwrap_or_default();
    let bytes = body.len();
    println!(r#"{{"what":"{what}","count":{count},"bytes":{bytes},"microseconds":{median:.2}}}"#);
    Ok(())
}

/// How many dialogs the client reads out of an answer.
fn answered(body: &str) -> Result<usize, Refusal> {
    let dialogporten = Dialogporten::of(&Preset::DIALOGPORTEN_TEST)?;
    let token = AccessToken::parse("access-token").map_err(portvakt_oidc::Error::from)?;
    let query = DialogQuery::of_service_resource("urn:altinn:resource:demo-post");
    let Step::Fetch { next, .. } = SearchDialogs::start(&dialogporten, &token, query)? else {
        return Ok(0);
    };
    let answer = HttpResponse {
        status: 200,
        headers: vec![("content-type".into(), "application/json".into())],
        body: body.as_bytes().to_vec(),
    };
    match next.resume(Ok(answer).into(), UnixTime::new(1_790_000_000))? {
        Step::Done(page) => Ok(page.items.len()),
        Step::Fetch { .. } | Step::Verify { .. } => Ok(0),
    }
}

/// A page as Dialogporten writes one.
fn page(dialogs: usize) -> String {
    let items: Vec<_> = (0..dialogs)
        .map(|index| {
            format!(
                r#"{{"id":"019c0b7e-2b1e-7c44-9a11-{index:012x}","org":"ttd","serviceResource":"urn:altinn:resource:demo-post",
"serviceResourceType":"genericaccessresource","party":"urn:altinn:organization:identifier-no:310000019","progress":60,
"guiAttachmentCount":2,"createdAt":"2026-02-01T08:00:00.0000000Z","updatedAt":"2026-02-02T08:00:00.0000000Z",
"contentUpdatedAt":"2026-02-02T08:00:00.0000000Z","dueAt":"2026-03-01T00:00:00Z","status":"RequiresAttention",
"hasUnopenedContent":true,"systemLabel":"Default","isApiOnly":false,"isContentSeen":false,
"latestActivity":{{"id":"019c0b7e-2b1e-7c44-9a11-0a5f6b1c2d40","type":"Information","createdAt":"2026-02-02T08:00:00Z",
"performedBy":{{"actorType":"ServiceOwner"}},"description":[{{"value":"Påminnelse","languageCode":"nb"}}]}},
"endUserContext":{{"revision":"6a3b1e62-6a52-4b0e-9a4b-4d1d6f9f7c10","systemLabels":["Default"]}},
"content":{{"title":{{"value":[{{"value":"Søknad om tilskudd","languageCode":"nb"}}],"mediaType":"text/plain"}},
"summary":{{"value":[{{"value":"Søknaden er mottatt, og venter på svar.","languageCode":"nb"}}],"mediaType":"text/plain"}}}}}}"#
            )
        })
        .collect();
    format!(r#"{{"items":[{}],"hasNextPage":false}}"#, items.join(","))
}

/// The `authorization_details` of a token response, as Ansattporten writes them.
fn details(parties: usize) -> String {
    let parties: Vec<_> = organisations()
        .take(parties)
        .map(|number| {
            format!(
                r#"{{"orgno":{{"authority":"iso6523-actorid-upis","ID":"0192:{number}"}},"resource":"demo-post",
"name":"SYNTETISK PRØVE AS","unit_type":"AS","actions":["read","write"]}}"#
            )
        })
        .collect();
    format!(
        r#"[{{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","authorized_parties":[{}]}}]"#,
        parties.join(",")
    )
}

/// Synthetic numbers, with their check digits.
fn organisations() -> impl Iterator<Item = u32> {
    const WEIGHTS: [u32; 8] = [2, 3, 4, 5, 6, 7, 2, 3];
    (31_000_000..32_000_000_u32).filter_map(|start| {
        let digits = (0..8).map(|place| start / 10_u32.pow(place) % 10);
        let sum: u32 = digits
            .zip(WEIGHTS)
            .map(|(digit, weight)| digit * weight)
            .sum();
        match sum % 11 {
            0 => Some(start * 10),
            1 => None,
            rest => Some(start * 10 + 11 - rest),
        }
    })
}
