//! Changes inputs in ways that their readers understand.
//!
//! libFuzzer changes bytes. Of a token that is base64url of JSON, such a change hardly ever reaches what is written in
//! it, and of JSON it mostly breaks the syntax. So inputs are taken apart here as far as they can be, changed inside,
//! and put together again; and every fourth time bytes are changed all the same.

mod random;
mod tree;

use std::sync::LazyLock;

use portvakt_jose::base64url;

use self::random::Random;
use self::tree::Node;

/// What the inputs of a target are made of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    /// A JSON text.
    Json,
    /// A compact token.
    Token,
    /// A line of text or JSON, and JSON.
    Lines,
    /// An address, or a text with parameters.
    Url,
}

/// Words that mean something to a reader, one a line, in the form that libFuzzer reads as well.
pub const WORDS: &str = include_str!("words.dict");

static PARSED: LazyLock<Vec<&str>> = LazyLock::new(|| {
    WORDS
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"'))
        .collect()
});

/// The fuzzer's own way to change bytes: the second argument is the most that may come out.
pub type Bytes<'a> = &'a mut dyn FnMut(&mut Vec<u8>, usize);

/// Changes an input. The same seed makes the same change, as far as `bytes` does.
pub fn mutate(shape: Shape, input: &mut Vec<u8>, max_len: usize, seed: u32, bytes: Bytes<'_>) {
    let mut mutation = Mutation {
        random: Random::new(seed),
        max_len,
        bytes,
    };
    if mutation.random.one_in(4) {
        return mutation.raw(input);
    }
    match shape {
        Shape::Json => mutation.json(input),
        Shape::Token => mutation.token(input),
        Shape::Lines => mutation.lines(input),
        Shape::Url => mutation.url(input),
    }
}

struct Mutation<'a> {
    random: Random,
    max_len: usize,
    bytes: Bytes<'a>,
}

