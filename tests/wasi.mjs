// Runs a test program for wasm32-wasip1: `node wasi.mjs <program.wasm> <arguments>`, as cargo calls a runner.
//
// It gives the program what tests need of WASI preview 1 and no more: arguments, variables, the clock, random bytes, its
// output, and files to read. `node:wasi` is not used: the one of Node 20 corrupts the memory of its process in programs
// that run for long.

import { readFileSync, readdirSync, statSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'

/** Errors and kinds of files, by their numbers there. */
const ERRNO = { success: 0, badf: 8, inval: 28, noent: 44, rofs: 69 }
const KIND = { device: 2, directory: 3, file: 4 }

/** The first descriptor after the standard ones: the root of all files. */
const ROOT = 3

/** Thrown to leave a program that ends itself. */
class Exit {
  constructor(code) {
    this.code = code
  }
}

/** The functions of WASI, for one program. */
function functions(args, variables, memory) {
  const view = () => new DataView(memory().buffer)
  const bytes = (at, length) => new Uint8Array(memory().buffer, at, length)
  const text = (at, length) => new TextDecoder().decode(bytes(at, length))
  const open = new Map([
    [0, { kind: KIND.device }],
    [1, { kind: KIND.device }],
    [2, { kind: KIND.device }],
    [ROOT, { kind: KIND.directory, path: '/' }],
  ])
  let next = ROOT + 1

  /** Texts that end with a zero, as a list of pointers and the texts themselves. */
  const listed = (texts) => {
    const encoded = texts.map((each) => new TextEncoder().encode(`${each}\0`))
    return {
      sizes(count, size) {
        view().setUint32(count, encoded.length, true)
        view().setUint32(size, encoded.reduce((sum, { length }) => sum + length, 0), true)
        return ERRNO.success
      },
      get(pointers, at) {
        for (const [index, each] of encoded.entries()) {
          view().setUint32(pointers + index * 4, at, true)
          bytes(at, each.length).set(each)
          at += each.length
        }
        return ERRNO.success
      },
    }
  }
  const [argumentList, variableList] = [listed(args), listed(variables)]

  /** Calls with each of the pieces of memory that a list names, until one is not done in full. */
  const forEachPiece = (pieces, count, work) => {
    let done = 0
    for (let index = 0; index < count; index += 1) {
      const [at, length] = [view().getUint32(pieces + index * 8, true), view().getUint32(pieces + index * 8 + 4, true)]
      const part = work(bytes(at, length))
      done += part
      if (part < length) break
    }
    return done
  }

  const writeStat = (at, kind, size) => {
    bytes(at, 64).fill(0)
    view().setUint8(at + 16, kind)
    view().setBigUint64(at + 24, 1n, true)
    view().setBigUint64(at + 32, BigInt(size), true)
    return ERRNO.success
  }

  /** What a path leads to, or `undefined`. */
  const found = (descriptor, at, length) => {
    const path = resolve(open.get(descriptor)?.path ?? '/', text(at, length))
    const status = statSync(path, { throwIfNoEntry: false })
    if (status === undefined) return undefined
    return status.isDirectory() ? { kind: KIND.directory, path, size: 0 } : { kind: KIND.file, path, size: status.size }
  }

  return {
    args_sizes_get: argumentList.sizes,
    args_get: argumentList.get,
    environ_sizes_get: variableList.sizes,
    environ_get: variableList.get,
    clock_time_get(clock, _precision, at) {
      const realtime = clock === 0 ? BigInt(Date.now()) * 1_000_000n : process.hrtime.bigint()
      view().setBigUint64(at, realtime, true)
      return ERRNO.success
    },
    random_get(at, length) {
      // More than this is refused at once.
      const most = 65_536
      for (let done = 0; done < length; done += most) crypto.getRandomValues(bytes(at + done, Math.min(most, length - done)))
      return ERRNO.success
    },
    sched_yield: () => ERRNO.success,
    proc_exit(code) {
      throw new Exit(code)
    },
    fd_prestat_get(descriptor, at) {
      if (descriptor !== ROOT) return ERRNO.badf
      view().setUint8(at, 0)
      view().setUint32(at + 4, 1, true)
      return ERRNO.success
    },
    fd_prestat_dir_name(descriptor, at) {
      if (descriptor !== ROOT) return ERRNO.badf
      bytes(at, 1).set([0x2f])
      return ERRNO.success
    },
    fd_fdstat_get(descriptor, at) {
      const file = open.get(descriptor)
      if (file === undefined) return ERRNO.badf
      bytes(at, 24).fill(0)
      view().setUint8(at, file.kind)
      // Every right; what is not there cannot be called.
      view().setBigUint64(at + 8, 2n ** 64n - 1n, true)
      view().setBigUint64(at + 16, 2n ** 64n - 1n, true)
      return ERRNO.success
    },
    fd_filestat_get(descriptor, at) {
      const file = open.get(descriptor)
      return file === undefined ? ERRNO.badf : writeStat(at, file.kind, file.content?.length ?? 0)
    },
    path_filestat_get(descriptor, _flags, path, length, at) {
      const file = found(descriptor, path, length)
      return file === undefined ? ERRNO.noent : writeStat(at, file.kind, file.size)
    },
    path_create_directory: () => ERRNO.rofs,
    path_open(descriptor, _flags, path, length, create, _rights, _inherited, _status, at) {
      if (create & 1) return ERRNO.rofs
      const file = found(descriptor, path, length)
      if (file === undefined) return ERRNO.noent
      if (file.kind === KIND.file) Object.assign(file, { content: readFileSync(file.path), position: 0 })
      open.set(next, file)
      view().setUint32(at, next, true)
      next += 1
      return ERRNO.success
    },
    fd_close: (descriptor) => (open.delete(descriptor) ? ERRNO.success : ERRNO.badf),
    fd_read(descriptor, pieces, count, at) {
      const file = open.get(descriptor)
      if (file?.content === undefined) return ERRNO.badf
      const done = forEachPiece(pieces, count, (piece) => {
        const part = file.content.subarray(file.position, file.position + piece.length)
        piece.set(part)
        file.position += part.length
        return part.length
      })
      view().setUint32(at, done, true)
      return ERRNO.success
    },
    fd_seek(descriptor, offset, whence, at) {
      const file = open.get(descriptor)
      if (file?.content === undefined) return ERRNO.badf
      const from = [0, file.position, file.content.length][whence]
      if (from === undefined || from + Number(offset) < 0) return ERRNO.inval
      file.position = from + Number(offset)
      view().setBigUint64(at, BigInt(file.position), true)
      return ERRNO.success
    },
    fd_write(descriptor, pieces, count, at) {
      if (descriptor !== 1 && descriptor !== 2) return ERRNO.badf
      view().setUint32(at, forEachPiece(pieces, count, (piece) => written(descriptor, piece)), true)
      return ERRNO.success
    },
    fd_readdir(descriptor, at, length, cookie, used) {
      const folder = open.get(descriptor)
      if (folder?.kind !== KIND.directory) return ERRNO.badf
      folder.entries ??= readdirSync(folder.path, { withFileTypes: true })
      let done = 0
      for (let index = Number(cookie); index < folder.entries.length && done < length; index += 1) {
        const entry = folder.entries[index]
        const name = new TextEncoder().encode(entry.name)
        const record = new Uint8Array(24 + name.length)
        const fields = new DataView(record.buffer)
        fields.setBigUint64(0, BigInt(index + 1), true)
        fields.setUint32(16, name.length, true)
        fields.setUint8(20, entry.isDirectory() ? KIND.directory : KIND.file)
        record.set(name, 24)
        // What does not fit is cut off, by which the program sees that there is more.
        const part = record.subarray(0, length - done)
        bytes(at + done, part.length).set(part)
        done += part.length
      }
      view().setUint32(used, done, true)
      return ERRNO.success
    },
  }
}

/** Writes all of it, also where a pipe is slow to take it. */
function written(descriptor, piece) {
  for (let done = 0; done < piece.length; ) {
    try {
      done += writeSync(descriptor, piece, done)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
  return piece.length
}

const [program, ...args] = process.argv.slice(2)
const variables = Object.entries(process.env).map(([name, value]) => `${name}=${value}`)
const module = await WebAssembly.compile(readFileSync(program))
let instance
const imports = functions([program, ...args], variables, () => instance.exports.memory)
instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: imports })
try {
  instance.exports._start()
} catch (thrown) {
  if (!(thrown instanceof Exit)) throw thrown
  process.exitCode = thrown.code
}
