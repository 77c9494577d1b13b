// The little of WebAssembly's binary format that the tests need.

/** A copy of the module in which an exported function stops half way: its body begins with `unreachable`. */
export function trapping(bytes, name) {
  const copy = Uint8Array.from(bytes)
  const index = exportedFunction(copy, name) - importedFunctions(copy)
  const reader = sections(copy).get(CODE)
  reader.number()
  for (let body = 0; body < index; body += 1) reader.skip(reader.number())
  reader.number()
  for (let groups = reader.number(); groups > 0; groups -= 1) {
    reader.number()
    reader.skip(1)
  }
  copy[reader.position] = UNREACHABLE
  return copy
}

/** What a module imports, one line each, in the order of the names. */
export function imports(bytes) {
  return WebAssembly.Module.imports(new WebAssembly.Module(bytes))
    // The digits behind the name change with the version of wasm-bindgen, and say nothing.
    .map(({ name, kind }) => `${kind} ${name.replace(/_[0-9a-f]{16}$/, '')}`)
    .sort()
}

/**
 * What each crate has in a module with the names of its functions, in bytes, the largest first.
 *
 * A function that was made for several crates, as generic ones are, counts for the first of ours that its name tells
 * of, and otherwise for the crate that it comes from. What tells of none is `data` or `other`.
 */
export function crates(bytes) {
  const names = functionNames(bytes)
  const found = sections(bytes)
  const costs = new Map()
  const count = (name, size) => costs.set(name, (costs.get(name) ?? 0) + size)
  const code = found.get(CODE)
  const before = importedFunctions(bytes)
  for (let [index, left] = [before, code.number()]; left > 0; index += 1, left -= 1) {
    const size = code.number()
    count(crateOf(names.get(index) ?? ''), size)
    code.skip(size)
  }
  if (found.has(DATA)) count('data', found.get(DATA).length)
  return Object.fromEntries([...costs].sort(([, one], [, other]) => other - one))
}

/** The crate that the name of a function tells of: `<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop`. */
function crateOf(name) {
  return name.match(/portvakt_[a-z]+/)?.[0] ?? name.match(/([a-z][a-z0-9_]*)(?:\[[0-9a-f]+\])?::/)?.[1] ?? 'other'
}

function functionNames(bytes) {
  const names = new Map()
  const section = sections(bytes).get('name')
  while (section && section.position < section.end) {
    const [kind, length] = [section.byte(), section.number()]
    const end = section.position + length
    if (kind === FUNCTION_NAMES) {
      for (let left = section.number(); left > 0; left -= 1) names.set(section.number(), section.text())
    }
    section.position = end
  }
  return names
}

const FUNCTION_NAMES = 1
const CUSTOM = 0
const IMPORT = 2
const EXPORT = 7
const CODE = 10
const DATA = 11
const FUNCTION = 0
const UNREACHABLE = 0x00

function exportedFunction(bytes, name) {
  const reader = sections(bytes).get(EXPORT)
  for (let entries = reader.number(); entries > 0; entries -= 1) {
    const [found, kind, index] = [reader.text(), reader.byte(), reader.number()]
    if (found === name && kind === FUNCTION) return index
  }
  throw new Error(`the module exports no ${name}`)
}

function importedFunctions(bytes) {
  if (!sections(bytes).has(IMPORT)) return 0
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes))
  return imports.filter(({ kind }) => kind === 'function').length
}

/** A reader at the start of each section; one that is not of the format's own goes by its name. */
function sections(bytes) {
  const found = new Map()
  const reader = new Reader(bytes, 8)
  while (reader.position < bytes.length) {
    const [id, length] = [reader.byte(), reader.number()]
    const section = new Reader(bytes, reader.position, reader.position + length)
    found.set(id === CUSTOM ? section.text() : id, section)
    reader.skip(length)
  }
  return found
}

class Reader {
  constructor(bytes, position, end = bytes.length) {
    this.bytes = bytes
    this.position = position
    this.end = end
  }

  /** What is left. */
  get length() {
    return this.end - this.position
  }

  byte() {
    return this.bytes[this.position++]
  }

  skip(length) {
    this.position += length
  }

  /** LEB128. */
  number() {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
  }

  text() {
    const length = this.number()
    const text = new TextDecoder().decode(this.bytes.subarray(this.position, this.position + length))
    this.skip(length)
    return text
  }
}
