//! The parameters of a search, read and checked as the service does it: first each value by
//! itself, and only when all of them can be read the rules between them.

use super::language::{is_known, normalise};
use super::model::{DialogStatus, SystemLabel};
use super::order::{ContinuationToken, OrderBy};
use super::problem::Problem;
use super::timestamp::Timestamp;
use crate::world::identifiers::{IdentifierError, OrganisationNumber, Pid};

/// How many values each list may have, as `metadata/limits` publishes them.
pub(crate) const MAX_PARTIES: usize = 100;
/// See [`MAX_PARTIES`].
pub(crate) const MAX_SERVICE_RESOURCES: usize = 20;
/// See [`MAX_PARTIES`].
pub(crate) const MAX_ORGS: usize = 20;
/// See [`MAX_PARTIES`].
pub(crate) const MAX_EXTENDED_STATUSES: usize = 20;

const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1_000;
/// Fewest characters of a free-text search.
const MIN_SEARCH_CHARS: usize = 3;
/// Longest `process`, in characters.
const MAX_URI_CHARS: usize = 1_023;
/// Longest query that is read, in bytes: the request line's limit in the service's web server.
/// A hundred organisations take about 6 200.
const MAX_QUERY_BYTES: usize = 8_192;

/// The URN prefix of persons.
pub(crate) const PERSON_PREFIX: &str = "urn:altinn:person:identifier-no:";
/// The URN prefix of organisations.
pub(crate) const ORGANISATION_PREFIX: &str = "urn:altinn:organization:identifier-no:";

/// A search whose parameters are all in order.
#[derive(Clone)]
pub(crate) struct SearchQuery {
    pub(crate) org: Vec<String>,
    /// Resource URNs.
    pub(crate) service_resource: Vec<String>,
    /// Party URNs, lower case.
    pub(crate) party: Vec<String>,
    pub(crate) extended_status: Vec<String>,
    pub(crate) external_reference: Option<String>,
    pub(crate) status: Vec<DialogStatus>,
    pub(crate) created: Range,
    pub(crate) updated: Range,
    pub(crate) content_updated: Range,
    pub(crate) due: Range,
    pub(crate) is_content_seen: Option<bool>,
    pub(crate) process: Option<String>,
    /// A dialog must have all of them.
    pub(crate) system_label: Vec<SystemLabel>,
    pub(crate) exclude_api_only: bool,
    pub(crate) search: Option<String>,
    pub(crate) search_language_code: Option<String>,
    pub(crate) order_by: OrderBy,
    pub(crate) continuation_token: Option<ContinuationToken>,
    pub(crate) limit: usize,
}

/// An interval of time; both ends belong to it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Range {
    after: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl Range {
    /// Whether the moment lies in it; a missing moment lies in the unbounded interval only.
    pub(crate) fn contains(self, moment: Option<Timestamp>) -> bool {
        match moment {
            Some(moment) => {
                self.after.is_none_or(|after| after <= moment)
                    && self.before.is_none_or(|before| moment <= before)
            }
            None => self.after.is_none() && self.before.is_none(),
        }
    }
}

impl SearchQuery {
    /// Reads the query of a search.
    pub(crate) fn parse(query: &str) -> Result<Self, Problem> {
        let mut parameters = Parameters::parse(query)?;
        let party = parameters
            .list("party")
            .iter()
            .map(|party| party.to_lowercase())
            .collect();
        let search = Self {
            org: parameters.list("org"),
            service_resource: parameters.list("serviceResource"),
            party,
            extended_status: parameters.list("extendedStatus"),
            external_reference: parameters.text("externalReference"),
            status: parameters.values("status", "DialogStatus", |text| text.parse().ok()),
            created: parameters.range("createdAfter", "createdBefore"),
            updated: parameters.range("updatedAfter", "updatedBefore"),
            content_updated: parameters.range("contentUpdatedAfter", "contentUpdatedBefore"),
            due: parameters.range("dueAfter", "dueBefore"),
            is_content_seen: parameters.boolean("isContentSeen"),
            process: parameters.text("process"),
            system_label: parameters.values("systemLabel", "SystemLabel", |text| text.parse().ok()),
            exclude_api_only: parameters.boolean("excludeApiOnly").unwrap_or(false),
            search: parameters.text("search"),
            search_language_code: parameters
                .text("searchLanguageCode")
                .map(|it| normalise(&it)),
            order_by: parameters
                .value("orderBy", "OrderSet", OrderBy::parse)
                .unwrap_or_default(),
            continuation_token: parameters.value(
                "continuationToken",
                "ContinuationTokenSet",
                ContinuationToken::parse,
            ),
            limit: DEFAULT_LIMIT,
        };
        let limit: Option<i32> = parameters.value("limit", "Int32", |text| text.parse().ok());
        parameters.finish()?;
        search.validate(limit)
    }

