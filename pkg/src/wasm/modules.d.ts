// What workerd and Vercel's edge runtime make of an import of WebAssembly: the compiled module.
declare module '*.wasm' {
  const module: WebAssembly.Module
  export default module
}
declare module '*.wasm?module' {
  const module: WebAssembly.Module
  export default module
}
