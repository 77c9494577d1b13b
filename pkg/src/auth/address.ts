/** Replaces the entry in the history too: a code must not be there. */
export function showAddress(path: string): void {
  window.history.replaceState(window.history.state, '', path)
}

/** Where the person is: a path of this origin. */
export function here(): string {
  const { pathname, search, hash } = window.location
  return pathname + search + hash
}

/** The path alone. */
export function withoutQuery(url: string): string {
  return new URL(url).pathname
}

/** Whether two addresses differ in their parameters at most. */
export function isSamePage(one: string, other: string): boolean {
  return withoutParameters(one) === withoutParameters(other)
}

/** Written as it was registered, unless it is a path: another spelling is another redirect_uri. */
export function absolute(uri: string): string {
  return uri.startsWith('/') ? window.location.origin + uri : uri
}

function withoutParameters(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}
