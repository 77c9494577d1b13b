//! What the demo's module has and nobody needs.
//!
//! A panic stops it, and nobody reads its text: WebAssembly has no standard error, and the demo sets no hook. The
//! standard library is compiled beforehand, with all that a hook might want to know; the compiler leaves it out of a
//! crate without `std`, such as that of the package, and of no other.
//!
//! Leptos brings streams along for functions of its servers. They are exported, so that the compiler keeps them, and
//! the demo has no such server.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result, ensure};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, ConstExpr, DataSection, Function, Module};
use wasmparser::{
    DataKind, DataSectionReader, FunctionBody, KnownCustom, Name, Operator, Parser, Payload,
    TypeRef, ValType,
};

/// Stops a module where it panics, rather than a little later: functions that only panic do so without a text, what
/// exists for such texts writes nothing, and the places of panics in the sources are gone. Panics are where they were.
/// What is never called stops it as well.
pub(crate) fn leave_out(module: &[u8]) -> Result<Vec<u8>> {
    let contents = Contents::read(module)?;
    let silent: HashMap<u32, Silent> = contents.silent()?;
    ensure!(
        silent.values().any(|silent| *silent == Silent::Trap),
        "no function of the module panics: the standard library has other names for them"
    );
    let mut left = Module::new();
    Rewritten {
        function: contents.imported,
        silent,
        data: contents.data,
    }
    .parse_core_module(&mut left, Parser::new(0), module)
    .context("a module that cannot be read")?;
    Ok(left.finish())
}

/// What functions begin with, by their path, that panic and do nothing else.
const PANICS: [&str; 12] = [
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "core::cell::panic_already_",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "std::thread::local::panic_access_error",
];

/// What functions begin with, by their path, that nothing calls: promises of the streams, and the streams.
const UNCALLED: [&str; 2] = ["js_sys::futures::future_to_promise::", "wasm_streams::"];

/// What the path of a function has in it that writes a value for developers. Panics write values so; the pages do not.
const DEBUG: &str = " as core::fmt::Debug>::fmt";

/// What becomes of a function.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Silent {
    /// It stops the module.
    Trap,
    /// It says that it has written what it should (`fmt::Result`).
    Written,
}

/// What there is to know of a module.
struct Contents<'a> {
    /// The number of functions that it imports.
    imported: u32,
    bodies: Vec<FunctionBody<'a>>,
    /// The results of each function that it has.
    results: Vec<Vec<ValType>>,
    names: Vec<(u32, &'a str)>,
    data: Data,
}

