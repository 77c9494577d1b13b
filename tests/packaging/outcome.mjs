// How something ended, in any runtime: it needs nothing but the language.

/** The code that something is refused with. What is no error of the package is thrown on. */
export async function codeOf(work) {
  try {
    await work()
    return 'accepted'
  } catch (error) {
    if (error?.name !== 'PortvaktError') throw error
    return error.code
  }
}

/** A result: whether two are the same, written as JSON. What is `undefined` is not left out. */
export function compared(name, actual, expected) {
  const written = (value) => JSON.stringify(value, (_, member) => (member === undefined ? 'undefined' : member))
  const [left, right] = [written(actual), written(expected)]
  return left === right ? { name } : { name, failure: `${left} is not ${right}` }
}
