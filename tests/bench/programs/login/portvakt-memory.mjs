// Tokens that are bound to a key, and nothing in the browser's database.

import { signIn } from './sign-in.mjs'

await signIn({ storage: 'memory' })
