//! `orderBy` and `continuationToken`: the order of a search and how its next page is asked for.
//!
//! A continuation token is plain text with the sort keys of the last item seen. It does not hold
//! the directions, so the caller sends the same `orderBy` again.

use std::cmp::Ordering;

use uuid::Uuid;

use super::model::Dialog;
use super::timestamp::Timestamp;

/// Longest `orderBy` or `continuationToken` that is read: five keys with their longest values
/// take about 250 bytes.
const MAX_TEXT_BYTES: usize = 1_000;

/// What dialogs can be sorted by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Key {
    ContentUpdatedAt,
    UpdatedAt,
    CreatedAt,
    DueAt,
    Id,
}

impl Key {
    const ALL: [Self; 5] = [
        Self::ContentUpdatedAt,
        Self::UpdatedAt,
        Self::CreatedAt,
        Self::DueAt,
        Self::Id,
    ];

    /// The name as the service echoes it: lower case.
    const fn name(self) -> &'static str {
        match self {
            Self::ContentUpdatedAt => "contentupdatedat",
            Self::UpdatedAt => "updatedat",
            Self::CreatedAt => "createdat",
            Self::DueAt => "dueat",
            Self::Id => "id",
        }
    }

    /// The name as the OpenAPI document spells it, for error texts.
    const fn spelling(self) -> &'static str {
        match self {
            Self::ContentUpdatedAt => "contentUpdatedAt",
            Self::UpdatedAt => "updatedAt",
            Self::CreatedAt => "createdAt",
            Self::DueAt => "dueAt",
            Self::Id => "id",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|key| key.name().eq_ignore_ascii_case(text))
    }

    fn value(self, dialog: &Dialog) -> KeyValue {
        match self {
            Self::ContentUpdatedAt => KeyValue::Time(Some(dialog.content_updated_at)),
            Self::UpdatedAt => KeyValue::Time(Some(dialog.updated_at)),
            Self::CreatedAt => KeyValue::Time(Some(dialog.created_at)),
            Self::DueAt => KeyValue::Time(dialog.due_at),
            Self::Id => KeyValue::Id(dialog.id),
        }
    }

    fn parse_value(self, text: &str) -> Option<KeyValue> {
        match self {
            Self::Id => Uuid::parse_str(text).ok().map(KeyValue::Id),
            Self::DueAt if text.is_empty() => Some(KeyValue::Time(None)),
            _ => Timestamp::parse(text).map(|time| KeyValue::Time(Some(time))),
        }
    }
}

/// The value of one sort key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum KeyValue {
    Time(Option<Timestamp>),
    Id(Uuid),
}

impl KeyValue {
    /// Ascending order as PostgreSQL has it: no value comes after every value.
    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Time(left), Self::Time(right)) => match (left, right) {
                (Some(left), Some(right)) => left.cmp(&right),
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
            },
            (Self::Id(left), Self::Id(right)) => left.cmp(&right),
            (Self::Time(_), Self::Id(_)) => Ordering::Less,
            (Self::Id(_), Self::Time(_)) => Ordering::Greater,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Time(time) => time.map(|time| time.to_string()).unwrap_or_default(),
            Self::Id(id) => id.to_string(),
        }
    }
}

/// The order of a search: at least two keys, `id` last.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct OrderBy(Vec<(Key, Direction)>);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Direction {
    Ascending,
    Descending,
}

impl Default for OrderBy {
    fn default() -> Self {
        Self(vec![
            (Key::ContentUpdatedAt, Direction::Descending),
            (Key::Id, Direction::Descending),
        ])
    }
}

impl OrderBy {
    /// Reads `key[_asc|_desc]` joined by commas; `None` when it is not that.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT_BYTES || text.trim().is_empty() {
            return None;
        }
        let mut orders: Vec<(Key, Direction)> = Vec::new();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (key, direction) = match part.split_once('_') {
                None => (part, Direction::Descending),
                Some((key, direction)) => (key, direction_of(direction.trim())?),
            };
            let key = Key::parse(key.trim())?;
            if orders.iter().any(|(known, _)| *known == key) {
                return None;
            }
            orders.push((key, direction));
        }
        // The id breaks ties, so it is always there and always last.
        let id = orders
            .iter()
            .position(|(key, _)| *key == Key::Id)
            .map_or((Key::Id, Direction::Descending), |at| orders.remove(at));
        if orders.is_empty() {
            orders.push((Key::ContentUpdatedAt, Direction::Descending));
        }
        orders.push(id);
        Some(Self(orders))
    }

    /// The order as the response echoes it: `contentupdatedat_desc,id_desc`.
    pub(crate) fn echo(&self) -> String {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|(key, direction)| {
                let direction = if *direction == Direction::Ascending {
                    "asc"
                } else {
                    "desc"
                };
                format!("{}_{direction}", key.name())
            })
            .collect();
        parts.join(",")
    }

    /// The token that asks for what follows this dialog.
    pub(crate) fn token_after(&self, dialog: &Dialog) -> String {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|(key, _)| format!("{}_{}", key.name(), key.value(dialog).text()))
            .collect();
        parts.join(",")
    }

    /// Compares two dialogs in this order.
    pub(crate) fn compare(&self, left: &Dialog, right: &Dialog) -> Ordering {
        self.compare_values(left, |key| Some(key.value(right)))
    }

    /// Whether the dialog comes after the place that the token names.
    pub(crate) fn is_after(&self, dialog: &Dialog, token: &ContinuationToken) -> bool {
        self.compare_values(dialog, |key| token.value(key)) == Ordering::Greater
    }

    /// The keys of this order that the token lacks, as error texts name them.
    pub(crate) fn missing_keys(&self, token: &ContinuationToken) -> Vec<&'static str> {
        self.0
            .iter()
            .filter(|(key, _)| token.value(*key).is_none())
            .map(|(key, _)| key.spelling())
            .collect()
    }

    fn compare_values(&self, left: &Dialog, right: impl Fn(Key) -> Option<KeyValue>) -> Ordering {
        self.0
            .iter()
            .filter_map(|(key, direction)| {
                let ordering = key.value(left).compare(right(*key)?);
                Some(if *direction == Direction::Ascending {
                    ordering
                } else {
                    ordering.reverse()
                })
            })
            .find(|ordering| *ordering != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    }
}

