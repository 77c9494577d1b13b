import { signIn } from './sign-in.mjs'

await signIn({})
