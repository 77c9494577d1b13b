import { runScript } from './script.mjs'

/** Node, the version that runs the tests. */
export const run = (project) => runScript(project, process.execPath, [])
