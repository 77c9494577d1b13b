import { ansattporten, createAuth } from 'portvakt'

const auth = await createAuth({ issuer: ansattporten.local(bench.issuer), clientId: bench.clientId, redirectUri: '/callback' })
const look = () => {
  if (auth.state.status === 'signedIn') bench.signedIn()
  else if (auth.state.error) bench.failed(auth.state.error)
}
if (location.pathname === '/callback') {
  auth.subscribe(look)
  look()
} else await auth.login()
