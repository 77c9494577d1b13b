// Starts the application, or says in plain words that it cannot.
const starting = document.getElementById('starting')

try {
  // Imported here rather than at the top, so that a failure to load or to parse it is caught too.
  const { default: start } = await import('/portvakt-demo.js')
  await start({ module_or_path: '/portvakt-demo_bg.wasm' })
  starting.remove()
} catch (reason) {
  starting.remove()
  const problem = document.getElementById('cannot-start')
  document.getElementById('cannot-start-reason').textContent = reason instanceof Error ? reason.name : 'Error'
  problem.hidden = false
}
