// The application that the browser tests sign in to: everything that the package offers, on one page without looks.

import { ansattporten, createAuth, PortvaktError } from 'portvakt'

const config = await (await fetch('/config.json')).json()
const dialogs = `${config.dialogporten}/api/v1/enduser/dialogs`
const resources = ['demo-post', 'demo-sykmelding'].map((name) => ({ resource: `urn:altinn:resource:${name}` }))
const onBehalfOf = { resources }

const auth = await createAuth({
  issuer: ansattporten.local(config.ansattporten.issuer),
  clientId: config.ansattporten.clientId,
  redirectUri: '/callback',
  postLogoutRedirectUri: '/',
  scopes: ['openid', 'profile', 'digdir:dialogporten'],
  apiOrigins: [config.dialogporten],
  logoutEvents: '/portvakt/logout',
})

const STATUS = { loading: 'loading', signedIn: 'signed-in', signedOut: 'signed-out' }

/** What came of the last thing that was asked for, where the state does not tell. */
let failure: string | undefined
let result: string | undefined

/** What the last search found, by title. */
let found = new Map<string, string>()

/** An answer that asks for a higher level. */
let refusal: Response | undefined

function draw(): void {
  const { state } = auth
  const shown = [text('session-status', STATUS[state.status])]
  if (state.status === 'signedIn') {
    const { claims, representation, endsAt, warning, persistence } = state
    const organisations = representation?.kind === 'organisations' ? representation.organisations : undefined
    const numbers = organisations?.map(({ number }) => number).join(' ')
    shown.push(
      text('session-organisation', numbers ?? 'self'),
      text('session-acr', claims.acr),
      text('session-ends-at', String(endsAt)),
      text('session-persistence', persistence),
      button('switch-organisation', () => auth.switchOrganisation()),
      button('step-up', () => auth.login({ acrValues: ['high'] })),
      button('renew', renew),
      button('call-api', () => call(numbers)),
      button('sign-out', () => auth.logout()),
    )
    for (const [id, title] of found) shown.push(link(id, title))
    if (refusal !== undefined) shown.push(button('sign-in-again', stepUp))
    if (warning) shown.push(text('session-warning', 'The session ends soon.'))
  } else if (state.status === 'signedOut') {
    shown.push(
      button('sign-in-on-behalf', () => auth.login({ onBehalfOf, acrValues: ['substantial'], returnTo: here() })),
      button('sign-in', () => auth.login({ acrValues: ['substantial'], returnTo: here() })),
    )
  }
  const error = failure ?? (state.status === 'loading' ? undefined : state.error?.code)
  if (error !== undefined) shown.push(text('session-error', error))
  if (result !== undefined) shown.push(text('api-result', result))
  show(shown)
}

/** Renews without the person where the service gave something to renew with. */
async function renew(): Promise<void> {
  try {
    await auth.renew()
  } catch (error) {
    if (codeOf(error) !== 'session_not_renewable') throw error
    await auth.login()
  }
}

async function call(numbers: string | undefined): Promise<void> {
  const query = new URLSearchParams({ party: `urn:altinn:organization:identifier-no:${numbers}` })
  result = undefined
  draw()
  try {
    const response = await auth.fetch(`${dialogs}?${query}`, { headers: { 'accept-language': 'nb' } })
    result = String(response.status)
    const { items = [] } = response.ok ? await response.json() : {}
    found = new Map(items.map((one: Found) => [one.id, one.content.title.value[0]?.value ?? '']))
  } catch (error) {
    result = codeOf(error)
  }
}

/** What is read of a dialog in the answer to a search. */
interface Found {
  id: string
  content: { title: { value: { value: string }[] } }
}

async function openDialog(id: string): Promise<void> {
  const response = await auth.fetch(`${dialogs}/${id}`)
  result = String(response.status)
  refusal = response.ok ? undefined : response
}

/** Signs in at the level that was asked for; a refusal for another reason is shown by its status alone. */
async function stepUp(): Promise<void> {
  if (refusal !== undefined && !(await auth.stepUp(refusal))) refusal = undefined
}

/** Leaves what stays in its place: a button that is replaced while it is pressed is not clicked on. */
function show(elements: readonly HTMLElement[]): void {
  for (const child of [...document.body.children]) if (!elements.some((element) => element === child)) child.remove()
  for (const element of elements) if (!element.isConnected) document.body.append(element)
}

function button(mark: string, press: () => Promise<unknown>): HTMLElement {
  return pressed(marked(mark, 'button', mark), press)
}

function link(id: string, title: string): HTMLElement {
  const element = pressed(marked(`dialog-${id}`, 'a', title), () => openDialog(id))
  element.setAttribute('href', '#')
  return element
}

function pressed(element: HTMLElement, press: () => Promise<unknown>): HTMLElement {
  element.onclick = async (event) => {
    event.preventDefault()
    failure = undefined
    await press().catch((error: unknown) => (failure = codeOf(error)))
    draw()
  }
  return element
}

function text(mark: string, content: string): HTMLElement {
  return marked(mark, 'p', content)
}

function marked(mark: string, tag: string, content: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(`[data-testid="${mark}"]`) ?? document.createElement(tag)
  element.dataset.testid = mark
  if (element.textContent !== content) element.textContent = content
  return element
}

function codeOf(error: unknown): string {
  return error instanceof PortvaktError ? error.code : String(error)
}

/** Where the person is in the application. */
function here(): string {
  return location.pathname === '/callback' ? '/' : location.pathname
}

auth.subscribe(draw)
draw()
