import { driverError } from './errors.js'

/** Refuses options that do not exist: a misspelt one must not be taken for its default. */
export function refuseUnknown(rest: object): void {
  if (Object.keys(rest).length > 0) throw driverError('misuse_option_unknown')
}

/** The options without those that are undefined, which the module would take for values of the wrong type. */
export function defined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
