// As vite.ts, but with React: the provider waits for the sign-in, and components read it with a hook.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ansattporten, createAuth } from 'portvakt'
import { AuthProvider, useAuth } from 'portvakt/react'

const auth = createAuth({
  issuer: ansattporten.test,
  clientId: 'my-client-id',
  redirectUri: '/callback',
  postLogoutRedirectUri: '/',
})

function Page() {
  const { auth, state } = useAuth<'ansattporten'>()
  if (state.status === 'loading') return null
  if (state.status === 'signedOut') {
    const login = () => auth.login({ onBehalfOf: { resource: 'urn:altinn:resource:demo-post' } })
    return (
      <main>
        {state.error ? `Could not sign in: ${state.error.code}` : 'Welcome'} <button onClick={login}>Sign in</button>
      </main>
    )
  }
  const { claims, representation } = state
  const organisations = representation?.kind === 'organisations' ? representation.organisations : []
  return (
    <main>
      Signed in at level {claims.level} for {organisations.map(({ name, number }) => `${name} (${number})`).join(', ')}{' '}
      <button onClick={() => auth.logout()}>Sign out</button>
    </main>
  )
}

createRoot(document.body).render(
  <StrictMode><AuthProvider auth={auth} fallback="One moment"><Page /></AuthProvider></StrictMode>,
)
