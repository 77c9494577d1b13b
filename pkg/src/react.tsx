import { type ReactNode, createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { Auth, AuthState, LoginService } from './auth/types.js'

const AuthContext = /* @__PURE__ */ createContext<AnyAuth | undefined>(undefined)

/** A sign-in with either service. */
export type AnyAuth = Auth<'idporten'> | Auth<'ansattporten'>

/** What `AuthProvider` takes. */
export interface AuthProviderProps {
  /** What `createAuth` returned, made outside of the component. */
  auth: Promise<AnyAuth> | AnyAuth
  /** What is shown while a login is being completed. Default: nothing. */
  fallback?: ReactNode
  children?: ReactNode
}

/** Gives the sign-in to the components in it. An error of `createAuth` is thrown to the nearest error boundary. */
export function AuthProvider({ auth, fallback, children }: AuthProviderProps): ReactNode {
  const [opened, setOpened] = useState<{ auth?: AnyAuth; error?: unknown }>({})
  useEffect(() => {
    let isCurrent = true
    Promise.resolve(auth).then(
      (auth) => isCurrent && setOpened({ auth }),
      (error: unknown) => isCurrent && setOpened({ error }),
    )
    return () => {
      isCurrent = false
    }
  }, [auth])
  if (opened.error !== undefined) throw opened.error
  if (opened.auth === undefined) return fallback
  return <AuthContext.Provider value={opened.auth}>{children}</AuthContext.Provider>
}

/** The sign-in, with its state. The component is drawn anew when the state changes. */
export interface UseAuth<S extends LoginService> {
  readonly auth: Auth<S>
  readonly state: AuthState<S>
}

/** Reads the sign-in of the nearest `AuthProvider`. */
export function useAuth<S extends LoginService>(): UseAuth<S> {
  const auth = useContext(AuthContext) as unknown as Auth<S> | undefined
  if (auth === undefined) throw new Error('useAuth needs an AuthProvider around it')
  const read = () => auth.state
  const state = useSyncExternalStore((listener) => auth.subscribe(listener), read, read)
  return { auth, state }
}
