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

const IMPORT = 2
const EXPORT = 7
const CODE = 10
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

/** A reader at the start of each section. */
function sections(bytes) {
  const found = new Map()
  const reader = new Reader(bytes, 8)
  while (reader.position < bytes.length) {
    const [id, length] = [reader.byte(), reader.number()]
    found.set(id, new Reader(bytes, reader.position))
    reader.skip(length)
  }
  return found
}

class Reader {
  constructor(bytes, position) {
    this.bytes = bytes
    this.position = position
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