    fn validate(mut self, limit: Option<i32>) -> Result<Self, Problem> {
        let mut failures: Vec<(String, String)> = Vec::new();
        let mut fail = |parameter: &str, message: String| {
            failures.push((parameter.to_owned(), message));
        };
        if let Some(limit) = limit {
            match usize::try_from(limit) {
                Ok(limit @ 1..=MAX_LIMIT) => self.limit = limit,
                _ => fail(
                    "limit",
                    format!("'Limit' must be between 1 and {MAX_LIMIT}. You entered {limit}."),
                ),
            }
        }
        if let Some(token) = &self.continuation_token {
            let missing = self.order_by.missing_keys(token);
            if !missing.is_empty() {
                fail(
                    "continuationToken",
                    format!(
                        "'ContinuationToken' does not match OrderBy. Missing token keys: [{}].",
                        missing.join(",")
                    ),
                );
            }
        }
        if let Some(length) = self.search.as_ref().map(|text| text.chars().count())
            && length < MIN_SEARCH_CHARS
        {
            fail(
                "search",
                format!(
                    "The length of 'Search' must be at least {MIN_SEARCH_CHARS} characters. \
                     You entered {length} characters."
                ),
            );
        }
        if let Some(code) = self
            .search_language_code
            .as_deref()
            .filter(|code| !is_known(code))
        {
            let hint = if code == "no" {
                " Use 'nb' or 'nn' for Norwegian."
            } else {
                ""
            };
            fail(
                "searchLanguageCode",
                format!(
                    "'SearchLanguageCode' '{code}' is not a valid language code.{hint} Culture \
                     specific codes like 'en_GB' and 'en-US' are normalized to 'en' (ISO 639)."
                ),
            );
        }
        if self.service_resource.is_empty() && self.party.is_empty() {
            fail(
                "",
                "Either ServiceResource or Party must be specified.".to_owned(),
            );
        }
        for (index, party) in self.party.iter().enumerate() {
            if let Err(message) = check_party(party) {
                fail(&format!("party[{index}]"), message);
            }
        }
        for (parameter, count, most) in [
            ("org.count", self.org.len(), MAX_ORGS),
            (
                "serviceResource.count",
                self.service_resource.len(),
                MAX_SERVICE_RESOURCES,
            ),
            ("party.count", self.party.len(), MAX_PARTIES),
            (
                "extendedStatus.count",
                self.extended_status.len(),
                MAX_EXTENDED_STATUSES,
            ),
        ] {
            if count > most {
                fail(
                    parameter,
                    format!("'Count' must be less than or equal to '{most}'."),
                );
            }
        }
        if let Some(process) = &self.process {
            if !is_uri(process) {
                fail(
                    "process",
                    "'Process' is not a well-formatted URI.".to_owned(),
                );
            }
            let length = process.chars().count();
            if length > MAX_URI_CHARS {
                fail(
                    "process",
                    format!(
                        "The length of 'Process' must be {MAX_URI_CHARS} characters or fewer. \
                         You entered {length} characters."
                    ),
                );
            }
        }
        for (after, before, range) in [
            ("CreatedAfter", "CreatedBefore", self.created),
            ("DueAfter", "DueBefore", self.due),
            ("UpdatedAfter", "UpdatedBefore", self.updated),
            (
                "ContentUpdatedAfter",
                "ContentUpdatedBefore",
                self.content_updated,
            ),
        ] {
            if range
                .after
                .zip(range.before)
                .is_some_and(|(after, before)| after > before)
            {
                let message = format!("'{after}' must be less than or equal to '{before}'.");
                fail(&camel_case(after), message);
            }
        }
        if failures.is_empty() {
            Ok(self)
        } else {
            Err(Problem::Validation(failures))
        }
    }
}

