import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { trapping } from '../wasm.mjs'
import { runScript } from './script.mjs'

/** `portvakt/slim` with the module that the package brings, and with one that stops half way. */
export async function run(project) {
  const module = readFileSync(join(project, 'node_modules/portvakt/dist/wasm/portvakt_verify_bg.wasm'))
  writeFileSync(join(project, 'trapping.wasm'), trapping(module, 'verify_id_token'))
  return runScript(project, process.execPath, [], script)
}

const script = `import { readFileSync } from 'node:fs'
import { ansattporten, createVerifier, dialogporten, idporten, PortvaktError, provideModules, verifyIdToken } from 'portvakt/slim'
import { data } from './data.mjs'

const instances = []
const { Instance } = WebAssembly
WebAssembly.Instance = class extends Instance {
  constructor(module, imports) {
    super(module, imports)
    instances.push(this)
  }
}
const code = (work) => {
  try {
    return (work(), 'accepted')
  } catch (error) {
    if (!(error instanceof PortvaktError)) throw error
    return error.code
  }
}
const results = []
const check = (name, actual, expected) =>
  results.push(actual === expected ? { name } : { name, failure: actual + ' is not ' + expected })
const options = { jwks: data.jwks, clock: () => data.now }
const make = () => createVerifier({ issuer: idporten.test, audience: null, requiredScope: ['example:api'], ...options })

check('without the module there is an error that says so', code(make), 'misuse_module_missing')
provideModules({ verify: new WebAssembly.Module(readFileSync(new URL('trapping.wasm', import.meta.url))) })
const trap = () =>
  verifyIdToken(data.idToken.token, { issuer: ansattporten.test, clientId: 'client-1', nonce: null, ...options })
check('a trap is an error', code(trap), 'environment_wasm_trapped')
check('one instance was made for it', instances.length, 1)
const [, , , token, , requirements] = data.accepted.at(-1)
const dialogs = createVerifier({ issuer: dialogporten.test, ...options })
check('the next call works', code(() => dialogs.verifySync(token, undefined, requirements)), 'accepted')
check('in an instance of its own', instances.length, 2)
check('and refuses as before', code(() => dialogs.verifySync('x', undefined, requirements)), 'token_malformed')
check('a refusal is no trap', instances.length, 2)
check('each trap fails', code(trap), 'environment_wasm_trapped')
check('and the verifier is prepared again', code(() => dialogs.verifySync(token, undefined, requirements)), 'accepted')
check('in an instance of its own again', instances.length, 3)
console.log(JSON.stringify(results))
`
