//! The little of Markdown that letters use: paragraphs, lists, tables, headings, emphasis and links.
//!
//! It makes a tree of its own and never HTML text, so that nothing in a letter can become markup. What is
//! not known stays as it was written.

/// A part of a text that stands by itself.
#[derive(Debug, PartialEq)]
pub(crate) enum Block {
    /// A heading, of whatever level: the page gives it its own.
    Heading(Vec<Span>),
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list, and whether it is numbered.
    List {
        numbered: bool,
        items: Vec<Vec<Span>>,
    },
    /// A table: rows of cells, of which the first row is the head.
    Table(Vec<Vec<Vec<Span>>>),
}

/// A stretch of text.
#[derive(Debug, PartialEq)]
pub(crate) enum Span {
    /// As it stands.
    Plain(String),
    /// Between `**`.
    Strong(String),
    /// Between `*` or `_`.
    Emphasis(String),
    /// `[text](target)`; the target is not checked here.
    Link { text: String, target: String },
}

/// Reads a text.
pub(crate) fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph = String::new();
    for line in text.lines().map(str::trim) {
        if let Some((numbered, item)) = list_item(line) {
            finish(&mut paragraph, &mut blocks);
            match blocks.last_mut() {
                Some(Block::List {
                    numbered: same,
                    items,
                }) if *same == numbered => items.push(spans(item)),
                _ => blocks.push(Block::List {
                    numbered,
                    items: vec![spans(item)],
                }),
            }
        } else if let Some(cells) = table_row(line) {
            finish(&mut paragraph, &mut blocks);
            let is_rule = cells
                .iter()
                .all(|cell| cell.bytes().all(|byte| byte == b'-' || byte == b':'));
            let row = || cells.iter().map(|cell| spans(cell)).collect();
            match blocks.last_mut() {
                // The rule between the head and the rest.
                Some(Block::Table(_)) if is_rule => {}
                Some(Block::Table(rows)) => rows.push(row()),
                _ => blocks.push(Block::Table(vec![row()])),
            }
        } else if let Some(heading) = heading(line) {
            finish(&mut paragraph, &mut blocks);
            blocks.push(Block::Heading(spans(heading)));
        } else if line.is_empty() {
            finish(&mut paragraph, &mut blocks);
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
        }
    }
    finish(&mut paragraph, &mut blocks);
    blocks
}

fn finish(paragraph: &mut String, blocks: &mut Vec<Block>) {
    if !paragraph.is_empty() {
        blocks.push(Block::Paragraph(spans(paragraph)));
        paragraph.clear();
    }
}

fn list_item(line: &str) -> Option<(bool, &str)> {
    if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some((false, item));
    }
    let (number, item) = line.split_once(". ")?;
    let is_number =
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((true, item))
}

/// The cells of `| a | b |`.
fn table_row(line: &str) -> Option<Vec<&str>> {
    let cells = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(cells.split('|').map(str::trim).collect())
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    (1..=6)
        .contains(&level)
        .then(|| text.strip_prefix(' '))
        .flatten()
}

fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = enclosed(rest, "**")
            .map(|(inner, after)| (Span::Strong(inner.to_owned()), after))
            .or_else(|| {
                enclosed(rest, "*").map(|(inner, after)| (Span::Emphasis(inner.to_owned()), after))
            })
            .or_else(|| link(rest));
        if let Some((span, after)) = found {
            if !plain.is_empty() {
                spans.push(Span::Plain(std::mem::take(&mut plain)));
            }
            spans.push(span);
            rest = after;
        } else {
            plain.push(first);
            rest = rest.strip_prefix(first).unwrap_or_default();
        }
    }
    if !plain.is_empty() {
        spans.push(Span::Plain(plain));
    }
    spans
}

/// What stands between two marks at the beginning of the text, and what follows.
fn enclosed<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let (inner, after) = text.strip_prefix(mark)?.split_once(mark)?;
    let is_tight = !inner.is_empty() && !inner.starts_with([' ', '*']) && !inner.ends_with(' ');
    is_tight.then_some((inner, after))
}

fn link(text: &str) -> Option<(Span, &str)> {
    let (label, after) = text.strip_prefix('[')?.split_once("](")?;
    let (target, after) = after.split_once(')')?;
    let is_plain = !label.is_empty() && !label.contains(['[', ']']);
    is_plain.then(|| {
        (
            Span::Link {
                text: label.to_owned(),
                target: target.to_owned(),
            },
            after,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{Block, Span, parse};

    fn plain(text: &str) -> Span {
        Span::Plain(text.to_owned())
    }

    #[test]
    fn letters_are_read_as_they_are_meant() {
        let text = "# Om saken\n\nFørste linje\nog andre.\n\n- en\n- **to** ting\n\n1. først\n2. så\nSlutt.";
        let expected = [
            Block::Heading(vec![plain("Om saken")]),
            Block::Paragraph(vec![plain("Første linje og andre.")]),
            Block::List {
                numbered: false,
                items: vec![
                    vec![plain("en")],
                    vec![Span::Strong("to".to_owned()), plain(" ting")],
                ],
            },
            Block::List {
                numbered: true,
                items: vec![vec![plain("først")], vec![plain("så")]],
            },
            Block::Paragraph(vec![plain("Slutt.")]),
        ];
        assert_eq!(parse(text), expected);
    }

    #[test]
    fn tables_have_a_head_and_rows() {
        let text = "Før:\n| Post | Beløp |\n|---|---:|\n| Mva | **148 320** |\nEtter.";
        let cell = |text| vec![plain(text)];
        let expected = [
            Block::Paragraph(cell("Før:")),
            Block::Table(vec![
                vec![cell("Post"), cell("Beløp")],
                vec![cell("Mva"), vec![Span::Strong("148 320".to_owned())]],
            ]),
            Block::Paragraph(cell("Etter.")),
        ];
        assert_eq!(parse(text), expected);
    }

    #[test]
    fn links_and_emphasis_are_found_and_stray_marks_stay() {
        let paragraph = |text| match parse(text).pop() {
            Some(Block::Paragraph(spans)) => spans,
            _ => Vec::new(),
        };
        let link = Span::Link {
            text: "reglene".to_owned(),
            target: "https://example.org/a_b".to_owned(),
        };
        assert_eq!(
            paragraph("Les [reglene](https://example.org/a_b)."),
            [plain("Les "), link, plain(".")]
        );
        assert_eq!(
            paragraph("*Viktig*: 2 * 3"),
            [Span::Emphasis("Viktig".to_owned()), plain(": 2 * 3")]
        );
        for stray in [
            "** åpen",
            "[uten](slutt",
            "[](tom)",
            "****",
            "2 ** 3 ** 4",
            "<b onload=x>",
        ] {
            assert_eq!(paragraph(stray), [plain(stray)], "{stray}");
        }
    }

    #[test]
    fn no_text_is_too_strange() {
        for strange in [
            "", "\n\n", "#", "- ", "1. ", "[", "*", "æ*ø*å", "](", "**a", "- - -", "|", "||",
            "|---|",
        ] {
            parse(strange);
        }
    }
}
