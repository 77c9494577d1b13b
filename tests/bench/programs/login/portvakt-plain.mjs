// As the peer does it: tokens that are bound to no key, and nothing in the browser's database.

import { signIn } from './sign-in.mjs'

await signIn({ dpop: false, storage: 'memory' })
