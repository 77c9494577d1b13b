//! Which dialogs a search finds, and which page of them.

use super::model::{ContentValue, Dialog, Localized};
use super::query::SearchQuery;
use super::view::Reader;

/// One page of a search.
#[derive(Debug)]
pub(crate) struct Page<'d> {
    pub(crate) dialogs: Vec<&'d Dialog>,
    pub(crate) has_next_page: bool,
    /// Where the next page begins; the last page has one as well.
    pub(crate) continuation_token: Option<String>,
}

/// Finds the page that the query asks for among what the reader may see.
pub(crate) fn page<'d>(
    dialogs: &'d [Dialog],
    query: &SearchQuery,
    reader: &Reader<'_>,
) -> Page<'d> {
    let mut found: Vec<&Dialog> = dialogs
        .iter()
        .filter(|dialog| matches(dialog, query, reader))
        .filter(|dialog| {
            query
                .continuation_token
                .as_ref()
                .is_none_or(|token| query.order_by.is_after(dialog, token))
        })
        .collect();
    found.sort_by(|left, right| query.order_by.compare(left, right));
    let has_next_page = found.len() > query.limit;
    found.truncate(query.limit);
    let continuation_token = match found.last() {
        Some(last) => Some(query.order_by.token_after(last)),
        // An empty page hands back what it was asked with.
        None => query
            .continuation_token
            .as_ref()
            .map(|token| token.raw().to_owned()),
    };
    Page {
        dialogs: found,
        has_next_page,
        continuation_token,
    }
}

/// Different parameters narrow each other; the values of one widen it, but for the labels.
fn matches(dialog: &Dialog, query: &SearchQuery, reader: &Reader<'_>) -> bool {
    let visible = !dialog.deleted
        && dialog.visible_from.is_none_or(|from| from <= reader.now)
        && dialog.expires_at.is_none_or(|at| at > reader.now);
    let any = |wanted: &[String], has: Option<&str>| {
        wanted.is_empty() || has.is_some_and(|has| wanted.iter().any(|one| one == has))
    };
    let same = |wanted: Option<&str>, has: Option<&str>| wanted.is_none() || wanted == has;
    visible
        && any(&query.party, Some(&dialog.party))
        && any(&query.service_resource, Some(&dialog.service_resource))
        && any(&query.org, Some(dialog.org))
        && any(&query.extended_status, dialog.extended_status)
        && same(
            query.external_reference.as_deref(),
            dialog.external_reference.as_deref(),
        )
        && same(query.process.as_deref(), dialog.process)
        && (query.status.is_empty() || query.status.contains(&dialog.status))
        && query
            .system_label
            .iter()
            .all(|label| dialog.context.system_labels.contains(label))
        && query
            .is_content_seen
            .is_none_or(|seen| seen == dialog.is_content_seen())
        && !(query.exclude_api_only && dialog.is_api_only)
        && query.created.contains(Some(dialog.created_at))
        && query.updated.contains(Some(dialog.updated_at))
        && query
            .content_updated
            .contains(Some(dialog.content_updated_at))
        && query.due.contains(dialog.due_at)
        && reader.access.may_list(dialog)
        && query.search.as_deref().is_none_or(|text| {
            is_in_texts(dialog, text, query.search_language_code.as_deref(), reader)
        })
}

/// Whether every word is in some text of the dialog that this reader may read, in any case.
///
/// The service matches fuzzily in an index; a plain search for parts of words is close enough.
fn is_in_texts(dialog: &Dialog, words: &str, language: Option<&str>, reader: &Reader<'_>) -> bool {
    let mut texts = String::new();
    let mut add = |localized: &Localized| {
        for text in localized {
            if language.is_none_or(|language| language == text.language_code) {
                texts.push_str(&text.value.to_lowercase());
                texts.push('\n');
            }
        }
    };
    if let Some(content) = &dialog.content {
        let readable = reader.readable(dialog, content);
        let optional = [
            readable.summary,
            readable.sender_name,
            readable.extended_status,
        ];
        for value in [readable.title]
            .into_iter()
            .chain(optional.into_iter().flatten())
        {
            add(&value.value);
        }
    }
    // What can be read only in an opened dialog is found only by those who can open it.
    if reader.access.has_level_for(dialog) {
        let info = dialog
            .content
            .as_ref()
            .and_then(|content| content.additional_info.as_ref());
        info.into_iter()
            .for_each(|info: &ContentValue| add(&info.value));
        for attachment in &dialog.attachments {
            add(&attachment.display_name);
        }
        let allowed = reader.access.to(dialog);
        for transmission in &dialog.transmissions {
            if allowed.can_read_transmission(transmission.authorization_attribute) {
                add(&transmission.content.title.value);
                if let Some(summary) = &transmission.content.summary {
                    add(&summary.value);
                }
            }
        }
        for activity in &dialog.activities {
            add(&activity.description);
        }
    }
    words
        .to_lowercase()
        .split_whitespace()
        .all(|word| texts.contains(word))
}