impl<'a> Contents<'a> {
    fn read(module: &'a [u8]) -> Result<Self> {
        let mut types = Vec::new();
        let mut contents = Self {
            imported: 0,
            bodies: Vec::new(),
            results: Vec::new(),
            names: Vec::new(),
            data: Data::default(),
        };
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        types.push(ty?.results().to_vec());
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if matches!(import?.ty, TypeRef::Func(_)) {
                            contents.imported += 1;
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        let results = types
                            .get(ty? as usize)
                            .context("a type that is not there")?;
                        contents.results.push(results.clone());
                    }
                }
                Payload::CodeSectionEntry(body) => contents.bodies.push(body),
                Payload::DataSection(section) => contents.data = Data::read(section)?,
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        for name in names {
                            if let Name::Function(functions) = name? {
                                for function in functions {
                                    let function = function?;
                                    contents.names.push((function.index, function.name));
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        contents.data.forget_places();
        Ok(contents)
    }

    /// The functions that change.
    fn silent(&self) -> Result<HashMap<u32, Silent>> {
        let mut silent = HashMap::new();
        for (function, name) in &self.names {
            let Some(own) = function.checked_sub(self.imported) else {
                continue;
            };
            let (body, results) = self
                .bodies
                .get(own as usize)
                .zip(self.results.get(own as usize))
                .context("a name of a function that is not there")?;
            let path = without_digests(name);
            let is_one_of = |paths: &[&str]| paths.iter().any(|start| path.starts_with(start));
            if is_one_of(&UNCALLED) || is_one_of(&PANICS) && never_returns(body)? {
                silent.insert(*function, Silent::Trap);
            } else if path.contains(DEBUG) && results[..] == [ValType::I32] {
                silent.insert(*function, Silent::Written);
            }
        }
        Ok(silent)
    }
}

/// The name of a function without the digests of crates: `core[c5930c85a12de822]::panicking::panic`.
fn without_digests(name: &str) -> String {
    let mut path = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        path.push_str(before);
        rest = match after.split_once(']') {
            Some((digest, after)) if digest.len() == 16 => after,
            _ => {
                path.push('[');
                after
            }
        };
    }
    path + rest
}

/// Whether a function's last instruction is the one that the compiler puts where nothing comes.
fn never_returns(body: &FunctionBody<'_>) -> Result<bool> {
    let operators = body
        .get_operators_reader()?
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    Ok(matches!(
        operators[..],
        [.., Operator::Unreachable, Operator::End]
    ))
}

/// What memory begins with.
#[derive(Default)]
struct Data {
    /// The address and the bytes of each part.
    parts: Vec<(u32, Vec<u8>)>,
}

impl Data {
    fn read(section: DataSectionReader<'_>) -> Result<Self> {
        let mut parts = Vec::new();
        for part in section {
            let part = part?;
            let DataKind::Active { offset_expr, .. } = part.kind else {
                anyhow::bail!("data without an address");
            };
            let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                anyhow::bail!("an address that is not a number");
            };
            parts.push((value.cast_unsigned(), part.data.to_vec()));
        }
        Ok(Self { parts })
    }

    /// Overwrites every `core::panic::Location`, and the paths that they have, with zeros. Whoever read one all the
    /// same would see an empty path.
    fn forget_places(&mut self) {
        let mut places = HashSet::new();
        let mut paths = HashSet::new();
        for (address, bytes) in &self.parts {
            let start = address.next_multiple_of(4) - address;
            for offset in (start..).step_by(4) {
                let Some(place) = words(bytes, offset) else {
                    break;
                };
                if let Some(path) = self.path(place) {
                    places.insert((address + offset, PLACE));
                    paths.insert(path);
                }
            }
        }
        for (address, length) in places.union(&paths) {
            if let Some(bytes) = self.at_mut(*address, *length) {
                bytes.fill(0);
            }
        }
    }

    /// The path of a place, if these words are one: address and length of the path, line, and column.
    fn path(&self, [address, length, line, column]: [u32; 4]) -> Option<(u32, u32)> {
        let is_place = (1..=MAX_PATH).contains(&length)
            && (1..=MAX_LINE).contains(&line)
            && (1..=MAX_COLUMN).contains(&column);
        let path = is_place.then(|| self.at(address, length)).flatten()?;
        let is_path = path.ends_with(b".rs") && path.iter().all(u8::is_ascii_graphic);
        is_path.then_some((address, length))
    }

    fn at(&self, address: u32, length: u32) -> Option<&[u8]> {
        self.parts
            .iter()
            .find_map(|(start, bytes)| bytes.get(range(*start, address, length)?))
    }

    fn at_mut(&mut self, address: u32, length: u32) -> Option<&mut [u8]> {
        self.parts
            .iter_mut()
            .find_map(|(start, bytes)| bytes.get_mut(range(*start, address, length)?))
    }
}

/// The size of a place, and more than any path, line or column has. Nothing else is taken for one: what memory begins
/// with lies above the stack, so that a pointer is larger than a line.
const PLACE: u32 = 16;
const MAX_PATH: u32 = 512;
const MAX_LINE: u32 = 100_000;
const MAX_COLUMN: u32 = 1000;

fn range(start: u32, address: u32, length: u32) -> Option<std::ops::Range<usize>> {
    let from = address.checked_sub(start)? as usize;
    Some(from..from + length as usize)
}

