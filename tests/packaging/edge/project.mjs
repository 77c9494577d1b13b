// What the suite of the logout endpoint needs beside the package.

import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { here } from '../project.mjs'
import { data } from './cases.mjs'

/** Puts the suite and its data into the folder of a part. */
export function addEdgeSuite(project) {
  cpSync(join(here, 'edge/suite.mjs'), join(project, 'edge-suite.mjs'))
  writeFileSync(join(project, 'edge-data.mjs'), `export const data = ${JSON.stringify(data)}\n`)
}

/** The program of the suite, with the stores and the server of a runtime, as expressions. */
export const edgeProgram = (stores = '[]', serve = 'undefined') => `import * as edge from 'portvakt/edge'
import { data } from './edge-data.mjs'
import { runEdgeSuite } from './edge-suite.mjs'
const results = () => runEdgeSuite(edge, data, ${stores}, ${serve})
`

/** Prints the results as the last line, and ends, whatever clients are still connected. */
export const printing = `const text = JSON.stringify(await results())
console.log(text)
`
