import { driverError } from './errors.js'

/** Refuses options that do not exist: a misspelt one must not be taken for its default. */
export function refuseUnknown(rest: object): void {
  if (Object.keys(rest).length > 0) throw driverError('misuse_option_unknown')
}

/** The options without those that are undefined. */
export function defined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/**
 * Options as the module reads them, without those that are undefined.
 *
 * What JSON does not have becomes `null`, which the module refuses everywhere: left out, it would count as not said.
 * Throws `misuse_options`.
 */
export function written(options: object): string {
  try {
    return JSON.stringify(options, (_, value: unknown) =>
      typeof value === 'function' || typeof value === 'symbol' ? null : value,
    )
  } catch (error) {
    throw driverError('misuse_options', error)
  }
}