/// A place in an ordered search, as the caller handed it back.
#[derive(Clone, Debug)]
pub(crate) struct ContinuationToken {
    raw: String,
    values: Vec<(Key, KeyValue)>,
}

impl ContinuationToken {
    /// Reads `key_value` joined by commas; `None` when it is not that.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT_BYTES || text.trim().is_empty() {
            return None;
        }
        let mut values: Vec<(Key, KeyValue)> = Vec::new();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (key, value) = part.split_once('_')?;
            let key = Key::parse(key.trim())?;
            let value = key.parse_value(value.trim())?;
            if values.iter().any(|(known, _)| *known == key) {
                return None;
            }
            values.push((key, value));
        }
        Some(Self {
            raw: text.to_owned(),
            values,
        })
    }

    /// The token as it came, echoed on an empty page.
    pub(crate) fn raw(&self) -> &str {
        &self.raw
    }

    fn value(&self, key: Key) -> Option<KeyValue> {
        self.values
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, value)| *value)
    }
}

fn direction_of(text: &str) -> Option<Direction> {
    if text.eq_ignore_ascii_case("asc") {
        Some(Direction::Ascending)
    } else if text.eq_ignore_ascii_case("desc") {
        Some(Direction::Descending)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::seed::plain_dialog;
    use super::*;

    fn echoed(text: &str) -> Option<String> {
        OrderBy::parse(text).map(|order| order.echo())
    }

    #[test]
    fn the_order_is_newest_content_first_unless_said() {
        assert_eq!(OrderBy::default().echo(), "contentupdatedat_desc,id_desc");
        assert_eq!(
            echoed("id_asc").as_deref(),
            Some("contentupdatedat_desc,id_asc")
        );
    }

    #[test]
    fn keys_are_read_in_any_case_and_id_is_moved_last() {
        assert_eq!(
            echoed("CREATEDAT_ASC").as_deref(),
            Some("createdat_asc,id_desc")
        );
        assert_eq!(
            echoed("id_asc, dueAt ,updatedAt_asc").as_deref(),
            Some("dueat_desc,updatedat_asc,id_asc")
        );
    }

    #[test]
    fn what_is_not_an_order_is_refused() {
        for text in [
            "",
            " ",
            "duedate_asc",
            "createdAt_up",
            "createdAt,createdat",
            "createdAt_",
        ] {
            assert_eq!(echoed(text), None, "{text}");
        }
    }

    #[test]
    fn a_token_names_the_last_item_and_what_follows_is_after_it() {
        let order = OrderBy::default();
        let newer = plain_dialog(2);
        let older = plain_dialog(1);
        let text = order.token_after(&newer);
        assert_eq!(
            text,
            format!(
                "contentupdatedat_{},id_{}",
                newer.content_updated_at, newer.id
            )
        );
        let token = ContinuationToken::parse(&text).expect("our own token");
        assert!(order.is_after(&older, &token));
        assert!(!order.is_after(&newer, &token));
    }

    #[test]
    fn a_missing_date_sorts_after_every_date_ascending_and_before_them_descending() {
        let without = plain_dialog(1);
        let mut with = plain_dialog(1);
        with.due_at = Some(with.created_at);
        let ascending = OrderBy::parse("dueAt_asc").expect("an order");
        let descending = OrderBy::parse("dueAt").expect("an order");
        assert_eq!(ascending.compare(&without, &with), Ordering::Greater);
        assert_eq!(descending.compare(&without, &with), Ordering::Less);
        let token = ContinuationToken::parse(&descending.token_after(&without)).expect("a token");
        assert!(token.raw().starts_with("dueat_,id_"));
        assert!(descending.is_after(&with, &token));
    }

    #[test]
    fn the_keys_that_a_token_lacks_are_named() {
        let order = OrderBy::parse("dueAt").expect("an order");
        let token = ContinuationToken::parse("createdat_2026-01-01T00:00:00Z").expect("a token");
        assert_eq!(order.missing_keys(&token), ["dueAt", "id"]);
    }

    #[test]
    fn what_is_not_a_token_is_refused() {
        for text in [
            "",
            "nonsense",
            "id_1",
            "createdat_yesterday",
            "size_3",
            "id_00000000-0000-0000-0000-000000000000,id_00000000-0000-0000-0000-000000000001",
        ] {
            assert!(ContinuationToken::parse(text).is_none(), "{text}");
        }
    }
}