/// Whether a party filter is an identifier that can be searched for; the error says what is wrong.
///
/// The simulator knows synthetic persons and organisations only and refuses all others here too.
pub(crate) fn check_party(party: &str) -> Result<(), String> {
    let refusal = if let Some(pid) = party.strip_prefix(PERSON_PREFIX) {
        Pid::parse(pid).err()
    } else if let Some(number) = party.strip_prefix(ORGANISATION_PREFIX) {
        OrganisationNumber::parse(number).err()
    } else {
        let named = |prefix| {
            party
                .strip_prefix(prefix)
                .is_some_and(|rest| !rest.is_empty())
        };
        if named("urn:altinn:person:legacy-selfidentified:")
            || named("urn:altinn:person:idporten-email:")
        {
            return Ok(());
        }
        Some(IdentifierError::PidForm)
    };
    match refusal {
        None => Ok(()),
        Some(
            refusal
            @ (IdentifierError::PidNotSynthetic | IdentifierError::OrganisationNotSynthetic),
        ) => Err(refusal.to_string()),
        Some(_) => Err(format!(
            "'Party' must be on format '{ORGANISATION_PREFIX}{{norwegian org-nr}}', \
             '{PERSON_PREFIX}{{norwegian f-nr/d-nr}}', \
             'urn:altinn:person:legacy-selfidentified:{{username}}' or \
             'urn:altinn:person:idporten-email:{{e-mail}}' with valid values, respectively."
        )),
    }
}

/// The parameters of a query, taken out one after another, with what could not be read.
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
    failures: Vec<(String, String)>,
}

impl Parameters {
    /// Splits and decodes a query.
    pub(crate) fn parse(query: &str) -> Result<Self, Problem> {
        if query.len() > MAX_QUERY_BYTES {
            return Err(Problem::UriTooLong);
        }
        let pairs = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        Ok(Self {
            pairs,
            failures: Vec::new(),
        })
    }

    /// Every value of a repeated parameter.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.pairs
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// The value of a parameter that can be given once.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let mut values = self.list(name);
        if values.len() > 1 {
            let message = format!("'{name}' can be given only once.");
            self.failures.push((name.to_owned(), message));
        }
        values.pop()
    }

    /// What could not be read, as one refusal.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.failures.is_empty() {
            Ok(())
        } else {
            Err(Problem::Validation(self.failures))
        }
    }

    fn value<T>(&mut self, name: &str, kind: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let value = read(&text);
        if value.is_none() {
            self.unreadable(name, kind, &text);
        }
        value
    }

    fn values<T>(&mut self, name: &str, kind: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let mut values = Vec::new();
        for text in self.list(name) {
            match read(&text) {
                Some(value) => values.push(value),
                None => self.unreadable(name, kind, &text),
            }
        }
        values
    }

    fn range(&mut self, after: &str, before: &str) -> Range {
        Range {
            after: self.value(after, "DateTimeOffset", Timestamp::parse),
            before: self.value(before, "DateTimeOffset", Timestamp::parse),
        }
    }

    fn boolean(&mut self, name: &str) -> Option<bool> {
        self.value(name, "Boolean", |text| {
            text.to_ascii_lowercase().parse().ok()
        })
    }

    fn unreadable(&mut self, name: &str, kind: &str, text: &str) {
        let message = format!("Value [{text}] is not valid for a [{kind}] property!");
        self.failures.push((name.to_owned(), message));
    }
}

