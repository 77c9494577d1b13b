// workerd: a command is a request. Its clock stands still while it computes, so that the host measures.

import { data } from './data.mjs'
import { modules } from './edge.mjs'
import { runner } from './runner.mjs'

const run = runner(modules, data)

export default {
  async fetch(request) {
    try {
      return Response.json(await run(await request.json()))
    } catch (error) {
      return Response.json({ failure: String(error?.stack ?? error) })
    }
  },
}
