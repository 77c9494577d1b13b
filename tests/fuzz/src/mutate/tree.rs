/// JSON as it is written: with its numbers and escapes as they stand, and names that may come twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A text with its quotation marks, a number, a word, or what else is there.
    Atom(Vec<u8>),
    Array(Vec<Self>),
    Object(Vec<(Vec<u8>, Self)>),
}

/// Deeper than this nothing is taken apart: an atom holds the rest.
const MAX_DEPTH: usize = 24;

impl Node {
    /// Reads an array or object, be it strict JSON or nearly so.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let node = reader.node(0)?;
        reader.skip_space();
        (reader.rest.is_empty() && !matches!(node, Self::Atom(_))).then_some(node)
    }

    /// A text, of which the characters need no escape.
    pub(super) fn text(text: &str) -> Vec<u8> {
        format!("\"{text}\"").into_bytes()
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut text = Vec::new();
        self.write_to(&mut text);
        text
    }

    fn write_to(&self, text: &mut Vec<u8>) {
        match self {
            Self::Atom(atom) => text.extend(atom),
            Self::Array(elements) => {
                text.push(b'[');
                for (index, element) in elements.iter().enumerate() {
                    text.extend((index > 0).then_some(b','));
                    element.write_to(text);
                }
                text.push(b']');
            }
            Self::Object(members) => {
                text.push(b'{');
                for (index, (name, value)) in members.iter().enumerate() {
                    text.extend((index > 0).then_some(b','));
                    text.extend(name);
                    text.push(b':');
                    value.write_to(text);
                }
                text.push(b'}');
            }
        }
    }

    /// How many nodes there are, this one included.
    pub(super) fn count(&self) -> usize {
        1 + match self {
            Self::Atom(_) => 0,
            Self::Array(elements) => elements.iter().map(Self::count).sum(),
            Self::Object(members) => members.iter().map(|(_, value)| value.count()).sum(),
        }
    }

    /// A node by its number, from 0 for this one.
    pub(super) fn nth(&self, index: usize) -> &Self {
        let mut left = index;
        let children: Vec<&Self> = match self {
            _ if index == 0 => return self,
            Self::Atom(_) => Vec::new(),
            Self::Array(elements) => elements.iter().collect(),
            Self::Object(members) => members.iter().map(|(_, value)| value).collect(),
        };
        left -= 1;
        for child in children {
            let count = child.count();
            if left < count {
                return child.nth(left);
            }
            left -= count;
        }
        self
    }

    /// The same, to change it; this one where there is none of the number.
    pub(super) fn nth_mut(&mut self, index: usize) -> &mut Self {
        if index == 0 || index >= self.count() {
            return self;
        }
        let mut left = index - 1;
        let children: Vec<&mut Self> = match self {
            Self::Atom(_) => unreachable!("an atom is one node"),
            Self::Array(elements) => elements.iter_mut().collect(),
            Self::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
        };
        for child in children {
            let count = child.count();
            if left < count {
                return child.nth_mut(left);
            }
            left -= count;
        }
        unreachable!("the index is below the count")
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn node(&mut self, depth: usize) -> Option<Node> {
        self.skip_space();
        match self.rest.first()? {
            b'[' if depth < MAX_DEPTH => {
                self.advance();
                let mut elements = Vec::new();
                while !self.ends_with(b']')? {
                    elements.push(self.node(depth + 1)?);
                    self.skip(b',');
                }
                Some(Node::Array(elements))
            }
            b'{' if depth < MAX_DEPTH => {
                self.advance();
                let mut members = Vec::new();
                while !self.ends_with(b'}')? {
                    let name = self.atom()?;
                    self.skip(b':');
                    members.push((name, self.node(depth + 1)?));
                    self.skip(b',');
                }
                Some(Node::Object(members))
            }
            _ => self.atom().map(Node::Atom),
        }
    }

    fn atom(&mut self) -> Option<Vec<u8>> {
        self.skip_space();
        let length = if self.rest.first() == Some(&b'"') {
            let mut is_escaped = false;
            let end = self.rest.iter().skip(1).position(|byte| {
                let is_end = *byte == b'"' && !is_escaped;
                is_escaped = *byte == b'\\' && !is_escaped;
                is_end
            });
            end? + 2
        } else {
            let is_end = |byte: &u8| b",:]}[{\" \t\r\n".contains(byte);
            self.rest.iter().position(is_end).unwrap_or(self.rest.len())
        };
        if length == 0 {
            return None;
        }
        let (atom, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(atom.to_vec())
    }

    fn ends_with(&mut self, end: u8) -> Option<bool> {
        self.skip_space();
        let is_end = *self.rest.first()? == end;
        if is_end {
            self.advance();
        }
        Some(is_end)
    }

    fn skip(&mut self, byte: u8) {
        self.skip_space();
        if self.rest.first() == Some(&byte) {
            self.advance();
        }
    }

    fn skip_space(&mut self) {
        while self.rest.first().is_some_and(u8::is_ascii_whitespace) {
            self.advance();
        }
    }

    fn advance(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::Node;

    const TEXT: &[u8] = br#"{"a":[1,-2e400,{"a":"\"}"},[]],"a":null,"":{}}"#;

    #[test]
    fn what_is_read_is_written_as_it_was() {
        let tree = Node::read(TEXT).expect("readable");
        assert_eq!(tree.write(), TEXT);
        assert_eq!(tree.count(), 9);
    }

    #[test]
    fn every_node_has_a_number() {
        let mut tree = Node::read(TEXT).expect("readable");
        let mut seen = Vec::new();
        for index in 0..tree.count() {
            let node = tree.nth(index).clone();
            assert_eq!(*tree.nth_mut(index), node);
            seen.push(node);
        }
        assert_eq!(seen[0], tree);
        assert_eq!(seen[2], Node::Atom(b"1".to_vec()));
        assert_eq!(seen[8], Node::Object(Vec::new()));
    }

    #[test]
    fn what_is_no_array_or_object_is_not_read() {
        for text in ["", "1", "[", "{\"a\"", "[1]]", "{\"a\":}"] {
            assert_eq!(Node::read(text.as_bytes()), None, "{text}");
        }
    }
}
