import { ansattporten, createAuth } from 'portvakt'

/** Signs in with some options more than must be said. */
export async function signIn(options) {
  const auth = await createAuth({
    issuer: ansattporten.local(bench.issuer),
    clientId: bench.clientId,
    redirectUri: '/callback',
    ...options,
  })
  if (location.pathname !== '/callback') return auth.login()
  const look = () => {
    if (auth.state.status === 'signedIn') bench.signedIn()
    else if (auth.state.error) bench.failed(auth.state.error)
  }
  auth.subscribe(look)
  look()
}