fn words(bytes: &[u8], offset: u32) -> Option<[u32; 4]> {
    let bytes: [u8; PLACE as usize] = bytes.get(range(0, offset, PLACE)?)?.try_into().ok()?;
    let (words, _) = bytes.as_chunks::<4>();
    let words: [[u8; 4]; 4] = words.try_into().ok()?;
    Some(words.map(u32::from_le_bytes))
}

/// Writes a module without it.
struct Rewritten {
    /// The function whose body comes next.
    function: u32,
    silent: HashMap<u32, Silent>,
    data: Data,
}

impl Reencode for Rewritten {
    type Error = std::convert::Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let silent = self.silent.get(&self.function).copied();
        self.function += 1;
        let Some(silent) = silent else {
            return utils::parse_function_body(self, code, body);
        };
        let mut function = Function::new([]);
        match silent {
            Silent::Trap => function.instructions().unreachable().end(),
            Silent::Written => function.instructions().i32_const(0).end(),
        };
        code.function(&function);
        Ok(())
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _: DataSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        for (address, bytes) in &self.data.parts {
            let offset = ConstExpr::i32_const(address.cast_signed());
            data.active(0, &offset, bytes.iter().copied());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{FunctionSection, NameMap, NameSection, TypeSection};

    use super::*;

    #[test]
    fn what_only_panics_or_is_not_called_is_a_trap_and_the_rest_stays() -> Result<()> {
        let left = leave_out(&module(&[
            ("core[c5930c85a12de822]::option::unwrap_failed", true),
            ("<[u8] as core[c5930c85a12de822]::fmt::Debug>::fmt", false),
            ("core::panicking::that_may_return::h0123456789abcdef", false),
            ("portvakt_demo::app", true),
            ("wasm_streams::writable::close", false),
        ]))?;
        let bodies = Contents::read(&left)?.bodies;
        let lengths: Vec<usize> = bodies.iter().map(|body| body.as_bytes().len()).collect();
        // No locals and `unreachable`; no locals and a constant; two as they were; `unreachable`.
        assert_eq!(lengths, [3, 4, BODY, BODY, 3]);
        Ok(())
    }

    #[test]
    fn a_module_in_which_nothing_is_known_to_panic_is_an_error() {
        assert!(leave_out(&module(&[("core::panicked::panic", true)])).is_err());
    }

    #[test]
    fn places_and_their_paths_are_gone_and_nothing_else() {
        let place = |path: u32, length: u32| [START + path, length, 17, 9].map(u32::to_le_bytes);
        let mut bytes = b"src/app.rs;a text .rs;..".to_vec();
        bytes.extend_from_slice(place(0, 10).as_flattened());
        bytes.extend_from_slice(place(11, 10).as_flattened());
        let mut data = Data {
            parts: vec![(START, bytes.clone())],
        };
        data.forget_places();
        bytes[..10].fill(0);
        bytes[24..40].fill(0);
        assert_eq!(data.parts, [(START, bytes)]);
    }

    /// Where memory begins to be something.
    const START: u32 = 1 << 20;

    /// The length of each body of [`module`].
    const BODY: usize = 6;

    /// Functions of these names, some of which end in `unreachable`.
    fn module(functions: &[(&str, bool)]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [wasm_encoder::ValType::I32]);
        let mut declared = FunctionSection::new();
        let mut code = CodeSection::new();
        let mut names = NameMap::new();
        for (index, (name, panics)) in (0..).zip(functions) {
            declared.function(0);
            let mut body = Function::new([]);
            let mut instructions = body.instructions();
            if *panics {
                instructions.i32_const(7).drop().unreachable().end();
            } else {
                instructions.i32_const(7).nop().nop().end();
            }
            code.function(&body);
            names.append(index, name);
        }
        let mut section = NameSection::new();
        section.functions(&names);
        let mut module = Module::new();
        module
            .section(&types)
            .section(&declared)
            .section(&code)
            .section(&section);
        module.finish()
    }
}
