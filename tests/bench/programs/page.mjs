// A browser: commands are calls from outside.

import { data } from './data.mjs'
import { modules } from './edge.mjs'
import { runner } from './runner.mjs'

globalThis.run = runner(modules, data)
document.title = 'ready'
