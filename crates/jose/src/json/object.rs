use alloc::string::String;
use alloc::vec::{self, Vec};
use core::fmt;

use super::{Text, Value};

/// A JSON object: members in the order of the text, each name once.
///
/// Two objects are equal when they have equal members, in whatever order.
#[derive(Clone, Default)]
pub struct Object {
    /// Objects in tokens are small; a list is smaller and for them faster than a map.
    members: Vec<Member>,
}

type Member = (Text, Value);

impl Object {
    /// An object without members.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            members: Vec::new(),
        }
    }

    /// The member of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members
            .iter()
            .find(|(other, _)| *other == *name)
            .map(|(_, value)| value)
    }

    /// Whether there is a member of that name, `null` included.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The number of members.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are no members.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The members in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// The values of the members in order.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.members.iter().map(|(_, value)| value)
    }

    /// Sets a member; an old value of that name is replaced in its place and returned.
    pub fn insert(&mut self, name: impl Into<Text>, value: impl Into<Value>) -> Option<Value> {
        let (name, value) = (name.into(), value.into());
        match self.members.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => Some(core::mem::replace(old, value)),
            None => {
                self.members.push((name, value));
                None
            }
        }
    }

    /// Takes a member out; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let position = self.members.iter().position(|(other, _)| *other == *name)?;
        Some(self.members.remove(position).1)
    }

    /// Writes this as JSON without spaces behind what is there.
    pub fn write_json(&self, out: &mut String) {
        super::writer::write_object(self, out);
    }

    /// Makes an object of members as they were read; `None` if a name comes twice.
    pub(super) fn from_members(members: Vec<Member>) -> Option<Self> {
        (!has_duplicate(&members)).then_some(Self { members })
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        if self.len() != other.len() {
            return false;
        }
        // Sorted rather than looked up one by one: two large objects must not cost quadratic time.
        sorted(&self.members) == sorted(&other.members)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Object({})", self.len())
    }
}

impl IntoIterator for Object {
    type Item = (Text, Value);
    type IntoIter = vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl<N: Into<Text>, V: Into<Value>> FromIterator<(N, V)> for Object {
    /// The last value of a repeated name stays.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(members: I) -> Self {
        let mut object = Self::new();
        for (name, value) in members {
            object.insert(name, value);
        }
        object
    }
}

/// Below this many members comparing each with each is cheaper than sorting.
const FEW_MEMBERS: usize = 16;

fn has_duplicate(members: &[Member]) -> bool {
    if members.len() <= FEW_MEMBERS {
        let mut rest = members;
        while let Some(((name, _), later)) = rest.split_first() {
            if later.iter().any(|(other, _)| other == name) {
                return true;
            }
            rest = later;
        }
        return false;
    }
    // Sorted, so that a hostile object of a hundred thousand members does not cost quadratic time.
    let members = sorted(members);
    let mut pairs = members.iter().zip(members.iter().skip(1));
    pairs.any(|((name, _), (next, _))| name == next)
}

/// The members by their names.
///
/// A heapsort: no order of the members makes it slow, and it is a twentieth of the code of the
/// sorts of the standard library, which every browser that signs in would have to download.
fn sorted(members: &[Member]) -> Vec<&Member> {
    let mut heap: Vec<_> = members.iter().collect();
    for parent in (0..heap.len() / 2).rev() {
        sift_down(&mut heap, parent);
    }
    for end in (1..heap.len()).rev() {
        // The greatest of the heap goes behind it.
        heap.swap(0, end);
        sift_down(heap.get_mut(..end).unwrap_or_default(), 0);
    }
    heap
}

/// Lets a member sink below all that are greater: the children of place n are at 2n + 1 and 2n + 2.
fn sift_down(heap: &mut [&Member], mut parent: usize) {
    // A child that does not exist is less than all that do.
    fn name<'a>(heap: &[&'a Member], place: usize) -> Option<&'a str> {
        heap.get(place).map(|member| member.0.as_str())
    }
    loop {
        let mut child = 2 * parent + 1;
        if name(heap, child + 1) > name(heap, child) {
            child += 1;
        }
        if name(heap, child) <= name(heap, parent) {
            return;
        }
        heap.swap(parent, child);
        parent = child;
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW_MEMBERS, Member, Object, sorted};
    use crate::json::Value;
    use alloc::format;
    use alloc::vec::Vec;
    use proptest::collection::{hash_set, vec};
    use proptest::prelude::{prop_assert_eq, prop_assert_ne, proptest};

    #[test]
    fn order_is_kept_and_does_not_count_for_equality() {
        let a: Object = [("x", 1), ("y", 2)].into_iter().collect();
        let b: Object = [("y", 2), ("x", 1)].into_iter().collect();
        assert_eq!(a, b);
        assert_eq!(
            a.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            ["x", "y"]
        );
        assert_eq!(
            b.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            ["y", "x"]
        );
        assert_ne!(a, [("x", 1), ("y", 3)].into_iter().collect());
        assert_ne!(a, [("x", 1)].into_iter().collect());
    }

    #[test]
    fn insert_replaces_and_remove_takes_out() {
        let mut object = Object::new();
        assert!(object.is_empty());
        assert_eq!(object.insert("a", 1), None);
        assert!(!object.is_empty());
        assert_eq!(object.insert("b", 2), None);
        assert_eq!(object.insert("a", 3), Some(Value::from(1)));
        assert_eq!(object.len(), 2);
        assert_eq!(object.remove("a"), Some(Value::from(3)));
        assert_eq!(object.remove("a"), None);
        assert!(object.contains("b") && !object.contains("a"));
    }

    #[test]
    fn a_repeated_name_is_found_in_small_and_large_objects() {
        for count in [2, FEW_MEMBERS, FEW_MEMBERS + 1, 1000] {
            let mut members: Vec<Member> = (0..count)
                .map(|i| (format!("m{i}").into(), Value::Null))
                .collect();
            assert!(Object::from_members(members.clone()).is_some(), "{count}");
            members.push(("m1".into(), Value::Null));
            assert!(Object::from_members(members).is_none(), "{count}");
        }
    }

    proptest! {
        #[test]
        fn members_are_sorted_as_others_sort_them(names in vec("[ab]{0,4}", 0..40)) {
            let members: Vec<Member> =
                names.iter().map(|name| (name.as_str().into(), Value::Null)).collect();
            let mut expected: Vec<&Member> = members.iter().collect();
            expected.sort_by(|(a, _), (b, _)| a.cmp(b));
            prop_assert_eq!(sorted(&members), expected);
        }

        #[test]
        fn objects_are_equal_in_every_order(names in hash_set("[ab]{0,8}", 0..40), at in 0..40_usize) {
            let members: Vec<Member> =
                names.iter().map(|name| (name.as_str().into(), Value::from(name.as_str()))).collect();
            let mut turned = members.clone();
            turned.rotate_left(at.min(members.len()));
            let (a, b) = (Object { members }, Object { members: turned.clone() });
            prop_assert_eq!(&a, &b);
            if let Some((_, value)) = turned.get_mut(at) {
                *value = Value::Null;
                prop_assert_ne!(&a, &Object { members: turned });
            }
        }
    }
}
