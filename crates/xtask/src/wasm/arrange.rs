//! The order of the functions in a module.

use std::collections::HashMap;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef,
};

/// Puts functions that look alike beside one another. A compressor then finds the last time that it saw the same
/// close by, and a reference to what is near is shorter. Nothing else about the module changes.
pub(crate) fn arrange(module: &[u8]) -> Result<Vec<u8>> {
    let (imported, bodies) = functions(module)?;
    let order = chain(&bodies);
    let mut places = vec![0; order.len()];
    for (place, function) in order.iter().enumerate() {
        places[*function] = u32::try_from(place)?;
    }
    let mut arranged = Module::new();
    Arranged {
        imported,
        order,
        places,
    }
    .parse_core_module(&mut arranged, Parser::new(0), module)
    .context("a module that cannot be read")?;
    Ok(arranged.finish())
}

/// How many functions a module imports, and the bytes of those that it has.
fn functions(module: &[u8]) -> Result<(u32, Vec<&[u8]>)> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    if matches!(import?.ty, TypeRef::Func(_)) {
                        imported += 1;
                    }
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    Ok((imported, bodies))
}

/// The number of bytes that are compared at once: an instruction or two.
const SHINGLE: usize = 5;

/// What is in more functions than this tells none of them apart.
const COMMON: usize = 400;

/// An order in which each function is followed by the one, of those left, that shares most with it.
fn chain(bodies: &[&[u8]]) -> Vec<usize> {
    let shingles: Vec<Vec<&[u8]>> = bodies.iter().map(|body| shingles(body)).collect();
    let mut holders = HashMap::<&[u8], Vec<usize>>::new();
    for (function, shingles) in shingles.iter().enumerate() {
        for shingle in shingles {
            holders.entry(shingle).or_default().push(function);
        }
    }
    holders.retain(|_, holders| (2..=COMMON).contains(&holders.len()));

    let mut is_left = vec![true; bodies.len()];
    let mut order = Vec::with_capacity(bodies.len());
    let mut shared = vec![0_usize; bodies.len()];
    let mut next = (!bodies.is_empty()).then_some(0);
    while let Some(function) = next {
        is_left[function] = false;
        order.push(function);
        let mut seen = Vec::new();
        for other in shingles[function]
            .iter()
            .filter_map(|shingle| holders.get(shingle))
            .flatten()
            .copied()
            .filter(|other| is_left[*other])
        {
            if shared[other] == 0 {
                seen.push(other);
            }
            shared[other] += 1;
        }
        // Of all that is in either, how much is in both.
        let likeness = |other: usize| {
            let all = shingles[function].len() + shingles[other].len() - shared[other];
            shared[other] * 1_000_000 / all
        };
        next = seen
            .iter()
            .copied()
            .max_by_key(|other| (likeness(*other), usize::MAX - other))
            .or_else(|| is_left.iter().position(|is_left| *is_left));
        for other in seen {
            shared[other] = 0;
        }
    }
    order
}

/// All runs of [`SHINGLE`] bytes, each once.
fn shingles(body: &[u8]) -> Vec<&[u8]> {
    let mut shingles: Vec<_> = body.windows(SHINGLE).collect();
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// Writes a module with its functions in another order.
struct Arranged {
    imported: u32,
    /// Which function comes in each place, imported ones not counted.
    order: Vec<usize>,
    /// The place of each.
    places: Vec<u32>,
}

impl Reencode for Arranged {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Self::Error>> {
        let own = function.checked_sub(self.imported);
        Ok(own.map_or(function, |own| self.imported + self.places[own as usize]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for function in &self.order {
            functions.function(types[*function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let bodies = section
            .into_iter()
            .collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }
}