fn camel_case(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// Whether the text begins with a scheme (RFC 3986 §3.1) and has something after it.
fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
            && !rest.is_empty()
            && !text.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTY: &str = "party=urn:altinn:organization:identifier-no:310000019";

    /// What is wrong with the query; nothing if it is accepted or refused for another reason.
    fn refused(query: &str) -> Vec<(String, String)> {
        match SearchQuery::parse(query) {
            Err(Problem::Validation(failures)) => failures,
            _ => Vec::new(),
        }
    }

    fn refused_keys(query: &str) -> Vec<String> {
        refused(query).into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn a_search_needs_a_party_or_a_service_resource() {
        assert_eq!(
            refused("search=skatt"),
            [(
                String::new(),
                "Either ServiceResource or Party must be specified.".to_owned()
            )]
        );
        assert!(SearchQuery::parse(PARTY).is_ok());
        assert!(SearchQuery::parse("serviceResource=urn:altinn:resource:demo-post").is_ok());
    }

    #[test]
    fn the_page_size_is_a_hundred_unless_said_and_at_most_a_thousand() {
        let limit = |text: &str| SearchQuery::parse(&format!("{PARTY}{text}")).map(|it| it.limit);
        assert_eq!(limit("").expect("valid"), 100);
        assert_eq!(limit("&limit=1000").expect("valid"), 1_000);
        assert_eq!(
            refused(&format!("{PARTY}&limit=1001")),
            [(
                "limit".to_owned(),
                "'Limit' must be between 1 and 1000. You entered 1001.".to_owned()
            )]
        );
        assert_eq!(refused_keys(&format!("{PARTY}&limit=0")), ["limit"]);
        assert_eq!(refused_keys(&format!("{PARTY}&limit=-1")), ["limit"]);
        assert_eq!(
            refused(&format!("{PARTY}&limit=many")),
            [(
                "limit".to_owned(),
                "Value [many] is not valid for a [Int32] property!".to_owned()
            )]
        );
    }

    #[test]
    fn each_bad_value_is_refused_under_its_parameter() {
        for (query, key) in [
            ("status=New", "status"),
            ("systemLabel=Trash", "systemLabel"),
            ("createdAfter=2026-01-01", "createdAfter"),
            ("dueBefore=tomorrow", "dueBefore"),
            ("isContentSeen=maybe", "isContentSeen"),
            ("orderBy=duedate_asc", "orderBy"),
            ("continuationToken=next", "continuationToken"),
            ("search=ab", "search"),
            ("searchLanguageCode=no", "searchLanguageCode"),
            ("process=not%20a%20uri", "process"),
            ("limit=1&limit=2", "limit"),
            (
                "createdAfter=2026-02-01T00:00:00Z&createdBefore=2026-01-01T00:00:00Z",
                "createdAfter",
            ),
            (
                "continuationToken=createdat_2026-01-01T00:00:00Z",
                "continuationToken",
            ),
        ] {
            assert_eq!(refused_keys(&format!("{PARTY}&{query}")), [key], "{query}");
        }
    }

    #[test]
    fn parties_are_lower_cased_and_checked_one_by_one() {
        let search = SearchQuery::parse(
            "party=URN:ALTINN:Organization:identifier-no:310000019\
             &party=urn:altinn:person:identifier-no:15868510045",
        )
        .expect("valid");
        assert_eq!(
            search.party[0],
            "urn:altinn:organization:identifier-no:310000019"
        );
        assert_eq!(
            refused_keys(&format!(
                "{PARTY}&party=urn:altinn:organization:identifier-no:310000018"
            )),
            ["party[1]"]
        );
        assert_eq!(refused_keys("party=310000019"), ["party[0]"]);
    }

    #[test]
    fn a_number_that_may_be_real_is_refused_with_a_sentence_that_says_so() {
        let refused = refused("party=urn:altinn:organization:identifier-no:974760673");
        assert!(
            refused[0].1.starts_with("Only synthetic organisations"),
            "{refused:?}"
        );
    }

    #[test]
    fn lists_have_the_published_limits() {
        let many = |name: &str, count: usize| {
            format!(
                "{PARTY}{}",
                format!("&{name}=urn:altinn:resource:demo-post").repeat(count)
            )
        };
        assert!(SearchQuery::parse(&many("serviceResource", 20)).is_ok());
        assert_eq!(
            refused_keys(&many("serviceResource", 21)),
            ["serviceResource.count"]
        );
        assert_eq!(refused_keys(&many("org", 21)), ["org.count"]);
        let parties = format!("{PARTY}&").repeat(101);
        assert_eq!(refused_keys(parties.trim_end_matches('&')), ["party.count"]);
    }

    #[test]
    fn a_request_line_that_is_too_long_is_refused() {
        let query = format!("{PARTY}&search={}", "a".repeat(9_000));
        assert!(matches!(
            SearchQuery::parse(&query),
            Err(Problem::UriTooLong)
        ));
    }

    #[test]
    fn an_interval_includes_both_ends_and_excludes_what_has_no_date() {
        let moment = Timestamp::from_unix_seconds(1_000);
        let range = Range {
            after: Some(moment),
            before: Some(moment),
        };
        assert!(range.contains(Some(moment)));
        assert!(!range.contains(Some(moment.plus_seconds(1))));
        assert!(!range.contains(None));
        assert!(Range::default().contains(None));
    }
}
