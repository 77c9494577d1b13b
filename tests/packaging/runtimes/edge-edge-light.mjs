import { addEdgeSuite, edgeProgram } from '../edge/project.mjs'
import { runInEdgeRuntime } from './edge-light.mjs'

/** The logout endpoint in Vercel's edge runtime. */
export function run(project) {
  addEdgeSuite(project)
  return runInEdgeRuntime(project, edgeProgram(), 'results()')
}