impl Mutation<'_> {
    fn raw(&mut self, part: &mut Vec<u8>) {
        (self.bytes)(part, self.max_len);
    }

    fn word(&mut self) -> &'static str {
        self.random.choose(&PARSED).copied().unwrap_or_default()
    }

    fn json(&mut self, part: &mut Vec<u8>) {
        let Some(mut tree) = Node::read(part) else {
            return self.raw(part);
        };
        for _ in 0..=self.random.below(3) {
            self.tree(&mut tree);
        }
        *part = tree.write();
    }

    fn lines(&mut self, input: &mut Vec<u8>) {
        let Some(end) = input.iter().position(|byte| *byte == b'\n') else {
            return self.json(input);
        };
        let mut rest = input.split_off(end + 1);
        input.pop();
        // The first line is short, and the second is where everything is.
        if self.random.one_in(4) {
            self.json(input);
            input.retain(|byte| *byte != b'\n');
        } else {
            self.json(&mut rest);
        }
        input.push(b'\n');
        input.append(&mut rest);
    }

    fn token(&mut self, token: &mut Vec<u8>) {
        let mut parts: Vec<Vec<u8>> = token.split(|byte| *byte == b'.').map(Vec::from).collect();
        match self.random.below(12) {
            0 => parts.push(Vec::new()),
            1 => drop(parts.pop()),
            2 => {
                let part = self.random.choose(&parts).cloned().unwrap_or_default();
                parts.push(part);
            }
            _ => {
                let index = self.random.below(parts.len());
                self.token_part(&mut parts[index]);
            }
        }
        *token = parts.join(&b'.');
    }

    /// Changes what a part encodes, or its last character, which may have bits to spare.
    fn token_part(&mut self, part: &mut Vec<u8>) {
        let decoded = std::str::from_utf8(part)
            .ok()
            .and_then(|text| base64url::decode(text).ok());
        match decoded {
            Some(mut decoded) if !self.random.one_in(8) => {
                self.json(&mut decoded);
                *part = base64url::encode(&decoded).into_bytes();
            }
            _ => {
                let other = *self.random.choose(b"AQgw_-=+/ \nz9").unwrap_or(&b'A');
                match part.last_mut() {
                    Some(last) if self.random.one_in(2) => *last = other,
                    _ => part.push(other),
                }
            }
        }
    }

    fn url(&mut self, input: &mut Vec<u8>) {
        let separators: &[u8] = if self.random.one_in(2) {
            b"&?#"
        } else {
            b"=/:,\" "
        };
        let mut parts: Vec<Vec<u8>> = Vec::from([Vec::new()]);
        for byte in input.iter() {
            if let Some(last) = parts.last_mut() {
                last.push(*byte);
            }
            if separators.contains(byte) {
                parts.push(Vec::new());
            }
        }
        let (from, to) = (
            self.random.below(parts.len()),
            self.random.below(parts.len()),
        );
        match self.random.below(7) {
            0 => drop(parts.remove(from)),
            1 => parts.insert(to, parts[from].clone()),
            2 => parts.swap(from, to),
            3 => parts.insert(from, self.word().as_bytes().to_vec()),
            4 => self.percent(&mut parts[from]),
            5 => {
                let (word, separator) = (self.word(), self.random.choose(separators).copied());
                parts[from] = word.bytes().chain(separator).collect();
            }
            _ => self.raw(&mut parts[from]),
        }
        *input = parts.concat();
    }

    /// Encodes a character that need not be, or decodes one that must be.
    fn percent(&mut self, part: &mut Vec<u8>) {
        let index = self.random.below(part.len());
        match part.get(index) {
            Some(b'%') => drop(part.drain(index..(index + 3).min(part.len()))),
            Some(byte) => {
                let encoded = format!("%{byte:02X}");
                part.splice(index..=index, encoded.bytes());
            }
            None => part.extend(b"%00"),
        }
    }

    fn tree(&mut self, tree: &mut Node) {
        let count = tree.count();
        let index = self.random.below(count);
        let other = tree.nth(self.random.below(count)).clone();
        let node = tree.nth_mut(index);
        match self.random.below(12) {
            0 => *node = other,
            1 => *node = self.constant(),
            2 => *node = Node::Array(vec![node.clone()]),
            3 => {
                let name = Node::text(self.word());
                *node = Node::Object(vec![(name, node.clone())]);
            }
            _ => match node {
                Node::Array(elements) => self.elements(elements, other),
                Node::Object(members) => self.members(members, other),
                Node::Atom(atom) => self.atom(atom),
            },
        }
    }

    fn elements(&mut self, elements: &mut Vec<Node>, other: Node) {
        let index = self.random.below(elements.len());
        match self.random.below(4) {
            0 if !elements.is_empty() => drop(elements.remove(index)),
            1 if !elements.is_empty() => elements.insert(index, elements[index].clone()),
            2 => elements.insert(index, self.constant()),
            _ => elements.insert(index, other),
        }
    }

    fn members(&mut self, members: &mut Vec<(Vec<u8>, Node)>, other: Node) {
        let index = self.random.below(members.len());
        let name = Node::text(self.word());
        match self.random.below(6) {
            0 if !members.is_empty() => drop(members.remove(index)),
            // The same name twice: of two readers one may see the first, the other the last.
            1 if !members.is_empty() => {
                let (name, _) = members[index].clone();
                members.push((name, other));
            }
            2 if !members.is_empty() => members[index].0 = name,
            3 => {
                let value = self.constant();
                members.insert(index, (name, value));
            }
            4 if members.len() > 1 => members.swap(0, index),
            _ => members.insert(index, (name, other)),
        }
    }

    fn atom(&mut self, atom: &mut Vec<u8>) {
        let Some(text) = atom
            .strip_prefix(b"\"")
            .and_then(|text| text.strip_suffix(b"\""))
        else {
            return self.number(atom);
        };
        let mut text = text.to_vec();
        if text.iter().filter(|byte| **byte == b'.').count() == 2 && self.random.below(4) > 0 {
            self.token(&mut text);
        } else {
            match self.random.below(5) {
                0 => text = self.word().as_bytes().to_vec(),
                1 => text.extend_from_slice(self.word().as_bytes()),
                2 => drop(text.pop()),
                3 => self.url(&mut text),
                _ => self.raw(&mut text),
            }
        }
        *atom = [b"\"".as_slice(), &text, b"\""].concat();
    }

    /// Numbers are times mostly, where one more or less matters.
    fn number(&mut self, atom: &mut Vec<u8>) {
        let number = std::str::from_utf8(atom)
            .ok()
            .and_then(|text| text.parse::<i64>().ok());
        match number {
            Some(number) => {
                let steps = [1, -1, 9, 10, 11, 60, 61, 120, 300, 301, 600, 601, 86_400];
                let step = self.random.choose(&steps).copied().unwrap_or(1);
                let sign = if self.random.one_in(2) { 1 } else { -1 };
                *atom = number.wrapping_add(step * sign).to_string().into_bytes();
            }
            None => *atom = self.constant().write(),
        }
    }

    fn constant(&mut self) -> Node {
        const CONSTANTS: [&str; 22] = [
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-1",
            "1e400",
            "1e3",
            "1.5",
            "1790000000",
            "1790000000.5",
            "253402300800",
            "18446744073709551616",
            "\"\"",
            "[]",
            "{}",
            "[[]]",
            "\"0\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"15868510045\"",
            "\"0192:310000019\"",
        ];
        let constant = self.random.choose(&CONSTANTS).copied().unwrap_or("null");
        Node::Atom(constant.as_bytes().to_vec())
    }
}
