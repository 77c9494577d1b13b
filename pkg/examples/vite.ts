// A single-page application: sign in with Ansattporten, on behalf of an organisation.
// index.html: <!doctype html><meta charset="utf-8"><main></main><script type="module" src="vite.ts"></script>

import { ansattporten, createAuth } from 'portvakt'

const auth = await createAuth({
  issuer: ansattporten.test,
  clientId: 'my-client-id',
  redirectUri: '/callback',
  postLogoutRedirectUri: '/',
})

const main = document.querySelector('main')!
const button = document.createElement('button')

function draw() {
  const { state } = auth
  if (state.status === 'signedOut') {
    main.textContent = state.error ? `Could not sign in: ${state.error.code}` : 'Welcome'
    button.textContent = 'Sign in'
    button.onclick = () => auth.login({ onBehalfOf: { resource: 'urn:altinn:resource:demo-post' } })
  } else if (state.status === 'signedIn') {
    const { claims, representation } = state
    main.textContent = `Signed in at level ${claims.level}`
    if (representation?.kind === 'organisations') {
      main.append(` for ${representation.organisations.map(({ name, number }) => `${name} (${number})`).join(', ')}`)
    }
    button.textContent = 'Sign out'
    button.onclick = () => auth.logout()
  }
  main.append(button)
}

auth.subscribe(draw)
draw()
