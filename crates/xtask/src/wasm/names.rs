//! The names that a module and the script beside it call each other's functions by.
//!
//! wasm-bindgen makes them from the name of the function and a digest: 250 names of 40 characters, in both files,
//! and digests do not compress.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, ImportSection, Imports, Module};
use wasmparser::{Export, Parser, Payload};

/// Gives a module and its script short names for each other's functions. What the script does not mention is exported
/// no longer, so that nothing of the module is kept for it.
pub(crate) fn shorten(module: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mentioned: HashSet<&str> = words(script).collect();
    let mut short = HashMap::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    add(&mut short, import?.name);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    add(&mut short, export?.name);
                }
            }
            _ => {}
        }
    }
    let mut shortened = Module::new();
    Shortened {
        short: &short,
        mentioned: &mentioned,
    }
    .parse_core_module(&mut shortened, Parser::new(0), module)
    .context("a module that cannot be read")?;

    let mut renamed = String::with_capacity(script.len());
    let mut rest = script;
    for word in words(script) {
        // Words are parts of the script, in their order.
        let start = rest.find(word).context("a word that is not there")?;
        let (before, after) = rest.split_at(start);
        renamed.push_str(before);
        renamed.push_str(short.get(word).map_or(word, String::as_str));
        rest = after.get(word.len()..).unwrap_or_default();
    }
    renamed.push_str(rest);
    Ok((shortened.finish(), renamed))
}

/// Names that wasm-bindgen made have two underscores somewhere, and no other word of the script is one of them; a name
/// such as `memory` stays as it is.
fn add(short: &mut HashMap<String, String>, name: &str) {
    if name.contains("__") && !short.contains_key(name) {
        short.insert(name.to_owned(), format!("_{}", letters(short.len())));
    }
}

/// A number in letters.
fn letters(mut number: usize) -> String {
    let mut letters = String::new();
    loop {
        letters.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return letters;
        }
    }
}

/// The words of a script: what may be the name of something.
fn words(script: &str) -> impl Iterator<Item = &str> {
    script
        .split(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '$')))
        .filter(|word| !word.is_empty())
}

/// Writes a module with other names.
struct Shortened<'a> {
    short: &'a HashMap<String, String>,
    mentioned: &'a HashSet<&'a str>,
}

impl Shortened<'_> {
    fn name<'a>(&'a self, name: &'a str) -> &'a str {
        self.short.get(name).map_or(name, String::as_str)
    }
}

impl Reencode for Shortened<'_> {
    type Error = std::convert::Infallible;

    fn parse_imports(
        &mut self,
        section: &mut ImportSection,
        imports: wasmparser::Imports<'_>,
    ) -> Result<(), Error<Self::Error>> {
        // The compact forms are a proposal that the toolchain does not write.
        let wasmparser::Imports::Single(_, import) = imports else {
            return wasm_encoder::reencode::utils::parse_imports(self, section, imports);
        };
        let ty = self.entity_type(import.ty)?;
        section.imports(Imports::Single(wasm_encoder::Import {
            module: import.module,
            name: self.name(import.name),
            ty,
        }));
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), Error<Self::Error>> {
        if self.mentioned.contains(export.name) {
            let kind = self.export_kind(export.kind)?;
            let index = self.external_index(export.kind, export.index)?;
            exports.export(self.name(export.name), kind, index);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, Function, FunctionSection, ImportSection, TypeSection,
    };

    use super::*;

    #[test]
    fn module_and_script_keep_calling_the_same_functions() -> Result<()> {
        let script = "const i={__wbg_now_12ab:()=>Date.now()};w.memory;w.__wbindgen_start()";
        let (module, script) = shorten(&module(), script)?;
        assert_eq!(script, "const i={_a:()=>Date.now()};w.memory;w._b()");
        assert_eq!(names(&module)?, ["_a", "_b"]);
        Ok(())
    }

    /// One import, and two exports.
    fn module() -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("m", "__wbg_now_12ab", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut exports = ExportSection::new();
        exports.export("__wbindgen_start", ExportKind::Func, 1);
        exports.export("__wbg_unmentioned_free", ExportKind::Func, 1);
        let mut code = CodeSection::new();
        let mut body = Function::new([]);
        body.instructions().end();
        code.function(&body);
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&exports)
            .section(&code);
        module.finish()
    }

    fn names(module: &[u8]) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        names.push(import?.name.to_owned());
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        names.push(export?.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(names)
    }
}
